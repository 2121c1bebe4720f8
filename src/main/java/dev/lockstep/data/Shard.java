package dev.lockstep.data;

import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Nonzeros;
import dev.lockstep.linalg.Precision;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows t = index, index + S, index + 2 S, … of a set, in this order, packed into blocks that are all full but the
 * last. What a task holds in memory.
 */
public final class Shard implements Serializable {
    private final int index;
    private final ShardPlan plan;
    private final int blockRows;
    private final List<Block> blocks;
    private final int rows;

    /** Whoever asks comes back to an order within so many lists of questions, or not at all. */
    private static final int KEPT_LISTS = 8;

    private static final int MOST_ORDERS = 64;

    /** The orders of the epochs that were asked for lately, oldest first; made anew after the shard moved. */
    private transient List<EpochOrder> orders;

    private transient long lists;

    Shard(int index, ShardPlan plan, int blockRows, List<Block> blocks) {
        this.index = index;
        this.plan = plan;
        this.blockRows = blockRows;
        this.blocks = List.copyOf(blocks);
        this.rows = blocks.stream().mapToInt(Block::rows).sum();
    }

    /** Its number among the shards of the set. */
    public int index() {
        return index;
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** All rows, in order. */
    public List<Block> blocks() {
        return blocks;
    }

    /** The number, in the whole set, of the row at a place of this shard. */
    public long rowNumber(int place) {
        return (long) place * plan.shards() + index;
    }

    /**
     * The rows of a batch, in the order in which the epoch visits them.
     *
     * @param places of the shard's rows in the epoch's order; not to be changed
     * @param from index of the first that belongs to the batch
     * @param to index after the last
     */
    public record Visits(int[] places, int from, int to) {}

    /** A list of questions begins. */
    public synchronized void begin() {
        lists++;
    }

    /** Which rows of this shard a batch holds. */
    public synchronized Visits visits(Batch batch) {
        EpochOrder order = order(batch);
        return new Visits(order.places(), order.indexOf(batch.from()), order.indexOf(batch.to()));
    }

    private EpochOrder order(Batch batch) {
        if (orders == null) {
            orders = new ArrayList<>();
        }
        for (EpochOrder order : orders) {
            if (order.isOf(batch)) {
                order.use(lists);
                return order;
            }
        }
        orders.removeIf(order -> lists - order.lastUse() > KEPT_LISTS);
        if (orders.size() == MOST_ORDERS) {
            orders.remove(0);
        }
        EpochOrder order = EpochOrder.of(this, batch);
        order.use(lists);
        orders.add(order);
        return order;
    }

    /**
     * Copies rows into a block, whose arrays are reused.
     *
     * @param places of the rows to copy
     * @param from first of these to copy
     * @param count number of rows to copy, at most the target's capacity
     */
    public void gather(int[] places, int from, int count, Gathered target) {
        int inputs = target.inputs;
        Nonzeros nonzeros = target.nonzeros(blocks.get(0).nonzeros() != null);
        for (int i = 0; i < count; i++) {
            int place = places[from + i];
            Block block = blocks.get(place / blockRows);
            int row = place % blockRows;
            target.features.copy(block.features(), row * inputs, i * inputs, inputs);
            if (nonzeros != null) {
                nonzeros.copyRow(block.nonzeros(), row, i);
            }
            if (block.labels() != null) {
                target.labels[i] = block.labels()[row];
            } else {
                int outputs = target.targetColumns;
                System.arraycopy(block.targets(), row * outputs, target.targets, i * outputs, outputs);
            }
            target.weights[i] = block.weight(row);
            target.rowNumbers[i] = rowNumber(place);
        }
        target.weighted = blocks.get(0).weights() != null;
        target.rows = count;
    }

    /** Buffers for the rows of a batch, owned by one thread. */
    public static final class Gathered {
        private final int inputs;
        private final int targetColumns;
        private final Buffer features;
        private final int[] labels;
        private final double[] targets;
        private final double[] weights;
        private final long[] rowNumbers;
        /** Made when the first shard comes that knows its own. */
        private Nonzeros nonzeros;

        private boolean zerosKnown;
        private boolean weighted;
        private int rows;

        /**
         * @param capacity most rows at a time
         * @param inputs number of features
         * @param targetColumns number of target columns, 0 for classes
         */
        public Gathered(Precision precision, int capacity, int inputs, int targetColumns) {
            this.inputs = inputs;
            this.targetColumns = targetColumns;
            features = Buffer.allocate(precision, Math.multiplyExact(capacity, inputs));
            labels = targetColumns == 0 ? new int[capacity] : null;
            targets = targetColumns == 0 ? null : new double[capacity * targetColumns];
            weights = new double[capacity];
            rowNumbers = new long[capacity];
        }

        /** The rows that were gathered last. */
        public Block block() {
            return new Block(rows, features, labels, targets, weighted ? weights : null, zerosKnown ? nonzeros : null);
        }

        /** To be filled with those of the next rows, if these are known; else null. */
        private Nonzeros nonzeros(boolean known) {
            zerosKnown = known;
            if (!known) {
                return null;
            }
            if (nonzeros == null) {
                nonzeros = new Nonzeros(rowNumbers.length, inputs);
            }
            nonzeros.clear();
            return nonzeros;
        }

        /** Their numbers in the whole set. */
        public long[] rowNumbers() {
            return rowNumbers;
        }
    }
}
