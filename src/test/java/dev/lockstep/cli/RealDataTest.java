package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.RealData;
import dev.lockstep.Settings;
import dev.lockstep.SharedSpark;
import dev.lockstep.data.Dataset;
import dev.lockstep.data.Packing;
import dev.lockstep.data.Preparation;
import dev.lockstep.data.Scan;
import dev.lockstep.data.ShardPlan;
import dev.lockstep.data.Sources;
import dev.lockstep.linalg.Precision;
import dev.lockstep.observe.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.storage.RDDInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The runs in conf/ on the real data sets that they are for, with the figures that their first comments promise. */
class RealDataTest {
    @TempDir
    Path folder;

    private JsonNode train(String conf, String... sets) {
        SharedSpark.context();
        List<String> arguments = new ArrayList<>(
                List.of("train", "conf/" + conf, "--quiet", "--set", "output=" + folder.resolve("run")));
        for (String set : sets) {
            arguments.addAll(List.of("--set", set));
        }
        CommandLineRun run = CommandLineRun.of(arguments.toArray(new String[0]));
        assertThat(run.exitCode()).as(run.complaints().toString()).isZero();
        return CommandLineRun.json(folder.resolve("run/run.json"));
    }

    private static String idx(Path mnist, String part) {
        return "images=" + mnist + "/" + part + "-images-idx3-ubyte.gz,labels=" + mnist + "/" + part
                + "-labels-idx1-ubyte.gz";
    }

    @Test
    void optical_digits_reach_95_percent() throws IOException {
        Path data = RealData.folder("optdigits");
        JsonNode run = train(
                "optdigits.conf",
                "data.train.path=" + data.resolve("optdigits.tra"),
                "data.test.path=" + data.resolve("optdigits.tes"));
        assertThat(run.at("/metrics/test/rows").asInt()).isEqualTo(1797);
        assertThat(run.at("/metrics/test/accuracy").asDouble()).isGreaterThanOrEqualTo(0.95);

        CommandLineRun evaluated = CommandLineRun.of(
                "evaluate",
                "--model",
                folder.resolve("run").toString(),
                "--data",
                "format=csv,path=" + data.resolve("optdigits.tes"),
                "--json",
                "--quiet");
        JsonNode metrics = Json.MAPPER.readTree(evaluated.out());
        assertThat(metrics.get("errors")).isEqualTo(run.at("/metrics/test/errors"));
        assertThat(metrics.get("perClass").size()).isEqualTo(10);
    }

    @Test
    void the_power_plant_is_predicted_with_an_rmse_under_4_4() throws IOException {
        Path data = RealData.folder("uci-regression/power-plant");
        List<String> rows = Files.readAllLines(data.resolve("data.txt"));
        for (String part : List.of("train", "test")) {
            Set<Integer> keep = new TreeSet<>();
            Files.readAllLines(data.resolve("index_" + part + "_0.txt"))
                    .forEach(line -> keep.add((int) Double.parseDouble(line)));
            Files.write(
                    folder.resolve(part + ".tsv"), keep.stream().map(rows::get).toList());
        }
        JsonNode run = train(
                "power-plant.conf",
                "data.train.path=" + folder.resolve("train.tsv"),
                "data.test.path=" + folder.resolve("test.tsv"));
        assertThat(run.at("/metrics/test/rows").asInt()).isEqualTo(957);
        assertThat(run.at("/metrics/test/rmse").asDouble()).isLessThan(4.4);
    }

    @Test
    void mnist_reaches_97_8_percent() {
        Path data = RealData.folder("mnist");
        JsonNode run = train(
                "mnist.conf",
                "data.train={format = idx, images = \"" + data + "/train-images-idx3-ubyte.gz\", labels = \"" + data
                        + "/train-labels-idx1-ubyte.gz\"}",
                "data.test={format = idx, images = \"" + data + "/t10k-images-idx3-ubyte.gz\", labels = \"" + data
                        + "/t10k-labels-idx1-ubyte.gz\"}");
        assertThat(run.at("/epochs").asInt()).isEqualTo(10);
        assertThat(run.at("/metrics/test/rows").asInt()).isEqualTo(10_000);
        assertThat(run.at("/metrics/test/accuracy").asDouble()).isGreaterThanOrEqualTo(0.978);
    }

    @Test
    void mnist_takes_less_than_200_megabytes_by_spark_s_own_figure() {
        Path data = RealData.folder("mnist");
        Scan scan = Scan.of(
                SharedSpark.context(),
                Sources.read(Settings.of(Settings.inline("format=idx," + idx(data, "train"), "--data"))),
                Scan.Rules.strict(true),
                null);
        assertThat(scan.rows()).isEqualTo(60_000);
        Dataset set = Packing.whole(
                SharedSpark.context(),
                scan,
                new Packing.Format(new ShardPlan(8, 4), RunConfiguration.DEFAULT_BLOCK_ROWS, Precision.FLOAT32, 1.0),
                Preparation.NONE);
        RDDInfo stored = Arrays.stream(SharedSpark.context().sc().getRDDStorageInfo())
                .filter(info -> info.id() == set.ranges().id())
                .findFirst()
                .orElseThrow();
        assertThat(stored.numCachedPartitions()).isEqualTo(2);
        assertThat(stored.diskSize()).isZero();
        assertThat(stored.memSize()).isBetween(60_000L * 784 * 4, 200_000_000L);
        set.release();
    }
}
