package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.InputException;
import dev.lockstep.data.Block;
import dev.lockstep.data.Dataset;
import dev.lockstep.data.ShardRange;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Json;
import dev.lockstep.study.Query;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.apache.spark.sql.catalyst.parser.ParseException;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The runs of a study as tables of Spark SQL: {@code runs}, and {@code steps}, {@code epochs} and {@code path} from the
 * files of those names, each line with what its run varies; {@code points} are training rows. Numbers are doubles, weights and eigenvalues arrays of them;
 * a column is named as in the file, with {@code _} in the place of {@code -} and {@code .}.
 */
final class StudyTables implements Query {
    private static final List<String> LINES = List.of("steps", "epochs", "path");
    private static final String WEIGHTS = "w";

    /** Of vectors and of pictures, which Spark has no functions for. */
    private static final List<String> FUNCTIONS = List.of(
            "create temporary function norm(a array<double>) returns double"
                    + " return sqrt(aggregate(a, 0D, (s, x) -> s + x * x))",
            "create temporary function distance(a array<double>, b array<double>) returns double"
                    + " return sqrt(aggregate(zip_with(a, b, (x, y) -> (x - y) * (x - y)), 0D, (s, x) -> s + x))",
            "create temporary function places(low double, high double, cells int) returns table (x double)"
                    + " return select low + (high - low) * i / cells from (select explode(sequence(0, cells)) as i)",
            "create temporary function grid(west double, east double, south double, north double, cells int)"
                    + " returns table (x double, y double) return select west + (east - west) * i / cells,"
                    + " south + (north - south) * j / cells from (select explode(sequence(0, cells)) as i)"
                    + " cross join (select explode(sequence(0, cells)) as j)");

    private static final int MOST_POINTS = 20_000;

    private final SparkSession sql;

    private StudyTables(SparkSession sql) {
        this.sql = sql;
    }

    /**
     * The tables that some questions are about.
     *
     * @param runs that have ended
     * @param study folder of the study
     */
    static StudyTables of(Session session, List<StudyRun> runs, Folder study, Collection<String> questions) {
        SparkSession sql = SparkSession.builder()
                .sparkContext(session.spark().sc())
                .getOrCreate()
                .newSession();
        // Tables are small: what is saved by compiling a question, or by cutting it into tasks, is less than it takes.
        sql.conf().set("spark.sql.shuffle.partitions", "1");
        sql.conf().set("spark.sql.codegen.wholeStage", "false");
        sql.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
        sql.conf().set("spark.sql.adaptive.enabled", "false");
        FUNCTIONS.forEach(sql::sql);
        StudyTables tables = new StudyTables(sql);
        tables.add("runs", runs.stream().map(run -> run(run, study)).toList());
        for (String name : LINES) {
            if (mentions(questions, name)) {
                List<Map<String, Object>> rows = new ArrayList<>();
                runs.forEach(run -> rows.addAll(lines(run, study, name)));
                tables.add(name, rows);
            }
        }
        if (mentions(questions, "points")) {
            tables.add("points", points(session, runs));
        }
        return tables;
    }

    private static boolean mentions(Collection<String> questions, String table) {
        Pattern word = Pattern.compile("\\b" + table + "\\b");
        return questions.stream().anyMatch(question -> word.matcher(question).find());
    }

    /** The training rows of the first run on each data set, as the network sees them; for pictures of small sets. */
    private static List<Map<String, Object>> points(Session session, List<StudyRun> runs) {
        List<Map<String, Object>> rows = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (StudyRun run : runs) {
            if (!seen.add(Study.rows(run))) {
                continue;
            }
            DataSets data = DataSets.read(session, run.configuration());
            try {
                if (rows.size() + data.rows(RowSet.TRAINING) > MOST_POINTS) {
                    throw new InputException("the table points would have more than " + MOST_POINTS
                            + " rows; it is for pictures of small data sets");
                }
                Dataset training = data.sets().get(RowSet.TRAINING);
                for (ShardRange range : training.ranges().collect()) {
                    range.shards()
                            .forEach(shard -> shard.blocks().forEach(block -> add(rows, varied(run), block, training)));
                }
            } finally {
                data.release();
            }
        }
        return rows;
    }

    private static void add(List<Map<String, Object>> rows, Map<String, Object> varied, Block block, Dataset of) {
        int width = of.inputs();
        for (int i = 0; i < block.rows(); i++) {
            Map<String, Object> row = new LinkedHashMap<>(varied);
            List<Double> x = new ArrayList<>(width);
            for (int j = 0; j < width; j++) {
                x.add(block.features().get(i * width + j));
            }
            row.put("x", x);
            boolean classes = block.labels() != null;
            row.put("y", classes ? (double) block.labels()[i] : block.targets()[i * of.targetColumns()]);
            rows.add(row);
        }
    }

    /** Whether questions are SQL at all, before anything is run for them. */
    static void check(String claim, Collection<String> questions) {
        for (String question : questions) {
            try {
                new CatalystSqlParser().parsePlan(question);
            } catch (Exception e) {
                // Scala does not declare it.
                if (!(e instanceof ParseException)) {
                    throw e;
                }
                throw new InputException(
                        "claim " + claim + ": not SQL: " + question + ": " + Complaints.oneLine(e.getMessage()), e);
            }
        }
    }

    private static Folder folder(StudyRun run, Folder study) {
        return study.child(StudyFolder.RUNS).child(run.name());
    }

    private static Map<String, Object> run(StudyRun run, Folder study) {
        Map<String, Object> row = varied(run);
        row.put("state", run.state().key());
        Folder folder = folder(run, study);
        if (folder.has("run.json")) {
            JsonNode summary = json(folder, "run.json", folder.read("run.json"));
            for (String key :
                    List.of("stopReason", "steps", "epochs", "evaluations", "passes", "finalLoss", "bestLoss")) {
                row.put(key, value(summary.path(key)));
            }
        }
        List<Map<String, Object>> path = lines(run, study, "path");
        row.put(WEIGHTS, path.isEmpty() ? null : path.get(path.size() - 1).get(WEIGHTS));
        return row;
    }

    private static Map<String, Object> varied(StudyRun run) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("run", run.name());
        row.put("method", run.planned().method());
        run.planned().varied().forEach((key, text) -> row.put(column(key), text.isEmpty() ? null : text));
        OptionalDouble rate = RunPage.learningRate(run.configuration());
        row.put("rate", rate.isPresent() ? (Object) rate.getAsDouble() : null);
        return row;
    }

    /** Texts of a column that are numbers, all of them, become numbers. */
    private static void numbers(List<Map<String, Object>> rows, String column) {
        if (rows.stream().noneMatch(row -> row.get(column) instanceof String)) {
            return;
        }
        List<Object> values = new ArrayList<>();
        for (Map<String, Object> row : rows) {
            Object value = row.get(column);
            try {
                values.add(value instanceof String text ? (Object) Double.parseDouble(text) : value);
            } catch (NumberFormatException e) {
                return;
            }
        }
        for (int i = 0; i < values.size(); i++) {
            rows.get(i).put(column, values.get(i));
        }
    }

    private static String column(String key) {
        return key.replaceFirst("^.*\\.", "").replace('-', '_').replace("\"", "");
    }

    private static List<Map<String, Object>> lines(StudyRun run, Folder study, String name) {
        Folder folder = folder(run, study);
        String file = name + ".jsonl";
        List<Map<String, Object>> rows = new ArrayList<>();
        if (!folder.has(file)) {
            return rows;
        }
        Map<String, Object> varied = varied(run);
        new String(folder.read(file), StandardCharsets.UTF_8).lines().forEach(line -> {
            Map<String, Object> row = new LinkedHashMap<>(varied);
            put(row, "", json(folder, file, line.getBytes(StandardCharsets.UTF_8)));
            rows.add(row);
        });
        return rows;
    }

    private static void put(Map<String, Object> row, String before, JsonNode object) {
        object.properties().forEach(entry -> {
            String key = before + entry.getKey();
            if (entry.getValue().isObject()) {
                put(row, key.equals("curvature") ? before : key + "_", entry.getValue());
            } else {
                row.put(key.equals("weights") ? WEIGHTS : key, value(entry.getValue()));
            }
        });
    }

    private static Object value(JsonNode value) {
        if (value.isArray()) {
            List<Double> numbers = new ArrayList<>(value.size());
            value.forEach(one -> numbers.add(one.isNumber() ? one.asDouble() : Double.NaN));
            return numbers;
        }
        return value.isNumber() ? (Object) value.asDouble() : value.isTextual() ? value.asText() : null;
    }

    private static JsonNode json(Folder folder, String file, byte[] bytes) {
        try {
            return Json.MAPPER.readTree(bytes);
        } catch (IOException e) {
            throw new InputException(folder + "/" + file + ": not JSON", e);
        }
    }

    private void add(String name, List<Map<String, Object>> rows) {
        Set<String> columns = new LinkedHashSet<>();
        rows.forEach(row -> columns.addAll(row.keySet()));
        List<StructField> fields = new ArrayList<>();
        for (String column : columns) {
            numbers(rows, column);
            fields.add(DataTypes.createStructField(column, type(rows, column), true));
        }
        List<Row> table = rows.stream()
                .map(row -> RowFactory.create(columns.stream().map(row::get).toArray()))
                .toList();
        sql.createDataFrame(table, new StructType(fields.toArray(StructField[]::new)))
                .createOrReplaceTempView(name);
    }

    /** Text where any value is; arrays where any is; numbers where none is known. */
    private static DataType type(List<Map<String, Object>> rows, String column) {
        boolean array = column.equals(WEIGHTS);
        for (Map<String, Object> row : rows) {
            Object value = row.get(column);
            if (value instanceof String) {
                return DataTypes.StringType;
            }
            array |= value instanceof List;
        }
        return array ? DataTypes.createArrayType(DataTypes.DoubleType) : DataTypes.DoubleType;
    }

    @Override
    public List<List<Object>> rows(String question) {
        try {
            return sql.sql(question).collectAsList().stream()
                    .map(StudyTables::plain)
                    .toList();
        } catch (Exception e) {
            throw wrong(question, e);
        }
    }

    private static InputException wrong(String question, Exception e) {
        if (!(e instanceof AnalysisException) && Complaints.isInput(e)) {
            throw (RuntimeException) e;
        }
        return new InputException(
                "cannot be asked: " + Complaints.oneLine(question) + ": " + Complaints.oneLine(e.getMessage()), e);
    }

    private static List<Object> plain(Row row) {
        List<Object> values = new ArrayList<>(row.length());
        for (int i = 0; i < row.length(); i++) {
            Object value = row.get(i);
            values.add(
                    value instanceof Number number
                            ? number.doubleValue()
                            : value instanceof Boolean truth
                                    ? (Object) (truth ? 1.0 : 0.0)
                                    : value == null ? null : value.toString());
        }
        return values;
    }
}
