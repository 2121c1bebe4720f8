package dev.lockstep.distributed;

import dev.lockstep.data.Batch;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import dev.lockstep.network.Dropout;
import java.io.Serializable;
import java.util.ArrayList;

/**
 * A {@link Request} as it travels to the executors.
 *
 * @param set which of the engine's sets of rows
 * @param batch which rows of it
 * @param weights the flat parameters, rounded to the executors' precision; not to be written to
 * @param wanted what is summed beside the losses
 * @param directions for products, rounded as the weights are; not to be written to
 * @param tally whether what metrics count is wanted
 * @param dropout null for none
 * @param rowRate for {@link Request#mixing}, else null
 */
record Question(
        Request.RowSet set,
        Batch batch,
        Buffer weights,
        Wanted wanted,
        ArrayList<Buffer> directions,
        boolean tally,
        Dropout dropout,
        Double rowRate)
        implements Serializable {
    static Question of(Request request, Precision precision) {
        return of(request, Buffer.of(precision, request.point()));
    }

    /** @param weights the request's point, rounded */
    static Question of(Request request, Buffer weights) {
        ArrayList<Buffer> directions = new ArrayList<>();
        request.directions().forEach(direction -> directions.add(Buffer.of(weights.precision(), direction)));
        return new Question(
                request.set(),
                request.batch(),
                weights,
                request.wanted(),
                directions,
                request.tally(),
                request.dropout(),
                request.rowRate());
    }

    /** How many numbers the answer holds beside the sums of losses, 0 for none. */
    int length() {
        return Math.multiplyExact(wanted.vectors(directions.size()), weights.length());
    }
}
