package dev.lockstep.linalg;

import java.util.function.ToLongFunction;

/**
 * Sums of one to four long arrays in double precision. {@link ScalarSums32} and {@link ScalarSums64} are the scalar forms,
 * {@code SumLanes32} the first one's operations on vectors, with the same bits, found as {@link Lanes} finds its own.
 *
 * @param <A> float[] or double[]
 */
abstract class SumLanes<A> {
    /** Most arrays that {@link #sum} adds. */
    static final int MOST_TERMS = 4;

    /** Rows that become columns together. */
    private static final int STREAMS = 8;

    /** So many numbers take the scalar way before vectors are thought of. */
    private static final long WORTHWHILE = 1L << 29;

    private static final class Gates {
        static final Gate<SumLanes<float[]>> OF_32 = new Gate<>(
                "sums of floats",
                new ScalarSums32(),
                SumLanes::found32,
                () -> new Sample<>(new ScalarSums32()),
                WORTHWHILE);
        /** C2 turns sums of doubles into vectors by itself. */
        static final SumLanes<double[]> OF_64 = new ScalarSums64();
    }

    /** The forms to be used for so many numbers more. */
    static SumLanes<float[]> of32(long count) {
        return Gates.OF_32.of(count);
    }

    /** The forms for doubles. */
    static SumLanes<double[]> of64() {
        return Gates.OF_64;
    }

    /** The vector forms of this JVM, or the scalar ones where it has none. */
    static SumLanes<float[]> found32() {
        return Lanes.load("SumLanes32", new ScalarSums32(), SumLanes::agrees);
    }

    /**
     * Adds arrays: {@code sum = (t0 + t1) + (t2 + t3)} in double precision, of as many terms as there are.
     *
     * @param terms one to four of the same length
     * @param from first entry
     * @param to entry after the last
     * @param sum receives entry i at {@code sumFrom + i}
     */
    abstract void sum(A[] terms, int count, int from, int to, double[] sum, int sumFrom);

    /**
     * {@link #sum} of some columns of each row of matrices.
     *
     * @param row distance between rows of the terms
     * @param columns of each row, from its start
     * @param sumFrom where the first row's sums begin
     * @param sumRow distance between rows of sums
     */
    abstract void sumRows(A[] terms, int count, int rows, int row, int columns, double[] sum, int sumFrom, int sumRow);

    /** to[j, i] = a[i, j], a [rows, columns]. */
    static void turn(int rows, int columns, double[] a, double[] to, int toFrom, int toRow) {
        int i = 0;
        for (; i + STREAMS <= rows; i += STREAMS) {
            gatherEight(columns, a, i * columns, to, toFrom + i, toRow);
        }
        for (; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                to[toFrom + j * toRow + i] = a[i * columns + j];
            }
        }
    }

    private static void gatherEight(int columns, double[] a, int a0, double[] to, int toFrom, int toRow) {
        int a1 = a0 + columns;
        int a2 = a1 + columns;
        int a3 = a2 + columns;
        int a4 = a3 + columns;
        int a5 = a4 + columns;
        int a6 = a5 + columns;
        int a7 = a6 + columns;
        int at = toFrom;
        for (int j = 0; j < columns; j++) {
            to[at] = a[a0 + j];
            to[at + 1] = a[a1 + j];
            to[at + 2] = a[a2 + j];
            to[at + 3] = a[a3 + j];
            to[at + 4] = a[a4 + j];
            to[at + 5] = a[a5 + j];
            to[at + 6] = a[a6 + j];
            to[at + 7] = a[a7 + j];
            at += toRow;
        }
    }

    /** An array of normally distributed numbers, some of them zeros of either sign. */
    abstract A noise(int length, long key);

    /** Arrays of arrays, which Java's generics cannot make. */
    abstract A[] terms(int count);

    abstract boolean sameBits(A a, A b);

    private static final int COLUMNS = 83;
    /** A pair of vectors of 256 bits, and of 512. */
    private static final int[] ROW_COLUMNS = {16, 32};

    /** Whether the other forms give the bits of these. */
    private static <A> boolean agrees(SumLanes<A> scalar, SumLanes<A> other) {
        A[] terms = scalar.terms(MOST_TERMS);
        for (int i = 0; i < terms.length; i++) {
            terms[i] = scalar.noise(COLUMNS, i);
        }
        for (int count = 1; count <= terms.length; count++) {
            double[] sum = new double[COLUMNS + 1];
            double[] otherSum = new double[COLUMNS + 1];
            scalar.sum(terms, count, 2, COLUMNS, sum, 1);
            other.sum(terms, count, 2, COLUMNS, otherSum, 1);
            if (!sameBits(sum, otherSum)) {
                return false;
            }
            for (int columns : ROW_COLUMNS) {
                scalar.sumRows(terms, count, 2, 40, columns, sum, 1, 41);
                other.sumRows(terms, count, 2, 40, columns, otherSum, 1, 41);
                if (!sameBits(sum, otherSum)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean sameBits(double[] a, double[] b) {
        for (int i = 0; i < a.length; i++) {
            if (Double.doubleToRawLongBits(a[i]) != Double.doubleToRawLongBits(b[i])) {
                return false;
            }
        }
        return true;
    }

    /** Something to run until it is compiled. */
    private static final class Sample<A> implements ToLongFunction<SumLanes<A>> {
        private static final int REPEATS = 20;
        private static final int LENGTH = 2048;

        private final A[] terms;
        private final double[] sum = new double[LENGTH];

        Sample(SumLanes<A> scalar) {
            terms = scalar.terms(MOST_TERMS);
            for (int i = 0; i < terms.length; i++) {
                terms[i] = scalar.noise(LENGTH, i);
            }
        }

        @Override
        public long applyAsLong(SumLanes<A> forms) {
            long begun = System.nanoTime();
            for (int i = 0; i < REPEATS; i++) {
                for (int count = 1; count <= terms.length; count++) {
                    forms.sum(terms, count, 0, LENGTH, sum, 0);
                }
                for (int columns : ROW_COLUMNS) {
                    forms.sumRows(terms, terms.length, LENGTH / columns, columns, columns, sum, 0, columns);
                }
            }
            return System.nanoTime() - begun;
        }
    }
}
