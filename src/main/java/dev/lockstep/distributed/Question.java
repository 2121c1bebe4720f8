package dev.lockstep.distributed;

import dev.lockstep.data.Batch;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import dev.lockstep.network.Dropout;
import java.io.Serializable;

/**
 * A {@link Request} as it travels to the executors.
 *
 * @param set which of the engine's sets of rows
 * @param batch which rows of it
 * @param weights the flat parameters, rounded to the executors' precision; not to be written to
 * @param gradient whether the gradient's sum is wanted
 * @param tally whether what metrics count is wanted
 * @param dropout null for none
 * @param rowRate null for sums at the weights, else see {@link Request#mixing}
 */
record Question(
        Request.RowSet set,
        Batch batch,
        Buffer weights,
        boolean gradient,
        boolean tally,
        Dropout dropout,
        Double rowRate)
        implements Serializable {
    static Question of(Request request, Precision precision) {
        return of(request, Buffer.of(precision, request.point()));
    }

    /** @param weights the request's point, rounded */
    static Question of(Request request, Buffer weights) {
        return new Question(
                request.set(),
                request.batch(),
                weights,
                request.gradient(),
                request.tally(),
                request.dropout(),
                request.rowRate());
    }
}
