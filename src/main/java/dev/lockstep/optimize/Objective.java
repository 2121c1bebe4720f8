package dev.lockstep.optimize;

import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.function.Function;

/**
 * A function of a vector that is to be minimized: it answers with a value and a gradient, penalty included.
 *
 * <p>An optimizer sees nothing else; whether a formula or a cluster answers is hidden here. An objective is a function:
 * the same point gives the same bits while one step lasts (the next step may look at other rows).
 *
 * <p>Cost: each value, each gradient, each product, each diagonal and each call of {@link #mixed} is one evaluation of
 * the batch; what is asked for in one call is answered with one scan of its rows.
 */
public interface Objective {
    /** The number P of parameters, at least 1. */
    int dimension();

    /**
     * Value and gradient at a point; one pass over the batch.
     *
     * @param point P parameters
     * @return values that need not be finite: whoever drives the optimizer checks, see {@link Step#isFinite()}
     */
    Evaluation evaluate(Vector point);

    /** Values and gradients at several points, with one scan of the batch; see {@link #evaluate(Vector)}. */
    default List<Evaluation> evaluate(List<Vector> points) {
        return points.stream().map(this::evaluate).toList();
    }

    /** Values at several points, without gradients, with one scan of the batch; see {@link #evaluate(Vector)}. */
    default double[] values(List<Vector> points) {
        return points.stream().mapToDouble(point -> evaluate(point).value()).toArray();
    }

    /**
     * Whether the next step's objective is the same function, so that what was learnt of it in one step holds in the
     * next: full batches without dropout.
     */
    default boolean isFixed() {
        return true;
    }

    /**
     * Where the tensors of the parameters begin, in ascending order from 0, and at the end P: one tensor where nothing
     * else is known. Methods that scale tensor by tensor ask for them.
     */
    default List<Integer> tensors() {
        return List.of(0, dimension());
    }

    /**
     * The proximal step of the part r of the objective whose gradient {@link #evaluate} leaves out.
     *
     * <pre>
     *   argmin over x of  eta r(x) + ||x - point||^2 / 2
     * </pre>
     *
     * @param point P parameters
     * @param eta not negative
     * @return the point itself where nothing is left out
     */
    default Vector proximal(Vector point, double eta) {
        return point;
    }

    /**
     * The products of the P x P curvature matrix at a point with directions, with one scan of the batch.
     *
     * @param matrix which one
     * @param point where it is taken, P parameters
     * @param directions of P entries each
     * @return a product for each direction
     * @throws UnsupportedOperationException if this objective knows its gradient only
     */
    default List<Vector> products(Curvature matrix, Vector point, List<Vector> directions) {
        throw new UnsupportedOperationException("this objective of " + dimension()
                + " parameters has no curvature products; expected an optimizer that asks for gradients only");
    }

    /** The product of the Hessian at a point with one direction. */
    default Vector hessianVector(Vector point, Vector direction) {
        return products(Curvature.HESSIAN, point, List.of(direction)).get(0);
    }

    /**
     * A diagonal at a point, one evaluation of the batch.
     *
     * @param which what is summed
     * @param point P parameters
     * @throws UnsupportedOperationException if this objective knows its gradient only
     */
    default Vector diagonal(Diagonal which, Vector point) {
        throw new UnsupportedOperationException("this objective of " + dimension()
                + " parameters has no diagonal; expected an optimizer that asks for gradients only");
    }

    /**
     * Where the parts of the rows end on average when each goes from a point along its rows on its own, one row
     * after the other.
     *
     * <pre>
     *   w(p) = point
     *   w(p) = w(p) - rate * gradient of the row's loss at w(p)     for each row of the part p, in its order
     *   mixed = sum_p(rows of p * w(p)) / sum_p(rows of p)
     * </pre>
     *
     * One pass over the batch; what the parts are is the objective's affair.
     *
     * @param point P parameters
     * @param rate positive
     * @return the point itself if no row has moved its part
     * @throws UnsupportedOperationException if this objective has no rows that can be visited one by one
     */
    default Vector mixed(Vector point, double rate) {
        throw new UnsupportedOperationException("this objective of " + dimension()
                + " parameters cannot be descended row by row; expected an optimizer that asks for gradients only");
    }

    /** The objective that a function answers for. */
    static Objective of(int dimension, Function<Vector, Evaluation> function) {
        return new Objective() {
            @Override
            public int dimension() {
                return dimension;
            }

            @Override
            public Evaluation evaluate(Vector point) {
                return function.apply(point);
            }
        };
    }
}
