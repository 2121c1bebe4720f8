package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.paths.SparkPath;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Parquet and ORC, read by what Spark itself reads them with: its file formats, one piece of a file after the other. They
 * are internal to Spark; this class, {@link ColumnarTypes} and {@link ColumnarCells} are all that touch them.
 *
 * <p>Every file is read with its own types, so that a column may be whole numbers in one file and fractions in another. A
 * row's position is its number in the file: Parquet's own row index; an ORC file, for which Spark tells none, is read as
 * one piece and counted.
 */
final class ColumnarTable implements Table {
    private static final int SAMPLE_ROWS = 1000;

    private final String format;
    private final List<String> paths;

    /** The columns of the first file, with types that hold the numbers of all files; set on the driver by {@link #look}. */
    private StructType schema;

    /** The different schemas that files have, and which file has which where it is not the first; set by {@link #look}. */
    private List<StructType> schemas;

    private Map<String, Integer> schemaOfFile;

    /** By schema; set on the driver by {@link #select}. */
    private List<Reading> readings;

    /** How files of a schema are read: the columns' types, those in all files together, and Spark's function for it. */
    private record Reading(DataType[] types, DataType[] kept, Function1<PartitionedFile, Iterator<InternalRow>> reader)
            implements Serializable {}

    private ColumnarTable(String format, Settings settings) {
        this.format = format;
        paths = Files.paths(settings);
    }

    static ColumnarTable parquet(Settings settings) {
        return new ColumnarTable("parquet", settings);
    }

    static ColumnarTable orc(Settings settings) {
        return new ColumnarTable("orc", settings);
    }

    private boolean isParquet() {
        return format.equals("parquet");
    }

    @Override
    public String place() {
        return String.join(", ", paths);
    }

    @Override
    public Layout look(Configuration hadoop, Source.Cut cut) throws IOException {
        List<FileStatus> files = Files.list(paths, "path", hadoop);
        Map<String, StructType> found = readSchemas(files);
        Set<StructType> different = new LinkedHashSet<>(found.values());
        schemas = new ArrayList<>(different);
        schema = ColumnarTypes.widest(schemas);
        schemaOfFile = new HashMap<>();
        found.forEach((file, type) -> {
            if (!type.equals(schemas.get(0))) {
                schemaOfFile.put(file, schemas.indexOf(type));
            }
        });
        List<Slice> slices = Files.cut(files, isParquet(), hadoop, cut);
        Map<String, Integer> widths = widths(slices, hadoop);
        List<Field> fields = new ArrayList<>();
        for (StructField field : schema.fields()) {
            Type type = ColumnarTypes.type(field.dataType());
            fields.add(new Field(
                    field.name(),
                    type,
                    type == Type.VECTOR ? widths.getOrDefault(field.name(), 0) : 1,
                    ColumnarTypes.word(field.dataType())));
        }
        return new Layout(fields, true, slices);
    }

    @Override
    public StructType schema(Layout layout) {
        return schema;
    }

    /** The schema of each file, read from its foot by a job: there may be thousands. */
    private Map<String, StructType> readSchemas(List<FileStatus> files) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(SparkContext.getOrCreate());
        SerializableConfiguration hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
        List<String> names =
                files.stream().map(file -> file.getPath().toString()).toList();
        boolean parquet = isParquet();
        // The error, if there is one, comes back as a value: no task fails and is tried again.
        List<String[]> found = spark.parallelize(names, Math.min(names.size(), 2 * spark.defaultParallelism()))
                .map(name -> {
                    try {
                        StructType type = parquet
                                ? ColumnarTypes.ofParquet(name, hadoop.value())
                                : ColumnarTypes.ofOrc(name, hadoop.value());
                        return new String[] {name, type.json(), null};
                    } catch (InputException e) {
                        return new String[] {name, null, e.getMessage()};
                    } catch (IOException | RuntimeException e) {
                        return new String[] {name, null, unreadable(name, parquet, e)};
                    }
                })
                .collect();
        Map<String, StructType> schemasByFile = new LinkedHashMap<>();
        for (String[] file : found) {
            if (file[2] != null) {
                throw new InputException(file[2]);
            }
            schemasByFile.put(file[0], (StructType) DataType.fromJson(file[1]));
        }
        return schemasByFile;
    }

    /** Numbers in a vector of each column of vectors, from the first rows that have one. */
    private Map<String, Integer> widths(List<Slice> slices, Configuration hadoop) throws IOException {
        int[] vectors = IntStream.range(0, schema.size())
                .filter(i -> ColumnarTypes.type(schema.fields()[i].dataType()) == Type.VECTOR)
                .toArray();
        Map<String, Integer> widths = new TreeMap<>();
        if (vectors.length == 0) {
            return widths;
        }
        select(vectors, false);
        int[] found = filled(vectors.length);
        for (int i = 0, left = SAMPLE_ROWS; i < slices.size() && left > 0; i++) {
            try (Cells cells = open(slices.get(i), hadoop)) {
                left -= findWidths(cells, found, left);
            }
        }
        if (Arrays.stream(found).anyMatch(width -> width < 0)) {
            findWidths(slices, found);
        }
        for (int i = 0; i < vectors.length; i++) {
            if (found[i] >= 0) {
                widths.put(schema.fields()[vectors[i]].name(), found[i]);
            }
        }
        return widths;
    }

    private static int[] filled(int length) {
        int[] unknown = new int[length];
        Arrays.fill(unknown, -1);
        return unknown;
    }

    /** Sets the widths that are -1 from the first rows that have a vector; gives how many rows it took. */
    private static int findWidths(Cells cells, int[] widths, int most) throws IOException {
        int rows = 0;
        while (rows < most && Arrays.stream(widths).anyMatch(width -> width < 0) && cells.next()) {
            rows++;
            for (int i = 0; i < widths.length; i++) {
                if (widths[i] < 0 && !cells.isMissing(i)) {
                    widths[i] = cells.vector(i, new double[0], 0, -1);
                }
            }
        }
        return rows;
    }

    /** The same in all rows, by a job: there may be many before the first vector. */
    private void findWidths(List<Slice> slices, int[] widths) {
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(SparkContext.getOrCreate());
        SerializableConfiguration shared = new SerializableConfiguration(spark.hadoopConfiguration());
        List<int[]> bySlice = spark.parallelize(slices, Math.min(slices.size(), 2 * spark.defaultParallelism()))
                .map(slice -> {
                    int[] found = filled(widths.length);
                    try (Cells cells = open(slice, shared.value())) {
                        findWidths(cells, found, Integer.MAX_VALUE);
                    }
                    return found;
                })
                .collect();
        for (int[] found : bySlice) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = widths[i] < 0 ? found[i] : widths[i];
            }
        }
    }

    private static SparkSession session() {
        return TableWriter.session(JavaSparkContext.fromSparkContext(SparkContext.getOrCreate()));
    }

    @Override
    public void select(int[] columns, boolean all) {
        readings = new ArrayList<>();
        for (StructType ofFile : schemas) {
            StructType wanted = new StructType();
            for (int column : columns) {
                wanted = wanted.add(own(ofFile, schema.fields()[column]));
            }
            readings.add(new Reading(
                    types(wanted),
                    Arrays.stream(columns)
                            .mapToObj(column -> schema.fields()[column].dataType())
                            .toArray(DataType[]::new),
                    reader(ofFile, wanted)));
        }
    }

    private static DataType[] types(StructType columns) {
        return Arrays.stream(columns.fields()).map(StructField::dataType).toArray(DataType[]::new);
    }

    /** A column as a file has it. */
    private StructField own(StructType ofFile, StructField field) {
        for (StructField candidate : ofFile.fields()) {
            if (candidate.name().equals(field.name())) {
                Type type = ColumnarTypes.type(field.dataType());
                boolean isMixed = type != Type.NUMBER
                        && type != Type.VECTOR
                        && !candidate.dataType().equals(field.dataType());
                if (ColumnarTypes.type(candidate.dataType()) != type || isMixed) {
                    throw new InputException(fileOf(ofFile) + ": column \"" + field.name() + "\" is "
                            + ColumnarTypes.word(candidate.dataType()) + ", but " + ColumnarTypes.word(field.dataType())
                            + " in another file; give files of one kind");
                }
                return candidate;
            }
        }
        throw new InputException(fileOf(ofFile) + ": there is no column " + field.name()
                + ", which another file has; give files with the same columns");
    }

    private String fileOf(StructType ofFile) {
        return schemaOfFile.entrySet().stream()
                .filter(entry -> schemas.get(entry.getValue()).equals(ofFile))
                .map(entry -> Files.local(entry.getKey()))
                .min(String::compareTo)
                .orElse(place());
    }

    private Function1<PartitionedFile, Iterator<InternalRow>> reader(StructType ofFile, StructType wanted) {
        SparkSession session = session();
        FileFormat spark = isParquet() ? new ParquetFileFormat() : new OrcFileFormat();
        StructType required = isParquet()
                ? wanted.add(ParquetFileFormat.ROW_INDEX_TEMPORARY_COLUMN_NAME(), DataTypes.LongType)
                : wanted;
        Map<String, String> options = Map.of(FileFormat.OPTION_RETURNING_BATCH(), "false");
        return spark.buildReaderWithPartitionValues(
                session,
                ofFile,
                new StructType(),
                required,
                CollectionConverters.asScala(List.<Filter>of()).toSeq(),
                scala.collection.immutable.Map.from(CollectionConverters.asScala(options)),
                // Spark writes the columns into what it is given.
                new Configuration(session.sparkContext().hadoopConfiguration()));
    }

    @Override
    public Cells open(Slice slice, Configuration hadoop) throws IOException {
        Reading reading = readings.get(schemaOfFile.getOrDefault(slice.file(), 0));
        PartitionedFile piece = new PartitionedFile(
                InternalRow.empty(),
                SparkPath.fromPath(new Path(slice.file())),
                slice.from(),
                slice.to() - slice.from(),
                new String[0],
                0,
                0,
                scala.collection.immutable.Map$.MODULE$.empty());
        Function<RuntimeException, InputException> unreadable =
                e -> new InputException(unreadable(slice.file(), isParquet(), e), e);
        try {
            return new ColumnarCells(reading.types, reading.kept, isParquet(), reading.reader.apply(piece), unreadable);
        } catch (RuntimeException e) {
            throw unreadable.apply(e);
        }
    }

    private static String unreadable(String file, boolean parquet, Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return Files.local(file) + ": cannot be read as " + (parquet ? "Parquet" : "ORC") + " (" + reason
                + "); is it cut short or damaged?";
    }

    @Override
    public String describe(String file, long position, Configuration hadoop) {
        return file + ", row " + position;
    }
}
