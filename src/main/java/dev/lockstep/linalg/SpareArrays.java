package dev.lockstep.linalg;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Arrays of vectors that nobody needs any more, for the next vectors: the last one that was given is the next one that is
 * taken, so it is in the cache, and it need not be set to zero. The runs of a study take their steps one after the other
 * and need the same few arrays for it; between two steps a run holds no array but those it will read.
 */
final class SpareArrays {
    private static final Map<Integer, ArrayDeque<double[]>> BY_LENGTH = new HashMap<>();

    private SpareArrays() {}

    /** An array of any content. */
    static double[] take(int length) {
        if (length < Vector.LEAST_RELEASED) {
            return new double[length];
        }
        double[] spare = null;
        synchronized (BY_LENGTH) {
            ArrayDeque<double[]> spares = BY_LENGTH.get(length);
            if (spares != null) {
                spare = spares.pollLast();
            }
        }
        return spare == null ? new double[length] : spare;
    }

    /** An array that nobody reads or writes any more. */
    static void give(double[] array) {
        if (array.length < Vector.LEAST_RELEASED) {
            return;
        }
        assert spoil(array);
        synchronized (BY_LENGTH) {
            BY_LENGTH
                    .computeIfAbsent(array.length, length -> new ArrayDeque<>())
                    .addLast(array);
        }
    }

    /** Lets go of all of them. */
    static void clear() {
        synchronized (BY_LENGTH) {
            BY_LENGTH.clear();
        }
    }

    /** Where assertions are on, whoever still reads it notices. */
    private static boolean spoil(double[] array) {
        Arrays.fill(array, Double.NaN);
        return true;
    }
}
