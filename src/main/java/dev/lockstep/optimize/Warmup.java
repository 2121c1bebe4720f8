package dev.lockstep.optimize;

import dev.lockstep.Settings;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A linear warm-up in front of another schedule.
 *
 * <pre>
 *   k &lt; K    eta(k) = then(0) (from + (1 - from) (k + 1) / K)          K = length, k = 0, 1, …
 *   k >= K   eta(k) = then(k - K)
 * </pre>
 *
 * {@code from} is where the line would stand one step before the first: with 0, the first rate is then(0)/K and none
 * is 0. The last step of the warm-up has the full rate then(0), and so has the first one behind it. PyTorch's
 * {@code LinearLR} takes its first step at start_factor: this is its line for start_factor = from + (1 - from)/K and
 * total_iters = K - 1.
 *
 * <p>While it lasts, a momentum that the other schedule governs is that of its k = 0. A {@link Plateau} looks at every
 * epoch, those of the warm-up too.
 *
 * <p>Source: Goyal et al. 2017, arXiv:1706.02677, section 2.2.
 *
 * @param length K, at least 1
 * @param from in [0, 1)
 * @param then what follows; counts what this counts, from the end of the warm-up
 * @param per what k counts
 */
public record Warmup(long length, double from, Schedule then, Per per) implements Schedule {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range, or another warm-up follows
     */
    public Warmup {
        Range.AT_LEAST_ONE.check("learning-rate.length", (double) length);
        Range.FROM_ZERO_BELOW_ONE.check("learning-rate.from", from);
        if (then instanceof Warmup) {
            throw new IllegalArgumentException("learning-rate.then must not be another warm-up, got " + then);
        }
    }

    static Warmup read(Settings own, Span span) {
        Per per = span.per(own);
        long length = Range.count(own, "length");
        double from = Range.FROM_ZERO_BELOW_ONE.read(own, "from", 0);
        Schedule then = Schedules.read(own, "then", span.after(per, length));
        if (then instanceof Warmup) {
            throw own.child("then").wrong("schedule", "expected another schedule behind a warm-up");
        }
        return new Warmup(length, from, then, per);
    }

    @Override
    public double at(Iteration k) {
        double rate = then.at(behind(k));
        long n = per.count(k);
        return n < length ? rate * (from + (1 - from) * ((n + 1.0) / length)) : rate;
    }

    @Override
    public OptionalDouble momentum(Iteration k) {
        return then.momentum(behind(k));
    }

    @Override
    public Optional<Plateau> plateau() {
        return then.plateau();
    }

    /** The iteration as the other schedule counts. */
    private Iteration behind(Iteration k) {
        long n = Math.max(0, per.count(k) - length);
        return per == Per.STEP
                ? new Iteration(n, k.epoch(), k.reductions())
                : new Iteration(k.step(), n, k.reductions());
    }
}
