package dev.lockstep.network;

import dev.lockstep.data.Block;
import java.io.Serializable;

/**
 * What metrics count over rows, weights ignored: every row counts once. Tallies of disjoint sets of rows are joined by
 * {@link #add}.
 */
public abstract sealed class Tally implements Serializable {
    /** Counts a block's rows, whose outputs are [rows, width]. */
    abstract void count(Loss loss, double[] outputs, int width, Block block);

    /** Adds the counts of other rows. */
    public abstract void add(Tally other);

    /** An empty tally for a loss. */
    public static Tally empty(Loss loss, int classesOrTargets) {
        return loss.forClasses() ? new OfClasses(classesOrTargets) : new OfNumbers(classesOrTargets);
    }

    /** Counts by class. */
    public static final class OfClasses extends Tally {
        private final long[] actual;
        private final long[] predicted;
        private final long[] correct;

        OfClasses(int classes) {
            actual = new long[classes];
            predicted = new long[classes];
            correct = new long[classes];
        }

        @Override
        void count(Loss loss, double[] outputs, int width, Block block) {
            for (int i = 0; i < block.rows(); i++) {
                int label = block.labels()[i];
                int decision = ((ClassLoss) loss).decide(outputs, i * width, width);
                actual[label]++;
                predicted[decision]++;
                if (decision == label) {
                    correct[label]++;
                }
            }
        }

        @Override
        public void add(Tally other) {
            OfClasses more = (OfClasses) other;
            for (int i = 0; i < actual.length; i++) {
                actual[i] += more.actual[i];
                predicted[i] += more.predicted[i];
                correct[i] += more.correct[i];
            }
        }

        public int classes() {
            return actual.length;
        }

        /** Rows of a class. */
        public long actual(int label) {
            return actual[label];
        }

        /** Rows that were taken for a class. */
        public long predicted(int label) {
            return predicted[label];
        }

        /** Rows of a class that were taken for it. */
        public long correct(int label) {
            return correct[label];
        }
    }

    /**
     * Moments of residuals and of targets by output; means and squared deviations are joined by the pairwise update of
     * Chan, Golub and LeVeque 1983 (doi:10.2307/2683386).
     */
    public static final class OfNumbers extends Tally {
        private long rows;
        private final double[] squares;
        private final double[] magnitudes;
        private final double[] means;
        private final double[] deviations;

        OfNumbers(int targets) {
            squares = new double[targets];
            magnitudes = new double[targets];
            means = new double[targets];
            deviations = new double[targets];
        }

        @Override
        void count(Loss loss, double[] outputs, int width, Block block) {
            for (int i = 0; i < block.rows(); i++) {
                rows++;
                for (int j = 0; j < width; j++) {
                    double target = block.targets()[i * width + j];
                    double residual = outputs[i * width + j] - target;
                    squares[j] += residual * residual;
                    magnitudes[j] += Math.abs(residual);
                    double difference = target - means[j];
                    means[j] += difference / rows;
                    deviations[j] += difference * (target - means[j]);
                }
            }
        }

        @Override
        public void add(Tally other) {
            OfNumbers more = (OfNumbers) other;
            long all = rows + more.rows;
            if (all == 0) {
                return;
            }
            double share = (double) more.rows / all;
            for (int j = 0; j < squares.length; j++) {
                squares[j] += more.squares[j];
                magnitudes[j] += more.magnitudes[j];
                double difference = more.means[j] - means[j];
                means[j] += difference * share;
                deviations[j] += more.deviations[j] + difference * difference * rows * share;
            }
            rows = all;
        }

        public int targets() {
            return squares.length;
        }

        /** Number of rows. */
        public long rows() {
            return rows;
        }

        /** Sum of squared residuals of an output. */
        public double squares(int output) {
            return squares[output];
        }

        /** Sum of magnitudes of the residuals of an output. */
        public double magnitudes(int output) {
            return magnitudes[output];
        }

        /** Sum of squared deviations of a target from its mean. */
        public double deviations(int output) {
            return deviations[output];
        }
    }
}
