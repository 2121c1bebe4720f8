package dev.lockstep.linalg;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sums of few terms over long arrays: of one to four arrays in double precision, and of outer products of a few rows. {@link
 * ScalarSums32} and {@link ScalarSums64} are the scalar forms, {@code SumLanes32} and {@code SumLanes64} the same operations
 * on vectors, with the same bits, found as {@link Lanes} finds its own.
 *
 * <p>Vector code is very slow until it is compiled. So the scalar forms work on while a thread in the background runs the
 * vector forms until they are the faster ones.
 *
 * @param <A> float[] or double[]
 */
abstract class SumLanes<A> {
    /** Units, rows of a weight gradient, that one call of {@link #outer} computes. */
    static final int UNITS = 4;

    /** Most arrays that {@link #sum} adds. */
    static final int MOST_TERMS = 4;

    private static final Logger LOG = LoggerFactory.getLogger(SumLanes.class);
    /** So many numbers take the scalar way before vectors are thought of. */
    private static final long WORTHWHILE = 1L << 29;

    private static final long MOST_WARM_UP_NANOS = 10_000_000_000L;

    private static final class Gates {
        static final Gate<float[]> OF_32 = new Gate<>(new ScalarSums32(), SumLanes::found32);
        static final Gate<double[]> OF_64 = new Gate<>(new ScalarSums64(), SumLanes::found64);
    }

    /** The forms to be used for so many numbers more. */
    static SumLanes<float[]> of32(long count) {
        return Gates.OF_32.of(count);
    }

    /** The forms to be used for so many numbers more. */
    static SumLanes<double[]> of64(long count) {
        return Gates.OF_64.of(count);
    }

    /** The vector forms of this JVM, or the scalar ones where it has none. */
    static SumLanes<float[]> found32() {
        return Lanes.load("SumLanes32", new ScalarSums32(), SumLanes::agrees);
    }

    /** The vector forms of this JVM, or the scalar ones where it has none. */
    static SumLanes<double[]> found64() {
        return Lanes.load("SumLanes64", new ScalarSums64(), SumLanes::agrees);
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
     * Four rows of transposed(d) * x: {@code leaf[j, c] = sum over r of d[r, unit + j] * x[r, c]}, r ascending; the first
     * term is a rounded product, every other one is added by fma.
     *
     * @param n rows of d [n, m] and x [n, k], at least 1
     * @param unit first of the four columns of d
     * @param leaf receives [4, k] at {@code leafFrom}
     */
    abstract void outer(int n, int m, int k, A d, A x, int unit, A leaf, int leafFrom);

    /** An array of normally distributed numbers, some of them zeros of either sign. */
    abstract A noise(int length, long key);

    /** Arrays of arrays, which Java's generics cannot make. */
    abstract A[] terms(int count);

    abstract boolean sameBits(A a, A b);

    private static final int ROWS = 11;
    private static final int COLUMNS = 83;

    /** Whether the other forms give the bits of these. */
    private static <A> boolean agrees(SumLanes<A> scalar, SumLanes<A> other) {
        A d = scalar.noise(ROWS * 2 * UNITS, 1);
        A x = scalar.noise(ROWS * COLUMNS, 2);
        A expected = scalar.noise(UNITS * COLUMNS, 3);
        A actual = scalar.noise(UNITS * COLUMNS, 3);
        scalar.outer(ROWS, 2 * UNITS, COLUMNS, d, x, 1, expected, 0);
        other.outer(ROWS, 2 * UNITS, COLUMNS, d, x, 1, actual, 0);
        if (!scalar.sameBits(expected, actual)) {
            return false;
        }
        A[] terms = scalar.terms(MOST_TERMS);
        for (int i = 0; i < terms.length; i++) {
            terms[i] = scalar.noise(COLUMNS, i);
        }
        for (int count = 1; count <= terms.length; count++) {
            double[] sum = new double[COLUMNS + 1];
            double[] otherSum = new double[COLUMNS + 1];
            scalar.sum(terms, count, 2, COLUMNS, sum, 1);
            other.sum(terms, count, 2, COLUMNS, otherSum, 1);
            for (int i = 0; i < sum.length; i++) {
                if (Double.doubleToRawLongBits(sum[i]) != Double.doubleToRawLongBits(otherSum[i])) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Scalar first, vectors when there is enough to do and they are compiled. */
    private static final class Gate<A> {
        private final SumLanes<A> scalar;
        private final Supplier<SumLanes<A>> find;
        private volatile SumLanes<A> current;
        // Threads may overwrite each other's counts: then the vectors come a little later.
        private long asked;
        private boolean begun;

        Gate(SumLanes<A> scalar, Supplier<SumLanes<A>> find) {
            this.scalar = scalar;
            this.find = find;
            this.current = scalar;
        }

        SumLanes<A> of(long count) {
            if (asked < WORTHWHILE) {
                asked += count;
                if (asked >= WORTHWHILE) {
                    begin();
                }
            }
            return current;
        }

        private synchronized void begin() {
            if (!begun) {
                begun = true;
                Thread thread = new Thread(this::warmUp, "lockstep-warm-up");
                thread.setDaemon(true);
                thread.start();
            }
        }

        private void warmUp() {
            SumLanes<A> found = find.get();
            long end = System.nanoTime() + MOST_WARM_UP_NANOS;
            Sample<A> sample = new Sample<>(scalar);
            while (found != scalar && System.nanoTime() < end) {
                long scalarNanos = sample.nanos(scalar);
                if (sample.nanos(found) < scalarNanos) {
                    current = found;
                    LOG.debug("vector forms of sums are compiled");
                    return;
                }
            }
            LOG.debug("sums stay scalar");
        }
    }

    /** Something to run until it is compiled. */
    private static final class Sample<A> {
        private static final int REPEATS = 20;
        private static final int WARM_ROWS = 16;
        private static final int WARM_COLUMNS = 512;

        private final A[] terms;
        private final A d;
        private final A x;
        private final A leaf;
        private final double[] sum = new double[UNITS * WARM_COLUMNS];

        Sample(SumLanes<A> scalar) {
            terms = scalar.terms(MOST_TERMS);
            for (int i = 0; i < terms.length; i++) {
                terms[i] = scalar.noise(UNITS * WARM_COLUMNS, i);
            }
            d = scalar.noise(WARM_ROWS * UNITS, 4);
            x = scalar.noise(WARM_ROWS * WARM_COLUMNS, 5);
            leaf = scalar.noise(UNITS * WARM_COLUMNS, 6);
        }

        long nanos(SumLanes<A> forms) {
            long begin = System.nanoTime();
            for (int i = 0; i < REPEATS; i++) {
                forms.outer(WARM_ROWS, UNITS, WARM_COLUMNS, d, x, 0, leaf, 0);
                for (int count = 1; count <= terms.length; count++) {
                    forms.sum(terms, count, 0, sum.length, sum, 0);
                }
            }
            return System.nanoTime() - begin;
        }
    }
}
