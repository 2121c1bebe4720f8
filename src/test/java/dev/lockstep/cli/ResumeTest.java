package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.EventRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go on, as a user would have them go on. */
class ResumeTest {
    private static final String CONFIGURATION = """
            data {
              train { format = csv, path = "%s/rows.csv", label = label }
              validation { fraction = 0.2 }
            }
            network { hidden = [6], loss = cross-entropy, dropout = 0.1 }
            batch = 40
            optimizer { name = nesterov }
            learning-rate { schedule = plateau, initial = 0.1, patience = 1, monitor = validation-loss }
            stop { epochs = 12, patience = 9 }
            checkpoint { every-steps = 7, keep = 100 }
            observe { steps = true, tensorboard = true, path = 3 }
            """;

    @TempDir
    static Path folder;

    private static Path whole;

    @BeforeAll
    static void train() throws IOException {
        StringBuilder csv = new StringBuilder("a,b,label\n");
        for (int i = 0; i < 200; i++) {
            double x = Math.sin(i * 0.7);
            double y = Math.cos(i * 1.3);
            csv.append(x)
                    .append(',')
                    .append(y)
                    .append(',')
                    .append(x * y > 0 ? "in" : "out")
                    .append('\n');
        }
        Files.writeString(folder.resolve("rows.csv"), csv);
        CommandLineRun run = CommandLineRun.train(folder, CONFIGURATION.formatted(folder));
        assertThat(run.exitCode()).as(String.join("\n", run.complaints())).isZero();
        whole = folder.resolve("run");
    }

    /** The folder as it was after a step: later checkpoints never written, and of the lines as many as may be. */
    private static Path cutOff(String name, int step, int lines) throws IOException {
        Path cut = folder.resolve(name);
        try (Stream<Path> files = Files.walk(whole)) {
            for (Path file : files.sorted().toList()) {
                Files.copy(file, cut.resolve(whole.relativize(file).toString()));
            }
        }
        delete(cut.resolve("run.json"));
        delete(cut.resolve("model"));
        try (Stream<Path> checkpoints = Files.list(cut.resolve("checkpoints"))) {
            for (Path checkpoint : checkpoints
                    .filter(c -> c.getFileName().toString().compareTo(String.format("step-%08d", step)) > 0)
                    .toList()) {
                delete(checkpoint);
            }
        }
        List<String> kept = Files.readAllLines(cut.resolve("steps.jsonl")).subList(0, lines);
        // The last line was on its way.
        Files.writeString(cut.resolve("steps.jsonl"), String.join("\n", kept) + "\n{\"step\":" + lines + ",\"lo");
        return cut;
    }

    private static void delete(Path path) throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static CommandLineRun resume(Path run, String... more) {
        String[] arguments = Stream.concat(Stream.of("train", "--resume", run.toString(), "--quiet"), Stream.of(more))
                .toArray(String[]::new);
        return CommandLineRun.of(arguments);
    }

    private static List<JsonNode> lines(Path run, String file) {
        List<JsonNode> lines = CommandLineRun.jsonLines(run.resolve(file));
        lines.forEach(line -> ((ObjectNode) line).remove("seconds"));
        return lines;
    }

    private static void assertSame(Path run) throws IOException {
        assertThat(lines(run, "steps.jsonl")).isEqualTo(lines(whole, "steps.jsonl"));
        assertThat(lines(run, "epochs.jsonl")).isEqualTo(lines(whole, "epochs.jsonl"));
        assertThat(Files.readString(run.resolve("path.jsonl")))
                .isEqualTo(Files.readString(whole.resolve("path.jsonl")));
        assertThat(Files.readAllBytes(run.resolve("model/weights.safetensors")))
                .isEqualTo(Files.readAllBytes(whole.resolve("model/weights.safetensors")));
        JsonNode expected = CommandLineRun.json(whole.resolve("run.json"));
        JsonNode summary = CommandLineRun.json(run.resolve("run.json"));
        for (String key : List.of("steps", "epochs", "evaluations", "passes", "finalLoss", "bestLoss", "stopMessage")) {
            assertThat(summary.get(key)).as(key).isEqualTo(expected.get(key));
        }
        assertThat(summary.at("/metrics")).isEqualTo(expected.at("/metrics"));
        assertThat(run.resolve("steps.jsonl.old")).doesNotExist();
        assertThat(EventRecords.shown(run.resolve("tensorboard")))
                .isEqualTo(EventRecords.shown(whole.resolve("tensorboard")));
    }

    @Test
    void it_comes_to_the_bits_of_the_run_that_was_not_cut_off() throws IOException {
        // In the middle of an epoch, with lines of steps after the checkpoint, and the newest checkpoint torn.
        Path run = cutOff("middle", 21, 25);
        Path torn = run.resolve("checkpoints/step-00000021/weights.safetensors");
        Files.write(torn, new byte[3], StandardOpenOption.TRUNCATE_EXISTING);
        CommandLineRun resumed = resume(run);
        assertThat(resumed.exitCode())
                .as(String.join("\n", resumed.complaints()))
                .isZero();
        assertSame(run);
    }

    @Test
    void what_was_cut_off_while_it_was_taken_up_is_taken_up_again() throws IOException {
        Path run = cutOff("twice", 14, 14);
        // The first attempt moved the lines aside and died.
        Files.move(run.resolve("steps.jsonl"), run.resolve("steps.jsonl.old"));
        Files.writeString(run.resolve("steps.jsonl"), "{\"step\":0}\n");
        assertThat(resume(run).exitCode()).isZero();
        assertSame(run);
    }

    @Test
    void more_epochs_and_moved_rows_are_fine() throws IOException {
        Path moved = Files.createDirectories(folder.resolve("elsewhere"));
        Files.copy(folder.resolve("rows.csv"), moved.resolve("other-name.csv"));
        CommandLineRun longer = CommandLineRun.train(
                folder,
                CONFIGURATION.formatted(folder),
                "--set",
                "stop.epochs=15",
                "--set",
                "output=" + folder.resolve("longer"));
        assertThat(longer.exitCode()).isZero();
        Path run = cutOff("more", 1000, 48);
        CommandLineRun resumed =
                resume(run, "--set", "stop.epochs=15", "--set", "data.train.path=" + moved + "/other-name.csv");
        assertThat(resumed.exitCode())
                .as(String.join("\n", resumed.complaints()))
                .isZero();
        assertThat(lines(run, "steps.jsonl")).isEqualTo(lines(folder.resolve("longer"), "steps.jsonl"));
        assertThat(Files.readAllBytes(run.resolve("model/weights.safetensors")))
                .isEqualTo(Files.readAllBytes(folder.resolve("longer/model/weights.safetensors")));
    }

    @Test
    void a_run_that_is_at_its_end_says_so_again() throws IOException {
        Path run = cutOff("ended", 1000, 48);
        assertThat(resume(run).exitCode()).isZero();
        assertSame(run);
    }

    @Test
    void another_run_is_refused_by_name_and_nothing_is_lost() throws IOException {
        Path run = cutOff("refused", 21, 25);
        byte[] lines = Files.readAllBytes(run.resolve("steps.jsonl"));
        resume(run, "--set", "network.hidden=[7]")
                .assertRefused("goes on with network.hidden = [6], not [7]", "jobs/train CONF");
        resume(run, "--set", "batch=50").assertRefused("goes on with batch = 40, not 50");
        resume(run, "--set", "learning-rate.initial=0.2").assertRefused("learning-rate.initial = 0.1, not 0.2");
        resume(run, "--set", "optimizer.momentum=0.8").assertRefused("optimizer.momentum = 0.9, not 0.8");
        resume(run, "--set", "observe.steps=false").assertRefused("observe.steps = true, not false");
        resume(run, "--set", "output=" + folder.resolve("elsewhere-again"))
                .assertRefused("--resume goes on in the run's own folder");
        Path other = folder.resolve("other.csv");
        Files.writeString(other, Files.readString(folder.resolve("rows.csv")).replaceFirst("out", "in"));
        resume(run, "--set", "data.train.path=" + other)
                .assertRefused("the training rows are others than those that it began with", "fingerprint");
        assertThat(Files.readAllBytes(run.resolve("steps.jsonl"))).isEqualTo(lines);
    }

    @Test
    void what_does_not_touch_the_lines_may_be_changed() throws IOException {
        Path run = cutOff("observed", 21, 25);
        CommandLineRun resumed = resume(run, "--set", "observe.tensorboard=false", "--set", "observe.prometheus=true");
        assertThat(resumed.exitCode())
                .as(String.join("\n", resumed.complaints()))
                .isZero();
        assertThat(lines(run, "steps.jsonl")).isEqualTo(lines(whole, "steps.jsonl"));
    }

    /** A version that did not know a key did what the key's default says. */
    @Test
    void a_checkpoint_of_before_a_key_was_known_is_gone_on_with() throws IOException {
        Path run = cutOff("older", 21, 25);
        Path file = run.resolve("checkpoints/step-00000021/checkpoint.json");
        ObjectNode checkpoint = (ObjectNode) CommandLineRun.json(file);
        ObjectNode configuration = (ObjectNode) checkpoint.at("/belongs/configuration");
        assertThat(configuration.remove("observe").path("steps").asBoolean()).isTrue();
        Files.writeString(file, checkpoint.toString());
        CommandLineRun resumed = resume(run);
        assertThat(resumed.exitCode())
                .as(String.join("\n", resumed.complaints()))
                .isZero();
        assertThat(lines(run, "steps.jsonl")).hasSameSizeAs(lines(whole, "steps.jsonl"));
    }

    @Test
    void lines_that_are_missing_are_named() throws IOException {
        Path run = cutOff("lines", 21, 10);
        byte[] lines = Files.readAllBytes(run.resolve("steps.jsonl"));
        resume(run).assertRefused("steps.jsonl: has 10 whole lines, but the checkpoint was written after 21");
        assertThat(Files.readAllBytes(run.resolve("steps.jsonl"))).isEqualTo(lines);
        assertThat(run.resolve("checkpoints/step-00000021")).exists();
    }
}
