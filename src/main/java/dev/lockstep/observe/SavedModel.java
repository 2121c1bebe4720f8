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
            node = Json.read(model.read(JSON));
        } catch (IOException e) {
            throw new InputException(
                    name + ": not JSON: " + e.getMessage().lines().findFirst().orElse(""), e);
        }
        if (node == null) {
            throw new InputException(name + ": no JSON object");
        }
        if (node.path("format").asInt(-1) != FORMAT) {
            throw new InputException(name + ": format " + node.path("format") + ", but this version reads format "
                    + FORMAT + "; use the version that wrote it, "
                    + node.path("lockstep").asText("unknown"));
        }
        StoredObject stored = new StoredObject(name, node);
        Network network;
        try {
            network = network(stored.child("network"));
        } catch (IllegalArgumentException e) {
            throw new InputException(name + ": " + e.getMessage(), e);
        }
        List<String> features = stored.names("features");
        List<String> targets = stored.names("targets");
        Classes classes = stored.has("classes") ? classes(name, stored.names("classes")) : null;
        checkWidths(name, network, features, targets, classes);
        return new SavedModel(
                network,
                Safetensors.read(model + "/" + WEIGHTS, model.read(WEIGHTS), network),
                stored.child("network").constant("precision", Precision.keys(), Precision::of),
                features,
                targets,
                classes,
                stored.number("scale"),
                stored.has("standardization")
                        ? standardization(stored.child("standardization"), features.size())
                        : null,
                Json.line(stored.child("source").node()));
    }

    private static Network network(StoredObject stored) {
        List<Layer> layers = new ArrayList<>();
        for (StoredObject layer : stored.children("layers")) {
            layers.add(new Layer(
                    layer.count("inputs"),
                    layer.count("outputs"),
                    layer.constant("activation", Activation.keys(), Activation::of),
                    layer.flag("bias")));
        }
        double delta = stored.number("delta");
        Loss loss = stored.constant("loss", Loss.keys(), key -> Loss.of(key, delta));
        return new Network(layers, loss, stored.number("dropout"));
    }

    private static Classes classes(String name, List<String> names) {
        Classes classes = Classes.of(names);
        if (classes.count() < Math.max(2, names.size())) {
            throw new InputException(name + ": classes = " + names + ", expected at least two, all different");
        }
        return classes;
    }

    private static void checkWidths(
            String name, Network network, List<String> features, List<String> targets, Classes classes) {
        if (network.loss().forClasses() != (classes != null)) {
            throw new InputException(name + ": the loss " + network.loss().key()
                    + (classes == null ? " needs the key classes" : " has no classes"));
        }
        int outputs = network.loss().outputs(classes == null ? targets.size() : classes.count());
        if (features.size() != network.inputs() || outputs != network.outputs()) {
            throw new InputException(name + ": " + features.size() + " features and " + outputs
                    + " outputs of its classes or targets do not fit its layers " + network.widths());
        }
    }

    private static Standardization standardization(StoredObject stored, int features) {
        return new Standardization(stored.numbers("means", features), stored.numbers("deviations", features));
    }
}
