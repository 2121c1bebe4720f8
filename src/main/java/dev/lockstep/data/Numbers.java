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
}
