package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * Lion: moves of one size, along the signs of a blend of the running mean and the new gradient.
 *
 * <pre>
 *   g(k)   = grad E(w(k))
 *   c(k)   = beta1 m(k) + (1 - beta1) g(k)                 m(0) = 0,  k = 0, 1, …; per coordinate
 *   w(k+1) = (1 - eta(k) weightDecay) w(k) - eta(k) sgn(c(k))         sgn(0) = 0
 *   m(k+1) = beta2 m(k) + (1 - beta2) g(k)
 * </pre>
 *
 * Scaling the objective, or one coordinate of it, changes nothing. Each coordinate moves by eta, so near a minimum it
 * circles at that distance: only a falling eta comes closer. Rates are to be three to ten times smaller than Adam's,
 * and weight decays as much larger, as the authors say.
 *
 * <p>Cost: one pass per step; state P doubles. Source: Chen and others 2023, arXiv:2302.06675, algorithm 2.
 *
 * @param learningRate eta(k), positive; a momentum of the schedule takes the place of {@code beta1}
 * @param beta1 how much of the mean is in the blend, in [0, 1)
 * @param beta2 of the mean, in [0, 1)
 * @param weightDecay decoupled, on every parameter, at least 0; not part of what is logged
 */
public record Lion(Schedule learningRate, double beta1, double beta2, double weightDecay)
        implements ScheduledOptimizer<Lion.State> {
    /**
     * What is remembered from step to step.
     *
     * @param mean m(k), P entries
     */
    public record State(Vector mean) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Lion {
        Range.FROM_ZERO_BELOW_ONE.check("beta1", beta1);
        Range.FROM_ZERO_BELOW_ONE.check("beta2", beta2);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static Lion read(Settings own, Schedule learningRate) {
        return new Lion(
                learningRate,
                Range.FROM_ZERO_BELOW_ONE.read(own, "beta1", 0.9),
                Range.FROM_ZERO_BELOW_ONE.read(own, "beta2", 0.99),
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0));
    }

    @Override
    public State start(Vector point) {
        return new State(Vector.zeros(point.size()));
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        Vector g = here.gradient();
        Vector m = state.mean();
        double beta = learningRate.momentum(k).orElse(beta1);
        double eta = learningRate.at(k);
        double shrinkage = 1 - eta * weightDecay;
        Vector next = Vector.of(point.size(), (result, from, to) -> {
            for (int i = from; i < to; i++) {
                // the sign of NaN is NaN; that of infinity shows in the evaluation's norm
                double sign = Math.signum(beta * m.get(i) + (1 - beta) * g.get(i));
                result[i] = shrinkage * point.get(i) - eta * sign;
            }
        });
        return new Step<>(next, new State(Moments.first(beta2, m, g)), here);
    }

    @Override
    public int liveVectors() {
        // w, m, the gradient, w', m'
        return 5;
    }
}
