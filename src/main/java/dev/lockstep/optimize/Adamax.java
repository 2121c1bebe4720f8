package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * Adam with the largest of the past gradients, discounted, in the place of the root of their mean square.
 *
 * <pre>
 *   g(k)   = grad E(w(k)) + weightDecay w(k)
 *   m(k+1) = beta1 m(k) + (1 - beta1) g(k)            m(0) = 0,  k = 0, 1, …; per coordinate
 *   u(k+1) = max(beta2 u(k), |g(k)| + epsilon)        u(0) = 0
 *   w(k+1) = w(k) - eta(k)/(1 - beta1^(k+1)) m(k+1) / u(k+1)
 * </pre>
 *
 * The first step is eta sgn(g) up to epsilon; with beta1 well below beta2 no coordinate moves by more than about eta.
 * Scaling the objective changes nothing but through epsilon. PyTorch's {@code Adamax}, to the last bits; the paper has
 * no epsilon.
 *
 * <p>Cost: one pass per step; state 2 P doubles. Source: Kingma, Ba 2015, section 7.1, arXiv:1412.6980.
 *
 * @param learningRate eta(k), positive; a momentum of the schedule takes the place of {@code beta1}
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon positive
 * @param weightDecay coupled, on every parameter, at least 0; not part of what is logged
 */
public record Adamax(Schedule learningRate, double beta1, double beta2, double epsilon, double weightDecay)
        implements ScheduledOptimizer<Adamax.State> {
    /**
     * What is remembered from step to step.
     *
     * @param mean m(k), P entries
     * @param largest u(k), P entries
     */
    public record State(Vector mean, Vector largest) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Adamax {
        Range.FROM_ZERO_BELOW_ONE.check("beta1", beta1);
        Range.FROM_ZERO_BELOW_ONE.check("beta2", beta2);
        Range.POSITIVE.check("epsilon", epsilon);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static Adamax read(Settings own, Schedule learningRate) {
        return new Adamax(
                learningRate,
                Range.FROM_ZERO_BELOW_ONE.read(own, "beta1", 0.9),
                Range.FROM_ZERO_BELOW_ONE.read(own, "beta2", 0.999),
                Range.POSITIVE.read(own, "epsilon", 1e-8),
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0));
    }

    @Override
    public State start(Vector point) {
        return new State(Vector.zeros(point.size()), Vector.zeros(point.size()));
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        Vector g = here.decayedGradient(weightDecay, point);
        double beta = learningRate.momentum(k).orElse(beta1);
        Vector m = Moments.first(beta, state.mean(), g);
        Vector before = state.largest();
        Vector u = Vector.of(point.size(), (result, from, to) -> {
            for (int i = from; i < to; i++) {
                // Math.max lets NaN pass
                result[i] = Math.max(beta2 * before.get(i), Math.abs(g.get(i)) + epsilon);
            }
        });
        double rate = learningRate.at(k) / Moments.weight(beta, k);
        Vector next = Vector.of(point.size(), (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = point.get(i) - rate * (m.get(i) / u.get(i));
            }
        });
        return new Step<>(next, new State(m, u), here);
    }

    @Override
    public int liveVectors() {
        // w, m, u, the gradient without and with weight decay, m', u', w'
        return 8;
    }
}
