package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * Gradient descent with a scheduled learning rate: one step against the gradient.
 *
 * <pre>
 *   g(k)   = grad E(w(k)) + weightDecay w(k)
 *   w(k+1) = w(k) - eta(k) g(k)                 k = 0, 1, …
 * </pre>
 *
 * On a quadratic with eigenvalues a_i the error along each eigenvector is multiplied by 1 - eta(k) a_i, so it converges
 * for eta in (0, 2/L) with L the largest of them; eta = 2/(m + L) is the best constant, with rate
 * (kappa - 1)/(kappa + 1), kappa = L/m. PyTorch's {@code SGD} differs in the last bit, as it rounds w - eta g once.
 *
 * <p>State: none. Cost: one pass per step. Source: Boyd, Vandenberghe, Convex Optimization, section 9.3,
 * doi:10.1017/CBO9780511804441.
 *
 * @param learningRate eta(k), positive
 * @param weightDecay coupled, on every parameter, at least 0; not part of what is logged
 */
public record GradientDescent(Schedule learningRate, double weightDecay)
        implements ScheduledOptimizer<GradientDescent.State> {
    /** Nothing to remember. */
    public record State() {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code weightDecay} is negative or not finite
     */
    public GradientDescent {
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static GradientDescent read(Settings own, Schedule learningRate) {
        return new GradientDescent(learningRate, Range.NOT_NEGATIVE.read(own, "weight-decay", 0));
    }

    @Override
    public State start(Vector point) {
        return new State();
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        return new Step<>(point.plus(-learningRate.at(k), here.decayedGradient(weightDecay, point)), state, here);
    }

    @Override
    public int liveVectors() {
        return 4;
    }
}
