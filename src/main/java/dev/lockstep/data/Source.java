package dev.lockstep.data;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Where rows come from: one format with its settings. Looked at on the driver, read on the executors, never collected.
 *
 * <p>The rows of {@link #open}, slice after slice, must be the same for every way of cutting the slices.
 */
public interface Source extends Serializable {
    /**
     * What a source says of itself without being read.
     *
     * @param features the columns that become features, in their order; null if only a look at all rows can tell how many
     *     there are, see {@link #width}
     * @param targets names of the label or of the target columns; empty where rows are to be predicted
     * @param slices in the order of the rows
     */
    record Listing(List<Column> features, List<String> targets, List<Slice> slices) {}

    /**
     * Lists the files and cuts them. Runs on the driver.
     *
     * @param hadoop for file systems
     * @param cut how large slices shall be
     * @throws dev.lockstep.InputException if there is nothing to read or the settings do not fit what is there
     */
    Listing list(Configuration hadoop, Cut cut) throws IOException;

    /** Whether missing features are to be filled in. */
    default boolean fillsMissing() {
        return false;
    }

    /**
     * The columns of {@link RowReader#cells}, once the source was listed. Of sources that are no tables the features, as
     * numbers.
     *
     * @param features columns of the listing
     */
    default StructType schema(List<Column> features) {
        StructType schema = new StructType();
        for (Column feature : features) {
            schema = schema.add(feature.name(), DataTypes.DoubleType);
        }
        return schema;
    }

    /** How many features the rows of a slice have at least, where the listing does not say. Runs on an executor. */
    default int width(Slice slice, Configuration hadoop) throws IOException {
        throw new UnsupportedOperationException("the listing says it");
    }

    /** The columns for so many features, the most that {@link #width} gave; from now on rows are read so. */
    default List<Column> columns(int width) {
        throw new UnsupportedOperationException("the listing says it");
    }

    /**
     * Opens a slice. Runs on an executor.
     *
     * @param classes whether labels are classes, to be given as text; else they are numbers
     */
    RowReader open(Slice slice, Configuration hadoop, boolean classes) throws IOException;

    /**
     * What a task works on, and what opens the slices of it. Made in the task and used there; never sent.
     *
     * @param work what the task was told to do
     */
    record Share<T>(T work, Opening opening) {}

    /** Opens the slices of a {@link Share}, each once and in order. */
    @FunctionalInterface
    interface Opening {
        /** As {@link Source#open}. */
        RowReader open(Slice slice, boolean classes) throws IOException;
    }

    /**
     * Gives each piece of work to a task: one element a partition, in order.
     *
     * @param work one for each group of slices, see {@link Scan#group}
     * @param hadoop for file systems
     */
    default <T> JavaRDD<Share<T>> share(
            JavaSparkContext spark, List<T> work, Broadcast<SerializableConfiguration> hadoop) {
        return spark.parallelize(work, work.size())
                .map(piece -> new Share<>(
                        piece, (slice, classes) -> open(slice, hadoop.value().value(), classes)));
    }

    /**
     * Where a row lies, for a person: file and line, or file and row.
     *
     * @param position as {@link RowReader#position} gave it
     */
    String describe(String file, long position, Configuration hadoop) throws IOException;

    /**
     * How to cut what can be cut.
     *
     * @param mostBytes of a slice, Spark's {@code spark.sql.files.maxPartitionBytes}
     * @param slots tasks that can run at the same time
     */
    record Cut(long mostBytes, int slots) {
        /** What opening a file costs, in bytes read meanwhile: Spark's default for its own readers. */
        private static final long OPEN_COST = 4L << 20;

        /** Bytes of a slice, for a source of so many bytes: enough slices for every slot, none above the most. */
        public long bytes(long total) {
            return Math.max(1, Math.min(mostBytes, Math.max(OPEN_COST, total / Math.max(1, slots))));
        }
    }
}
