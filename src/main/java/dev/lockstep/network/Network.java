package dev.lockstep.network;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A feed-forward network of dense layers and the loss on its outputs; no weights in it.
 *
 * <p>The parameters are one flat vector: W of the first layer row by row, its b, W of the second layer, and so on; named
 * as PyTorch names those of an {@code nn.Sequential} called {@code layers}.
 *
 * @param layers from the input on, at least one; each takes what the one before gives
 * @param loss on the outputs of the last layer
 * @param dropout share of hidden units set to 0 in training, in [0, 1); the others are divided by 1 - dropout
 */
public record Network(List<Layer> layers, Loss loss, double dropout) implements Serializable {
    /**
     * A named part of the flat parameters.
     *
     * @param name such as {@code layers.0.weight}
     * @param layer number of its layer
     * @param from index of its first entry
     * @param shape [outputs, inputs] of a weight, [outputs] of a bias
     */
    public record Tensor(String name, int layer, int from, List<Integer> shape) implements Serializable {
        /** Number of entries. */
        public int size() {
            return shape.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
        }

        /** Whether these are weights; else biases. */
        public boolean isWeight() {
            return shape.size() == 2;
        }
    }

    /** As many as a file of weights, which is one array of bytes, holds with its header. */
    public static final int MOST_PARAMETERS = (Integer.MAX_VALUE - (1 << 20)) / Double.BYTES;

    public Network {
        layers = List.copyOf(layers);
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a network needs at least one layer");
        }
        for (int i = 1; i < layers.size(); i++) {
            if (layers.get(i).inputs() != layers.get(i - 1).outputs()) {
                throw new IllegalArgumentException("layer " + i + " takes "
                        + layers.get(i).inputs() + " inputs, but the one before gives "
                        + layers.get(i - 1).outputs());
            }
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), got " + dropout);
        }
        if (loss instanceof Landscape landscape) {
            landscape.check(layers.get(layers.size() - 1).outputs());
        }
        if (loss instanceof RandomQuadratic random) {
            random.check(layers.get(layers.size() - 1).outputs());
        }
        // In double precision, for as many products of large widths leave the range of a long.
        double parameters = layers.stream().mapToDouble(Layer::parameters).sum();
        if (parameters > MOST_PARAMETERS) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "the network has %,.0f parameters, expected at most %,d",
                    parameters,
                    MOST_PARAMETERS));
        }
    }

    /** Width of the rows it takes. */
    public int inputs() {
        return layers.get(0).inputs();
    }

    /** Width of its last layer. */
    public int outputs() {
        return layers.get(layers.size() - 1).outputs();
    }

    /** Number of weights and biases. */
    public int parameters() {
        return (int) layers.stream().mapToLong(Layer::parameters).sum();
    }

    /** The named parts of the flat parameters, in their order. */
    public List<Tensor> tensors() {
        List<Tensor> tensors = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            tensors.add(new Tensor("layers." + i + ".weight", i, from, List.of(layer.outputs(), layer.inputs())));
            from += (int) layer.weights();
            if (layer.bias()) {
                tensors.add(new Tensor("layers." + i + ".bias", i, from, List.of(layer.outputs())));
                from += layer.outputs();
            }
        }
        return tensors;
    }

    /** For each parameter whether it is a weight; else it is a bias. */
    public boolean[] weightMask() {
        boolean[] mask = new boolean[parameters()];
        for (Tensor tensor : tensors()) {
            if (tensor.isWeight()) {
                java.util.Arrays.fill(mask, tensor.from(), tensor.from() + tensor.size(), true);
            }
        }
        return mask;
    }

    /** What the flat parameters are, in their order, for a person: {@code layers.0.weight [3, 2] row by row, …}. */
    String order() {
        return tensors().stream()
                .map(tensor -> tensor.name() + " " + tensor.shape() + (tensor.isWeight() ? " row by row" : ""))
                .collect(Collectors.joining(", "));
    }

    /** Widths from the input to the output, such as {@code 784-256-10}. */
    public String widths() {
        StringBuilder text = new StringBuilder().append(inputs());
        layers.forEach(layer -> text.append('-').append(layer.outputs()));
        return text.toString();
    }
}
