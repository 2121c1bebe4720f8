package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * Nonlinear conjugate gradients: steepest descent that keeps a part of the direction before.
 *
 * <pre>
 *   p(k) = -g(k) + beta p(k-1),   w(k+1) = w(k) + t p(k)            y = g(k) - g(k-1)
 *   polak-ribiere:    beta = max(0, g(k)'y / g(k-1)'g(k-1))         PR+ of Gilbert and Nocedal
 *   fletcher-reeves:  beta = g(k)'g(k) / g(k-1)'g(k-1)
 *   hestenes-stiefel: beta = max(0, g(k)'y / p(k-1)'y)              0 where p(k-1)'y is not positive
 *   steepest-descent: beta = 0
 * </pre>
 *
 * beta = 0, a restart, also every {@code restart} steps and where p would not go down. The line search first tries
 * eta(k) min(1, 1 / ||g||_1) where nothing is remembered; else the step that is exact on a parabola whose fall is that
 * of the step before, 2 (E(k-1) - E(k)) / |g'p| (Nocedal, Wright, equation 3.60), as far as it is from 0.1 to 2 times
 * the step whose slope promises what the last one's did, and at most 10 t(k-1). Without a line search t is eta(k).
 *
 * <p>With exact steps all three are the same on a quadratic, and end in as many steps as the Hessian has distinct
 * eigenvalues. If the line search finds nothing lower the point stays and p is forgotten; if steepest descent finds
 * nothing either, the step says that it was the last one.
 *
 * <p>Cost: the evaluations of the line search, two or three as a rule; with an objective that stays the same the point
 * that it found is not evaluated again. State 3 P doubles. Source: Hestenes, Stiefel 1952, doi:10.6028/jres.049.044;
 * Fletcher, Reeves 1964, doi:10.1093/comjnl/7.2.149; Gilbert, Nocedal 1992, doi:10.1137/0802003; Nocedal, Wright 2006,
 * section 5.2, doi:10.1007/978-0-387-40065-5.
 *
 * @param learningRate eta(k), positive, a factor on the step that is tried first where nothing is remembered
 * @param variant beta
 * @param restart after how many steps beta is 0, at least 0; 0 stands for P
 * @param lineSearch along p; with strong Wolfe below 1/2 for its curvature, so that fletcher-reeves goes down
 */
public record ConjugateGradient(Schedule learningRate, Variant variant, long restart, LineSearch lineSearch)
        implements ScheduledOptimizer<ConjugateGradient.State> {
    /** How much of the last direction is kept. */
    public enum Variant {
        /** PR+: restarts by itself where a step has hardly changed the gradient. */
        POLAK_RIBIERE,
        /** The first of them; slow for long once a direction was bad. */
        FLETCHER_REEVES,
        /** Conjugate to the last direction even where its step was not exact; a restart where that would turn back. */
        HESTENES_STIEFEL,
        /** No memory but for the length of the first trial. */
        STEEPEST_DESCENT;

        /** The name in a configuration. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * What is remembered from step to step.
     *
     * @param direction p(k-1), P entries; empty where there is none
     * @param gradient g(k-1), P entries; empty with it
     * @param value E(w(k-1)); 0 without it
     * @param slope g(k-1)'p(k-1), negative; 0 without it
     * @param rate t(k-1); 0 if it failed
     * @param since steps since beta was 0, that one included
     * @param knownValue E(w(k)), if known
     * @param knownGradient g(k), if known; else empty
     * @param knownNorm its norm as it is logged
     */
    public record State(
            Vector direction,
            Vector gradient,
            double value,
            double slope,
            double rate,
            long since,
            double knownValue,
            Vector knownGradient,
            double knownNorm) {
        private static State afresh(Evaluation known) {
            Vector none = Vector.zeros(0);
            return new State(none, none, 0, 0, 0, 0, known.value(), known.gradient(), known.gradientNorm());
        }

        private boolean isAfresh() {
            return direction.size() == 0;
        }

        /** Twice the fall that the last step brought over the one that its slope promised: 1 for an exact step. */
        private double share(double reached) {
            return Math.min(2, Math.max(0.1, 2 * (value - reached) / (-rate * slope)));
        }
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code restart} is negative
     */
    public ConjugateGradient {
        Range.NOT_NEGATIVE.check("restart", (double) restart);
    }

    static ConjugateGradient read(Settings own, Schedule learningRate) {
        List<String> keys = Arrays.stream(Variant.values()).map(Variant::key).toList();
        return new ConjugateGradient(
                learningRate,
                Variant.values()[keys.indexOf(own.choice("variant", Variant.POLAK_RIBIERE.key(), keys))],
                own.integer("restart", 0, 0, Integer.MAX_VALUE),
                LineSearch.read(own, StrongWolfe.KEY, 0.1));
    }

    @Override
    public State start(Vector point) {
        return State.afresh(Known.NOTHING);
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = Known.at(point, state.knownValue, state.knownGradient, state.knownNorm, objective);
        if (!here.isFinite()) {
            return new Step<>(point, state, here);
        }
        boolean due = state.isAfresh() || state.since >= (restart == 0 ? point.size() : restart);
        double beta = due ? 0 : beta(here.gradient(), state);
        Ray ray = ray(objective, point, here, beta, state);
        if (beta != 0 && !ray.descends()) {
            beta = 0;
            ray = ray(objective, point, here, 0, state);
        }
        LineSearch.Found found = lineSearch.along(ray, first(learningRate.at(k), ray, state));
        Evaluation known = Known.after(found, objective);
        // After a step of length 0 there is no rate to begin the next search with.
        if (!found.succeeded() || found.step() == 0) {
            return new Step<>(point, State.afresh(known), here, found.end(state.isAfresh()));
        }
        State next = new State(
                ray.direction(),
                here.gradient(),
                here.value(),
                ray.slope(),
                found.step(),
                beta == 0 ? 1 : state.since + 1,
                known.value(),
                known.gradient(),
                known.gradientNorm());
        return new Step<>(found.point(), next, here);
    }

    private static Ray ray(Objective objective, Vector point, Evaluation here, double beta, State state) {
        Vector direction =
                beta == 0 ? here.gradient().times(-1) : here.gradient().combined(-1, beta, state.direction);
        return Ray.of(objective, point, here, direction);
    }

    private double beta(Vector gradient, State state) {
        double squared = state.gradient.dot(state.gradient);
        return switch (variant) {
            case POLAK_RIBIERE -> Math.max(0, gradient.dot(gradient.minus(state.gradient)) / squared);
            case FLETCHER_REEVES -> gradient.dot(gradient) / squared;
            case HESTENES_STIEFEL -> {
                Vector change = gradient.minus(state.gradient);
                double curvature = state.direction.dot(change);
                yield curvature > 0 ? Math.max(0, gradient.dot(change) / curvature) : 0;
            }
            case STEEPEST_DESCENT -> 0;
        };
    }

    private double first(double rate, Ray ray, State state) {
        if (lineSearch instanceof FixedStep) {
            return rate;
        }
        return state.isAfresh()
                ? rate * LineSearch.shortened(ray.here().gradient())
                : state.rate * Math.min(10, state.share(ray.here().value()) * state.slope / ray.slope());
    }

    /** The t of the line search. */
    @Override
    public OptionalDouble learningRate(Iteration k, State next) {
        return OptionalDouble.of(next.rate());
    }

    @Override
    public int liveVectors() {
        // w, p, g(k-1), the gradient, p'; what the search needs, or w' and its gradient
        return 5 + lineSearch.liveVectors();
    }

    @Override
    public boolean fullBatchOnly() {
        return true;
    }

    @Override
    public boolean needsOneFunction() {
        return true;
    }
}
