package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The rows of a generator as a table on disk. Which rows lie in which file is a matter of the configuration alone. */
public final class SyntheticTable {
    /** Most columns for formats that have a column a feature. */
    private static final int MOST_COLUMNS = 10_000;

    private static final long ROWS_OF_A_FILE = 1_000_000;
    private static final long VALUES_OF_A_FILE = 10_000_000;
    private static final long FEWEST_ROWS_OF_A_FILE = 1000;

    private final Generator generator;

    private SyntheticTable(Generator generator) {
        this.generator = generator;
    }

    /** The words that {@code generator} takes. */
    public static List<String> generators() {
        return SyntheticSource.generators();
    }

    /** The rows that a {@code generator} and its parameters describe. */
    public static SyntheticTable read(Settings settings) {
        return new SyntheticTable(SyntheticSource.generator(settings));
    }

    public long rows() {
        return generator.rows();
    }

    public int features() {
        return generator.features();
    }

    /** Whether labels are classes; else they are numbers. */
    public boolean hasClasses() {
        return generator.classes() > 0 && !(generator instanceof TargetColumns);
    }

    /** Rows of a file if nothing is said: a million, fewer if rows are wide. */
    public long usualRowsOfFile() {
        long fitting = VALUES_OF_A_FILE / (features() + generator.targets());
        return Math.max(FEWEST_ROWS_OF_A_FILE, Math.min(ROWS_OF_A_FILE, fitting));
    }

    /** Number of files for so many rows in each. */
    public long files(long rowsOfFile) {
        return (rows() + rowsOfFile - 1) / rowsOfFile;
    }

    /**
     * Refuses what {@link #write} cannot write, before Spark is started.
     *
     * @throws InputException says what to change
     */
    public void check(String path, long rowsOfFile) {
        if (rowsOfFile < 1 || files(rowsOfFile) > TableWriter.MOST_FILES) {
            throw new InputException("--rows-per-file " + rowsOfFile + ": expected at least "
                    + Math.max(1, files(TableWriter.MOST_FILES)) + " for " + rows() + " rows, or there are more than "
                    + TableWriter.MOST_FILES + " files");
        }
        if (isLibsvm(path) && generator.targets() > 1) {
            throw new InputException(path + ": LIBSVM has one label a row, not " + generator.targets()
                    + " targets; write .csv or .parquet");
        }
        if (!isLibsvm(path) && features() + generator.targets() > MOST_COLUMNS) {
            throw new InputException(path + ": " + features() + " features and " + generator.targets()
                    + " targets are too many columns, at most " + MOST_COLUMNS + "; "
                    + (generator.targets() == 1 ? "write .libsvm, or " : "") + "use the generator as a source");
        }
    }

    private static boolean isLibsvm(String path) {
        return format(path) == TableFormat.LIBSVM;
    }

    private static TableFormat format(String path) {
        return TableFormat.of(path, List.of(TableFormat.values()));
    }

    /** Keys of the source that reads the table again, but for its path. */
    public List<String> sourceKeys(String path) {
        List<String> targets = SyntheticSource.targets(generator);
        String label = targets.size() == 1 ? targets.get(0) : "[" + String.join(",", targets) + "]";
        return List.of("format=" + format(path).key(), isLibsvm(path) ? "features=" + features() : "label=" + label);
    }

    /**
     * Writes all rows, after {@link #check} and {@link TableWriter#check}: columns x0, x1, … and label, or y0, y1, …
     * for several targets.
     *
     * @param rowsOfFile rows of every file but the last
     * @return number of files
     */
    public int write(JavaSparkContext spark, String path, boolean overwrite, long rowsOfFile) {
        long rows = rows();
        int files = Math.toIntExact(files(rowsOfFile));
        boolean sparse = isLibsvm(path);
        Generator made = generator;
        boolean classes = hasClasses();
        List<Long> begins =
                LongStream.range(0, files).mapToObj(file -> file * rowsOfFile).toList();
        JavaRDD<Row> table = spark.parallelize(begins, files)
                .flatMap(begin -> rows(made, begin, Math.min(rows, begin + rowsOfFile), sparse, classes));
        TableWriter.write(TableWriter.session(spark), table, schema(sparse), path, overwrite);
        int written = TableWriter.parts(path, spark.hadoopConfiguration());
        if (written != files) {
            throw new InputException(path + ": " + written + " of " + files + " files are seen from the driver: "
                    + "executors on other machines have other disks; give a path that all of them share");
        }
        return files;
    }

    private StructType schema(boolean sparse) {
        List<StructField> labels = SyntheticSource.targets(generator).stream()
                .map(name -> field(name, hasClasses() ? DataTypes.LongType : DataTypes.DoubleType))
                .toList();
        if (sparse) {
            return new StructType(new StructField[] {labels.get(0), field("features", SQLDataTypes.VectorType())});
        }
        List<StructField> fields = new ArrayList<>();
        for (int j = 0; j < features(); j++) {
            fields.add(field("x" + j, DataTypes.DoubleType));
        }
        fields.addAll(labels);
        return new StructType(fields.toArray(new StructField[0]));
    }

    private static StructField field(String name, DataType type) {
        return new StructField(name, type, false, Metadata.empty());
    }

    /** Rows one after the other; none is kept. */
    private static Iterator<Row> rows(Generator generator, long from, long to, boolean sparse, boolean classes) {
        double[] values = new double[generator.features()];
        double[] targets = new double[generator.targets()];
        return LongStream.range(from, to)
                .mapToObj(row -> {
                    double label = generator.make(row, values);
                    generator.targets(row, values, label, targets);
                    if (sparse) {
                        return RowFactory.create(
                                written(targets[0], classes),
                                Vectors.dense(values).toSparse());
                    }
                    Object[] cells = new Object[values.length + targets.length];
                    for (int j = 0; j < values.length; j++) {
                        cells[j] = values[j];
                    }
                    for (int j = 0; j < targets.length; j++) {
                        cells[values.length + j] = written(targets[j], classes);
                    }
                    return RowFactory.create(cells);
                })
                .iterator();
    }

    private static Object written(double target, boolean classes) {
        return classes ? (Object) (long) target : (Object) target;
    }
}
