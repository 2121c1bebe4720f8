package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * Adam: the running mean of the gradients over the root of the running mean of their squares, both without bias.
 *
 * <pre>
 *   g(k)   = grad E(w(k)) + weightDecay w(k)
 *   m(k+1) = beta1 m(k) + (1 - beta1) g(k)        m(0) = 0,  k = 0, 1, …; per coordinate
 *   v(k+1) = beta2 v(k) + (1 - beta2) g(k)^2      v(0) = 0
 *   x(k+1) = max(x(k), v(k+1))                    x(0) = 0; only with amsgrad, else x = v
 *   c      = 1 - beta1^(k+1),  C = 1 - beta2^(k+1)
 *   w(k+1) = w(k) - eta(k)/c m(k+1) / (sqrt(x(k+1) / C) + epsilon)
 * </pre>
 *
 * The first step is eta sgn(g) up to epsilon; scaling the objective changes nothing but through epsilon. With the
 * default betas no coordinate moves by more than 7.3 eta, and mostly by less than eta. There are convex problems on
 * which Adam goes the wrong way for ever; amsgrad mends that (Reddi, Kale, Kumar 2018, arXiv:1904.09237). PyTorch's
 * {@code Adam}, to the last bits: it too takes the maximum before the bias is corrected.
 *
 * <p>Cost: one pass per step; state 2 P doubles, 3 P with amsgrad. Source: Kingma, Ba 2015, arXiv:1412.6980.
 *
 * @param learningRate eta(k), positive; a momentum of the schedule takes the place of {@code beta1}, in c as well
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon positive
 * @param amsgrad whether the scale of a coordinate never falls
 * @param weightDecay coupled, on every parameter, at least 0; not part of what is logged. {@link AdamW} decouples it
 */
public record Adam(
        Schedule learningRate, double beta1, double beta2, double epsilon, boolean amsgrad, double weightDecay)
        implements ScheduledOptimizer<Adam.State> {
    /**
     * What is remembered from step to step.
     *
     * @param mean m(k), P entries
     * @param squares v(k), P entries
     * @param largest x(k), P entries; empty without amsgrad
     */
    public record State(Vector mean, Vector squares, Vector largest) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Adam {
        Range.FROM_ZERO_BELOW_ONE.check("beta1", beta1);
        Range.FROM_ZERO_BELOW_ONE.check("beta2", beta2);
        Range.POSITIVE.check("epsilon", epsilon);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static Adam read(Settings own, Schedule learningRate) {
        return new Adam(
                learningRate,
                Range.FROM_ZERO_BELOW_ONE.read(own, "beta1", 0.9),
                Range.FROM_ZERO_BELOW_ONE.read(own, "beta2", 0.999),
                Range.POSITIVE.read(own, "epsilon", 1e-8),
                own.flag("amsgrad", false),
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0));
    }

    @Override
    public State start(Vector point) {
        int size = point.size();
        return new State(Vector.zeros(size), Vector.zeros(size), Vector.zeros(amsgrad ? size : 0));
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        return step(k, point, 1, state, objective);
    }

    /** The step from a point that is shrunk by a factor after its gradient is taken: 1 - eta weightDecay for AdamW. */
    Step<State> step(Iteration k, Vector point, double shrinkage, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        Vector g = here.decayedGradient(weightDecay, point);
        double beta = learningRate.momentum(k).orElse(beta1);
        Vector m = Moments.first(beta, state.mean(), g);
        Vector v = Moments.second(beta2, state.squares(), g);
        // Math.max lets NaN pass
        Vector largest = amsgrad ? state.largest().zip(v, Math::max) : state.largest();
        Vector x = amsgrad ? largest : v;
        double rate = learningRate.at(k) / Moments.weight(beta, k);
        double root = Math.sqrt(Moments.weight(beta2, k));
        Vector next = Vector.of(point.size(), (result, from, to) -> {
            for (int i = from; i < to; i++) {
                double scale = Math.sqrt(x.get(i)) / root + epsilon;
                result[i] = shrinkage * point.get(i) - rate * (m.get(i) / scale);
            }
        });
        return new Step<>(next, new State(m, v, largest), here);
    }

    @Override
    public int liveVectors() {
        // w, m, v, the gradient without and with weight decay, m', v', w'; x and x'
        return amsgrad ? 10 : 8;
    }
}
