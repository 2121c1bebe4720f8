package dev.lockstep.data;

import java.math.BigDecimal;
import java.util.Optional;

/** How numbers are written in text: decimal, with an optional exponent, and nothing else. */
final class Numbers {
    /** Digits behind or before the point beyond which a label is text rather than a number. */
    private static final int MOST_DIGITS = 400;

    private static final int MOST_SIMPLE_DIGITS = 15;

    /** Powers of ten, exact. */
    private static final double[] POWERS = {
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15
    };

    private Numbers() {}

    /**
     * The number that a text stands for; NaN if it is none, or is not finite. Java's hexadecimal numbers, type suffixes,
     * "NaN" and "Infinity" are no numbers here.
     */
    static double parse(String text) {
        double simple = simple(text);
        if (!Double.isNaN(simple)) {
            return simple;
        }
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

    /**
     * The number of a text of at most 15 digits with a point among them and no exponent; NaN for any other. Its digits and
     * the power of ten to divide them by are exact in double precision, so that the one division rounds correctly (Clinger
     * 1990, doi:10.1145/93542.93557).
     */
    private static double simple(String text) {
        int length = text.length();
        boolean negative = length > 0 && text.charAt(0) == '-';
        long digits = 0;
        int count = 0;
        int behind = -1;
        for (int i = negative ? 1 : 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= '0' && c <= '9') {
                digits = 10 * digits + (c - '0');
                count++;
                behind += behind >= 0 ? 1 : 0;
            } else if (c == '.' && behind < 0) {
                behind = 0;
            } else {
                return Double.NaN;
            }
        }
        if (count == 0 || count > MOST_SIMPLE_DIGITS) {
            return Double.NaN;
        }
        double value = behind > 0 ? digits / POWERS[behind] : digits;
        return negative ? -value : value;
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
