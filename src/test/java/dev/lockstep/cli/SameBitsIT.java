package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.linalg.Mixing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The promise of the project, as a user would check it: one core, many slots, files cut into few and many pieces, a cluster
 * of processes; byte-identical weights, with dropout, a validation fraction and standardization on. The reference is
 * computed by a process of its own; so are those on clusters, by such that compile little. Other runs in local mode share
 * this JVM, each with a Spark of its own: what they find compiled differs.
 */
class SameBitsIT {
    @TempDir
    static Path folder;

    private static LocalCluster cluster;
    private static byte[] expectedWeights;
    private static List<JsonNode> expectedSteps;

    @BeforeAll
    static void write() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        int row = 0;
        for (String name : List.of("b.csv", "a.csv", "c.csv")) {
            StringBuilder csv = new StringBuilder("x0,x1,x2,x3,x4,constant,weight,label\n");
            for (int i = 0; i < 500; i++, row++) {
                double sum = 0;
                for (int j = 0; j < 5; j++) {
                    double x = Mixing.normal(Mixing.mix(1, row, j));
                    sum += j * x * x;
                    csv.append(x).append(',');
                }
                String label = sum < 6 ? "inside" : sum < 12 ? "between" : "outside";
                csv.append(String.format(Locale.ROOT, "0.1,%s,%s%n", 1 + row % 3, label));
            }
            Files.writeString(data.resolve(name), csv);
        }
        Files.writeString(folder.resolve("run.conf"), """
                data {
                  train { format = csv, path = "%s", label = label, weight = weight }
                  validation { fraction = 0.15 }
                  standardize = true
                }
                network { hidden = [130, 128], activation = [relu, tanh], loss = cross-entropy, dropout = 0.2 }
                batch = 100
                optimizer { name = nesterov }
                learning-rate { schedule = exponential, initial = 0.1, decay = 0.01 }
                penalty { l2 = 1e-4 }
                stop { epochs = 3 }
                """.formatted(data));
        writeOtherFormats(data);
        Path run = train("reference", List.of("--master", "local[1]", "--set", "engine=jobs"), List.of(), Map.of());
        expectedWeights = Files.readAllBytes(run.resolve("model/weights.safetensors"));
        expectedSteps = steps(run);
    }

    /** The same rows as Spark writes them in other formats: a folder for each file, so that they keep their order. */
    private static void writeOtherFormats(Path data) {
        SparkSession session = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", false)
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
        for (String name : List.of("a", "b", "c")) {
            org.apache.spark.sql.Dataset<Row> rows = session.read()
                    .option("header", true)
                    .option("inferSchema", true)
                    .csv(data.resolve(name + ".csv").toString())
                    .coalesce(1);
            for (String format : List.of("parquet", "orc", "json")) {
                rows.write()
                        .option("parquet.block.size", 20_000)
                        .format(format)
                        .save(folder.resolve(format).resolve(name).toString());
            }
            rows.write()
                    .option("header", true)
                    .option("compression", "gzip")
                    .csv(folder.resolve("gzip").resolve(name).toString());
        }
        session.stop();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    private static Path train(String name, List<String> arguments, List<String> submit) throws IOException {
        return train(name, arguments, submit, Launched.QUICK);
    }

    private static Path train(String name, List<String> arguments, List<String> submit, Map<String, String> environment)
            throws IOException {
        Path run = folder.resolve("runs").resolve(name);
        Launched launched = Launched.job(
                folder,
                "train",
                List.of(folder.resolve("run.conf").toString(), "--quiet", "--set", "output=" + run),
                arguments,
                submit,
                environment);
        assertThat(launched.exitCode()).as(launched.err()).isZero();
        return run;
    }

    private static Path trainHere(String name, String master, Map<String, String> properties, List<String> arguments) {
        Path run = folder.resolve("runs").resolve(name);
        List<String> all = new ArrayList<>(List.of(
                "train",
                folder.resolve("run.conf").toString(),
                "--quiet",
                "--set",
                "output=" + run,
                "--master",
                master));
        all.addAll(arguments);
        CommandLineRun ended = CommandLineRun.alone(properties, all.toArray(new String[0]));
        assertThat(ended.exitCode()).as(String.join("\n", ended.complaints())).isZero();
        return run;
    }

    /** All that a step says but the time that it took. */
    private static List<JsonNode> steps(Path run) {
        List<JsonNode> steps = CommandLineRun.jsonLines(run.resolve("steps.jsonl"));
        steps.forEach(step -> ((ObjectNode) step).remove("seconds"));
        return steps;
    }

    private static void assertSameBits(Path run) throws IOException {
        assertThat(steps(run)).isEqualTo(expectedSteps);
        assertThat(Files.readAllBytes(run.resolve("model/weights.safetensors"))).isEqualTo(expectedWeights);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0}, engine {1}, pieces of {2} bytes")
    @CsvSource({
        "local[2], resident, 134217728",
        "local[8], auto, 5000",
        "local[3], resident, 700",
        "local[4], jobs, 9000"
    })
    void local_mode_gives_the_same_bits(String master, String engine, String bytes) throws IOException {
        Path run = trainHere(
                "local" + bytes,
                master,
                Map.of("spark.sql.files.maxPartitionBytes", bytes),
                List.of("--set", "engine=" + engine));
        assertSameBits(run);
        JsonNode summary = CommandLineRun.json(run.resolve("run.json"));
        assertThat(summary.get("engine").asText()).isEqualTo(engine.equals("auto") ? "resident" : engine);
        assertThat(summary.at("/cost/answers").asInt()).isPositive();
    }

    /** Other formats hold the same rows, so they give the same weights as the CSV files, wherever they lie and are read. */
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest(name = "{0} on {1}, pieces of {2} bytes")
    @CsvSource({"orc, local[8], 134217728", "json, local[3], 900", "gzip, local[2], 4096"})
    void every_format_gives_the_same_bits(String format, String master, String bytes) throws IOException {
        Path run = trainHere(format, master, Map.of("spark.sql.files.maxPartitionBytes", bytes), moved(format));
        assertSameBits(run);
    }

    /** The rows of a format, moved to another folder. */
    private static List<String> moved(String format) throws IOException {
        Path moved = Files.createDirectories(folder.resolve("moved-" + format)).resolve("rows");
        Files.move(folder.resolve(format), moved);
        return List.of(
                "--set",
                "data.train.format=" + (format.equals("gzip") ? "csv" : format),
                "--set",
                "data.train.path=" + moved);
    }

    private static Path trainOnCluster(String name, List<String> arguments, List<String> submit) throws IOException {
        cluster = LocalCluster.start(folder.resolve("cluster"), 2);
        List<String> all = new ArrayList<>(submit);
        all.addAll(List.of("--conf", "spark.executor.memory=1g", "--driver-memory", "1g"));
        return train(name, with(arguments, "--master", cluster.master()), all);
    }

    /** Parquet's files, in pieces smaller than they are. */
    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void a_standalone_cluster_of_two_executors_gives_the_same_bits() throws IOException {
        Path run = trainOnCluster(
                "cluster",
                with(moved("parquet"), "--set", "engine=resident"),
                List.of("--conf", "spark.sql.files.maxPartitionBytes=65536"));
        assertSameBits(run);
        JsonNode summary = CommandLineRun.json(run.resolve("run.json"));
        assertThat(summary.get("slots").asInt()).isEqualTo(2);
        assertThat(summary.at("/cost/engine").asText()).isEqualTo("resident");
        assertThat(summary.at("/cost/answers").asInt())
                .as("no step fell back on a job")
                .isEqualTo(expectedSteps.size());
        assertThat(summary.at("/versions/kernels").size()).isEqualTo(1);
        assertThat(summary.at("/versions/kernels").fieldNames().next()).startsWith("Java");
    }

    /** Where messages are encrypted nothing may leave by a plain socket: resident tasks talk by Spark's RPC alone. */
    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void an_application_that_encrypts_gives_the_same_bits() throws IOException {
        Path run = train(
                "encrypted",
                List.of("--master", "local-cluster[2,1,1024]", "--set", "engine=resident"),
                List.of(
                        "--driver-memory",
                        "1g",
                        "--conf",
                        "spark.authenticate=true",
                        "--conf",
                        "spark.authenticate.secret=known to this test",
                        "--conf",
                        "spark.network.crypto.enabled=true"));
        assertSameBits(run);
        JsonNode summary = CommandLineRun.json(run.resolve("run.json"));
        assertThat(summary.at("/cost/answers").asInt())
                .as("no step fell back on a job")
                .isEqualTo(expectedSteps.size());
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void native_products_give_the_same_bits_too() throws IOException {
        Path one = train("native1", List.of("--set", "blas=native", "--master", "local[1]"), List.of());
        Path many = trainHere("native4", "local[4]", Map.of(), List.of("--set", "blas=native"));
        assertThat(Files.readAllBytes(one.resolve("model/weights.safetensors")))
                .isEqualTo(Files.readAllBytes(many.resolve("model/weights.safetensors")))
                .isNotEqualTo(expectedWeights);
    }

    /** A product's entry does not know what it is computed beside. */
    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void blocks_of_seven_rows_give_the_same_bits() throws IOException {
        Path run = trainHere("blocks", "local[3]", Map.of(), List.of("--set", "block-rows=7"));
        assertThat(run.resolve("model/weights.safetensors")).hasBinaryContent(expectedWeights);
    }

    /** Runs in lockstep, so many that they go in two shifts: the table but for times, and of the reference's run the weights. */
    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void a_study_gives_the_same_table_on_two_executors_and_the_bits_of_a_run_alone() throws IOException {
        Path conf = folder.resolve("study.conf");
        Files.writeString(conf, """
                study {
                  base = { include "run.conf" }
                  vary.optimizer = [
                    nesterov
                    { name = momentum, momentum = 0.8 }
                    { name = rprop, batch = full }
                    gradient-descent, adam, rmsprop, nadam, adagrad
                  ]
                  targets { training-loss = [1, 0.5], validation-accuracy = 0.6 }
                  budget { epochs = 3 }
                }
                """);
        Path there = folder.resolve("runs/study-cluster");
        Launched launched = Launched.job(
                folder,
                "study",
                List.of(conf.toString(), "--quiet", "--set", "study.output=" + there),
                List.of("--master", "local-cluster[2,1,1024]"),
                List.of("--driver-memory", "1g"),
                Launched.QUICK);
        assertThat(launched.exitCode()).as(launched.err()).isZero();
        Path here = folder.resolve("runs/study-local");
        CommandLineRun local = CommandLineRun.alone(
                Map.of(),
                "study",
                conf.toString(),
                "--quiet",
                "--set",
                "study.output=" + here,
                "--set",
                "study.base.engine=jobs",
                "--master",
                "local[3]");
        assertThat(local.exitCode()).as(String.join("\n", local.complaints())).isZero();
        assertThat(CommandLineRun.withoutSeconds(there.resolve("runs.csv")))
                .isEqualTo(CommandLineRun.withoutSeconds(here.resolve("runs.csv")))
                .hasSize(9);
        assertThat(there.resolve("runs/nesterov/model/weights.safetensors")).hasBinaryContent(expectedWeights);
        assertThat(here.resolve("runs/nesterov/model/weights.safetensors")).hasBinaryContent(expectedWeights);
    }

    /** What runs share changes no bit: not with other cores, tasks, another engine, or other company. */
    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void a_study_whose_runs_share_rows_has_its_bits_on_one_core_and_on_three() throws IOException {
        Path conf = folder.resolve("sharing.conf");
        Files.writeString(conf, """
                study {
                  base = { include "run.conf" }
                  # Many rows of a batch in each shard, and many inputs.
                  base { data.train = null }
                  base.data.train = { format = synthetic, generator = blobs, features = 300, classes = 3, rows = 1500, distance = 0.3 }
                  base { batch = 700, shards = 4, network.hidden = [8, 5] }
                  vary.optimizer = [
                    nesterov, adam, rmsprop, { name = rprop, batch = full }, { name = adam, label = whole, batch = full }
                    momentum, nadam, adagrad
                  ]
                  budget { epochs = 6 }
                }
                """);
        Path one = sharing(conf, "one", "local[1]", "resident");
        Path three = sharing(conf, "three", "local[3]", "jobs");
        Path fewer = sharing(conf, "fewer", "local[3]", "resident", "--set", "study.vary.optimizer=[nesterov]");
        assertThat(CommandLineRun.withoutSeconds(one.resolve("runs.csv")))
                .isEqualTo(CommandLineRun.withoutSeconds(three.resolve("runs.csv")))
                .hasSize(9);
        for (String run : List.of("nesterov", "rmsprop", "whole")) {
            String weights = "runs/" + run + "/model/weights.safetensors";
            assertThat(one.resolve(weights)).hasBinaryContent(Files.readAllBytes(three.resolve(weights)));
        }
        String weights = "runs/nesterov/model/weights.safetensors";
        assertThat(fewer.resolve(weights)).hasBinaryContent(Files.readAllBytes(one.resolve(weights)));
    }

    private static Path sharing(Path conf, String name, String master, String engine, String... more) {
        Path study = folder.resolve("runs/sharing-" + name);
        List<String> arguments = List.of(
                "study",
                conf.toString(),
                "--quiet",
                "--master",
                master,
                "--set",
                "study.output=" + study,
                "--set",
                "study.base.engine=" + engine);
        CommandLineRun ended =
                CommandLineRun.alone(Map.of(), with(arguments, more).toArray(new String[0]));
        assertThat(ended.exitCode()).as(String.join("\n", ended.complaints())).isZero();
        return study;
    }

    private static List<String> with(List<String> arguments, String... last) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(last));
        return all;
    }
}
