package dev.lockstep.optimize;

import dev.lockstep.Settings;
import java.util.OptionalLong;

/**
 * Cosine annealing, on request with warm restarts.
 *
 * <pre>
 *   eta(k) = final + (initial - final) (1 + cos(pi j / T)) / 2          k = 0, 1, …
 *   without restarts    T = length, j = min(k, T): from k = T on the rate stays at final
 *   with restarts       T = length restart-factor^i in period i = 0, 1, …, j counts from the period's begin
 * </pre>
 *
 * PyTorch's {@code CosineAnnealingLR} and {@code CosineAnnealingWarmRestarts}; the former rises again after T, this
 * does not. The formula is computed as a squared sine, which keeps the last rates of a period accurate. A period ends
 * one step before final is reached: the next k is the first of the next period.
 *
 * <p>Source: Loshchilov, Hutter 2017, arXiv:1608.03983.
 *
 * @param initial eta(0), positive
 * @param finalRate where it goes, at least 0
 * @param length T of the first period, at least 1
 * @param restartFactor how many times as long each period is as the one before, at least 1; empty for no restarts
 * @param per what k counts
 */
public record CosineDecay(double initial, double finalRate, long length, OptionalLong restartFactor, Per per)
        implements Schedule {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public CosineDecay {
        Range.POSITIVE.check("learning-rate.initial", initial);
        Range.NOT_NEGATIVE.check("learning-rate.final", finalRate);
        Range.AT_LEAST_ONE.check("learning-rate.length", (double) length);
        Range.AT_LEAST_ONE.check("learning-rate.restart-factor", (double) restartFactor.orElse(1));
    }

    static CosineDecay read(Settings own, Span span) {
        Per per = span.per(own);
        OptionalLong restartFactor =
                own.has("restart-factor") ? OptionalLong.of(Range.count(own, "restart-factor")) : OptionalLong.empty();
        if (restartFactor.isPresent() && !own.has("length")) {
            throw own.wrong("length", "expected the number of " + per.key() + "s before the first restart");
        }
        return new CosineDecay(
                Range.POSITIVE.read(own, "initial"),
                Range.NOT_NEGATIVE.read(own, "final", 0),
                span.length(own, per),
                restartFactor,
                per);
    }

    @Override
    public double at(Iteration k) {
        long j = per.count(k);
        long period = length;
        long factor = restartFactor.orElse(0);
        if (factor == 1) {
            j %= period;
        }
        while (factor > 1 && j >= period) {
            j -= period;
            period = period > Long.MAX_VALUE / factor ? Long.MAX_VALUE : period * factor;
        }
        return Anneal.COSINE.between(initial, finalRate, (double) Math.min(j, period), (double) period);
    }
}
