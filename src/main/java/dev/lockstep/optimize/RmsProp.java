package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * RMSProp: gradients divided by the root of a running average of their squares, per coordinate.
 *
 * <pre>
 *   g(k)   = grad E(w(k)) + weightDecay w(k)
 *   v(k+1) = decay v(k) + (1 - decay) g(k)^2             v(0) = 0,  k = 0, 1, …; per coordinate
 *   m(k+1) = decay m(k) + (1 - decay) g(k)               m(0) = 0; only if centered, else 0
 *   d(k)   = g(k) / (sqrt(v(k+1) - m(k+1)^2) + epsilon)
 *   b(k+1) = mu b(k) + d(k)                              b(0) = 0; mu the momentum, 0 gives d(k)
 *   w(k+1) = w(k) - eta(k) b(k+1)
 * </pre>
 *
 * Scaling the objective changes nothing but through epsilon. As v starts at 0, the first step is eta/sqrt(1 - decay)
 * long on each coordinate, ten times eta with the default. Moves do not fade near a minimum: that takes a falling eta.
 * PyTorch's {@code RMSprop}, to the last bits; but where rounding makes the centered v - m^2 negative it counts as 0,
 * while PyTorch gives NaN.
 *
 * <p>Cost: one pass per step; state P doubles, P more if centered, P more with momentum. Source: Tieleman, Hinton
 * 2012, Neural Networks for Machine Learning, lecture 6.5; centered: Graves 2013, arXiv:1308.0850, section 4.2.
 *
 * @param learningRate eta(k), positive; a momentum of the schedule takes the place of {@code momentum}
 * @param decay of the averages, in [0, 1)
 * @param epsilon positive
 * @param centered whether v counts from the mean
 * @param momentum mu in [0, 1)
 * @param weightDecay coupled, on every parameter, at least 0; not part of what is logged
 */
public record RmsProp(
        Schedule learningRate, double decay, double epsilon, boolean centered, double momentum, double weightDecay)
        implements ScheduledOptimizer<RmsProp.State> {
    /**
     * What is remembered from step to step.
     *
     * @param squares v(k), P entries
     * @param mean m(k), P entries; empty if not centered
     * @param velocity b(k), P entries; empty without momentum
     */
    public record State(Vector squares, Vector mean, Vector velocity) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public RmsProp {
        Range.FROM_ZERO_BELOW_ONE.check("decay", decay);
        Range.POSITIVE.check("epsilon", epsilon);
        Range.FROM_ZERO_BELOW_ONE.check("momentum", momentum);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static RmsProp read(Settings own, Schedule learningRate) {
        return new RmsProp(
                learningRate,
                Range.FROM_ZERO_BELOW_ONE.read(own, "decay", 0.99),
                Range.POSITIVE.read(own, "epsilon", 1e-8),
                own.flag("centered", false),
                Range.FROM_ZERO_BELOW_ONE.read(own, "momentum", 0),
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0));
    }

    @Override
    public State start(Vector point) {
        int size = point.size();
        return new State(Vector.zeros(size), Vector.zeros(centered ? size : 0), Vector.zeros(hasVelocity() ? size : 0));
    }

    /** A schedule that governs the momentum does so from the first step on. */
    private boolean hasVelocity() {
        return momentum > 0 || learningRate.momentum(new Iteration(0, 0)).isPresent();
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        Vector g = here.decayedGradient(weightDecay, point);
        Vector v = Moments.second(decay, state.squares(), g);
        Vector m = centered ? Moments.first(decay, state.mean(), g) : state.mean();
        double eta = learningRate.at(k);
        if (!hasVelocity()) {
            Vector next = Vector.of(point.size(), (result, from, to) -> {
                for (int i = from; i < to; i++) {
                    result[i] = point.get(i) - eta * (g.get(i) / scale(v, m, i));
                }
            });
            return new Step<>(next, new State(v, m, state.velocity()), here);
        }
        double mu = learningRate.momentum(k).orElse(momentum);
        Vector before = state.velocity();
        Vector velocity = Vector.of(point.size(), (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = mu * before.get(i) + g.get(i) / scale(v, m, i);
            }
        });
        return new Step<>(point.plus(-eta, velocity), new State(v, m, velocity), here);
    }

    private double scale(Vector v, Vector m, int i) {
        // Math.max lets NaN pass
        double square = centered ? Math.max(v.get(i) - m.get(i) * m.get(i), 0) : v.get(i);
        return Math.sqrt(square) + epsilon;
    }

    @Override
    public int liveVectors() {
        // w, v, the gradient without and with weight decay, v', w'; m and m'; b and b'
        return 6 + (centered ? 2 : 0) + (hasVelocity() ? 2 : 0);
    }
}
