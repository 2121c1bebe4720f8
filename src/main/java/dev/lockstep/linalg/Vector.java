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
    private static final int PAIRWISE_LEAF = 64;

    private final double[] values;

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
        for (int i = 0; i < values.length; i++) {
            target[i] = (float) values[i];
        }
    }

    /** Copies the values from {@code from} to {@code to} (exclusive) into a new array. */
    public double[] slice(int from, int to) {
        return Arrays.copyOfRange(values, from, to);
    }

    /** this + other */
    public Vector plus(Vector other) {
        sameSize(other);
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i] + other.values[i];
        }
        return new Vector(result);
    }

    /** this + factor * other */
    public Vector plus(double factor, Vector other) {
        sameSize(other);
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i] + factor * other.values[i];
        }
        return new Vector(result);
    }

    /** this - other */
    public Vector minus(Vector other) {
        sameSize(other);
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i] - other.values[i];
        }
        return new Vector(result);
    }

    /** factor * this */
    public Vector times(double factor) {
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = values[i] * factor;
        }
        return new Vector(result);
    }

    /** The vector of f(x) for every entry x. */
    public Vector map(DoubleUnaryOperator f) {
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = f.applyAsDouble(values[i]);
        }
        return new Vector(result);
    }

    /** The vector of f(x, y) for every entry x of this vector and y of the other. */
    public Vector zip(Vector other, DoubleBinaryOperator f) {
        sameSize(other);
        double[] result = new double[values.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = f.applyAsDouble(values[i], other.values[i]);
        }
        return new Vector(result);
    }

    /** The inner product. */
    public double dot(Vector other) {
        sameSize(other);
        return dot(values, other.values, 0, values.length);
    }

    /** The sum of the entries. */
    public double sum() {
        return sum(values, 0, values.length);
    }

    /** The Euclidean norm; finite whenever the true norm is representable. */
    public double norm() {
        double squared = dot(this);
        if (squared < Double.MAX_VALUE && squared > 0x1p-900) {
            return Math.sqrt(squared);
        }
        double largest = maxAbs();
        if (largest == 0 || !Double.isFinite(largest)) {
            return largest;
        }
        Vector scaled = map(x -> x / largest);
        return largest * Math.sqrt(scaled.dot(scaled));
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

    private static double dot(double[] x, double[] y, int from, int to) {
        if (to - from <= PAIRWISE_LEAF) {
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += x[i] * y[i];
            }
            return sum;
        }
        int middle = (from + to) >>> 1;
        return dot(x, y, from, middle) + dot(x, y, middle, to);
    }

    private static double sum(double[] x, int from, int to) {
        if (to - from <= PAIRWISE_LEAF) {
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += x[i];
            }
            return sum;
        }
        int middle = (from + to) >>> 1;
        return sum(x, from, middle) + sum(x, middle, to);
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
