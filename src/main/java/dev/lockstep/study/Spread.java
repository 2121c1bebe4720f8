package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/**
 * A number over all seeds. A seed that is worse than any number, because it never reached a target or left the finite
 * numbers, counts as infinite: so a median is finite only where more than half of the seeds are.
 *
 * @param median the value in the middle, the mean of two where their number is even; NaN if there are no values
 * @param low the lowest
 * @param high the highest
 */
record Spread(double median, double low, double high) {
    static final Spread NONE = new Spread(Double.NaN, Double.NaN, Double.NaN);

    /** Of the values that are known, which infinite ones are; NaN is left out. */
    static Spread of(double... values) {
        double[] sorted = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        if (sorted.length == 0) {
            return NONE;
        }
        double[] middle = middle(sorted);
        double median = middle[0] == middle[1] ? middle[0] : middle[0] + (middle[1] - middle[0]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1]);
    }

    /** The two in the middle of an ascending row, twice the same one of an odd number. */
    static double[] middle(double... ascending) {
        return new double[] {ascending[(ascending.length - 1) / 2], ascending[ascending.length / 2]};
    }

    /** Of a number that things have, where they have it. */
    static <T> Spread of(Collection<T> things, ToDoubleFunction<T> number) {
        return of(things.stream().mapToDouble(number).toArray());
    }

    /** Whether no seed has a finite value. */
    boolean isNone() {
        return !Double.isFinite(median) && !Double.isFinite(low) && !Double.isFinite(high);
    }

    /** The same without its ends where one of them is infinite: what can be drawn as a band. */
    Spread closed() {
        return Double.isFinite(low) && Double.isFinite(high) ? this : new Spread(median, Double.NaN, Double.NaN);
    }

    /** Puts the three numbers under a key, what is infinite as null; null alone if no seed has one. */
    void put(ObjectNode node, String name) {
        if (isNone()) {
            node.putNull(name);
            return;
        }
        ObjectNode spread = node.putObject(name);
        Json.put(spread, "median", median);
        Json.put(spread, "low", low);
        Json.put(spread, "high", high);
    }
}
