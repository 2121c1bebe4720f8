package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.QueryExecution;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A table or view that Spark's catalogs know by name: Hive, Delta, Iceberg, one behind JDBC, a temporary view. It has no
 * files that we know of, so a row is known by its content, see {@link ContentOrder}.
 *
 * <p>Types are those of {@link ColumnarTable}, whose cells these are. Besides {@link ContentOrder} it is the other class that
 * touches rows as Spark holds them.
 */
final class CatalogTable implements Table {
    /** Tasks a slot: pieces are cut by hash, so they are of one size. */
    private static final int PIECES_A_SLOT = 3;

    private final String name;

    /** Set on the driver by {@link #look}. */
    private StructType schema;

    private int pieces;

    /** Of the columns that are read; set on the driver by {@link #select}. */
    private DataType[] types;

    /** The rows in their order; sorted once, however many passes there are. Set on the driver by {@link #select}. */
    private transient JavaRDD<byte[]> sorted;

    CatalogTable(Settings settings) {
        name = settings.text("table");
    }

    @Override
    public String place() {
        return "table " + name;
    }

    @Override
    public Layout look(Configuration hadoop, Source.Cut cut) {
        schema = table().schema();
        pieces = PIECES_A_SLOT * Math.max(1, cut.slots());
        Map<String, Integer> widths = widths();
        List<Field> fields = new ArrayList<>();
        for (StructField field : schema.fields()) {
            Type type = ColumnarTypes.type(field.dataType());
            fields.add(new Field(
                    field.name(),
                    type,
                    type == Type.VECTOR ? widths.getOrDefault(field.name(), 0) : 1,
                    ColumnarTypes.word(field.dataType())));
        }
        // Nobody knows their bytes; with as many as a task may read, none is joined with its neighbour.
        List<Slice> slices = IntStream.range(0, pieces)
                .mapToObj(i -> new Slice(place(), i, i + 1L, cut.mostBytes()))
                .toList();
        return new Layout(fields, true, slices);
    }

    @Override
    public StructType schema(Layout layout) {
        return schema;
    }

    private org.apache.spark.sql.Dataset<Row> table() {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(SparkContext.getOrCreate());
        org.apache.spark.sql.Dataset<Row> table;
        try {
            table = TableWriter.session(spark).table(name);
        } catch (Exception e) {
            throw refused(e);
        }
        if (!plan(table).analyzed().deterministic()) {
            throw new InputException(place() + ": the view draws random numbers, so its rows are others every time; "
                    + "save them as a table");
        }
        return table;
    }

    private static QueryExecution plan(org.apache.spark.sql.Dataset<Row> table) {
        return ((org.apache.spark.sql.classic.Dataset<Row>) table).queryExecution();
    }

    /** What it means that Spark does not give the table. Spark declares none of what it throws. */
    private InputException refused(Exception e) {
        String condition = e instanceof AnalysisException analysis ? String.valueOf(analysis.getCondition()) : "";
        if (condition.endsWith("_NOT_FOUND") || condition.equals("REQUIRES_SINGLE_PART_NAMESPACE")) {
            return new InputException(
                    place()
                            + ": Spark's catalogs have no such table or view; check table and, behind --, spark.sql.catalog.…",
                    e);
        }
        String reason =
                String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("");
        return new InputException(
                place() + ": Spark cannot read it (" + e.getClass().getSimpleName() + ": " + reason + "); check table",
                e);
    }

    /** Columns by their numbers, as Spark holds their rows. */
    private JavaRDD<InternalRow> rows(int[] columns) {
        // Names may stand twice, but for capital letters, or hold dots.
        String[] numbers =
                IntStream.range(0, schema.size()).mapToObj(i -> "c" + i).toArray(String[]::new);
        org.apache.spark.sql.Column[] wanted = Arrays.stream(columns)
                .mapToObj(column -> org.apache.spark.sql.functions.col(numbers[column]))
                .toArray(org.apache.spark.sql.Column[]::new);
        try {
            return plan(table().toDF(numbers).select(wanted)).toRdd().toJavaRDD();
        } catch (InputException e) {
            throw e;
        } catch (Exception e) {
            throw refused(e);
        }
    }

    private DataType[] types(int[] columns) {
        return Arrays.stream(columns)
                .mapToObj(column -> schema.fields()[column].dataType())
                .toArray(DataType[]::new);
    }

    /**
     * Numbers in a vector of each column of vectors: as many as most rows have, the more where two are as many. There is no first
     * row to go by.
     */
    private Map<String, Integer> widths() {
        int[] vectors = IntStream.range(0, schema.size())
                .filter(i -> ColumnarTypes.type(schema.fields()[i].dataType()) == Type.VECTOR)
                .toArray();
        Map<String, Integer> widths = new TreeMap<>();
        if (vectors.length == 0) {
            return widths;
        }
        DataType[] ofVectors = types(vectors);
        List<Map<Integer, Long>> counts = new ArrayList<>();
        for (int i = 0; i < vectors.length; i++) {
            counts.add(new TreeMap<>());
        }
        rows(vectors)
                .mapPartitions(rows -> List.of(
                                countWidths(cells(CollectionConverters.asScala(rows), ofVectors), vectors.length))
                        .iterator())
                .collect()
                .forEach(found -> {
                    for (int i = 0; i < vectors.length; i++) {
                        Map<Integer, Long> count = counts.get(i);
                        found.get(i).forEach((width, rows) -> count.merge(width, rows, Long::sum));
                    }
                });
        for (int i = 0; i < vectors.length; i++) {
            String column = schema.fields()[vectors[i]].name();
            counts.get(i).entrySet().stream()
                    .max(Map.Entry.<Integer, Long>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                    .ifPresent(most -> widths.put(column, most.getKey()));
        }
        return widths;
    }

    /** How many rows have how many numbers, for each column. */
    private static List<Map<Integer, Long>> countWidths(Cells cells, int columns) throws IOException {
        List<Map<Integer, Long>> counts = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            counts.add(new TreeMap<>());
        }
        while (cells.next()) {
            for (int i = 0; i < columns; i++) {
                if (!cells.isMissing(i)) {
                    counts.get(i).merge(cells.vector(i, new double[0], 0, -1), 1L, Long::sum);
                }
            }
        }
        return counts;
    }

    private static Cells cells(Iterator<InternalRow> rows, DataType[] types) {
        // What goes wrong is Spark's and the table's: it may go right another time.
        return new ColumnarCells(types, types, false, rows, e -> {
            throw e;
        });
    }

    @Override
    public void select(int[] columns, boolean all) {
        types = types(columns);
        sorted = ContentOrder.sort(rows(columns), types, pieces);
    }

    @Override
    public JavaRDD<Cells> handedOut() {
        DataType[] ofColumns = types;
        return sorted.mapPartitions(rows -> List.of(cells(ContentOrder.rows(rows, ofColumns.length), ofColumns))
                .iterator());
    }

    @Override
    public Cells open(Slice slice, Configuration hadoop) throws IOException {
        throw new UnsupportedOperationException("Spark hands the rows out");
    }

    @Override
    public String describe(String file, long position, Configuration hadoop) {
        return file + ", one of its rows";
    }
}
