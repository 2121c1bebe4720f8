package dev.lockstep.linalg;

import static jdk.incubator.vector.VectorOperators.F2D;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The scalar forms' operations on vectors of the width that the CPU prefers. Entries are independent of each other, so the
 * bits do not depend on that width. Each loop is one that C2 keeps in registers: of nothing but vector operations.
 *
 * <p>A vector of doubles has half as many numbers as one of floats. Floats are loaded as whole vectors all the same, of which
 * the latter half is left, and so not up to an array's very end: the first vector of another width in a JVM costs all loops
 * that are compiled later ({@link Rehearsal}).
 */
final class SumLanes32 extends ScalarSums32 {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.length();
    private static final VectorSpecies<Double> WIDE = DoubleVector.SPECIES_PREFERRED;
    private static final int HALF_WIDTH = WIDE.length();
    /** Columns of a row that are summed without a loop. */
    private static final int TOGETHER = 4 * HALF_WIDTH;

    SumLanes32() {
        if (WIDTH < 4) {
            throw new UnsupportedOperationException("this CPU has no vector registers, or this JVM does not use them");
        }
    }

    @Override
    void sum(float[][] terms, int count, int from, int to, double[] sum, int sumFrom) {
        int end = from + Math.max(0, WIDE.loopBound(Math.min(to, last(terms, count)) - from));
        switch (count) {
            case 1 -> widen(terms[0], from, end, sum, sumFrom);
            case 2 -> two(terms[0], terms[1], from, end, sum, sumFrom);
            case 3 -> three(terms[0], terms[1], terms[2], from, end, sum, sumFrom);
            default -> four(terms[0], terms[1], terms[2], terms[3], from, end, sum, sumFrom);
        }
        super.sum(terms, count, end, to, sum, sumFrom);
    }

    /** Where the last floats end that can be loaded from each of the terms. */
    private static int last(float[][] terms, int count) {
        int length = terms[0].length;
        for (int i = 1; i < count; i++) {
            length = Math.min(length, terms[i].length);
        }
        return length - WIDTH + HALF_WIDTH;
    }

    @Override
    void sumRows(float[][] terms, int count, int rows, int row, int columns, double[] sum, int sumFrom, int sumRow) {
        if (count != SumLanes.MOST_TERMS || columns != TOGETHER || rows == 0) {
            super.sumRows(terms, count, rows, row, columns, sum, sumFrom, sumRow);
            return;
        }
        // The last row may be too near to the ends of the arrays.
        int whole = (rows - 1) * row + TOGETHER <= last(terms, count) ? rows : rows - 1;
        fourRows(terms[0], terms[1], terms[2], terms[3], whole, row, sum, sumFrom, sumRow);
        if (whole < rows) {
            int from = whole * row;
            sum(terms, count, from, from + columns, sum, sumFrom + whole * sumRow - from);
        }
    }
    /** Four terms of rows of {@link #TOGETHER} columns: a loop within a row would be too short to be worth its setting up. */
    private static void fourRows(
            float[] t0, float[] t1, float[] t2, float[] t3, int rows, int row, double[] sum, int sumFrom, int sumRow) {
        int from = 0;
        int to = sumFrom;
        for (int i = 0; i < rows; i++) {
            int b = from + HALF_WIDTH;
            int c = b + HALF_WIDTH;
            int d = c + HALF_WIDTH;
            DoubleVector first = sum(t0, t1, from).add(sum(t2, t3, from));
            DoubleVector second = sum(t0, t1, b).add(sum(t2, t3, b));
            DoubleVector third = sum(t0, t1, c).add(sum(t2, t3, c));
            DoubleVector fourth = sum(t0, t1, d).add(sum(t2, t3, d));
            first.intoArray(sum, to);
            second.intoArray(sum, to + HALF_WIDTH);
            third.intoArray(sum, to + 2 * HALF_WIDTH);
            fourth.intoArray(sum, to + 3 * HALF_WIDTH);
            from += row;
            to += sumRow;
        }
    }

    private static DoubleVector sum(float[] a, float[] b, int at) {
        DoubleVector x = wide(a, at);
        return x.add(wide(b, at));
    }

    private static void widen(float[] t0, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i += HALF_WIDTH) {
            wide(t0, i).intoArray(sum, sumFrom + i);
        }
    }

    private static void two(float[] t0, float[] t1, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i += HALF_WIDTH) {
            DoubleVector a = wide(t0, i);
            DoubleVector b = wide(t1, i);
            a.add(b).intoArray(sum, sumFrom + i);
        }
    }

    private static void three(float[] t0, float[] t1, float[] t2, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i += HALF_WIDTH) {
            DoubleVector a = wide(t0, i);
            DoubleVector b = wide(t1, i);
            DoubleVector c = wide(t2, i);
            a.add(b).add(c).intoArray(sum, sumFrom + i);
        }
    }

    private static void four(
            float[] t0, float[] t1, float[] t2, float[] t3, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i += HALF_WIDTH) {
            DoubleVector a = wide(t0, i);
            DoubleVector b = wide(t1, i);
            DoubleVector c = wide(t2, i);
            DoubleVector e = wide(t3, i);
            a.add(b).add(c.add(e)).intoArray(sum, sumFrom + i);
        }
    }

    private static DoubleVector wide(float[] values, int at) {
        return (DoubleVector) FloatVector.fromArray(SPECIES, values, at).convertShape(F2D, WIDE, 0);
    }
}
