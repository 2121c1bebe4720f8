package dev.lockstep.observe;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Round numbers along an axis; the page of a study sets the same, see {@code axes.js}. */
final class Marks {
    private static final double[][] DIGITS = {
        {1, 1.2, 1.4, 1.6, 1.8, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7, 8, 9},
        {1, 1.5, 2, 3, 4, 5, 7},
        {1, 2, 5},
        {1}
    };
    private static final double[] STEPS = {1, 2, 5, 10};
    private static final int FEWEST = 3;

    private Marks() {}

    /** Multiples of 1, 2 or 5 times a power of ten, at most so many. */
    static List<Double> linear(double from, double to, int most) {
        double rough = (to - from) / most;
        double decade = StrictMath.pow(10, Math.floor(Math.log10(rough)));
        List<Double> marks = new ArrayList<>();
        for (double step : STEPS) {
            double interval = step * decade;
            marks.clear();
            double first = Math.ceil(from / interval - 1e-9);
            for (int k = 0; k <= most && first + k <= to / interval + 1e-9; k++) {
                marks.add((first + k) * interval + 0.0);
            }
            if (marks.size() <= most) {
                break;
            }
        }
        return marks;
    }

    /** As many digits of each decade as there is room for, or every second decade, or third; linear within a part of one. */
    static List<Double> logarithmic(double from, double to, int most) {
        for (double[] digits : DIGITS) {
            List<Double> marks = decades(from, to, digits, 1);
            if (marks.size() <= most) {
                return marks.size() < FEWEST && to < 10 * from ? linear(from, to, most) : marks;
            }
        }
        return decades(from, to, new double[] {1}, (int) Math.ceil((Math.log10(to) - Math.log10(from)) / most));
    }

    private static List<Double> decades(double from, double to, double[] digits, int every) {
        List<Double> marks = new ArrayList<>();
        int last = (int) Math.ceil(Math.log10(to));
        for (int decade = (int) Math.floor(Math.log10(from)); decade <= last; decade++) {
            for (double digit : digits) {
                double mark = Double.parseDouble(digit + "e" + decade);
                if (decade % every == 0 && mark >= from * 0.9999 && mark <= to * 1.0001) {
                    marks.add(mark);
                }
            }
        }
        return marks;
    }

    /** A mark in words: thousands apart, from a million and below a ten-thousandth with an exponent. */
    static String label(double value) {
        return text(value, "0.#########", "0.#########E0");
    }

    static String text(double value, String digits, String withExponent) {
        double size = Math.abs(value);
        DecimalFormatSymbols symbols = DecimalFormatSymbols.getInstance(Locale.ROOT);
        symbols.setExponentSeparator("e");
        boolean plain = size < 1e-12 || (size >= 0.99999e-4 && size < 0.9999999e6);
        return new DecimalFormat(plain ? "#,##" + digits : withExponent, symbols).format(value);
    }
}
