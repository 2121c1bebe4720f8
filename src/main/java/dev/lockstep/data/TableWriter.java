package dev.lockstep.data;

import dev.lockstep.InputException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.security.AccessControlException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Writes tables as Spark does: a folder of part files, one a partition, and {@code _SUCCESS} when all of them are
 * there. Spark's commit protocol moves the files of finished tasks to their places at the end, so that a job which
 * fails leaves nothing that a reader takes for data.
 */
public final class TableWriter {
    /** Part files have numbers of five digits; more digits would not sort. */
    static final int MOST_FILES = 100_000;

    /** What Spark and Hadoop's local file system leave in a folder. */
    private static final Pattern OURS =
            Pattern.compile("part-.*|_SUCCESS|\\.part-.*\\.crc|\\._SUCCESS\\.crc|_temporary");

    private static final List<TableFormat> COMMON = List.of(TableFormat.CSV, TableFormat.PARQUET);
    private static final List<TableFormat> ALL = List.of(TableFormat.values());

    private TableWriter() {}

    /**
     * Refuses a path that cannot be written, before Spark is started. Changes nothing.
     *
     * @param path of the folder to be written; ends in .csv or .parquet
     * @param overwrite whether a table that is there may be replaced; what is no table never is
     * @throws InputException says why not
     */
    public static void check(String path, boolean overwrite, Configuration hadoop) {
        check(path, overwrite, hadoop, COMMON);
    }

    /** As {@link #check}, with .libsvm and .svm as well, for rows of a label and a vector. */
    public static void checkWithLibsvm(String path, boolean overwrite, Configuration hadoop) {
        check(path, overwrite, hadoop, ALL);
    }

    private static void check(String path, boolean overwrite, Configuration hadoop, List<TableFormat> accepted) {
        try {
            Path folder = new Path(path);
            TableFormat.of(path, accepted);
            FileSystem system = folder.getFileSystem(hadoop);
            Optional<FileStatus> there = status(system, folder);
            if (there.isPresent()) {
                checkReplaceable(path, overwrite, system, there.get());
            }
            checkParent(path, system, system.makeQualified(folder).getParent());
        } catch (IOException | IllegalArgumentException e) {
            throw new InputException(path + ": no path that can be written: " + e.getMessage(), e);
        }
    }

    private static void checkReplaceable(String path, boolean overwrite, FileSystem system, FileStatus there)
            throws IOException {
        if (!there.isDirectory()) {
            throw new InputException(path + ": is a file, and a table is a folder of part files; give another output");
        }
        if (!overwrite) {
            throw new InputException(path + ": exists; give another output, or --overwrite to replace it");
        }
        for (FileStatus child : system.listStatus(there.getPath())) {
            String name = child.getPath().getName();
            if (!OURS.matcher(name).matches() || child.isDirectory() != name.equals("_temporary")) {
                throw new InputException(path + ": holds " + name
                        + ", so it is no table, and --overwrite leaves it alone; give " + "another output");
            }
        }
    }

    /** The nearest folder above that is there must take new files. */
    private static void checkParent(String path, FileSystem system, Path above) throws IOException {
        Path folder = above;
        Optional<FileStatus> status = Optional.empty();
        while (folder != null && status.isEmpty()) {
            status = status(system, folder);
            folder = status.isEmpty() ? folder.getParent() : folder;
        }
        if (status.isEmpty()) {
            return;
        }
        if (!status.get().isDirectory()) {
            throw new InputException(path + ": " + folder + " is a file, not a folder; give another output");
        }
        if (!mayWrite(system, folder)) {
            throw new InputException(path + ": " + folder + " may not be written; give another output");
        }
    }

    private static boolean mayWrite(FileSystem system, Path folder) throws IOException {
        // Hadoop judges local folders by their permission bits alone, which are not all there is to know.
        if (system.getScheme().equals("file")) {
            return java.nio.file.Files.isWritable(Paths.get(folder.toUri().getPath()));
        }
        try {
            system.access(folder, FsAction.WRITE);
            return true;
        } catch (AccessControlException e) {
            return false;
        }
    }

    private static Optional<FileStatus> status(FileSystem system, Path path) throws IOException {
        try {
            return Optional.of(system.getFileStatus(path));
        } catch (FileNotFoundException | org.apache.hadoop.fs.ParentNotDirectoryException e) {
            return Optional.empty();
        }
    }

    /** The session of the running application. Handed its context, Spark does not warn that there is one already. */
    public static SparkSession session(JavaSparkContext spark) {
        return SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
    }

    /**
     * Writes the rows: part file k holds partition k, and the names of the part files sort by k. Run {@link #check}
     * first.
     *
     * <p>CSV begins every file with the header; numbers are the shortest decimals that parse to the same value. A
     * text with a line break is refused. Quotes are doubled, which Spark's own reader expects with {@code escape =
     * "\""}; our reader and others expect nothing else. Outer blanks are kept, but our reader takes them off; an
     * empty text and a missing value are read back as the same. Parquet is compressed with Snappy. LIBSVM takes two
     * columns, a label and a vector.
     *
     * @param rows evaluated once, if no task is repeated
     * @throws InputException if a value cannot be written in this format
     */
    public static void write(SparkSession spark, JavaRDD<Row> rows, StructType schema, String path, boolean overwrite) {
        if (rows.getNumPartitions() > MOST_FILES) {
            throw new InputException(path + ": " + rows.getNumPartitions() + " part files are above the " + MOST_FILES
                    + " whose names sort; make them larger");
        }
        boolean done = false;
        try {
            TableFormat.of(path, ALL)
                    .writer(spark, rows, schema)
                    // A limit of the session would cut a partition into several files.
                    .option("maxRecordsPerFile", 0)
                    .mode(overwrite ? SaveMode.Overwrite : SaveMode.ErrorIfExists)
                    .save(path);
            done = true;
        } finally {
            if (!done) {
                removeIfEmpty(path, spark.sparkContext().hadoopConfiguration());
            }
        }
        if (parts(path, spark.sparkContext().hadoopConfiguration()) == 0) {
            throw new InputException(path + ": written, but not seen from the driver: executors on other machines have "
                    + "other disks; give a path of a file system that all of them share");
        }
    }

    /** Number of part files of a table. */
    static int parts(String path, Configuration hadoop) {
        try {
            Path folder = new Path(path);
            return folder.getFileSystem(hadoop)
                    .listStatus(folder, child -> child.getName().startsWith("part-"))
                    .length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A failed job leaves an empty folder behind, which would be in the way of the next one. */
    private static void removeIfEmpty(String path, Configuration hadoop) {
        try {
            Path folder = new Path(path);
            FileSystem system = folder.getFileSystem(hadoop);
            boolean empty =
                    status(system, folder).filter(FileStatus::isDirectory).isPresent()
                            && Arrays.stream(system.listStatus(folder))
                                    .allMatch(child -> child.getPath().getName().equals("_temporary"));
            if (empty) {
                system.delete(folder, true);
            }
        } catch (IOException e) {
            // What made the job fail is what the user needs to hear.
        }
    }
}
