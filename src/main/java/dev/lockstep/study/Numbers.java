package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Arrays of numbers in JSON, as floats are printed, for pictures; what is not finite is null. */
final class Numbers {
    private static final double LEAST_FLOAT = 1e-30;

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

    /** Whole numbers go without a fraction, and those that no float holds as doubles. */
    static void add(ArrayNode array, Double value) {
        if (value == null || !Double.isFinite(value)) {
            array.addNull();
        } else if (value == Math.rint(value) && Math.abs(value) < 1L << 53) {
            array.add(value.longValue());
        } else if (Math.abs(value) > Float.MAX_VALUE || Math.abs(value) < LEAST_FLOAT) {
            array.add(value);
        } else {
            array.add(value.floatValue());
        }
    }
}
