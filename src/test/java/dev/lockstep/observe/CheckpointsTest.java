package dev.lockstep.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.data.ShardTest;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.JobEngine;
import dev.lockstep.distributed.MemoryEngine;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.optimize.Clipping;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.optimize.Optimizers;
import dev.lockstep.optimize.Penalty;
import dev.lockstep.train.BatchPlan;
import dev.lockstep.train.CheckpointRules;
import dev.lockstep.train.CurvatureRules;
import dev.lockstep.train.Keeper;
import dev.lockstep.train.ObserveRules;
import dev.lockstep.train.Outcome;
import dev.lockstep.train.Snapshot;
import dev.lockstep.train.Standing;
import dev.lockstep.train.StepRecord;
import dev.lockstep.train.StopRules;
import dev.lockstep.train.Trainer;
import dev.lockstep.train.TrainingListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs that are written down, cut off and taken up again; in memory, over ten rows and one layer. */
class CheckpointsTest {
    private static final int ROWS = 10;
    private static final Network NETWORK =
            new Network(List.of(new Layer(1, ROWS, Activation.IDENTITY, true)), ClassLoss.CROSS_ENTROPY, 0.0);

    @TempDir
    Path temporary;

    private Folder run;

    @BeforeEach
    void folder() {
        run = Folder.of(temporary.resolve("run").toString(), new Configuration());
    }

    private static Engine engine() {
        return new MemoryEngine(
                ShardTest.shards(ROWS, 3, 3, Precision.FLOAT64),
                new JobEngine.Arithmetic(NETWORK, ROWS, Precision.FLOAT64, Blas.Kind.JAVA, 3, false));
    }

    private static Trainer.Plan plan(int batch, Settings settings) {
        return new Trainer.Plan(
                "run",
                new BatchPlan(ROWS, batch, true, 5),
                ROWS,
                new Penalty(0.01, 0, false, Vector.filled(NETWORK.parameters(), 1)),
                Clipping.NONE,
                0,
                5,
                List.of(0, ROWS, NETWORK.parameters()),
                StopRules.read(settings),
                CurvatureRules.NONE,
                new ObserveRules(true, false, false, 0));
    }

    private static Settings settings(String text) {
        return Settings.of(Settings.inline(text, "test"));
    }

    private Checkpoints checkpoints(String rules) {
        return new Checkpoints(run, CheckpointRules.read(settings(rules)), NETWORK, Json.object(), () -> {});
    }

    /** The lines of a run but their seconds. */
    private static final class Lines implements TrainingListener {
        private final List<StepRecord> steps = new ArrayList<>();

        @Override
        public void step(StepRecord s) {
            steps.add(new StepRecord(
                    s.step(),
                    s.epoch(),
                    s.loss(),
                    s.gradientNorm(),
                    s.stepNorm(),
                    s.learningRate(),
                    s.rows(),
                    s.evaluations(),
                    0,
                    s.motion()));
        }
    }

    static Stream<Arguments> runs() {
        String plateau = "{schedule=plateau,initial=0.05,patience=1,threshold=0.01,monitor=validation-loss}";
        return Stream.concat(
                Optimizers.names().stream()
                        .flatMap(name -> Stream.of(
                                        Arguments.of(name, ROWS, "0.05"),
                                        Arguments.of(name, 4, "{schedule=exponential,initial=0.05,decay=0.01}"))
                                .filter(run -> run.get()[1].equals(ROWS)
                                        || !read(name, "0.05").fullBatchOnly())),
                Stream.of(Arguments.of("nesterov", 3, plateau), Arguments.of("adam", 4, plateau)));
    }

    private static Optimizer<?> read(String name, String rate) {
        return Optimizers.read(
                settings("optimizer=" + name + (Optimizers.takesLearningRate(name) ? ",learning-rate=" + rate : "")));
    }

    /** The acceptance: cut off after any step, whatever the optimizer, and nobody can tell. */
    @ParameterizedTest(name = "{0}, batches of {1}, rate {2}")
    @MethodSource("runs")
    void a_run_goes_on_to_the_same_bits(String name, int batch, String rate) {
        verify(read(name, rate), plan(batch, settings("stop={epochs=9,patience=6}")));
    }

    private <S extends Record> void verify(Optimizer<S> optimizer, Trainer.Plan plan) {
        Vector start = Vector.of(new double[NETWORK.parameters()]);
        Lines whole = new Lines();
        Outcome expected = new Trainer<>(engine(), plan, optimizer, List.of(whole), Keeper.NONE).run(start);
        List<Integer> cuts = new Random(optimizer.getClass().getName().hashCode())
                .ints(3, 1, whole.steps.size())
                .boxed()
                .sorted((x, y) -> y - x)
                .toList();
        Checkpoints checkpoints = checkpoints("checkpoint={keep=1000}");
        Keeper some = new Keeper() {
            @Override
            public boolean wants(Standing standing, boolean epochEnded) {
                return cuts.contains((int) standing.steps());
            }

            @Override
            public void keep(Snapshot<?> snapshot) {
                checkpoints.keep(snapshot);
            }
        };
        Lines watched = new Lines();
        new Trainer<>(engine(), plan, optimizer, List.of(watched), some).run(start);
        assertThat(watched.steps).as("writing it down changes nothing").isEqualTo(whole.steps);
        for (int cut : cuts) {
            Folder all = run.child(Checkpoints.FOLDER);
            Checkpoints.names(all).stream()
                    .filter(step -> step.compareTo(String.format("step-%08d", cut)) > 0)
                    .forEach(step -> all.child(step).delete());
            Snapshot<S> snapshot = StoredCheckpoint.newest(run).snapshot(NETWORK, optimizer);
            assertThat(snapshot.standing().steps()).isEqualTo(cut);
            Lines rest = new Lines();
            Outcome outcome = new Trainer<>(engine(), plan, optimizer, List.of(rest), Keeper.NONE).run(snapshot);
            assertThat(rest.steps).isEqualTo(whole.steps.subList(cut, whole.steps.size()));
            assertThat(outcome.last()).isEqualTo(expected.last());
            assertThat(outcome.best()).isEqualTo(expected.best());
            assertThat(outcome.bestEpoch()).isEqualTo(expected.bestEpoch());
            assertThat(outcome.bestLoss()).isEqualTo(expected.bestLoss());
            assertThat(outcome.rowsTouched()).isEqualTo(expected.rowsTouched());
            assertThat(outcome.reason()).isEqualTo(expected.reason());
        }
    }

    private void train(String rules, String stop) {
        Settings settings = settings("optimizer=momentum,learning-rate=0.05,stop={" + stop + "}");
        new Trainer<>(engine(), plan(4, settings), read(settings), List.of(), checkpoints(rules))
                .run(Vector.zeros(NETWORK.parameters()));
    }

    @SuppressWarnings("unchecked")
    private static Optimizer<dev.lockstep.optimize.Momentum.State> read(Settings settings) {
        return (Optimizer<dev.lockstep.optimize.Momentum.State>) Optimizers.read(settings);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            checkpoint={every-steps=5}                  | step-00000010 step-00000015 step-00000018
            checkpoint={every-steps=5,keep=2}           | step-00000015 step-00000018
            checkpoint={every-epochs=2,keep=9}          | step-00000006 step-00000012 step-00000018
            checkpoint={every-epochs=2,every-steps=8,keep=9} | step-00000006 step-00000008 step-00000012 step-00000016 step-00000018
            checkpoint={every-seconds=1e-9,keep=2}      | step-00000017 step-00000018
            checkpoint={keep=1}                         | step-00000018
            """)
    void the_rules_decide_when_and_the_newest_stay(String rules, String names) {
        train(rules, "epochs=6");
        assertThat(String.join(" ", Checkpoints.names(run.child(Checkpoints.FOLDER))))
                .isEqualTo(names);
        assertThat(run.child(Checkpoints.FOLDER).names()).noneMatch(name -> name.startsWith("."));
    }

    @Test
    void none_are_written_if_none_are_to_be_kept() {
        train("checkpoint={keep=0}", "epochs=2");
        assertThat(run.exists()).isFalse();
        assertThatThrownBy(() -> StoredCheckpoint.newest(run)).hasMessageContaining("no such run folder");
        run.create();
        assertThatThrownBy(() -> StoredCheckpoint.newest(run)).hasMessageContaining("no checkpoint to go on from");
    }

    /** Each file cut short, changed or gone makes the checkpoint one that is passed over. */
    @Test
    void a_torn_checkpoint_is_passed_over() throws IOException {
        train("checkpoint={every-steps=1,keep=4}", "epochs=6");
        Path all = temporary.resolve("run/checkpoints");
        Path weights = all.resolve("step-00000018/weights.safetensors");
        Files.write(weights, java.util.Arrays.copyOf(Files.readAllBytes(weights), 100));
        assertThat(StoredCheckpoint.newest(run).standing().steps()).isEqualTo(17);
        Path velocity = all.resolve("step-00000017/state-velocity.safetensors");
        byte[] bytes = Files.readAllBytes(velocity);
        bytes[bytes.length - 3] ^= 1;
        Files.write(velocity, bytes);
        assertThat(StoredCheckpoint.newest(run).standing().steps()).isEqualTo(16);
        Path json = all.resolve("step-00000016/checkpoint.json");
        Files.writeString(json, Files.readString(json).substring(0, 50));
        assertThat(StoredCheckpoint.newest(run).standing().steps()).isEqualTo(15);
        Files.delete(all.resolve("step-00000015/before.safetensors"));
        assertThatThrownBy(() -> StoredCheckpoint.newest(run))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no checkpoint to go on from");
    }

    @Test
    void a_torn_checkpoint_does_not_count_among_those_that_are_kept() throws IOException {
        train("checkpoint={every-steps=1,keep=2}", "epochs=6");
        Files.delete(temporary.resolve("run/checkpoints/step-00000018/weights.safetensors"));
        Files.delete(temporary.resolve("run/checkpoints/step-00000017/checkpoint.json"));
        train("checkpoint={every-steps=1,keep=1}", "epochs=1");
        assertThat(Checkpoints.names(run.child(Checkpoints.FOLDER))).containsExactly("step-00000003");
    }

    @Test
    void a_checkpoint_of_another_format_is_named() throws IOException {
        train("checkpoint={keep=1}", "epochs=1");
        Path json = temporary.resolve("run/checkpoints/step-00000003/checkpoint.json");
        Files.writeString(json, Files.readString(json).replace("\"format\" : 1", "\"format\" : 7"));
        assertThatThrownBy(() -> StoredCheckpoint.newest(run))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a checkpoint of format 7, but this version reads format 1");
    }

    /** What a machine that dies in the middle of a step leaves: the run before that step. */
    @Test
    void a_run_whose_engine_fails_keeps_what_it_reached() {
        Settings settings = settings("optimizer=momentum,learning-rate=0.05,stop={epochs=6}");
        Engine good = engine();
        int[] answers = {0};
        Engine failing = requests -> {
            if (++answers[0] > 7) {
                throw new IllegalStateException("lost");
            }
            return good.answer(requests);
        };
        assertThatThrownBy(() -> new Trainer<>(
                                failing,
                                plan(4, settings),
                                read(settings),
                                List.of(),
                                checkpoints("checkpoint={keep=3}"))
                        .run(Vector.zeros(NETWORK.parameters())))
                .hasMessage("lost");
        // The eighth answer is the second validation, at the end of the sixth step: that one is not complete.
        assertThat(StoredCheckpoint.newest(run).standing().steps()).isEqualTo(5);
    }
}
