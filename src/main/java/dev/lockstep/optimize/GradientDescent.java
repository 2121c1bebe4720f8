package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * Gradient descent with a scheduled learning rate: one step against the gradient.
 *
 * <pre>
 *   g(k)   = grad E(w(k)) + weightDecay w(k)
 *   w(k+1) = prox(w(k) - eta(k) g(k), eta(k))             k = 0, 1, …
 *   decoupled: g(k) = grad E(w(k)),  w(k+1) = prox((1 - eta(k) weightDecay) w(k) - eta(k) g(k), eta(k))
 * </pre>
 *
 * On a quadratic with eigenvalues a_i the error along each eigenvector is multiplied by 1 - eta(k) a_i, so it converges
 * for eta in (0, 2/L) with L the largest of them; eta = 2/(m + L) is the best constant, with rate
 * (kappa - 1)/(kappa + 1), kappa = L/m. PyTorch's {@code SGD} differs in the last bit, as it rounds w - eta g once.
 * With a part r that is left to {@link Objective#proximal}, a convex E and eta &lt;= 1/L the excess over the least E
 * + r is at most ||w(0) - w*||^2 / (2 eta k): ISTA.
 *
 * <p>State: none. Cost: one pass per step. Source: Boyd, Vandenberghe, Convex Optimization, section 9.3,
 * doi:10.1017/CBO9780511804441; ISTA: Beck, Teboulle 2009, doi:10.1137/080716542; decoupled decay: Loshchilov, Hutter
 * 2019, arXiv:1711.05101.
 *
 * @param learningRate eta(k), positive
 * @param weightDecay on every parameter, at least 0; not part of what is logged
 * @param decoupledWeightDecay whether the decay shrinks the point instead of being added to the gradient
 */
public record GradientDescent(Schedule learningRate, double weightDecay, boolean decoupledWeightDecay)
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

    /** With coupled weight decay. */
    public GradientDescent(Schedule learningRate, double weightDecay) {
        this(learningRate, weightDecay, false);
    }

    static GradientDescent read(Settings own, Schedule learningRate) {
        return new GradientDescent(
                learningRate,
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0),
                own.flag("decoupled-weight-decay", false));
    }

    @Override
    public State start(Vector point) {
        return new State();
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        double eta = learningRate.at(k);
        Vector moved = decoupledWeightDecay
                ? point.combined(1 - eta * weightDecay, -eta, here.gradient())
                : point.plus(-eta, here.decayedGradient(weightDecay, point));
        return new Step<>(objective.proximal(moved, eta), state, here);
    }

    @Override
    public boolean proximal() {
        return true;
    }

    @Override
    public int liveVectors() {
        // w, the gradient without and with weight decay, w', what the proximal step makes of it
        return 5;
    }
}
