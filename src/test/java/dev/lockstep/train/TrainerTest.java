package dev.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.Settings;
import dev.lockstep.curvature.Sharpness;
import dev.lockstep.data.Block;
import dev.lockstep.data.ShardTest;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.JobEngine;
import dev.lockstep.distributed.MemoryEngine;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.network.Propagation;
import dev.lockstep.network.Sums;
import dev.lockstep.optimize.Clipping;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.optimize.Optimizers;
import dev.lockstep.optimize.Penalty;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The loop, in memory: ten rows whose only feature and whose class is their number, one layer. */
class TrainerTest {
    private static final int ROWS = 10;
    private static final Network NETWORK =
            new Network(List.of(new Layer(1, ROWS, Activation.IDENTITY, true)), ClassLoss.CROSS_ENTROPY, 0);
    private static final Vector START = Vector.zeros(NETWORK.parameters());

    /** What a run told its listeners, and how it ended. */
    private static final class Told implements TrainingListener {
        private final List<StepRecord> steps = new ArrayList<>();
        private final List<EpochRecord> epochs = new ArrayList<>();
        private Outcome outcome;

        @Override
        public void step(StepRecord step) {
            steps.add(step);
        }

        @Override
        public void epoch(EpochRecord epoch) {
            epochs.add(epoch);
        }
    }

    private static Engine engine(int shards) {
        return new MemoryEngine(
                ShardTest.shards(ROWS, shards, 3, Precision.FLOAT64),
                new JobEngine.Arithmetic(NETWORK, ROWS, Precision.FLOAT64, Blas.Kind.JAVA, 3, false));
    }

    private static Told run(String stop, int batch, String optimizer, boolean validation) {
        Settings settings = Settings.of(Settings.inline("stop={" + stop + "}," + optimizer, "test"));
        double[] mask = new double[NETWORK.parameters()];
        java.util.Arrays.fill(mask, 0, ROWS, 1);
        Trainer.Plan plan = new Trainer.Plan(
                "run",
                new BatchPlan(ROWS, batch, true, 5),
                validation ? ROWS : 0,
                new Penalty(0.01, 0, false, Vector.wrap(mask)),
                Clipping.NONE,
                0,
                5,
                List.of(0, NETWORK.parameters()),
                StopRules.read(settings),
                CurvatureRules.read(settings),
                ObserveRules.NONE);
        Told told = new Told();
        told.outcome = outcome(plan, Optimizers.read(settings), told);
        return told;
    }

    private static <S extends Record> Outcome outcome(Trainer.Plan plan, Optimizer<S> optimizer, Told told) {
        return new Trainer<>(engine(3), plan, optimizer, List.of(told), Keeper.NONE).run(START);
    }

    private static final String DESCENT = "optimizer=gradient-descent,learning-rate=0.01";

    @ParameterizedTest(name = "stop '{' {0} '}', batches of {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "epochs = 3|4|epochs|9|3",
                "steps = 5|4|steps|5|1",
                "steps = 5, epochs = 1|4|epochs|3|1",
                "target-loss = 2.25|10|target-loss|4|4",
                "target-loss = 100|4|target-loss|3|1",
                "gradient-norm = 1000|10|gradient-norm|1|1",
                "gradient-norm = 1000|3|gradient-norm|4|1",
                "minutes = 1e-9|4|minutes|1|0",
            })
    void each_rule_stops_with_its_reason(String stop, int batch, String rule, long steps, long epochs) {
        Told told = run(stop.replace(", ", ","), batch, DESCENT, false);
        assertThat(told.outcome.reason().rule()).isEqualTo(rule);
        assertThat(told.outcome.reason().advice()).isNotBlank();
        if (!rule.equals("target-loss") || batch < ROWS) {
            assertThat(told.outcome.steps()).isEqualTo(steps);
            assertThat(told.outcome.epochs()).isEqualTo(epochs);
        } else {
            assertThat(told.steps.get(told.steps.size() - 1).loss()).isLessThanOrEqualTo(2.25);
            assertThat(told.steps.get(told.steps.size() - 2).loss()).isGreaterThan(2.25);
        }
    }

    @Test
    void nothing_given_is_twenty_epochs() {
        assertThat(run("", 10, DESCENT, false).outcome.steps()).isEqualTo(20);
    }

    @Test
    void looks_at_the_curvature_change_nothing() {
        Told plain = run("epochs=5", 4, DESCENT, false);
        Told looking = run("epochs=5", 4, DESCENT + ",curvature={every-epochs=2,tolerance=1e-9}", false);
        assertThat(looking.outcome.last()).isEqualTo(plain.outcome.last());
        assertThat(looking.outcome.evaluations()).isEqualTo(plain.outcome.evaluations());
        assertThat(looking.epochs)
                .extracting(epoch -> epoch.sharpness().isPresent())
                .containsExactly(false, true, false, true, false);
        Sharpness sharpness = looking.epochs.get(3).sharpness().get();
        // Cross-entropy's Hessian is at most half the mean of ||(x, 1)||^2, here (0 + 1 + 4 + … + 81) / 10 + 1.
        assertThat(sharpness.lambdaMax()).isBetween(0.01, (28.5 + 1) / 2 + 0.01);
        assertThat(sharpness.lambdaMin()).isBetween(-1e-9, sharpness.lambdaMax());
        assertThat(sharpness.maxResidual()).isLessThan(1e-8);
    }

    @Test
    void records_say_what_happened() {
        Told told = run("epochs=2", 4, DESCENT, false);
        assertThat(told.steps).extracting(StepRecord::step).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(told.steps).extracting(StepRecord::epoch).containsExactly(0L, 0L, 0L, 1L, 1L, 1L);
        assertThat(told.steps).extracting(StepRecord::rows).containsExactly(4L, 4L, 2L, 4L, 4L, 2L);
        assertThat(told.steps).extracting(StepRecord::evaluations).containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(told.steps).allSatisfy(step -> {
            assertThat(step.learningRate()).hasValue(0.01);
            // A plain step is the learning rate times the gradient.
            assertThat(step.stepNorm()).isCloseTo(0.01 * step.gradientNorm(), within(1e-12));
        });
        assertThat(told.steps.get(0).loss()).isCloseTo(Math.log(ROWS), within(1e-14));
        StepRecord[] s = told.steps.toArray(new StepRecord[0]);
        assertThat(told.epochs.get(0).loss())
                .as("the short batch counts with its rows")
                .isCloseTo((4 * s[0].loss() + 4 * s[1].loss() + 2 * s[2].loss()) / 10, within(1e-14));
        assertThat(told.outcome.rowsTouched()).isEqualTo(20);
        Told rprop = run("epochs=2", 10, "optimizer=rprop", false);
        assertThat(rprop.steps)
                .allSatisfy(step -> assertThat(step.learningRate()).isEmpty());
        assertThat(rprop.epochs.get(1).loss()).isEqualTo(rprop.steps.get(1).loss());
    }

    @Test
    void a_full_batch_step_is_the_gradient_of_all_rows() {
        Told told = run("epochs=1", 10, DESCENT, false);
        double[] features = new double[ROWS];
        int[] labels = new int[ROWS];
        for (int i = 0; i < ROWS; i++) {
            features[i] = i;
            labels[i] = i;
        }
        Buffer gradient = Buffer.allocate(Precision.FLOAT64, NETWORK.parameters());
        new Propagation(NETWORK, Precision.FLOAT64, Blas.of(Blas.Kind.NATIVE), ROWS)
                .add(
                        new Block(ROWS, Buffer.wrap(features), labels, null, null),
                        Buffer.of(Precision.FLOAT64, START),
                        null,
                        null,
                        gradient,
                        new Sums(null, null));
        for (int i = 0; i < NETWORK.parameters(); i++) {
            assertThat(told.outcome.last().get(i)).isCloseTo(-0.01 * gradient.get(i) / ROWS, within(1e-15));
        }
    }

    @Test
    void divergence_names_the_step_and_keeps_finite_weights() {
        Told told = run("epochs=50", 10, "optimizer=gradient-descent,learning-rate=1e200", false);
        assertThat(told.outcome.reason().isDiverged()).isTrue();
        assertThat(told.outcome.reason().message()).contains("at step " + told.outcome.steps());
        assertThat(told.outcome.reason().advice()).contains("lower the learning rate");
        assertThat(told.outcome.last().isFinite()).isTrue();
        assertThat(told.steps)
                .hasSize((int) told.outcome.steps())
                .allSatisfy(step -> assertThat(step.loss()).isFinite());
    }

    @Test
    void patience_keeps_the_best_epoch_s_weights() {
        // The validation rows are the training rows; a rate this large makes some epochs worse than one before.
        Told told = run("patience=2,epochs=500", 5, "optimizer={name=momentum},learning-rate=0.2", true);
        assertThat(told.outcome.reason().rule()).isEqualTo("patience");
        int best = (int) told.outcome.bestEpoch();
        assertThat(best).isEqualTo(told.epochs.size() - 3);
        double bestLoss = told.epochs.get(best).validation().loss();
        assertThat(told.epochs)
                .allSatisfy(epoch -> assertThat(epoch.validation().loss()).isGreaterThanOrEqualTo(bestLoss));
        assertThat(told.outcome.best()).isNotEqualTo(told.outcome.last());
        assertThat(told.epochs.get(best).best()).isTrue();
    }

    @Test
    void every_batch_plan_covers_its_rows() {
        BatchPlan plan = new BatchPlan(10, 4, true, 1);
        assertThat(plan.stepsPerEpoch()).isEqualTo(3);
        assertThat(plan.batch(5).rows()).isEqualTo(2);
        assertThat(plan.batch(3).key())
                .isEqualTo(plan.batch(5).key())
                .isNotEqualTo(plan.batch(0).key());
        assertThat(plan.endsEpoch(2)).isTrue();
        assertThat(plan.endsEpoch(3)).isFalse();
        assertThat(new BatchPlan(10, 10, true, 1).batch(7).isAll()).isTrue();
        assertThat(new BatchPlan(10, 4, false, 1).batch(4).from()).isEqualTo(4);
    }
}
