package dev.lockstep.network;

import java.util.Locale;

/**
 * A loss against numbers, summed over the outputs.
 *
 * @param kind which one
 * @param delta where Huber's loss turns from quadratic to linear, positive; the others do not look at it
 */
public record NumberLoss(Kind kind, double delta) implements Loss {
    /** The losses of a residual r = output - target. */
    public enum Kind {
        /** r^2 / 2 */
        SQUARED_ERROR,
        /** |r|, with derivative 0 at 0 */
        ABSOLUTE_ERROR,
        /** r^2 / 2 for |r| at most delta, else delta (|r| - delta / 2) (Huber 1964, doi:10.1214/aoms/1177703732) */
        HUBER;

        /** The word in a configuration. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public NumberLoss {
        if (!(delta > 0)) {
            throw new IllegalArgumentException("delta must be positive, got " + delta);
        }
    }

    /**
     * The loss of a row.
     *
     * @param outputs outputs of the last layer
     * @param targets array that holds the row's targets
     * @param from where they begin
     * @param derivative receives the loss's derivative for each output
     */
    public double evaluate(double[] outputs, double[] targets, int from, double[] derivative) {
        double sum = 0;
        for (int j = 0; j < outputs.length; j++) {
            double residual = outputs[j] - targets[from + j];
            double size = Math.abs(residual);
            switch (kind) {
                case SQUARED_ERROR -> {
                    derivative[j] = residual;
                    sum += 0.5 * residual * residual;
                }
                case ABSOLUTE_ERROR -> {
                    derivative[j] = Math.signum(residual);
                    sum += size;
                }
                case HUBER -> {
                    derivative[j] = size <= delta ? residual : delta * Math.signum(residual);
                    sum += size <= delta ? 0.5 * residual * residual : delta * (size - 0.5 * delta);
                }
            }
        }
        return sum;
    }

    @Override
    public String key() {
        return kind.key();
    }

    @Override
    public boolean forClasses() {
        return false;
    }

    @Override
    public int outputs(int targets) {
        return targets;
    }
}
