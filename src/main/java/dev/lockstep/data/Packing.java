package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Nonzeros;
import dev.lockstep.linalg.Permutation;
import dev.lockstep.linalg.Precision;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The second pass over a source: its rows, numbered by the {@link Scan}, travel once to the tasks that will host them,
 * and are packed there. A row's place follows from its number, so the order in which pieces arrive does not matter.
 *
 * <p>Both parts of a split come out of the same shuffle; statistics for standardization are taken from it in double
 * precision before anything is rounded.
 */
public final class Packing {
    private static final int TRAINING = RowChunks.Lot.TRAINING;
    private static final int VALIDATION = RowChunks.Lot.VALIDATION;

    private final JavaSparkContext spark;
    private final Scan scan;
    private final ShardPlan plan;
    private final int blockRows;
    private final Precision precision;
    private final double scale;
    private final RowChunks.Lot lot;
    private final Precision travelling;
    private final JavaPairRDD<Integer, Chunk> shuffled;

    /**
     * How rows are packed.
     *
     * @param plan shards and their tasks
     * @param blockRows most rows of a block
     * @param precision of the features
     * @param scale factor on every feature
     */
    public record Format(ShardPlan plan, int blockRows, Precision precision, double scale) {}

    private Packing(JavaSparkContext spark, Scan scan, Format format, boolean inDouble, RowChunks.Lot lot) {
        this.spark = spark;
        this.scan = scan;
        this.plan = format.plan();
        this.blockRows = format.blockRows();
        this.precision = format.precision();
        this.scale = format.scale();
        this.lot = lot;
        this.travelling = inDouble ? Precision.FLOAT64 : precision;
        this.shuffled = shuffle(travelling);
    }

    /**
     * Packs all rows of a scan, each with the weight that it has itself.
     *
     * @param preparation what was learnt from the training rows
     */
    public static Dataset whole(JavaSparkContext spark, Scan scan, Format format, Preparation preparation) {
        return asTrained(spark, scan, format, preparation.withoutClassWeights());
    }

    /** Packs all rows of a scan as if they were to be learnt from: weighted by class as well. */
    public static Dataset asTrained(JavaSparkContext spark, Scan scan, Format format, Preparation preparation) {
        preparation.refuseUnfilled(scan.source());
        Packing packing = new Packing(
                spark, scan, format, preparation.changesFeatures(), new RowChunks.Lot(scan.rows(), 0, scan.rows(), 0));
        return packing.part(TRAINING, preparation);
    }

    /**
     * Packs a scan's rows into a training and a validation set.
     *
     * @param validationRows how many rows the validation set gets, chosen by the seed; 0 for none
     * @param trainingRows how many of the others the training set gets, chosen by the seed: more of them hold fewer
     * @param wanted what to learn from the training rows and apply to both
     */
    public static Split split(
            JavaSparkContext spark,
            Scan scan,
            Format format,
            long validationRows,
            long trainingRows,
            long seed,
            Preparation.Wanted wanted) {
        RowChunks.Lot lot =
                new RowChunks.Lot(scan.rows(), validationRows, trainingRows, Mixing.key(seed, "validation"));
        Packing packing = new Packing(spark, scan, format, wanted.needsMoments(), lot);
        Preparation preparation = wanted.isNothing() ? Preparation.NONE : packing.learn(wanted);
        Dataset training = packing.part(TRAINING, preparation);
        Dataset validation = validationRows == 0 ? null : packing.part(VALIDATION, preparation.withoutClassWeights());
        return new Split(training, validation, preparation);
    }

    /**
     * A training and a validation set.
     *
     * @param training the rows to learn from
     * @param validation null if no rows were set aside
     * @param preparation what was learnt from the training rows
     */
    public record Split(Dataset training, Dataset validation, Preparation preparation) {}

    private JavaPairRDD<Integer, Chunk> shuffle(Precision travelling) {
        Broadcast<SerializableConfiguration> hadoop =
                spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
        List<RowChunks.Task> tasks = tasks();
        RowChunks.Rules rules = new RowChunks.Rules(
                scan.encoding(),
                scan.ignoresUnknown(),
                scan.classes(),
                scan.encoding().width(),
                scan.classes() == null ? scan.targets().size() : 0,
                scan.weighted(),
                plan,
                travelling,
                scale,
                lot);
        return scan.source()
                .share(spark, tasks, hadoop)
                .flatMapToPair(share -> new RowChunks(share, rules))
                .partitionBy(new ByTask(plan.tasks()));
    }

    /** The pieces with the numbers of rows of each part in front of them, counted without touching the data. */
    private List<RowChunks.Task> tasks() {
        List<Scan.Piece> pieces = scan.pieces();
        long allRows = scan.rows();
        RowChunks.Lot drawn = lot;
        if (drawn.isTrivial()) {
            return pieces.stream()
                    .map(piece -> new RowChunks.Task(piece, new long[] {piece.firstRow(), 0, 0}))
                    .toList();
        }
        List<long[]> ranges = IntStream.range(0, pieces.size())
                .mapToObj(i -> new long[] {
                    pieces.get(i).firstRow(),
                    i + 1 < pieces.size() ? pieces.get(i + 1).firstRow() : allRows
                })
                .toList();
        List<long[]> counts = spark.parallelize(ranges, ranges.size())
                .map(range -> {
                    Permutation permutation = drawn.permutation();
                    long[] count = new long[RowChunks.Lot.PARTS];
                    for (long row = range[0]; row < range[1]; row++) {
                        count[drawn.part(row, permutation)]++;
                    }
                    return count;
                })
                .collect();
        List<RowChunks.Task> tasks = new ArrayList<>();
        long[] before = new long[RowChunks.Lot.PARTS];
        for (int i = 0; i < pieces.size(); i++) {
            tasks.add(new RowChunks.Task(pieces.get(i), before.clone()));
            for (int part = 0; part < before.length; part++) {
                before[part] += counts.get(i)[part];
            }
        }
        return tasks;
    }

    /** What one shard tells; each part null where it is not wanted. */
    private record Lesson(Standardization.Moments features, Standardization.Moments targets, long[] classes)
            implements Serializable {
        static Lesson of(Shard shard, Preparation.Wanted wanted, int features, int targets, int classes) {
            return new Lesson(
                    wanted.needsMoments() ? Standardization.Moments.ofFeatures(shard, features) : null,
                    wanted.standardizeTargets() ? Standardization.Moments.ofTargets(shard, targets) : null,
                    wanted.classWeights() != null ? count(shard, classes) : null);
        }

        private static long[] count(Shard shard, int classes) {
            long[] counts = new long[classes];
            for (Block block : shard.blocks()) {
                for (int i = 0; i < block.rows(); i++) {
                    counts[block.labels()[i]]++;
                }
            }
            return counts;
        }
    }

    private Preparation learn(Preparation.Wanted wanted) {
        long rows = lot.trainingRows();
        JavaRDD<ShardRange> raw = assemble(TRAINING, rows, travelling, Preparation.NONE);
        int features = scan.encoding().width();
        int targets = scan.targets().size();
        int classes = scan.classes() == null ? 0 : scan.classes().count();
        Standardization.Moments ofFeatures = new Standardization.Moments(features);
        Standardization.Moments ofTargets = new Standardization.Moments(targets);
        long[] counts = new long[classes];
        raw.map(range -> range.shards().stream()
                        .map(shard -> Lesson.of(shard, wanted, features, targets, classes))
                        .toList())
                .collect()
                .forEach(range -> range.forEach(lesson -> {
                    if (lesson.features != null) {
                        ofFeatures.add(lesson.features);
                    }
                    if (lesson.targets != null) {
                        ofTargets.add(lesson.targets);
                    }
                    for (int i = 0; lesson.classes != null && i < counts.length; i++) {
                        counts[i] += lesson.classes[i];
                    }
                }));
        for (int j = 0; wanted.fill() && j < features; j++) {
            if (ofFeatures.rows(j) == 0) {
                throw new InputException("the feature " + scan.features().get(j)
                        + " has no value in any training row, so there is no mean to fill in; leave it out");
            }
        }
        return new Preparation(
                wanted.fill() ? ofFeatures.means() : null,
                wanted.standardize() ? ofFeatures.standardization(rows) : null,
                wanted.standardizeTargets() ? ofTargets.standardization(rows) : null,
                wanted.classWeights() == null ? null : wanted.classWeights().of(scan.classes(), counts));
    }

    private Dataset part(int part, Preparation preparation) {
        long rows = part == VALIDATION ? lot.validationRows() : lot.trainingRows();
        JavaRDD<ShardRange> ranges = assemble(part, rows, precision, preparation);
        ranges.persist(StorageLevel.MEMORY_AND_DISK());
        ranges.setName((part == VALIDATION ? "validation" : "rows") + " in " + plan.shards() + " shards");
        ranges.count();
        int targetColumns = scan.classes() == null ? scan.targets().size() : 0;
        return new Dataset(ranges, plan, rows, scan.encoding().width(), targetColumns, blockRows);
    }

    private JavaRDD<ShardRange> assemble(int part, long rows, Precision stored, Preparation preparation) {
        ShardPlan shardPlan = plan;
        int rowsOfBlock = blockRows;
        int inputs = scan.encoding().width();
        int targetColumns = scan.classes() == null ? scan.targets().size() : 0;
        boolean weighted = scan.weighted() || preparation.classWeights() != null;
        return shuffled.mapPartitionsWithIndex(
                (task, chunks) -> {
                    List<ShardBuilder> builders = new ArrayList<>();
                    int first = shardPlan.first(task);
                    for (int i = 0; i < shardPlan.count(task); i++) {
                        builders.add(new ShardBuilder(
                                first + i, shardPlan, rows, rowsOfBlock, inputs, targetColumns, weighted, stored));
                    }
                    while (chunks.hasNext()) {
                        Chunk chunk = chunks.next()._2();
                        if (chunk.part() == part) {
                            builders.get(chunk.shard() - first).add(chunk, preparation);
                        }
                    }
                    List<Shard> shards =
                            builders.stream().map(ShardBuilder::build).toList();
                    return List.of(new ShardRange(first, shards)).iterator();
                },
                false);
    }

    /** Sends a chunk to the task that its key names. */
    private static final class ByTask extends Partitioner {
        private final int tasks;

        ByTask(int tasks) {
            this.tasks = tasks;
        }

        @Override
        public int numPartitions() {
            return tasks;
        }

        @Override
        public int getPartition(Object key) {
            return (Integer) key;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ByTask that && that.tasks == tasks;
        }

        @Override
        public int hashCode() {
            return tasks;
        }
    }

    /** Fills the blocks of one shard. */
    private static final class ShardBuilder {
        private final int index;
        private final ShardPlan plan;
        private final int blockRows;
        private final int inputs;
        private final int targetColumns;
        private final long expected;
        private final List<Block> blocks = new ArrayList<>();
        private long filled;

        ShardBuilder(
                int index,
                ShardPlan plan,
                long setRows,
                int blockRows,
                int inputs,
                int targetColumns,
                boolean weighted,
                Precision precision) {
            this.index = index;
            this.plan = plan;
            this.blockRows = blockRows;
            this.inputs = inputs;
            this.targetColumns = targetColumns;
            this.expected = plan.rows(index, setRows);
            for (long from = 0; from < expected; from += blockRows) {
                int rows = (int) Math.min(blockRows, expected - from);
                blocks.add(new Block(
                        rows,
                        Buffer.allocate(precision, Math.multiplyExact(rows, inputs)),
                        targetColumns == 0 ? new int[rows] : null,
                        targetColumns == 0 ? null : new double[rows * targetColumns],
                        weighted ? new double[rows] : null));
            }
        }

        void add(Chunk chunk, Preparation preparation) {
            for (int i = 0; i < chunk.rows(); i++) {
                long place = chunk.firstPlace() + i;
                Block block = blocks.get((int) (place / blockRows));
                int row = (int) (place % blockRows);
                Buffer features = block.features();
                if (!preparation.changesFeatures()
                        && features.precision() == chunk.features().precision()) {
                    features.copy(chunk.features(), i * inputs, row * inputs, inputs);
                } else {
                    for (int j = 0; j < inputs; j++) {
                        double value = chunk.features().get(i * inputs + j);
                        features.set(row * inputs + j, preparation.feature(value, j));
                    }
                }
                if (block.labels() != null) {
                    block.labels()[row] = chunk.labels()[i];
                } else {
                    for (int j = 0; j < targetColumns; j++) {
                        double target = chunk.targets()[i * targetColumns + j];
                        block.targets()[row * targetColumns + j] = preparation.targets() == null
                                ? target
                                : preparation.targets().apply(target, j);
                    }
                }
                if (block.weights() != null) {
                    block.weights()[row] = (chunk.weights() == null ? 1.0 : chunk.weights()[i])
                            * (preparation.classWeights() == null
                                    ? 1.0
                                    : preparation.classWeights()[chunk.labels()[i]]);
                }
            }
            filled += chunk.rows();
        }

        Shard build() {
            if (filled != expected) {
                throw new IllegalStateException("shard " + index + " got " + filled + " rows, expected " + expected
                        + ": the data changed while it was read");
            }
            boolean hasZeros = !blocks.isEmpty()
                    && Nonzeros.areWorthwhile(
                            blocks.get(0).rows(), inputs, blocks.get(0).features());
            return new Shard(
                    index,
                    plan,
                    blockRows,
                    hasZeros
                            ? blocks.stream()
                                    .map(block -> block.withNonzeros(inputs))
                                    .toList()
                            : blocks);
        }
    }
}
