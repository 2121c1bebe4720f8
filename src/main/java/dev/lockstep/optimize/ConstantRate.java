package dev.lockstep.optimize;

import dev.lockstep.Settings;

/**
 * The same learning rate in every step: eta(k) = initial.
 *
 * @param initial eta, positive
 */
public record ConstantRate(double initial) implements Schedule {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code initial} is not positive and finite
     */
    public ConstantRate {
        Range.POSITIVE.check("learning-rate", initial);
    }

    static ConstantRate read(Settings own, Span span) {
        // what a constant counts makes no difference; the key is known so that schedules can be exchanged freely
        span.per(own);
        return new ConstantRate(Range.POSITIVE.read(own, "initial"));
    }

    @Override
    public double at(Iteration k) {
        return initial;
    }
}
