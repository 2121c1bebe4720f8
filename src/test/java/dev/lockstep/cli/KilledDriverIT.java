package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.Settings;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.optimize.Optimizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The driver is killed at steps that a seed decides, and told to stop: the run, or the study, goes on to the bits of an
 * undisturbed one.
 *
 * <p>A short version runs always; {@code -Dlockstep.kills=full} kills a run of every optimizer, with full batches and with
 * mini-batches.
 */
class KilledDriverIT {
    private static final String CONFIGURATION = """
            data {
              train { format = synthetic, generator = spirals, rows = 600, noise = 0.1, seed = 3 }
              validation { fraction = 0.2 }
            }
            network { hidden = %s, activation = tanh, loss = %s, dropout = %s }
            batch = %s
            optimizer { name = %s }
            %s
            stop { steps = %d, patience = 100000 }
            checkpoint { every-steps = %d }
            """;

    @TempDir
    static Path folder;

    private static String configuration(String optimizer, String batch) {
        boolean perceptron = optimizer.equals("perceptron");
        boolean second = read(optimizer).needsOneFunction();
        return CONFIGURATION.formatted(
                perceptron ? "[]" : "[12]",
                perceptron ? "perceptron, output-activation = identity" : "cross-entropy",
                second ? "0" : "0.1",
                batch,
                optimizer + (optimizer.equals("newton") ? ", indefinite = absolute, line-search = backtracking" : ""),
                Optimizers.takesLearningRate(optimizer) && !second
                        ? "learning-rate { schedule = exponential, initial = 0.01, decay = 0.001 }"
                        : "",
                second ? 40 : 3000,
                second ? 3 : 101);
    }

    private static Optimizer<?> read(String optimizer) {
        String rate = Optimizers.takesLearningRate(optimizer) ? ",learning-rate=1" : "";
        return Optimizers.read(Settings.of(Settings.inline("optimizer=" + optimizer + rate, "test")));
    }

    private static Path undisturbed(String name, Path configuration) {
        Path run = folder.resolve(name + "-undisturbed");
        CommandLineRun ended = CommandLineRun.alone(
                Map.of(),
                "train",
                configuration.toString(),
                "--quiet",
                "--master",
                "local[2]",
                "--set",
                "output=" + run);
        assertThat(ended.exitCode()).as(String.join("\n", ended.complaints())).isZero();
        return run;
    }

    /** Starts a job and ends it by a signal when so many steps of a run are on the disk; gives what it said. */
    private static String cutOff(String job, Path run, List<String> arguments, int steps, boolean force)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of("jobs", job).toAbsolutePath().toString());
        command.addAll(arguments);
        command.addAll(List.of("--quiet", "--master", "local[2]"));
        Path log = folder.resolve(run.getFileName() + ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(log.toFile());
        builder.environment().remove("SPARK_HOME");
        builder.environment().putAll(Launched.QUICK);
        Process process = builder.start();
        try {
            while (process.isAlive() && lines(run.resolve("steps.jsonl")) < steps) {
                Thread.sleep(2);
            }
            assertThat(process.isAlive()).as("killed while it runs").isTrue();
            if (force) {
                process.destroyForcibly();
            } else {
                process.destroy();
            }
            process.waitFor();
        } catch (InterruptedException e) {
            throw new IOException(e);
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(log);
    }

    private static long lines(Path file) throws IOException {
        if (!Files.exists(file)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        }
    }

    private static void assertSame(Path run, Path undisturbed) throws IOException {
        for (String file : List.of("steps.jsonl", "epochs.jsonl")) {
            assertThat(records(run.resolve(file))).isEqualTo(records(undisturbed.resolve(file)));
        }
        assertThat(Files.readAllBytes(run.resolve("model/weights.safetensors")))
                .isEqualTo(Files.readAllBytes(undisturbed.resolve("model/weights.safetensors")));
    }

    private static List<JsonNode> records(Path file) {
        List<JsonNode> records = CommandLineRun.jsonLines(file);
        records.forEach(record -> ((ObjectNode) record).remove("seconds"));
        return records;
    }

    private static void resume(Path run) {
        CommandLineRun ended =
                CommandLineRun.alone(Map.of(), "train", "--resume", run.toString(), "--quiet", "--master", "local[3]");
        assertThat(ended.exitCode()).as(String.join("\n", ended.complaints())).isZero();
    }

    @Test
    void a_killed_run_and_one_that_was_told_to_stop_go_on_to_the_same_bits() throws IOException {
        Path file = folder.resolve("nesterov.conf");
        Files.writeString(file, configuration("nesterov", "50"));
        Path undisturbed = undisturbed("nesterov", file);
        Path run = folder.resolve("nesterov");
        Random random = new Random(7);
        cutOff("train", run, List.of(file.toString(), "--set", "output=" + run), 150 + random.nextInt(1000), true);
        assertThat(run.resolve("model")).doesNotExist();
        String said = cutOff("train", run, List.of("--resume", run.toString()), 1300 + random.nextInt(500), false);
        assertThat(said.lines().toList())
                .last()
                .asString()
                .matches("told to stop after [\\d,]+ steps; to go on: jobs/train --resume " + run);
        assertThat(run.resolve("model/weights.safetensors")).exists();
        resume(run);
        assertSame(run, undisturbed);
    }

    /** When it is told, some runs have ended, one is at work, and those of another group have not begun. */
    @Test
    void a_study_that_was_told_to_stop_goes_on_to_the_same_table() throws IOException {
        Path file = folder.resolve("study.conf");
        Files.writeString(folder.resolve("study-base.conf"), configuration("nesterov", "50"));
        Files.writeString(file, """
                study {
                  base = { include "study-base.conf" }
                  vary.optimizer = [nesterov, { name = adam, batch = full }, { name = rprop, batch = full }]
                  vary.network.hidden = [[12], [5]]
                  targets.training-loss = [0.6, 0.5]
                  budget.passes = 200
                }
                """);
        Path undisturbed = folder.resolve("study-undisturbed");
        List<String> arguments = List.of("study", file.toString(), "--quiet", "--master", "local[2]", "--set");
        CommandLineRun ended = CommandLineRun.alone(
                Map.of(),
                Stream.concat(arguments.stream(), Stream.of("study.output=" + undisturbed))
                        .toArray(String[]::new));
        assertThat(ended.exitCode()).as(String.join("\n", ended.complaints())).isZero();
        Path study = folder.resolve("study");
        String said = cutOff(
                "study",
                study.resolve("runs/nesterov-hidden-12"),
                List.of(file.toString(), "--set", "study.output=" + study),
                700,
                false);
        assertThat(said.lines().toList()).last().isEqualTo("told to stop; to go on: jobs/study --resume " + study);
        assertThat(Files.readString(study.resolve("runs.csv")))
                .contains("stopped")
                .contains("waiting");
        ended = CommandLineRun.alone(
                Map.of(), "study", "--resume", study.toString(), "--quiet", "--master", "local[3]");
        assertThat(ended.exitCode()).as(String.join("\n", ended.complaints())).isZero();
        assertThat(CommandLineRun.withoutSeconds(study.resolve("runs.csv")))
                .isEqualTo(CommandLineRun.withoutSeconds(undisturbed.resolve("runs.csv")));
        for (String run : List.of("nesterov-hidden-12", "adam-hidden-12", "rprop-hidden-5")) {
            assertSame(
                    study.resolve("runs").resolve(run),
                    undisturbed.resolve("runs").resolve(run));
        }
    }

    static Stream<Arguments> every() {
        return Optimizers.names().stream().flatMap(name -> {
            return read(name).fullBatchOnly()
                    ? Stream.of(Arguments.of(name, "full"))
                    : Stream.of(Arguments.of(name, "full"), Arguments.of(name, "50"));
        });
    }

    @ParameterizedTest(name = "{0}, batch = {1}")
    @MethodSource("every")
    @EnabledIfSystemProperty(named = "lockstep.kills", matches = "full")
    void every_optimizer_survives(String optimizer, String batch) throws IOException {
        String name = optimizer + "-" + batch;
        Path file = folder.resolve(name + ".conf");
        Files.writeString(file, configuration(optimizer, batch));
        Path undisturbed = undisturbed(name, file);
        Path run = folder.resolve(name);
        Random random = new Random(name.hashCode());
        int steps = read(optimizer).needsOneFunction() ? 4 + random.nextInt(12) : 150 + random.nextInt(2000);
        cutOff("train", run, List.of(file.toString(), "--set", "output=" + run), steps, true);
        resume(run);
        assertSame(run, undisturbed);
    }
}
