package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.FolderLock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Studies as a user would make them. */
class StudyTest {
    private static final String BASE = """
            data {
              train { format = csv, path = "%s/rows.csv", label = label }
              validation { fraction = 0.2 }
            }
            network { hidden = [6], loss = cross-entropy, dropout = 0.1 }
            batch = 40
            optimizer = gradient-descent
            learning-rate = 0.2
            """;

    private static final String VARY = """
            vary {
              optimizer = [gradient-descent, { name = nesterov }, { name = rprop, batch = full }]
              learning-rate = [0.2, 1e30]
              seed = [1, 2]
            }
            targets { training-loss = [0.6, 0.3], validation-accuracy = 0.8 }
            budget { passes = 6 }
            """;

    @TempDir
    static Path folder;

    private static CommandLineRun ended;
    private static Path study;

    @BeforeAll
    static void run() throws IOException {
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
        Files.writeString(folder.resolve("base.conf"), BASE.formatted(folder));
        study = folder.resolve("study");
        ended = study("study", VARY);
        assertThat(ended.exitCode()).as(String.join("\n", ended.complaints())).isZero();
    }

    private static CommandLineRun study(String name, String text, String... more) throws IOException {
        Path file = folder.resolve(name + ".conf");
        Files.writeString(file, "study {\n  base = { include \"base.conf\" }\n" + text + "\n}\n");
        List<String> arguments = new ArrayList<>(
                List.of("study", file.toString(), "--quiet", "--set", "study.output=" + folder.resolve(name)));
        arguments.addAll(List.of(more));
        return CommandLineRun.of(arguments.toArray(new String[0]));
    }

    /** The rows of a CSV file without quotes, by the first column. */
    private static Map<String, Map<String, String>> table(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        String[] header = lines.get(0).split(",", -1);
        Map<String, Map<String, String>> rows = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < header.length; i++) {
                row.put(header[i], cells[i]);
            }
            rows.put(cells[0], row);
        }
        return rows;
    }

    private static List<JsonNode> lines(Path file) {
        List<JsonNode> lines = CommandLineRun.jsonLines(file);
        lines.forEach(line -> ((ObjectNode) line).remove("seconds"));
        return lines;
    }

    @ParameterizedTest(name = "{0}, seed {1}, engine {2}")
    @CsvSource({"gradient-descent-0.2,1,jobs", "nesterov-0.2,2,resident", "nesterov-0.2,1,jobs", "rprop,2,resident"})
    void a_run_has_the_bits_that_it_gets_alone(String run, long seed, String engine) throws IOException {
        String optimizer = run.replaceFirst("-[0-9.]+$", "");
        Path alone = folder.resolve("alone-" + run + seed + engine);
        Files.createDirectory(alone);
        CommandLineRun trained = CommandLineRun.train(
                alone,
                "include \"../base.conf\"",
                "--set",
                "optimizer=" + optimizer,
                "--set",
                optimizer.equals("rprop") ? "learning-rate=null" : "learning-rate=0.2",
                "--set",
                optimizer.equals("rprop") ? "batch=full" : "batch=40",
                "--set",
                "seed=" + seed,
                "--set",
                "stop.passes=6",
                "--set",
                "observe.steps=true",
                "--set",
                "engine=" + engine);
        assertThat(trained.exitCode())
                .as(String.join("\n", trained.complaints()))
                .isZero();
        Path shared = study.resolve("runs").resolve(run + "-seed-" + seed);
        for (String file : List.of("steps.jsonl", "epochs.jsonl")) {
            assertThat(lines(shared.resolve(file)))
                    .isEqualTo(lines(alone.resolve("run").resolve(file)));
        }
        assertThat(shared.resolve("model/weights.safetensors"))
                .hasSameBinaryContentAs(alone.resolve("run/model/weights.safetensors"));
    }

    @Test
    void its_files_say_what_the_runs_came_to() throws IOException {
        Map<String, Map<String, String>> runs = table(study.resolve("runs.csv"));
        assertThat(runs.keySet())
                .containsExactly(
                        "gradient-descent-0.2-seed-1",
                        "gradient-descent-0.2-seed-2",
                        "gradient-descent-1e30-seed-1",
                        "gradient-descent-1e30-seed-2",
                        "nesterov-0.2-seed-1",
                        "nesterov-0.2-seed-2",
                        "nesterov-1e30-seed-1",
                        "nesterov-1e30-seed-2",
                        "rprop-seed-1",
                        "rprop-seed-2");
        for (Map.Entry<String, Map<String, String>> run : runs.entrySet()) {
            JsonNode summary = CommandLineRun.json(
                    study.resolve("runs").resolve(run.getKey()).resolve("run.json"));
            Map<String, String> row = run.getValue();
            assertThat(row.get("stopReason"))
                    .isEqualTo(summary.path("stopReason").asText());
            assertThat(Long.parseLong(row.get("steps")))
                    .isEqualTo(summary.path("steps").asLong());
            assertThat(row.get("seed")).isEqualTo(summary.path("seed").asText());
            boolean diverged = run.getKey().contains("1e30");
            assertThat(row.get("state")).isEqualTo(diverged ? "diverged" : "finished");
            if (!diverged) {
                assertThat(Double.parseDouble(row.get("passes"))).isEqualTo(6);
                assertThat(Double.parseDouble(row.get("finalLoss")))
                        .isEqualTo(summary.path("finalLoss").asDouble());
            }
        }
        assertThat(runs.get("nesterov-0.2-seed-1"))
                .containsKeys("passesTo:training-loss:0.6", "secondsTo:training-loss:0.3", "bestValidationAccuracy");
        JsonNode summary = CommandLineRun.json(study.resolve("summary.json"));
        assertThat(summary.path("state").asText()).isEqualTo("finished");
        assertThat(summary.path("answer")).hasSize(3);
        assertThat(summary.at("/asked/trainingRows").asInt()).isEqualTo(160);
        assertThat(summary.at("/asked/batch").isMissingNode())
                .as("it varies, and is told there")
                .isTrue();
        assertThat(summary.at("/asked/varied/1/values/0").asText()).isEqualTo("0.2");
        assertThat(summary.at("/asked/sentence").asText())
                .isEqualTo("10 runs: 3 optimizers, 2 learning rates, 2 batches, 2 seeds; each at most 6 passes");
        assertThat(Files.readString(study.resolve("report.html")))
                .startsWith("<!DOCTYPE html>")
                .contains("nesterov-0.2-seed-1");
        assertThat(study.resolve("plots/loss.png")).isNotEmptyFile();
        JsonNode told = CommandLineRun.json(study.resolve("study.json"));
        assertThat(told.at("/configuration/study/budget/passes").asInt()).isEqualTo(6);
        assertThat(told.at("/data/training/fingerprint").asText()).matches("[0-9a-f]{16}");
        assertThat(told.at("/seeds/1").asLong()).isEqualTo(2);
        assertThat(ended.out()).contains("nesterov", "study folder: " + study);
    }

    @Test
    void a_single_run_has_a_page_too() throws IOException {
        Path alone = Files.createDirectory(folder.resolve("single"));
        assertThat(CommandLineRun.train(alone, "include \"../base.conf\"", "--set", "stop.epochs=2")
                        .exitCode())
                .isZero();
        assertThat(Files.readString(alone.resolve("run/report.html"))).startsWith("<!DOCTYPE html>");
    }

    /** As a process leaves it that was killed: one run cut off after a checkpoint, one that had not begun. */
    @Test
    void a_study_goes_on_and_a_finished_run_is_never_run_again() throws IOException {
        String text = VARY + "base.checkpoint { every-steps = 3, keep = 100 }";
        assertThat(study("cut", text).exitCode()).isZero();
        Path cut = folder.resolve("cut");
        Map<String, String> before = withoutTimes(cut);
        String command =
                CommandLineRun.json(cut.resolve("study.json")).get("command").asText();
        assertThat(command).startsWith("jobs/study ").contains("cut.conf");
        Path partly = cut.resolve("runs/nesterov-0.2-seed-2");
        Files.delete(partly.resolve("run.json"));
        delete(partly.resolve("model"));
        delete(partly.resolve("report.html"));
        try (Stream<Path> checkpoints = Files.list(partly.resolve("checkpoints"))) {
            for (Path checkpoint : checkpoints
                    .filter(c -> c.getFileName().toString().compareTo("step-00000012") > 0)
                    .toList()) {
                delete(checkpoint);
            }
        }
        delete(cut.resolve("runs/gradient-descent-0.2-seed-1"));
        delete(cut.resolve("runs.csv"));
        Path finished = cut.resolve("runs/rprop-seed-1/run.json");
        FileTime written = Files.getLastModifiedTime(finished);
        CommandLineRun again = CommandLineRun.of("study", "--resume", cut.toString(), "--quiet");
        assertThat(again.exitCode()).as(String.join("\n", again.complaints())).isZero();
        assertThat(Files.getLastModifiedTime(finished)).isEqualTo(written);
        assertThat(withoutTimes(cut)).isEqualTo(before);
        CommandLineRun nothingLeft = CommandLineRun.of("study", "--resume", cut.toString(), "--quiet");
        assertThat(nothingLeft.exitCode()).isZero();
        assertThat(withoutTimes(cut)).isEqualTo(before);
        // Whoever repeats the study begins it, and does not go on with what has ended.
        assertThat(CommandLineRun.json(cut.resolve("study.json")).get("command").asText())
                .isEqualTo(command);
        assertThat(CommandLineRun.json(cut.resolve("summary.json"))
                        .at("/repeat/command")
                        .asText())
                .isEqualTo(command);
    }

    /** What a study's folder says, but for times: the table, and the weights of every run. */
    private static Map<String, String> withoutTimes(Path study) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        table(study.resolve("runs.csv"))
                .forEach((run, row) -> row.forEach((column, cell) -> {
                    if (!column.toLowerCase(Locale.ROOT).contains("seconds")) {
                        all.put(run + " " + column, cell);
                    }
                }));
        for (String run : table(study.resolve("runs.csv")).keySet()) {
            all.put(
                    run,
                    Arrays.toString(Files.readAllBytes(
                            study.resolve("runs").resolve(run).resolve("model/weights.safetensors"))));
            all.put(
                    run + " steps",
                    lines(study.resolve("runs").resolve(run).resolve("steps.jsonl"))
                            .toString());
        }
        return all;
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void networks_of_several_widths_and_shares_of_the_rows_take_turns() throws IOException {
        CommandLineRun run = study("widths", """
                vary { network.hidden = [[4], [6, 3]], data.fraction = [0.25, 1] }
                targets { training-loss = 0.5 }
                budget { epochs = 2 }
                """);
        assertThat(run.exitCode()).as(String.join("\n", run.complaints())).isZero();
        Map<String, Map<String, String>> runs = table(folder.resolve("widths/runs.csv"));
        assertThat(runs.keySet())
                .containsExactly(
                        "fraction-0.25-hidden-4",
                        "fraction-0.25-hidden-6-3",
                        "fraction-1-hidden-4",
                        "fraction-1-hidden-6-3");
        assertThat(runs.get("fraction-0.25-hidden-4").get("steps")).isEqualTo("2");
        assertThat(runs.get("fraction-1-hidden-4").get("steps")).isEqualTo("8");
        // Two evaluations of 2 x 4 + 4 + 4 x 2 + 2 parameters, in floats out and in doubles back.
        assertThat(runs.get("fraction-0.25-hidden-4").get("bytes")).isEqualTo("528");
        JsonNode asked =
                CommandLineRun.json(folder.resolve("widths/summary.json")).path("asked");
        assertThat(asked.path("sentence").asText()).startsWith("4 runs: 2 fractions, 2 networks");
        assertThat(asked.path("network").asText()).matches("2-4-\\d or 2-6-3-\\d");
        assertThat(asked.has("parameters")).isFalse();
        assertThat(asked.path("batch").asText()).isEqualTo("40");
    }

    @Test
    void a_run_that_is_refused_leaves_the_others_alone() throws IOException {
        CommandLineRun run = study("refused", """
                vary.optimizer = [gradient-descent, { name = newton, learning-rate = 1, batch = full }]
                base.network { dropout = 0, activation = tanh }
                budget { passes = 5 }
                """);
        assertThat(run.exitCode()).as(String.join("\n", run.complaints())).isZero();
        Map<String, Map<String, String>> runs = table(folder.resolve("refused/runs.csv"));
        assertThat(runs.get("gradient-descent-0.2").get("state")).isEqualTo("finished");
        assertThat(runs.get("newton-1").get("state")).isEqualTo("refused");
    }

    /** Whatever comes first in the study: what the rows do not give is known before the first run begins. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "vary.data.fraction = [1, 0.1, 0.5]"
                        + " | base.conf, line 6: batch = 40 is above the 16 training rows that data.fraction = 0.1 leaves"
                        + " | (run fraction-0.1 of the study)",
                "vary.data.fraction = [0.1, 1] | batch = 40 is above the 16 training rows that data.fraction = 0.1 leaves"
                        + " | (run fraction-0.1 of the study)",
                "vary.shards = [4, 170] | shards = 170 is above the 160 training rows | (run shards-170 of the study)",
                "vary.data.test = [{ format = csv, path = nowhere.csv, label = y }]"
                        + " | late.conf, line 3: nowhere.csv: no such file or folder | of the study)",
                "variants = [ { name = here }, { name = away, data.train { format = csv, path = nowhere.csv, label = y } } ]"
                        + " | late.conf, line 3: nowhere.csv: no such file or folder | (run away of the study)",
                "base.network.loss = binary-cross-entropy, variants = [ { name = two }, { name = three, data.train { format = "
                        + "synthetic, generator = blobs, features = 2, classes = 3, rows = 200 } } ]"
                        + " | is for 2 classes, but the labels have 3 | (run three of the study)",
            })
    void a_run_that_cannot_begin_is_told_before_the_first_one_does(String text, String complaint, String run)
            throws IOException {
        CommandLineRun refused = study("late", text + "\nbudget.epochs = 2\n");
        refused.assertRefused(complaint, run);
        assertThat(folder.resolve("late")).doesNotExist();
    }

    private static final String MIXED = """
            base.data.train = null
            base.data.train { format = synthetic, generator = blobs, features = 20, classes = 3, distance = 1, rows = 400 }
            base.shards = 3
            base.batch = 250
            base.network { activation = tanh, precision = %s }
            base.penalty.l2 = 1e-4
            vary {
              optimizer = [gradient-descent, momentum, adam, { name = gradient-descent, label = wild, learning-rate = 1e300 },
                           { name = nesterov, batch = full }, { name = rprop, batch = full, label = whole }]
              learning-rate = [0.05]
              network.hidden = [[16, 5], [33]]
            }
            targets { training-loss = 0.5 }
            base.stop.target-loss = 0.2
            budget { steps = 60 }
            """;

    /** Of runs that end at different times, some of them diverging, in networks of several widths with dropout. */
    @ParameterizedTest(name = "engine {0}, {1}, products {2}")
    @CsvSource({"jobs,float64,java", "resident,float64,native", "resident,float32,java", "auto,float32,java"})
    void each_run_has_the_bits_that_it_has_alone(String engine, String precision, String blas) throws IOException {
        String text = MIXED.formatted(precision) + "base.blas = " + blas + "\n";
        String name = engine + "-" + precision;
        assertThat(study("together-" + name, text + "base.engine = " + engine + "\n")
                        .exitCode())
                .isZero();
        Map<String, Map<String, String>> runs = table(folder.resolve("together-" + name + "/runs.csv"));
        assertThat(runs).hasSize(12);
        // Alone: a study of one run each.
        for (String run : List.of("momentum-0.05-hidden-16-5", "whole-hidden-33", "nesterov-0.05-hidden-33")) {
            Path together = folder.resolve("together-" + name + "/runs/" + run);
            assertThat(together).as("runs: %s", runs.keySet()).isDirectory();
            JsonNode configuration =
                    CommandLineRun.json(together.resolve("run.json")).path("configuration");
            Path conf = folder.resolve("alone-" + name + "-" + run + ".conf");
            Files.writeString(conf, configuration.toString());
            Path alone = folder.resolve("alone-" + name + "-" + run);
            CommandLineRun ended = CommandLineRun.of(
                    "train", conf.toString(), "--quiet", "--set", "output=" + alone, "--set", "engine=jobs");
            assertThat(ended.exitCode())
                    .as(String.join("\n", ended.complaints()))
                    .isZero();
            String weights = "model/weights.safetensors";
            assertThat(together.resolve(weights)).hasBinaryContent(Files.readAllBytes(alone.resolve(weights)));
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "targets.validation-accuracy = 1.5 | validation-accuracy = 1.5: nobody can reach that",
                "targets.training-loss = 0 | training-loss = 0",
                "targets.validation-rmse = 1 | the loss cross-entropy is one for classes",
                "targets.accuracy = 0.9 | unknown key study.targets.accuracy",
                "vary.seed = [] | no value, so there is no run",
                "vary.seed = [1, 1] | study.vary.seed = [1,1]: 1 is there twice",
                "base.network.hidden = [60000], base.optimizer = newton, base.batch = full, base.network.dropout = 0, vary.seed = [1, 2] | 300,002 parameters need",
                "vary.learning-rat = [1, 2] | unknown key learning-rat; did you mean learning-rate?",
                "vary.optimizer = [adma] | expected one of",
                "vary.batch = [4000] | batch = 4000 is above the 160 training rows",
                "budget.passes = 0 | study.budget.passes = 0: no run would take a step",
                "exact = maybe | study.exact = maybe: expected one of true, false",
                "vry = 3 | unknown key study.vry; did you mean vary?"
            })
    void mistakes_cost_one_line(String text, String complaint) throws IOException {
        study("mistake", text).assertRefused(complaint);
        assertThat(folder.resolve("mistake")).doesNotExist();
    }

    @Test
    void a_key_of_the_study_that_is_set_beside_it_is_known_again() throws IOException {
        study("beside", "vary.seed = [1, 2]", "--set", "output=" + folder.resolve("beside"))
                .assertRefused("--set: unknown key output; did you mean study.output?");
    }

    @Test
    void a_study_refused_once_rows_are_read_leaves_no_folder_above_its_own() throws IOException {
        Path above = folder.resolve("new/parent");
        for (boolean isThere : new boolean[] {false, true}) {
            if (isThere) {
                Files.createDirectories(folder.resolve("new/kept"));
            }
            study("refused", "vary.batch = [4000]", "--set", "study.output=" + above.resolve("study"))
                    .assertRefused("above the 160 training rows");
            assertThat(above).doesNotExist();
            assertThat(folder.resolve("new/kept").toFile().exists()).isEqualTo(isThere);
            assertThat(folder.resolve("new").toFile().exists()).isEqualTo(isThere);
        }
    }

    /** Whoever goes on with it, replaces it or trains one of its runs. */
    @Test
    void a_study_at_which_somebody_is_at_work_is_left_alone() throws IOException {
        Map<String, String> before = withoutTimes(study);
        String run = study.resolve("runs/nesterov-0.2-seed-1").toString();
        try (FolderLock other = FolderLock.take(Folder.of(study.toString(), new Configuration(false)), "study")) {
            assertThat(other).isNotNull();
            String[] parts = {study + ": someone is at work on this study: ", "wait until it has ended"};
            CommandLineRun.of("study", "--resume", study.toString(), "--quiet").assertRefused(parts);
            study("study", VARY, "--overwrite").assertRefused(parts);
            CommandLineRun.of("train", "--resume", run, "--quiet").assertRefused(parts);
        }
        assertThat(withoutTimes(study)).isEqualTo(before);
        assertThat(folder.resolve(".study.lock")).doesNotExist();
    }

    @Test
    void a_folder_is_not_overwritten_and_what_is_no_study_s_is_left_alone() throws IOException {
        study("study", VARY).assertRefused("the study's folder exists", "--overwrite");
        CommandLineRun.of("study", "--resume", folder.toString(), "--quiet").assertRefused("no study.json there");
        CommandLineRun.of("study", "--resume", study.toString(), "--set", "study.seed=3", "--quiet")
                .assertRefused("goes on with the study as it was");
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.writeString(other.resolve("mine.txt"), "mine");
        study("other", VARY, "--overwrite").assertRefused("no study's folder", "set study.output to another");
        assertThat(study("other", VARY).complaints())
                .as("no way out that is none")
                .noneMatch(line -> line.contains("--"));
        String run = study.resolve("runs/nesterov-0.2-seed-1").toString();
        study("other", VARY, "--set", "study.output=" + run).assertRefused("no study's folder but a single run's");
        assertThat(other.resolve("mine.txt")).hasContent("mine");
        CommandLineRun.of("study", "--quiet").assertRefused("no configuration");
    }
}
