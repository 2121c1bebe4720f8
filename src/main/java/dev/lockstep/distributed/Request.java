package dev.lockstep.distributed;

import dev.lockstep.data.Batch;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Dropout;

/**
 * A question to the engine: sums over the rows of a batch at a point.
 *
 * @param set which of the engine's sets of rows
 * @param batch which rows of it
 * @param point the flat parameters
 * @param gradient whether the gradient's sum is wanted
 * @param tally whether what metrics count is wanted
 * @param dropout null for none
 */
public record Request(RowSet set, Batch batch, Vector point, boolean gradient, boolean tally, Dropout dropout) {
    /** Loss and metrics over all rows of a set, as they are outside of training. */
    public static Request metrics(RowSet set, long rows, Vector point) {
        return new Request(set, Batch.all(rows), point, false, true, null);
    }

    /** The sets of rows that a run may have. */
    public enum RowSet {
        TRAINING,
        VALIDATION,
        TEST
    }
}
