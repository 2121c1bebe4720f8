package dev.lockstep.network;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the {@code network} part of a configuration says, before the data's width is known.
 *
 * @param hidden widths of the hidden layers
 * @param activations one for each hidden layer
 * @param outputActivation of the last layer
 * @param bias whether layers have biases
 * @param loss on the outputs
 * @param dropout share of hidden units set to 0 in training
 * @param initialization of the weights, drawn or given, where they come from no file
 * @param initialWeights path of a safetensors file with the first weights
 * @param precision of the executors
 */
public record NetworkDesign(
        List<Integer> hidden,
        List<Activation> activations,
        Activation outputActivation,
        boolean bias,
        Loss loss,
        double dropout,
        Initialization initialization,
        Optional<String> initialWeights,
        Precision precision) {

    /** Reads the object under the key {@code network}. */
    public static NetworkDesign read(Settings network) {
        List<Integer> hidden = new ArrayList<>();
        double before = 1;
        double least = 0;
        for (double width : network.numbers("hidden")) {
            if (width < 1 || width != Math.rint(width)) {
                throw network.wrong("hidden", "expected whole numbers of at least 1, one for each hidden layer");
            }
            hidden.add((int) width);
            // Weights from the layer before, be it one input; the rest is known when the data is.
            least += before * width;
            before = width;
        }
        if (least > Network.MOST_PARAMETERS) {
            throw network.wrong(
                    "hidden",
                    String.format(
                            Locale.ROOT,
                            "%,.0f weights at the least; expected a network of at most %,d",
                            least,
                            Network.MOST_PARAMETERS));
        }
        Loss ofOutputs = loss(network);
        Activation output = Activation.of(network.choice("output-activation", "identity", Activation.keys()));
        if (ofOutputs.forClasses() && output != Activation.IDENTITY) {
            throw network.wrong(
                    "output-activation",
                    "loss " + ofOutputs.key() + " takes the outputs as they are; leave this key out");
        }
        Loss loss = ofOutputs.on(output);
        double dropout = network.number("dropout", 0.0);
        if (!(dropout >= 0 && dropout < 1)) {
            throw network.wrong("dropout", "expected a number in [0, 1)");
        }
        List<Activation> activations = activations(network, hidden.size());
        Settings init = network.childOrValue("init", "name");
        Optional<String> from = init.optionalText("from");
        return new NetworkDesign(
                List.copyOf(hidden),
                activations,
                output,
                network.flag("bias", true),
                loss,
                dropout,
                initialization(init, from, activations),
                from,
                Precision.of(network.choice("precision", "float32", Precision.keys())));
    }

    private static Loss loss(Settings network) {
        if (!network.has("loss")) {
            throw network.wrong("loss", "expected one of " + String.join(", ", Loss.keys()));
        }
        String key = network.choice("loss", null, Loss.keys());
        double delta = positive(network, "delta");
        if (key.equals(Landscape.KEY)) {
            if (!network.has("landscape")) {
                throw network.wrong("landscape", "expected one of " + String.join(", ", Surface.keys()));
            }
            Surface surface = Surface.of(network.choice("landscape", null, Surface.keys()));
            return new Landscape(surface, positive(network, "factor"));
        }
        if (key.equals(RandomQuadratic.KEY)) {
            return new RandomQuadratic(
                    network.integer("matrix-size", 2, 1, 10_000),
                    network.number("matrix-shift", 0),
                    network.integer("matrix-seed", 1));
        }
        for (String own : List.of("landscape", "factor")) {
            if (network.has(own)) {
                throw network.wrong(
                        own, "loss " + key + " is no landscape; leave this key out, or set loss = landscape");
            }
        }
        return Loss.of(key, delta);
    }

    /** A positive number, 1 if nothing is said. */
    private static double positive(Settings network, String key) {
        double number = network.number(key, 1.0);
        if (!(number > 0)) {
            throw network.wrong(key, "expected a positive number");
        }
        return number;
    }

    private static List<Activation> activations(Settings network, int hiddenLayers) {
        List<Activation> activations = new ArrayList<>();
        for (String word : network.choices("activation", Activation.keys())) {
            activations.add(Activation.of(word));
        }
        if (activations.isEmpty()) {
            activations.add(Activation.RELU);
        }
        if (!network.isList("activation")) {
            Activation only = activations.get(0);
            activations.clear();
            for (int i = 0; i < hiddenLayers; i++) {
                activations.add(only);
            }
        }
        if (activations.size() != hiddenLayers) {
            throw network.wrong(
                    "activation",
                    "expected one word, or a list of " + hiddenLayers + ", one for each width in network.hidden");
        }
        return List.copyOf(activations);
    }

    private static Initialization initialization(Settings init, Optional<String> from, List<Activation> activations) {
        List<String> given =
                Stream.of("name", "from", "values").filter(init::has).toList();
        if (given.size() > 1) {
            throw init.wrong(given.get(1), "there is " + given.get(0) + " too; give one of name, from, values");
        }
        if (init.has("values")) {
            if (init.has("standard-deviation")) {
                throw init.wrong("standard-deviation", "values are not drawn; leave this key out");
            }
            List<Double> values = init.numbers("values");
            return Initialization.of(
                    Vector.wrap(values.stream().mapToDouble(Double::doubleValue).toArray()));
        }
        boolean halved = activations.stream()
                .anyMatch(a -> a == Activation.RELU || a == Activation.LEAKY_RELU || a == Activation.GELU);
        String name = from.isPresent()
                ? Initialization.Scheme.ZEROS.key()
                : init.choice("name", halved ? "he" : "glorot", Initialization.Scheme.keys());
        double scale = init.number("standard-deviation", 0.01);
        if (!(scale > 0)) {
            throw init.wrong("standard-deviation", "expected a positive number");
        }
        return new Initialization(Initialization.Scheme.of(name), scale);
    }

    /**
     * The network for data of a known width.
     *
     * @param inputs number of features
     * @param classesOrTargets number of classes, or of target columns
     * @throws InputException if the loss is not one for so many classes or targets, or the first weights are given and
     *     not as many as its parameters
     */
    public Network build(int inputs, int classesOrTargets) {
        if (loss == ClassLoss.BINARY_CROSS_ENTROPY && classesOrTargets != 2) {
            throw new InputException("network.loss = binary-cross-entropy is for 2 classes, but the labels have "
                    + classesOrTargets + "; use cross-entropy");
        }
        if (loss.forClasses() && classesOrTargets < 2) {
            throw new InputException(
                    "the labels have only one class; network.loss = " + loss.key() + " needs at least two");
        }
        List<Layer> layers = new ArrayList<>();
        int width = inputs;
        for (int i = 0; i < hidden.size(); i++) {
            layers.add(new Layer(width, hidden.get(i), activations.get(i), bias));
            width = hidden.get(i);
        }
        layers.add(new Layer(width, loss.outputs(classesOrTargets), outputActivation, bias));
        Network network;
        try {
            network = new Network(layers, loss, dropout);
        } catch (IllegalArgumentException e) {
            throw new InputException("network: " + e.getMessage(), e);
        }
        initialization.check(network);
        return network;
    }
}
