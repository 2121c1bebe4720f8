package dev.lockstep.data;

import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Permutation;
import dev.lockstep.linalg.Precision;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import scala.Tuple2;

/**
 * Reads a piece of a source and gives its rows in chunks, each with the task that it goes to. Holds one unfinished chunk
 * for each shard and part.
 */
final class RowChunks implements Iterator<Tuple2<Integer, Chunk>> {
    /** Bytes of all unfinished chunks together, about. */
    private static final long BUDGET = 64L << 20;

    private static final int LARGEST_CHUNK = 256 << 10;

    private final Rules rules;
    private final Source.Opening opening;
    private final Permutation permutation;
    private final Iterator<Slice> slices;
    private final Building[] building;
    private final Deque<Building> finished = new ArrayDeque<>();
    private RowReader reader;
    private long row;
    private final long[] next;
    private final double[] values;
    private boolean exhausted;

    /**
     * A piece with what precedes it.
     *
     * @param piece what to read
     * @param before number of rows of each part in front of it
     */
    record Task(Scan.Piece piece, long[] before) implements Serializable {}

    /**
     * Which rows belong to which part: a permutation moves validation rows to the front, training rows behind them, and
     * rows that are not used to the end. So fewer training rows are some of more.
     *
     * @param rows number of all rows
     * @param validationRows how many of them are set aside
     * @param trainingRows how many of the others are used
     * @param key decides the permutation
     */
    record Lot(long rows, long validationRows, long trainingRows, long key) implements Serializable {
        static final int TRAINING = 0;
        static final int VALIDATION = 1;
        static final int UNUSED = 2;
        static final int PARTS = 3;

        /** Whether all rows are training rows. */
        boolean isTrivial() {
            return trainingRows == rows;
        }

        Permutation permutation() {
            return new Permutation(rows, key);
        }

        int part(long row, Permutation permutation) {
            if (isTrivial()) {
                return TRAINING;
            }
            long place = permutation.at(row);
            return place < validationRows ? VALIDATION : place < validationRows + trainingRows ? TRAINING : UNUSED;
        }
    }

    /** What is the same for all pieces. */
    record Rules(
            Encoding encoding,
            boolean ignoreUnknown,
            Classes classes,
            int inputs,
            int targetColumns,
            boolean weighted,
            ShardPlan plan,
            Precision precision,
            double scale,
            Lot lot)
            implements Serializable {
        int rowsOfChunk() {
            long rowBytes = (long) inputs * precision.bytes() + 8L * (targetColumns + 2);
            long bytes = Math.min(LARGEST_CHUNK, BUDGET / (2L * plan.shards()));
            return (int) Math.max(1, bytes / rowBytes);
        }
    }

    RowChunks(Source.Share<Task> share, Rules rules) {
        Task task = share.work();
        this.rules = rules;
        this.opening = share.opening();
        this.permutation = rules.lot().permutation();
        this.slices = task.piece().slices().iterator();
        this.row = task.piece().firstRow();
        this.next = task.before().clone();
        this.building = new Building[2 * rules.plan().shards()];
        this.values = new double[rules.inputs()];
    }

    @Override
    public boolean hasNext() {
        try {
            while (finished.isEmpty() && !exhausted) {
                readRow();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return !finished.isEmpty();
    }

    @Override
    public Tuple2<Integer, Chunk> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Chunk chunk = finished.remove().chunk();
        return new Tuple2<>(rules.plan().task(chunk.shard()), chunk);
    }

    private void readRow() throws IOException {
        while (reader == null || !reader.next()) {
            if (reader != null) {
                reader.close();
                reader = null;
            }
            if (!slices.hasNext()) {
                exhausted = true;
                Arrays.stream(building).filter(b -> b != null && b.rows > 0).forEach(finished::add);
                return;
            }
            reader = opening.open(slices.next(), rules.classes() != null);
        }
        if (Scan.problem(reader, rules.encoding(), rules.ignoreUnknown(), rules.classes()) == null) {
            int part = rules.lot().part(row++, permutation);
            if (part != Lot.UNUSED) {
                place(part, next[part]++);
            }
        }
    }

    private void place(int part, long number) {
        int shard = rules.plan().shard(number);
        int index = part * rules.plan().shards() + shard;
        if (building[index] == null) {
            building[index] = new Building(part, shard, rules.plan().place(number));
        }
        building[index].add();
        if (building[index].rows == building[index].capacity) {
            finished.add(building[index]);
            building[index] = null;
        }
    }

    /** A chunk that is not full yet. */
    private final class Building {
        private final int part;
        private final int shard;
        private final long firstPlace;
        private final int capacity = rules.rowsOfChunk();
        private final Buffer features = Buffer.allocate(rules.precision(), capacity * rules.inputs());
        private final int[] labels = new int[rules.classes() != null ? capacity : 0];
        private final double[] targets = new double[capacity * rules.targetColumns()];
        private final double[] weights = new double[rules.weighted() ? capacity : 0];
        private int rows;

        Building(int part, int shard, long firstPlace) {
            this.part = part;
            this.shard = shard;
            this.firstPlace = firstPlace;
        }

        void add() {
            rules.encoding().encode(reader, values);
            for (int j = 0; j < values.length; j++) {
                features.set(rows * values.length + j, values[j] * rules.scale());
            }
            if (rules.classes() != null) {
                labels[rows] = rules.classes().indexOf(reader.label());
            }
            for (int j = 0; j < rules.targetColumns(); j++) {
                targets[rows * rules.targetColumns() + j] = reader.target(j);
            }
            if (rules.weighted()) {
                weights[rows] = reader.weight();
            }
            rows++;
        }

        Chunk chunk() {
            Buffer exact = Buffer.allocate(rules.precision(), rows * rules.inputs());
            exact.copy(features, 0, 0, rows * rules.inputs());
            return new Chunk(
                    part,
                    shard,
                    firstPlace,
                    rows,
                    exact,
                    rules.classes() != null ? Arrays.copyOf(labels, rows) : null,
                    rules.targetColumns() > 0 ? Arrays.copyOf(targets, rows * rules.targetColumns()) : null,
                    rules.weighted() ? Arrays.copyOf(weights, rows) : null);
        }
    }
}
