package dev.lockstep.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Text with one JSON object a line. The columns are the keys of the first thousand rows, in the order in which they are
 * met; where these leave something open (a column that is named but not met, or null in all of them; rows that are to be
 * predicted, of which all is kept), the keys of all rows. A key that a row lacks is a missing value. A row's position is the
 * byte offset of its line.
 */
final class JsonTable implements Table {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            // Two objects in a line: the second one would be lost without a word.
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final int SAMPLE_ROWS = 1000;

    private final List<String> paths;

    /** Whether all columns are kept beside a prediction. */
    private final boolean keepsAll;

    /** Columns that the configuration names. */
    private final List<String> named = new ArrayList<>();

    /** Names of all columns; set on the driver by {@link #look}. */
    private List<String> names;

    /** Set on the driver by {@link #select}. */
    private int[] selected;

    /** Whether a row that has other columns is wrong; set by {@link #select}. */
    private boolean complete;

    JsonTable(Settings settings, Sources.Use use) {
        paths = Files.paths(settings);
        keepsAll = !use.labelled();
        for (String role : List.of("label", "features", "weight")) {
            named.addAll(settings.texts(role));
        }
    }

    @Override
    public String place() {
        return String.join(", ", paths);
    }

    @Override
    public Layout look(Configuration hadoop, Source.Cut cut) throws IOException {
        List<FileStatus> files = Files.text(paths, "json", hadoop);
        List<Slice> slices = Files.cut(files, true, hadoop, cut);
        Map<String, Field> fields = new LinkedHashMap<>();
        boolean isAll = sample(files, hadoop, fields);
        if (fields.isEmpty()) {
            throw new InputException(place() + ": the first line is no JSON object; expected one object in each line");
        }
        if (!isAll && !isEnough(fields)) {
            learn(slices, fields);
        }
        names = new ArrayList<>(fields.keySet());
        return new Layout(new ArrayList<>(fields.values()), true, slices);
    }

    /** Learns the columns from the first rows; gives whether there are no others. */
    private boolean sample(List<FileStatus> files, Configuration hadoop, Map<String, Field> fields) throws IOException {
        int rows = 0;
        for (FileStatus file : files) {
            Slice whole = new Slice(file.getPath().toString(), 0, file.getLen(), file.getLen());
            try (Lines lines = Lines.open(whole, StandardCharsets.UTF_8, hadoop)) {
                while (lines.next()) {
                    if (rows == SAMPLE_ROWS) {
                        return false;
                    }
                    if (!lines.text().isBlank()) {
                        rows++;
                        learn(lines.text(), rows == 1, fields);
                    }
                }
            }
        }
        if (rows == 0) {
            throw new InputException(place() + ": no rows; the file is empty");
        }
        return true;
    }

    /** Whether the first rows say all that is needed: the type of every column, and every column that is named or kept. */
    private boolean isEnough(Map<String, Field> fields) {
        return !keepsAll
                && fields.keySet().containsAll(named)
                && fields.values().stream().noneMatch(field -> field.type() == Type.ANY);
    }

    /** Learns the columns from all rows, by a job. */
    private void learn(List<Slice> slices, Map<String, Field> fields) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(SparkContext.getOrCreate());
        SerializableConfiguration shared = new SerializableConfiguration(spark.hadoopConfiguration());
        spark.parallelize(slices, slices.size())
                .map(slice -> {
                    Map<String, Field> found = new LinkedHashMap<>();
                    try (Lines lines = Lines.open(slice, StandardCharsets.UTF_8, shared.value())) {
                        while (lines.next()) {
                            learn(lines.text(), false, found);
                        }
                    }
                    return found;
                })
                .collect()
                .forEach(found -> found.forEach((name, field) -> fields.merge(name, field, JsonTable::joined)));
    }

    private void learn(String line, boolean isFirst, Map<String, Field> fields) {
        if (isFirst && (line.strip().startsWith("[") || line.strip().equals("{"))) {
            throw new InputException(place()
                    + ": an object or a list that spans lines; expected one object in each line, without a list around "
                    + "them");
        }
        JsonNode row = parse(line);
        if (row == null) {
            return;
        }
        row.properties().forEach(entry -> {
            Field field = field(entry.getKey(), entry.getValue());
            fields.merge(entry.getKey(), field, JsonTable::joined);
        });
    }

    /** The object in a line, or null. */
    private static JsonNode parse(String line) {
        try {
            JsonNode node = MAPPER.readTree(line);
            return node.isObject() ? node : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static Field field(String name, JsonNode value) {
        Type type = value.isNumber() || value.isBoolean()
                ? Type.NUMBER
                : value.isTextual()
                        ? Type.TEXT
                        : values(value) != null ? Type.VECTOR : value.isNull() ? Type.ANY : Type.OTHER;
        int width = type == Type.VECTOR ? size(value) : 1;
        return new Field(name, type, width, type == Type.OTHER ? (value.isArray() ? "a list" : "an object") : "string");
    }

    /** What two rows say of a column; the width of a vector is that of the first. */
    private static Field joined(Field one, Field other) {
        if (one.type() == other.type() || other.type() == Type.ANY) {
            return one;
        }
        boolean isText = one.type() == Type.TEXT || other.type() == Type.TEXT;
        boolean isSingle = one.width() == 1 && other.width() == 1 && one.type() != Type.OTHER;
        return one.type() == Type.ANY && !isText
                ? other
                : isSingle && isText ? new Field(one.name(), Type.TEXT, 1, "string") : one;
    }

    /** The numbers of a list, or of a vector as Spark writes it; null if it is neither. */
    private static JsonNode values(JsonNode value) {
        JsonNode values = value.isArray() ? value : value.path("values");
        if (!values.isArray()) {
            return null;
        }
        for (JsonNode number : values) {
            if (!number.isNumber() && !number.isNull()) {
                return null;
            }
        }
        return values;
    }

    private static int size(JsonNode value) {
        return value.has("size") ? value.get("size").asInt() : values(value).size();
    }

    @Override
    public void select(int[] columns, boolean all) {
        selected = columns.clone();
        complete = all;
    }

    @Override
    public Cells open(Slice slice, Configuration hadoop) throws IOException {
        return new Rows(Lines.open(slice, StandardCharsets.UTF_8, hadoop));
    }

    @Override
    public String describe(String file, long position, Configuration hadoop) throws IOException {
        return Files.describeLine(file, position, hadoop);
    }

    /** The rows of a slice. */
    private final class Rows implements Cells {
        private final Lines lines;
        private final Set<String> known = new HashSet<>(names);
        private JsonNode row;

        Rows(Lines lines) {
            this.lines = lines;
        }

        @Override
        public boolean next() throws IOException {
            while (lines.next()) {
                if (!lines.text().isBlank()) {
                    row = parse(lines.text());
                    return true;
                }
            }
            return false;
        }

        private JsonNode cell(int column) {
            return row == null ? MissingNode.getInstance() : row.path(names.get(selected[column]));
        }

        @Override
        public long position() {
            return lines.position();
        }

        @Override
        public String problem() {
            return row == null ? "the line is not one JSON object" : complete ? other() : null;
        }

        /** What is wrong with a row that has a key which the first rows lack: it would be left out without a word. */
        private String other() {
            Iterator<String> keys = row.fieldNames();
            while (keys.hasNext()) {
                String key = keys.next();
                if (!known.contains(key)) {
                    return "the key \"" + key + "\" is not among those of the first " + SAMPLE_ROWS
                            + " rows; list the columns under features";
                }
            }
            return null;
        }

        @Override
        public boolean isMissing(int column) {
            JsonNode cell = cell(column);
            return cell.isMissingNode() || cell.isNull() || (cell.isNumber() && Double.isNaN(cell.asDouble()));
        }

        @Override
        public double number(int column) {
            JsonNode cell = cell(column);
            if (cell.isBoolean()) {
                return cell.asBoolean() ? 1.0 : 0.0;
            }
            return cell.isNumber() ? Numbers.finite(cell.asDouble()) : Double.NaN;
        }

        @Override
        public String text(int column) {
            JsonNode cell = cell(column);
            if (cell.isMissingNode() || cell.isNull()) {
                return null;
            }
            return cell.isFloatingPointNumber() ? Numbers.text(cell.asDouble()) : plain(cell);
        }

        private static String plain(JsonNode cell) {
            return cell.isValueNode() ? cell.asText() : cell.toString();
        }

        @Override
        public int vector(int column, double[] target, int from, int width) {
            JsonNode cell = cell(column);
            JsonNode values = values(cell);
            if (values == null) {
                return 0;
            }
            if (size(cell) != width) {
                return size(cell);
            }
            Arrays.fill(target, from, from + width, 0.0);
            Iterator<JsonNode> indices = cell.path("indices").iterator();
            int next = 0;
            for (JsonNode value : values) {
                int place = indices.hasNext() ? indices.next().asInt() : next++;
                if (place < 0 || place >= width) {
                    return 0;
                }
                target[from + place] = value.isNull() ? Double.NaN : Numbers.finite(value.asDouble());
            }
            return width;
        }

        @Override
        public Object value(int column) {
            JsonNode cell = cell(column);
            if (cell.isMissingNode() || cell.isNull()) {
                return null;
            }
            return plain(cell);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }
}
