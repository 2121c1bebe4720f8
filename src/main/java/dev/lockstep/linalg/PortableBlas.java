package dev.lockstep.linalg;

/**
 * Products in plain Java whose bits are the same on every CPU: every entry is a sum in the order of the inner index, each
 * term a rounded product. The inner loop runs along rows, so the compiler may use vectors of any width without changing a
 * bit. No fused multiply-add: where the CPU lacks it, Java's is thousands of times slower.
 */
final class PortableBlas extends Blas {
    /** Scratch for the transposed weights; one a thread, grows to the largest layer. */
    private static final ThreadLocal<float[]> TRANSPOSED_32 = ThreadLocal.withInitial(() -> new float[0]);

    private static final ThreadLocal<double[]> TRANSPOSED_64 = ThreadLocal.withInitial(() -> new double[0]);

    @Override
    public String name() {
        return "plain Java";
    }

    @Override
    public String kernel() {
        return name();
    }

    @Override
    public void outputs(int n, int m, int k, Buffer x, Buffer w, int wFrom, Buffer z, boolean add) {
        if (!add) {
            z.clear(0, n * m);
        }
        if (z instanceof Buffer.Of32 z32) {
            float[] columns = transposed(((Buffer.Of32) w).array(), wFrom, m, k);
            multiply(n, m, k, ((Buffer.Of32) x).array(), k, 1, columns, 0, z32.array(), 0);
        } else {
            double[] columns = transposed(((Buffer.Of64) w).array(), wFrom, m, k);
            multiply(n, m, k, ((Buffer.Of64) x).array(), k, 1, columns, 0, ((Buffer.Of64) z).array(), 0);
        }
    }

    @Override
    public void inputs(int n, int m, int k, Buffer d, Buffer w, int wFrom, Buffer e) {
        e.clear(0, n * k);
        if (e instanceof Buffer.Of32 e32) {
            multiply(n, k, m, ((Buffer.Of32) d).array(), m, 1, ((Buffer.Of32) w).array(), wFrom, e32.array(), 0);
        } else {
            double[] e64 = ((Buffer.Of64) e).array();
            multiply(n, k, m, ((Buffer.Of64) d).array(), m, 1, ((Buffer.Of64) w).array(), wFrom, e64, 0);
        }
    }

    @Override
    public void weightGradient(int n, int m, int k, Buffer d, Buffer x, Buffer g, int gFrom, boolean add) {
        if (!add) {
            g.clear(gFrom, gFrom + m * k);
        }
        if (g instanceof Buffer.Of32 g32) {
            multiply(m, k, n, ((Buffer.Of32) d).array(), 1, m, ((Buffer.Of32) x).array(), 0, g32.array(), gFrom);
        } else {
            double[] g64 = ((Buffer.Of64) g).array();
            multiply(m, k, n, ((Buffer.Of64) d).array(), 1, m, ((Buffer.Of64) x).array(), 0, g64, gFrom);
        }
    }

    /** c[rows, columns] += a[rows, inner] * b[inner, columns]; a(i, p) lies at i * aRow + p * aColumn. */
    private static void multiply(
            int rows,
            int columns,
            int inner,
            float[] a,
            int aRow,
            int aColumn,
            float[] b,
            int bFrom,
            float[] c,
            int cFrom) {
        for (int i = 0; i < rows; i++) {
            int ci = cFrom + i * columns;
            int p = 0;
            for (; p + 4 <= inner; p += 4) {
                int ai = i * aRow + p * aColumn;
                float a0 = a[ai];
                float a1 = a[ai + aColumn];
                float a2 = a[ai + 2 * aColumn];
                float a3 = a[ai + 3 * aColumn];
                int b0 = bFrom + p * columns;
                for (int j = 0; j < columns; j++) {
                    c[ci + j] = c[ci + j]
                            + a0 * b[b0 + j]
                            + a1 * b[b0 + columns + j]
                            + a2 * b[b0 + 2 * columns + j]
                            + a3 * b[b0 + 3 * columns + j];
                }
            }
            for (; p < inner; p++) {
                float a0 = a[i * aRow + p * aColumn];
                int b0 = bFrom + p * columns;
                for (int j = 0; j < columns; j++) {
                    c[ci + j] += a0 * b[b0 + j];
                }
            }
        }
    }

    private static void multiply(
            int rows,
            int columns,
            int inner,
            double[] a,
            int aRow,
            int aColumn,
            double[] b,
            int bFrom,
            double[] c,
            int cFrom) {
        for (int i = 0; i < rows; i++) {
            int ci = cFrom + i * columns;
            int p = 0;
            for (; p + 4 <= inner; p += 4) {
                int ai = i * aRow + p * aColumn;
                double a0 = a[ai];
                double a1 = a[ai + aColumn];
                double a2 = a[ai + 2 * aColumn];
                double a3 = a[ai + 3 * aColumn];
                int b0 = bFrom + p * columns;
                for (int j = 0; j < columns; j++) {
                    c[ci + j] = c[ci + j]
                            + a0 * b[b0 + j]
                            + a1 * b[b0 + columns + j]
                            + a2 * b[b0 + 2 * columns + j]
                            + a3 * b[b0 + 3 * columns + j];
                }
            }
            for (; p < inner; p++) {
                double a0 = a[i * aRow + p * aColumn];
                int b0 = bFrom + p * columns;
                for (int j = 0; j < columns; j++) {
                    c[ci + j] += a0 * b[b0 + j];
                }
            }
        }
    }

    private static float[] transposed(float[] w, int wFrom, int rows, int columns) {
        float[] result = TRANSPOSED_32.get();
        if (result.length < rows * columns) {
            result = new float[rows * columns];
            TRANSPOSED_32.set(result);
        }
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result[j * rows + i] = w[wFrom + i * columns + j];
            }
        }
        return result;
    }

    private static double[] transposed(double[] w, int wFrom, int rows, int columns) {
        double[] result = TRANSPOSED_64.get();
        if (result.length < rows * columns) {
            result = new double[rows * columns];
            TRANSPOSED_64.set(result);
        }
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                result[j * rows + i] = w[wFrom + i * columns + j];
            }
        }
        return result;
    }
}
