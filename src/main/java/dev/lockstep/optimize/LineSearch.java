package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How far to go along a direction that goes down: any direction, whichever method it is from.
 *
 * <pre>
 *   phi(t) = E(w + t p),  phi'(0) = g'p &lt; 0          w' = w + t p
 * </pre>
 *
 * A search evaluates no point twice, takes values that are not finite for steps that are too long, and tells what it
 * found together with the evaluation there, so that the next step need not ask again. Source: Nocedal, Wright 2006,
 * Numerical Optimization, 2nd ed., chapter 3, doi:10.1007/978-0-387-40065-5.
 */
public sealed interface LineSearch permits StrongWolfe, Backtracking, ExactStep, FixedStep {
    /** How a search ended. */
    enum Outcome {
        /** All conditions hold. */
        FOUND,
        /** The point is lower, but the trials were used up, or the bracket too narrow, before all conditions held. */
        LOWER,
        /** No lower point was found; the step is 0. */
        FAILED
    }

    /**
     * What a search found.
     *
     * @param step t; 0 if it failed
     * @param point w + t p, P parameters
     * @param evaluation the objective there, unless it was not asked
     * @param outcome how the search ended
     * @param message if it failed, why, with the numbers; else empty
     */
    record Found(double step, Vector point, Optional<Evaluation> evaluation, Outcome outcome, String message) {
        /** Whether there is a step to be taken. */
        public boolean succeeded() {
            return outcome != Outcome.FAILED;
        }

        /**
         * Whether the method has come as far as it can: if the search failed and there is nothing else to try.
         *
         * @param afresh whether the direction was that of steepest descent, without memory
         */
        Optional<Step.End> end(boolean afresh) {
            boolean level =
                    evaluation.isPresent() && evaluation.get().gradient().maxAbs() == 0;
            if (succeeded() || !(afresh || level)) {
                return Optional.empty();
            }
            return Optional.of(new Step.End(
                    false,
                    message,
                    "a gradient that small is what rounding leaves: rest here, or set network.precision = float64; if it"
                            + " is not small, raise optimizer.max-trials or try another optimizer.line-search"));
        }

        static Found of(Ray ray, Ray.Trial trial, Outcome outcome) {
            return new Found(trial.step(), ray.at(trial.step()), Optional.of(trial.evaluation()), outcome, "");
        }

        static Found failed(Ray ray, String message) {
            return new Found(
                    0,
                    ray.point(),
                    Optional.of(ray.here()),
                    Outcome.FAILED,
                    message
                            + String.format(
                                    Locale.ROOT,
                                    ": value %.9g, slope %.3g, norm of the gradient %.3g",
                                    ray.here().value(),
                                    ray.slope(),
                                    ray.here().gradientNorm()));
        }

        static Found nothingLower(Ray ray, LineSearch search, int trials, double last, String why) {
            return failed(
                    ray,
                    String.format(
                            Locale.ROOT,
                            "%s found no lower point in %d %s, the last a step of %.3g%s",
                            search.key(),
                            trials,
                            trials == 1 ? "trial" : "trials",
                            last,
                            why));
        }
    }

    /** The name in a configuration. */
    String key();

    /**
     * Searches along a ray, which must go down.
     *
     * @param ray from where and along what
     * @param first the step to try first, positive
     */
    Found search(Ray ray, double first);

    /** The most vectors of P doubles that are alive within a search beside those of its ray. */
    int liveVectors();

    /** Searches along a ray; one that does not go down is a failed search. */
    default Found along(Ray ray, double first) {
        if (first == 0) {
            // A schedule that has come to its end: the point stays, and nothing failed.
            return new Found(0, ray.point(), Optional.of(ray.here()), Outcome.LOWER, "");
        }
        if (ray.descends()) {
            return search(ray, first);
        }
        boolean level = ray.here().gradient().maxAbs() == 0;
        return Found.failed(ray, level ? "the gradient is 0" : "the direction does not go down");
    }

    /** By what a first step is multiplied so that no parameter moves by more than 1: min(1, 1 / ||g||_1). */
    static double shortened(Vector gradient) {
        return Math.min(1, 1 / gradient.map(Math::abs).sum());
    }

    /**
     * Reads the key {@code line-search} of an optimizer and the numbers of the search beside it.
     *
     * @param otherwise the search if the key is not there
     * @param curvature the default of strong-wolfe's second condition
     */
    static LineSearch read(Settings own, String otherwise, double curvature) {
        List<String> keys = List.of(StrongWolfe.KEY, Backtracking.KEY, ExactStep.KEY, FixedStep.KEY);
        return switch (own.choice("line-search", otherwise, keys)) {
            case StrongWolfe.KEY -> StrongWolfe.read(own, curvature);
            case Backtracking.KEY -> Backtracking.read(own);
            case ExactStep.KEY -> new ExactStep(Backtracking.read(own));
            default -> new FixedStep();
        };
    }
}
