package dev.lockstep.network;

import java.io.Serializable;

/**
 * A dense layer: z = x transposed(W) + b, y = f(z).
 *
 * @param inputs width of x, at least 1
 * @param outputs width of y, at least 1
 * @param activation f
 * @param bias whether there is a b
 */
public record Layer(int inputs, int outputs, Activation activation, boolean bias) implements Serializable {
    public Layer {
        if (inputs < 1 || outputs < 1) {
            throw new IllegalArgumentException("a layer needs widths of at least 1, got " + inputs + " and " + outputs);
        }
    }

    /** Number of entries of W, [outputs, inputs]. */
    public long weights() {
        return (long) outputs * inputs;
    }

    /** Number of entries of W and b. */
    public long parameters() {
        return weights() + (bias ? outputs : 0);
    }
}
