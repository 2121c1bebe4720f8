package dev.lockstep.optimize;

import dev.lockstep.linalg.Vector;
import java.util.Optional;

/**
 * What one step of an optimizer gives: all that the next step needs, and what is logged.
 *
 * @param point the new point, P parameters
 * @param state the optimizer's new state
 * @param evaluation the objective where this step's gradient was taken: the old point, for Nesterov the look-ahead
 * @param end why no further step can help, if so
 * @param <S> the optimizer's state
 */
public record Step<S extends Record>(Vector point, S state, Evaluation evaluation, Optional<End> end) {
    /**
     * A method that cannot go on.
     *
     * @param refused whether this is no point to rest at: the method is the wrong one here; else it has come as far as it
     *     can
     * @param message what happened, with its numbers
     * @param advice what to try next
     */
    public record End(boolean refused, String message, String advice) {}

    /** A step that others may follow. */
    public Step(Vector point, S state, Evaluation evaluation) {
        this(point, state, evaluation, Optional.empty());
    }

    /**
     * Whether the new point and the evaluation behind it are finite. If not, the run has diverged: the point and the
     * state that went into the step are untouched, and are the last good ones.
     */
    public boolean isFinite() {
        return evaluation.isFinite() && point.isFinite();
    }
}
