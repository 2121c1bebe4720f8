package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.observe.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sequences whose rates are known: closed forms, with noise, down to a floor. */
class ConvergenceRateTest {
    private static Optional<ConvergenceRate> rate(int steps, IntToDoubleFunction norm) {
        return ConvergenceRate.of(
                IntStream.range(0, steps).mapToDouble(k -> k).toArray(),
                IntStream.range(0, steps).mapToDouble(norm).toArray());
    }

    /** Gradient descent on a quadratic: the gradient's part along lambda shrinks by 1 - eta lambda a step. */
    @ParameterizedTest(name = "eta {0}: {1}")
    @CsvSource({"0.05, 0.95", "0.1, 0.9", "0.15, 0.85", "0.195, 0.95"})
    void gradient_descent_on_a_quadratic_has_its_rate(double eta, double expected) {
        ConvergenceRate rate = rate(300, k -> Math.hypot(Math.pow(1 - eta, k), 10 * Math.pow(1 - 10 * eta, k)))
                .orElseThrow();
        assertThat(rate.kind()).isEqualTo(ConvergenceRate.Kind.LINEAR);
        assertThat(rate.value()).isCloseTo(expected, within(1e-9));
        assertThat(rate.low()).isCloseTo(rate.value(), within(1e-8));
    }

    @Test
    void a_noisy_geometric_sequence_has_its_rate_in_the_interval() {
        int covered = 0;
        for (int seed = 0; seed < 200; seed++) {
            int which = seed;
            ConvergenceRate rate = rate(
                            200, k -> Math.exp(Math.log(0.97) * k + 0.1 * Mixing.normal(Mixing.mix(which, k))))
                    .orElseThrow();
            assertThat(rate.kind()).isEqualTo(ConvergenceRate.Kind.LINEAR);
            covered += rate.low() <= 0.97 && 0.97 <= rate.high() ? 1 : 0;
        }
        assertThat(covered).isBetween(180, 200);
    }

    @ParameterizedTest(name = "step^-{0}")
    @CsvSource({"0.5", "1", "2"})
    void a_power_of_the_step_is_sublinear_with_its_exponent(double exponent) {
        ConvergenceRate rate = rate(1000, k -> 3 * Math.pow(k + 1, -exponent)).orElseThrow();
        assertThat(rate.kind()).isEqualTo(ConvergenceRate.Kind.SUBLINEAR);
        assertThat(rate.value()).isCloseTo(exponent, within(1e-9));
    }

    @Test
    void newtons_method_is_of_order_two() {
        // e(k+1) = e(k)^2 from 0.5, down to a floor.
        ConvergenceRate rate =
                rate(8, k -> Math.max(1e-17, Math.pow(0.5, Math.pow(2, k)))).orElseThrow();
        assertThat(rate.kind()).isEqualTo(ConvergenceRate.Kind.SUPERLINEAR);
        assertThat(rate.value()).isCloseTo(2, within(1e-9));
        assertThat(rate.text()).isEqualTo("gradient norm falls superlinearly, of order 2");
        // The step to the floor is cut short: it says nothing of the order, and nothing of how sure it is.
        assertThat(rate.low()).isCloseTo(2, within(1e-9));
        assertThat(rate.high()).isCloseTo(2, within(1e-9));
    }

    @Test
    void an_order_stands_beside_the_one_a_step_before() {
        double[] logs = {0, -1, -2.5, -5.25, -10.75};
        ConvergenceRate rate = rate(5, k -> Math.exp(logs[k])).orElseThrow();
        assertThat(rate.text()).isEqualTo("gradient norm falls superlinearly, of order 2 (a step before: 1.833)");
    }

    /** Those of L-BFGS on a small problem: its fall slows down, but step^-15 over thirteen steps is no law. */
    @Test
    void a_steep_power_over_a_few_steps_is_no_power_law() {
        double[] norms = {
            0.8635, 0.5122, 0.2201, 0.1003, 0.03862, 0.01605, 0.009924, 0.007418, 0.005949, 0.000674, 0.0002227,
            8.593e-05, 1.982e-05, 2.547e-06, 7.889e-07, 3.154e-07, 1.294e-07, 5.522e-08, 2.433e-08, 1.101e-08,
            5.075e-09, 2.372e-09, 1.119e-09, 5.318e-10, 2.54e-10, 1.218e-10
        };
        ConvergenceRate rate = rate(norms.length, k -> norms[k]).orElseThrow();
        assertThat(rate.kind()).isEqualTo(ConvergenceRate.Kind.LINEAR);
        assertThat(rate.value()).isBetween(0.4, 0.5);
        assertThat(rate.isClear()).isFalse();
        assertThat(rate.text())
                .endsWith("; roughly: neither a factor a step nor a power of the step fits clearly better");
        // Of a noisy geometric sequence a power law as steep is the other candidate, and none.
        assertThat(rate(200, k -> Math.exp(-0.05 * k + 0.1 * Mixing.normal(Mixing.mix(7, k))))
                        .orElseThrow()
                        .isClear())
                .isTrue();
    }

    @Test
    void the_median_of_two_rates_is_their_mean_with_an_interval_that_holds_both() {
        ConvergenceRate first = rate(100, k -> Math.pow(0.8, k)).orElseThrow();
        ConvergenceRate second = rate(100, k -> Math.pow(0.9, k)).orElseThrow();
        ConvergenceRate median = ConvergenceRate.median(List.of(second, first)).orElseThrow();
        assertThat(median.value()).isCloseTo(0.85, within(1e-9));
        assertThat(median.low()).isCloseTo(0.8, within(1e-8));
        assertThat(median.high()).isCloseTo(0.9, within(1e-8));
        assertThat(ConvergenceRate.median(List.of(second, second, first)).orElseThrow())
                .isEqualTo(second);
        assertThat(ConvergenceRate.median(List.of())).isEmpty();
    }

    /** What eight products found of an eigenvalue 0.0499: too large, and the residual says that it may be. */
    @Test
    void a_smallest_eigenvalue_that_is_not_sharp_gives_theory_as_a_bound_without_its_digits() throws IOException {
        Series epochs = new Series();
        epochs.add(Map.of(
                "lambdaMin", 0.0526394, "lambdaMinResidual", 2.7e-4, "lambdaMax", 0.32, "curvatureProducts", 8.0));
        TheoreticalRate rate = TheoreticalRate.of(
                        Json.MAPPER.readTree("{\"learning-rate\":3,\"optimizer\":\"gradient-descent\"}"), epochs)
                .orElseThrow();
        assertThat(rate.isResolved()).isFalse();
        assertThat(rate.bound())
                .isEqualTo("at least about 0.84 (the smallest eigenvalue is not sharp after 8 products)");
        ConvergenceRate observed =
                new ConvergenceRate(ConvergenceRate.Kind.LINEAR, 0.8499, 0.8498, 0.85, true, Optional.of(rate));
        assertThat(observed.json().get("theory").isNull()).isTrue();
        assertThat(observed.json().get("theoryAtLeast").doubleValue()).isCloseTo(0.8421, within(1e-4));
        assertThat(observed.text()).contains("theory: at least about 0.84").doesNotContain("0.8421");
        // Where the rate hangs on the other end, the smallest eigenvalue does not matter.
        assertThat(TheoreticalRate.of(
                                Json.MAPPER.readTree("{\"learning-rate\":6,\"optimizer\":\"gradient-descent\"}"),
                                epochs)
                        .orElseThrow()
                        .isResolved())
                .isTrue();
    }

    @ParameterizedTest(name = "rate {0}, {1} steps")
    @CsvSource({"0.8, 400", "0.9, 400", "0.95, 1000", "0.5, 100"})
    void the_floor_of_rounding_is_left_out(double r, int steps) {
        ConvergenceRate rate = rate(steps, k -> Math.pow(r, k) + 1e-8 * (1 + 0.3 * Mixing.normal(Mixing.mix(5, k))))
                .orElseThrow();
        assertThat(rate.kind()).isEqualTo(ConvergenceRate.Kind.LINEAR);
        assertThat(rate.value()).isCloseTo(r, within(0.01 * (1 - r)));
    }

    /** As with momentum: nearly half of the steps go up, and yet it is on its way down, not at rest. */
    @Test
    void a_norm_that_swings_while_it_falls_is_at_no_floor() {
        ConvergenceRate rate =
                rate(400, k -> Math.pow(0.97, k) * (1.2 + Math.cos(0.7 * k))).orElseThrow();
        assertThat(rate.kind()).isEqualTo(ConvergenceRate.Kind.LINEAR);
        assertThat(rate.value()).isCloseTo(0.97, within(1e-3));
        double[] logs = IntStream.range(0, 400)
                .mapToDouble(k -> Math.log(Math.pow(0.97, k) * (1.2 + Math.cos(0.7 * k))))
                .toArray();
        assertThat(RoundingFloor.start(logs)).isEqualTo(400);
    }

    @Test
    void a_norm_that_does_not_fall_has_no_rate() {
        assertThat(rate(100, k -> 1 + 0.01 * k)).isEmpty();
        assertThat(rate(10, k -> Math.pow(0.9, k))).isEmpty();
        assertThat(rate(0, k -> 1)).isEmpty();
        long claimed = IntStream.range(0, 200)
                .filter(seed -> rate(100, k -> Math.exp(0.3 * Mixing.normal(Mixing.mix(seed, k))))
                        .isPresent())
                .count();
        assertThat(claimed).isLessThan(20);
        assertThat(rate(100, k -> Double.NaN)).isEmpty();
    }

    /** The growth of the recursion itself, run a thousand times from both starts. */
    @ParameterizedTest(name = "{0}, eta lambda {1}, beta {2}")
    @CsvSource({
        "gradient-descent, 0.3, 0.9",
        "gradient-descent, 1.9, 0.9",
        "momentum, 0.001, 0.9",
        "momentum, 1, 0.9",
        "momentum, 3.75, 0.9",
        "momentum, 3.9, 0.9",
        "nesterov, 0.0001, 0.9",
        "nesterov, 0.5, 0.9",
        "nesterov, 1.3, 0.9",
        "nesterov, 1.4, 0.9"
    })
    void the_spectral_radius_is_how_the_recursion_grows(String optimizer, double product, double beta) {
        double w = 1;
        double v = 0.37;
        double logs = 0;
        int rounds = 4000;
        for (int k = 0; k < rounds; k++) {
            double at = optimizer.equals("nesterov") ? w + beta * v : w;
            v = (optimizer.equals("gradient-descent") ? 0 : beta * v) - product * at;
            w += v;
            double size = Math.hypot(w, v);
            logs += Math.log(size);
            w /= size;
            v /= size;
        }
        assertThat(TheoreticalRate.radius(optimizer, product, beta)).isCloseTo(Math.exp(logs / rounds), within(0.002));
    }

    /** The textbook's best constants give the textbook's rates. */
    @ParameterizedTest(name = "kappa {0}")
    @CsvSource({"10", "100", "1000"})
    void theory_comes_from_the_ends_of_the_spectrum(double kappa) throws IOException {
        double root = Math.sqrt(kappa);
        assertThat(theory("momentum", 4 / ((root + 1) * (root + 1)), Math.pow((root - 1) / (root + 1), 2), kappa))
                .isCloseTo((root - 1) / (root + 1), within(1e-7));
        assertThat(theory("nesterov", 1 / kappa, (root - 1) / (root + 1), kappa))
                .isCloseTo(1 - 1 / root, within(1e-7));
        assertThat(theory("gradient-descent", 2 / (1 + kappa), 0, kappa))
                .isCloseTo((kappa - 1) / (kappa + 1), within(1e-12));
        assertThat(theory("adam", 0.1, 0, kappa)).isNaN();
    }

    private static double theory(String optimizer, double eta, double beta, double kappa) throws IOException {
        return theory(
                "{\"learning-rate\":%s,\"optimizer\":{\"name\":\"%s\",\"momentum\":%s,\"weight-decay\":0}}"
                        .formatted(eta, optimizer, beta),
                1,
                kappa);
    }

    private static double theory(String configuration, double smallest, double largest) throws IOException {
        JsonNode read = Json.MAPPER.readTree(configuration);
        Series epochs = new Series();
        epochs.add(Map.of("lambdaMin", smallest, "lambdaMax", largest));
        return TheoreticalRate.of(read, epochs)
                .filter(TheoreticalRate::isResolved)
                .map(TheoreticalRate::value)
                .orElse(Double.NaN);
    }

    @Test
    void there_is_no_theory_where_something_else_changes_the_steps() throws IOException {
        assertThat(theory("{\"learning-rate\":0.1,\"optimizer\":\"gradient-descent\"}", 1, 10))
                .isEqualTo(0.9);
        assertThat(theory("{\"learning-rate\":0.1,\"optimizer\":\"gradient-descent\"}", -1, 10))
                .isNaN();
        assertThat(theory("{\"learning-rate\":0.1,\"optimizer\":\"gradient-descent\",\"clip\":{\"norm\":1}}", 1, 10))
                .isNaN();
        assertThat(theory("{\"learning-rate\":0.1,\"optimizer\":\"gradient-descent\",\"penalty\":{\"l1\":1}}", 1, 10))
                .isNaN();
        assertThat(theory(
                        "{\"learning-rate\":0.1,\"optimizer\":{\"name\":\"gradient-descent\",\"weight-decay\":0.1}}",
                        1,
                        10))
                .isNaN();
        String schedule =
                "{\"learning-rate\":{\"schedule\":\"%s\",\"initial\":0.1},\"optimizer\":\"gradient-descent\"}";
        assertThat(theory(schedule.formatted("constant"), 1, 10)).isEqualTo(0.9);
        assertThat(theory(schedule.formatted("exponential"), 1, 10)).isNaN();
    }
}
