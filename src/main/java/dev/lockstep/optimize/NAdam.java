package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * Adam with Nesterov's look-ahead, and with a momentum that grows from about half of beta1 to beta1.
 *
 * <pre>
 *   g(k)    = grad E(w(k)) + weightDecay w(k),  s = 1;  decoupled: grad E(w(k)),  s = 1 - eta(k) weightDecay
 *   mu(k)   = beta1 (1 - 0.96^((k+1) momentumDecay) / 2)                        k = 0, 1, …; per coordinate
 *   p(k+1)  = mu(k) p(k)                              p(0) = 1
 *   m(k+1)  = beta1 m(k) + (1 - beta1) g(k)           m(0) = 0
 *   v(k+1)  = beta2 v(k) + (1 - beta2) g(k)^2         v(0) = 0
 *   n(k)    = mu(k+1) m(k+1) / (1 - mu(k+1) p(k+1)) + (1 - mu(k)) g(k) / (1 - p(k+1))
 *   w(k+1)  = s w(k) - eta(k) n(k) / (sqrt(v(k+1) / (1 - beta2^(k+1))) + epsilon)
 * </pre>
 *
 * Scaling the objective changes nothing but through epsilon. PyTorch's {@code NAdam} since version 2; version 1.13 has
 * the factor mu(k) twice in the product with mu(k+1), and differs.
 *
 * <p>Cost: one pass per step; state 2 P doubles and a number. Source: Dozat 2016,
 * https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ.
 *
 * @param learningRate eta(k), positive; a momentum of the schedule takes the place of {@code beta1}
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon positive
 * @param momentumDecay how fast mu grows, at least 0
 * @param weightDecay on every parameter, at least 0; not part of what is logged
 * @param decoupledWeightDecay whether the weight decay shrinks the parameters, as {@link AdamW} does
 */
public record NAdam(
        Schedule learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double momentumDecay,
        double weightDecay,
        boolean decoupledWeightDecay)
        implements ScheduledOptimizer<NAdam.State> {
    /**
     * What is remembered from step to step.
     *
     * @param mean m(k), P entries
     * @param squares v(k), P entries
     * @param product p(k), in [0, 1]
     */
    public record State(Vector mean, Vector squares, double product) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public NAdam {
        Range.FROM_ZERO_BELOW_ONE.check("beta1", beta1);
        Range.FROM_ZERO_BELOW_ONE.check("beta2", beta2);
        Range.POSITIVE.check("epsilon", epsilon);
        Range.NOT_NEGATIVE.check("momentum-decay", momentumDecay);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static NAdam read(Settings own, Schedule learningRate) {
        return new NAdam(
                learningRate,
                Range.FROM_ZERO_BELOW_ONE.read(own, "beta1", 0.9),
                Range.FROM_ZERO_BELOW_ONE.read(own, "beta2", 0.999),
                Range.POSITIVE.read(own, "epsilon", 1e-8),
                Range.NOT_NEGATIVE.read(own, "momentum-decay", 4e-3),
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0),
                own.flag("decoupled-weight-decay", false));
    }

    @Override
    public State start(Vector point) {
        return new State(Vector.zeros(point.size()), Vector.zeros(point.size()), 1);
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        Vector g = here.decayedGradient(decoupledWeightDecay ? 0 : weightDecay, point);
        double beta = learningRate.momentum(k).orElse(beta1);
        double eta = learningRate.at(k);
        double mu = beta * growth(k.step() + 1);
        double following = beta * growth(k.step() + 2);
        double product = mu * state.product();
        Vector m = Moments.first(beta, state.mean(), g);
        Vector v = Moments.second(beta2, state.squares(), g);
        double ofMean = eta * following / (1 - following * product);
        double ofGradient = eta * (1 - mu) / (1 - product);
        double shrinkage = decoupledWeightDecay ? 1 - eta * weightDecay : 1;
        double root = Math.sqrt(Moments.weight(beta2, k));
        Vector next = Vector.of(point.size(), (result, from, to) -> {
            for (int i = from; i < to; i++) {
                double scale = Math.sqrt(v.get(i)) / root + epsilon;
                result[i] = shrinkage * point.get(i) - (ofMean * m.get(i) + ofGradient * g.get(i)) / scale;
            }
        });
        return new Step<>(next, new State(m, v, product), here);
    }

    private double growth(long t) {
        return 1 - 0.5 * StrictMath.pow(0.96, t * momentumDecay);
    }

    @Override
    public int liveVectors() {
        // w, m, v, the gradient without and with weight decay, m', v', w'
        return 8;
    }
}
