package dev.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.Settings;
import dev.lockstep.data.ShardPlan;
import dev.lockstep.data.ShardTest;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.JobEngine;
import dev.lockstep.distributed.MemoryEngine;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.network.NumberLoss;
import dev.lockstep.optimize.Clipping;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.optimize.Optimizers;
import dev.lockstep.optimize.Penalty;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What steps did, by hand. */
class MotionTest {
    private static final Vector ZERO = Vector.zeros(2);
    private static final double[][] ROWS = {{2, 0}, {0, 2}, {0, 2}, {0, 2}};
    private static final NumberLoss SQUARED_ERROR = new NumberLoss(NumberLoss.Kind.SQUARED_ERROR, 1);

    private static Vector vector(String numbers) {
        return Vector.of(Arrays.stream(numbers.split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray());
    }

    private static Motion ofGradients(String now, String before) {
        Vector gradient = vector(now);
        return Motion.of(
                gradient,
                before == null ? null : vector(before),
                Vector.zeros(gradient.size()),
                Vector.zeros(gradient.size()),
                Optional.empty());
    }

    @ParameterizedTest(name = "({0}) after ({1}): {2}")
    @CsvSource({
        "1 1 1 1,       1 2 3 4,         0",
        "1 -1 1 1,      1 2 3 4,         0.25",
        "-1 -1 -1 -1,   1 2 3 4,         1",
        "0 -1 1,        1 2 0,           0.3333333333333333",
        "-0.0 0.0,      1 -1,            0",
        // Their product is below the least double.
        "1e-200 -1e-200, -1e-200 -1e-200, 0.5",
    })
    void a_sign_changes_from_one_side_of_zero_to_the_other(String now, String before, double share) {
        assertThat(ofGradients(now, before).signChanges()).hasValue(share);
    }

    @Test
    void the_first_step_has_none_before_it() {
        Motion first = Motion.of(Vector.of(1, 2), null, Vector.of(3, 4), ZERO, Optional.empty());
        assertThat(first.signChanges()).isEmpty();
        assertThat(first.cosine()).isEmpty();
        assertThat(first.stepSizes()).isEmpty();
    }

    @ParameterizedTest(name = "({0}) after ({1}): {2}")
    @CsvSource({
        "1 0,     2 0,       1",
        "1 0,     -3 0,      -1",
        "0 5,     2 0,       0",
        "3 4,     4 3,       0.96",
        "1 0,     1 1,       0.7071067811865476",
        "3e-200 4e-200, 4e-200 3e-200, 0.96",
        "3e200 4e200, 4e200 3e200, 0.96",
    })
    void the_cosine_is_that_of_the_angle(String now, String before, double cosine) {
        Motion motion = Motion.of(ZERO, ZERO, vector(now), vector(before), Optional.empty());
        assertThat(motion.cosine().getAsDouble())
                .isCloseTo(cosine, within(1e-15))
                .isBetween(-1.0, 1.0);
    }

    @Test
    void no_step_has_no_angle() {
        assertThat(Motion.of(ZERO, ZERO, ZERO, Vector.of(1, 0), Optional.empty())
                        .cosine())
                .isEmpty();
        assertThat(Motion.of(ZERO, ZERO, Vector.of(1, 0), ZERO, Optional.empty())
                        .cosine())
                .isEmpty();
    }

    @ParameterizedTest(name = "({0}): {1} {2} {3}")
    @CsvSource({
        "7,             7,   7,   7",
        "3 1,           1,   2,   3",
        "5 1 4,         1,   4,   5",
        "9 1 8 2,       1,   5,   9",
        "2 2 2 2 2 2,   2,   2,   2",
        "50 1e-6 1 1 2, 1e-6, 1,  50",
    })
    void sizes_are_told_by_their_ends_and_their_middle(String sizes, double min, double median, double max) {
        Motion motion = Motion.of(ZERO, ZERO, ZERO, ZERO, Optional.of(vector(sizes)));
        assertThat(motion.stepSizes()).contains(new Motion.Sizes(min, median, max));
    }

    /** Least squares over four rows: the objective is (w1^2 + 3 w2^2) / 2, exactly. */
    private static List<Motion> run(String optimizer, int steps, double... start) {
        Network network = new Network(List.of(new Layer(2, 1, Activation.IDENTITY, false)), SQUARED_ERROR, 0);
        Engine engine = new MemoryEngine(
                ShardTest.shards(ROWS, new double[ROWS.length][1], new ShardPlan(1, 1), Precision.FLOAT64),
                new JobEngine.Arithmetic(network, 1, Precision.FLOAT64, Blas.Kind.JAVA, ROWS.length, false));
        Settings settings = Settings.of(Settings.inline("stop={steps=" + steps + "}," + optimizer, "test"));
        Trainer.Plan plan = new Trainer.Plan(
                "test",
                new BatchPlan(ROWS.length, ROWS.length, true, 1),
                0,
                new Penalty(0, 0, false, Vector.zeros(2)),
                Clipping.NONE,
                0,
                1,
                List.of(0, 2),
                StopRules.read(settings),
                CurvatureRules.NONE,
                new ObserveRules(true, false, false, 0));
        List<Motion> motions = new ArrayList<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void step(StepRecord step) {
                motions.add(step.motion().orElseThrow());
            }
        };
        train(engine, plan, Optimizers.read(settings), listener, Vector.of(start));
        return motions;
    }

    private static <S extends Record> void train(
            Engine engine, Trainer.Plan plan, Optimizer<S> optimizer, TrainingListener listener, Vector start) {
        new Trainer<>(engine, plan, optimizer, List.of(listener), Keeper.NONE).run(start);
    }

    /** A step of rate 1/2 multiplies the derivatives by 1/2 and by -1/2: (6, 3), (3, -3/2), (3/2, 3/4), … */
    @Test
    void the_loop_tells_what_its_steps_did() {
        List<Motion> motions = run("optimizer=gradient-descent,learning-rate=0.5", 6, 6, 1);
        assertThat(motions.get(0))
                .isEqualTo(new Motion(OptionalDouble.empty(), OptionalDouble.empty(), Optional.empty()));
        assertThat(motions.subList(1, 6)).allSatisfy(motion -> {
            assertThat(motion.signChanges()).hasValue(0.5);
            assertThat(motion.cosine().getAsDouble()).isCloseTo((36.0 - 9) / (36 + 9), within(1e-15));
            assertThat(motion.stepSizes()).isEmpty();
        });
    }

    /**
     * From (3/4, 8) with first steps of 1: the first coordinate goes to -1/4, rests, to 1/4, rests, to 0; the second to 7,
     * 5.5, 3.25, -1/8, and rests.
     */
    @Test
    void the_loop_tells_the_step_sizes_of_resilient_propagation() {
        String rprop = "optimizer={name=rprop,initial-step=1,min-step=0,increase=1.5,decrease=0.5}";
        List<Motion> motions = run(rprop, 5, 0.75, 8);
        assertThat(motions)
                .extracting(motion -> motion.stepSizes().orElseThrow())
                .containsExactly(
                        new Motion.Sizes(1, 1, 1),
                        new Motion.Sizes(0.5, 1, 1.5),
                        new Motion.Sizes(0.5, 1.375, 2.25),
                        new Motion.Sizes(0.25, 1.8125, 3.375),
                        new Motion.Sizes(0.25, 0.96875, 1.6875));
        assertThat(motions)
                .extracting(motion -> motion.signChanges().orElse(-1))
                .containsExactly(-1.0, 0.5, 0.0, 0.5, 0.5);
        double[] cosines = {Math.sqrt(0.5), 2.25 / Math.hypot(0.5, 2.25), 2.25 / Math.hypot(0.5, 2.25), 0};
        for (int i = 0; i < cosines.length; i++) {
            assertThat(motions.get(i + 1).cosine().getAsDouble()).isCloseTo(cosines[i], within(1e-15));
        }
    }
}
