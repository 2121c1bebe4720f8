package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a learning rate does on quadratics, where the error after k steps is known in closed form. */
class GradientDescentTest {
    @ParameterizedTest(name = "{0} times the optimal rate: {1} changes of sign, error {2} after 20 steps")
    @CsvSource({
        "0.5, 0, 9.5367431640625e-7",
        "0.99, 0, 1e-40",
        "1, 0, 0",
        "1.5, 20, 9.5367431640625e-7",
        "1.99, 20, 0.8179069375972307",
        "2, 20, 1",
        "2.01, 20, 1.2201900399479664"
    })
    void the_regimes_of_a_step_on_a_parabola(double multiple, int signChanges, double error) {
        List<Vector> points = Trajectory.points(constant(multiple / 4), Problems.quadratic(4), Vector.of(1), 20);
        int changes = 0;
        for (int k = 0; k < 20; k++) {
            changes += points.get(k).get(0) * points.get(k + 1).get(0) < 0 ? 1 : 0;
        }
        assertThat(changes).isEqualTo(signChanges);
        assertThat(Math.abs(points.get(20).get(0))).isCloseTo(error, within(1e-12 * error));
    }

    @ParameterizedTest(name = "{0} times the stiff optimum multiplies the errors by {1} and {2}")
    @CsvSource({"2.1, 0.307, -1.1", "2, 0.34, -1", "1.5, 0.505, -0.5", "1, 0.67, 0", "0.75, 0.7525, 0.25"})
    void one_rate_for_two_curvatures_is_right_for_one_of_them(double multiple, double soft, double stiff) {
        // optimal rates 1 and 0.33, as the lecture draws them
        Objective objective = Problems.quadratic(1, 1 / 0.33);
        Vector end = Trajectory.end(constant(multiple * 0.33), objective, Vector.of(1, 1), 8);
        assertThat(end.get(0)).isCloseTo(Math.pow(soft, 8), within(1e-14));
        assertThat(end.get(1)).isCloseTo(Math.pow(stiff, 8), within(1e-14));
    }

    @Test
    void the_minimum_moves_with_the_linear_term_and_each_coordinate_goes_its_own_way() {
        double[] a = {0.5, 2, 7};
        Objective objective = Problems.quadratic(Vector.of(a), Vector.of(1, -3, 14));
        double[] minimum = {-2, 1.5, -2};
        Vector start = Vector.of(3, -1, 0.25);
        Vector end = Trajectory.end(constant(0.2), objective, start, 30);
        for (int i = 0; i < 3; i++) {
            double error = Math.pow(1 - 0.2 * a[i], 30) * (start.get(i) - minimum[i]);
            assertThat(end.get(i) - minimum[i]).isCloseTo(error, within(2e-15));
        }
    }

    @ParameterizedTest(name = "kappa {0}: {1} after 50 steps")
    @CsvSource({"10, 4.390e-5", "100, 0.367867", "1000, 0.904837"})
    void the_best_constant_rate_shrinks_the_ends_of_the_spectrum_alike(double kappa, double error) {
        Vector end = Trajectory.end(constant(2 / (1 + kappa)), Problems.quadratic(1, kappa), Vector.of(1, 1), 50);
        assertThat(end.get(0)).isCloseTo(error, within(5e-4 * error));
        assertThat(end.get(1)).isCloseTo(end.get(0), within(1e-12 * error));
    }

    @Test
    void beyond_the_limit_only_the_stiff_coordinate_grows() {
        Vector end = Trajectory.end(constant(1.01 * 2 / 50), Problems.quadratic(1, 10, 50), Vector.of(1, 1, 1), 100);
        assertThat(end.get(2)).isCloseTo(Math.pow(1.02, 100), within(1e-11));
        assertThat(Math.abs(end.get(0))).isLessThan(1);
        assertThat(Math.abs(end.get(1))).isLessThan(1);
    }

    @Test
    void weight_decay_is_a_pull_to_zero_that_the_log_does_not_show() {
        // a flat objective leaves the decay alone: w(k) = (1 - eta decay)^k w(0)
        Optimizer<GradientDescent.State> optimizer = new GradientDescent(new ConstantRate(0.5), 0.5);
        List<Step<GradientDescent.State>> steps =
                Trajectory.steps(optimizer, Problems.slope(0, 0), Vector.of(1, -16), 4);
        assertThat(steps.get(3).point()).isEqualTo(Vector.of(0.31640625, -5.0625));
        assertThat(steps.get(3).evaluation().value()).isZero();
        assertThat(steps.get(3).evaluation().gradientNorm()).isZero();
    }

    @Test
    void decoupled_decay_multiplies_the_error_of_a_parabola_with_one_factor_more() {
        // w(k+1) = (1 - eta decay - eta a) w(k), here 1 - 1/8 - 1/2
        Optimizer<?> optimizer = new GradientDescent(new ConstantRate(0.25), 0.5, true);
        assertThat(Trajectory.points(optimizer, Problems.quadratic(2), Vector.of(1), 3))
                .containsExactly(Vector.of(1), Vector.of(0.375), Vector.of(0.140625), Vector.of(0.052734375));
    }

    private static Optimizer<?> constant(double rate) {
        return new GradientDescent(new ConstantRate(rate), 0);
    }
}
