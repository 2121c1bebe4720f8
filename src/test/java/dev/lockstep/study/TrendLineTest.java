package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Mixing;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrendLineTest {
    /** Anscombe's first set (1973, doi:10.2307/2682899): y = 3.00 + 0.500 x. */
    @Test
    void the_line_is_that_of_least_squares() {
        double[] x = {10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5};
        double[] y = {8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68};
        TrendLine line = TrendLine.of(x, y);
        assertThat(line.slope()).isCloseTo(0.500, within(5e-4));
        assertThat(line.residualSquares()).isCloseTo(13.76, within(0.005));
    }

    /** Residuals e(k) = rho e(k-1) + noise: the interval covers the slope in about 95 of 100 cases, whatever rho. */
    @ParameterizedTest(name = "rho {0}, {1} points")
    @CsvSource({"0, 100", "0.5, 100", "0.8, 200", "-0.7, 100", "0.5, 30", "0.8, 40"})
    void the_interval_covers_the_slope_in_spite_of_autocorrelation(double rho, int points) {
        double[] x = IntStream.range(0, points).mapToDouble(k -> k).toArray();
        int covered = 0;
        int rounds = 4000;
        for (int round = 0; round < rounds; round++) {
            double[] y = new double[points];
            double residual = Mixing.normal(Mixing.mix(round, -1)) / Math.sqrt(1 - rho * rho);
            for (int k = 0; k < points; k++) {
                residual = rho * residual + Mixing.normal(Mixing.mix(round, k));
                y[k] = 1 - 0.02 * k + residual;
            }
            TrendLine line = TrendLine.of(x, y);
            covered += Math.abs(line.slope() + 0.02) <= line.halfWidth() ? 1 : 0;
        }
        assertThat(covered / (double) rounds).isBetween(0.91, 0.97);
    }

    @Test
    void points_on_a_line_leave_no_doubt() {
        TrendLine line = TrendLine.of(new double[] {0, 1, 2, 3, 4}, new double[] {1, 3, 5, 7, 9});
        assertThat(line.slope()).isEqualTo(2);
        assertThat(line.halfWidth()).isZero();
        assertThatThrownBy(() -> TrendLine.of(new double[] {1, 1, 1, 1, 1}, new double[] {1, 2, 3, 4, 5}))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
