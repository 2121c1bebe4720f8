package dev.lockstep.data;

import java.math.BigDecimal;
import java.util.Optional;

/** How numbers are written in text: decimal, with an optional exponent, and nothing else. */
final class Numbers {
    /** Digits behind or before the point beyond which a label is text rather than a number. */
    private static final int MOST_DIGITS = 400;

    private Numbers() {}

    /**
     * The number that a text stands for; NaN if it is none, or is not finite. Java's hexadecimal numbers, type suffixes,
     * "NaN" and "Infinity" are no numbers here.
     */
    static double parse(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed = (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
            if (!allowed) {
                return Double.NaN;
            }
        }
        try {
            double value = Double.parseDouble(text);
            return Double.isFinite(value) ? value : Double.NaN;
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /** The exact number that a text stands for, or nothing if {@link #parse} would say that it is none. */
    static Optional<BigDecimal> exact(String text) {
        if (Double.isNaN(parse(text))) {
            return Optional.empty();
        }
        try {
            BigDecimal number = new BigDecimal(text);
            return Math.abs(number.scale()) <= MOST_DIGITS
                    ? Optional.of(number.stripTrailingZeros())
                    : Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The number, or NaN if it is not finite. */
    static double finite(double value) {
        return Double.isFinite(value) ? value : Double.NaN;
    }

    /** A number as text from which it can be read again; a whole one has no point. */
    static String text(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /** The same in single precision: 0.1f is "0.1". */
    static String text(float value) {
        return value == Math.rint(value) && Math.abs(value) < 1 << 24
                ? Long.toString((long) value)
                : Float.toString(value);
    }
}
