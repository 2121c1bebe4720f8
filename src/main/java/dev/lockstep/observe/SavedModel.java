package dev.lockstep.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.InputException;
import dev.lockstep.Version;
import dev.lockstep.data.Classes;
import dev.lockstep.data.Standardization;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Loss;
import dev.lockstep.network.Network;
import dev.lockstep.network.NumberLoss;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/**
 * A trained network with all that is needed to use it on rows as they come: {@code model.json} and {@code
 * weights.safetensors}.
 *
 * @param network layers and loss
 * @param weights flat parameters
 * @param precision in which it was trained
 * @param features names of the features, in order
 * @param targets names of the label or of the target columns
 * @param classes null where targets are numbers
 * @param scale factor on every feature
 * @param standardization of the features after scaling, or null
 * @param source the training source's settings as JSON, to read other data in the same way
 */
public record SavedModel(
        Network network,
        Vector weights,
        Precision precision,
        List<String> features,
        List<String> targets,
        Classes classes,
        double scale,
        Standardization standardization,
        String source) {
    private static final int FORMAT = 1;
    private static final String JSON = "model.json";
    private static final String WEIGHTS = "weights.safetensors";

    /** Number of classes, or of target columns. */
    public int classesOrTargets() {
        return classes != null ? classes.count() : targets.size();
    }

    /** Names of the classes; empty where targets are numbers. */
    public List<String> classNames() {
        return classes != null ? classes.names() : List.of();
    }

    /** Writes the two files. */
    public void save(Folder folder) {
        folder.create();
        ObjectNode node = Json.object();
        node.put("format", FORMAT);
        node.put("lockstep", Version.project());
        ObjectNode net = node.putObject("network");
        ArrayNode layers = net.putArray("layers");
        for (Layer layer : network.layers()) {
            layers.addObject()
                    .put("inputs", layer.inputs())
                    .put("outputs", layer.outputs())
                    .put("activation", layer.activation().key())
                    .put("bias", layer.bias());
        }
        net.put("loss", network.loss().key());
        net.put("delta", network.loss() instanceof NumberLoss loss ? loss.delta() : 1.0);
        net.put("dropout", network.dropout());
        net.put("precision", precision.key());
        features.forEach(node.putArray("features")::add);
        targets.forEach(node.putArray("targets")::add);
        if (classes != null) {
            classes.names().forEach(node.putArray("classes")::add);
        }
        node.put("scale", scale);
        if (standardization != null) {
            ObjectNode fitted = node.putObject("standardization");
            ArrayNode means = fitted.putArray("means");
            ArrayNode deviations = fitted.putArray("deviations");
            for (int i = 0; i < features.size(); i++) {
                means.add(standardization.means()[i]);
                deviations.add(standardization.deviations()[i]);
            }
        }
        try {
            node.set("source", Json.MAPPER.readTree(source));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        folder.write(WEIGHTS, Safetensors.write(network, weights));
        folder.write(JSON, Json.pretty(node));
    }

    /**
     * Reads a model.
     *
     * @param path of a run folder, or of its {@code model} folder
     * @throws InputException if there is none, or it is of another format
     */
    public static SavedModel load(String path, Configuration hadoop) {
        Folder folder = Folder.of(path, hadoop);
        Folder model = folder.has(JSON) ? folder : folder.child("model");
        if (!model.has(JSON)) {
            throw new InputException(path + ": no model there; give a run folder that jobs/train wrote");
        }
        String name = model + "/" + JSON;
        JsonNode node;
        try {
            node = Json.MAPPER.readTree(model.read(JSON));
        } catch (IOException e) {
            throw new InputException(
                    name + ": not JSON: " + e.getMessage().lines().findFirst().orElse(""), e);
        }
        if (node.path("format").asInt(-1) != FORMAT) {
            throw new InputException(name + ": format " + node.path("format") + ", but this version reads format "
                    + FORMAT + "; use the version that wrote it, "
                    + node.path("lockstep").asText("unknown"));
        }
        try {
            Network network = network(node.get("network"));
            Vector weights = Safetensors.read(model + "/" + WEIGHTS, model.read(WEIGHTS), network);
            Optional<JsonNode> classes = Optional.ofNullable(node.get("classes"));
            return new SavedModel(
                    network,
                    weights,
                    Precision.of(node.get("network").get("precision").asText()),
                    texts(node.get("features")),
                    texts(node.get("targets")),
                    classes.map(names -> Classes.of(texts(names))).orElse(null),
                    node.get("scale").asDouble(),
                    node.has("standardization") ? standardization(node.get("standardization")) : null,
                    Json.MAPPER.writeValueAsString(node.path("source")));
        } catch (NullPointerException | IllegalArgumentException | IndexOutOfBoundsException | IOException e) {
            throw new InputException(
                    name + ": a key is missing or has a value that makes no sense: " + e.getMessage(), e);
        }
    }

    private static Network network(JsonNode node) {
        List<Layer> layers = new ArrayList<>();
        for (JsonNode layer : node.get("layers")) {
            layers.add(new Layer(
                    layer.get("inputs").asInt(),
                    layer.get("outputs").asInt(),
                    Activation.of(layer.get("activation").asText()),
                    layer.get("bias").asBoolean()));
        }
        Loss loss = Loss.of(node.get("loss").asText(), node.get("delta").asDouble());
        return new Network(layers, loss, node.get("dropout").asDouble());
    }

    private static Standardization standardization(JsonNode node) {
        return new Standardization(numbers(node.get("means")), numbers(node.get("deviations")));
    }

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).asDouble();
        }
        return numbers;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
