package dev.lockstep.observe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.InputException;
import dev.lockstep.Version;
import dev.lockstep.data.Classes;
import dev.lockstep.data.Column;
import dev.lockstep.data.Encoding;
import dev.lockstep.data.Preparation;
import dev.lockstep.data.Standardization;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.Landscape;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Loss;
import dev.lockstep.network.Network;
import dev.lockstep.network.NumberLoss;
import dev.lockstep.network.Surface;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;

/**
 * A trained network with all that is needed to use it on rows as they come: {@code model.json} and {@code
 * weights.safetensors}.
 *
 * @param network layers and loss
 * @param weights flat parameters
 * @param precision in which it was trained
 * @param encoding how columns become features
 * @param targets names of the label or of the target columns
 * @param classes null where targets are numbers
 * @param scale factor on every feature
 * @param preparation what was learnt from the training rows about features after scaling, and about targets
 * @param source the training source's settings as JSON, to read other data in the same way
 */
public record SavedModel(
        Network network,
        Vector weights,
        Precision precision,
        Encoding encoding,
        List<String> targets,
        Classes classes,
        double scale,
        Preparation preparation,
        String source) {
    private static final int FORMAT = 2;
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

    /** Names of the features, in order. */
    public List<String> features() {
        return encoding.names();
    }

    /** Names of the columns that become features, in order. */
    public List<String> columns() {
        return encoding.columns().stream().map(Column::name).toList();
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
        if (network.loss() instanceof Landscape landscape) {
            net.put("landscape", landscape.surface().key());
            net.put("factor", landscape.factor());
        }
        net.put("dropout", network.dropout());
        net.put("precision", precision.key());
        putColumns(node);
        features().forEach(node.putArray("features")::add);
        targets.forEach(node.putArray("targets")::add);
        if (classes != null) {
            classes.names().forEach(node.putArray("classes")::add);
        }
        node.put("scale", scale);
        if (preparation.fillings() != null) {
            put(node, "missing", preparation.fillings());
        }
        putStandardization(node, "standardization", preparation.features());
        putStandardization(node, "targetStandardization", preparation.targets());
        try {
            node.set("source", Json.MAPPER.readTree(source));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        folder.write(WEIGHTS, Safetensors.write(network, weights));
        folder.write(JSON, Json.pretty(node));
    }

    private void putColumns(ObjectNode node) {
        ArrayNode columns = node.putArray("columns");
        int next = 0;
        for (Column column : encoding.columns()) {
            ObjectNode entry = columns.addObject()
                    .put("name", column.name())
                    .put("kind", column.kind().name().toLowerCase(Locale.ROOT));
            switch (column.kind()) {
                case NUMBER -> {}
                case VECTOR -> entry.put("width", column.width());
                case CATEGORY -> encoding.categories().get(next++).names().forEach(entry.putArray("categories")::add);
            }
        }
    }

    private static void putStandardization(ObjectNode node, String key, Standardization fitted) {
        if (fitted != null) {
            ObjectNode entry = node.putObject(key);
            put(entry, "means", fitted.means());
            put(entry, "deviations", fitted.deviations());
        }
    }

    private static void put(ObjectNode node, String key, double[] numbers) {
        ArrayNode array = node.putArray(key);
        for (double number : numbers) {
            array.add(number);
        }
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
        Encoding encoding = encoding(stored);
        List<String> targets = stored.names("targets");
        Classes classes = stored.has("classes") ? classes(name, stored.names("classes")) : null;
        checkWidths(name, network, encoding.width(), targets, classes);
        return new SavedModel(
                network,
                Safetensors.read(model + "/" + WEIGHTS, model.read(WEIGHTS), network),
                stored.child("network").constant("precision", Precision.keys(), Precision::of),
                encoding,
                targets,
                classes,
                stored.number("scale"),
                new Preparation(
                        stored.has("missing") ? stored.numbers("missing", encoding.width()) : null,
                        standardization(stored, "standardization", encoding.width()),
                        standardization(stored, "targetStandardization", targets.size()),
                        null),
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
        if (layers.isEmpty()) {
            throw new IllegalArgumentException("a network needs at least one layer");
        }
        Loss loss = stored.constant("loss", Loss.keys(), key -> loss(stored, key));
        Activation output = layers.get(layers.size() - 1).activation();
        return new Network(layers, loss.on(output), stored.number("dropout"));
    }

    private static Loss loss(StoredObject stored, String key) {
        return key.equals(Landscape.KEY)
                ? new Landscape(stored.constant("landscape", Surface.keys(), Surface::of), stored.number("factor"))
                : Loss.of(key, stored.number("delta"));
    }

    private static Encoding encoding(StoredObject stored) {
        List<Column> columns = new ArrayList<>();
        List<Classes> categories = new ArrayList<>();
        List<String> kinds = Arrays.stream(Column.Kind.values())
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .toList();
        for (StoredObject column : stored.children("columns")) {
            Column.Kind kind =
                    column.constant("kind", kinds, word -> Column.Kind.valueOf(word.toUpperCase(Locale.ROOT)));
            int width = switch (kind) {
                case NUMBER -> 1;
                case VECTOR -> column.count("width");
                case CATEGORY -> 0;
            };
            columns.add(new Column(column.text("name"), kind, width));
            if (kind == Column.Kind.CATEGORY) {
                categories.add(Classes.of(column.names("categories")));
            }
        }
        return new Encoding(columns, categories);
    }

    private static Classes classes(String name, List<String> names) {
        Classes classes = Classes.of(names);
        if (classes.count() < Math.max(2, names.size())) {
            throw new InputException(name + ": classes = " + names + ", expected at least two, all different");
        }
        return classes;
    }

    private static void checkWidths(String name, Network network, int features, List<String> targets, Classes classes) {
        if (network.loss().forClasses() != (classes != null)) {
            throw new InputException(name + ": the loss " + network.loss().key()
                    + (classes == null ? " needs the key classes" : " has no classes"));
        }
        int outputs = network.loss().outputs(classes == null ? targets.size() : classes.count());
        if (features != network.inputs() || outputs != network.outputs()) {
            throw new InputException(name + ": " + features + " features and " + outputs
                    + " outputs of its classes or targets do not fit its layers " + network.widths());
        }
    }

    private static Standardization standardization(StoredObject stored, String key, int columns) {
        if (!stored.has(key)) {
            return null;
        }
        StoredObject fitted = stored.child(key);
        return new Standardization(fitted.numbers("means", columns), fitted.numbers("deviations", columns));
    }
}
