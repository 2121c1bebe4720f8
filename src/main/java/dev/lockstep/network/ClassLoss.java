package dev.lockstep.network;

import static dev.lockstep.linalg.ElementaryFunctions.log1p;
import static dev.lockstep.linalg.ElementaryFunctions.sigmoid;
import static dev.lockstep.linalg.ElementaryFunctions.softplus;

import dev.lockstep.data.Block;
import dev.lockstep.linalg.ElementaryFunctions;
import java.util.Arrays;
import java.util.Locale;

/** A loss against the number of a class. */
public enum ClassLoss implements Loss {
    /**
     * Softmax and its logarithm: log(sum_j e^(z_j)) - z_label, shifted by the largest z so that nothing overflows; the
     * derivative is softmax(z) - one-hot(label).
     */
    CROSS_ENTROPY {
        @Override
        int evaluate(double[] z, int rows, int width, int[] labels, double[] derivatives, double[] values) {
            int right = 0;
            for (int i = 0; i < rows; i++) {
                int from = i * width;
                int top = decide(z, from, width);
                double largest = z[from + top];
                for (int j = from; j < from + width; j++) {
                    derivatives[j] = z[j] - largest;
                }
                right += top == labels[i] ? 1 : 0;
                // Until the loss is known.
                values[i] = top;
            }
            ElementaryFunctions.exp(derivatives, 0, rows * width);
            for (int i = 0; i < rows; i++) {
                int from = i * width;
                int top = from + (int) values[i];
                int label = from + labels[i];
                double others = 0;
                for (int j = from; j < from + width; j++) {
                    others += j == top ? 0 : derivatives[j];
                }
                // The largest term is exactly 1: kept apart, it does not swallow the small ones.
                double inverse = 1.0 / (1.0 + others);
                for (int j = from; j < from + width; j++) {
                    derivatives[j] *= inverse;
                }
                derivatives[label] = label == top ? -others * inverse : derivatives[label] - 1.0;
                values[i] = log1p(others) + (z[top] - z[label]);
            }
            return right;
        }

        @Override
        public int outputs(int classes) {
            return classes;
        }
    },
    /** One output, the logit of the second class: log(1 + e^(-s z)) with s = +1 for the second class, -1 for the first. */
    BINARY_CROSS_ENTROPY {
        @Override
        int evaluate(double[] z, int rows, int width, int[] labels, double[] derivatives, double[] values) {
            for (int i = 0; i < rows; i++) {
                double sign = labels[i] == 1 ? 1.0 : -1.0;
                derivatives[i] = -sign * sigmoid(-sign * z[i]);
                values[i] = softplus(-sign * z[i]);
            }
            return right(z, rows, width, labels);
        }

        @Override
        public int outputs(int classes) {
            return 1;
        }
    },
    /**
     * max(0, -s z), summed over the outputs; one output for two classes, one against the rest for more. At z = 0 the
     * derivative is -s, as in Rosenblatt's rule: an undecided unit counts as wrong.
     */
    PERCEPTRON {
        @Override
        int evaluate(double[] z, int rows, int width, int[] labels, double[] derivatives, double[] values) {
            for (int i = 0; i < rows; i++) {
                double sum = 0;
                for (int j = 0; j < width; j++) {
                    double sign = sign(j, width, labels[i]);
                    double output = z[i * width + j];
                    derivatives[i * width + j] = sign * output <= 0 ? -sign : 0.0;
                    sum += Math.max(0.0, -sign * output);
                }
                values[i] = sum;
            }
            return right(z, rows, width, labels);
        }

        @Override
        public int outputs(int classes) {
            return classes == 2 ? 1 : classes;
        }
    },
    /** max(0, 1 - s z), summed over the outputs as for the perceptron. At s z = 1 the derivative is 0. */
    HINGE {
        @Override
        int evaluate(double[] z, int rows, int width, int[] labels, double[] derivatives, double[] values) {
            for (int i = 0; i < rows; i++) {
                double sum = 0;
                for (int j = 0; j < width; j++) {
                    double sign = sign(j, width, labels[i]);
                    double shortfall = 1.0 - sign * z[i * width + j];
                    derivatives[i * width + j] = shortfall > 0 ? -sign : 0.0;
                    sum += Math.max(0.0, shortfall);
                }
                values[i] = sum;
            }
            return right(z, rows, width, labels);
        }

        @Override
        public int outputs(int classes) {
            return classes == 2 ? 1 : classes;
        }
    };

    /**
     * The losses of a block's rows.
     *
     * @param z outputs of the last layer, [rows, width]
     * @param labels number of each row's class
     * @param derivatives receives the loss's derivative for each z, [rows, width]
     * @param values receives the loss of each row
     * @return rows for which {@link #decide} gives the label
     */
    abstract int evaluate(double[] z, int rows, int width, int[] labels, double[] derivatives, double[] values);

    @Override
    public int evaluate(double[] z, int width, Block block, double[] derivatives, double[] values) {
        return evaluate(z, block.rows(), width, block.labels(), derivatives, values);
    }

    /**
     * The loss of a single row.
     *
     * @param z outputs of the last layer
     * @param label number of the row's class
     * @param derivative receives the loss's derivative for each z
     */
    public double evaluate(double[] z, int label, double[] derivative) {
        double[] value = new double[1];
        evaluate(z, 1, z.length, new int[] {label}, derivative, value);
        return value[0];
    }

    @Override
    public void curve(double[] z, int width, Block block, double[] directions) {
        switch (this) {
            case CROSS_ENTROPY -> {
                double[] p = new double[width];
                for (int i = 0; i < block.rows(); i++) {
                    softmax(z, i * width, width, p);
                    double mean = 0;
                    for (int j = 0; j < width; j++) {
                        mean += p[j] * directions[i * width + j];
                    }
                    for (int j = 0; j < width; j++) {
                        directions[i * width + j] = p[j] * (directions[i * width + j] - mean);
                    }
                }
            }
            case BINARY_CROSS_ENTROPY -> {
                for (int i = 0; i < block.rows(); i++) {
                    directions[i] *= sigmoid(z[i]) * sigmoid(-z[i]);
                }
            }
            case PERCEPTRON, HINGE -> Arrays.fill(directions, 0, block.rows() * width, 0);
        }
    }

    @Override
    public void curvature(double[] z, int width, Block block, double[] diagonal) {
        switch (this) {
            case CROSS_ENTROPY -> {
                double[] p = new double[width];
                for (int i = 0; i < block.rows(); i++) {
                    softmax(z, i * width, width, p);
                    for (int j = 0; j < width; j++) {
                        diagonal[i * width + j] = p[j] * (1 - p[j]);
                    }
                }
            }
            case BINARY_CROSS_ENTROPY -> {
                for (int i = 0; i < block.rows(); i++) {
                    diagonal[i] = sigmoid(z[i]) * sigmoid(-z[i]);
                }
            }
            case PERCEPTRON, HINGE -> Arrays.fill(diagonal, 0, block.rows() * width, 0);
        }
    }

    /** The class that the outputs stand for: the largest output, the first of equals; or the sign of the only one. */
    public int decide(double[] z) {
        return decide(z, 0, z.length);
    }

    /** {@link #decide(double[])} of the {@code width} outputs from {@code from}. */
    int decide(double[] z, int from, int width) {
        if (width == 1) {
            return z[from] > 0 ? 1 : 0;
        }
        int best = from;
        for (int j = from + 1; j < from + width; j++) {
            // Which output is the largest cannot be foreseen: a choice between two integers compiles to no branch.
            best = z[j] > z[best] ? j : best;
        }
        return best - from;
    }

    /** So many rows for which {@link #decide} gives the label. */
    int right(double[] z, int rows, int width, int[] labels) {
        int right = 0;
        for (int i = 0; i < rows; i++) {
            right += decide(z, i * width, width) == labels[i] ? 1 : 0;
        }
        return right;
    }

    /**
     * The probabilities of all classes, where the loss is that of a probability; else null.
     *
     * @param z outputs of the last layer, for one row
     */
    public double[] probabilities(double[] z) {
        return switch (this) {
            case CROSS_ENTROPY -> {
                double[] probabilities = new double[z.length];
                softmax(z, 0, z.length, probabilities);
                yield probabilities;
            }
            case BINARY_CROSS_ENTROPY -> new double[] {sigmoid(-z[0]), sigmoid(z[0])};
            case PERCEPTRON, HINGE -> null;
        };
    }

    private void softmax(double[] z, int from, int width, double[] probabilities) {
        double largest = z[from + decide(z, from, width)];
        double sum = 0;
        for (int j = 0; j < width; j++) {
            probabilities[j] = ElementaryFunctions.exp(z[from + j] - largest);
            sum += probabilities[j];
        }
        for (int j = 0; j < width; j++) {
            probabilities[j] /= sum;
        }
    }

    @Override
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public boolean forClasses() {
        return true;
    }

    private static double sign(int output, int outputs, int label) {
        return (outputs == 1 ? label == 1 : label == output) ? 1.0 : -1.0;
    }
}
