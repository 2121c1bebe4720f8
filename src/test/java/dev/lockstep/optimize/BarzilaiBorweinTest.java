package dev.lockstep.optimize;

import static dev.lockstep.optimize.BarzilaiBorwein.Variant.LONG;
import static dev.lockstep.optimize.BarzilaiBorwein.Variant.SHORT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BarzilaiBorweinTest {
    private static BarzilaiBorwein with(BarzilaiBorwein.Variant variant, double initialStep) {
        return new BarzilaiBorwein(variant, initialStep, 1e10);
    }

    /** E = (x^2 + 2 y^2)/2 from (1, 1) with eta(0) = 1/4: s = (-1/4, -1/2), y = (-1/4, -1), g(1) = (3/4, 1). */
    @ParameterizedTest
    @CsvSource({"LONG, 0.5555555555555556", "SHORT, 0.5294117647058824"})
    void the_second_step_by_hand(BarzilaiBorwein.Variant variant, double rate) {
        // s's = 5/16, s'y = 9/16, y'y = 17/16
        BarzilaiBorwein optimizer = with(variant, 0.25);
        var steps = Trajectory.steps(optimizer, Problems.quadratic(1, 2), Vector.of(1, 1), 2);
        assertThat(steps.get(0).point()).isEqualTo(Vector.of(0.75, 0.5));
        assertThat(optimizer.learningRate(Iteration.fullBatch(0), steps.get(0).state()))
                .hasValue(0.25);
        double got = optimizer
                .learningRate(Iteration.fullBatch(1), steps.get(1).state())
                .orElseThrow();
        assertThat(got).isCloseTo(rate, within(2e-16));
        assertThat(steps.get(1)
                        .point()
                        .minus(Vector.of(0.75 - 0.75 * rate, 0.5 - rate))
                        .maxAbs())
                .isLessThan(2e-16);
    }

    /**
     * The recursion by which Barzilai and Borwein prove it, with m(k) = (g_2(k)/g_1(k))^2 and curvatures 1 and c:
     * m(k+1) = m(k)/m(k-1)^2, for the short step times c^-2; so log m(k) is known from the first two.
     */
    @ParameterizedTest
    @EnumSource
    void in_the_plane_the_gradients_follow_their_closed_recursion(BarzilaiBorwein.Variant variant) {
        double c = 10;
        var steps = Trajectory.steps(with(variant, 0.05), Problems.quadratic(1, c), Vector.of(1, 0.3), 7);
        double shift = variant == LONG ? 0 : -2 * Math.log(c);
        double before = logRatio(steps.get(0));
        double now = logRatio(steps.get(1));
        for (int k = 1; k < 6; k++) {
            double m = Math.exp(before);
            double rate = variant == LONG ? (1 + m) / (1 + c * m) : (1 + c * m) / (1 + c * c * m);
            assertThat(steps.get(k).state().rate()).isCloseTo(rate, within(1e-12 * rate));
            double next = now - 2 * before + shift;
            before = now;
            now = next;
            assertThat(logRatio(steps.get(k + 1))).as("k = %s", k).isCloseTo(now, within(1e-9));
        }
    }

    private static double logRatio(Step<?> step) {
        Vector g = step.evaluation().gradient();
        return 2 * Math.log(Math.abs(g.get(1) / g.get(0)));
    }

    /**
     * R-order sqrt 2: twice as many digits take two steps more, as good as; linear convergence takes twice as many.
     */
    @ParameterizedTest
    @EnumSource
    void in_the_plane_digits_double_in_a_few_steps(BarzilaiBorwein.Variant variant) {
        int last = 0;
        for (int digits : new int[] {10, 20, 40, 80, 160}) {
            double target = Math.pow(10, -digits);
            int steps = Trajectory.iterationsUntil(
                    w -> w.norm() <= target, with(variant, 0.05), Problems.quadratic(1, 10), Vector.of(1, 0.3), 1000);
            if (last > 0) {
                assertThat(steps - last).as("%s digits", digits).isBetween(0, 5);
            }
            last = steps;
        }
        assertThat(last).isLessThan(25);
    }

    @ParameterizedTest
    @EnumSource
    void on_a_quadratic_every_step_is_the_inverse_of_a_curvature_that_it_has(BarzilaiBorwein.Variant variant) {
        var steps = Trajectory.steps(
                with(variant, 1e-3), Problems.quadratic(Problems.logSpaced(100)), Problems.START_20, 80);
        for (Step<BarzilaiBorwein.State> step : steps.subList(1, 80)) {
            assertThat(step.state().rate()).isBetween(0.01 * (1 - 1e-12), 1 + 1e-12);
        }
    }

    /** Measured apart from this project, as the counts of {@link ConvergenceRateTest}: the first step is 1/kappa. */
    @ParameterizedTest(name = "{0}, kappa {1}: {2} steps")
    @CsvSource({"LONG, 10, 24", "LONG, 100, 81", "SHORT, 10, 25", "SHORT, 100, 65"})
    void six_digits_take_a_few_times_the_root_of_kappa(BarzilaiBorwein.Variant variant, double kappa, int expected) {
        Objective bowl = Problems.quadratic(Problems.logSpaced(kappa));
        double target = 1e-6 * Problems.START_20.norm();
        assertThat(Trajectory.iterationsUntil(
                        w -> w.norm() <= target, with(variant, 1 / kappa), bowl, Problems.START_20, 1000))
                .isEqualTo(expected);
    }

    @Test
    void the_short_step_is_never_longer() {
        Objective valley = Problems.rosenbrock();
        for (Step<BarzilaiBorwein.State> step : Trajectory.steps(with(LONG, 1e-3), valley, Vector.of(-1.2, 1), 5)) {
            Vector next = step.point();
            double brief = with(SHORT, 1)
                    .step(Iteration.fullBatch(9), next, step.state(), valley)
                    .state()
                    .rate();
            double lengthy = with(LONG, 1)
                    .step(Iteration.fullBatch(9), next, step.state(), valley)
                    .state()
                    .rate();
            assertThat(brief).isLessThanOrEqualTo(lengthy * (1 + 1e-15));
        }
    }

    /**
     * Slopes 1, 2, 2: going down it gets steeper, then it does not change; then -1: curvature again, s = -2 eta, y =
     * -3.
     */
    @ParameterizedTest
    @EnumSource
    void without_positive_curvature_the_rate_stays(BarzilaiBorwein.Variant variant) {
        double[] slopes = {1, 2, 2, -1};
        var steps = Trajectory.steps(with(variant, 0.75), k -> Problems.slope(slopes[(int) k]), Vector.of(0), 4);
        assertThat(steps.stream().map(step -> step.state().rate())).containsExactly(0.75, 0.75, 0.75, 0.5);
    }

    @Test
    void no_rate_is_above_the_largest_step() {
        BarzilaiBorwein capped = new BarzilaiBorwein(LONG, 0.5, 3);
        // curvature 1/8: the rate were 8
        var steps = Trajectory.steps(capped, Problems.quadratic(0.125), Vector.of(64), 2);
        assertThat(steps.stream().map(step -> step.point().get(0))).containsExactly(60.0, 37.5);
        BarzilaiBorwein first = new BarzilaiBorwein(LONG, 5, 3);
        assertThat(first.start(Vector.of(1)).rate()).isEqualTo(3);
    }

    @Test
    void one_dimension_takes_two_steps() {
        for (BarzilaiBorwein.Variant variant : BarzilaiBorwein.Variant.values()) {
            List<Vector> points = Trajectory.points(with(variant, 1e-3), Problems.quadratic(7), Vector.of(3), 4);
            assertThat(points.get(2).maxAbs()).isLessThan(1e-12);
        }
    }

    @Test
    void batches_must_be_full() {
        assertThat(with(LONG, 1).fullBatchOnly()).isTrue();
    }
}
