package dev.lockstep.study;

import java.util.Set;

/**
 * What a run is to reach.
 *
 * @param measure {@code training-loss}, {@code gradient-norm}, or {@code validation-} and the key of a metric
 * @param value at which it is reached
 */
public record Target(String measure, double value) {
    static final String TRAINING_LOSS = "training-loss";
    static final String GRADIENT_NORM = "gradient-norm";
    static final String VALIDATION = "validation-";

    /** Metrics of which more is better; of all others less is. */
    private static final Set<String> LARGER = Set.of("accuracy", "macroF1", "r2");

    /** Name of the target in files: {@code training-loss:0.1}. */
    public String id() {
        return measure + ":" + Shown.exact(value);
    }

    /** For people: {@code training loss 0.1}. */
    public String label() {
        return words() + " " + Shown.exact(value).replace(".0e", "e");
    }

    /** The measure for people. */
    String words() {
        return measure.replace('-', ' ');
    }

    /** Whether a value is at least as good as the target's. */
    boolean reachedBy(double measured) {
        return larger() ? measured >= value : measured <= value;
    }

    /** The better of two values; a number is better than none. */
    double better(double first, double second) {
        if (Double.isNaN(first) || Double.isNaN(second)) {
            return Double.isNaN(first) ? second : first;
        }
        return larger() ? Math.max(first, second) : Math.min(first, second);
    }

    private boolean larger() {
        return measure.startsWith(VALIDATION) && isLargerBetter(measure.substring(VALIDATION.length()));
    }

    /** Whether more of a metric is better. */
    static boolean isLargerBetter(String metric) {
        return LARGER.contains(metric);
    }
}
