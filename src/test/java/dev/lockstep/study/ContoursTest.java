package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ContoursTest {
    /** From -2 to 2; no place is a round number, so that no corner lies on a level. */
    private static final double[] PLACES =
            IntStream.rangeClosed(0, 41).mapToDouble(i -> -2 + 4.0 * i / 41).toArray();

    private static final double H = 4.0 / 41;

    private static double[][] values(DoubleBinaryOperator f) {
        double[][] z = new double[PLACES.length][PLACES.length];
        for (int row = 0; row < z.length; row++) {
            for (int column = 0; column < z.length; column++) {
                z[row][column] = f.applyAsDouble(PLACES[column], PLACES[row]);
            }
        }
        return z;
    }

    private static List<double[][]> lines(DoubleBinaryOperator f, double level) {
        return Contours.of(PLACES, PLACES, values(f), new double[] {level})
                .levels()
                .get(0)
                .lines();
    }

    private static boolean isClosed(double[][] line) {
        return Arrays.equals(line[0], line[line.length - 1]);
    }

    private static double length(double[][] line) {
        return IntStream.range(1, line.length)
                .mapToDouble(i -> Math.hypot(line[i][0] - line[i - 1][0], line[i][1] - line[i - 1][1]))
                .sum();
    }

    /** A chord of a circle of radius r over a side of length h is off by at most h^2 / (8 r) along the side. */
    @Test
    void lines_of_a_bowl_are_circles() {
        for (double radius : new double[] {0.3, 1, 1.7}) {
            List<double[][]> lines = lines((x, y) -> x * x + y * y, radius * radius);
            assertThat(lines).hasSize(1);
            double[][] circle = lines.get(0);
            assertThat(isClosed(circle)).isTrue();
            for (double[] vertex : circle) {
                assertThat(Math.hypot(vertex[0], vertex[1])).isCloseTo(radius, within(H * H / (2 * radius)));
            }
            assertThat(length(circle)).isCloseTo(2 * Math.PI * radius, within(0.1 * radius));
        }
    }

    @Test
    void a_circle_that_leaves_the_grid_ends_at_its_sides() {
        List<double[][]> lines = lines((x, y) -> x * x + y * y, 2.25 * 2.25);
        assertThat(lines).hasSize(4);
        for (double[][] arc : lines) {
            assertThat(isClosed(arc)).isFalse();
            for (double[] end : new double[][] {arc[0], arc[arc.length - 1]}) {
                assertThat(Math.max(Math.abs(end[0]), Math.abs(end[1]))).isEqualTo(2);
            }
        }
    }

    /** Linear interpolation is exact on a plane. */
    @Test
    void lines_of_a_plane_are_straight_from_side_to_side() {
        List<double[][]> lines = lines((x, y) -> 3 * x - y, 0.5);
        assertThat(lines).hasSize(1);
        double[][] line = lines.get(0);
        for (double[] vertex : line) {
            assertThat(3 * vertex[0] - vertex[1]).isCloseTo(0.5, within(1e-14));
        }
        assertThat(Math.abs(line[0][1] - line[line.length - 1][1])).isCloseTo(4, within(1e-14));
        assertThat(length(line)).isCloseTo(4 * Math.sqrt(10) / 3, within(1e-12));
    }

    /** The four lines of x y = level are two hyperbolas: above 0 they lie where signs agree, below where they differ. */
    @Test
    void a_saddle_cell_keeps_the_two_valleys_or_the_two_hills_together() {
        for (double level : new double[] {1e-5, -1e-5}) {
            List<double[][]> lines = lines((x, y) -> x * y, level);
            assertThat(lines).hasSize(2);
            for (double[][] line : lines) {
                assertThat(isClosed(line)).isFalse();
                for (double[] vertex : line) {
                    assertThat(vertex[0] * vertex[1] * Math.signum(level)).isNotNegative();
                }
            }
        }
    }

    @Test
    void the_mean_of_a_saddle_cell_decides() {
        double[] unit = {0, 1};
        // Corners: 0 at (0, 0) and (1, 1), 1 and 2 at the others; the mean is 0.75.
        double[][] z = {{0, 2}, {1, 0}};
        double[][] cutsUpper = Contours.of(unit, unit, z, new double[] {0.8})
                .levels()
                .get(0)
                .lines()
                .get(0);
        assertThat(cutsUpper).isDeepEqualTo(new double[][] {{0.4, 0}, {1, 0.6}});
        double[][] cutsLower = Contours.of(unit, unit, z, new double[] {0.5})
                .levels()
                .get(0)
                .lines()
                .get(0);
        assertThat(cutsLower).isDeepEqualTo(new double[][] {{0.25, 0}, {0, 0.5}});
    }

    @Test
    void no_line_passes_a_cell_with_a_corner_that_is_not_finite() {
        double[][] z = values((x, y) -> x * x + y * y);
        int right = PLACES.length - 1;
        for (int row = 0; row < z.length; row++) {
            for (int column = 21; column <= right; column++) {
                z[row][column] = row % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
            }
        }
        List<double[][]> lines =
                Contours.of(PLACES, PLACES, z, new double[] {1}).levels().get(0).lines();
        assertThat(lines).hasSize(1);
        assertThat(isClosed(lines.get(0))).isFalse();
        for (double[] vertex : lines.get(0)) {
            assertThat(vertex[0]).isLessThanOrEqualTo(PLACES[20]);
        }
    }

    /** Corners that are the level itself: y^2 - x^2 on whole numbers, whose lines of level 0 are the diagonals. */
    @Test
    void a_level_that_corners_have_loses_no_line_and_doubles_no_vertex() {
        double[] whole = {-2, -1, 0, 1, 2};
        double[][] z = new double[5][5];
        for (int row = 0; row < 5; row++) {
            for (int column = 0; column < 5; column++) {
                z[row][column] = whole[row] * whole[row] - whole[column] * whole[column];
            }
        }
        List<double[][]> lines =
                Contours.of(whole, whole, z, new double[] {0}).levels().get(0).lines();
        double total = lines.stream().mapToDouble(ContoursTest::length).sum();
        assertThat(total).isCloseTo(8 * Math.sqrt(2), within(1e-12));
        for (double[][] line : lines) {
            for (int i = 1; i < line.length; i++) {
                assertThat(line[i]).isNotEqualTo(line[i - 1]);
                assertThat(Math.abs(line[i][0])).isCloseTo(Math.abs(line[i][1]), within(1e-15));
            }
        }
    }

    @Test
    void a_level_that_no_value_reaches_has_no_lines() {
        assertThat(lines((x, y) -> x * x + y * y, -1)).isEmpty();
        assertThat(lines((x, y) -> x * x + y * y, 100)).isEmpty();
        assertThat(lines((x, y) -> 1, 1)).isEmpty();
    }

    @Test
    void levels_are_round_numbers_inside_the_range() {
        double[][] z = {{0.3, 9.7}, {Double.NaN, 5}};
        assertThat(Contours.linearLevels(z, 10)).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(Contours.linearLevels(z, 4)).containsExactly(2, 4, 6, 8);
        assertThat(Contours.linearLevels(z, 1)).containsExactly(5);
        assertThat(Contours.linearLevels(new double[][] {{-0.25, 0.15}}, 10))
                .containsExactly(new double[] {-0.2, -0.15, -0.1, -0.05, 0, 0.05, 0.1}, within(1e-15));
        assertThat(Contours.linearLevels(new double[][] {{1, 1}}, 10)).isEmpty();
        assertThat(Contours.linearLevels(new double[][] {{Double.NaN}}, 10)).isEmpty();
    }

    @Test
    void logarithmic_levels_grow_from_the_base() {
        double[][] z = {{0, 0.03}, {Double.POSITIVE_INFINITY, 7}};
        assertThat(Contours.logarithmicLevels(z, 0, 20)).containsExactly(0.05, 0.1, 0.2, 0.5, 1, 2, 5);
        assertThat(Contours.logarithmicLevels(z, 0, 5)).containsExactly(0.1, 0.3, 1, 3);
        assertThat(Contours.logarithmicLevels(z, 0, 2)).containsExactly(0.1, 1);
        assertThat(Contours.logarithmicLevels(z, -3, 5)).containsExactly(new double[] {2}, within(1e-15));
        assertThat(Contours.logarithmicLevels(new double[][] {{1e-9, 1e9}}, 0, 8))
                .hasSizeBetween(4, 8);
        assertThat(Contours.logarithmicLevels(new double[][] {{1, 1}}, 1, 8)).isEmpty();
        // Of the heights 0.001, 0.002, …, 1 the lowest ten are not resolved.
        double[][] even = {
            IntStream.rangeClosed(0, 1000).mapToDouble(i -> i / 1000.0).toArray()
        };
        assertThat(Contours.logarithmicLevels(even, 0, 20)).containsExactly(0.02, 0.05, 0.1, 0.2, 0.5);
    }

    @Test
    void places_must_ascend_and_values_must_fit() {
        assertThatThrownBy(() -> Contours.of(new double[] {0, 0}, PLACES, values((x, y) -> 0), new double[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ascending places x");
        assertThatThrownBy(() -> Contours.of(PLACES, new double[] {0, 1}, values((x, y) -> 0), new double[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected 2 rows of 42 values");
    }
}
