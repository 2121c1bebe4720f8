package dev.lockstep.data;

import dev.lockstep.Settings;

/**
 * A Chebyshev polynomial as a curve to be learnt: T_n(x) at evenly spaced x in [-1, 1], ends included, by the recurrence
 * T_(n+1) = 2 x T_n - T_(n-1), T_0 = 1, T_1 = x.
 *
 * @param rows number of points, at least 2
 * @param degree n, at least 0
 */
record Chebyshev(long rows, int degree) implements Generator {
    private static final int HIGHEST = 1000;

    static Chebyshev read(Settings settings) {
        return new Chebyshev(
                settings.integer("rows", 20, 2, Integer.MAX_VALUE), settings.integer("degree", 4, 0, HIGHEST));
    }

    @Override
    public int features() {
        return 1;
    }

    @Override
    public int classes() {
        return 0;
    }

    @Override
    public double make(long row, double[] values) {
        double x = (double) (2 * row - (rows - 1)) / (rows - 1);
        values[0] = x;
        double before = 1;
        double polynomial = degree == 0 ? 1 : x;
        for (int n = 1; n < degree; n++) {
            double next = 2 * x * polynomial - before;
            before = polynomial;
            polynomial = next;
        }
        return polynomial;
    }
}
