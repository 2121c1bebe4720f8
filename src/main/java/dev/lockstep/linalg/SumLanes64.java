package dev.lockstep.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link SumLanes32} for doubles, whose sums C2 turns into vectors by itself. */
final class SumLanes64 extends ScalarSums64 {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int WIDTH = SPECIES.length();

    SumLanes64() {
        if (WIDTH < 2) {
            throw new UnsupportedOperationException("this CPU has no vector registers, or this JVM does not use them");
        }
    }

    @Override
    void outer(int n, int m, int k, double[] d, double[] x, int unit, double[] leaf, int leafFrom) {
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
            int n, int m, int k, double[] d, double[] x, int xFrom, int unit, double[] leaf, int leafFrom) {
        int at = xFrom;
        int by = unit;
        DoubleVector x0 = DoubleVector.fromArray(SPECIES, x, at);
        DoubleVector x1 = DoubleVector.fromArray(SPECIES, x, at + WIDTH);
        DoubleVector factor = DoubleVector.broadcast(SPECIES, d[by]);
        DoubleVector s00 = factor.mul(x0);
        DoubleVector s01 = factor.mul(x1);
        factor = DoubleVector.broadcast(SPECIES, d[by + 1]);
        DoubleVector s10 = factor.mul(x0);
        DoubleVector s11 = factor.mul(x1);
        factor = DoubleVector.broadcast(SPECIES, d[by + 2]);
        DoubleVector s20 = factor.mul(x0);
        DoubleVector s21 = factor.mul(x1);
        factor = DoubleVector.broadcast(SPECIES, d[by + 3]);
        DoubleVector s30 = factor.mul(x0);
        DoubleVector s31 = factor.mul(x1);
        for (int r = 1; r < n; r++) {
            at += k;
            by += m;
            x0 = DoubleVector.fromArray(SPECIES, x, at);
            x1 = DoubleVector.fromArray(SPECIES, x, at + WIDTH);
            factor = DoubleVector.broadcast(SPECIES, d[by]);
            s00 = factor.fma(x0, s00);
            s01 = factor.fma(x1, s01);
            factor = DoubleVector.broadcast(SPECIES, d[by + 1]);
            s10 = factor.fma(x0, s10);
            s11 = factor.fma(x1, s11);
            factor = DoubleVector.broadcast(SPECIES, d[by + 2]);
            s20 = factor.fma(x0, s20);
            s21 = factor.fma(x1, s21);
            factor = DoubleVector.broadcast(SPECIES, d[by + 3]);
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
