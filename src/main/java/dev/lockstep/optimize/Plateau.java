package dev.lockstep.optimize;

import dev.lockstep.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Lower the rate where the run has come to rest: eta(k) = max(minimum, initial factor^r), r the number of plateaus.
 *
 * <pre>
 *   after each epoch, v the value that is watched:
 *   better     v &lt; best (1 - threshold), or v &gt; best (1 + threshold) where more is better: best = v, bad = 0
 *   else       bad = bad + 1
 *   cooling    bad = 0, and one epoch less to cool
 *   bad &gt; patience: r = r + 1, cooldown epochs to cool, bad = 0
 * </pre>
 *
 * The rule is PyTorch's {@code ReduceLROnPlateau} with its defaults, threshold relative, so that values should not be
 * negative. PyTorch leaves out reductions by less than its eps of 1e-8; here every one is made. How many there were is
 * for the loop to know, which keeps a {@link Memory} beside the optimizer's state: the schedule itself stays pure.
 *
 * @param initial eta(0), positive
 * @param factor in (0, 1)
 * @param patience epochs without a better value that are let pass, at least 0
 * @param threshold share by which a value must be better, in [0, 1)
 * @param cooldown epochs after a reduction that do not count, at least 0
 * @param minimum below which the rate does not go, in [0, initial]
 * @param monitor what is watched
 */
public record Plateau(
        double initial, double factor, long patience, double threshold, long cooldown, double minimum, Monitor monitor)
        implements Schedule {
    /** What may be watched. */
    public enum Monitor {
        /** The epoch's training loss. */
        TRAINING_LOSS,
        /** The validation loss. */
        VALIDATION_LOSS,
        /** The share of validation rows that are classified rightly; more is better. */
        ACCURACY;

        /** The word in a configuration. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * What is remembered from epoch to epoch.
     *
     * @param best the best value so far; NaN before the first
     * @param bad epochs since then that were not better
     * @param cooling epochs that are still to pass before bad ones count
     * @param reductions how often a plateau was met
     */
    public record Memory(double best, long bad, long cooling, long reductions) {
        /** Before the first epoch. */
        public static final Memory NONE = new Memory(Double.NaN, 0, 0, 0);
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Plateau {
        Range.POSITIVE.check("learning-rate.initial", initial);
        Range.BETWEEN_ZERO_AND_ONE.check("learning-rate.factor", factor);
        Range.NOT_NEGATIVE.check("learning-rate.patience", (double) patience);
        Range.FROM_ZERO_BELOW_ONE.check("learning-rate.threshold", threshold);
        Range.NOT_NEGATIVE.check("learning-rate.cooldown", (double) cooldown);
        Range.NOT_NEGATIVE.check("learning-rate.minimum", minimum);
        if (minimum > initial) {
            throw new IllegalArgumentException(
                    "learning-rate.minimum must be at most initial, got " + minimum + " > " + initial);
        }
    }

    static Plateau read(Settings own) {
        List<String> monitors =
                Arrays.stream(Monitor.values()).map(Monitor::key).toList();
        double initial = Range.POSITIVE.read(own, "initial");
        double minimum = Range.NOT_NEGATIVE.read(own, "minimum", 0);
        if (minimum > initial) {
            throw own.wrong("minimum", "expected minimum <= initial, got " + minimum + " > " + initial);
        }
        return new Plateau(
                initial,
                Range.BETWEEN_ZERO_AND_ONE.read(own, "factor", 0.1),
                own.integer("patience", 10, 0, Integer.MAX_VALUE),
                Range.FROM_ZERO_BELOW_ONE.read(own, "threshold", 1e-4),
                own.integer("cooldown", 0, 0, Integer.MAX_VALUE),
                minimum,
                Monitor.values()[monitors.indexOf(own.choice("monitor", Monitor.TRAINING_LOSS.key(), monitors))]);
    }

    @Override
    public double at(Iteration k) {
        return Math.max(minimum, initial * StrictMath.pow(factor, (double) k.reductions()));
    }

    @Override
    public Optional<Plateau> plateau() {
        return Optional.of(this);
    }

    /** What is remembered after an epoch with this value; one that is not finite is never better. */
    public Memory after(Memory before, double value) {
        boolean more = monitor == Monitor.ACCURACY;
        boolean better = Double.isNaN(before.best())
                ? Double.isFinite(value)
                : more ? value > before.best() * (1 + threshold) : value < before.best() * (1 - threshold);
        double best = better ? value : before.best();
        long bad = better ? 0 : before.bad() + 1;
        long cooling = before.cooling();
        if (cooling > 0) {
            cooling--;
            bad = 0;
        }
        return bad > patience
                ? new Memory(best, 0, cooldown, before.reductions() + 1)
                : new Memory(best, bad, cooling, before.reductions());
    }
}
