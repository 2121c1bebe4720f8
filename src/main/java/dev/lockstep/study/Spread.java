package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.Arrays;
import java.util.Collection;
import java.util.function.ToDoubleFunction;

/**
 * A number over several seeds. The median is the lower one, so that it is always a number that some run has.
 *
 * @param median the value in the middle, the lower of two; NaN if there are no values
 * @param low the lowest
 * @param high the highest
 */
record Spread(double median, double low, double high) {
    static final Spread NONE = new Spread(Double.NaN, Double.NaN, Double.NaN);

    /** Of the values that are numbers. */
    static Spread of(double... values) {
        double[] sorted = Arrays.stream(values)
                .filter(value -> !Double.isNaN(value))
                .sorted()
                .toArray();
        return sorted.length == 0
                ? NONE
                : new Spread(sorted[(sorted.length - 1) / 2], sorted[0], sorted[sorted.length - 1]);
    }

    /** Of a number that things have, where they have it. */
    static <T> Spread of(Collection<T> things, ToDoubleFunction<T> number) {
        return of(things.stream().mapToDouble(number).toArray());
    }

    boolean isNone() {
        return Double.isNaN(median);
    }

    /** Puts the three numbers under a key, or null if there are none. */
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
