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
import dev.lockstep.network.Layer;
import dev.lockstep.network.Loss;
import dev.lockstep.network.Network;
import dev.lockstep.network.NumberLoss;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
                    encoding(node.get("columns")),
                    texts(node.get("targets")),
                    classes.map(names -> Classes.of(texts(names))).orElse(null),
                    node.get("scale").asDouble(),
                    new Preparation(
                            node.has("missing") ? numbers(node.get("missing")) : null,
                            standardization(node, "standardization"),
                            standardization(node, "targetStandardization"),
                            null),
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

    private static Encoding encoding(JsonNode node) {
        List<Column> columns = new ArrayList<>();
        List<Classes> categories = new ArrayList<>();
        for (JsonNode column : node) {
            Column.Kind kind = Column.Kind.valueOf(column.get("kind").asText().toUpperCase(Locale.ROOT));
            int width = switch (kind) {
                case NUMBER -> 1;
                case VECTOR -> column.get("width").asInt();
                case CATEGORY -> 0;
            };
            columns.add(new Column(column.get("name").asText(), kind, width));
            if (kind == Column.Kind.CATEGORY) {
                categories.add(Classes.of(texts(column.get("categories"))));
            }
        }
        return new Encoding(columns, categories);
    }

    private static Standardization standardization(JsonNode node, String key) {
        JsonNode fitted = node.get(key);
        return fitted == null
                ? null
                : new Standardization(numbers(fitted.get("means")), numbers(fitted.get("deviations")));
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
