package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.orc.TypeDescription;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.paths.SparkPath;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.execution.datasources.FileFormat;
import org.apache.spark.sql.execution.datasources.PartitionedFile;
import org.apache.spark.sql.execution.datasources.orc.OrcFileFormat;
import org.apache.spark.sql.execution.datasources.orc.OrcUtils;
import org.apache.spark.sql.execution.datasources.parquet.ParquetFileFormat;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.sources.Filter;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.UserDefinedType;
import org.apache.spark.util.SerializableConfiguration;
import scala.Function1;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Parquet and ORC, read by what Spark itself reads them with: its file formats, one piece of a file after the other. They
 * are internal to Spark; this class is all that touches them.
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

    /** How files of a schema are read: the columns, their types in all files together, and Spark's function for it. */
    private record Reading(
            StructType columns, DataType[] kept, Function1<PartitionedFile, Iterator<InternalRow>> reader)
            implements java.io.Serializable {}

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
        schema = widest(schemas);
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
            Type type = type(field.dataType());
            fields.add(new Field(field.name(), type, widths.getOrDefault(field.name(), 1), kind(field.dataType())));
        }
        return new Layout(fields, true, slices);
    }

    /** The first schema, where numbers have other types in other files with one that holds them all. */
    private static StructType widest(List<StructType> schemas) {
        StructType widest = new StructType();
        for (StructField field : schemas.get(0).fields()) {
            DataType type = field.dataType();
            for (StructType other : schemas) {
                DataType own = Arrays.asList(other.fieldNames()).contains(field.name())
                        ? other.apply(field.name()).dataType()
                        : type;
                boolean isMixed = type(type) == Type.NUMBER && type(own) == Type.NUMBER && !own.equals(type);
                boolean isWhole = type instanceof IntegralType && own instanceof IntegralType;
                boolean isMixedList = type instanceof ArrayType && own instanceof ArrayType && !own.equals(type);
                if (isMixed) {
                    type = isWhole ? DataTypes.LongType : DataTypes.DoubleType;
                } else if (isMixedList && type(type) == Type.VECTOR && type(own) == Type.VECTOR) {
                    type = DataTypes.createArrayType(DataTypes.DoubleType);
                }
            }
            widest = widest.add(field.name(), type, true, field.metadata());
        }
        return widest;
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
                        refuseOther(name, parquet, hadoop.value());
                        StructType type =
                                parquet ? parquetSchema(name, hadoop.value()) : orcSchema(name, hadoop.value());
                        return new String[] {name, type.json(), null};
                    } catch (InputException e) {
                        return new String[] {name, null, e.getMessage()};
                    } catch (IOException | RuntimeException e) {
                        return new String[] {name, null, unreadable(name, parquet ? "Parquet" : "ORC", e)};
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

    private static void refuseOther(String name, boolean parquet, Configuration hadoop) throws IOException {
        byte[] head = new byte[4];
        int count;
        Path path = new Path(name);
        try (FSDataInputStream stream = path.getFileSystem(hadoop).open(path)) {
            count = stream.readNBytes(head, 0, head.length);
        }
        String magic = new String(head, 0, count, java.nio.charset.StandardCharsets.ISO_8859_1);
        if (!magic.startsWith(parquet ? "PAR1" : "ORC")) {
            throw new InputException(Files.local(name) + ": not " + (parquet ? "a Parquet" : "an ORC")
                    + " file (it begins otherwise); check format, or leave the file out by a glob");
        }
    }

    private static StructType parquetSchema(String name, Configuration hadoop) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(new Path(name), hadoop))) {
            FileMetaData meta = reader.getFileMetaData();
            String own = meta.getKeyValueMetaData().get("org.apache.spark.sql.parquet.row.metadata");
            if (own != null) {
                return (StructType) DataType.fromJson(own);
            }
            return new ParquetToSparkSchemaConverter(new SQLConf()).convert(meta.getSchema());
        }
    }

    private static StructType orcSchema(String name, Configuration hadoop) {
        scala.Option<TypeDescription> type = OrcUtils.readSchema(new Path(name), hadoop, false);
        if (type.isEmpty()) {
            throw new InputException(Files.local(name) + ": an ORC file without columns");
        }
        return OrcUtils.toCatalystSchema(type.get());
    }

    /** Numbers in a vector of each column of vectors, from the first rows that have one. */
    private Map<String, Integer> widths(List<Slice> slices, Configuration hadoop) throws IOException {
        int[] vectors = java.util.stream.IntStream.range(0, schema.size())
                .filter(i -> type(schema.fields()[i].dataType()) == Type.VECTOR)
                .toArray();
        Map<String, Integer> widths = new TreeMap<>();
        if (vectors.length == 0) {
            return widths;
        }
        select(vectors);
        int rows = 0;
        for (Slice slice : slices) {
            if (widths.size() == vectors.length || rows >= SAMPLE_ROWS) {
                break;
            }
            try (Cells cells = open(slice, hadoop)) {
                while (widths.size() < vectors.length && rows++ < SAMPLE_ROWS && cells.next()) {
                    for (int i = 0; i < vectors.length; i++) {
                        if (!cells.isMissing(i)) {
                            widths.putIfAbsent(
                                    schema.fields()[vectors[i]].name(), cells.vector(i, new double[0], 0, -1));
                        }
                    }
                }
            }
        }
        return widths;
    }

    private static SparkSession session() {
        return TableWriter.session(JavaSparkContext.fromSparkContext(SparkContext.getOrCreate()));
    }

    @Override
    public void select(int[] columns) {
        readings = new ArrayList<>();
        for (StructType ofFile : schemas) {
            StructType wanted = new StructType();
            for (int column : columns) {
                wanted = wanted.add(own(ofFile, schema.fields()[column]));
            }
            readings.add(new Reading(
                    wanted,
                    Arrays.stream(columns)
                            .mapToObj(column -> schema.fields()[column].dataType())
                            .toArray(DataType[]::new),
                    reader(ofFile, wanted)));
        }
    }

    /** A column as a file has it. */
    private StructField own(StructType ofFile, StructField field) {
        for (StructField candidate : ofFile.fields()) {
            if (candidate.name().equals(field.name())) {
                Type type = type(field.dataType());
                boolean isMixed = type != Type.NUMBER
                        && type != Type.VECTOR
                        && !candidate.dataType().equals(field.dataType());
                if (type(candidate.dataType()) != type || isMixed) {
                    throw new InputException(fileOf(ofFile) + ": column \"" + field.name() + "\" is "
                            + kind(candidate.dataType()) + ", but " + kind(field.dataType())
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
        try {
            return new Rows(slice, reading, reading.reader.apply(piece));
        } catch (RuntimeException e) {
            throw new InputException(unreadable(slice.file(), isParquet() ? "Parquet" : "ORC", e), e);
        }
    }

    private static String unreadable(String file, String format, Exception e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return Files.local(file) + ": cannot be read as " + format + " (" + reason + "); is it cut short or damaged?";
    }

    @Override
    public String describe(String file, long position, Configuration hadoop) {
        return file + ", row " + position;
    }

    static Type type(DataType type) {
        if (type instanceof UserDefinedType<?> || isVectorStructure(type)) {
            return isVector(type) || isVectorStructure(type) ? Type.VECTOR : Type.OTHER;
        }
        if (type instanceof NumericType || type instanceof BooleanType) {
            return Type.NUMBER;
        }
        if (type instanceof StringType) {
            return Type.TEXT;
        }
        if (type instanceof DateType || type instanceof TimestampType || type instanceof TimestampNTZType) {
            return Type.TIME;
        }
        return type instanceof ArrayType array && array.elementType() instanceof NumericType ? Type.VECTOR : Type.OTHER;
    }

    private static boolean isVector(DataType type) {
        return type.equals(SQLDataTypes.VectorType())
                || (type instanceof UserDefinedType<?> own && isVectorStructure(own.sqlType()));
    }

    /** A vector of Spark's ML as it lies in a file: kind, size, indices, values. */
    private static boolean isVectorStructure(DataType type) {
        return type instanceof StructType structure
                && Arrays.equals(structure.fieldNames(), new String[] {"type", "size", "indices", "values"});
    }

    private static String kind(DataType type) {
        return type instanceof UserDefinedType<?> ? "vector" : type.catalogString();
    }

    /** The rows of a piece of a file. */
    private final class Rows implements Cells {
        private final Slice slice;
        private final DataType[] types;
        private final DataType[] kept;
        private final Iterator<InternalRow> rows;
        private InternalRow row;
        private long count = -1;

        Rows(Slice slice, Reading reading, Iterator<InternalRow> rows) {
            this.slice = slice;
            this.types = Arrays.stream(reading.columns.fields())
                    .map(StructField::dataType)
                    .toArray(DataType[]::new);
            this.kept = reading.kept;
            this.rows = rows;
        }

        @Override
        public boolean next() throws IOException {
            try {
                if (!rows.hasNext()) {
                    return false;
                }
                row = rows.next();
                count++;
                return true;
            } catch (RuntimeException e) {
                throw new InputException(unreadable(slice.file(), isParquet() ? "Parquet" : "ORC", e), e);
            }
        }

        @Override
        public long position() {
            return isParquet() ? row.getLong(types.length) : count;
        }

        @Override
        public String problem() {
            return null;
        }

        @Override
        public boolean isMissing(int column) {
            if (row.isNullAt(column)) {
                return true;
            }
            DataType type = types[column];
            return (type.equals(DataTypes.DoubleType) && Double.isNaN(row.getDouble(column)))
                    || (type.equals(DataTypes.FloatType) && Float.isNaN(row.getFloat(column)));
        }

        @Override
        public double number(int column) {
            if (row.isNullAt(column)) {
                return Double.NaN;
            }
            return number(row, column, types[column]);
        }

        private static double number(
                org.apache.spark.sql.catalyst.expressions.SpecializedGetters cells, int at, DataType type) {
            if (type.equals(DataTypes.DoubleType)) {
                return Numbers.finite(cells.getDouble(at));
            }
            if (type.equals(DataTypes.LongType)) {
                return cells.getLong(at);
            }
            if (type.equals(DataTypes.IntegerType)) {
                return cells.getInt(at);
            }
            if (type.equals(DataTypes.FloatType)) {
                return Numbers.finite(cells.getFloat(at));
            }
            if (type.equals(DataTypes.ShortType)) {
                return cells.getShort(at);
            }
            if (type.equals(DataTypes.ByteType)) {
                return cells.getByte(at);
            }
            if (type.equals(DataTypes.BooleanType)) {
                return cells.getBoolean(at) ? 1.0 : 0.0;
            }
            if (type instanceof DecimalType decimal) {
                return cells.getDecimal(at, decimal.precision(), decimal.scale())
                        .toDouble();
            }
            return type instanceof StringType
                    ? Numbers.parse(cells.getUTF8String(at).toString().strip())
                    : Double.NaN;
        }

        @Override
        public String text(int column) {
            if (row.isNullAt(column)) {
                return null;
            }
            DataType type = types[column];
            if (type instanceof StringType) {
                return row.getUTF8String(column).toString();
            }
            if (type.equals(DataTypes.DoubleType)) {
                return Numbers.text(row.getDouble(column));
            }
            if (type.equals(DataTypes.FloatType)) {
                return Numbers.text(row.getFloat(column));
            }
            return type instanceof DecimalType decimal
                    ? row.getDecimal(column, decimal.precision(), decimal.scale())
                            .toString()
                    : String.valueOf(value(column));
        }

        @Override
        public int vector(int column, double[] target, int from, int width) {
            if (types[column] instanceof ArrayType array) {
                return list(row.getArray(column), array.elementType(), target, from, width);
            }
            // Spark's vector: 1 and all values, or 0 and a size, places and values of those that are not 0.
            InternalRow vector = row.getStruct(column, 4);
            ArrayData values = vector.getArray(3);
            if (vector.getByte(0) == 1) {
                return list(values, DataTypes.DoubleType, target, from, width);
            }
            int size = vector.getInt(1);
            if (size != width) {
                return size;
            }
            Arrays.fill(target, from, from + width, 0.0);
            ArrayData places = vector.getArray(2);
            for (int i = 0; i < values.numElements(); i++) {
                target[from + places.getInt(i)] = Numbers.finite(values.getDouble(i));
            }
            return size;
        }

        private static int list(ArrayData list, DataType type, double[] target, int from, int width) {
            int size = list.numElements();
            for (int i = 0; size == width && i < size; i++) {
                target[from + i] = list.isNullAt(i) ? Double.NaN : number(list, i, type);
            }
            return size;
        }

        @Override
        public Object value(int column) {
            if (row.isNullAt(column)) {
                return null;
            }
            DataType type = types[column];
            if (type(type) == Type.NUMBER && !type.equals(kept[column])) {
                double number = number(row, column, type);
                return kept[column].equals(DataTypes.LongType) ? (Object) (long) number : (Object) number;
            }
            if (kept[column] instanceof ArrayType wide && !wide.equals(type) && type instanceof ArrayType) {
                double[] numbers = new double[row.getArray(column).numElements()];
                vector(column, numbers, 0, numbers.length);
                return CollectionConverters.asScala(
                                Arrays.stream(numbers).boxed().toList())
                        .toSeq();
            }
            // The row is used again for the next one; what is made here is not.
            return CatalystTypeConverters.convertToScala(row.get(column, type), type);
        }

        @Override
        public void close() throws IOException {
            if (rows instanceof Closeable closeable) {
                closeable.close();
            }
        }
    }
}
