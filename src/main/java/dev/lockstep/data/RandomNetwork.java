package dev.lockstep.data;

import dev.lockstep.linalg.Mixing;
import java.io.Serializable;
import java.util.Arrays;

/**
 * A dense network with drawn weights, whose outputs are centred and scaled for normal inputs: over them, every
 * output has mean 0, and all outputs together variance 1.
 *
 * <p>Weights and biases are normal with variance g^2 / fan-in; g^2 is 1, or 2 with relu. Mean and variance are
 * measured on {@value #MEASURED_ROWS} rows. The weights do not travel: every task draws them from the seed.
 */
final class RandomNetwork implements Serializable {
    private static final int MEASURED_ROWS = 500;

    /** Between two layers. The numbers are the same on every machine. */
    enum Activation {
        TANH(1.0) {
            @Override
            double at(double x) {
                return StrictMath.tanh(x);
            }
        },
        RELU(2.0) {
            @Override
            double at(double x) {
                return Math.max(0, x);
            }
        };

        /** Variance of a layer's weights times its fan-in. */
        private final double variance;

        Activation(double variance) {
            this.variance = variance;
        }

        abstract double at(double x);
    }

    private final int[] widths;
    private final Activation activation;
    private final long seed;
    private final double[] centres;
    private final double scale;

    /** One array a layer: for each unit its weights, then its bias. */
    private transient volatile double[][] layers;

    /**
     * @param widths inputs, hidden layers, outputs
     * @param activation of the hidden layers
     * @param seed draws the weights
     */
    RandomNetwork(int[] widths, Activation activation, long seed) {
        this.widths = widths.clone();
        this.activation = activation;
        this.seed = seed;
        double[][] measured = new double[MEASURED_ROWS][];
        for (int row = 0; row < MEASURED_ROWS; row++) {
            double[] inputs = new double[widths[0]];
            draw(inputs, Mixing.mix(Mixing.key(seed, "rows that are measured"), row));
            measured[row] = raw(inputs);
        }
        centres = new double[widths[widths.length - 1]];
        double squares = 0;
        for (int k = 0; k < centres.length; k++) {
            for (double[] outputs : measured) {
                centres[k] += outputs[k] / MEASURED_ROWS;
            }
            for (double[] outputs : measured) {
                squares += (outputs[k] - centres[k]) * (outputs[k] - centres[k]);
            }
        }
        // Of outputs that are all the same, rounding leaves squares above 0.
        boolean constant = Arrays.stream(measured).allMatch(outputs -> Arrays.equals(outputs, measured[0]));
        scale = constant ? 0 : StrictMath.sqrt(squares / MEASURED_ROWS / centres.length);
    }

    /** Fills an array with standard normal numbers. */
    static void draw(double[] values, long key) {
        for (int j = 0; j < values.length; j++) {
            values[j] = Mixing.normal(Mixing.mix(key, j));
        }
    }

    /** Whether the outputs are the same for all inputs: relu units may all be dead. */
    boolean isConstant() {
        return scale == 0;
    }

    /** The outputs for some inputs. */
    double[] outputs(double[] inputs) {
        double[] outputs = raw(inputs);
        for (int k = 0; k < outputs.length; k++) {
            outputs[k] = (outputs[k] - centres[k]) / scale;
        }
        return outputs;
    }

    private double[] raw(double[] inputs) {
        double[][] weights = layers();
        double[] values = inputs;
        for (int l = 0; l < weights.length; l++) {
            double[] next = new double[widths[l + 1]];
            int at = 0;
            for (int unit = 0; unit < next.length; unit++) {
                double sum = 0;
                for (double value : values) {
                    sum += weights[l][at++] * value;
                }
                sum += weights[l][at++];
                next[unit] = l + 1 < weights.length ? activation.at(sum) : sum;
            }
            values = next;
        }
        return values;
    }

    private double[][] layers() {
        double[][] drawn = layers;
        if (drawn == null) {
            drawn = new double[widths.length - 1][];
            for (int l = 0; l < drawn.length; l++) {
                drawn[l] = new double[widths[l + 1] * (widths[l] + 1)];
                draw(drawn[l], Mixing.mix(Mixing.key(seed, "weights of the teacher"), l));
                double deviation = StrictMath.sqrt(activation.variance / widths[l]);
                for (int i = 0; i < drawn[l].length; i++) {
                    drawn[l][i] *= deviation;
                }
            }
            layers = drawn;
        }
        return drawn;
    }
}
