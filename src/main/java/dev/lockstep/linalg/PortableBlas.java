package dev.lockstep.linalg;

import java.util.List;

/**
 * Products in Java, by fused multiply-adds on vector registers ({@link Products}). The bits of an entry depend on the two
 * vectors it is made of alone, so they are the same for every shape of a product and on every kind of CPU. A CPU without
 * fused multiply-adds has the same bits too, thousands of times later.
 */
final class PortableBlas extends Blas {
    /** Forward, lists take as long as some rows. */
    private static final int FEWEST_ROWS = 64;

    /** Weight gradients that leave out zeros come out turned: turning them back takes as long as so many rows. */
    private static final int FEWEST_TURNED_ROWS = 192;

    /** The same for sums over sets, which are doubles. */
    private static final int FEWEST_SUMMED_ROWS = 384;

    @Override
    public String name() {
        return "Java";
    }

    @Override
    public String kernel() {
        return "Java, fused multiply-adds";
    }

    @Override
    public boolean dependsOnShape() {
        return false;
    }

    @Override
    public void outputs(int n, int m, int k, Buffer x, Nonzeros nonzeros, Buffer w, int wFrom, Buffer z, boolean add) {
        long count = (long) n * m * k;
        Nonzeros known = leavesOut(nonzeros, n, FEWEST_ROWS, z.precision(), count) ? nonzeros : null;
        if (z instanceof Buffer.Of32 z32) {
            float[] x32 = ((Buffer.Of32) x).array();
            float[] w32 = ((Buffer.Of32) w).array();
            Products.of32(count).outputs(n, m, k, x32, known, w32, wFrom, z32.array(), add);
        } else {
            double[] x64 = ((Buffer.Of64) x).array();
            double[] w64 = ((Buffer.Of64) w).array();
            Products.of64(count).outputs(n, m, k, x64, known, w64, wFrom, ((Buffer.Of64) z).array(), add);
        }
    }

    @Override
    public void inputs(int n, int m, int k, Buffer d, Buffer w, int wFrom, Buffer e) {
        long count = (long) n * m * k;
        if (e instanceof Buffer.Of32 e32) {
            float[] d32 = ((Buffer.Of32) d).array();
            float[] w32 = ((Buffer.Of32) w).array();
            Products.of32(count).inputs(n, m, k, d32, w32, wFrom, e32.array());
        } else {
            double[] d64 = ((Buffer.Of64) d).array();
            double[] w64 = ((Buffer.Of64) w).array();
            Products.of64(count).inputs(n, m, k, d64, w64, wFrom, ((Buffer.Of64) e).array());
        }
    }

    @Override
    public void weightGradient(
            int n, int m, int k, Buffer d, Buffer x, Nonzeros nonzeros, Buffer g, int gFrom, boolean add) {
        long count = (long) n * m * k;
        Nonzeros known = leavesOut(nonzeros, n, FEWEST_TURNED_ROWS, g.precision(), count) ? nonzeros : null;
        if (g instanceof Buffer.Of32 g32) {
            float[] d32 = ((Buffer.Of32) d).array();
            float[] x32 = ((Buffer.Of32) x).array();
            Products.of32(count).weightGradient(n, m, k, d32, x32, known, g32.array(), gFrom, add);
        } else {
            double[] d64 = ((Buffer.Of64) d).array();
            double[] x64 = ((Buffer.Of64) x).array();
            Products.of64(count).weightGradient(n, m, k, d64, x64, known, ((Buffer.Of64) g).array(), gFrom, add);
        }
    }

    /** Whether zeros may be left out, and there are at least as many rows as make up for what that takes besides. */
    private static boolean leavesOut(Nonzeros nonzeros, int rows, int fewest, Precision precision, long count) {
        return nonzeros != null && rows >= fewest && Products.leaveOutZeros(precision, count);
    }

    /** No set's gradient is ever whole, and a set's rows are copied once for all points. */
    @Override
    public void sumsOfWeightGradients(
            int sets,
            int[] n,
            int m,
            int k,
            List<Buffer[]> d,
            Buffer[] x,
            Nonzeros[] nonzeros,
            List<double[]> sums,
            int sumFrom) {
        double[][] targets = sums.toArray(double[][]::new);
        long count = 0;
        int rows = 0;
        for (int i = 0; i < sets; i++) {
            count += (long) n[i] * m * k * d.size();
            rows += n[i];
        }
        Nonzeros[] known = leavesOut(nonzeros[0], rows, FEWEST_SUMMED_ROWS, x[0].precision(), count)
                ? nonzeros
                : new Nonzeros[sets];
        if (x[0].precision() == Precision.FLOAT32) {
            float[][] x32 = new float[sets][];
            float[][][] d32 = new float[d.size()][sets][];
            for (int i = 0; i < sets; i++) {
                x32[i] = ((Buffer.Of32) x[i]).array();
                for (int point = 0; point < d32.length; point++) {
                    d32[point][i] = ((Buffer.Of32) d.get(point)[i]).array();
                }
            }
            Products.of32(count).sumsOfWeightGradients(sets, n, m, k, d32, x32, known, targets, sumFrom);
        } else {
            double[][] x64 = new double[sets][];
            double[][][] d64 = new double[d.size()][sets][];
            for (int i = 0; i < sets; i++) {
                x64[i] = ((Buffer.Of64) x[i]).array();
                for (int point = 0; point < d64.length; point++) {
                    d64[point][i] = ((Buffer.Of64) d.get(point)[i]).array();
                }
            }
            Products.of64(count).sumsOfWeightGradients(sets, n, m, k, d64, x64, known, targets, sumFrom);
        }
    }

    @Override
    public void bring(Copies copies) {
        copies.put(Precision.FLOAT32, Products.of32(0).bring(copies.of(Precision.FLOAT32)));
        copies.put(Precision.FLOAT64, Products.of64(0).bring(copies.of(Precision.FLOAT64)));
    }

    @Override
    public void carryOff() {
        Products.of32(0).carryOff();
        Products.of64(0).carryOff();
    }

    @Override
    public void hold(Buffer w) {
        if (w instanceof Buffer.Of32 w32) {
            Products.of32(0).hold(w32.array());
        } else {
            Products.of64(0).hold(((Buffer.Of64) w).array());
        }
    }

    /** Whichever forms were current when it began: none holds anything afterwards. */
    @Override
    public void release() {
        Products.of32(0).release();
        Products.of64(0).release();
    }
}
