package dev.lockstep.study;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;

/**
 * Numbers as people read them: six significant digits, trailing zeros dropped, the same in sentences and in {@code
 * runs.csv}, so that one is found in the other.
 */
final class Shown {
    private static final int DIGITS = 6;
    private static final int SECONDS_DIGITS = 3;
    private static final int MOST_NAMED = 4;
    private static final List<String> SMALL = List.of(
            "no",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen");
    private static final List<String> TENS =
            List.of("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");
    private static final double LEAST_PLAIN = 1e-4;
    private static final double LEAST_SCIENTIFIC = 1e9;

    private Shown() {}

    /** A number with six significant digits; empty if it is not finite. */
    static String number(double value) {
        return number(value, DIGITS);
    }

    /** A number with some significant digits, trailing zeros dropped; empty if it is not finite. */
    static String number(double value, int digits) {
        if (!Double.isFinite(value)) {
            return "";
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal rounded = new BigDecimal(value)
                .round(new MathContext(digits, RoundingMode.HALF_EVEN))
                .stripTrailingZeros();
        double size = Math.abs(value);
        if (size >= LEAST_PLAIN && size < LEAST_SCIENTIFIC) {
            return rounded.toPlainString();
        }
        int exponent = rounded.precision() - rounded.scale() - 1;
        return rounded.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
    }

    /** A number so that parsing gives it back, without an exponent where there need be none; empty if not finite. */
    static String exact(double value) {
        if (!Double.isFinite(value)) {
            return "";
        }
        return value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? Long.toString((long) value)
                : Double.toString(value).replace('E', 'e');
    }

    /** A count in words below a hundred, so that all figures of a sentence are measurements; 0 is "no". */
    static String count(int count) {
        if (count >= 100) {
            return Integer.toString(count);
        }
        if (count < SMALL.size()) {
            return SMALL.get(count);
        }
        String ten = TENS.get(count / 10 - 2);
        return count % 10 == 0 ? ten : ten + "-" + SMALL.get(count % 10);
    }

    /** With a capital first letter. */
    static String sentence(String text) {
        return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /** a, b and c. */
    static String list(List<String> words) {
        int last = words.size() - 1;
        return last < 1
                ? String.join("", words)
                : String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }

    /** The first few words, and how many others there are. */
    static String list(List<String> words, int most, String others) {
        if (words.size() <= most) {
            return list(words);
        }
        return String.join(", ", words.subList(0, most)) + " and " + count(words.size() - most) + " other " + others;
    }

    /** Different numbers, ascending: all of a few, of more the first and the last. */
    static String numbers(double[] ascending) {
        List<String> different =
                Arrays.stream(ascending).mapToObj(Shown::number).distinct().toList();
        return different.size() <= MOST_NAMED
                ? list(different)
                : different.get(0) + " to " + different.get(different.size() - 1);
    }

    /** Seconds with three digits: more would be noise. */
    static String seconds(double seconds) {
        return number(seconds, SECONDS_DIGITS) + " s";
    }

    /** Seconds from one number to another; one if they look the same. */
    static String seconds(double low, double high) {
        return range(number(low, SECONDS_DIGITS), number(high, SECONDS_DIGITS)) + " s";
    }

    /** Passes with their unit. */
    static String passes(double passes) {
        return passes(passes, passes);
    }

    /** Passes from one number to another; one if they look the same. */
    static String passes(double low, double high) {
        return range(number(low), number(high)) + (high == 1 ? " pass" : " passes");
    }

    /** From one number to another; one if they are the same. */
    static String range(String low, String high) {
        return low.equals(high) ? high : low + " to " + high;
    }
}
