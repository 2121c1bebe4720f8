package dev.lockstep.optimize;

import dev.lockstep.Settings;

/**
 * Exponential decay: eta(k) = initial e^(-decay k), k = 0, 1, …
 *
 * <p>PyTorch's {@code ExponentialLR} with gamma = e^(-decay). The rates sum to initial / (1 - e^(-decay)): like quadratic
 * decay it comes to rest, but in general not at a minimum. The exponential is {@link StrictMath}'s, whose bits are the
 * same on every machine.
 *
 * @param initial eta(0), positive
 * @param decay at least 0; 0 is a constant rate
 * @param per what k counts
 */
public record ExponentialDecay(double initial, double decay, Per per) implements Schedule {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code initial} or {@code decay} is outside its range
     */
    public ExponentialDecay {
        Range.POSITIVE.check("learning-rate.initial", initial);
        Range.NOT_NEGATIVE.check("learning-rate.decay", decay);
    }

    static ExponentialDecay read(Settings own, Span span) {
        return new ExponentialDecay(
                Range.POSITIVE.read(own, "initial"), Range.NOT_NEGATIVE.read(own, "decay"), span.per(own));
    }

    @Override
    public double at(Iteration k) {
        return initial * StrictMath.exp(-decay * per.count(k));
    }
}
