package dev.lockstep.data;

import java.io.Serializable;
import java.util.Arrays;

/**
 * Brings each feature to mean 0 and variance 1 on the training rows: (x - mean) / deviation, and 0 for a feature that is
 * constant there.
 *
 * @param means by feature
 * @param deviations by feature, of the population (divided by n); 0 for a constant one
 */
public record Standardization(double[] means, double[] deviations) implements Serializable {
    /** The standardized value of a feature. */
    public double apply(double value, int feature) {
        return deviations[feature] == 0 ? 0.0 : (value - means[feature]) / deviations[feature];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Standardization that
                && Arrays.equals(means, that.means)
                && Arrays.equals(deviations, that.deviations);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(means) + Arrays.hashCode(deviations);
    }

    /**
     * Means and summed squared deviations of the rows of one shard; joined shard after shard by the pairwise update of
     * Chan, Golub and LeVeque 1983 (doi:10.2307/2683386).
     */
    static final class Moments implements Serializable {
        private long rows;
        private final double[] means;
        private final double[] squares;

        /** Extremes tell a constant feature exactly, which a rounded mean cannot. */
        private final double[] least;

        private final double[] most;

        Moments(int features) {
            means = new double[features];
            squares = new double[features];
            least = new double[features];
            most = new double[features];
            Arrays.fill(least, Double.POSITIVE_INFINITY);
            Arrays.fill(most, Double.NEGATIVE_INFINITY);
        }

        /** The moments of a shard, in two passes over its rows in order. */
        static Moments of(Shard shard, int features) {
            Moments moments = new Moments(features);
            moments.rows = shard.rows();
            if (moments.rows == 0) {
                return moments;
            }
            for (Block block : shard.blocks()) {
                for (int i = 0; i < block.rows(); i++) {
                    for (int j = 0; j < features; j++) {
                        double value = block.features().get(i * features + j);
                        moments.means[j] += value;
                        moments.least[j] = Math.min(moments.least[j], value);
                        moments.most[j] = Math.max(moments.most[j], value);
                    }
                }
            }
            for (int j = 0; j < features; j++) {
                moments.means[j] /= moments.rows;
            }
            double[] drift = new double[features];
            for (Block block : shard.blocks()) {
                for (int i = 0; i < block.rows(); i++) {
                    for (int j = 0; j < features; j++) {
                        double difference = block.features().get(i * features + j) - moments.means[j];
                        drift[j] += difference;
                        moments.squares[j] += difference * difference;
                    }
                }
            }
            // The rounded mean leaves a small drift; taken out, a feature far from 0 keeps its digits.
            for (int j = 0; j < features; j++) {
                moments.means[j] += drift[j] / moments.rows;
                moments.squares[j] -= drift[j] * drift[j] / moments.rows;
            }
            return moments;
        }

        void add(Moments more) {
            long all = rows + more.rows;
            if (all == 0) {
                return;
            }
            double share = (double) more.rows / all;
            for (int j = 0; j < means.length; j++) {
                double difference = more.means[j] - means[j];
                means[j] += difference * share;
                squares[j] += more.squares[j] + difference * difference * rows * share;
                least[j] = Math.min(least[j], more.least[j]);
                most[j] = Math.max(most[j], more.most[j]);
            }
            rows = all;
        }

        Standardization standardization() {
            double[] deviations = new double[means.length];
            for (int j = 0; j < means.length; j++) {
                deviations[j] = least[j] == most[j] ? 0.0 : Math.sqrt(squares[j] / rows);
            }
            return new Standardization(means, deviations);
        }
    }
}
