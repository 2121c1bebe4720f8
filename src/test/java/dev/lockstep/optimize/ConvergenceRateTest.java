package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Declared rates, measured: quadratics in 20 dimensions with eigenvalues from 1 to kappa, evenly spaced in logarithms.
 *
 * <p>The iteration counts were computed apart from this project, with NumPy, from the same start.
 */
class ConvergenceRateTest {
    @ParameterizedTest(name = "kappa {0}: {1} steps")
    @CsvSource({"10, 63", "100, 626", "1000, 6260"})
    void gradient_descent_needs_about_seven_kappa_steps_for_six_digits(double kappa, int expected) {
        Schedule rate = new ConstantRate(2 / (1 + kappa));
        assertThat(stepsForSixDigits(new GradientDescent(rate, 0), kappa)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "kappa {0}: {1} steps")
    @CsvSource({"10, 24", "100, 81", "1000, 276", "10000, 933"})
    void the_heavy_ball_needs_about_seven_root_kappa(double kappa, int expected) {
        assertThat(stepsForSixDigits(bestHeavyBall(kappa), kappa)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "kappa {0}: {1} steps with the textbook constants, {2} with the best")
    @CsvSource({"10, 40, 34", "100, 145, 125", "1000, 475, 411", "10000, 1520, 1316"})
    void nesterov_needs_about_fourteen_root_kappa(double kappa, int textbook, int best) {
        double tuned = Math.sqrt(3 * kappa + 1);
        assertThat(stepsForSixDigits(bestNesterov(kappa), kappa)).isEqualTo(textbook);
        assertThat(stepsForSixDigits(
                        new Nesterov(new ConstantRate(4 / (3 * kappa + 1)), (tuned - 2) / (tuned + 2), 0), kappa))
                .isEqualTo(best);
    }

    @ParameterizedTest(name = "{0}: {1} steps")
    @CsvSource({"IRPROP_MINUS, 60", "RPROP_PLUS, 55", "RPROP_MINUS, 40"})
    void rprop_does_not_feel_the_condition_of_a_quadratic_along_the_axes(Rprop.Variant variant, int expected) {
        for (double kappa : new double[] {10, 100, 1000, 10_000}) {
            assertThat(stepsForSixDigits(rprop(variant), kappa)).isEqualTo(expected);
        }
    }

    @ParameterizedTest(name = "kappa {0}: {1} steps")
    @CsvSource({"10, 57", "100, 59", "1000, 57"})
    void irprop_plus_feels_it_a_little_as_it_compares_values(double kappa, int expected) {
        assertThat(stepsForSixDigits(rprop(Rprop.Variant.IRPROP_PLUS), kappa)).isEqualTo(expected);
    }

    @Test
    void rprop_feels_it_on_the_diagonals() {
        Rprop rprop = rprop(Rprop.Variant.IRPROP_MINUS);
        assertThat(stepsForSixDigits(rprop, Problems.rotated(1000), Vector.of(1, -0.3)))
                .isGreaterThan(3 * stepsForSixDigits(rprop, Problems.quadratic(1, 1000), Vector.of(1, -0.3)));
    }

    /**
     * At the best constants the errors at both ends of the spectrum have a double root r: they are exactly (1 + c k) r^k,
     * c = (1 - eta lambda)/r - 1, with r = ±(sqrt kappa - 1)/(sqrt kappa + 1).
     */
    @ParameterizedTest(name = "kappa {0}")
    @CsvSource({"10", "100", "1000", "10000"})
    void the_heavy_ball_has_its_declared_rate(double kappa) {
        double rate = (Math.sqrt(kappa) - 1) / (Math.sqrt(kappa) + 1);
        double eta = 4 / Math.pow(Math.sqrt(kappa) + 1, 2);
        Vector end = Trajectory.end(bestHeavyBall(kappa), Problems.quadratic(1, kappa), Vector.of(1, 1), 60);
        assertDoubleRoot(end.get(0), rate, 1 - eta, 60);
        assertDoubleRoot(end.get(1), -rate, 1 - eta * kappa, 60);
    }

    /** The same at the soft end, r = 1 - 1/sqrt kappa; the stiff end is reached in one step. */
    @ParameterizedTest(name = "kappa {0}")
    @CsvSource({"10", "100", "1000", "10000"})
    void nesterov_has_its_declared_rate(double kappa) {
        Vector end = Trajectory.end(bestNesterov(kappa), Problems.quadratic(1, kappa), Vector.of(1, 1), 60);
        assertDoubleRoot(end.get(0), 1 - 1 / Math.sqrt(kappa), 1 - 1 / kappa, 60);
        assertThat(Math.abs(end.get(1))).isLessThan(1e-15);
    }

    private static void assertDoubleRoot(double error, double root, double firstFactor, int steps) {
        double exact = (1 + steps * (firstFactor / root - 1)) * Math.pow(root, steps);
        assertThat(error).isCloseTo(exact, within(1e-9 * Math.abs(exact)));
    }

    @Test
    void the_declared_limits_of_stability_are_the_measured_ones() {
        assertThat(largestStableRate(eta -> new GradientDescent(eta, 0))).isCloseTo(2, within(2e-3));
        assertThat(largestStableRate(eta -> new Momentum(eta, 0.9, 0))).isCloseTo(3.8, within(4e-3));
        assertThat(largestStableRate(eta -> new Nesterov(eta, 0.9, 0))).isCloseTo(3.8 / 2.8, within(2e-3));
    }

    private static double largestStableRate(Function<Schedule, Optimizer<?>> optimizer) {
        DoublePredicate grows = eta ->
                !(Trajectory.end(optimizer.apply(new ConstantRate(eta)), Problems.quadratic(1), Vector.of(1), 3000)
                                .maxAbs()
                        < 2);
        double stable = 0.5;
        double unstable = 8;
        while (unstable - stable > 1e-4) {
            double middle = (stable + unstable) / 2;
            if (grows.test(middle)) {
                unstable = middle;
            } else {
                stable = middle;
            }
        }
        return stable;
    }

    private static Optimizer<?> bestHeavyBall(double kappa) {
        double root = Math.sqrt(kappa);
        double beta = Math.pow((root - 1) / (root + 1), 2);
        return new Momentum(new ConstantRate(4 / ((root + 1) * (root + 1))), beta, 0);
    }

    private static Optimizer<?> bestNesterov(double kappa) {
        double root = Math.sqrt(kappa);
        return new Nesterov(new ConstantRate(1 / kappa), (root - 1) / (root + 1), 0);
    }

    private static Rprop rprop(Rprop.Variant variant) {
        return new Rprop(variant, 0.1, 0, 50, 1.2, 0.5);
    }

    private static int stepsForSixDigits(Optimizer<?> optimizer, double kappa) {
        return stepsForSixDigits(optimizer, Problems.quadratic(Problems.logSpaced(kappa)), Problems.START_20);
    }

    private static int stepsForSixDigits(Optimizer<?> optimizer, Objective objective, Vector start) {
        double target = 1e-6 * start.norm();
        return Trajectory.iterationsUntil(w -> w.norm() <= target, optimizer, objective, start, 20_000);
    }
}
