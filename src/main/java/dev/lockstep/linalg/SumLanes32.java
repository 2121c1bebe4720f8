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
        if (count != SumLanes.MOST_TERMS || columns % HALF_WIDTH != 0) {
            super.sumRows(terms, count, rows, row, columns, sum, sumFrom, sumRow);
            return;
        }
        for (int i = 0; i < rows; i++) {
            int from = i * row;
            int to = sumFrom + i * sumRow - from;
            four(terms[0], terms[1], terms[2], terms[3], from, from + columns, sum, to);
        }
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
