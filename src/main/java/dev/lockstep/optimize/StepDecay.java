package dev.lockstep.optimize;

import dev.lockstep.Settings;

/**
 * Decay in steps of equal length: eta(k) = initial factor^floor(k / every), k = 0, 1, …
 *
 * <p>PyTorch's {@code StepLR}, which multiplies anew at every step and so may differ in the last bits.
 *
 * @param initial eta(0), positive
 * @param factor in (0, 1]; 1 is a constant rate
 * @param every after how many steps or epochs the rate falls, at least 1
 * @param per what k counts
 */
public record StepDecay(double initial, double factor, long every, Per per) implements Schedule {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public StepDecay {
        Range.POSITIVE.check("learning-rate.initial", initial);
        Range.ABOVE_ZERO_TO_ONE.check("learning-rate.factor", factor);
        Range.AT_LEAST_ONE.check("learning-rate.every", (double) every);
    }

    static StepDecay read(Settings own, Span span) {
        return new StepDecay(
                Range.POSITIVE.read(own, "initial"),
                Range.ABOVE_ZERO_TO_ONE.read(own, "factor", 0.1),
                Range.count(own, "every"),
                span.per(own));
    }

    @Override
    public double at(Iteration k) {
        long falls = per.count(k) / every;
        return initial * StrictMath.pow(factor, (double) falls);
    }
}
