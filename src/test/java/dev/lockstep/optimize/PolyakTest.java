package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PolyakTest {
    /** As good as no cap. */
    private static final Schedule FREE = new ConstantRate(1e300);

    /** E = |x| + 2 |y|, least 0; a subgradient has a norm of at most sqrt 5. */
    private static final Objective KINKED = Objective.of(
            2,
            w -> new Evaluation(
                    Math.abs(w.get(0)) + 2 * Math.abs(w.get(1)),
                    Vector.of(Math.signum(w.get(0)), 2 * Math.signum(w.get(1)))));

    /** On a w^2/2 the rate is 1/(2 a): the error halves. */
    @ParameterizedTest
    @ValueSource(doubles = {1, 4, 0.25, 1024})
    void on_a_parabola_the_error_halves_in_every_step(double a) {
        Polyak optimizer = new Polyak(FREE, 0);
        var steps = Trajectory.steps(optimizer, Problems.quadratic(a), Vector.of(-8), 20);
        for (int k = 0; k < 20; k++) {
            Step<Polyak.State> step = steps.get(k);
            assertThat(step.point()).isEqualTo(Vector.of(-8 * Math.pow(0.5, k + 1)));
            assertThat(optimizer.learningRate(Iteration.fullBatch(k), step.state()))
                    .hasValue(1 / (2 * a));
        }
    }

    @Test
    void so_it_does_in_many_dimensions_of_one_curvature_above_any_minimum() {
        // E = 3 ||w - c||^2 / 2 - 13.5 with c = (1, 2, -2)
        Objective bowl = Problems.quadratic(Vector.filled(3, 3), Vector.of(-3, -6, 6));
        Vector start = Vector.of(5, -1, 0.5);
        Vector minimum = Vector.of(1, 2, -2);
        List<Vector> points = Trajectory.points(new Polyak(FREE, -13.5), bowl, start, 20);
        for (int k = 0; k <= 20; k++) {
            Vector expected = minimum.plus(Math.pow(0.5, k), start.minus(minimum));
            // the excess of 1e-11 is a difference of values of 13.5
            assertThat(points.get(k).minus(expected).maxAbs()).isLessThan(1e-8);
        }
    }

    /**
     * Polyak's theorem: no step leads away from a minimum, and the best of k values exceeds it by G R / sqrt k at
     * most.
     */
    @Test
    void with_kinks_the_distance_falls_and_the_best_value_keeps_its_bound() {
        Vector start = Vector.of(3, -0.7);
        var steps = Trajectory.steps(new Polyak(FREE, 0), KINKED, start, 200);
        Vector before = start;
        double best = Double.POSITIVE_INFINITY;
        for (int k = 1; k <= 200; k++) {
            Step<Polyak.State> step = steps.get(k - 1);
            best = Math.min(best, step.evaluation().value());
            assertThat(best).isLessThanOrEqualTo(Math.sqrt(5) * start.norm() / Math.sqrt(k));
            assertThat(step.point().norm()).isLessThanOrEqualTo(before.norm());
            before = step.point();
        }
    }

    /** Hazan and Kakade's for a gradient of constant L: 2 L R^2 / k. */
    @ParameterizedTest
    @ValueSource(doubles = {10, 1000, 1e5})
    void where_it_is_smooth_the_best_value_keeps_its_bound(double kappa) {
        var steps = Trajectory.steps(
                new Polyak(FREE, 0), Problems.quadratic(Problems.logSpaced(kappa)), Problems.START_20, 500);
        double square = Problems.START_20.dot(Problems.START_20);
        double best = Double.POSITIVE_INFINITY;
        for (int k = 1; k <= 500; k++) {
            best = Math.min(best, steps.get(k - 1).evaluation().value());
            assertThat(best).isLessThanOrEqualTo(2 * kappa * square / k);
        }
    }

    @Test
    void the_learning_rate_is_a_cap_and_may_be_a_schedule() {
        Polyak optimizer = new Polyak(new LinearDecay(0.25, Per.STEP), 0);
        // E = w^2/2: 1/2 without the cap
        var steps = Trajectory.steps(optimizer, Problems.quadratic(1), Vector.of(16), 2);
        assertThat(steps.stream().map(step -> step.point().get(0))).containsExactly(12.0, 10.5);
        assertThat(optimizer.learningRate(Iteration.fullBatch(1), steps.get(1).state()))
                .hasValue(0.125);
    }

    @Test
    void a_point_at_or_below_the_minimum_stays() {
        for (double minimum : new double[] {0.5, 7}) {
            Polyak optimizer = new Polyak(FREE, minimum);
            var steps = Trajectory.steps(optimizer, Problems.quadratic(1), Vector.of(1), 3);
            assertThat(steps.get(2).point()).isEqualTo(Vector.of(1));
            assertThat(optimizer.learningRate(
                            Iteration.fullBatch(2), steps.get(2).state()))
                    .hasValue(0);
        }
    }

    @Test
    void without_a_slope_there_is_no_move() {
        Objective plateau = Objective.of(2, w -> new Evaluation(3, Vector.of(0, 0)));
        Polyak optimizer = new Polyak(FREE, 0);
        var step = Trajectory.steps(optimizer, plateau, Vector.of(1, -1), 1).get(0);
        assertThat(step.point()).isEqualTo(Vector.of(1, -1));
        assertThat(optimizer.learningRate(Iteration.fullBatch(0), step.state())).hasValue(0);
    }

    @Test
    void slopes_whose_squares_underflow_are_slopes() {
        Objective flat = Objective.of(1, w -> new Evaluation(1e-200 * w.get(0), Vector.of(1e-200)));
        Vector end = Trajectory.end(new Polyak(FREE, 0), flat, Vector.of(5), 1);
        assertThat(end.get(0)).isCloseTo(0, within(1e-14));
    }

    @Test
    void a_value_that_is_no_number_does_not_pass_in_silence() {
        Objective broken = Objective.of(1, w -> new Evaluation(Double.NaN, Vector.of(1)));
        var step =
                Trajectory.steps(new Polyak(FREE, 0), broken, Vector.of(1), 1).get(0);
        assertThat(step.point().get(0)).isNaN();
        assertThat(step.isFinite()).isFalse();
    }

    @Test
    void mini_batches_are_allowed() {
        assertThat(new Polyak(FREE, 0).fullBatchOnly()).isFalse();
    }
}
