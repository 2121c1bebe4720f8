package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.InputException;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Run folders as they grow, line by line; all numbers by hand. */
class RunReaderTest {
    private static final Targets TARGETS = new Targets(List.of(
            new Target("training-loss", 0.5),
            new Target("gradient-norm", 0.2),
            new Target("validation-accuracy", 0.9)));

    @TempDir
    Path folder;

    private RunReader reader(long trainingRows) {
        RunKey plain = StudyRuns.key("adam", "0.1", 1);
        RunKey key = new RunKey(plain.name(), plain.varied(), "adam", true, plain.learningRate(), 1, trainingRows, 100);
        return new RunReader(key, Folder.of(folder.toString(), new Configuration(false)), TARGETS);
    }

    private void append(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String step(long step, long epoch, double loss, double norm, long rows, long evaluations) {
        return "{\"step\":%d,\"epoch\":%d,\"loss\":%s,\"gradientNorm\":%s,\"stepNorm\":0.1,\"learningRate\":0.1,"
                        .formatted(step, epoch, loss, norm)
                + "\"rows\":%d,\"evaluations\":%d,\"seconds\":%s}\n".formatted(rows, evaluations, 0.25 * (step + 1));
    }

    private static String epoch(long epoch, long steps, double loss, double accuracy) {
        return "{\"epoch\":%d,\"steps\":%d,\"loss\":%s,\"validation\":{\"rows\":10,\"loss\":0.7,\"accuracy\":%s},"
                        .formatted(epoch, steps, loss, accuracy)
                + "\"seconds\":%s}\n".formatted(0.25 * steps);
    }

    @Test
    void mini_batches_are_judged_by_their_epochs() throws IOException {
        RunReader reader = reader(100);
        // Two evaluations a step; the batches of an epoch have 60 and 40 rows.
        append("steps.jsonl", step(0, 0, 0.4, 0.1, 60, 2) + step(1, 0, 0.9, 0.5, 40, 4));
        append("steps.jsonl", step(2, 1, 0.3, 0.15, 60, 6) + step(3, 1, 0.4, 0.1, 40, 8));
        append("epochs.jsonl", epoch(0, 2, 0.6, 0.8) + epoch(1, 4, 0.34, 0.95));
        reader.update();
        RunResult result = reader.result();
        assertThat(result.totals().passes()).isEqualTo(4);
        assertThat(result.state()).isEqualTo(RunState.RUNNING);
        // Step 0's loss and norm are below the targets, but the first epoch's means are not: 0.6 and 0.26.
        assertThat(result.targets().get("training-loss:0.5")).isEqualTo(new TargetWatch.Reached(4, 1));
        assertThat(result.targets().get("gradient-norm:0.2")).isEqualTo(new TargetWatch.Reached(4, 1));
        assertThat(result.targets().get("validation-accuracy:0.9")).isEqualTo(new TargetWatch.Reached(4, 1));
        assertThat(result.nearest().get("gradient-norm:0.2")).isCloseTo((0.15 * 60 + 0.1 * 40) / 100, within(1e-15));
        assertThat(result.epochs().column("passes")).containsExactly(2, 4);
        assertThat(result.epochs().column("validationAccuracy")).containsExactly(0.8, 0.95);
        assertThat(result.validation().get("accuracy")).isEqualTo(new RunResult.Metric(0.95, 0.95));
        assertThat(result.totals().finalLoss()).isEqualTo(0.34);
        assertThat(result.bytes()).isEqualTo(800);
        assertThat(result.rate()).isEmpty();
    }

    @Test
    void a_full_batch_is_judged_by_its_steps() throws IOException {
        RunReader reader = reader(100);
        append(
                "steps.jsonl",
                step(0, 0, 0.6, 0.5, 100, 1) + step(1, 1, 0.5, 0.3, 100, 2) + step(2, 2, 0.4, 0.2, 100, 3));
        reader.update();
        assertThat(reader.result().targets())
                .containsEntry("training-loss:0.5", new TargetWatch.Reached(2, 0.5))
                .containsEntry("gradient-norm:0.2", new TargetWatch.Reached(3, 0.75))
                .hasSize(2);
    }

    @Test
    void a_line_counts_when_it_is_whole_and_an_epoch_when_its_last_step_is_there() throws IOException {
        RunReader reader = reader(100);
        reader.update();
        assertThat(reader.state()).isEqualTo(RunState.WAITING);
        String second = step(1, 0, 0.9, 0.5, 40, 2);
        append("steps.jsonl", step(0, 0, 0.4, 0.1, 60, 1) + second.substring(0, 30));
        append("epochs.jsonl", epoch(0, 2, 0.6, 0.8));
        reader.update();
        assertThat(reader.result().totals().steps()).isEqualTo(1);
        assertThat(reader.result().epochs().size()).isZero();
        append("steps.jsonl", second.substring(30));
        reader.update();
        assertThat(reader.result().totals().steps()).isEqualTo(2);
        assertThat(reader.result().epochs().column("passes")).containsExactly(1);
        assertThat(reader.result().epochs().column("steps")).containsExactly(2);
    }

    @Test
    void each_line_is_read_once() throws IOException {
        JsonLines lines = new JsonLines(Folder.of(folder.toString(), new Configuration(false)), "steps.jsonl");
        List<JsonNode> read = new ArrayList<>();
        append("steps.jsonl", step(0, 0, 0.6, 0.5, 100, 1) + step(1, 0, 0.9, 0.5, 40, 4));
        lines.read(read::add);
        append("steps.jsonl", step(2, 0, 0.6, 0.5, 100, 1));
        assertThat(lines.stands()).isTrue();
        lines.read(read::add);
        assertThat(read.stream().map(line -> line.get("step").intValue())).containsExactly(0, 1, 2);
        assertThat(lines.stands()).isTrue();
    }

    @Test
    void a_resumed_run_is_read_anew_even_if_its_file_has_grown_past_the_old_end() throws IOException {
        RunReader reader = reader(100);
        append("steps.jsonl", step(0, 0, 0.6, 0.5, 100, 1) + step(1, 1, 0.45, 0.3, 100, 2));
        reader.update();
        assertThat(reader.result().targets()).containsKey("training-loss:0.5");
        Files.delete(folder.resolve("steps.jsonl"));
        append("steps.jsonl", step(0, 0, 0.6, 0.5, 100, 1));
        reader.update();
        assertThat(reader.result().totals().steps()).isEqualTo(1);
        assertThat(reader.result().targets()).isEmpty();
        Files.delete(folder.resolve("steps.jsonl"));
        append("steps.jsonl", step(0, 0, 0.7, 0.5, 100, 1) + step(1, 1, 0.6, 0.3, 100, 2) + step(2, 2, 0.5, 1, 100, 3));
        reader.update();
        assertThat(reader.result().steps().column("loss")).containsExactly(0.7, 0.6, 0.5);
        assertThat(reader.result().targets().get("training-loss:0.5").passes()).isEqualTo(3);
    }

    @Test
    void the_end_is_what_run_json_says_unless_the_caller_knows_better() throws IOException {
        RunReader reader = reader(100);
        append("steps.jsonl", step(0, 0, 0.6, 0.5, 100, 1));
        append("run.json", "{\"stopReason\":\"diver");
        reader.update();
        assertThat(reader.state()).isEqualTo(RunState.RUNNING);
        append(
                "run.json",
                "ged\",\"stopMessage\":\"the loss became NaN\",\"steps\":1,\"passes\":1.5,\"finalLoss\":null,"
                        + "\"seconds\":{\"training\":2.5},\"bestLoss\":null}");
        reader.update();
        RunResult result = reader.result();
        assertThat(result.state()).isEqualTo(RunState.DIVERGED);
        assertThat(result.ending().message()).isEqualTo("the loss became NaN");
        assertThat(result.totals().passes()).isEqualTo(1.5);
        assertThat(result.totals().seconds()).isEqualTo(2.5);
        assertThat(result.totals().finalLoss()).isNaN();
        reader.ended(RunState.FAILED, "an executor was lost");
        assertThat(reader.result().state()).isEqualTo(RunState.FAILED);
        assertThat(reader.result().ending().message()).isEqualTo("an executor was lost");
    }

    @Test
    void bytes_are_those_of_one_copy_of_weights_and_sums_and_so_the_same_on_every_cluster() throws IOException {
        RunKey key = StudyRuns.key("adam", "0.1", 1);
        RunReader reader =
                new RunReader(key, Folder.of(folder.toString(), new Configuration(false)), new Targets(List.of()));
        append("steps.jsonl", step(0, 0, 0.6, 0.5, 1000, 3));
        append(
                "run.json",
                "{\"parameters\":10,\"precision\":\"float32\",\"cost\":{\"answers\":2,\"bytesDown\":35,\"bytesUp\":50}}");
        reader.update();
        // Three evaluations: ten floats out and ten doubles back.
        assertThat(reader.result().bytes()).isEqualTo(360);
        assertThat(RunsCsv.text(new Targets(List.of()), List.of(reader.result())))
                .contains(",360,");
        RunReader planned = reader(1000);
        planned.update();
        assertThat(RunsCsv.text(new Targets(List.of()), List.of(planned.result())))
                .contains(",300,");
    }

    @Test
    void what_is_not_finite_is_null_in_a_line_and_in_the_summary() throws IOException {
        RunReader reader = reader(100);
        append("steps.jsonl", step(0, 0, 0.6, 0.5, 100, 1).replace("0.6", "null"));
        append("steps.jsonl", step(1, 1, 0.6, 0.5, 100, 2).replace("}", ",\"signChanges\":0.25,\"cosine\":null}"));
        reader.update();
        assertThat(reader.result().steps().column("loss")).containsExactly(Double.NaN, 0.6);
        StudyFacts facts = new StudyFacts("study", "s", "running", Json.object(), Json.object(), List.of());
        ObjectNode summary = Summary.of(facts, TARGETS, List.of(reader));
        assertThat(summary.at("/runs/0/curve/loss/0").isNull()).isTrue();
        assertThat(summary.at("/runs/0/curve/signChanges/1").doubleValue()).isEqualTo(0.25);
        assertThat(summary.at("/runs/0/curve/cosine/1").isNull()).isTrue();
        assertThat(summary.at("/runs/0/curve/stepSizes").isMissingNode()).isTrue();
    }

    @Test
    void a_line_that_is_no_json_is_the_files_mistake() throws IOException {
        append("steps.jsonl", "{\"step\":0,\n");
        RunReader reader = reader(100);
        assertThatThrownBy(reader::update)
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("steps.jsonl", "byte 0", "no JSON");
    }
}
