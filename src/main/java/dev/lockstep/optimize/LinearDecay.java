package dev.lockstep.optimize;

import dev.lockstep.Settings;

/**
 * The lecture's linear decay, which is harmonic: eta(k) = initial / (k + 1), k = 0, 1, …
 *
 * <p>The rates sum to infinity and their squares do not, so any distance can be travelled and noise dies out. Not a
 * straight line: PyTorch's {@code LinearLR} is something else. On a quadratic of curvature a the error falls like
 * k^(-a initial), slower than any geometric rate. Source: Robbins, Monro 1951, doi:10.1214/aoms/1177729586.
 *
 * @param initial eta(0), positive
 * @param per what k counts
 */
public record LinearDecay(double initial, Per per) implements Schedule {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code initial} is not positive and finite
     */
    public LinearDecay {
        Range.POSITIVE.check("learning-rate.initial", initial);
    }

    static LinearDecay read(Settings own, Span span) {
        return new LinearDecay(Range.POSITIVE.read(own, "initial"), span.per(own));
    }

    @Override
    public double at(Iteration k) {
        return initial / (per.count(k) + 1.0);
    }
}
