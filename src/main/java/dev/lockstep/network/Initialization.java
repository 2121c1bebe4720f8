package dev.lockstep.network;

import dev.lockstep.InputException;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How the first weights are drawn, each entry a function of the seed and of its place alone; or what they are.
 *
 * @param scheme which distribution
 * @param scale standard deviation of {@code normal}; the others do not look at it
 * @param values the first parameters themselves, in the place of drawn ones
 */
public record Initialization(Scheme scheme, double scale, Optional<Vector> values) {
    /** Distributions of a weight, by the inputs and outputs of its layer. */
    public enum Scheme {
        /** normal, variance 2 / inputs; biases 0 (He and others 2015, doi:10.1109/ICCV.2015.123) */
        HE,
        /** uniform in plus-minus sqrt(6 / (inputs + outputs)); biases 0 (Glorot and Bengio 2010) */
        GLOROT,
        /** normal, variance 1 / inputs; biases 0 (LeCun and others 1998, Efficient BackProp) */
        LECUN,
        /** normal with a standard deviation of choice; biases 0 */
        NORMAL,
        /** uniform in plus-minus 1 / sqrt(inputs), biases too: what PyTorch's Linear does */
        UNIFORM,
        /** all 0 */
        ZEROS;

        /** The word in a configuration. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The words, in the order of the constants. */
        public static List<String> keys() {
            return Arrays.stream(values()).map(Scheme::key).toList();
        }

        /** The scheme of a word. */
        public static Scheme of(String key) {
            return valueOf(key.toUpperCase(Locale.ROOT));
        }
    }

    /** Weights that are drawn. */
    public Initialization(Scheme scheme, double scale) {
        this(scheme, scale, Optional.empty());
    }

    /** Weights that are given: all parameters of a network in their order. */
    public static Initialization of(Vector values) {
        return new Initialization(Scheme.ZEROS, 1, Optional.of(values));
    }

    public Initialization {
        if (!(scale > 0)) {
            throw new IllegalArgumentException("the standard deviation must be positive, got " + scale);
        }
    }

    /**
     * Refuses given values that are not as many as a network has parameters.
     *
     * @throws InputException says how many, and which comes where
     */
    void check(Network network) {
        if (values.isPresent() && values.get().size() != network.parameters()) {
            throw new InputException("network.init.values: expected " + network.parameters() + " numbers, got "
                    + values.get().size() + "; the network " + network.widths() + " takes them in this order: "
                    + network.order());
        }
    }

    /** The first parameters of a network. */
    public Vector draw(Network network, long seed) {
        if (values.isPresent()) {
            check(network);
            return values.get();
        }
        double[] drawn = new double[network.parameters()];
        long key = Mixing.key(seed, "weights");
        for (Network.Tensor tensor : network.tensors()) {
            Layer layer = network.layers().get(tensor.layer());
            for (int i = tensor.from(); i < tensor.from() + tensor.size(); i++) {
                drawn[i] = tensor.isWeight() || scheme == Scheme.UNIFORM ? draw(layer, Mixing.mix(key, i)) : 0.0;
            }
        }
        return Vector.wrap(drawn);
    }

    private double draw(Layer layer, long key) {
        return switch (scheme) {
            case HE -> Math.sqrt(2.0 / layer.inputs()) * Mixing.normal(key);
            case GLOROT -> Math.sqrt(6.0 / (layer.inputs() + layer.outputs())) * symmetric(key);
            case LECUN -> Math.sqrt(1.0 / layer.inputs()) * Mixing.normal(key);
            case NORMAL -> scale * Mixing.normal(key);
            case UNIFORM -> Math.sqrt(1.0 / layer.inputs()) * symmetric(key);
            case ZEROS -> 0.0;
        };
    }

    /** Uniform in [-1, 1). */
    private static double symmetric(long key) {
        return 2.0 * Mixing.uniform(Mixing.mix(key)) - 1.0;
    }
}
