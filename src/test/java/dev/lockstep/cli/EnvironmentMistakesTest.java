package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.InputException;
import dev.lockstep.SharedSpark;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What surrounds a run is wrong: the place of its output, master, versions, files of weights. One line, exit code 2 (1
 * where memory or disk ran out), nothing left behind.
 */
class EnvironmentMistakesTest {
    @TempDir
    Path folder;

    private String good;

    @BeforeEach
    void write() throws IOException {
        StringBuilder csv = new StringBuilder("x,y,weight,label\n");
        for (int i = 0; i < 20; i++) {
            csv.append(String.format("%d,%d,%d,%s%n", i, i * i, i / 5 == 1 ? 0 : 1, i % 2 == 0 ? "even" : "odd"));
        }
        Files.writeString(folder.resolve("rows.csv"), csv);
        good = """
                data { train { format = csv, path = "%s/rows.csv", label = label, features = [x, y] } }
                network { hidden = [3], activation = tanh, loss = cross-entropy }
                optimizer { name = momentum }
                learning-rate = 0.1
                stop { epochs = 1 }
                """.formatted(folder);
    }

    private void assertRefused(CommandLineRun run, String... parts) {
        run.assertRefused(parts);
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void an_output_that_cannot_be_written_is_refused_before_anything_is_read() throws IOException {
        String nowhere = "data.train.path=" + folder.resolve("nowhere.csv");
        String belowFile = folder.resolve("rows.csv") + "/runs/one";
        assertRefused(
                CommandLineRun.train(folder, good, "--set", nowhere, "--set", "output=" + belowFile),
                belowFile,
                "the folder cannot be made",
                "give another output");
        assertRefused(
                CommandLineRun.train(folder, good, "--set", nowhere, "--set", "output=/proc/runs/one"),
                "/proc/runs/one",
                "the folder cannot be made",
                "give another output");
        assertRefused(
                CommandLineRun.train(folder, good, "--set", nowhere, "--set", "output=nothing://runs/one"),
                "nothing://runs/one",
                "no path of a file system");
        // A place that is good leaves no trace of having been looked at.
        assertRefused(
                CommandLineRun.train(folder, good, "--set", nowhere, "--set", "output=" + folder + "/new/runs/one"),
                "nowhere.csv");
        assertThat(folder.resolve("new")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo", "local[x]", "local[0]", "spark://host", "spark://", "mesos://host:5050"})
    void what_is_no_master_is_named(String master) {
        assertRefused(CommandLineRun.train(folder, good, "--master", master), "master " + master, "spark://HOST:PORT");
    }

    @Test
    void spark_connect_is_refused() {
        assertRefused(
                CommandLineRun.train(folder, good, "--master", "sc://host:15002"),
                "Spark Connect at sc://host:15002",
                "classic master");
        System.setProperty("spark.remote", "sc://other");
        try {
            assertRefused(CommandLineRun.train(folder, good), "Spark Connect at sc://other", "unset spark.remote");
        } finally {
            System.clearProperty("spark.remote");
        }
        SparkConf conf = new SparkConf(false).set("spark.master", "local");
        assertThatThrownBy(() -> Master.of(conf, Map.of("SPARK_REMOTE", "sc://third")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("sc://third");
        assertThat(Master.of(conf, Map.of()).url()).isEqualTo("local");
    }

    @Test
    void a_master_is_waited_for_and_not_for_ever() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
            // One of two that listens is enough.
            new Master("spark://127.0.0.1:1,127.0.0.1:" + port).awaitListening(Duration.ZERO);
        }
        long begun = System.nanoTime();
        Master gone = new Master("spark://127.0.0.1:" + port);
        assertThatThrownBy(() -> gone.awaitListening(Duration.ofSeconds(1)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no master listens at spark://127.0.0.1:" + port)
                .hasMessageContaining("tried for 1 s");
        assertThat(System.nanoTime() - begun).isBetween(1_000_000_000L, 10_000_000_000L);
        assertThatThrownBy(() -> new Master("spark://127.0.0.1:99999").awaitListening(Duration.ZERO))
                .hasMessageContaining("no port 99999");
        // Spark knows itself how to wait for these.
        new Master("yarn").awaitListening(Duration.ZERO);
    }

    @Test
    void a_time_that_is_none_is_named() {
        System.setProperty("spark.lockstep.executor.wait", "soon");
        try {
            assertRefused(CommandLineRun.train(folder, good), "spark.lockstep.executor.wait = soon", "such as 60s");
        } finally {
            System.clearProperty("spark.lockstep.executor.wait");
        }
    }

    @Test
    void java_spark_and_scala_are_those_of_the_build() {
        Platform.check();
        Platform.check(17, "4.1.0", "2.13.17");
        Platform.check(21, "4.1.3-SNAPSHOT", "2.13.1");
        assertRefused(11, "4.1.0", "2.13.17", "Java 11, expected 17 or 21; set JAVA_HOME");
        assertRefused(25, "4.1.0", "2.13.17", "Java 25, expected 17 or 21");
        assertRefused(17, "4.0.1", "2.13.16", "Spark 4.0.1 with Scala 2.13.16, expected Spark 4.1 with Scala 2.13");
        assertRefused(17, "4.10.0", "2.13.17", "Spark 4.10.0");
        assertRefused(17, "3.5.7", "2.12.18", "Spark 3.5.7 with Scala 2.12.18");
        assertRefused(17, "4.1.0", "2.12.18", "Scala 2.12.18");
        assertRefused(17, "4.1.0", "unknown", "Scala unknown");
    }

    private static void assertRefused(int java, String spark, String scala, String part) {
        assertThatThrownBy(() -> Platform.check(java, spark, scala))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(part);
    }

    /** How Spark tells what happened to a task, word for word. */
    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "2|java.io.IOException: java.lang.ClassNotFoundException: dev.lockstep.data.Slice"
                        + "|cannot load lockstep.jar (no dev.lockstep.data.Slice there)|spark.jars",
                "2|java.lang.NoClassDefFoundError: dev/lockstep/data/Slice|no dev.lockstep.data.Slice there|jobs/",
                "2|java.lang.ClassCastException: cannot assign instance of java.lang.invoke.SerializedLambda to field x"
                        + "|cannot load lockstep.jar|spark-submit",
                "2|java.io.InvalidClassException: scala.collection.immutable.ArraySeq; local class incompatible: stream"
                        + "|another Spark or Scala|expected Spark 4.1 with Scala 2.13",
                "2|java.io.InvalidClassException: dev.lockstep.data.Slice; local class incompatible: stream classdesc"
                        + "|another version of lockstep.jar|class path",
                "2|java.lang.NoSuchMethodError: 'void org.apache.spark.X.y()'|another Spark or Scala|everywhere",
                "2|java.lang.ClassNotFoundException: scala.Serializable|another Spark or Scala|everywhere",
                "2|java.lang.UnsupportedClassVersionError: dev/lockstep/data/Slice has been compiled by a more recent"
                        + "|a Java that is too old|Java 17 or 21",
                "2|java.io.FileNotFoundException: File file:/data/a.csv does not exist"
                        + "|File file:/data/a.csv does not exist, says 10.0.0.7|every executor must be able to read it",
                "1|java.lang.OutOfMemoryError: Java heap space"
                        + "|out of memory on an executor on 10.0.0.7 (java.lang.OutOfMemoryError: Java heap space)"
                        + "|spark.executor.memory",
                "1|ExecutorLostFailure (executor 3 exited caused by one of the running tasks) Reason: Command exited with"
                        + " code 52|out of memory on an executor|spark.executor.memory",
                "1|ExecutorLostFailure (executor 3 exited unrelated to the running tasks) Reason: worker lost"
                        + "|executors were lost|spark.executor.memory",
                "1|java.io.IOException: No space left on device|a disk is full on 10.0.0.7|make room",
            })
    void what_happened_on_an_executor_is_one_line(int exitCode, String cause, String what, String remedy) {
        SparkException failed = new SparkException(
                "Job aborted due to stage failure: Task 0 in stage 0.0 failed 4 times, most recent failure: Lost task 0.3 in "
                        + "stage 0.0 (TID 3) (10.0.0.7 executor 1): " + cause
                        + "\n\tat dev.lockstep.data.Scan.of(Scan.java:1)\n\nDriver stacktrace:");
        Complaints.Complaint complaint =
                Complaints.of(new RuntimeException(failed)).orElseThrow();
        assertThat(complaint.line()).contains(what, remedy).doesNotContain("\n");
        assertThat(complaint.exitCode()).isEqualTo(exitCode);
    }

    @Test
    void what_happened_on_the_driver_is_one_line_too() {
        assertThat(Complaints.of(new OutOfMemoryError("Java heap space")).orElseThrow())
                .matches(complaint -> complaint.exitCode() == 1)
                .matches(complaint -> complaint.line().contains("--driver-memory"));
        // In local mode the executor is the driver.
        assertThat(Complaints.of(new SparkException("Lost task 0.0 in stage 1.0 (TID 3) (localhost executor driver): "
                                + "java.lang.OutOfMemoryError: Java heap space\n\tat x"))
                        .orElseThrow()
                        .line())
                .contains("on the driver", "--driver-memory");
        assertThat(Complaints.of(
                                new SparkException(
                                        "Job aborted due to stage failure: ResultStage 2 has failed the maximum "
                                                + "allowable number of times: 4. Most recent failure reason:\n"
                                                + "org.apache.spark.shuffle.MetadataFetchFailedException: Missing an output location\n"))
                        .orElseThrow()
                        .line())
                .contains("executors were lost", "spark.executor.memory");
        // These are not foreseen: their traces are worth having.
        assertThat(Complaints.of(new SparkException("[UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE] The CSV datasource doesn't "
                        + "support the column `v` of the type \"ARRAY<INT>\". SQLSTATE: 0A000")))
                .hasValueSatisfying(complaint -> assertThat(complaint.line())
                        .isEqualTo("the column `v` is array<int>, which a cell of .csv does not hold; write .parquet"));
        // As hadoop-aws 3.4.2 said it of wrong keys, and of a port at which nobody listens.
        assertThat(Complaints.of(new InputException("s3a://rows/model.json: cannot be looked at: getFileStatus: "
                                + "software.amazon.awssdk.services.s3.model.S3Exception: Forbidden (Service: S3, Status Code: 403, "
                                + "Request ID: 4442587FB7D0A2F9):null"))
                        .orElseThrow()
                        .line())
                .endsWith("; check spark.hadoop.fs.s3a.access.key and spark.hadoop.fs.s3a.secret.key");
        assertThat(Complaints.of(new InputException("the data cannot be read: getFileStatus on s3a://rows/a.csv: "
                                + "software.amazon.awssdk.core.exception.SdkClientException: Unable to execute HTTP request: "
                                + "Connect to 127.0.0.1:4601 [/127.0.0.1] failed: Connection refused"))
                        .orElseThrow()
                        .line())
                .endsWith("Connection refused; check spark.hadoop.fs.s3a.endpoint");
        assertThat(Complaints.of(new InputException("a/b.csv: no rows"))
                        .orElseThrow()
                        .line())
                .isEqualTo("a/b.csv: no rows");
        assertThat(Complaints.of(new IllegalStateException("a bug"))).isEqualTo(Optional.empty());
        assertThat(Complaints.of(new FileNotFoundException("of the driver's own")))
                .isEqualTo(Optional.empty());
        IllegalStateException circle = new IllegalStateException("a");
        circle.initCause(new IllegalStateException("b", circle));
        assertThat(Complaints.of(circle)).isEqualTo(Optional.empty());
    }

    @Test
    void a_spark_that_does_not_start_says_why() {
        assertThat(Complaints.atStart(
                        "local", new SparkException("System memory 368050176 must be at least 471859200.\nPlease")))
                .hasMessage("the driver has 351 MB of memory, but Spark needs 450 MB; add -- --driver-memory 1g");
        assertThat(Complaints.atStart(
                        "local", new SparkException("Executor memory 104857600 must be at least 471859200.")))
                .hasMessageContaining("spark.executor.memory gives executors 100 MB")
                .hasMessageContaining("spark.executor.memory=1g");
        assertThat(Complaints.atStart(
                        "spark://h:1",
                        new IllegalStateException("Cannot call methods on a stopped SparkContext.\nThis")))
                .hasMessageContaining("spark://h:1 did not take the application")
                .hasMessageContaining("4.1 with Scala 2.13");
        assertThat(Complaints.atStart("local", new ClassNotFoundException("no.Such")))
                .hasMessage("Spark does not start on local: ClassNotFoundException: no.Such; check --master and what "
                        + "stands after --");
    }

    /** The local file system, but tasks do not find a file that the driver has found. */
    public static final class Unshared extends RawLocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create("unshared:///");
        }

        @Override
        public FSDataInputStream open(org.apache.hadoop.fs.Path file, int bufferSize) throws IOException {
            if (TaskContext.get() != null) {
                throw new FileNotFoundException("File " + file + " does not exist");
            }
            return super.open(file, bufferSize);
        }
    }

    @Test
    void a_file_that_executors_do_not_have_is_named() {
        String key = "fs.unshared.impl";
        SharedSpark.context().hadoopConfiguration().set(key, Unshared.class.getName());
        try {
            assertRefused(
                    CommandLineRun.train(
                            folder, good, "--set", "data.train.path=unshared://" + folder.resolve("rows.csv")),
                    "rows.csv does not exist",
                    "every executor must be able to read it");
        } finally {
            SharedSpark.context().hadoopConfiguration().unset(key);
        }
    }

    @ParameterizedTest(name = "--set {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "learning-rate=0x1p3|learning-rate = 0x1p3 is not a number",
                "learning-rate=1f|learning-rate = 1f is not a number",
                "learning-rate=1d|learning-rate = 1d is not a number",
                "learning-rate=\" 1 \"|learning-rate =  1  is not a number",
                "learning-rate=1_0|learning-rate = 1_0 is not a number",
                "learning-rate=NaN|learning-rate = NaN: expected a finite number",
                "learning-rate=-Infinity|expected a finite number",
                "network.hidden=[0x10]|network.hidden = [\"0x10\"] is not a number",
                "seed=99999999999999999999|seed = 99999999999999999999: expected a whole number below 2^53",
                "seed=9007199254740993|seed = 9007199254740993: expected a whole number below 2^53",
                "stop.steps=1e30|stop.steps = 1e30: expected a whole number below 2^53",
                "batch=1e15|batch = 1000000000000000 is above the 20 training rows",
                "shards=1e15|shards = 1e15: expected a whole number from 1 to",
                "network.hidden=[2000000000]|2,000,000,000 weights at the least; expected a network of at most",
                "network.hidden=[1e30,1e30]|weights at the least",
                "network.hidden=[100000000]|the network has 500,000,002 parameters, expected at most 268,304,383",
                "block-rows=1048576|block-rows = 1048576 rows of the width 3000 do not fit in an array",
            })
    void a_number_that_is_none_or_too_large_is_named(String override, String what) {
        assertRefused(CommandLineRun.train(folder, good, "--set", "network.hidden=[3000]", "--set", override), what);
    }

    @Test
    void a_batch_without_weight_is_named_by_its_step() {
        assertRefused(
                CommandLineRun.train(
                        folder,
                        good,
                        "--set",
                        "data.train.weight=weight",
                        "--set",
                        "batch=5",
                        "--set",
                        "shuffle=false",
                        "--set",
                        "stop.epochs=3"),
                "step 1: the weights of 5 rows",
                "sum to 0",
                "a larger batch");
    }

    /** What is done to a file of weights: of its header, one text is replaced by another. */
    @Test
    void weights_that_lie_are_refused() throws IOException {
        List<List<String>> changes = List.of(
                List.of("{\"layers.0.weight\"", "\"layers.0.weight\"", "header is not JSON"),
                List.of("{\"layers.0.weight\"", "[\"layers.0.weight\"", "header is not JSON"),
                List.of("layers.1.bias", "layers.2.bias", "layers.2.bias"),
                List.of("layers.1.bias", "layers.0.bias", "not JSON: Duplicate"),
                List.of("[3,2]", "[2,3]", "shape [2, 3], but the network has [3, 2]"),
                List.of("[3,2]", "[3,2,1]", "shape [3, 2, 1]"),
                List.of("[3,2]", "[3.0,2]", "shape [3.0, 2]"),
                List.of("F64", "F16", "dtype F16, expected F64 or F32"),
                List.of("F64", "F32", "does not fit its shape"),
                List.of("\"dtype\":\"F64\",", "", "dtype is missing"),
                List.of("[0,48]", "[8,56]", "begins at byte 8, but what lies before it ends at 0"),
                List.of("[48,72]", "[0,24]", "must not overlap or leave gaps"),
                List.of("[0,48]", "[-48,0]", "its place [-48,0] does not fit"),
                List.of("[0,48]", "[4611686018427387904,4611686018427387952]", "does not fit"),
                List.of("[0,48]", "\"0,48\"", "does not fit"),
                List.of("[0,48]", "[0,48,96]", "does not fit"));
        Path model = train();
        byte[] weights = Files.readAllBytes(model.resolve("weights.safetensors"));
        for (List<String> change : changes) {
            byte[] lying = withHeader(weights, header(weights).replace(change.get(0), change.get(1)));
            assertThat(lying).as(change.get(0)).isNotEqualTo(weights);
            assertWeightsRefused(lying, change.get(2));
        }
    }

    /** A model that is right, in the folder {@code good}. */
    private Path train() throws IOException {
        assertThat(CommandLineRun.train(folder, good).exitCode()).isZero();
        return Files.move(folder.resolve("run"), folder.resolve("good")).resolve("model");
    }

    /** As the first weights of a run, and as those of a model. */
    private void assertWeightsRefused(byte[] weights, String part) throws IOException {
        Path model = folder.resolve("good/model");
        Path file = model.resolve("weights.safetensors");
        Files.write(file, weights);
        assertRefused(
                CommandLineRun.train(folder, good, "--set", "network.init.from=" + file), "weights.safetensors", part);
        assertRefused(evaluate(), "weights.safetensors", part);
    }

    private CommandLineRun evaluate() {
        return CommandLineRun.of(
                "evaluate", "--model", folder.resolve("good").toString(), "--data", "path=" + folder + "/rows.csv");
    }

    private static int headerLength(byte[] weights) {
        return Math.toIntExact(
                ByteBuffer.wrap(weights).order(ByteOrder.LITTLE_ENDIAN).getLong());
    }

    private static String header(byte[] weights) {
        return new String(weights, 8, headerLength(weights), StandardCharsets.UTF_8);
    }

    private static byte[] withHeader(byte[] weights, String header) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        int data = 8 + headerLength(weights);
        return ByteBuffer.allocate(8 + json.length + weights.length - data)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .put(weights, data, weights.length - data)
                .array();
    }

    @Test
    void files_of_weights_that_are_cut_or_spoilt_are_refused() throws IOException {
        Path model = train();
        byte[] weights = Files.readAllBytes(model.resolve("weights.safetensors"));
        assertWeightsRefused(new byte[0], "only 0 bytes long");
        assertWeightsRefused(Arrays.copyOf(weights, 100), "its header would be");
        assertWeightsRefused(Arrays.copyOf(weights, weights.length - 1), "is the file cut short?");
        assertWeightsRefused(Arrays.copyOf(weights, weights.length + 8), "8 bytes follow the last tensor");
        byte[] endless = weights.clone();
        Arrays.fill(endless, 0, 8, (byte) 0x7F);
        assertWeightsRefused(endless, "header would be 9187201950435737471 bytes long");
        byte[] nan = weights.clone();
        ByteBuffer.wrap(nan).order(ByteOrder.LITTLE_ENDIAN).putDouble(weights.length - 8, Double.NaN);
        assertWeightsRefused(nan, "layers.1.bias: entry 1 is NaN, expected finite weights");
        assertWeightsRefused(withHeader(weights, header(weights).strip() + "{}"), "not JSON");
        Files.delete(model.resolve("weights.safetensors"));
        assertRefused(evaluate(), "weights.safetensors: no such file");
        assertRefused(
                CommandLineRun.train(folder, good, "--set", "network.init.from=" + folder.resolve("none")),
                "none: no such file");
    }

    @Test
    void a_model_whose_description_is_wrong_is_refused() throws IOException {
        Path model = train();
        Path json = model.resolve("model.json");
        String right = Files.readString(json);
        assertThat(evaluate().exitCode()).isZero();
        List<List<String>> changes = List.of(
                List.of("\"format\" : 2", "\"format\" : 1", "format 1, but this version reads format 2"),
                List.of("\"format\" : 2,", "", "reads format 2"),
                List.of("{\n  \"format\"", "\"format\"", "not JSON"),
                List.of("\"network\"", "\"net\"", "the key network is missing"),
                List.of("\"layers\"", "\"layer\"", "network: the key layers is missing"),
                List.of("\"inputs\" : 3", "\"inputs\" : 4", "layer 1 takes 4 inputs"),
                List.of("\"inputs\" : 2", "\"inputs\" : 0", "inputs = 0, expected a whole number of at least 1"),
                List.of("\"inputs\" : 2", "\"inputs\" : \"2\"", "layers[0]: inputs = \"2\""),
                List.of("\"inputs\" : 2", "\"inputs\" : 2000000000", "expected at most 268,304,383"),
                List.of("\"inputs\" : 2", "\"inputs\" : 5", "do not fit its layers 5-3-2"),
                List.of("\"tanh\"", "\"tanhh\"", "activation = \"tanhh\", expected one of"),
                List.of("\"bias\" : true", "\"bias\" : 1", "bias = 1, expected true or false"),
                List.of("\"cross-entropy\"", "\"entropy\"", "loss = \"entropy\", expected one of"),
                List.of("\"cross-entropy\"", "\"squared-error\"", "has no classes"),
                List.of("\"dropout\" : 0.0", "\"dropout\" : 1.5", "dropout must be in [0, 1), got 1.5"),
                List.of("\"float32\"", "\"float8\"", "precision = \"float8\", expected one of"),
                List.of("\"even\", ", "", "classes = [odd], expected at least two"),
                List.of("\"even\", ", "\"odd\", ", "classes = [odd, odd], expected at least two, all different"),
                List.of("{\n    \"name\" : \"x\",\n    \"kind\" : \"number\"\n  }, ", "", "1 features"),
                List.of("\"scale\" : 1.0", "\"scale\" : \"one\"", "scale = \"one\", expected a finite number"),
                List.of(
                        "\"scale\" : 1.0",
                        "\"scale\" : 1.0, \"standardization\" : {\"means\" : [1], \"deviations\" : [1, 1]}",
                        "1 means, expected 2"));
        for (List<String> change : changes) {
            String wrong = right.replace(change.get(0), change.get(1));
            assertThat(wrong).as(change.get(0)).isNotEqualTo(right);
            Files.writeString(json, wrong);
            assertRefused(evaluate(), "model.json", change.get(2));
        }
        Files.writeString(json, "[]");
        assertRefused(evaluate(), "model.json: no JSON object");
        Files.writeString(json, "");
        assertRefused(evaluate(), "model.json: n");
    }
}
