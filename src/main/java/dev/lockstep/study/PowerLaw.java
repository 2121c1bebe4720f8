package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.Arrays;
import java.util.Optional;

/**
 * The law c + a n^-b, a and b positive, c not negative, of a loss over the number of rows n.
 *
 * <p>Least squares of the relative errors. For a given b the law is linear in a and c, so the search is over b alone
 * (variable projection: Golub and Pereyra 1973, doi:10.1137/0710036): on a grid, and then by golden sections about
 * its best point. With fewer than four sizes there is no c: it is 0.
 *
 * @param a factor
 * @param b exponent
 * @param c what no number of rows takes away
 */
record PowerLaw(double a, double b, double c) {
    private static final int SIZES_FOR_THREE = 4;
    private static final int GRID = 200;
    private static final double LEAST = 1e-3;
    private static final double MOST = 5;
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;
    private static final int SECTIONS = 80;

    /**
     * A law for a given exponent, and how far it is from the values.
     *
     * @param law the law; its factor is of sizes over the smallest one
     * @param squares sum of squared relative errors; infinite if no law has that exponent
     */
    private record Fit(PowerLaw law, double squares) {}

    /**
     * The law through losses.
     *
     * @param rows numbers of rows, positive and different
     * @param losses one for each
     * @return empty with fewer than two sizes, with losses that are not positive, and if they do not fall
     */
    static Optional<PowerLaw> fit(double[] rows, double[] losses) {
        boolean possible = rows.length >= 2 && Arrays.stream(losses).allMatch(loss -> loss > 0);
        if (!possible) {
            return Optional.empty();
        }
        double smallest = Arrays.stream(rows).min().orElseThrow();
        double[] sizes = Arrays.stream(rows).map(n -> n / smallest).toArray();
        boolean three = rows.length >= SIZES_FOR_THREE;
        double step = Math.log(MOST / LEAST) / GRID;
        Fit best = fit(sizes, losses, LEAST, three);
        double logBest = Math.log(LEAST);
        for (int i = 1; i <= GRID; i++) {
            Fit next = fit(sizes, losses, LEAST * Math.exp(i * step), three);
            if (next.squares < best.squares) {
                best = next;
                logBest = Math.log(next.law.b);
            }
        }
        if (Double.isInfinite(best.squares) || best.law.b == LEAST) {
            return Optional.empty();
        }
        PowerLaw law = refined(sizes, losses, three, logBest - step, logBest + step);
        return Optional.of(new PowerLaw(law.a * Math.pow(smallest, law.b), law.b, law.c));
    }

    private static PowerLaw refined(double[] sizes, double[] losses, boolean three, double from, double to) {
        double low = from;
        double high = to;
        for (int i = 0; i < SECTIONS; i++) {
            double left = high - GOLDEN * (high - low);
            double right = low + GOLDEN * (high - low);
            double leftSquares = fit(sizes, losses, Math.exp(left), three).squares;
            if (leftSquares <= fit(sizes, losses, Math.exp(right), three).squares) {
                high = right;
            } else {
                low = left;
            }
        }
        return fit(sizes, losses, Math.exp((low + high) / 2), three).law;
    }

    /** Weighted linear least squares of a and c, weights 1 / loss^2; c is 0 where it would be negative. */
    private static Fit fit(double[] sizes, double[] losses, double b, boolean three) {
        double[] power = Arrays.stream(sizes).map(n -> Math.pow(n, -b)).toArray();
        double weights = 0;
        double meanPower = 0;
        double meanLoss = 0;
        for (int i = 0; i < sizes.length; i++) {
            double weight = 1 / (losses[i] * losses[i]);
            weights += weight;
            meanPower += weight * power[i];
            meanLoss += weight * losses[i];
        }
        meanPower /= weights;
        meanLoss /= weights;
        double a = slope(power, losses, meanPower, meanLoss);
        double c = meanLoss - a * meanPower;
        if (!three || c < 0) {
            a = slope(power, losses, 0, 0);
            c = 0;
        }
        if (!(a > 0)) {
            return new Fit(new PowerLaw(a, b, c), Double.POSITIVE_INFINITY);
        }
        double squares = 0;
        for (int i = 0; i < sizes.length; i++) {
            double error = (losses[i] - c - a * power[i]) / losses[i];
            squares += error * error;
        }
        return new Fit(new PowerLaw(a, b, c), squares);
    }

    private static double slope(double[] power, double[] losses, double meanPower, double meanLoss) {
        double products = 0;
        double squares = 0;
        for (int i = 0; i < power.length; i++) {
            double weight = 1 / (losses[i] * losses[i]);
            products += weight * (power[i] - meanPower) * (losses[i] - meanLoss);
            squares += weight * (power[i] - meanPower) * (power[i] - meanPower);
        }
        return products / squares;
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
        node.put("text", (c == 0 ? "" : Shown.number(c) + " + ") + Shown.number(a) + " n^-" + Shown.number(b));
        return node;
    }
}
