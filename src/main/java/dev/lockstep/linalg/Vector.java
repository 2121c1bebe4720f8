package dev.lockstep.linalg;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * An immutable vector of doubles: a point, a gradient, the state of an optimizer. Lives on the driver.
 *
 * <p>A run makes three or four vectors a step and forgets as many. Whoever knows that one is forgotten may say so ({@link
 * #release}), and the next ones take its array, which is in the cache; new arrays are memory that nobody has touched
 * for long.
 *
 * <p>Sums ({@link #dot}, {@link #norm}, {@link #sum}) are pairwise in an order that depends on the length alone, so they
 * give the same bits on every machine; no BLAS is called. Operations on two vectors need equal sizes.
 */
public final class Vector implements Serializable {
    /** Shorter vectors are not worth a word about {@link #release}. */
    public static final int LEAST_RELEASED = 1 << 10;

    private static final int PAIRWISE_LEAF = 512;

    /** Entries that pass together: they fit into the first-level cache. */
    private static final int STRETCH = 2048;

    private final double[] values;
    /** The inner product with itself where it was found on the way, else NaN. */
    private double squared = Double.NaN;
    /** Whether the array can serve another vector once nobody needs this one. */
    private transient boolean isPassing;

    private Vector(double[] values) {
        this.values = values;
    }

    /** A vector whose array is nobody else's. */
    private static Vector passing(double[] values) {
        Vector vector = new Vector(values);
        vector.isPassing = true;
        return vector;
    }

    /** The vector of these values, which are copied. */
    public static Vector of(double... values) {
        return new Vector(values.clone());
    }

    /** The vector over this array, which the caller gives away: nobody may write to it any more. */
    public static Vector wrap(double[] values) {
        return new Vector(values);
    }

    /** The vector of these values, each multiplied by a factor; the array is copied. Knows its norm from the start. */
    public static Vector ofTimes(double[] values, double factor) {
        return measured(values.length, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = values[i] * factor;
            }
        });
    }

    /** The vector of (x + y) * factor; the arrays are left alone. Knows its norm from the start. */
    public static Vector ofSumTimes(double[] x, double[] y, double factor) {
        new Vector(x).sameSize(new Vector(y));
        return measured(x.length, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = (x[i] + y[i]) * factor;
            }
        });
    }

    /** Fills a vector and adds its squares while they are in the cache. */
    private static Vector measured(int size, Fill fill) {
        double[] result = SpareArrays.take(size);
        Vector vector = passing(result);
        vector.squared = Pieces.sum(size, STRETCH, (from, to) -> {
            fill.run(result, from, to);
            return pairwise(result, from, to);
        });
        return vector;
    }

    /** The vector whose entries are filled in piece by piece, each once; for formulas over several vectors. */
    public static Vector of(int size, Fill fill) {
        double[] result = SpareArrays.take(size);
        Pieces.run(size, (from, to) -> fill.run(result, from, to));
        return passing(result);
    }

    /** The vector of {@code size} zeros. */
    public static Vector zeros(int size) {
        return new Vector(new double[size]);
    }

    /** The vector of {@code size} times the same value. */
    public static Vector filled(int size, double value) {
        double[] result = new double[size];
        Arrays.fill(result, value);
        return new Vector(result);
    }

    /**
     * Says that somebody goes on reading this vector, whatever the loop does that made it: {@link #release} leaves it as
     * it is from now on.
     */
    public void keep() {
        isPassing = false;
    }

    /**
     * Gives this vector up: its array serves one of the next vectors, whichever thread makes it, and what this vector then
     * holds is anything. To be called by whoever knows that nobody reads it any more: the loop of a run, of vectors that it
     * made itself and never gave away. Does nothing for a vector that is kept, or that did not make its array itself.
     */
    public void release() {
        if (isPassing) {
            isPassing = false;
            SpareArrays.give(values);
        }
    }

    /** Lets go of all that {@link #release} left for the next vectors, of every run: whoever goes on makes new ones. */
    public static void clearReleased() {
        SpareArrays.clear();
    }

    public int size() {
        return values.length;
    }

    public double get(int index) {
        return values[index];
    }

    /** A copy of the values. */
    public double[] toArray() {
        return values.clone();
    }

    /** Stores the values, rounded to float, into an array of at least this size. */
    public void roundTo(float[] target) {
        Pieces.run(values.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                target[i] = (float) values[i];
            }
        });
    }

    /** Copies the values into an array of at least this size. */
    public void copyTo(double[] target) {
        System.arraycopy(values, 0, target, 0, values.length);
    }

    /** Copies the values from {@code from} to {@code to} (exclusive) into a new array. */
    public double[] slice(int from, int to) {
        return Arrays.copyOfRange(values, from, to);
    }

    /** Adds factor times the values from {@code from} to {@code to} (exclusive) to the same places of an array. */
    void addTo(double[] target, double factor, int from, int to) {
        for (int i = from; i < to; i++) {
            target[i] += factor * values[i];
        }
    }

    /** this + other */
    public Vector plus(Vector other) {
        sameSize(other);
        double[] y = other.values;
        return of(values.length, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = values[i] + y[i];
            }
        });
    }

    /** this + factor * other */
    public Vector plus(double factor, Vector other) {
        sameSize(other);
        double[] y = other.values;
        return of(values.length, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = values[i] + factor * y[i];
            }
        });
    }

    /** this - other */
    public Vector minus(Vector other) {
        sameSize(other);
        double[] y = other.values;
        return of(values.length, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = values[i] - y[i];
            }
        });
    }

    /** factor * this */
    public Vector times(double factor) {
        return of(values.length, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = values[i] * factor;
            }
        });
    }

    /** factor * this + otherFactor * other */
    public Vector combined(double factor, double otherFactor, Vector other) {
        sameSize(other);
        double[] y = other.values;
        return of(values.length, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = factor * values[i] + otherFactor * y[i];
            }
        });
    }

    /** The vector of f(x) for every entry x; f is called by several threads at once. */
    public Vector map(DoubleUnaryOperator f) {
        return of(values.length, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = f.applyAsDouble(values[i]);
            }
        });
    }

    /** The vector of f(x, y) for every entry x of this vector and y of the other; f is called by several threads at once. */
    public Vector zip(Vector other, DoubleBinaryOperator f) {
        sameSize(other);
        double[] y = other.values;
        return of(values.length, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = f.applyAsDouble(values[i], y[i]);
            }
        });
    }

    /** The inner product. */
    public double dot(Vector other) {
        sameSize(other);
        return Pieces.sum(values.length, PAIRWISE_LEAF, (from, to) -> product(values, other.values, from, to));
    }

    /** The sum of the entries. */
    public double sum() {
        return sum(values, 0, values.length);
    }

    /** The norm of this - other, without making that vector; not finite if an entry of either is not. */
    public double distance(Vector other) {
        sameSize(other);
        double square =
                Pieces.sum(values.length, PAIRWISE_LEAF, (from, to) -> squaredDistance(values, other.values, from, to));
        return isSafe(square) ? Math.sqrt(square) : minus(other).norm();
    }

    /** Whether no square has come near the limits of a double. */
    private static boolean isSafe(double square) {
        return square < Double.MAX_VALUE && square > 0x1p-900;
    }

    /** The Euclidean norm; finite whenever the true norm is representable and all entries are finite. */
    public double norm() {
        double square = Double.isNaN(squared) ? dot(this) : squared;
        if (isSafe(square)) {
            return Math.sqrt(square);
        }
        double largest = maxAbs();
        if (largest == 0 || !Double.isFinite(largest)) {
            return largest;
        }
        Vector scaled = map(x -> x / largest);
        return largest * Math.sqrt(scaled.dot(scaled));
    }

    /** The norm of the entries from {@code from} to {@code to} (exclusive): that of a vector of them alone. */
    public double norm(int from, int to) {
        double square = Pieces.sum(
                to - from, PAIRWISE_LEAF, (first, last) -> product(values, values, from + first, from + last));
        return isSafe(square) ? Math.sqrt(square) : new Vector(slice(from, to)).norm();
    }

    /** The largest magnitude of an entry, 0 for an empty vector, NaN if an entry is NaN. */
    public double maxAbs() {
        double largest = 0;
        for (double value : values) {
            largest = Math.max(largest, Math.abs(value));
        }
        return largest;
    }

    /** Whether no entry is infinite or NaN. */
    public boolean isFinite() {
        for (double value : values) {
            if (!Double.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    /** sum of x^2; the order of adding depends on the length alone. */
    private static double pairwise(double[] x, int from, int to) {
        if (to - from <= PAIRWISE_LEAF) {
            return product(x, x, from, to);
        }
        int middle = (from + to) >>> 1;
        return pairwise(x, from, middle) + pairwise(x, middle, to);
    }

    // Four sums side by side: the processor need not wait for one addition before it begins the next.
    // C2 drops the checks of the indices only where the loop's bound is a variable.

    private static double product(double[] x, double[] y, int from, int to) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int end = to - 3;
        int i = from;
        for (; i < end; i += 4) {
            s0 += x[i] * y[i];
            s1 += x[i + 1] * y[i + 1];
            s2 += x[i + 2] * y[i + 2];
            s3 += x[i + 3] * y[i + 3];
        }
        for (; i < to; i++) {
            s0 += x[i] * y[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    private static double squaredDistance(double[] x, double[] y, int from, int to) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int end = to - 3;
        int i = from;
        for (; i < end; i += 4) {
            double d0 = x[i] - y[i];
            double d1 = x[i + 1] - y[i + 1];
            double d2 = x[i + 2] - y[i + 2];
            double d3 = x[i + 3] - y[i + 3];
            s0 += d0 * d0;
            s1 += d1 * d1;
            s2 += d2 * d2;
            s3 += d3 * d3;
        }
        for (; i < to; i++) {
            double difference = x[i] - y[i];
            s0 += difference * difference;
        }
        return (s0 + s1) + (s2 + s3);
    }

    private static double sum(double[] x, int from, int to) {
        if (to - from > PAIRWISE_LEAF) {
            int middle = (from + to) >>> 1;
            return sum(x, from, middle) + sum(x, middle, to);
        }
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        int end = to - 3;
        int i = from;
        for (; i < end; i += 4) {
            s0 += x[i];
            s1 += x[i + 1];
            s2 += x[i + 2];
            s3 += x[i + 3];
        }
        for (; i < to; i++) {
            s0 += x[i];
        }
        return (s0 + s1) + (s2 + s3);
    }

    /** Fills a piece of a result, entry by entry; is called by several threads at once. */
    public interface Fill {
        /**
         * @param result to be written to
         * @param from first entry
         * @param to after the last one
         */
        void run(double[] result, int from, int to);
    }

    private void sameSize(Vector other) {
        if (other.values.length != values.length) {
            throw new IllegalArgumentException(
                    "expected a vector of size " + values.length + ", got one of size " + other.values.length);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Vector vector && Arrays.equals(values, vector.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return values.length <= 8
                ? Arrays.toString(values)
                : "Vector(" + values.length + " values, norm " + norm() + ")";
    }
}
