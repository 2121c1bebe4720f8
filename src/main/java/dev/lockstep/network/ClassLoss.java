package dev.lockstep.network;

import static dev.lockstep.linalg.ElementaryFunctions.exp;
import static dev.lockstep.linalg.ElementaryFunctions.log1p;
import static dev.lockstep.linalg.ElementaryFunctions.sigmoid;
import static dev.lockstep.linalg.ElementaryFunctions.softplus;

import java.util.Locale;

/** A loss against the number of a class. */
public enum ClassLoss implements Loss {
    /**
     * Softmax and its logarithm: log(sum_j e^(z_j)) - z_label, shifted by the largest z so that nothing overflows; the
     * derivative is softmax(z) - one-hot(label).
     */
    CROSS_ENTROPY {
        @Override
        public double evaluate(double[] z, int label, double[] derivative) {
            int top = decide(z);
            double others = 0;
            for (int j = 0; j < z.length; j++) {
                derivative[j] = exp(z[j] - z[top]);
                if (j != top) {
                    others += derivative[j];
                }
            }
            // The largest term is exactly 1: kept apart, it does not swallow the small ones.
            double inverse = 1.0 / (1.0 + others);
            for (int j = 0; j < z.length; j++) {
                derivative[j] *= inverse;
            }
            derivative[label] = label == top ? -others * inverse : derivative[label] - 1.0;
            return log1p(others) + (z[top] - z[label]);
        }

        @Override
        public int outputs(int classes) {
            return classes;
        }
    },
    /** One output, the logit of the second class: log(1 + e^(-s z)) with s = +1 for the second class, -1 for the first. */
    BINARY_CROSS_ENTROPY {
        @Override
        public double evaluate(double[] z, int label, double[] derivative) {
            double sign = label == 1 ? 1.0 : -1.0;
            derivative[0] = -sign * sigmoid(-sign * z[0]);
            return softplus(-sign * z[0]);
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
        public double evaluate(double[] z, int label, double[] derivative) {
            double sum = 0;
            for (int j = 0; j < z.length; j++) {
                double sign = sign(j, z.length, label);
                boolean wrong = sign * z[j] <= 0;
                derivative[j] = wrong ? -sign : 0.0;
                sum += Math.max(0.0, -sign * z[j]);
            }
            return sum;
        }

        @Override
        public int outputs(int classes) {
            return classes == 2 ? 1 : classes;
        }
    },
    /** max(0, 1 - s z), summed over the outputs as for the perceptron. At s z = 1 the derivative is 0. */
    HINGE {
        @Override
        public double evaluate(double[] z, int label, double[] derivative) {
            double sum = 0;
            for (int j = 0; j < z.length; j++) {
                double sign = sign(j, z.length, label);
                double shortfall = 1.0 - sign * z[j];
                derivative[j] = shortfall > 0 ? -sign : 0.0;
                sum += Math.max(0.0, shortfall);
            }
            return sum;
        }

        @Override
        public int outputs(int classes) {
            return classes == 2 ? 1 : classes;
        }
    };

    /**
     * The loss of a row.
     *
     * @param z outputs of the last layer
     * @param label number of the row's class
     * @param derivative receives the loss's derivative for each z
     */
    public abstract double evaluate(double[] z, int label, double[] derivative);

    /** The class that the outputs stand for: the largest output, the first of equals; or the sign of the only one. */
    public int decide(double[] z) {
        if (z.length == 1) {
            return z[0] > 0 ? 1 : 0;
        }
        int best = 0;
        for (int j = 1; j < z.length; j++) {
            if (z[j] > z[best]) {
                best = j;
            }
        }
        return best;
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
