package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * The two-point step size of Barzilai and Borwein: gradient descent whose rate is the last step's inverse curvature.
 *
 * <pre>
 *   s = w(k) - w(k-1),  y = g(k) - g(k-1)                         k = 1, 2, …; eta(0) = min(maxStep, initialStep)
 *   eta(k) = min(maxStep, s's / s'y)     long
 *            min(maxStep, s'y / y'y)     short
 *            eta(k-1)                    if s'y is not positive: no curvature to learn from
 *   w(k+1) = w(k) - eta(k) g(k)
 * </pre>
 *
 * As s = -eta(k-1) g(k-1), the last gradient and rate are all that is remembered. Values go up at times, and must be
 * let: there is no line search. On a quadratic with eigenvalues in [m, L] every eta(k), k &gt; 0, lies in [1/L, 1/m];
 * it always converges, in two dimensions R-superlinearly, error(k) about c^(sqrt 2)^k. Beyond quadratics it need not:
 * what holds it then is {@code maxStep}. The short step is never longer than the long one.
 *
 * <p>The first step serves to see the curvature, so it had better be short. Cost: one pass per step, always over the
 * full batch; state P doubles. Source: Barzilai, Borwein 1988, doi:10.1093/imanum/8.1.141; convergence on quadratics:
 * Raydan 1993, doi:10.1093/imanum/13.3.321.
 *
 * @param variant which of both quotients
 * @param initialStep eta(0), positive
 * @param maxStep positive
 */
public record BarzilaiBorwein(Variant variant, double initialStep, double maxStep)
        implements Optimizer<BarzilaiBorwein.State> {
    /** The two quotients: both are the inverse curvature where there is one dimension. */
    public enum Variant {
        /** s's / s'y, often called BB1. */
        LONG,
        /** s'y / y'y, often called BB2. */
        SHORT;

        /** The name in a configuration. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What is remembered from step to step.
     *
     * @param gradient g(k-1), P entries; 0 before the first step
     * @param rate eta(k-1); before the first step eta(0)
     */
    public record State(Vector gradient, double rate) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code initialStep} or {@code maxStep} is not positive and finite
     */
    public BarzilaiBorwein {
        Range.POSITIVE.check("initial-step", initialStep);
        Range.POSITIVE.check("max-step", maxStep);
    }

    static BarzilaiBorwein read(Settings own) {
        List<String> keys = Arrays.stream(Variant.values()).map(Variant::key).toList();
        return new BarzilaiBorwein(
                Variant.values()[keys.indexOf(own.choice("variant", Variant.LONG.key(), keys))],
                Range.POSITIVE.read(own, "initial-step", 1e-3),
                Range.POSITIVE.read(own, "max-step", 1e10));
    }

    @Override
    public State start(Vector point) {
        return new State(Vector.zeros(point.size()), Math.min(maxStep, initialStep));
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        double rate = rate(here.gradient(), state);
        return new Step<>(point.plus(-rate, here.gradient()), new State(here.gradient(), rate), here);
    }

    private double rate(Vector gradient, State state) {
        Vector fall = state.gradient().minus(gradient);
        // s'y / eta(k-1)
        double curvature = state.gradient().dot(fall);
        if (!(curvature > 0)) {
            return state.rate();
        }
        double share = variant == Variant.LONG
                ? state.gradient().dot(state.gradient()) / curvature
                : curvature / fall.dot(fall);
        return Math.min(maxStep, state.rate() * share);
    }

    @Override
    public OptionalDouble learningRate(Iteration k, State next) {
        return OptionalDouble.of(next.rate());
    }

    @Override
    public int liveVectors() {
        // w, g(k-1), the gradient, their difference, w'
        return 5;
    }

    @Override
    public boolean fullBatchOnly() {
        return true;
    }
}
