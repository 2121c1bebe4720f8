package dev.lockstep.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorSpecies;

/** What a product must know of its numbers before it leaves any out. */
final class MagnitudeLanes64 {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.length();
    private static final long MAGNITUDE = Long.MAX_VALUE;
    private static final long INFINITE = Double.doubleToRawLongBits(Double.POSITIVE_INFINITY);

    private MagnitudeLanes64() {}

    /** The smallest magnitude but for zeros, infinity if there are zeros only; NaN if one is not finite. */
    static double smallest(double[] values, int from, int count) {
        int end = from + SPECIES.loopBound(count);
        // Zero less one is the largest magnitude.
        long least = MAGNITUDE;
        long most = 0;
        if (end > from) {
            LongVector magnitudes = magnitudes(values, from);
            LongVector low = magnitudes.sub(1).and(MAGNITUDE);
            LongVector high = magnitudes;
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
            long magnitude = Double.doubleToRawLongBits(values[i]) & MAGNITUDE;
            least = Math.min(least, (magnitude - 1) & MAGNITUDE);
            most = Math.max(most, magnitude);
        }
        if (most >= INFINITE) {
            return Double.NaN;
        }
        return least == MAGNITUDE ? Double.POSITIVE_INFINITY : Double.longBitsToDouble(least + 1);
    }

    /** Whether one is a zero with the sign of a negative number: of all bits the smallest long integer. */
    static boolean hasNegativeZero(double[] values, int from, int count) {
        int end = from + SPECIES.loopBound(count);
        long least = 0;
        if (end > from) {
            LongVector less = DoubleVector.fromArray(SPECIES, values, from).reinterpretAsLongs();
            for (int i = from + WIDTH; i < end; i += WIDTH) {
                less = less.min(DoubleVector.fromArray(SPECIES, values, i).reinterpretAsLongs());
            }
            for (int i = 0; i < WIDTH; i++) {
                least = Math.min(least, less.lane(i));
            }
        }
        for (int i = end; i < from + count; i++) {
            least = Math.min(least, Double.doubleToRawLongBits(values[i]));
        }
        return least == Long.MIN_VALUE;
    }

    private static LongVector magnitudes(double[] values, int at) {
        return DoubleVector.fromArray(SPECIES, values, at).reinterpretAsLongs().and(MAGNITUDE);
    }
}
