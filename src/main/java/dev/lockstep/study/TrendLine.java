package dev.lockstep.study;

/**
 * The line y = a + b x of least squares through points in order, with an interval for b that bears residuals which hang
 * together from point to point, as those of a run do.
 *
 * <p>The variance of b is Newey and West's (1987, doi:10.2307/1913610), Bartlett kernel, with ceil(1.3 sqrt n) lags as
 * Lazarus, Lewis, Stock and Watson recommend (2018, doi:10.1080/07350015.2018.1506926). So many lags are no longer few
 * beside n, and the normal quantile would be too small: the critical value is Kiefer and Vogelsang's for the share
 * lags/n (2005, doi:10.1017/S0266466605050565, table 1). {@code TrendLineTest} measures the coverage.
 *
 * @param slope b
 * @param halfWidth of the 95 % interval of b
 * @param residualSquares their sum
 */
record TrendLine(double slope, double halfWidth, double residualSquares) {
    private static final int FEWEST = 3;

    /**
     * The line through points.
     *
     * @param x places, not all the same
     * @param y values, as many
     * @throws IllegalArgumentException if there are fewer than three points, or all have the same place
     */
    static TrendLine of(double[] x, double[] y) {
        int n = x.length;
        double meanX = mean(x);
        double meanY = mean(y);
        double squares = 0;
        double products = 0;
        for (int i = 0; i < n; i++) {
            squares += (x[i] - meanX) * (x[i] - meanX);
            products += (x[i] - meanX) * (y[i] - meanY);
        }
        if (n < FEWEST || !(squares > 0)) {
            throw new IllegalArgumentException("expected three points or more at different places, got " + n);
        }
        double slope = products / squares;
        double[] scores = new double[n];
        double residualSquares = 0;
        for (int i = 0; i < n; i++) {
            double residual = y[i] - meanY - slope * (x[i] - meanX);
            residualSquares += residual * residual;
            scores[i] = (x[i] - meanX) * residual;
        }
        int lags = Math.min(n - 1, (int) Math.ceil(1.3 * Math.sqrt(n)));
        double variance = longRunSum(scores, lags) / (squares * squares) * n / (n - 2);
        return new TrendLine(slope, criticalValue((double) lags / n) * Math.sqrt(variance), residualSquares);
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** n times the long-run variance: the sum of products at all lags, weighted by Bartlett's kernel; never negative. */
    private static double longRunSum(double[] scores, int lags) {
        double sum = 0;
        for (int lag = 0; lag <= lags; lag++) {
            double products = 0;
            for (int i = lag; i < scores.length; i++) {
                products += scores[i] * scores[i - lag];
            }
            sum += (lag == 0 ? 1 : 2 * (1 - lag / (lags + 1.0))) * products;
        }
        return Math.max(0, sum);
    }

    /** The 97.5 % quantile for Bartlett's kernel with a given share of lags. */
    private static double criticalValue(double share) {
        return 1.9600 + share * (2.9694 + share * (0.4160 - share * 0.5324));
    }
}
