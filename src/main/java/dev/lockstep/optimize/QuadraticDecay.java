package dev.lockstep.optimize;

import dev.lockstep.Settings;

/**
 * The lecture's quadratic decay: eta(k) = initial / (k + 1)^2, k = 0, 1, …
 *
 * <p>The rates sum to initial pi^2 / 6, so the iterates come to rest, but in general not at a minimum: on a quadratic of
 * curvature a = c / initial the error tends to sin(pi sqrt c) / (pi sqrt c) of what it was, which {@code ScheduleTest}
 * measures.
 *
 * @param initial eta(0), positive
 * @param per what k counts
 */
public record QuadraticDecay(double initial, Per per) implements Schedule {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code initial} is not positive and finite
     */
    public QuadraticDecay {
        Range.POSITIVE.check("learning-rate.initial", initial);
    }

    static QuadraticDecay read(Settings own, Span span) {
        return new QuadraticDecay(Range.POSITIVE.read(own, "initial"), span.per(own));
    }

    @Override
    public double at(Iteration k) {
        double n = per.count(k) + 1.0;
        return initial / (n * n);
    }
}
