package dev.lockstep.distributed;

import dev.lockstep.data.Batch;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Dropout;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.Diagonal;
import java.util.List;

/**
 * A question to the engine: sums over the rows of a batch at a point. What is summed beside the losses stands in the
 * gradient's place of the answer.
 *
 * @param set which of the engine's sets of rows
 * @param batch which rows of it
 * @param point the flat parameters
 * @param wanted what is summed beside the losses
 * @param directions for products, of P entries each; their products stand one after the other in the answer
 * @param tally whether what metrics count is wanted
 * @param dropout null for none
 * @param rowRate for {@link #mixing}, else null
 * @param purpose what it is for, in words; null for nothing to say
 */
public record Request(
        RowSet set,
        Batch batch,
        Vector point,
        Wanted wanted,
        List<Vector> directions,
        boolean tally,
        Dropout dropout,
        Double rowRate,
        Purpose purpose) {
    /** Sums at the point. */
    public Request(RowSet set, Batch batch, Vector point, boolean gradient, boolean tally, Dropout dropout) {
        this(set, batch, point, gradient ? Wanted.GRADIENT : Wanted.LOSS, List.of(), tally, dropout, null, null);
    }

    /** Of the training rows: the sum of the rows' curvature matrices, times directions. */
    public static Request products(
            Curvature matrix, Batch batch, Vector point, List<Vector> directions, Dropout dropout) {
        return new Request(
                RowSet.TRAINING, batch, point, Wanted.products(matrix), directions, false, dropout, null, null);
    }

    /** Of the training rows: a diagonal's sum. */
    public static Request diagonal(Diagonal which, Batch batch, Vector point, Dropout dropout) {
        return new Request(
                RowSet.TRAINING, batch, point, Wanted.diagonal(which), List.of(), false, dropout, null, null);
    }

    /** How many vectors of P numbers the answer holds. */
    int vectors() {
        return wanted.vectors(directions.size());
    }

    /** Loss and metrics over all rows of a set, as they are outside of training. */
    public static Request metrics(RowSet set, long rows, Vector point) {
        return new Request(set, Batch.all(rows), point, false, true, null);
    }

    /**
     * Each shard goes from the point along its rows of the batch, one after the other in the batch's order, each a
     * batch of its own: {@code w -= rate * gradient of the row's loss}. Rows of weight 0 are passed over.
     *
     * <p>In the answer the mean of the shards' last weights, each counted with its number of rows, stands in the
     * gradient's place; what else is summed is over the shards whose weights moved, so 0 rows mean that none did.
     * Every shard's share of the mean is fixed by the batch, so the bits do not depend on the number of tasks.
     *
     * @param point the flat parameters; executors round them, and every step from there, to their precision
     * @param dropout null for none
     * @param rate positive
     */
    public static Request mixing(Batch batch, Vector point, Dropout dropout, double rate) {
        return new Request(RowSet.TRAINING, batch, point, Wanted.MIXING, List.of(), false, dropout, rate, null);
    }

    /** The same, with a word on what it is for. */
    public Request withPurpose(Purpose said) {
        return new Request(set, batch, point, wanted, directions, tally, dropout, rowRate, said);
    }

    /** The sets of rows that a run may have. */
    public enum RowSet {
        TRAINING,
        VALIDATION,
        TEST
    }
}
