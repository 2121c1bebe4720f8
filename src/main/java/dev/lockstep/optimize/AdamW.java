package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * Adam with decoupled weight decay: the parameters shrink by themselves, and the averages do not know of it.
 *
 * <pre>
 *   g(k)   = grad E(w(k))
 *   w(k+1) = (1 - eta(k) weightDecay) w(k) - Adam's move for g(k)       k = 0, 1, …
 * </pre>
 *
 * All else is as in {@link Adam} with a weight decay of 0. In Adam itself the decay is divided by the scale of the
 * gradients, so that parameters with large gradients shrink less; here all shrink alike. There is no objective whose
 * gradient this descends: where it comes to rest is not the minimum of E. PyTorch's {@code AdamW}, to the last bits.
 *
 * <p>Cost: one pass per step; state 2 P doubles, 3 P with amsgrad. Source: Loshchilov, Hutter 2019, arXiv:1711.05101.
 *
 * @param learningRate eta(k), positive; a momentum of the schedule takes the place of {@code beta1}
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon positive
 * @param amsgrad whether the scale of a coordinate never falls
 * @param weightDecay on every parameter, at least 0; not part of what is logged
 */
public record AdamW(
        Schedule learningRate, double beta1, double beta2, double epsilon, boolean amsgrad, double weightDecay)
        implements ScheduledOptimizer<Adam.State> {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public AdamW {
        Range.FROM_ZERO_BELOW_ONE.check("beta1", beta1);
        Range.FROM_ZERO_BELOW_ONE.check("beta2", beta2);
        Range.POSITIVE.check("epsilon", epsilon);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static AdamW read(Settings own, Schedule learningRate) {
        return new AdamW(
                learningRate,
                Range.FROM_ZERO_BELOW_ONE.read(own, "beta1", 0.9),
                Range.FROM_ZERO_BELOW_ONE.read(own, "beta2", 0.999),
                Range.POSITIVE.read(own, "epsilon", 1e-8),
                own.flag("amsgrad", false),
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0.01));
    }

    private Adam adam() {
        return new Adam(learningRate, beta1, beta2, epsilon, amsgrad, 0);
    }

    @Override
    public Adam.State start(Vector point) {
        return adam().start(point);
    }

    @Override
    public Step<Adam.State> step(Iteration k, Vector point, Adam.State state, Objective objective) {
        return adam().step(k, point, 1 - learningRate.at(k) * weightDecay, state, objective);
    }

    @Override
    public int liveVectors() {
        // Adam's, but for the gradient with weight decay
        return adam().liveVectors() - 1;
    }
}
