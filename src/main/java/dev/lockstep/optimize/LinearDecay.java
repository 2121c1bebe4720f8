package dev.lockstep.optimize;

import dev.lockstep.Settings;

/**
 * The lecture's linear decay, which is harmonic: eta(k) = initial / (1 + decay k), k = 0, 1, …; the
 * lecture has decay 1.
 *
 * <p>The rates sum to infinity and their squares do not, so any distance can be travelled and noise dies out. Not a
 * straight line: PyTorch's {@code LinearLR} is something else; Keras's {@code InverseTimeDecay} is this. On a quadratic
 * of curvature a the error falls like k^(-a initial / decay), slower than any geometric rate. Source: Robbins, Monro
 * 1951, doi:10.1214/aoms/1177729586.
 *
 * @param initial eta(0), positive
 * @param decay at least 0; the rate is half of the first at k = 1 / decay, and 0 is a constant rate
 * @param per what k counts
 */
public record LinearDecay(double initial, double decay, Per per) implements Schedule {
    private static final double LECTURE = 1;

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code initial} or {@code decay} is outside its range
     */
    public LinearDecay {
        Range.POSITIVE.check("learning-rate.initial", initial);
        Range.NOT_NEGATIVE.check("learning-rate.decay", decay);
    }

    /** The lecture's: eta(k) = initial / (k + 1). */
    public LinearDecay(double initial, Per per) {
        this(initial, LECTURE, per);
    }

    static LinearDecay read(Settings own, Span span) {
        return new LinearDecay(
                Range.POSITIVE.read(own, "initial"), Range.NOT_NEGATIVE.read(own, "decay", LECTURE), span.per(own));
    }

    @Override
    public double at(Iteration k) {
        return initial / (decay * per.count(k) + 1.0);
    }
}
