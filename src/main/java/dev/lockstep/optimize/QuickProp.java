package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * QuickProp: each coordinate jumps to the vertex of the parabola through its last two derivatives.
 *
 * <pre>
 *   g(k)   = grad E(w(k)) + weightDecay w(k)                      per coordinate; d(0) = 0, p(0) = 0, k = 0, 1, …
 *   jump   = d(k) g(k) / (p(k) - g(k))
 *   slide:       d(k+1) = jump
 *   safeguarded: d(k+1) = growth d(k) - eta(k) g(k)               if g(k)/p(k) &gt; growth/(1 + growth)
 *                         jump - eta(k) g(k)                      else, if g(k)/p(k) &gt; 0
 *                         jump                                    else
 *   d(k+1) = -eta(k) g(k)                                         where there is nothing to draw a parabola through
 *   p(k+1) = g(k),  w(k+1) = w(k) + d(k+1)
 * </pre>
 *
 * Safeguarded is Fahlman's program without its threshold and momentum: no move is longer than growth |d(k)| +
 * eta(k) |g(k)|, and none goes uphill along its coordinate. That holds as long as the last move d went against the
 * last derivative p, as all of them do; where a state has it otherwise, the step is that of gradient descent, so that
 * neither a division by zero nor a jump to a maximum can come from it. The slide's only guard is that against 0 in
 * the denominator: on quadratics along the axes it takes two steps, but it jumps to maxima, and it diverges where
 * coordinates depend on each other.
 *
 * <p>Cost: one pass per step, always over the full batch; state 2 P doubles. Source: Fahlman 1988, An empirical study
 * of learning speed in back-propagation networks, CMU-CS-88-162.
 *
 * @param learningRate eta(k), positive; Fahlman's epsilon, which he divides by a unit's number of inputs
 * @param growth mu, positive: what a move may be multiplied by
 * @param weightDecay coupled, on every parameter, at least 0; not part of what is logged. Fahlman's is 1e-4
 * @param variant with safeguards or without
 */
public record QuickProp(Schedule learningRate, double growth, double weightDecay, Variant variant)
        implements ScheduledOptimizer<QuickProp.State> {
    /** Whether a jump is held to what can be trusted. */
    public enum Variant {
        /** Fahlman's: no move grows by more than a factor, and a gradient step is added while the sign stays. */
        SAFEGUARDED,
        /** The lecture's formula as it stands. */
        SLIDE;

        /** The name in a configuration. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What is remembered from step to step.
     *
     * @param gradient p(k), the last gradient with weight decay, P entries
     * @param move d(k), the last move, P entries
     */
    public record State(Vector gradient, Vector move) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code growth} or {@code weightDecay} is outside its range
     */
    public QuickProp {
        Range.POSITIVE.check("growth", growth);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static QuickProp read(Settings own, Schedule learningRate) {
        List<String> keys = Arrays.stream(Variant.values()).map(Variant::key).toList();
        return new QuickProp(
                learningRate,
                Range.POSITIVE.read(own, "growth", 1.75),
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0),
                Variant.values()[keys.indexOf(own.choice("variant", Variant.SAFEGUARDED.key(), keys))]);
    }

    @Override
    public State start(Vector point) {
        return new State(Vector.zeros(point.size()), Vector.zeros(point.size()));
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        Vector gradient = here.decayedGradient(weightDecay, point);
        double eta = learningRate.at(k);
        Vector last = state.move();
        Vector before = state.gradient();
        Vector move = Vector.of(point.size(), (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = variant == Variant.SLIDE
                        ? jump(gradient.get(i), before.get(i), last.get(i), eta)
                        : guarded(gradient.get(i), before.get(i), last.get(i), eta);
            }
        });
        return new Step<>(point.plus(move), new State(gradient, move), here);
    }

    private static double jump(double g, double p, double d, double eta) {
        return d == 0 || g == p ? -eta * g : d * (g / (p - g));
    }

    private double guarded(double g, double p, double d, double eta) {
        if (!(d > 0 && p < 0) && !(d < 0 && p > 0)) {
            return -eta * g;
        }
        // As if the last move had gone up: the slopes are then those of -E.
        double s = d > 0 ? -g : g;
        double q = Math.abs(p);
        // Where both are denormal the quotient alone would not see that they are equal.
        double curved = s > growth / (1 + growth) * q || s >= q ? growth * d : d * (s / (q - s));
        return s > 0 ? curved - eta * g : curved;
    }

    @Override
    public int liveVectors() {
        // w, p, d, the gradient without and with weight decay, d', w'
        return 7;
    }

    @Override
    public boolean fullBatchOnly() {
        return true;
    }
}
