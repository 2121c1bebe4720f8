package dev.lockstep.linalg;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Arrays of vectors that nobody needs any more, for the next vectors of the same thread: they are in the cache, and need
 * not be set to zero. All of one length: that of the last one that was given.
 */
final class SpareArrays {
    private static final ThreadLocal<ArrayDeque<double[]>> OWN = ThreadLocal.withInitial(ArrayDeque::new);

    private SpareArrays() {}

    /** An array of any content. */
    static double[] take(int length) {
        if (length < Vector.LEAST_RELEASED) {
            return new double[length];
        }
        double[] spare = OWN.get().peekLast();
        if (spare == null || spare.length != length) {
            return new double[length];
        }
        return OWN.get().removeLast();
    }

    /** An array that nobody reads or writes any more. */
    static void give(double[] array) {
        if (array.length < Vector.LEAST_RELEASED) {
            return;
        }
        ArrayDeque<double[]> own = OWN.get();
        if (!own.isEmpty() && own.peekLast().length != array.length) {
            own.clear();
        }
        assert spoil(array);
        own.addLast(array);
    }

    /** Lets go of all that the calling thread has. */
    static void clear() {
        OWN.remove();
    }

    /** Where assertions are on, whoever still reads it notices. */
    private static boolean spoil(double[] array) {
        Arrays.fill(array, Double.NaN);
        return true;
    }
}
