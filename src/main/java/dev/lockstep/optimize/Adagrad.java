package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.OptionalDouble;

/**
 * Adagrad: each coordinate's rate falls with the root of the sum of its squared gradients.
 *
 * <pre>
 *   g(k)   = grad E(w(k)) + weightDecay w(k)
 *   a(k+1) = a(k) + g(k)^2                     a(0) = initialAccumulator,  k = 0, 1, …; per coordinate
 *   w(k+1) = w(k) - eta(k)/(1 + k learningRateDecay) g(k) / (sqrt(a(k+1)) + epsilon)
 * </pre>
 *
 * Scaling the objective changes nothing but through epsilon and a(0). Where the gradients stay the same the steps fall
 * as 1/sqrt(k + 1): no schedule is needed. On convex objectives the regret is of the order of sqrt(k). PyTorch's
 * {@code Adagrad}, to the last bits.
 *
 * <p>Cost: one pass per step; state P doubles. Source: Duchi, Hazan, Singer 2011, JMLR 12, 2121-2159,
 * https://jmlr.org/papers/v12/duchi11a.html.
 *
 * @param learningRate eta(k), positive
 * @param learningRateDecay at least 0
 * @param initialAccumulator a(0), at least 0
 * @param epsilon positive
 * @param weightDecay coupled, on every parameter, at least 0; not part of what is logged
 */
public record Adagrad(
        Schedule learningRate, double learningRateDecay, double initialAccumulator, double epsilon, double weightDecay)
        implements ScheduledOptimizer<Adagrad.State> {
    /**
     * What is remembered from step to step.
     *
     * @param squares a(k), P entries
     */
    public record State(Vector squares) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Adagrad {
        Range.NOT_NEGATIVE.check("learning-rate-decay", learningRateDecay);
        Range.NOT_NEGATIVE.check("initial-accumulator", initialAccumulator);
        Range.POSITIVE.check("epsilon", epsilon);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static Adagrad read(Settings own, Schedule learningRate) {
        return new Adagrad(
                learningRate,
                Range.NOT_NEGATIVE.read(own, "learning-rate-decay", 0),
                Range.NOT_NEGATIVE.read(own, "initial-accumulator", 0),
                Range.POSITIVE.read(own, "epsilon", 1e-10),
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0));
    }

    @Override
    public State start(Vector point) {
        return new State(Vector.filled(point.size(), initialAccumulator));
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        Vector g = here.decayedGradient(weightDecay, point);
        Vector before = state.squares();
        Vector a = Vector.of(point.size(), (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = before.get(i) + g.get(i) * g.get(i);
            }
        });
        double eta = rate(k);
        Vector next = Vector.of(point.size(), (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = point.get(i) - eta * (g.get(i) / (Math.sqrt(a.get(i)) + epsilon));
            }
        });
        return new Step<>(next, new State(a), here);
    }

    /** The rate with its decay; the schedule alone does not know of it. */
    @Override
    public OptionalDouble learningRate(Iteration k, State next) {
        return OptionalDouble.of(rate(k));
    }

    private double rate(Iteration k) {
        return learningRate.at(k) / (1 + k.step() * learningRateDecay);
    }

    @Override
    public int liveVectors() {
        // w, a, the gradient without and with weight decay, a', w'
        return 6;
    }
}
