package dev.lockstep.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** What a product must know of its numbers before it leaves any out. */
final class MagnitudeLanes32 {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.length();
    private static final int MAGNITUDE = Integer.MAX_VALUE;
    private static final int INFINITE = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);

    private MagnitudeLanes32() {}

    /** The smallest magnitude but for zeros, infinity if there are zeros only; NaN if one is not finite. */
    static double smallest(float[] values, int from, int count) {
        int end = from + SPECIES.loopBound(count);
        // Zero less one is the largest magnitude.
        int least = MAGNITUDE;
        int most = 0;
        if (end > from) {
            IntVector magnitudes = magnitudes(values, from);
            IntVector low = magnitudes.sub(1).and(MAGNITUDE);
            IntVector high = magnitudes;
            for (int i = from + WIDTH; i < end; i += WIDTH) {
                magnitudes = magnitudes(values, i);
                low = low.min(magnitudes.sub(1).and(MAGNITUDE));
                high = high.max(magnitudes);
            }
            for (int i = 0; i < WIDTH; i++) {
                least = Math.min(least, low.lane(i));
                most = Math.max(most, high.lane(i));
            }
        }
        for (int i = end; i < from + count; i++) {
            int magnitude = Float.floatToRawIntBits(values[i]) & MAGNITUDE;
            least = Math.min(least, (magnitude - 1) & MAGNITUDE);
            most = Math.max(most, magnitude);
        }
        if (most >= INFINITE) {
            return Double.NaN;
        }
        return least == MAGNITUDE ? Double.POSITIVE_INFINITY : Float.intBitsToFloat(least + 1);
    }

    /** Whether one is a zero with the sign of a negative number: of all bits the smallest integer. */
    static boolean hasNegativeZero(float[] values, int from, int count) {
        int end = from + SPECIES.loopBound(count);
        int least = 0;
        if (end > from) {
            IntVector less = FloatVector.fromArray(SPECIES, values, from).reinterpretAsInts();
            for (int i = from + WIDTH; i < end; i += WIDTH) {
                less = less.min(FloatVector.fromArray(SPECIES, values, i).reinterpretAsInts());
            }
            for (int i = 0; i < WIDTH; i++) {
                least = Math.min(least, less.lane(i));
            }
        }
        for (int i = end; i < from + count; i++) {
            least = Math.min(least, Float.floatToRawIntBits(values[i]));
        }
        return least == Integer.MIN_VALUE;
    }

    private static IntVector magnitudes(float[] values, int at) {
        return FloatVector.fromArray(SPECIES, values, at).reinterpretAsInts().and(MAGNITUDE);
    }
}
