package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.DoubleFunction;

/**
 * The law c + a n^-b, a and b positive, c not negative, of a loss over the number of rows n.
 *
 * <p>Least squares of the logarithms. With n counted in smallest sizes the law is s (gamma + (1 - gamma) n^-b), gamma
 * from 0 to 1; for given b and gamma the best log s is a mean. What is left is searched for b, and within it for
 * gamma, on a grid and then by golden sections about its best point. Three numbers through three sizes say nothing:
 * with fewer than four there is no law.
 *
 * @param a factor
 * @param b exponent
 * @param c what no number of rows takes away
 * @param residual root of the mean squared difference of the logarithms: about the relative error
 */
record PowerLaw(double a, double b, double c, double residual) {
    /** Sizes that a law takes. */
    static final int FEWEST = 4;

    private static final int GRID = 100;
    private static final double LEAST = 1e-3;
    private static final double MOST = 5;
    private static final double LEAST_GAMMA = 1e-9;
    private static final double MOST_GAMMA = 1 - LEAST_GAMMA;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final int SECTIONS = 60;
    private static final int DIGITS = 4;
    private static final double FALLS = 1 - 1e-6;
    private static final double LEAST_SHOWN = 1e-4;

    /**
     * A law for a given exponent, and how far it is from the values.
     *
     * @param gamma its constant's share of the value at the smallest size
     * @param logScale the logarithm of that value
     * @param squares sum of squared differences of the logarithms
     */
    private record Fit(double b, double gamma, double logScale, double squares) {}

    /**
     * The law through losses.
     *
     * @param rows numbers of rows, positive and different
     * @param losses one for each
     * @return empty with fewer than four sizes, with losses that are not positive, and if they do not fall
     */
    static Optional<PowerLaw> fit(double[] rows, double[] losses) {
        if (rows.length < FEWEST || !Arrays.stream(losses).allMatch(loss -> loss > 0)) {
            return Optional.empty();
        }
        double smallest = Arrays.stream(rows).min().orElseThrow();
        double[] sizes = Arrays.stream(rows).map(n -> n / smallest).toArray();
        double[] logs = Arrays.stream(losses).map(Math::log).toArray();
        Fit best = least(Math.log(LEAST), Math.log(MOST), logB -> withExponent(sizes, logs, Math.exp(logB)));
        double squares = 0;
        double mean = Arrays.stream(logs).average().orElseThrow();
        for (double log : logs) {
            squares += (log - mean) * (log - mean);
        }
        // A constant is as good, or only a law that has hardly begun to fall.
        boolean falls = best.squares < squares * FALLS && best.b > LEAST * 1.001;
        if (!falls) {
            return Optional.empty();
        }
        double scale = Math.exp(best.logScale);
        return Optional.of(new PowerLaw(
                scale * (1 - best.gamma) * Math.pow(smallest, best.b),
                best.b,
                best.gamma < LEAST_GAMMA ? 0 : scale * best.gamma,
                Math.sqrt(best.squares / logs.length)));
    }

    /** The best law with an exponent. */
    private static Fit withExponent(double[] sizes, double[] logs, double b) {
        double[] power = Arrays.stream(sizes).map(n -> Math.pow(n, -b)).toArray();
        return least(0, MOST_GAMMA, gamma -> with(power, logs, b, gamma));
    }

    private static Fit with(double[] power, double[] logs, double b, double gamma) {
        double[] differences = new double[logs.length];
        double sum = 0;
        for (int i = 0; i < logs.length; i++) {
            differences[i] = logs[i] - Math.log(gamma + (1 - gamma) * power[i]);
            sum += differences[i];
        }
        double logScale = sum / logs.length;
        double squares = 0;
        for (double difference : differences) {
            squares += (difference - logScale) * (difference - logScale);
        }
        return new Fit(b, gamma, logScale, squares);
    }

    /** The fit with the least squares between two places: on a grid, its ends included, then by golden sections. */
    private static Fit least(double from, double to, DoubleFunction<Fit> at) {
        double step = (to - from) / GRID;
        double place = from;
        Fit best = at.apply(from);
        for (int i = 1; i <= GRID; i++) {
            Fit next = at.apply(from + i * step);
            if (next.squares < best.squares) {
                best = next;
                place = from + i * step;
            }
        }
        double low = Math.max(from, place - step);
        double high = Math.min(to, place + step);
        for (int i = 0; i < SECTIONS; i++) {
            double left = high - GOLDEN * (high - low);
            double right = low + GOLDEN * (high - low);
            if (at.apply(left).squares <= at.apply(right).squares) {
                high = right;
            } else {
                low = left;
            }
        }
        Fit refined = at.apply((low + high) / 2);
        return refined.squares < best.squares ? refined : best;
    }

    /** The law's value at a number of rows. */
    double at(double rows) {
        return c + a * Math.pow(rows, -b);
    }

    ObjectNode json() {
        ObjectNode node = Json.object();
        Json.put(node, "a", a);
        Json.put(node, "b", b);
        Json.put(node, "c", c);
        Json.put(node, "residual", residual);
        node.put(
                "text",
                (c == 0 ? "" : Shown.number(c, DIGITS) + " + ") + Shown.number(a, DIGITS) + " n^-"
                        + Shown.number(b, DIGITS)
                        + (residual < LEAST_SHOWN ? "" : ", off by " + Shown.number(100 * residual, 2) + " %"));
        return node;
    }
}
