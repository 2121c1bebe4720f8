package dev.lockstep.optimize;

import dev.lockstep.linalg.Vector;

/**
 * What one step of an optimizer gives: all that the next step needs, and what is logged.
 *
 * @param point the new point, P parameters
 * @param state the optimizer's new state
 * @param evaluation the objective where this step's gradient was taken: the old point, for Nesterov the look-ahead
 * @param <S> the optimizer's state
 */
public record Step<S extends Record>(Vector point, S state, Evaluation evaluation) {
    /**
     * Whether the new point and the evaluation behind it are finite. If not, the run has diverged: the point and the
     * state that went into the step are untouched, and are the last good ones.
     */
    public boolean isFinite() {
        return evaluation.isFinite() && point.isFinite();
    }
}
