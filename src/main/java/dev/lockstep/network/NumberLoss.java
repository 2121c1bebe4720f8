package dev.lockstep.network;

import dev.lockstep.data.Block;
import java.util.Locale;

/**
 * A loss against numbers, summed over the outputs.
 *
 * @param kind which one
 * @param delta where Huber's loss turns from quadratic to linear, positive; the others do not look at it
 * @param middle between the targets that the one-sided loss reaches from below, above it, and the others; the rest do
 *     not look at it
 */
public record NumberLoss(Kind kind, double delta, double middle) implements Loss {
    /** The losses of a residual r = output - target. */
    public enum Kind {
        /** r^2 / 2 */
        SQUARED_ERROR,
        /** |r|, with derivative 0 at 0 */
        ABSOLUTE_ERROR,
        /** r^2 / 2 for |r| at most delta, else delta (|r| - delta / 2) (Huber 1964, doi:10.1214/aoms/1177703732) */
        HUBER,
        /**
         * r^2 / 2 where the output has not reached its target, else 0: targets above the middle are reached from
         * below, the others from above. The second derivative is 1 or 0. For two targets that stand for classes: where
         * a unit can separate them, its loss has no bad local minima (Sontag, Sussmann 1991, Back propagation separates
         * where perceptrons do, Neural Networks 4).
         */
        ONE_SIDED_SQUARED_ERROR;

        /** The word in a configuration. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** A loss whose middle is 0. */
    public NumberLoss(Kind kind, double delta) {
        this(kind, delta, 0);
    }

    public NumberLoss {
        if (!(delta > 0)) {
            throw new IllegalArgumentException("delta must be positive, got " + delta);
        }
    }

    /**
     * The loss of a single row.
     *
     * @param outputs outputs of the last layer
     * @param targets array that holds the row's targets
     * @param from where they begin
     * @param derivative receives the loss's derivative for each output
     */
    public double evaluate(double[] outputs, double[] targets, int from, double[] derivative) {
        return row(outputs, 0, outputs.length, targets, from, derivative);
    }

    @Override
    public int evaluate(double[] outputs, int width, Block block, double[] derivatives, double[] values) {
        for (int i = 0; i < block.rows(); i++) {
            values[i] = row(outputs, i * width, width, block.targets(), i * width, derivatives);
        }
        return 0;
    }

    @Override
    public void curve(double[] outputs, int width, Block block, double[] directions) {
        for (int k = 0; k < block.rows() * width; k++) {
            directions[k] *= curvature(outputs[k] - block.targets()[k], block.targets()[k]);
        }
    }

    @Override
    public void curvature(double[] outputs, int width, Block block, double[] diagonal) {
        for (int k = 0; k < block.rows() * width; k++) {
            diagonal[k] = curvature(outputs[k] - block.targets()[k], block.targets()[k]);
        }
    }

    private double curvature(double residual, double target) {
        return switch (kind) {
            case SQUARED_ERROR -> 1;
            case ABSOLUTE_ERROR -> 0;
            case HUBER -> Math.abs(residual) <= delta ? 1 : 0;
            case ONE_SIDED_SQUARED_ERROR -> shortfall(residual, target) != 0 ? 1 : 0;
        };
    }

    /** The residual where the output has not reached its target, else 0; NaN for NaN. */
    private double shortfall(double residual, double target) {
        return target > middle ? Math.min(residual, 0) : Math.max(residual, 0);
    }

    private double row(double[] outputs, int from, int width, double[] targets, int targetFrom, double[] derivatives) {
        double sum = 0;
        for (int j = 0; j < width; j++) {
            double residual = outputs[from + j] - targets[targetFrom + j];
            double size = Math.abs(residual);
            switch (kind) {
                case SQUARED_ERROR -> {
                    derivatives[from + j] = residual;
                    sum += 0.5 * residual * residual;
                }
                case ABSOLUTE_ERROR -> {
                    derivatives[from + j] = Math.signum(residual);
                    sum += size;
                }
                case HUBER -> {
                    derivatives[from + j] = size <= delta ? residual : delta * Math.signum(residual);
                    sum += size <= delta ? 0.5 * residual * residual : delta * (size - 0.5 * delta);
                }
                case ONE_SIDED_SQUARED_ERROR -> {
                    double shortfall = shortfall(residual, targets[targetFrom + j]);
                    derivatives[from + j] = shortfall;
                    sum += 0.5 * shortfall * shortfall;
                }
            }
        }
        return sum;
    }

    /**
     * For the one-sided loss, the one whose middle is the activation's value at 0: 0.5 of a sigmoid, 0 of tanh and
     * identity.
     */
    @Override
    public NumberLoss on(Activation output) {
        if (kind != Kind.ONE_SIDED_SQUARED_ERROR) {
            return this;
        }
        double[] middleOutput = {0};
        output.value(middleOutput, 0, 1);
        return new NumberLoss(kind, delta, middleOutput[0]);
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
