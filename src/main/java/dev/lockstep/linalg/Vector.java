package dev.lockstep.linalg;

import java.io.Serializable;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;

/**
 * An immutable vector of doubles: a point, a gradient, the state of an optimizer. Lives on the driver.
 *
 * <p>Sums ({@link #dot}, {@link #norm}, {@link #sum}) are pairwise in an order that depends on the length alone, so they
 * give the same bits on every machine; no BLAS is called. Operations on two vectors need equal sizes.
 */
public final class Vector implements Serializable {
    private static final int PAIRWISE_LEAF = 512;

    /** Entries that pass together: they fit into the first-level cache. */
    private static final int STRETCH = 2048;

    private final double[] values;
    /** The inner product with itself where it was found on the way, else NaN. */
    private double squared = Double.NaN;

    private Vector(double[] values) {
        this.values = values;
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
        double[] result = new double[size];
        Vector vector = new Vector(result);
        vector.squared = fillAndSquare(result, fill, 0, size);
        return vector;
    }

    private static double fillAndSquare(double[] result, Fill fill, int from, int to) {
        if (to - from <= STRETCH) {
            fill.run(result, from, to);
            return pairwise(result, result, false, from, to);
        }
        int middle = (from + to) >>> 1;
        if (to - from >= 2 * Pieces.LEAST) {
            double[] halves = new double[2];
            Pieces.both(
                    () -> halves[0] = fillAndSquare(result, fill, from, middle),
                    () -> halves[1] = fillAndSquare(result, fill, middle, to));
            return halves[0] + halves[1];
        }
        return fillAndSquare(result, fill, from, middle) + fillAndSquare(result, fill, middle, to);
    }

    /** The vector whose entries are filled in piece by piece, each once; for formulas over several vectors. */
    public static Vector of(int size, Fill fill) {
        double[] result = new double[size];
        Pieces.run(size, (from, to) -> fill.run(result, from, to));
        return new Vector(result);
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
        return new Vector(entries((result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = values[i] + y[i];
            }
        }));
    }

    /** this + factor * other */
    public Vector plus(double factor, Vector other) {
        sameSize(other);
        double[] y = other.values;
        return new Vector(entries((result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = values[i] + factor * y[i];
            }
        }));
    }

    /** this - other */
    public Vector minus(Vector other) {
        sameSize(other);
        double[] y = other.values;
        return new Vector(entries((result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = values[i] - y[i];
            }
        }));
    }

    /** factor * this */
    public Vector times(double factor) {
        return new Vector(entries((result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = values[i] * factor;
            }
        }));
    }

    /** factor * this + otherFactor * other */
    public Vector combined(double factor, double otherFactor, Vector other) {
        sameSize(other);
        double[] y = other.values;
        return new Vector(entries((result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = factor * values[i] + otherFactor * y[i];
            }
        }));
    }

    /** The vector of f(x) for every entry x; f is called by several threads at once. */
    public Vector map(DoubleUnaryOperator f) {
        return new Vector(entries((result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = f.applyAsDouble(values[i]);
            }
        }));
    }

    /** The vector of f(x, y) for every entry x of this vector and y of the other; f is called by several threads at once. */
    public Vector zip(Vector other, DoubleBinaryOperator f) {
        sameSize(other);
        double[] y = other.values;
        return new Vector(entries((result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = f.applyAsDouble(values[i], y[i]);
            }
        }));
    }

    /** The inner product. */
    public double dot(Vector other) {
        sameSize(other);
        return pairwise(values, other.values, false, 0, values.length);
    }

    /** The sum of the entries. */
    public double sum() {
        return sum(values, 0, values.length);
    }

    /** The norm of this - other, without making that vector; not finite if an entry of either is not. */
    public double distance(Vector other) {
        sameSize(other);
        double square = pairwise(values, other.values, true, 0, values.length);
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
        double square = pairwise(values, values, false, from, to);
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

    /** sum of x y, or of (x - y)^2; the order of adding depends on the length alone. */
    private static double pairwise(double[] x, double[] y, boolean ofDifference, int from, int to) {
        int middle = (from + to) >>> 1;
        if (to - from >= 2 * Pieces.LEAST) {
            double[] halves = new double[2];
            Pieces.both(
                    () -> halves[0] = pairwise(x, y, ofDifference, from, middle),
                    () -> halves[1] = pairwise(x, y, ofDifference, middle, to));
            return halves[0] + halves[1];
        }
        if (to - from <= PAIRWISE_LEAF) {
            return ofDifference ? squaredDistance(x, y, from, to) : product(x, y, from, to);
        }
        return pairwise(x, y, ofDifference, from, middle) + pairwise(x, y, ofDifference, middle, to);
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

    private double[] entries(Fill fill) {
        double[] result = new double[values.length];
        Pieces.run(result.length, (from, to) -> fill.run(result, from, to));
        return result;
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
