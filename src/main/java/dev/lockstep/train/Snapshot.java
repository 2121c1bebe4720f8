package dev.lockstep.train;

import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Optimizer;

/**
 * A run between two steps: whoever has it can go on to the same bits.
 *
 * @param point P parameters
 * @param before the point one step earlier: the last good one, should the objective at {@code point} not be finite
 * @param gradient of the step before, P entries, where steps are compared with the one before them; else null, as before
 *     the first step
 * @param best the weights of the best epoch, where they are kept; else null
 * @param state the optimizer's
 * @param standing all the rest
 * @param <S> the optimizer's state
 */
public record Snapshot<S extends Record>(
        Vector point, Vector before, Vector gradient, Vector best, S state, Standing standing) {
    /** A run that has not begun. */
    public static <S extends Record> Snapshot<S> start(Optimizer<S> optimizer, Vector point) {
        return new Snapshot<>(point, point, null, null, optimizer.start(point), Standing.START);
    }
}
