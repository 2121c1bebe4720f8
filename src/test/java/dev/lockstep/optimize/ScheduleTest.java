package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import java.math.BigInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lecture's decays by hand, and where gradient descent ends under them: products with a closed form. */
class ScheduleTest {
    private static final Objective PARABOLA = Problems.quadratic(1);

    @Test
    void rates_by_hand() {
        Iteration first = new Iteration(0, 0);
        Iteration later = new Iteration(3, 1);
        assertThat(new ConstantRate(0.3).at(later)).isEqualTo(0.3);
        assertThat(new LinearDecay(0.5, Per.STEP).at(first)).isEqualTo(0.5);
        assertThat(new LinearDecay(0.5, Per.STEP).at(later)).isEqualTo(0.125);
        assertThat(new LinearDecay(0.5, Per.EPOCH).at(later)).isEqualTo(0.25);
        assertThat(new QuadraticDecay(0.5, Per.STEP).at(first)).isEqualTo(0.5);
        assertThat(new QuadraticDecay(0.5, Per.STEP).at(later)).isEqualTo(0.03125);
        assertThat(new QuadraticDecay(0.5, Per.EPOCH).at(later)).isEqualTo(0.125);
        assertThat(new ExponentialDecay(0.5, Math.log(2), Per.STEP).at(first)).isEqualTo(0.5);
        assertThat(new ExponentialDecay(0.5, Math.log(2), Per.STEP).at(later)).isCloseTo(0.0625, within(1e-16));
        assertThat(new ExponentialDecay(0.5, Math.log(2), Per.EPOCH).at(later)).isCloseTo(0.25, within(1e-16));
    }

    @Test
    void counting_does_not_overflow() {
        Iteration far = new Iteration(1L << 62, 0);
        assertThat(new LinearDecay(1, Per.STEP).at(far)).isEqualTo(0x1p-62);
        assertThat(new QuadraticDecay(1, Per.STEP).at(far)).isEqualTo(0x1p-124);
        assertThat(new ExponentialDecay(1, 1, Per.STEP).at(far)).isZero();
    }

    /** With curvature 1 and initial = c the error is the product of (1 - c/j), a binomial coefficient up to j &lt; c. */
    @ParameterizedTest(name = "c = {0}: up to {1}, then exactly 0")
    @CsvSource({"3, 2", "10, 126", "20, 92378"})
    void linear_decay_overshoots_by_a_binomial_coefficient_and_ends_exactly_at_the_minimum(int c, double peak) {
        var points = Trajectory.points(descent(new LinearDecay(c, Per.STEP)), PARABOLA, Vector.of(1), c);
        double largest = points.stream().mapToDouble(Vector::maxAbs).max().orElseThrow();
        assertThat(largest).isCloseTo(peak, within(1e-11 * peak));
        assertThat(points.get(c - 1).get(0)).isNotZero();
        assertThat(points.get(c).get(0)).isZero();
    }

    /** The product of (1 - 1/(2j)) for j = 1…K is binomial(2K, K) / 4^K, which falls like K^(-1/2). */
    @ParameterizedTest
    @CsvSource({"20", "500"})
    void linear_decay_is_polynomially_slow(int steps) {
        double end = end(new LinearDecay(0.5, Per.STEP), steps);
        BigInteger binomial = BigInteger.ONE;
        for (int j = 1; j <= steps; j++) {
            binomial = binomial.multiply(BigInteger.valueOf(steps + j)).divide(BigInteger.valueOf(j));
        }
        // 4^K shifted out so that the quotient fits a double
        double exact = Math.scalb(binomial.shiftRight(2 * steps - 60).doubleValue(), -60);
        assertThat(end).isCloseTo(exact, within(1e-13 * exact));
    }

    /** Euler: the product of (1 - c/j^2) over all j is sin(pi sqrt c)/(pi sqrt c). */
    @ParameterizedTest
    @CsvSource({"0.5", "1.5", "2.5", "3.5", "10.5"})
    void quadratic_decay_comes_to_rest_away_from_the_minimum(double c) {
        int steps = 20_000;
        double root = Math.PI * Math.sqrt(c);
        // the factors left out, j > K: exp(-c (1/K - 1/(2K^2) + …))
        double tail = Math.exp(-c * (1.0 / steps - 0.5 / ((double) steps * steps)));
        double exact = Math.sin(root) / root / tail;
        assertThat(end(new QuadraticDecay(c, Per.STEP), steps)).isCloseTo(exact, within(2e-11 * Math.abs(exact)));
    }

    /**
     * The product of (1 - c q^j), q = e^(-decay), over all j: Euler's series for the q-Pochhammer symbol, summed with 80
     * decimal digits.
     */
    @ParameterizedTest(name = "c = {0}, decay = {1}: {2}")
    @CsvSource({
        "0.5, 0.1, 2.07601745902114172e-03",
        "2.5, 0.1, 3.72999489210814566e-11",
        "10.5, 0.05, 1.02868105414560332e-04"
    })
    void exponential_decay_comes_to_rest_away_from_the_minimum(double c, double decay, double exact) {
        assertThat(end(new ExponentialDecay(c, decay, Per.STEP), 1500)).isCloseTo(exact, within(1e-12 * exact));
    }

    @Test
    void rates_counted_by_epoch_are_the_same_all_through_an_epoch() {
        Schedule schedule = new ExponentialDecay(0.1, 0.5, Per.EPOCH);
        assertThat(schedule.at(new Iteration(10, 2))).isEqualTo(schedule.at(new Iteration(14, 2)));
        assertThat(schedule.at(new Iteration(15, 3))).isCloseTo(0.1 * Math.exp(-1.5), within(1e-17));
    }

    private static double end(Schedule schedule, int steps) {
        return Trajectory.end(descent(schedule), PARABOLA, Vector.of(1), steps).get(0);
    }

    private static Optimizer<?> descent(Schedule schedule) {
        return new GradientDescent(schedule, 0);
    }
}
