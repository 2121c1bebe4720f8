package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.observe.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The run folder holds what the contract says, and a saved model gives on other rows what it gave in training. */
class TrainAndEvaluateTest {
    @TempDir
    Path folder;

    private String configuration;

    @BeforeEach
    void write() throws IOException {
        StringBuilder csv = new StringBuilder("a,b,weight,sum,product\n");
        StringBuilder other = new StringBuilder("product,note,b,sum,a\n");
        for (int i = 0; i < 30; i++) {
            double a = i % 5;
            double b = i % 3 - 1;
            csv.append(a + "," + b + "," + (1 + i % 2) + "," + (a + b) + "," + (a * b) + "\n");
            other.append((a * b) + ",row " + i + "," + b + "," + (a + b) + "," + a + "\n");
        }
        Files.writeString(folder.resolve("rows.csv"), csv);
        Files.writeString(folder.resolve("other.csv"), other);
        configuration = """
                name = sums
                data {
                  train { format = csv, path = "%s/rows.csv", label = [sum, product], weight = weight }
                  validation { fraction = 0.2 }
                  standardize = true
                }
                network { hidden = [8], activation = tanh, loss = squared-error, precision = float64 }
                batch = 10
                optimizer { name = nesterov }
                learning-rate = 0.05
                penalty { l2 = 0.001 }
                stop { epochs = 30, patience = 30 }
                """.formatted(folder);
    }

    private JsonNode evaluate(String... keys) throws IOException {
        CommandLineRun run = CommandLineRun.of(
                "evaluate",
                "--model",
                folder.resolve("run").toString(),
                "--data",
                String.join(",", keys),
                "--json",
                "--quiet");
        assertThat(run.exitCode()).as(run.complaints().toString()).isZero();
        return Json.MAPPER.readTree(run.out());
    }

    @Test
    void the_run_folder_holds_what_the_contract_says() throws IOException {
        assertThat(CommandLineRun.train(folder, configuration).exitCode()).isZero();
        Path run = folder.resolve("run");
        List<JsonNode> steps = CommandLineRun.jsonLines(run.resolve("steps.jsonl"));
        // 24 training rows in batches of 10, 10 and 4.
        assertThat(steps).hasSize(90);
        for (int i = 0; i < steps.size(); i++) {
            JsonNode step = steps.get(i);
            assertThat(step.get("step").asInt()).isEqualTo(i);
            assertThat(step.get("epoch").asInt()).isEqualTo(i / 3);
            assertThat(step.get("rows").asInt()).isEqualTo(i % 3 == 2 ? 4 : 10);
            assertThat(step.get("evaluations").asInt()).isEqualTo(i + 1);
            assertThat(step.get("learningRate").asDouble()).isEqualTo(0.05);
            for (String key : List.of("loss", "gradientNorm", "stepNorm", "seconds")) {
                assertThat(step.get(key).isNumber()).as(key).isTrue();
            }
        }
        List<JsonNode> epochs = CommandLineRun.jsonLines(run.resolve("epochs.jsonl"));
        assertThat(epochs).hasSize(30);
        assertThat(epochs.get(29).at("/validation/rows").asInt()).isEqualTo(6);
        assertThat(epochs.get(29).at("/validation/rmse").isNumber()).isTrue();

        JsonNode summary = CommandLineRun.json(run.resolve("run.json"));
        assertThat(summary.get("stopReason").asText()).isEqualTo("epochs");
        assertThat(summary.get("weights").asText()).isEqualTo("best");
        assertThat(summary.get("passes").asDouble()).isEqualTo(30);
        assertThat(summary.get("parameters").asInt()).isEqualTo(8 * 2 + 8 + 2 * 8 + 2);
        assertThat(summary.get("blockRows").asInt()).isEqualTo(256);
        assertThat(summary.at("/data/training/rows").asInt()).isEqualTo(24);
        assertThat(summary.at("/data/training/fingerprint").asText()).hasSize(16);
        assertThat(summary.at("/configuration/optimizer/name").asText()).isEqualTo("nesterov");
        for (String version : List.of("lockstep", "java", "spark", "blas", "cpu")) {
            assertThat(summary.at("/versions/" + version).asText()).as(version).isNotBlank();
        }
        assertThat(summary.get("finalLoss").asDouble())
                .isCloseTo(epochs.get(29).get("loss").asDouble(), within(0.05));
        assertThat(run.resolve("model/weights.safetensors")).exists();
    }

    @Test
    void evaluation_gives_what_training_gave_on_the_same_rows() throws IOException {
        String test = "data.test={format = csv, path = \"" + folder + "/rows.csv\", label = [sum, product], "
                + "features = [a, b]}";
        CommandLineRun train =
                CommandLineRun.train(folder, configuration, "--set", "data.train.features=[a, b]", "--set", test);
        assertThat(train.exitCode()).as(train.complaints().toString()).isZero();
        JsonNode expected = CommandLineRun.json(folder.resolve("run/run.json")).at("/metrics/test");
        assertThat(expected.get("rows").asInt()).isEqualTo(30);
        // Other columns, in another order, and none of weights: the model knows which it wants.
        JsonNode other = evaluate("path=" + folder.resolve("other.csv"));
        for (String metric : List.of("loss", "rmse", "mae", "r2")) {
            assertThat(other.get(metric).asDouble())
                    .isCloseTo(expected.get(metric).asDouble(), within(1e-12));
        }
        assertThat(expected.get("r2").asDouble()).isGreaterThan(0.9);
        CommandLineRun fewer = CommandLineRun.of(
                "evaluate",
                "--model",
                folder.resolve("run").toString(),
                "--data",
                "label=sum,path=" + folder.resolve("other.csv"));
        assertThat(fewer.exitCode()).isEqualTo(2);
        assertThat(fewer.complaints()).singleElement().asString().contains("targets sum, product");
    }

    @Test
    void a_label_that_was_named_by_its_number_is_the_same_column_in_a_table_with_more_columns() throws IOException {
        CommandLineRun train = CommandLineRun.train(
                folder,
                configuration,
                "--set",
                "data.train.label=-1",
                "--set",
                "data.train.features=[0, 1]",
                "--set",
                "data.train.weight=null");
        assertThat(train.exitCode()).as(train.complaints().toString()).isZero();
        // The last column is no longer the product.
        List<String> wider = Files.readAllLines(folder.resolve("rows.csv")).stream()
                .map(line -> line + "," + (line.startsWith("a") ? "prediction" : "0.5"))
                .toList();
        Files.write(folder.resolve("wider.csv"), wider);
        assertThat(evaluate("path=" + folder.resolve("wider.csv")))
                .isEqualTo(evaluate("path=" + folder.resolve("rows.csv")));
    }

    @Test
    void divergence_ends_with_exit_code_three_and_finite_weights() throws IOException {
        CommandLineRun run = CommandLineRun.train(folder, configuration, "--set", "learning-rate=1e10");
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).contains("DIVERGED").contains("lower the learning rate");
        JsonNode summary = CommandLineRun.json(folder.resolve("run/run.json"));
        assertThat(summary.get("stopReason").asText()).isEqualTo("diverged");
        assertThat(summary.get("steps").asInt())
                .isEqualTo(CommandLineRun.jsonLines(folder.resolve("run/steps.jsonl"))
                        .size());
        assertThat(evaluate("path=" + folder.resolve("rows.csv")).get("rows").asInt())
                .isEqualTo(30);
    }
}
