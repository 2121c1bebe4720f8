package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PowerLawTest {
    private static final double[] ROWS = {1000, 2000, 4000, 8000, 16_000, 32_000};

    @ParameterizedTest(name = "{2} + {0} n^-{1}")
    @CsvSource({"1.2, 0.35, 0.01", "40, 0.5, 0.2", "3, 1, 0", "0.5, 0.08, 0"})
    void a_law_is_found_again(double a, double b, double c) {
        PowerLaw law = PowerLaw.fit(
                        ROWS,
                        Arrays.stream(ROWS).map(n -> c + a * Math.pow(n, -b)).toArray())
                .orElseThrow();
        assertThat(law.b()).isCloseTo(b, within(1e-4));
        assertThat(law.c()).isCloseTo(c, within(1e-4));
        assertThat(law.a() / a).isCloseTo(1, within(1e-3));
        assertThat(law.at(64_000)).isCloseTo(c + a * Math.pow(64_000, -b), within(1e-5));
    }

    @Test
    void three_numbers_through_three_sizes_are_no_law() {
        assertThat(PowerLaw.fit(new double[] {1000, 2000, 4000}, new double[] {0.8, 0.4, 0.2}))
                .isEmpty();
        PowerLaw law = PowerLaw.fit(new double[] {1000, 2000, 4000, 8000}, new double[] {0.8, 0.4, 0.2, 0.1})
                .orElseThrow();
        assertThat(law.b()).isCloseTo(1, within(1e-6));
        assertThat(law.residual()).isCloseTo(0, within(1e-9));
        assertThat(law.json().get("text").asText()).isEqualTo("800 n^-1");
    }

    /** Whatever the noise, no law nearby is nearer: a step of any of the three numbers makes the squares larger. */
    @Test
    void no_other_law_has_smaller_squares_of_the_logarithms() {
        double[] losses = {0.31, 0.21, 0.17, 0.13, 0.125, 0.112};
        PowerLaw law = PowerLaw.fit(ROWS, losses).orElseThrow();
        double least = squares(law, losses);
        assertThat(law.residual()).isCloseTo(Math.sqrt(least / ROWS.length), within(1e-12));
        for (double step : new double[] {0.999, 0.9999, 1.0001, 1.001}) {
            assertThat(squares(new PowerLaw(step * law.a(), law.b(), law.c(), 0), losses))
                    .isGreaterThanOrEqualTo(least);
            assertThat(squares(new PowerLaw(law.a(), step * law.b(), law.c(), 0), losses))
                    .isGreaterThanOrEqualTo(least);
            assertThat(squares(new PowerLaw(law.a(), law.b(), step * law.c(), 0), losses))
                    .isGreaterThanOrEqualTo(least);
            // Along the valley: a larger exponent with the constant and the factor that keep both ends.
            double b = step * law.b();
            double a = (law.at(1000) - law.at(32_000)) / (Math.pow(1000, -b) - Math.pow(32_000, -b));
            assertThat(squares(new PowerLaw(a, b, law.at(1000) - a * Math.pow(1000, -b), 0), losses))
                    .isGreaterThanOrEqualTo(least);
        }
    }

    private static double squares(PowerLaw law, double[] losses) {
        double sum = 0;
        for (int i = 0; i < losses.length; i++) {
            sum += Math.pow(Math.log(losses[i] / law.at(ROWS[i])), 2);
        }
        return sum;
    }

    @Test
    void a_constant_is_never_below_zero() {
        // Falls faster and faster: the best law of three numbers would end below 0.
        PowerLaw law =
                PowerLaw.fit(ROWS, new double[] {1, 0.9, 0.75, 0.5, 0.2, 0.05}).orElseThrow();
        assertThat(law.c()).isZero();
        assertThat(law.b()).isPositive();
    }

    @Test
    void a_loss_that_does_not_fall_has_no_law() {
        assertThat(PowerLaw.fit(ROWS, new double[] {1, 1, 1, 1, 1, 1})).isEmpty();
        assertThat(PowerLaw.fit(ROWS, new double[] {1, 1.1, 1.2, 1.3, 1.4, 1.5}))
                .isEmpty();
        assertThat(PowerLaw.fit(new double[] {1000}, new double[] {1})).isEmpty();
        assertThat(PowerLaw.fit(new double[] {1, 2}, new double[] {1, 0})).isEmpty();
    }
}
