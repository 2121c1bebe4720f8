package dev.lockstep.linalg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * The three products of {@link Blas} over arrays, each entry a sum of its own, first term first, by fused multiply-adds. So
 * the bits of an entry depend on the two vectors it is made of and on nothing else: not on the product's shape, on the width
 * of registers, on the kind of CPU. {@link ScalarProducts32} and {@link ScalarProducts64} are the scalar forms, {@code
 * ProductLanes32} and {@code ProductLanes64} the same operations on vectors, found as {@link Lanes} finds its own.
 *
 * @param <A> float[] or double[]
 */
abstract class Products<A> {
    /** So many multiply-adds are done the scalar way before vectors are thought of: a few hundredths of a second. */
    private static final long WORTHWHILE = 1L << 28;

    /** So many that could leave out zeros before the loops for that are compiled, beside the others' work. */
    private static final long WORTHWHILE_SPARSE = 1L << 30;

    private static final class Gates {
        static final Gate<Products<float[]>> OF_32 = gate("floats", new ScalarProducts32(), Products::found32);
        static final Gate<Products<double[]>> OF_64 = gate("doubles", new ScalarProducts64(), Products::found64);

        static final Gate<Boolean> SPARSE_32 = sparse("floats", new ScalarProducts32(), Products::found32);
        static final Gate<Boolean> SPARSE_64 = sparse("doubles", new ScalarProducts64(), Products::found64);

        private static <A> Gate<Boolean> sparse(String what, Products<A> scalar, Supplier<Products<A>> find) {
            return new Gate<>(
                    "products that leave out zeros of " + what,
                    false,
                    () -> agreesOnZeros(scalar, find.get()),
                    () -> new SparseSample<>(scalar, find.get(), 200, 64, 128),
                    WORTHWHILE_SPARSE);
        }

        private static <A> Gate<Products<A>> gate(String what, Products<A> scalar, Supplier<Products<A>> find) {
            return new Gate<>("products of " + what, scalar, find, () -> new Sample<>(scalar), WORTHWHILE);
        }
    }

    /** The forms to be used for so many multiply-adds more. */
    static Products<float[]> of32(long count) {
        return Gates.OF_32.of(count);
    }

    /** The forms to be used for so many multiply-adds more. */
    static Products<double[]> of64(long count) {
        return Gates.OF_64.of(count);
    }

    /** Whether zeros are worth leaving out of so many multiply-adds more. */
    static boolean leaveOutZeros(Precision precision, long count) {
        return (precision == Precision.FLOAT32 ? Gates.SPARSE_32 : Gates.SPARSE_64).of(count);
    }

    /** The vector forms of this JVM, or the scalar ones where it has none. */
    static Products<float[]> found32() {
        return Lanes.load("ProductLanes32", new ScalarProducts32(), Products::agrees);
    }

    /** The vector forms of this JVM, or the scalar ones where it has none. */
    static Products<double[]> found64() {
        return Lanes.load("ProductLanes64", new ScalarProducts64(), Products::agrees);
    }

    /**
     * z = x * transposed(w), or with {@code add} z += that; p ascends in {@code z[i, j] = sum over p of x[i, p] * w[j, p]}.
     *
     * @param x [n, k]
     * @param nonzeros of x, to leave out zeros; null if they are not known
     * @param w [m, k] from {@code wFrom} on
     * @param z [n, m]
     */
    abstract void outputs(int n, int m, int k, A x, Nonzeros nonzeros, A w, int wFrom, A z, boolean add);

    /**
     * e = d * w; j ascends in {@code e[i, p] = sum over j of d[i, j] * w[j, p]}.
     *
     * @param d [n, m]
     * @param w [m, k] from {@code wFrom} on
     * @param e [n, k]
     */
    abstract void inputs(int n, int m, int k, A d, A w, int wFrom, A e);

    /**
     * g = transposed(d) * x, or with {@code add} g += that; i ascends in {@code g[j, p] = sum over i of d[i, j] * x[i, p]}.
     *
     * @param d [n, m]
     * @param x [n, k]
     * @param nonzeros of x, to leave out zeros; null if they are not known
     * @param g receives [m, k] from {@code gFrom} on
     */
    abstract void weightGradient(int n, int m, int k, A d, A x, Nonzeros nonzeros, A g, int gFrom, boolean add);

    /**
     * For each of some points that saw the same rows, the sum over one to four sets of rows of the weight gradient of each,
     * in double precision: {@code (g0 + g1) + (g2 + g3)}.
     *
     * @param sets number of sets
     * @param n rows of each set
     * @param d of each point and set [n, m]
     * @param x of each set [n, k]
     * @param nonzeros of each set's x, to leave out zeros; null where they are not known
     * @param sums of each point, receives [m, k] from {@code sumFrom} on
     */
    abstract void sumsOfWeightGradients(
            int sets, int[] n, int m, int k, A[][] d, A[] x, Nonzeros[] nonzeros, double[][] sums, int sumFrom);

    /** As {@link Blas#bring}: this thread works with that from now on, made if it is null, and given back. */
    Object bring(Object copies) {
        return copies;
    }

    /** As {@link Blas#carryOff}. */
    void carryOff() {}

    /** This thread's promise that w will not change until it is {@link #release released}: copies of it may be used again. */
    void hold(A w) {}

    /** The end of what {@link #hold} began. */
    void release() {}

    /** An array of normally distributed numbers, some of them zeros of either sign. */
    abstract A noise(int length, long key);

    /** The same, but most of a matrix are zeros: nearly all of most columns. */
    abstract A sparseNoise(int rows, int columns, long key);

    /** Arrays of arrays, which Java's generics cannot make. */
    abstract A[] arrays(int count);

    /** Arrays of arrays of arrays. */
    abstract A[][] arraysOfArrays(int count);

    /** Those of x [n, k]. */
    abstract Nonzeros nonzeros(int n, int k, A x);

    abstract boolean sameBits(A a, A b);

    private static final int[][] SHAPES = {{11, 70, 37}, {9, 3, 300}, {2, 33, 5}, {7, 48, 40}};

    /** Whether the other forms give the bits of these. */
    private static <A> boolean agrees(Products<A> scalar, Products<A> other) {
        for (int[] shape : SHAPES) {
            Sample<A> expected = new Sample<>(scalar, shape[0], shape[1], shape[2]);
            Sample<A> actual = new Sample<>(scalar, shape[0], shape[1], shape[2]);
            expected.run(scalar);
            actual.run(other);
            if (!scalar.sameBits(expected.z, actual.z)
                    || !scalar.sameBits(expected.e, actual.e)
                    || !scalar.sameBits(expected.g, actual.g)) {
                return false;
            }
        }
        return true;
    }

    /** One of each product. */
    private static final class Sample<A> implements ToLongFunction<Products<A>> {
        private final int n;
        private final int m;
        private final int k;
        private final A x;
        private final A w;
        private final A d;
        private final A z;
        private final A e;
        private final A g;

        /** To be run until it is compiled. */
        Sample(Products<A> some) {
            this(some, 64, 64, 64);
        }

        Sample(Products<A> some, int n, int m, int k) {
            this.n = n;
            this.m = m;
            this.k = k;
            x = some.noise(n * k, 1);
            w = some.noise(1 + m * k, 2);
            d = some.noise(n * m, 3);
            z = some.noise(n * m, 4);
            e = some.noise(n * k, 5);
            g = some.noise(1 + m * k, 6);
        }

        void run(Products<A> forms) {
            forms.outputs(n, m, k, x, null, w, 1, z, false);
            forms.outputs(n, m, k, x, null, w, 1, z, true);
            forms.inputs(n, m, k, d, w, 1, e);
            forms.weightGradient(n, m, k, d, x, null, g, 1, false);
            forms.weightGradient(n, m, k, d, x, null, g, 1, true);
        }

        @Override
        public long applyAsLong(Products<A> forms) {
            long begun = System.nanoTime();
            run(forms);
            return System.nanoTime() - begun;
        }
    }

    private static final int[][] SPARSE_SHAPES = {{11, 40, 37}, {200, 33, 70}, {384, 10, 20}};

    /** Whether the other forms leave out zeros, and have the bits of these nevertheless. */
    static <A> boolean agreesOnZeros(Products<A> scalar, Products<A> other) {
        if (scalar.getClass() == other.getClass()) {
            return false;
        }
        for (int[] shape : SPARSE_SHAPES) {
            SparseSample<A> expected = new SparseSample<>(scalar, scalar, shape[0], shape[1], shape[2]);
            SparseSample<A> actual = new SparseSample<>(scalar, other, shape[0], shape[1], shape[2]);
            expected.run(scalar, false);
            actual.run(other, true);
            if (!scalar.sameBits(expected.z, actual.z)
                    || !scalar.sameBits(expected.g, actual.g)
                    || !Arrays.equals(expected.sums[0], actual.sums[0])) {
                return false;
            }
        }
        return true;
    }

    /** The products that may leave out zeros, of features of which most are zero. */
    private static final class SparseSample<A> implements ToLongFunction<Boolean> {
        /** Compiled, the forms that leave out zeros are several times as fast as the scalar ones; half compiled, they are not. */
        private static final int TIMES_AS_FAST = 3;

        private final Products<A> scalar;
        private final Products<A> forms;
        private final int n;
        private final int m;
        private final int k;
        private final A x;
        private final A w;
        private final A[][] d;
        private final A[] sets;
        private final A z;
        private final A g;
        private final double[][] sums;
        /** More than lists are kept of, so that each is listed anew, and is not packed the first time. */
        private final List<Nonzeros> known = new ArrayList<>();

        SparseSample(Products<A> scalar, Products<A> forms, int n, int m, int k) {
            this.scalar = scalar;
            this.forms = forms;
            this.n = n;
            this.m = m;
            this.k = k;
            x = scalar.sparseNoise(n, k, 1);
            w = scalar.noise(m * k, 2);
            sets = scalar.arrays(2);
            Arrays.fill(sets, x);
            A derivatives = scalar.noise(n * m, 3);
            d = scalar.arraysOfArrays(1);
            d[0] = scalar.arrays(2);
            Arrays.fill(d[0], derivatives);
            z = scalar.noise(n * m, 4);
            g = scalar.noise(m * k, 5);
            sums = new double[1][m * k];
            for (int i = 0; i <= SumLanes.MOST_TERMS; i++) {
                known.add(scalar.nonzeros(n, k, x));
            }
        }

        void run(Products<A> forms, boolean leavesOut) {
            for (Nonzeros some : known) {
                Nonzeros nonzeros = leavesOut ? some : null;
                forms.outputs(n, m, k, x, nonzeros, w, 0, z, false);
                forms.outputs(n, m, k, x, nonzeros, w, 0, z, true);
                forms.weightGradient(n, m, k, d[0][0], x, nonzeros, g, 0, false);
                forms.weightGradient(n, m, k, d[0][0], x, nonzeros, g, 0, true);
                Nonzeros[] ofSets = {nonzeros, nonzeros};
                forms.sumsOfWeightGradients(2, new int[] {n, n}, m, k, d, sets, ofSets, sums, 0);
            }
        }

        @Override
        public long applyAsLong(Boolean leavesOut) {
            long begun = System.nanoTime();
            run(leavesOut ? forms : scalar, leavesOut);
            long taken = System.nanoTime() - begun;
            return leavesOut ? taken : taken / TIMES_AS_FAST;
        }
    }
}
