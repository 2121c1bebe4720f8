package dev.lockstep.optimize;

import dev.lockstep.Settings;
import java.util.List;

/**
 * Decay at given times: eta(k) = initial factor^n, n the number of milestones that are at most k, k = 0, 1, …
 *
 * <p>PyTorch's {@code MultiStepLR}, which multiplies at every milestone and so may differ in the last bits.
 *
 * @param initial eta(0), positive
 * @param factor in (0, 1]; 1 is a constant rate
 * @param milestones at least one, each at least 1, each above the one before
 * @param per what k counts
 */
public record MultiStepDecay(double initial, double factor, List<Long> milestones, Per per) implements Schedule {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range or the milestones do not ascend
     */
    public MultiStepDecay {
        Range.POSITIVE.check("learning-rate.initial", initial);
        Range.ABOVE_ZERO_TO_ONE.check("learning-rate.factor", factor);
        milestones = List.copyOf(milestones);
        if (!ascend(milestones)) {
            throw new IllegalArgumentException(
                    "learning-rate.milestones must be numbers of at least 1 that ascend, got " + milestones);
        }
    }

    static MultiStepDecay read(Settings own, Span span) {
        List<Double> numbers = own.numbers("milestones");
        List<Long> milestones = numbers.stream().map(Double::longValue).toList();
        boolean whole = numbers.stream().allMatch(number -> number == Math.rint(number) && number < 0x1p53);
        if (!whole || !ascend(milestones)) {
            throw own.wrong("milestones", "expected whole numbers of at least 1 that ascend, such as [30, 60, 80]");
        }
        return new MultiStepDecay(
                Range.POSITIVE.read(own, "initial"),
                Range.ABOVE_ZERO_TO_ONE.read(own, "factor", 0.1),
                milestones,
                span.per(own));
    }

    private static boolean ascend(List<Long> milestones) {
        long last = 0;
        for (long milestone : milestones) {
            if (milestone <= last) {
                return false;
            }
            last = milestone;
        }
        return !milestones.isEmpty();
    }

    @Override
    public double at(Iteration k) {
        long n = per.count(k);
        long passed = milestones.stream().filter(milestone -> milestone <= n).count();
        return initial * StrictMath.pow(factor, (double) passed);
    }
}
