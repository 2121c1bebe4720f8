package dev.lockstep.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Lines along which a function of two variables has the same value, from its values on a grid.
 *
 * <p>Between two neighbours of the grid the function is taken for linear, so a vertex is off by the order of the square of
 * their distance. See {@link MarchingSquares} for how the lines run.
 *
 * @param levels in the order in which they were asked for
 */
public record Contours(List<Level> levels) {
    /** First digits of levels, the fewest a decade last. */
    private static final double[][] DIGITS = {{1, 2, 5}, {1, 3}, {1}};

    /** One of so many points is too little for a line around it. */
    private static final int UNRESOLVED = 100;

    /** Below this share of the highest one, heights are rounding. */
    private static final double NOTHING = 1e-12;

    /**
     * The lines of one value.
     *
     * @param value of the function
     * @param lines each a list of vertices {x, y}, at least two; a closed line ends with its first vertex
     */
    public record Level(double value, List<double[][]> lines) {}

    /**
     * Traces lines.
     *
     * @param x places of the columns, strictly ascending, at least two
     * @param y places of the rows, strictly ascending, at least two
     * @param z values, a row for each y with an entry for each x; where one is not finite, no line passes the cells around it
     * @param levels finite values
     * @throws IllegalArgumentException if places do not ascend, or the values are not as many as they ask for
     */
    public static Contours of(double[] x, double[] y, double[][] z, double[] levels) {
        checkAscending("x", x);
        checkAscending("y", y);
        if (z.length != y.length || Arrays.stream(z).anyMatch(row -> row.length != x.length)) {
            throw new IllegalArgumentException("expected " + y.length + " rows of " + x.length + " values");
        }
        return new Contours(Arrays.stream(levels)
                .mapToObj(level -> new Level(level, new MarchingSquares(x, y, z, level).lines()))
                .toList());
    }

    private static void checkAscending(String name, double[] places) {
        boolean ascending = IntStream.range(1, places.length).allMatch(i -> places[i] > places[i - 1]);
        if (places.length < 2 || !ascending || !Double.isFinite(places[0] - places[places.length - 1])) {
            throw new IllegalArgumentException(
                    "expected at least two ascending places " + name + ", got " + Arrays.toString(places));
        }
    }

    /**
     * Evenly spaced levels between the least and the largest value: multiples of 1, 2 or 5 times a power of ten.
     *
     * @param z values; those that are not finite are left out
     * @param most how many, at least 1
     * @return ascending; none if all values are the same
     */
    public static double[] linearLevels(double[][] z, int most) {
        double least = least(z);
        double largest = largest(z);
        double range = largest - least;
        if (!(range > 0) || !Double.isFinite(range)) {
            return new double[0];
        }
        int decade = (int) Math.floor(Math.log10(range / most)) - 1;
        for (int k = 0; ; k++) {
            double step = power(DIGITS[0][k % 3], decade + k / 3);
            double first = Math.floor(least / step) + 1;
            long count = (long) (Math.ceil(largest / step) - first);
            if (count <= most) {
                return IntStream.range(0, (int) Math.max(0, count))
                        .mapToDouble(i -> (first + i) * step)
                        .toArray();
            }
        }
    }

    /**
     * Levels whose heights above a base are evenly spaced by their logarithms, as a valley wants that is flat below and steep
     * above: 1, 2 and 5 of each decade, or fewer. The lowest has a hundredth of the values below it, so that the grid
     * resolves its line.
     *
     * @param z values; those that are not finite are left out
     * @param base from where heights count, such as the function's infimum where it is known; see {@link #least}
     * @param most how many, at least 1
     * @return ascending; none if no value is above the base
     */
    public static double[] logarithmicLevels(double[][] z, double base, int most) {
        double highest = largest(z) - base;
        double[] heights = finite(z)
                .map(value -> value - base)
                .filter(height -> height > 0)
                .sorted()
                .toArray();
        double lowest =
                heights.length == 0 ? Double.NaN : Math.max(heights[heights.length / UNRESOLVED], NOTHING * highest);
        if (!(lowest < highest) || !Double.isFinite(highest)) {
            return new double[0];
        }
        int from = (int) Math.floor(Math.log10(lowest));
        int to = (int) Math.ceil(Math.log10(highest));
        for (int decades = 1; ; decades++) {
            for (double[] digits : DIGITS) {
                List<Double> levels = new ArrayList<>();
                for (int decade = to; decade >= from; decade -= decades) {
                    for (int d = digits.length - 1; d >= 0; d--) {
                        double height = power(digits[d], decade);
                        if (height > lowest && height < highest) {
                            levels.add(base + height);
                        }
                    }
                }
                if (levels.size() <= most) {
                    return levels.stream()
                            .mapToDouble(Double::doubleValue)
                            .sorted()
                            .toArray();
                }
            }
        }
    }

    /** The least value that is finite; NaN if none is. */
    public static double least(double[][] z) {
        return finite(z).min().orElse(Double.NaN);
    }

    private static double largest(double[][] z) {
        return finite(z).max().orElse(Double.NaN);
    }

    private static DoubleStream finite(double[][] z) {
        return Arrays.stream(z).flatMapToDouble(Arrays::stream).filter(Double::isFinite);
    }

    /** The double nearest to a decimal number. */
    private static double power(double digit, int decade) {
        return Double.parseDouble((int) digit + "e" + decade);
    }
}
