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

    /** The value that was standardized. */
    public double turnBack(double value, int feature) {
        return means[feature] + value * deviations[feature];
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
     * Means and summed squared deviations of the rows of one shard, missing values (NaN) left out; joined shard after shard
     * by the pairwise update of Chan, Golub and LeVeque 1983 (doi:10.2307/2683386).
     */
    static final class Moments implements Serializable {
        private final long[] rows;
        private final double[] means;
        private final double[] squares;

        /** Extremes tell a constant feature exactly, which a rounded mean cannot. */
        private final double[] least;

        private final double[] most;

        Moments(int columns) {
            rows = new long[columns];
            means = new double[columns];
            squares = new double[columns];
            least = new double[columns];
            most = new double[columns];
            Arrays.fill(least, Double.POSITIVE_INFINITY);
            Arrays.fill(most, Double.NEGATIVE_INFINITY);
        }

        /** The moments of a shard's features. */
        static Moments ofFeatures(Shard shard, int features) {
            return of(shard, features, (block, at) -> block.features().get(at));
        }

        /** The moments of a shard's targets. */
        static Moments ofTargets(Shard shard, int targets) {
            return of(shard, targets, (block, at) -> block.targets()[at]);
        }

        /** A number of a block's [rows, columns]. */
        private interface Values {
            double at(Block block, int index);
        }

        /** In two passes over the rows in order. */
        private static Moments of(Shard shard, int columns, Values values) {
            Moments moments = new Moments(columns);
            for (Block block : shard.blocks()) {
                for (int i = 0; i < block.rows(); i++) {
                    for (int j = 0; j < columns; j++) {
                        double value = values.at(block, i * columns + j);
                        if (!Double.isNaN(value)) {
                            moments.rows[j]++;
                            moments.means[j] += value;
                            moments.least[j] = Math.min(moments.least[j], value);
                            moments.most[j] = Math.max(moments.most[j], value);
                        }
                    }
                }
            }
            for (int j = 0; j < columns; j++) {
                moments.means[j] = moments.rows[j] == 0 ? 0.0 : moments.means[j] / moments.rows[j];
            }
            double[] drift = new double[columns];
            for (Block block : shard.blocks()) {
                for (int i = 0; i < block.rows(); i++) {
                    for (int j = 0; j < columns; j++) {
                        double difference = values.at(block, i * columns + j) - moments.means[j];
                        if (!Double.isNaN(difference)) {
                            drift[j] += difference;
                            moments.squares[j] += difference * difference;
                        }
                    }
                }
            }
            // The rounded mean leaves a small drift; taken out, a feature far from 0 keeps its digits.
            for (int j = 0; j < columns; j++) {
                if (moments.rows[j] > 0) {
                    moments.means[j] += drift[j] / moments.rows[j];
                    moments.squares[j] -= drift[j] * drift[j] / moments.rows[j];
                }
            }
            return moments;
        }

        void add(Moments more) {
            for (int j = 0; j < means.length; j++) {
                long all = rows[j] + more.rows[j];
                if (all > 0) {
                    double share = (double) more.rows[j] / all;
                    double difference = more.means[j] - means[j];
                    means[j] += difference * share;
                    squares[j] += more.squares[j] + difference * difference * rows[j] * share;
                    least[j] = Math.min(least[j], more.least[j]);
                    most[j] = Math.max(most[j], more.most[j]);
                    rows[j] = all;
                }
            }
        }

        /** How many values a column has. */
        long rows(int column) {
            return rows[column];
        }

        double[] means() {
            return means.clone();
        }

        /**
         * The standardization of a set of so many rows, in which missing values stand at the mean and so add nothing to the
         * squares.
         */
        Standardization standardization(long allRows) {
            double[] deviations = new double[means.length];
            for (int j = 0; j < means.length; j++) {
                deviations[j] = least[j] >= most[j] ? 0.0 : Math.sqrt(squares[j] / allRows);
            }
            return new Standardization(means, deviations);
        }
    }
}
