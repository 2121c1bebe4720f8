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
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.storage.RDDInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The runs in conf/ on the real data sets that they are for, with the figures that their first comments promise. */
class RealDataTest {
    @TempDir
    Path folder;

    private JsonNode train(String conf, String... sets) {
        SharedSpark.context();
        List<String> arguments = new ArrayList<>(
                List.of("train", "conf/" + conf, "--quiet", "--set", "output=" + folder.resolve("run")));
        for (String set : sets) {
            arguments.addAll(set.startsWith("--") ? List.of(set) : List.of("--set", set));
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
    void second_order_needs_a_fraction_of_the_passes_of_gradient_descent() {
        Path data = RealData.folder("optdigits");
        // Gradient descent took 1,664 with a rate of 0.3.
        Map<String, Integer> passes =
                Map.of("lbfgs", 40, "conjugate-gradient", 60, "newton-cg", 400, "saddle-free-newton", 300);
        passes.forEach((name, most) -> {
            JsonNode run = train(
                    "optdigits.conf",
                    "data.train.path=" + data.resolve("optdigits.tra"),
                    "data.test.path=" + data.resolve("optdigits.tes"),
                    "optimizer.name=" + name,
                    "stop={steps=100,target-loss=0.01}",
                    "--overwrite");
            assertThat(run.get("stopReason").asText()).as(name).isEqualTo("target-loss");
            assertThat(run.get("evaluations").asInt()).as(name).isLessThan(most);
        });
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

    @Test
    void taxi_fares_are_learnt_from_parquet_with_nulls_and_impossible_trips() {
        Path data = RealData.folder("nyc-green-taxi");
        JsonNode run = train(
                "nyc-green-taxi.conf",
                "data.train.path=" + data + "/green_tripdata_202[23]-*.parquet",
                "data.test.path=" + data + "/green_tripdata_2024-03.parquet",
                "stop.epochs=2");
        assertThat(run.at("/data/training/sourceRows").asLong()
                        + run.at("/data/training/skippedRows").asLong()
                        + run.at("/data/test/sourceRows").asLong()
                        + run.at("/data/test/skippedRows").asLong())
                .isEqualTo(538_344);
        assertThat(run.at("/metrics/test/mae").asDouble()).isLessThan(3.2);
    }

    @Test
    void beijing_s_air_is_predicted_at_a_station_that_was_held_out() throws IOException, InterruptedException {
        Path data = unpacked("beijing-prsa", "beijing-prsa.tar.gz").resolve("beijing-prsa");
        JsonNode run = train(
                "beijing-prsa.conf",
                "data.train.path=[\"" + data + "/PRSA_Data_[!W]*.csv\",\"" + data + "/PRSA_Data_Wanliu*.csv\"]",
                "data.test.path=" + data + "/PRSA_Data_Wanshouxigong*.csv",
                "stop.epochs=1");
        assertThat(run.at("/data/training/skippedRows").asLong()
                        + run.at("/data/test/skippedRows").asLong())
                .as("rows without PM2.5")
                .isEqualTo(8739);
        assertThat(run.at("/metrics/test/r2").asDouble()).isGreaterThan(0.85);
    }

    @Test
    void intrusions_have_23_labels_three_symbols_and_kinds_that_training_lacks() {
        Path data = RealData.folder("kddcup99");
        JsonNode run = train(
                "kddcup99.conf",
                "data.train.path=" + data.resolve("kddcup.data_10_percent.gz"),
                "data.test.path=" + data.resolve("corrected.gz"),
                "stop.epochs=1");
        assertThat(run.at("/data/classes").size()).isEqualTo(23);
        assertThat(run.at("/data/training/sourceRows").asLong()).isEqualTo(494_021);
        assertThat(run.at("/data/test/sourceRows").asLong()
                        + run.at("/data/test/skippedRows").asLong())
                .isEqualTo(311_029);
        assertThat(run.at("/data/test/skippedSamples/0").asText()).contains("line 4, the label \"snmpgetattack.\"");
        assertThat(run.at("/metrics/test/accuracy").asDouble()).isGreaterThan(0.95);
    }

    @Test
    void muscle_readings_train_and_a_malformed_line_is_named_or_skipped() throws IOException, InterruptedException {
        Path data = unpacked("myo-emg", "myo-emg-curated.tar.gz");
        JsonNode run = train("myo-emg.conf", "data.train.path=" + data + "/*/*/*.txt");
        assertThat(run.at("/data/training/sourceRows").asLong()).isEqualTo(1_440_918);
        assertThat(run.at("/metrics/validation/accuracy").asDouble()).isGreaterThan(0.5);

        Path file = data.resolve("myo-emg/21547-2/3.txt");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.set(99, "1,2,3,4,5,6,7,8");
        lines.set(104, "1,2,3,4,5,6,7,eight,3");
        Files.write(file, lines);
        CommandLineRun failed = CommandLineRun.of(
                "train",
                "conf/myo-emg.conf",
                "--quiet",
                "--set",
                "data.train.path=" + data + "/*/*/*.txt",
                "--set",
                "data.on-bad-row=fail",
                "--set",
                "output=" + folder.resolve("failed"));
        assertThat(failed.exitCode()).isEqualTo(2);
        assertThat(failed.complaints())
                .singleElement()
                .asString()
                .contains("21547-2/3.txt, line 100, expected 9 columns, got 8");
        JsonNode skipped = train("myo-emg.conf", "data.train.path=" + data + "/*/2*/*.txt", "--overwrite");
        assertThat(skipped.at("/data/training/skippedRows").asLong()).isEqualTo(2);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "iris.conf, iris.data, 150, 0.9",
        "wine.conf, wine.data, 178, 0.9",
        "libsvm-binary.conf, sample_libsvm_data.txt, 100, 0.9",
        "libsvm-multiclass.conf, sample_multiclass_classification_data.stripped.txt, 150, 0.9"
    })
    void small_tables_are_learnt(String conf, String file, long rows, double accuracy) {
        JsonNode run = train(conf, "data.train.path=" + RealData.folder("small").resolve(file));
        assertThat(run.at("/data/training/sourceRows").asLong()).isEqualTo(rows);
        assertThat(run.at("/metrics/validation/accuracy").asDouble()).isGreaterThan(accuracy);
    }

    /** A packed data set, in a folder of the test's own. */
    private Path unpacked(String name, String archive) throws IOException, InterruptedException {
        Path packed = RealData.folder(name).resolve(archive);
        Path target = Files.createDirectory(folder.resolve(name));
        Process tar = new ProcessBuilder("tar", "xzf", packed.toString(), "-C", target.toString())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        return target;
    }
}
