package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.OptionalDouble;

/**
 * Averaged gradient descent: steps that fall slowly, and the average of the points as the answer.
 *
 * <pre>
 *   g(k)   = grad E(w(k)) + weightDecay w(k)
 *   e(k)   = eta(k) / (1 + lambda eta(k) k)^alpha                          k = 0, 1, …
 *   w(k+1) = (1 - lambda e(k)) w(k) - e(k) g(k)
 *   a(k+1) = a(k) + (w(k+1) - a(k)) / max(1, k - start)                    a(0) = w(0)
 * </pre>
 *
 * The answer is a(k): the last point as long as k &lt;= start + 1, then the mean of all points since. {@code lambda}
 * makes the steps fall and shrinks the parameters besides: what is minimized is E + lambda/2 ||w||^2. Where gradients
 * are noisy and E is strongly convex, steps that fall as k^-alpha with alpha in (1/2, 1) give the average
 * asymptotically the least variance that any such method has, whatever eta. PyTorch's {@code ASGD}, one tensor at a
 * time, to the last bits where eta is constant; under a schedule PyTorch's e(k) lags a step behind. Its default start,
 * kept here, is a million steps: set it, or nothing is averaged.
 *
 * <p>Cost: one pass per step; state P doubles. Source: Polyak, Juditsky 1992, doi:10.1137/0330046; the form of the
 * steps: Xu 2011, arXiv:1107.2490.
 *
 * @param learningRate eta(k), positive
 * @param lambda at least 0
 * @param alpha at least 0
 * @param start steps before averaging begins, at least 0
 * @param weightDecay coupled, on every parameter, at least 0; not part of what is logged
 */
public record Asgd(Schedule learningRate, double lambda, double alpha, long start, double weightDecay)
        implements ScheduledOptimizer<Asgd.State> {
    /**
     * What is remembered from step to step.
     *
     * @param average a(k), P entries
     */
    public record State(Vector average) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Asgd {
        Range.NOT_NEGATIVE.check("lambda", lambda);
        Range.NOT_NEGATIVE.check("alpha", alpha);
        Range.NOT_NEGATIVE.check("start", (double) start);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static Asgd read(Settings own, Schedule learningRate) {
        return new Asgd(
                learningRate,
                Range.NOT_NEGATIVE.read(own, "lambda", 1e-4),
                Range.NOT_NEGATIVE.read(own, "alpha", 0.75),
                own.integer("start", 1_000_000, 0, Integer.MAX_VALUE),
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0));
    }

    @Override
    public State start(Vector point) {
        return new State(point);
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        Vector g = here.decayedGradient(weightDecay, point);
        double eta = rate(k);
        Vector next = point.combined(1 - lambda * eta, -eta, g);
        long counted = Math.max(1, k.step() - start);
        Vector average = counted == 1
                ? next
                : Vector.of(point.size(), (result, from, to) -> {
                    Vector before = state.average();
                    for (int i = from; i < to; i++) {
                        result[i] = before.get(i) + (next.get(i) - before.get(i)) / counted;
                    }
                });
        return new Step<>(next, new State(average), here);
    }

    @Override
    public Vector answer(Vector point, State state) {
        return state.average();
    }

    /** The rate e(k); the schedule alone does not know of its fall. */
    @Override
    public OptionalDouble learningRate(Iteration k, State next) {
        return OptionalDouble.of(rate(k));
    }

    private double rate(Iteration k) {
        double eta = learningRate.at(k);
        return eta / StrictMath.pow(1 + lambda * eta * k.step(), alpha);
    }

    @Override
    public int liveVectors() {
        // w, a, the gradient without and with weight decay, w', a'
        return 6;
    }
}
