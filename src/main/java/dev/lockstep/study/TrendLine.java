package dev.lockstep.study;

import org.apache.commons.math3.distribution.TDistribution;

/**
 * The line y = a + b x of least squares through evenly spaced points, with an interval for b that bears residuals
 * which hang together from point to point, as those of a run do.
 *
 * <p>Residuals are taken for an autoregression of order 1, e(k) = rho e(k-1) + noise. A slope's variance is then
 * that of independent residuals times (1 + rho)/(1 - rho), which says that n points are worth only n (1 - rho)/(1 +
 * rho); so many, less two, are the degrees of freedom of Student's t (Zwiers and von Storch 1995,
 * doi:10.1175/1520-0442-8.2.336). The estimate of rho about a line is too low by (2 + 4 rho)/n to first order, and
 * corrected for that (Marriott and Pope 1954, doi:10.1093/biomet/41.3-4.390). {@code TrendLineTest} measures the
 * coverage.
 *
 * @param slope b
 * @param halfWidth of the 95 % interval of b
 * @param residualSquares their sum
 */
record TrendLine(double slope, double halfWidth, double residualSquares) {
    private static final int FEWEST = 5;
    private static final double QUANTILE = 0.975;
    private static final double MOST_CORRELATED = 0.97;

    /**
     * The line through points.
     *
     * @param x places, not all the same
     * @param y values, as many
     * @throws IllegalArgumentException if there are fewer than five points, or all have the same place
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
            throw new IllegalArgumentException(
                    "expected at least " + FEWEST + " points, at different places, got " + n);
        }
        double slope = products / squares;
        double[] residuals = new double[n];
        for (int i = 0; i < n; i++) {
            residuals[i] = y[i] - meanY - slope * (x[i] - meanX);
        }
        double residualSquares = squares(residuals);
        return new TrendLine(slope, halfWidth(residuals, residualSquares, squares), residualSquares);
    }

    private static double halfWidth(double[] residuals, double residualSquares, double squares) {
        if (residualSquares == 0) {
            return 0;
        }
        int n = residuals.length;
        double lagged = 0;
        for (int i = 1; i < n; i++) {
            lagged += residuals[i] * residuals[i - 1];
        }
        double corrected = (n * lagged / residualSquares + 2) / (n - 4);
        double rho = Math.max(-MOST_CORRELATED, Math.min(MOST_CORRELATED, corrected));
        double noiseSquares = 0;
        for (int i = 1; i < n; i++) {
            double noise = residuals[i] - rho * residuals[i - 1];
            noiseSquares += noise * noise;
        }
        double longRunVariance = noiseSquares / (n - 2) / ((1 - rho) * (1 - rho));
        double worth = Math.min(n, n * (1 - rho) / (1 + rho));
        double quantile = new TDistribution(Math.max(2, worth - 2)).inverseCumulativeProbability(QUANTILE);
        return quantile * Math.sqrt(longRunVariance / squares);
    }

    private static double squares(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }
}
