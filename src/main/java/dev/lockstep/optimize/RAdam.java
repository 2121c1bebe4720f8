package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * Rectified Adam: plain momentum until enough squares are averaged, then Adam with steps that grow to full size.
 *
 * <pre>
 *   g(k)   = grad E(w(k)) + weightDecay w(k),  s = 1;  decoupled: grad E(w(k)),  s = 1 - eta(k) weightDecay
 *   m(k+1) = beta1 m(k) + (1 - beta1) g(k)        m(0) = 0,  k = 0, 1, …; per coordinate
 *   v(k+1) = beta2 v(k) + (1 - beta2) g(k)^2      v(0) = 0
 *   n(k)   = m(k+1) / (1 - beta1^t)               t = k + 1
 *   R      = 2/(1 - beta2) - 1,  rho = R - 2 t beta2^t / (1 - beta2^t)
 *   r      = sqrt((rho - 4) (rho - 2) R / ((R - 4) (R - 2) rho))
 *   w(k+1) = s w(k) - eta(k) n(k)                                                          if rho &lt;= 5
 *   w(k+1) = s w(k) - eta(k) n(k) r sqrt(1 - beta2^t) / (sqrt(v(k+1)) + epsilon)           if rho &gt; 5
 * </pre>
 *
 * With the default beta2 the first five steps are momentum's, and so have the size of the gradients; after them
 * scaling the objective changes nothing but through epsilon. A beta2 of 2/3 or less never leaves the first branch.
 * PyTorch's {@code RAdam}, to the last bits: the paper has rho &gt; 4, the authors' program at least 5.
 *
 * <p>Cost: one pass per step; state 2 P doubles. Source: Liu and others 2020, arXiv:1908.03265.
 *
 * @param learningRate eta(k), positive; a momentum of the schedule takes the place of {@code beta1}
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon positive
 * @param weightDecay on every parameter, at least 0; not part of what is logged
 * @param decoupledWeightDecay whether the weight decay shrinks the parameters, as {@link AdamW} does
 */
public record RAdam(
        Schedule learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        boolean decoupledWeightDecay)
        implements ScheduledOptimizer<RAdam.State> {
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
    public RAdam {
        Range.FROM_ZERO_BELOW_ONE.check("beta1", beta1);
        Range.FROM_ZERO_BELOW_ONE.check("beta2", beta2);
        Range.POSITIVE.check("epsilon", epsilon);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static RAdam read(Settings own, Schedule learningRate) {
        return new RAdam(
                learningRate,
                Range.FROM_ZERO_BELOW_ONE.read(own, "beta1", 0.9),
                Range.FROM_ZERO_BELOW_ONE.read(own, "beta2", 0.999),
                Range.POSITIVE.read(own, "epsilon", 1e-8),
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0),
                own.flag("decoupled-weight-decay", false));
    }

    @Override
    public State start(Vector point) {
        return new State(Vector.zeros(point.size()), Vector.zeros(point.size()));
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        Vector g = here.decayedGradient(decoupledWeightDecay ? 0 : weightDecay, point);
        double beta = learningRate.momentum(k).orElse(beta1);
        double eta = learningRate.at(k);
        Vector m = Moments.first(beta, state.mean(), g);
        Vector v = Moments.second(beta2, state.squares(), g);
        State next = new State(m, v);
        double shrinkage = decoupledWeightDecay ? 1 - eta * weightDecay : 1;
        double rate = eta / Moments.weight(beta, k);
        double longest = 2 / (1 - beta2) - 1;
        double power = StrictMath.pow(beta2, (double) (k.step() + 1));
        double length = longest - 2 * (k.step() + 1) * power / (1 - power);
        if (length <= 5) {
            return new Step<>(point.combined(shrinkage, -rate, m), next, here);
        }
        double rectified = rate
                * Math.sqrt(1 - power)
                * Math.sqrt((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length));
        Vector moved = Vector.of(point.size(), (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = shrinkage * point.get(i) - rectified * (m.get(i) / (Math.sqrt(v.get(i)) + epsilon));
            }
        });
        return new Step<>(moved, next, here);
    }

    @Override
    public int liveVectors() {
        // w, m, v, the gradient without and with weight decay, m', v', w'
        return 8;
    }
}
