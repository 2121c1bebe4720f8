package dev.lockstep.optimize;

import dev.lockstep.linalg.Vector;
import java.util.OptionalDouble;

/**
 * A way to go from a point to a better one, as a pair of pure functions.
 *
 * <pre>
 *   (state(0))                     = start(point(0))
 *   (point(k+1), state(k+1), e(k)) = step(k, point(k), state(k), objective)        k = 0, 1, …
 * </pre>
 *
 * An optimizer is a record of hyper-parameters and nothing else; all that changes is in {@code S}, a record whose
 * components are vectors and numbers. The same arguments give the same bits, so a run that was written down and read
 * back goes on as if it had not stopped. The optimizer asks the objective for gradients where it wants them.
 *
 * <p>Nothing is checked for being finite here, and nothing hides it: an infinite or NaN gradient shows in
 * {@link Step#isFinite()}, and the arguments of that step are still good.
 *
 * @param <S> the state, a record; its components are vectors, doubles and longs
 */
public interface Optimizer<S extends Record> {
    /**
     * The state before the first step.
     *
     * @param point the first point, P parameters
     */
    S start(Vector point);

    /**
     * One step.
     *
     * @param k which step of which epoch this is
     * @param point P parameters
     * @param state what {@link #start} or the step before gave
     * @param objective of dimension P; asked once by first-order methods
     */
    Step<S> step(Iteration k, Vector point, S state, Objective objective);

    /** The learning rate of step k; empty for methods that have none. */
    default OptionalDouble learningRate(Iteration k) {
        return OptionalDouble.empty();
    }

    /** Whether steps compare gradients of consecutive evaluations, so that all of them must see the same rows. */
    default boolean fullBatchOnly() {
        return false;
    }
}
