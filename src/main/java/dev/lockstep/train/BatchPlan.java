package dev.lockstep.train;

import dev.lockstep.data.Batch;
import dev.lockstep.linalg.Mixing;

/**
 * Which rows each step sees: every row exactly once an epoch, in a new order each epoch; the last batch may be short.
 *
 * @param rows number of training rows
 * @param batchRows rows of a batch, from 1 to {@code rows}; {@code rows} is the full batch
 * @param shuffle whether epochs have an order of their own; else rows come in the order of their numbers
 * @param seed decides the orders
 */
public record BatchPlan(long rows, long batchRows, boolean shuffle, long seed) {
    public BatchPlan {
        if (batchRows < 1 || batchRows > rows) {
            throw new IllegalArgumentException("expected a batch of 1 to " + rows + " rows, got " + batchRows);
        }
    }

    /** Whether each step sees all rows. */
    public boolean isFull() {
        return batchRows == rows;
    }

    /** Steps of an epoch. */
    public long stepsPerEpoch() {
        return (rows + batchRows - 1) / batchRows;
    }

    /** The epoch of a step; both from 0. */
    public long epoch(long step) {
        return step / stepsPerEpoch();
    }

    /** Whether a step is the last of its epoch. */
    public boolean endsEpoch(long step) {
        return (step + 1) % stepsPerEpoch() == 0;
    }

    /** The rows of a step. */
    public Batch batch(long step) {
        if (isFull()) {
            return Batch.all(rows);
        }
        long from = step % stepsPerEpoch() * batchRows;
        long key = Mixing.mix(Mixing.key(seed, "epoch"), epoch(step));
        return new Batch(rows, from, Math.min(rows, from + batchRows), shuffle ? key : 0, shuffle);
    }
}
