package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * Newton's method parameter by parameter: each has its own curvature, and no other one's.
 *
 * <pre>
 *   w_i(k+1) = w_i(k) - eta(k) g_i(k) / (|h_i(k)| + damping)
 * </pre>
 *
 * h is the diagonal of the Hessian as one backward pass gives it, which is exact for one hidden layer and one output and an
 * approximation above. On a quadratic whose axes are the parameters one step of eta = 1 is enough; where they are not, steps
 * of 1 are too long: parameters that move together add up. {@code damping} bounds the step where there is no curvature.
 *
 * <p>Cost: one pass for the gradient and one diagonal a step, about three gradients together. No state. Source: Becker,
 * LeCun 1988, Improving the convergence of back-propagation learning with second order methods; LeCun, Bottou, Orr, Müller
 * 1998, Efficient BackProp, section 7.3, doi:10.1007/3-540-49430-8_2.
 *
 * @param learningRate eta(k)
 * @param damping positive
 * @param matrix which matrix's diagonal
 */
public record DiagonalNewton(Schedule learningRate, double damping, Curvature matrix)
        implements ScheduledOptimizer<DiagonalNewton.State> {
    /** Nothing is remembered. */
    public record State() {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code damping} is not positive and finite
     */
    public DiagonalNewton {
        Range.POSITIVE.check("damping", damping);
    }

    static DiagonalNewton read(Settings own, Schedule learningRate) {
        return new DiagonalNewton(
                learningRate, Range.POSITIVE.read(own, "damping", 0.1), Curvature.read(own, Curvature.HESSIAN));
    }

    @Override
    public State start(Vector point) {
        return new State();
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        if (!here.isFinite()) {
            return new Step<>(point, state, here);
        }
        Vector diagonal =
                objective.diagonal(matrix == Curvature.HESSIAN ? Diagonal.HESSIAN : Diagonal.GAUSS_NEWTON, point);
        double rate = learningRate.at(k);
        Vector step = here.gradient().zip(diagonal, (g, h) -> -rate * g / (Math.abs(h) + damping));
        return new Step<>(point.plus(step), state, here);
    }

    @Override
    public int liveVectors() {
        return 5;
    }

    @Override
    public boolean fullBatchOnly() {
        return true;
    }
}
