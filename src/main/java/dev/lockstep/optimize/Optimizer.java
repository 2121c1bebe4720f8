package dev.lockstep.optimize;

import dev.lockstep.linalg.Vector;
import java.util.Optional;
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
 * components are vectors, lists of vectors, and numbers. The same arguments give the same bits, so a run that was written down and read
 * back goes on as if it had not stopped. The optimizer asks the objective for gradients where it wants them.
 *
 * <p>Nothing is checked for being finite here, and nothing hides it: an infinite or NaN gradient shows in
 * {@link Step#isFinite()}, and the arguments of that step are still good.
 *
 * @param <S> the state, a record; its components are vectors, lists of vectors, doubles and longs
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

    /**
     * The learning rate that step k used; empty for methods that have none.
     *
     * @param k which step it was
     * @param next the state that it left
     */
    default OptionalDouble learningRate(Iteration k, S next) {
        return OptionalDouble.empty();
    }

    /**
     * How far each coordinate goes, P entries of at least 0; empty for methods that keep no size for each.
     *
     * @param next the state that a step left: sizes are those of that step
     */
    default Optional<Vector> stepSizes(S next) {
        return Optional.empty();
    }

    /**
     * The point that counts as what was found so far: the point itself, but for methods that average or remember.
     *
     * @param point P parameters
     * @param state beside it
     */
    default Vector answer(Vector point, S state) {
        return point;
    }

    /**
     * Whether steps end with {@link Objective#proximal}, so that a part of the objective that has no gradient everywhere
     * may be left to it.
     */
    default boolean proximal() {
        return false;
    }

    /**
     * The most vectors of P doubles that are alive within a step: old and new point and state, the gradient, and what
     * comes and goes. Decides how much memory the driver needs.
     */
    int liveVectors();

    /** As {@link #liveVectors()}, for methods of whom it depends on P. */
    default long liveVectors(long parameters) {
        return liveVectors();
    }

    /**
     * Whether all steps must see the same rows: because gradients of consecutive evaluations are compared, or
     * because each step goes through all rows itself.
     */
    default boolean fullBatchOnly() {
        return false;
    }

    /**
     * Whether values, gradients and curvature at several points are taken for those of one smooth function, within a step
     * and from step to step: then nothing may come between, neither dropout nor clipping.
     */
    default boolean needsOneFunction() {
        return false;
    }
}
