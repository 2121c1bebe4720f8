package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Executors are killed while resident tasks compute on them, at moments that a seed decides: the run goes on soon after
 * Spark has noticed, and ends with the bits of an undisturbed one.
 *
 * <p>A short version runs always; {@code -Dlockstep.kills=full} runs twenty kills on several clusters, stops executors
 * for a while, and prints what happened.
 */
class LostExecutorsIT {
    private static final double MOST_SECONDS = 15;
    private static final int SHORT_STEPS = 6000;
    private static final int LONG_STEPS = 12_000;

    @TempDir
    static Path folder;

    private static final Map<String, Path> UNDISTURBED = new HashMap<>();
    private static final List<String> TABLE = new ArrayList<>();

    /**
     * What is done to a run.
     *
     * @param cores of each worker
     * @param shards decides how many of the slots are used
     * @param kills number of executors that are killed
     * @param together whether the second is killed while the loss of the first is being repaired
     * @param stopSeconds for how long an executor is stopped after the kills; 0 for none
     * @param submit options of spark-submit
     */
    private record Blows(
            String name,
            long seed,
            int workers,
            int cores,
            int shards,
            int kills,
            boolean together,
            int stopSeconds,
            List<String> submit) {
        @Override
        public String toString() {
            return name + ", seed " + seed;
        }
    }

    @AfterAll
    static void print() {
        TABLE.forEach(System.out::println);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = 1)
    void three_lost_executors_cost_no_bit_even_if_one_is_lost_while_the_first_is_repaired(long seed)
            throws IOException {
        endure(new Blows("two executors", seed, 2, 1, 8, 3, true, 0, List.of()), SHORT_STEPS);
    }

    /** Spark copies a task that runs for long if an executor had slots for all; it gives an executor up that does not beat. */
    static Stream<Blows> blows() {
        List<String> speculation = List.of(
                "--conf", "spark.executor.cores=2",
                "--conf", "spark.speculation=true",
                "--conf", "spark.speculation.interval=100ms",
                "--conf", "spark.speculation.task.duration.threshold=2s");
        List<String> impatience = List.of(
                "--conf",
                "spark.network.timeout=8s",
                "--conf",
                "spark.network.timeoutInterval=1s",
                "--conf",
                "spark.executor.heartbeatInterval=2s");
        return Stream.of(
                new Blows("two executors", 2, 2, 1, 8, 5, true, 0, List.of()),
                new Blows("two executors and a spare slot", 3, 3, 1, 4, 5, true, 0, List.of()),
                new Blows("three executors", 4, 3, 1, 6, 6, true, 0, List.of()),
                new Blows("two executors, speculation", 5, 2, 2, 2, 4, false, 0, speculation),
                new Blows("two executors, one stopped", 6, 2, 1, 8, 0, false, 20, List.of()),
                new Blows("two executors, one stopped and given up", 7, 2, 1, 8, 0, false, 20, impatience));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("blows")
    @EnabledIfSystemProperty(named = "lockstep.kills", matches = "full")
    void many_lost_executors_cost_no_bit(Blows blows) throws IOException {
        endure(blows, LONG_STEPS);
    }

    private static void endure(Blows blows, int steps) throws IOException {
        Path undisturbed = undisturbed(blows.shards(), steps);
        String name = blows.toString().replaceAll("[^a-z0-9]+", "-") + "-" + steps;
        try (LocalCluster cluster = LocalCluster.start(
                        folder.resolve("clusters").resolve(name), blows.workers(), blows.cores(), Map.of());
                WatchedRun run = start(name, blows.shards(), steps, cluster.master(), blows.submit())) {
            strike(blows, steps, cluster, run);
            int exitCode = run.awaitEnd();
            boolean same = exitCode == 0 && Arrays.equals(weights(run.folder()), weights(undisturbed));
            WatchedRun.Recovery recovery = run.recovery();
            TABLE.add(String.format(
                    Locale.ROOT,
                    "| %s | %d kills, %d s stopped, %d noticed by Spark | longest step %.1f s | longest recovery %.1f s, with executors %.1f s | %s |",
                    blows,
                    blows.kills(),
                    blows.stopSeconds(),
                    run.losses(),
                    recovery.longestStepSeconds(),
                    recovery.longestSeconds(),
                    recovery.longestWithExecutors(),
                    same ? "same bits" : "OTHER BITS"));
            assertThat(exitCode).as(run.log()).isZero();
            assertThat(steps(run.folder())).isEqualTo(steps(undisturbed));
            assertThat(same).as("the weights are those of the undisturbed run").isTrue();
            assertThat(recovery.longestWithExecutors()).as(run.log()).isLessThan(MOST_SECONDS);
        }
    }

    /** Between a twentieth and three quarters of the steps, because those that are lost take longer. */
    private static void strike(Blows blows, int steps, LocalCluster cluster, WatchedRun run) throws IOException {
        Random random = new Random(blows.seed());
        long[] moments =
                random.longs(blows.kills(), steps / 20, steps * 3L / 4).sorted().toArray();
        for (int i = 0; i < blows.kills(); i++) {
            if (i == 1 && blows.together()) {
                run.awaitLosses(1);
                run.watch(random.nextInt(1_000_000_000));
            } else {
                run.awaitStep(moments[i]);
                run.watch(random.nextInt(50_000_000));
            }
            victim(cluster, run, random).destroyForcibly();
        }
        if (blows.stopSeconds() > 0) {
            run.awaitStep(steps / 4);
            ProcessHandle victim = victim(cluster, run, random);
            signal("-STOP", victim);
            run.watch(blows.stopSeconds() * 1_000_000_000L);
            signal("-CONT", victim);
        }
    }

    private static ProcessHandle victim(LocalCluster cluster, WatchedRun run, Random random) throws IOException {
        List<ProcessHandle> alive = cluster.executors();
        assertThat(run.isAlive() && !alive.isEmpty()).as(run.log()).isTrue();
        return alive.get(random.nextInt(alive.size()));
    }

    private static void signal(String name, ProcessHandle process) throws IOException {
        new ProcessBuilder("kill", name, Long.toString(process.pid()))
                .start()
                .onExit()
                .join();
    }

    private static Path undisturbed(int shards, int steps) throws IOException {
        String name = "undisturbed-" + shards + "-" + steps;
        Path known = UNDISTURBED.get(name);
        if (known != null) {
            return known;
        }
        Path run = folder.resolve("runs").resolve(name);
        CommandLineRun ended = CommandLineRun.alone(
                Map.of(),
                "train",
                configuration(name, shards, steps).toString(),
                "--quiet",
                "--master",
                "local[2]",
                "--set",
                "output=" + run);
        assertThat(ended.exitCode()).as(String.join("\n", ended.complaints())).isZero();
        UNDISTURBED.put(name, run);
        return run;
    }

    private static Path configuration(String name, int shards, int steps) throws IOException {
        Path configuration = folder.resolve(name + ".conf");
        Files.writeString(configuration, """
                data {
                  train { format = synthetic, generator = spirals, classes = 3, rows = 4000 }
                  validation { fraction = 0.1 }
                  standardize = true
                }
                network { hidden = [24], activation = [tanh], loss = cross-entropy, dropout = 0.2 }
                batch = 300
                shards = %d
                engine = resident
                optimizer { name = momentum }
                learning-rate { schedule = constant, initial = 0.05 }
                stop { steps = %d }
                """.formatted(shards, steps));
        return configuration;
    }

    private static WatchedRun start(String name, int shards, int steps, String master, List<String> submit)
            throws IOException {
        List<String> all = new ArrayList<>(List.of("--conf", "spark.executor.memory=1g", "--driver-memory", "1g"));
        all.addAll(submit);
        return WatchedRun.start(
                configuration(name, shards, steps), folder.resolve("runs").resolve(name), master, all, 240);
    }

    private static byte[] weights(Path run) throws IOException {
        return Files.readAllBytes(run.resolve("model/weights.safetensors"));
    }

    /** All that a step says but the time that it took. */
    private static List<JsonNode> steps(Path run) {
        List<JsonNode> steps = CommandLineRun.jsonLines(run.resolve("steps.jsonl"));
        steps.forEach(step -> ((ObjectNode) step).remove("seconds"));
        return steps;
    }
}
