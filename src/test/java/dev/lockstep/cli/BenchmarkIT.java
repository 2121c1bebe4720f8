package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A quick benchmark of one item, as a user would start it. What it measures means nothing; that it measures is tested. */
class BenchmarkIT {
    @TempDir
    static Path folder;

    @Test
    void a_quick_run_writes_its_figures() throws IOException {
        Path file = folder.resolve("figures.json");
        Launched launched = Launched.job(
                folder,
                "benchmark",
                List.of("--quick", "--rows", "1024", "--only", "full-relu", "--output", file.toString()),
                List.of("--master", "local[2]"),
                List.of("--driver-memory", "1g"));
        assertThat(launched.exitCode()).as(launched.err()).isZero();
        assertThat(launched.out()).contains("full-batch step, 784-256-10 relu", "at least 1", "figures: " + file);

        JsonNode json = CommandLineRun.json(file);
        assertThat(json.get("quick").asBoolean()).isTrue();
        assertThat(json.at("/machine/cores").asInt()).isPositive();
        assertThat(json.at("/machine/memoryBytes").asLong()).isPositive();
        assertThat(json.at("/versions/spark").asText()).startsWith("4.");
        assertThat(json.at("/settings/shards").asInt()).isGreaterThanOrEqualTo(8);
        assertThat(json.get("comparisons").size()).isEqualTo(1);
        JsonNode comparison = json.at("/comparisons/0");
        assertThat(comparison.get("item").asText()).isEqualTo("full-relu");
        assertThat(comparison.get("ratio").asDouble())
                .isEqualTo(comparison.get("seconds").asDouble()
                        / comparison.get("againstSeconds").asDouble());
        assertThat(comparison.at("/bound/atLeast").asDouble()).isEqualTo(1);

        assertThat(json.get("runs").size()).isEqualTo(1);
        JsonNode run = json.at("/runs/0");
        assertThat(run.at("/facts/master").asText()).isEqualTo("local[2]");
        assertThat(run.at("/facts/slots").asInt()).isEqualTo(2);
        assertThat(run.at("/facts/rows").asInt()).isEqualTo(1024);
        assertThat(run.at("/facts/engine").asText()).isEqualTo("resident");
        for (String name : List.of("step", "products", "products in large blocks")) {
            JsonNode times = run.at("/seconds").get(name);
            assertThat(times.get("repetitions").asInt()).as(name).isEqualTo(3);
            assertThat(times.get("minimum").asDouble())
                    .as(name)
                    .isPositive()
                    .isLessThanOrEqualTo(times.get("median").asDouble());
        }
    }
}
