package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.launcher.JavaModuleOptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Mistakes about Java, memory and clusters, as processes: the last line says what and how to mend it, no trace. */
class EnvironmentMistakesIT {
    @TempDir
    Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("run.conf"), """
                data { train { format = synthetic, generator = spirals, rows = 100, seed = 1 } }
                network { hidden = [4], loss = cross-entropy }
                learning-rate = 0.1
                optimizer { name = momentum }
                stop { epochs = 1 }
                output = runs/one
                """);
    }

    private Launched train(List<String> arguments, String... submit) throws IOException {
        return train(Launched.QUICK, arguments, submit);
    }

    private Launched train(Map<String, String> environment, List<String> arguments, String... submit)
            throws IOException {
        return Launched.job(folder, "train", List.of("run.conf"), arguments, List.of(submit), environment);
    }

    private void assertEnds(Launched launched, int exitCode, String... parts) {
        List<String> lines = launched.err().lines().toList();
        assertThat(lines).isNotEmpty();
        assertThat(lines.get(lines.size() - 1)).contains(parts);
        assertThat(lines).as("no stack trace").noneMatch(line -> line.matches("\\s+at .*|Caused by: .*"));
        assertThat(launched.exitCode()).as(launched.err()).isEqualTo(exitCode);
        assertThat(launched.out()).isEmpty();
        assertThat(folder.resolve("runs/one")).doesNotExist();
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void the_launcher_answers_before_java_starts() throws IOException {
        Path java = folder.resolve("old/bin/java");
        Files.createDirectories(java.getParent());
        Files.writeString(java, """
                #!/bin/sh
                echo 'Picked up JAVA_TOOL_OPTIONS: -Dx' >&2
                echo 'openjdk version "11.0.2" 2019-01-15' >&2
                """);
        assertThat(java.toFile().setExecutable(true)).isTrue();
        assertEnds(
                train(Map.of("JAVA_HOME", folder.resolve("old").toString()), List.of()),
                2,
                "old/bin/java is Java 11.0.2, expected 17 or 21: set JAVA_HOME");
        assertEnds(train(List.of("--master", "foo")), 2, "master foo: Spark has no such master");
        assertEnds(train(List.of(), "--conf", "spark.master=foo"), 2, "master foo: Spark has no such master");
        assertEnds(train(List.of("--master", "sc://host")), 2, "Spark Connect at sc://host", "classic master");
        assertEnds(train(List.of(), "--remote", "sc://host"), 2, "Spark Connect at sc://host");
        assertEnds(train(List.of(), "--conf", "spark.remote=sc://host"), 2, "Spark Connect at sc://host");
        assertEnds(train(Map.of("SPARK_REMOTE", "sc://host"), List.of()), 2, "Spark Connect at sc://host");
        assertEnds(train(List.of(), "--driver-memory", "4 GB"), 2, "--driver-memory 4 GB", "such as 4g");
        assertEnds(train(List.of(), "--conf", "spark.executor.memory=much"), 2, "spark.executor.memory=much");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void too_little_memory_is_named() throws IOException {
        assertEnds(train(List.of(), "--driver-memory", "500m"), 2, "the driver has", "--driver-memory 1g");
        // Room for a million rows in a block.
        Launched spent =
                train(List.of("--set", "block-rows=1048576", "--set", "network.hidden=[900]"), "--driver-memory", "1g");
        assertEnds(spent, 1, "out of memory on the driver (java.lang.OutOfMemoryError", "raise it: -- --driver-memory");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void a_master_that_nobody_is_gets_one_line_soon() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Launched alone =
                train(List.of("--master", "spark://127.0.0.1:" + port), "--conf", "spark.lockstep.master.wait=1s");
        assertEnds(alone, 2, "no master listens at spark://127.0.0.1:" + port + " (Connection refused), tried for 1 s");
        assertThat(alone.err()).contains("waiting at most 1 s");
    }

    @Execution(ExecutionMode.CONCURRENT)
    @Test
    void a_cluster_without_room_or_without_the_jar_is_named() throws IOException {
        try (LocalCluster cluster = LocalCluster.start(folder.resolve("cluster"), 1)) {
            Launched crowded = train(
                    List.of("--master", cluster.master()),
                    "--conf",
                    "spark.lockstep.executor.wait=3s",
                    "--conf",
                    "spark.executor.memory=50g");
            assertEnds(
                    crowded,
                    2,
                    "no executor registered with " + cluster.master() + " within 3 s",
                    "free cores",
                    "memory");
            assertThat(crowded.err()).contains("waiting at most 3 s for executors");

            // Nobody sends the jar to the executors.
            assertEnds(
                    plainJava("-Dspark.master=" + cluster.master(), "-Dspark.driver.host=127.0.0.1"),
                    2,
                    "the executors cannot load lockstep.jar (no dev.lockstep.",
                    "spark-submit");
        }
    }

    private Launched plainJava(String... properties) throws IOException {
        Path target = Path.of("target").toAbsolutePath();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(JavaModuleOptions.defaultModuleOptions().split(" ", -1)));
        command.addAll(List.of(properties));
        command.add("-Dlog4j2.configurationFile="
                + Path.of("conf/spark/log4j2.properties").toAbsolutePath());
        command.addAll(List.of("-cp", target.resolve("lockstep.jar") + ":" + target.resolve("spark/jars") + "/*"));
        command.addAll(List.of(Main.class.getName(), "train", "run.conf"));
        return Launched.process(
                folder,
                "plain",
                command,
                Map.of("SPARK_LOCAL_IP", "127.0.0.1", "JAVA_TOOL_OPTIONS", Launched.QUICK.get("JAVA_TOOL_OPTIONS")));
    }
}
