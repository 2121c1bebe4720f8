package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Arrays of numbers in JSON, with six significant digits; what is not finite is null. */
final class Numbers {
    private Numbers() {}

    static void put(ObjectNode node, String name, double[] values) {
        ArrayNode array = node.putArray(name);
        for (double value : values) {
            add(array, value);
        }
    }

    /** Puts the entries at some indices. */
    static void put(ObjectNode node, String name, double[] values, int[] indices) {
        ArrayNode array = node.putArray(name);
        for (int index : indices) {
            add(array, values[index]);
        }
    }

    /** Puts a number as it is, whole ones without a fraction; or null. */
    static void add(ArrayNode array, double value) {
        if (!Double.isFinite(value)) {
            array.addNull();
        } else if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
            array.add((long) value);
        } else {
            array.add(Shown.rounded(value));
        }
    }
}
