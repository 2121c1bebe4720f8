package dev.lockstep.optimize;

import dev.lockstep.Settings;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One cycle: the rate rises to a peak and falls far below where it began, momentum the other way round.
 *
 * <pre>
 *   rate       max / start-divisor  →  max            →  max / start-divisor / final-divisor
 *   momentum   max-momentum         →  base-momentum  →  max-momentum
 *   at k =     0                       rise T - 1        T - 1                                    T = length
 * </pre>
 *
 * With three phases it falls from its peak as fast as it rose, down to where it began, at k = 2 rise T - 2, and only
 * then to the end; momentum is back at its greatest by then and stays there. After its length everything stays as it
 * was at k = T - 1, where PyTorch's {@code OneCycleLR}, whose rule and defaults these are, raises an error.
 *
 * <p>Source: Smith, Topin 2018, arXiv:1708.07120. PyTorch's default is two phases; the paper has three.
 *
 * @param max the peak, positive
 * @param length T, at least 1
 * @param rise share of the length, in [0, 1]; in [0, 0.5] with three phases
 * @param startDivisor at least 1
 * @param finalDivisor at least 1
 * @param anneal how it goes from each to the next
 * @param threePhase see above
 * @param cycleMomentum whether momentum is governed too
 * @param baseMomentum the least, in [0, 1), at most {@code maxMomentum}
 * @param maxMomentum the greatest, in [0, 1)
 * @param per what k counts
 */
public record OneCycle(
        double max,
        long length,
        double rise,
        double startDivisor,
        double finalDivisor,
        Anneal anneal,
        boolean threePhase,
        boolean cycleMomentum,
        double baseMomentum,
        double maxMomentum,
        Per per)
        implements Schedule {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public OneCycle {
        Range.POSITIVE.check("learning-rate.max", max);
        Range.AT_LEAST_ONE.check("learning-rate.length", (double) length);
        Range.FROM_ZERO_TO_ONE.check("learning-rate.rise", rise);
        Range.AT_LEAST_ONE.check("learning-rate.start-divisor", startDivisor);
        Range.AT_LEAST_ONE.check("learning-rate.final-divisor", finalDivisor);
        Range.FROM_ZERO_BELOW_ONE.check("learning-rate.base-momentum", baseMomentum);
        Range.FROM_ZERO_BELOW_ONE.check("learning-rate.max-momentum", maxMomentum);
        if (threePhase && rise > 0.5) {
            throw new IllegalArgumentException("learning-rate.rise must be at most 0.5 with three phases, got " + rise);
        }
        if (baseMomentum > maxMomentum) {
            throw new IllegalArgumentException("learning-rate.base-momentum must be at most max-momentum, got "
                    + baseMomentum + " > " + maxMomentum);
        }
    }

    /** One cycle with PyTorch's defaults: two phases along the cosine, momentum between 0.95 and 0.85. */
    public static OneCycle of(double max, long length, Per per) {
        return new OneCycle(max, length, 0.3, 25, 1e4, Anneal.COSINE, false, true, 0.85, 0.95, per);
    }

    static OneCycle read(Settings own, Span span) {
        Per per = span.per(own);
        OneCycle defaults = of(Range.POSITIVE.read(own, "max"), span.length(own, per), per);
        double rise = Range.FROM_ZERO_TO_ONE.read(own, "rise", defaults.rise);
        boolean threePhase = own.flag("three-phase", defaults.threePhase);
        if (threePhase && rise > 0.5) {
            throw own.wrong("rise", "expected at most 0.5 with three-phase, as it falls as long as it rises");
        }
        double baseMomentum = Range.FROM_ZERO_BELOW_ONE.read(own, "base-momentum", defaults.baseMomentum);
        double maxMomentum = Range.FROM_ZERO_BELOW_ONE.read(own, "max-momentum", defaults.maxMomentum);
        if (baseMomentum > maxMomentum) {
            throw own.wrong(
                    own.has("base-momentum") ? "base-momentum" : "max-momentum",
                    "expected base-momentum <= max-momentum, got " + baseMomentum + " > " + maxMomentum);
        }
        String anneal = own.choice("anneal", defaults.anneal.key(), List.of(Anneal.COSINE.key(), Anneal.LINEAR.key()));
        return new OneCycle(
                defaults.max,
                defaults.length,
                rise,
                Range.AT_LEAST_ONE.read(own, "start-divisor", defaults.startDivisor),
                Range.AT_LEAST_ONE.read(own, "final-divisor", defaults.finalDivisor),
                anneal.equals(Anneal.LINEAR.key()) ? Anneal.LINEAR : Anneal.COSINE,
                threePhase,
                own.flag("cycle-momentum", defaults.cycleMomentum),
                baseMomentum,
                maxMomentum,
                per);
    }

    @Override
    public double at(Iteration k) {
        double start = max / startDivisor;
        return cycled(k, start, max, start / finalDivisor);
    }

    @Override
    public OptionalDouble momentum(Iteration k) {
        return cycleMomentum
                ? OptionalDouble.of(cycled(k, maxMomentum, baseMomentum, maxMomentum))
                : OptionalDouble.empty();
    }

    private double cycled(Iteration k, double start, double peak, double end) {
        double last = length - 1.0;
        double n = Math.min((double) per.count(k), last);
        double top = rise * length - 1;
        if (n <= top) {
            return between(start, peak, n, 0, top);
        }
        if (!threePhase) {
            return between(peak, end, n, top, last);
        }
        double back = 2 * rise * length - 2;
        return n <= back ? between(peak, start, n, top, back) : between(start, end, n, back, last);
    }

    private double between(double a, double b, double n, double from, double to) {
        return n < to ? anneal.between(a, b, n - from, to - from) : b;
    }
}
