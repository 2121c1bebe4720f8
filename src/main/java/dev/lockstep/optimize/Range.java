package dev.lockstep.optimize;

import dev.lockstep.Settings;

/**
 * The values that a hyper-parameter may take: the one home of each range, for records and for configurations.
 *
 * @param words what is expected, as both messages say it
 * @param low the least value
 * @param included whether {@code low} itself is allowed
 * @param high above every value; infinity leaves out only what is not finite
 */
record Range(String words, double low, boolean included, double high) {
    static final Range FINITE = new Range("a finite number", Double.NEGATIVE_INFINITY, false, Double.POSITIVE_INFINITY);
    static final Range POSITIVE = new Range("a positive number", 0, false, Double.POSITIVE_INFINITY);
    static final Range NOT_NEGATIVE = new Range("a number of at least 0", 0, true, Double.POSITIVE_INFINITY);
    static final Range AT_LEAST_ONE = new Range("a number of at least 1", 1, true, Double.POSITIVE_INFINITY);
    static final Range ABOVE_ONE = new Range("a number above 1", 1, false, Double.POSITIVE_INFINITY);
    static final Range FROM_ZERO_BELOW_ONE = new Range("a number in [0, 1)", 0, true, 1);
    static final Range BETWEEN_ZERO_AND_ONE = new Range("a number in (0, 1)", 0, false, 1);
    static final Range BETWEEN_ZERO_AND_HALF = new Range("a number in (0, 0.5)", 0, false, 0.5);
    static final Range ABOVE_ZERO_TO_ONE = new Range("a number in (0, 1]", 0, false, Math.nextUp(1.0));
    static final Range FROM_ZERO_TO_ONE = new Range("a number in [0, 1]", 0, true, Math.nextUp(1.0));

    /**
     * Refuses a value outside its range.
     *
     * @throws IllegalArgumentException if the value is outside; the message names it
     */
    void check(String key, double value) {
        if (!contains(value)) {
            throw new IllegalArgumentException(key + " must be " + words + ", got " + value);
        }
    }

    /** The number under a key that must be there and in this range. */
    double read(Settings own, String key) {
        return checked(own, key, own.number(key));
    }

    /** The number under a key, or a default; it must be in this range. */
    double read(Settings own, String key, double otherwise) {
        return checked(own, key, own.number(key, otherwise));
    }

    /** The whole number under a key that must be there, at least 1. */
    static long count(Settings own, String key) {
        own.number(key);
        return count(own, key, 1);
    }

    /** The whole number under a key, or a default; at least 1. */
    static long count(Settings own, String key, long otherwise) {
        long count = own.integer(key, otherwise);
        if (count < 1) {
            throw own.wrong(key, "expected a whole number of at least 1");
        }
        return count;
    }

    private double checked(Settings own, String key, double value) {
        if (!contains(value)) {
            throw own.wrong(key, "expected " + words);
        }
        return value;
    }

    private boolean contains(double value) {
        return (included ? value >= low : value > low) && value < high;
    }
}
