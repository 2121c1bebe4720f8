package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.List;

/**
 * LAMB: Adam's direction, which each tensor follows by a share of its own norm.
 *
 * <pre>
 *   m(k+1) = beta1 m(k) + (1 - beta1) grad E(w(k))        m(0) = 0,  k = 0, 1, …; per coordinate
 *   v(k+1) = beta2 v(k) + (1 - beta2) grad E(w(k))^2      v(0) = 0
 *   r(k)   = m(k+1)/c / (sqrt(v(k+1)/C) + epsilon) + weightDecay w(k)
 *   q(k)   = ||w(k)|| / ||r(k)||                          tensor by tensor; 1 if either norm is 0
 *   w(k+1) = w(k) - eta(k) q(k) r(k)                      c = 1 - beta1^(k+1),  C = 1 - beta2^(k+1)
 * </pre>
 *
 * Each tensor moves by eta times its norm, so that only a falling eta comes to rest. The paper's function phi of the
 * norm is the identity here. A tensor that is 0, as biases may be at first, takes a step of Adam.
 *
 * <p>Cost: one pass per step; state 2 P doubles. Source: You and others 2020, arXiv:1904.00962, algorithm 2; that a
 * norm of 0 gives 1 is the custom of programs.
 *
 * @param learningRate eta(k), positive; a momentum of the schedule takes the place of {@code beta1}
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon positive
 * @param weightDecay part of the direction, on every parameter, at least 0; not part of what is logged
 */
public record Lamb(Schedule learningRate, double beta1, double beta2, double epsilon, double weightDecay)
        implements ScheduledOptimizer<Lamb.State> {
    /**
     * What is remembered from step to step.
     *
     * @param mean m(k), P entries
     * @param squares v(k), P entries
     */
    public record State(Vector mean, Vector squares) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Lamb {
        Range.FROM_ZERO_BELOW_ONE.check("beta1", beta1);
        Range.FROM_ZERO_BELOW_ONE.check("beta2", beta2);
        Range.POSITIVE.check("epsilon", epsilon);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static Lamb read(Settings own, Schedule learningRate) {
        return new Lamb(
                learningRate,
                Range.FROM_ZERO_BELOW_ONE.read(own, "beta1", 0.9),
                Range.FROM_ZERO_BELOW_ONE.read(own, "beta2", 0.999),
                Range.POSITIVE.read(own, "epsilon", 1e-6),
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0));
    }

    @Override
    public State start(Vector point) {
        return new State(Vector.zeros(point.size()), Vector.zeros(point.size()));
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        double beta = learningRate.momentum(k).orElse(beta1);
        Vector m = Moments.first(beta, state.mean(), here.gradient());
        Vector v = Moments.second(beta2, state.squares(), here.gradient());
        double weight = Moments.weight(beta, k);
        double root = Math.sqrt(Moments.weight(beta2, k));
        Vector direction = Vector.of(point.size(), (result, from, to) -> {
            for (int i = from; i < to; i++) {
                double scale = Math.sqrt(v.get(i)) / root + epsilon;
                result[i] = m.get(i) / weight / scale + weightDecay * point.get(i);
            }
        });
        Vector next = moved(learningRate.at(k), point, direction, objective.tensors());
        return new Step<>(next, new State(m, v), here);
    }

    private static Vector moved(double eta, Vector point, Vector direction, List<Integer> tensors) {
        // eta q = length / divisor: the quotient itself would overflow where the direction is tiny
        double[] length = Tensors.norms(tensors, point);
        double[] divisor = Tensors.norms(tensors, direction);
        for (int i = 0; i < length.length; i++) {
            // comparisons with 0 let NaN pass
            boolean plain = length[i] == 0 || divisor[i] == 0;
            divisor[i] = plain ? 1 : divisor[i];
            length[i] = plain ? eta : eta * length[i];
        }
        return Tensors.fill(tensors, (result, from, to, tensor) -> {
            double scale = length[tensor];
            double norm = divisor[tensor];
            for (int i = from; i < to; i++) {
                result[i] = point.get(i) - scale * (direction.get(i) / norm);
            }
        });
    }

    @Override
    public int liveVectors() {
        // w, m, v, the gradient, m', v', the direction, w'
        return 8;
    }
}
