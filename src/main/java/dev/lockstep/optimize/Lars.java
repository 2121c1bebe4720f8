package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.List;

/**
 * LARS: momentum whose rate, tensor by tensor, goes with the norm of the parameters over that of the gradient.
 *
 * <pre>
 *   g(k)   = grad E(w(k))
 *   q(k)   = trust ||w(k)|| / (||g(k)|| + weightDecay ||w(k)||)     tensor by tensor; 1 if either norm is 0
 *   v(k+1) = mu v(k) + eta(k) q(k) (g(k) + weightDecay w(k))        v(0) = 0,  k = 0, 1, …; mu the momentum
 *   w(k+1) = w(k) - v(k+1)
 * </pre>
 *
 * Without momentum and weight decay each tensor moves by eta trust times its norm, whatever the scale of its gradient:
 * rates are of the size of 1 to 100, and only a falling eta comes to rest. A tensor that is 0, as biases may be at
 * first, takes a step of plain gradient descent with the whole eta: warm up.
 *
 * <p>Cost: one pass per step; state P doubles. Source: You, Gitman, Ginsburg 2017, arXiv:1708.03888, algorithm 1; that
 * a norm of 0 gives 1 is the custom of programs.
 *
 * @param learningRate eta(k), positive; a momentum of the schedule takes the place of {@code momentum}
 * @param momentum mu in [0, 1)
 * @param trust positive
 * @param weightDecay coupled, on every parameter, at least 0; not part of what is logged
 */
public record Lars(Schedule learningRate, double momentum, double trust, double weightDecay)
        implements ScheduledOptimizer<Lars.State> {
    /**
     * What is remembered from step to step.
     *
     * @param velocity v(k), the last move but for its sign, P entries
     */
    public record State(Vector velocity) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Lars {
        Range.FROM_ZERO_BELOW_ONE.check("momentum", momentum);
        Range.POSITIVE.check("trust", trust);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static Lars read(Settings own, Schedule learningRate) {
        return new Lars(
                learningRate,
                Range.FROM_ZERO_BELOW_ONE.read(own, "momentum", 0.9),
                Range.POSITIVE.read(own, "trust", 0.001),
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0));
    }

    @Override
    public State start(Vector point) {
        return new State(Vector.zeros(point.size()));
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        Vector g = here.decayedGradient(weightDecay, point);
        List<Integer> tensors = objective.tensors();
        double eta = learningRate.at(k);
        // eta q = length / divisor: the quotient itself would overflow where the gradient is tiny
        double[] length = Tensors.norms(tensors, point);
        double[] divisor = Tensors.norms(tensors, here.gradient());
        for (int i = 0; i < length.length; i++) {
            // comparisons with 0 let NaN pass
            boolean plain = length[i] == 0 || divisor[i] == 0;
            divisor[i] = plain ? 1 : divisor[i] + weightDecay * length[i];
            length[i] = plain ? eta : eta * trust * length[i];
        }
        double mu = learningRate.momentum(k).orElse(momentum);
        Vector before = state.velocity();
        Vector velocity = Tensors.fill(tensors, (result, from, to, tensor) -> {
            double scale = length[tensor];
            double norm = divisor[tensor];
            for (int i = from; i < to; i++) {
                result[i] = mu * before.get(i) + scale * (g.get(i) / norm);
            }
        });
        return new Step<>(point.minus(velocity), new State(velocity), here);
    }

    @Override
    public int liveVectors() {
        // w, v, the gradient without and with weight decay, v', w'
        return 6;
    }
}
