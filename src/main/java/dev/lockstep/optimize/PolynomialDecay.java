package dev.lockstep.optimize;

import dev.lockstep.Settings;

/**
 * Polynomial decay: eta(k) = final + (initial - final) (1 - min(k, T) / T)^power, T = length, k = 0, 1, …
 *
 * <p>With power 1 a straight line, which {@link LinearDecay} is not. From k = T on the rate stays at final. PyTorch's
 * {@code PolynomialLR}, which goes to 0 and multiplies anew at every step; Keras's {@code PolynomialDecay}.
 *
 * @param initial eta(0), positive
 * @param finalRate where it goes, at least 0
 * @param power positive
 * @param length T, at least 1
 * @param per what k counts
 */
public record PolynomialDecay(double initial, double finalRate, double power, long length, Per per)
        implements Schedule {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public PolynomialDecay {
        Range.POSITIVE.check("learning-rate.initial", initial);
        Range.NOT_NEGATIVE.check("learning-rate.final", finalRate);
        Range.POSITIVE.check("learning-rate.power", power);
        Range.AT_LEAST_ONE.check("learning-rate.length", (double) length);
    }

    static PolynomialDecay read(Settings own, Span span) {
        Per per = span.per(own);
        return new PolynomialDecay(
                Range.POSITIVE.read(own, "initial"),
                Range.NOT_NEGATIVE.read(own, "final", 0),
                Range.POSITIVE.read(own, "power", 1),
                span.length(own, per),
                per);
    }

    @Override
    public double at(Iteration k) {
        double left = Math.max(0, length - per.count(k)) / (double) length;
        return Anneal.mixed(finalRate, initial, StrictMath.pow(left, power));
    }
}
