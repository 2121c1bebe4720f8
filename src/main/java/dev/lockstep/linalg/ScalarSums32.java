package dev.lockstep.linalg;

/** The scalar forms for floats. */
class ScalarSums32 extends SumLanes<float[]> {
    private static final ThreadLocal<Rows> ROWS = ThreadLocal.withInitial(Rows::new);

    @Override
    void sum(float[][] terms, int count, int from, int to, double[] sum, int sumFrom) {
        switch (count) {
            case 1 -> copy(terms[0], from, to, sum, sumFrom);
            case 2 -> two(terms[0], terms[1], from, to, sum, sumFrom);
            case 3 -> three(terms[0], terms[1], terms[2], from, to, sum, sumFrom);
            default -> four(terms[0], terms[1], terms[2], terms[3], from, to, sum, sumFrom);
        }
    }

    private static void copy(float[] t0, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i++) {
            sum[sumFrom + i] = t0[i];
        }
    }

    private static void two(float[] t0, float[] t1, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i++) {
            sum[sumFrom + i] = (double) t0[i] + t1[i];
        }
    }

    private static void three(float[] t0, float[] t1, float[] t2, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i++) {
            sum[sumFrom + i] = ((double) t0[i] + t1[i]) + t2[i];
        }
    }

    private static void four(
            float[] t0, float[] t1, float[] t2, float[] t3, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i++) {
            sum[sumFrom + i] = ((double) t0[i] + t1[i]) + ((double) t2[i] + t3[i]);
        }
    }

    @Override
    void outer(int n, int m, int k, float[] d, float[] x, int unit, float[] leaf, int leafFrom) {
        Rows rows = ROWS.get();
        rows.copy(x, n, k);
        float[][] y = rows.x;
        float[] t = rows.sum;
        for (int u = unit; u < unit + UNITS; u++) {
            int r = 1;
            if (n < 4) {
                multiply(d[u], y[0], t, k);
            } else {
                multiplyFour(d[u], d[m + u], d[2 * m + u], d[3 * m + u], y[0], y[1], y[2], y[3], t, k);
                for (r = 4; r + 4 <= n; r += 4) {
                    int by = r * m + u;
                    addFour(d[by], d[by + m], d[by + 2 * m], d[by + 3 * m], y[r], y[r + 1], y[r + 2], y[r + 3], t, k);
                }
            }
            for (; r < n; r++) {
                add(d[r * m + u], y[r], t, k);
            }
            System.arraycopy(t, 0, leaf, leafFrom + (u - unit) * k, k);
        }
    }

    /** Every row in an array of its own: C2 makes vectors of loops over arrays from 0 on, but not from anywhere. */
    private static final class Rows {
        private float[][] x = new float[0][0];
        private float[] sum = new float[0];

        void copy(float[] source, int n, int k) {
            if (x.length < n || sum.length < k) {
                x = new float[Math.max(n, x.length)][Math.max(k, sum.length)];
                sum = new float[x[0].length];
            }
            for (int r = 0; r < n; r++) {
                System.arraycopy(source, r * k, x[r], 0, k);
            }
        }
    }

    private static void multiply(float a, float[] x, float[] t, int k) {
        for (int c = 0; c < k; c++) {
            t[c] = a * x[c];
        }
    }

    private static void add(float a, float[] x, float[] t, int k) {
        for (int c = 0; c < k; c++) {
            t[c] = Math.fma(a, x[c], t[c]);
        }
    }

    private static void multiplyFour(
            float a0, float a1, float a2, float a3, float[] x0, float[] x1, float[] x2, float[] x3, float[] t, int k) {
        for (int c = 0; c < k; c++) {
            t[c] = Math.fma(a3, x3[c], Math.fma(a2, x2[c], Math.fma(a1, x1[c], a0 * x0[c])));
        }
    }

    private static void addFour(
            float a0, float a1, float a2, float a3, float[] x0, float[] x1, float[] x2, float[] x3, float[] t, int k) {
        for (int c = 0; c < k; c++) {
            t[c] = Math.fma(a3, x3[c], Math.fma(a2, x2[c], Math.fma(a1, x1[c], Math.fma(a0, x0[c], t[c]))));
        }
    }

    @Override
    float[] noise(int length, long key) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = i % 7 == 3 ? -0f : (float) Mixing.normal(Mixing.mix(key, i));
        }
        return values;
    }

    @Override
    float[][] terms(int count) {
        return new float[count][];
    }

    @Override
    boolean sameBits(float[] a, float[] b) {
        for (int i = 0; i < a.length; i++) {
            if (Float.floatToRawIntBits(a[i]) != Float.floatToRawIntBits(b[i])) {
                return false;
            }
        }
        return a.length == b.length;
    }
}
