package dev.lockstep.linalg;

/**
 * Products in Java, by fused multiply-adds on vector registers ({@link Products}). The bits of an entry depend on the two
 * vectors it is made of alone, so they are the same for every shape of a product and on every kind of CPU. A CPU without
 * fused multiply-adds has the same bits too, thousands of times later.
 */
final class PortableBlas extends Blas {
    /** Rows of a gradient that pass through the cache into a sum together. */
    private static final int UNITS = 8;

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
    public void outputs(int n, int m, int k, Buffer x, Buffer w, int wFrom, Buffer z, boolean add) {
        long count = (long) n * m * k;
        if (z instanceof Buffer.Of32 z32) {
            float[] x32 = ((Buffer.Of32) x).array();
            float[] w32 = ((Buffer.Of32) w).array();
            Products.of32(count).outputs(n, m, k, x32, w32, wFrom, z32.array(), add);
        } else {
            double[] x64 = ((Buffer.Of64) x).array();
            double[] w64 = ((Buffer.Of64) w).array();
            Products.of64(count).outputs(n, m, k, x64, w64, wFrom, ((Buffer.Of64) z).array(), add);
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
    public void weightGradient(int n, int m, int k, Buffer d, Buffer x, Buffer g, int gFrom, boolean add) {
        units(n, m, k, d, x, 0, m, g, gFrom, add);
    }

    private static void units(
            int n, int m, int k, Buffer d, Buffer x, int unit, int units, Buffer g, int gFrom, boolean add) {
        long count = (long) n * units * k;
        if (g instanceof Buffer.Of32 g32) {
            float[] d32 = ((Buffer.Of32) d).array();
            float[] x32 = ((Buffer.Of32) x).array();
            Products.of32(count).weightGradient(n, m, k, d32, x32, unit, units, g32.array(), gFrom, add);
        } else {
            double[] d64 = ((Buffer.Of64) d).array();
            double[] x64 = ((Buffer.Of64) x).array();
            Products.of64(count).weightGradient(n, m, k, d64, x64, unit, units, ((Buffer.Of64) g).array(), gFrom, add);
        }
    }

    /** No set's gradient is ever whole: a few units of each at a time pass through the cache into the sum. */
    @Override
    public void sumOfWeightGradients(
            int sets, int[] n, int m, int k, Buffer[] d, Buffer[] x, double[] sum, int sumFrom) {
        Buffer[] leaves = scratch(d[0].precision(), sets, UNITS * k);
        for (int unit = 0; unit < m; unit += UNITS) {
            int units = Math.min(UNITS, m - unit);
            for (int i = 0; i < sets; i++) {
                units(n[i], m, k, d[i], x[i], unit, units, leaves[i], 0, false);
            }
            Buffer.sumOfUpToFour(leaves, sets, units * k, sum, sumFrom + unit * k);
        }
    }
}
