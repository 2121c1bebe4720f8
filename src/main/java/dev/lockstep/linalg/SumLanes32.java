package dev.lockstep.linalg;

import static jdk.incubator.vector.VectorOperators.F2D;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The scalar forms' operations on vectors of the width that the CPU prefers. Entries are independent of each other, so the
 * bits do not depend on that width. Each loop is one that C2 keeps in registers: of nothing but vector operations.
 */
final class SumLanes32 extends ScalarSums32 {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.length();
    private static final VectorSpecies<Double> WIDE = DoubleVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));
    private static final int HALF_WIDTH = HALF.length();
    /** Columns of a row that are summed without a loop. */
    private static final int TOGETHER = 4 * HALF_WIDTH;

    SumLanes32() {
        if (WIDTH < 4) {
            throw new UnsupportedOperationException("this CPU has no vector registers, or this JVM does not use them");
        }
    }

    @Override
    void sum(float[][] terms, int count, int from, int to, double[] sum, int sumFrom) {
        int end = from + HALF.loopBound(to - from);
        switch (count) {
            case 1 -> widen(terms[0], from, end, sum, sumFrom);
            case 2 -> two(terms[0], terms[1], from, end, sum, sumFrom);
            case 3 -> three(terms[0], terms[1], terms[2], from, end, sum, sumFrom);
            default -> four(terms[0], terms[1], terms[2], terms[3], from, end, sum, sumFrom);
        }
        super.sum(terms, count, end, to, sum, sumFrom);
    }

    @Override
    void sumRows(float[][] terms, int count, int rows, int row, int columns, double[] sum, int sumFrom, int sumRow) {
        if (count == SumLanes.MOST_TERMS && columns == TOGETHER) {
            fourRows(terms[0], terms[1], terms[2], terms[3], rows, row, sum, sumFrom, sumRow);
        } else {
            super.sumRows(terms, count, rows, row, columns, sum, sumFrom, sumRow);
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
        DoubleVector x = (DoubleVector) FloatVector.fromArray(HALF, a, at).convertShape(F2D, WIDE, 0);
        return x.add(FloatVector.fromArray(HALF, b, at).convertShape(F2D, WIDE, 0));
    }

    private static void widen(float[] t0, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i += HALF_WIDTH) {
            ((DoubleVector) FloatVector.fromArray(HALF, t0, i).convertShape(F2D, WIDE, 0)).intoArray(sum, sumFrom + i);
        }
    }

    private static void two(float[] t0, float[] t1, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i += HALF_WIDTH) {
            DoubleVector a = (DoubleVector) FloatVector.fromArray(HALF, t0, i).convertShape(F2D, WIDE, 0);
            DoubleVector b = (DoubleVector) FloatVector.fromArray(HALF, t1, i).convertShape(F2D, WIDE, 0);
            a.add(b).intoArray(sum, sumFrom + i);
        }
    }

    private static void three(float[] t0, float[] t1, float[] t2, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i += HALF_WIDTH) {
            DoubleVector a = (DoubleVector) FloatVector.fromArray(HALF, t0, i).convertShape(F2D, WIDE, 0);
            DoubleVector b = (DoubleVector) FloatVector.fromArray(HALF, t1, i).convertShape(F2D, WIDE, 0);
            DoubleVector c = (DoubleVector) FloatVector.fromArray(HALF, t2, i).convertShape(F2D, WIDE, 0);
            a.add(b).add(c).intoArray(sum, sumFrom + i);
        }
    }

    private static void four(
            float[] t0, float[] t1, float[] t2, float[] t3, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i += HALF_WIDTH) {
            DoubleVector a = (DoubleVector) FloatVector.fromArray(HALF, t0, i).convertShape(F2D, WIDE, 0);
            DoubleVector b = (DoubleVector) FloatVector.fromArray(HALF, t1, i).convertShape(F2D, WIDE, 0);
            DoubleVector c = (DoubleVector) FloatVector.fromArray(HALF, t2, i).convertShape(F2D, WIDE, 0);
            DoubleVector e = (DoubleVector) FloatVector.fromArray(HALF, t3, i).convertShape(F2D, WIDE, 0);
            a.add(b).add(c.add(e)).intoArray(sum, sumFrom + i);
        }
    }
}
