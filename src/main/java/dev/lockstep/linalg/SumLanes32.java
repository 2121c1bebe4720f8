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

    @Override
    void outer(int n, int m, int k, float[] d, float[] x, int unit, float[] leaf, int leafFrom) {
        if (k < 2 * WIDTH) {
            super.outer(n, m, k, d, x, unit, leaf, leafFrom);
            return;
        }
        for (int c = 0; c + 2 * WIDTH <= k; c += 2 * WIDTH) {
            tile(n, m, k, d, x, c, unit, leaf, leafFrom + c);
        }
        if (k % (2 * WIDTH) != 0) {
            // The last columns once more, together with those that no tile took.
            tile(n, m, k, d, x, k - 2 * WIDTH, unit, leaf, leafFrom + k - 2 * WIDTH);
        }
    }

    /** Four units by two vectors: eight sums that stay in registers over all rows. */
    private static void tile(
            int n, int m, int k, float[] d, float[] x, int xFrom, int unit, float[] leaf, int leafFrom) {
        int at = xFrom;
        int by = unit;
        FloatVector x0 = FloatVector.fromArray(SPECIES, x, at);
        FloatVector x1 = FloatVector.fromArray(SPECIES, x, at + WIDTH);
        FloatVector factor = FloatVector.broadcast(SPECIES, d[by]);
        FloatVector s00 = factor.mul(x0);
        FloatVector s01 = factor.mul(x1);
        factor = FloatVector.broadcast(SPECIES, d[by + 1]);
        FloatVector s10 = factor.mul(x0);
        FloatVector s11 = factor.mul(x1);
        factor = FloatVector.broadcast(SPECIES, d[by + 2]);
        FloatVector s20 = factor.mul(x0);
        FloatVector s21 = factor.mul(x1);
        factor = FloatVector.broadcast(SPECIES, d[by + 3]);
        FloatVector s30 = factor.mul(x0);
        FloatVector s31 = factor.mul(x1);
        for (int r = 1; r < n; r++) {
            at += k;
            by += m;
            x0 = FloatVector.fromArray(SPECIES, x, at);
            x1 = FloatVector.fromArray(SPECIES, x, at + WIDTH);
            factor = FloatVector.broadcast(SPECIES, d[by]);
            s00 = factor.fma(x0, s00);
            s01 = factor.fma(x1, s01);
            factor = FloatVector.broadcast(SPECIES, d[by + 1]);
            s10 = factor.fma(x0, s10);
            s11 = factor.fma(x1, s11);
            factor = FloatVector.broadcast(SPECIES, d[by + 2]);
            s20 = factor.fma(x0, s20);
            s21 = factor.fma(x1, s21);
            factor = FloatVector.broadcast(SPECIES, d[by + 3]);
            s30 = factor.fma(x0, s30);
            s31 = factor.fma(x1, s31);
        }
        s00.intoArray(leaf, leafFrom);
        s01.intoArray(leaf, leafFrom + WIDTH);
        s10.intoArray(leaf, leafFrom + k);
        s11.intoArray(leaf, leafFrom + k + WIDTH);
        s20.intoArray(leaf, leafFrom + 2 * k);
        s21.intoArray(leaf, leafFrom + 2 * k + WIDTH);
        s30.intoArray(leaf, leafFrom + 3 * k);
        s31.intoArray(leaf, leafFrom + 3 * k + WIDTH);
    }
}
