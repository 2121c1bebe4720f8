package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Rates by hand, and where gradient descent ends under the lecture's decays: products with a closed form. What PyTorch
 * sets is in {@link TorchScheduleTest}.
 */
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
        assertThat(new LinearDecay(0.5, 0.25, Per.STEP).at(new Iteration(4, 2))).isEqualTo(0.25);
        assertThat(new LinearDecay(0.5, 0.25, Per.EPOCH).at(new Iteration(4, 2)))
                .isEqualTo(1 / 3.0);
        assertThat(new LinearDecay(0.5, 0, Per.STEP).at(later)).isEqualTo(0.5);
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
        assertThat(new StepDecay(1, 0.5, 1L << 60, Per.STEP).at(far)).isEqualTo(0x1p-4);
        // 2^62 = 4 (mod 6); periods of 3, 9, 27, … begin at (3^n - 3)/2
        assertThat(restarts(6, 1).at(far)).isCloseTo(0.25, within(1e-16));
        assertThat(restarts(3, 3).at(new Iteration((pow3(39) - 3) / 2, 0))).isEqualTo(1);
        assertThat(restarts(3, 3).at(new Iteration((pow3(39) - 3) / 2 + pow3(38), 0)))
                .isCloseTo(0.75, within(1e-16));
        assertThat(restarts(1, 1L << 40).at(new Iteration(Long.MAX_VALUE, 0))).isBetween(0.0, 1.0);
    }

    private static Schedule restarts(long length, long factor) {
        return new CosineDecay(1, 0, length, OptionalLong.of(factor), Per.STEP);
    }

    private static long pow3(int n) {
        return BigInteger.valueOf(3).pow(n).longValueExact();
    }

    @Test
    void decay_in_steps_falls_where_it_should() {
        Schedule steps = new StepDecay(8, 0.5, 3, Per.STEP);
        assertThat(rates(steps, 8)).containsExactly(8, 8, 8, 4, 4, 4, 2, 2);
        Schedule milestones = new MultiStepDecay(8, 0.25, List.of(1L, 4L, 5L), Per.STEP);
        assertThat(rates(milestones, 7)).containsExactly(8, 2, 2, 2, 0.5, 0.125, 0.125);
        assertThat(new StepDecay(8, 0.5, 3, Per.EPOCH).at(new Iteration(99, 6))).isEqualTo(2);
        assertThat(new MultiStepDecay(8, 0.25, List.of(4L), Per.EPOCH).at(new Iteration(99, 3)))
                .isEqualTo(8);
    }

    /** cos(pi/3) = 1/2, so a third of the way is 3/4 of the height. */
    @Test
    void cosine_meets_its_ends_exactly_and_stays_at_the_second() {
        Schedule cosine = new CosineDecay(0.3, 0.1, 6, OptionalLong.empty(), Per.STEP);
        assertThat(rates(cosine, 1)).containsExactly(0.3);
        assertThat(cosine.at(new Iteration(2, 0))).isCloseTo(0.25, within(1e-16));
        assertThat(cosine.at(new Iteration(3, 0))).isCloseTo(0.2, within(1e-16));
        assertThat(cosine.at(new Iteration(4, 0))).isCloseTo(0.15, within(1e-16));
        for (long k : new long[] {6, 7, 9, 12, 1L << 62}) {
            assertThat(cosine.at(new Iteration(k, 0))).isEqualTo(0.1);
        }
    }

    /** (1 + cos(pi k/T))/2 with 60 decimal digits: the plain formula has lost five digits at the end. */
    @ParameterizedTest
    @CsvSource({
        "999, 2.46739907091694418e-06",
        "998, 9.86957193143507620e-06",
        "900, 2.44717418524232136e-02",
        "1, 9.99997532600929051e-01"
    })
    void cosine_is_accurate_to_the_end(long k, double exact) {
        Schedule cosine = new CosineDecay(1, 0, 1000, OptionalLong.empty(), Per.STEP);
        assertThat(cosine.at(new Iteration(k, 0))).isCloseTo(exact, within(1e-15 * exact));
    }

    /** The formula of the cycle that {@link GoldenTrajectoryTest} has from PyTorch, with 60 decimal digits. */
    @ParameterizedTest
    @CsvSource({
        "1, 9.63458243034542974e-05, 9.49148654984195095e-01",
        "8, 9.51422374915230100e-04, 9.04613417973165079e-01",
        "16, 1.98365417569654591e-03, 8.50851345015804839e-01",
        "30, 1.56332180478338978e-03, 8.71833997096818858e-01",
        "57, 1.11771290981763561e-05, 9.49441541311256354e-01",
        "58, 2.80419163400857675e-06, 9.49860189859058957e-01"
    })
    void a_cycle_is_accurate_all_along(long k, double rate, double momentum) {
        OneCycle cycle = OneCycle.of(0.002, 60, Per.STEP);
        assertThat(cycle.at(new Iteration(k, 0))).isCloseTo(rate, within(7e-16 * rate));
        assertThat(cycle.momentum(new Iteration(k, 0)).orElseThrow()).isCloseTo(momentum, within(2e-16 * momentum));
    }

    @Test
    void polynomials_by_hand() {
        assertThat(rates(new PolynomialDecay(5, 1, 1, 4, Per.STEP), 7)).containsExactly(5, 4, 3, 2, 1, 1, 1);
        assertThat(rates(new PolynomialDecay(16, 0, 2, 4, Per.STEP), 6)).containsExactly(16, 9, 4, 1, 0, 0);
        assertThat(rates(new PolynomialDecay(2, 0, 0.5, 4, Per.STEP), 5)[3]).isEqualTo(1);
        assertThat(new PolynomialDecay(16, 0, 2, 4, Per.EPOCH).at(new Iteration(99, 1)))
                .isEqualTo(9);
    }

    /** The sum of a straight line's rates is (T + 1)/2 of the first. */
    @Test
    void a_line_sums_to_half_its_length() {
        double sum = Arrays.stream(rates(new PolynomialDecay(1, 0, 1, 64, Per.STEP), 200))
                .sum();
        assertThat(sum).isEqualTo(32.5);
    }

    @Test
    void a_warm_up_is_a_line_to_what_follows() {
        assertThat(rates(new Warmup(4, 0, new ConstantRate(2), Per.STEP), 6)).containsExactly(0.5, 1, 1.5, 2, 2, 2);
        assertThat(rates(new Warmup(4, 0.5, new ConstantRate(2), Per.STEP), 6))
                .containsExactly(1.25, 1.5, 1.75, 2, 2, 2);
        assertThat(rates(new Warmup(1, 0.5, new ConstantRate(2), Per.STEP), 2)).containsExactly(2, 2);
        Schedule linear = new Warmup(2, 0, new LinearDecay(6, Per.STEP), Per.STEP);
        assertThat(rates(linear, 6)).containsExactly(3, 6, 6, 3, 2, 1.5);
        Schedule epochs = new Warmup(2, 0, new LinearDecay(6, Per.EPOCH), Per.EPOCH);
        assertThat(epochs.at(new Iteration(9, 0))).isEqualTo(3);
        assertThat(epochs.at(new Iteration(99, 4))).isEqualTo(2);
    }

    @Test
    void a_cycle_stays_at_its_end() {
        OneCycle cycle = OneCycle.of(1, 10, Per.EPOCH);
        assertThat(cycle.at(new Iteration(99, 2))).isEqualTo(1);
        assertThat(cycle.momentum(new Iteration(99, 2))).hasValue(0.85);
        for (long k : new long[] {9, 10, 20, 1L << 62}) {
            assertThat(cycle.at(new Iteration(0, k))).isEqualTo(0.04 / 1e4);
            assertThat(cycle.momentum(new Iteration(0, k))).hasValue(0.95);
        }
    }

    @Test
    void a_cycle_leaves_momentum_alone_if_told_so() {
        Schedule cycle = new OneCycle(1, 10, 0.3, 25, 1e4, Anneal.COSINE, false, false, 0.85, 0.95, Per.STEP);
        assertThat(cycle.momentum(new Iteration(2, 0))).isEmpty();
        assertThat(new Warmup(5, 0, cycle, Per.STEP).momentum(new Iteration(2, 0)))
                .isEmpty();
    }

    @Test
    void momentum_behind_a_warm_up_waits_for_its_turn() {
        Schedule warm = new Warmup(5, 0, OneCycle.of(1, 10, Per.STEP), Per.STEP);
        assertThat(warm.momentum(new Iteration(0, 0))).hasValue(0.95);
        assertThat(warm.momentum(new Iteration(5, 0))).hasValue(0.95);
        assertThat(warm.momentum(new Iteration(7, 0))).hasValue(0.85);
        assertThat(warm.at(new Iteration(7, 0))).isEqualTo(1);
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

    /**
     * The product of 1 - c/(1 + d j) for j &lt; K is G((1-c)/d + K) G(1/d) / (G((1-c)/d) G(1/d + K)), G the gamma
     * function: with 60 decimal digits, of the doubles c and d.
     */
    @ParameterizedTest(name = "c = {0}, decay = {1}, {2} steps: {3}")
    @CsvSource({
        "0.5, 0.25, 40, 3.32225913621262458e-03",
        "1.4, 0.25, 300, 3.44283755468354302e-14",
        "0.25, 2, 1000, 3.15318940901264804e-01"
    })
    void linear_decay_is_as_slow_as_its_decay_says(double c, double decay, int steps, double exact) {
        assertThat(end(new LinearDecay(c, decay, Per.STEP), steps)).isCloseTo(exact, within(1e-12 * exact));
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

    private static double[] rates(Schedule schedule, int steps) {
        return LongStream.range(0, steps)
                .mapToDouble(k -> schedule.at(new Iteration(k, 0)))
                .toArray();
    }

    private static double end(Schedule schedule, int steps) {
        return Trajectory.end(descent(schedule), PARABOLA, Vector.of(1), steps).get(0);
    }

    private static Optimizer<?> descent(Schedule schedule) {
        return new GradientDescent(schedule, 0);
    }
}
