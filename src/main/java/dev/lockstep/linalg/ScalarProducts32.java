package dev.lockstep.linalg;

import java.util.Arrays;

/** The scalar forms for floats. */
class ScalarProducts32 extends Products<float[]> {
    /** So many rows of the second factor are copied at a time. */
    private static final int ROWS = 256;

    private static final ThreadLocal<Rows> COPIES = ThreadLocal.withInitial(Rows::new);

    @Override
    void outputs(int n, int m, int k, float[] x, Nonzeros nonzeros, float[] w, int wFrom, float[] z, boolean add) {
        if (!add) {
            Arrays.fill(z, 0, n * m, 0f);
        }
        add(n, m, k, x, 0, k, 1, w, wFrom, 1, k, z, 0);
    }

    @Override
    void inputs(int n, int m, int k, float[] d, float[] w, int wFrom, float[] e) {
        Arrays.fill(e, 0, n * k, 0f);
        add(n, k, m, d, 0, m, 1, w, wFrom, k, 1, e, 0);
    }

    @Override
    void weightGradient(
            int n, int m, int k, float[] d, float[] x, Nonzeros nonzeros, float[] g, int gFrom, boolean add) {
        if (!add) {
            Arrays.fill(g, gFrom, gFrom + m * k, 0f);
        }
        add(m, k, n, d, 0, 1, m, x, 0, k, 1, g, gFrom);
    }

    @Override
    void sumsOfWeightGradients(
            int sets,
            int[] n,
            int m,
            int k,
            float[][][] d,
            float[][] x,
            Nonzeros[] nonzeros,
            double[][] sums,
            int sumFrom) {
        float[][] leaves = COPIES.get().leaves(m * k);
        for (int point = 0; point < d.length; point++) {
            for (int i = 0; i < sets; i++) {
                Arrays.fill(leaves[i], 0, m * k, 0f);
                add(m, k, n[i], d[point][i], 0, 1, m, x[i], 0, k, 1, leaves[i], 0);
            }
            SumLanes.of32((long) sets * m * k).sum(leaves, sets, 0, m * k, sums[point], sumFrom);
        }
    }

    /** c[rows, columns] += a[rows, inner] * b[inner, columns]; a(i, p) lies at aFrom + i * aRow + p * aColumn, b likewise. */
    private static void add(
            int rows,
            int columns,
            int inner,
            float[] a,
            int aFrom,
            int aRow,
            int aColumn,
            float[] b,
            int bFrom,
            int bRow,
            int bColumn,
            float[] c,
            int cFrom) {
        Rows copies = COPIES.get();
        for (int from = 0; from < inner; from += ROWS) {
            int count = Math.min(ROWS, inner - from);
            copies.copy(b, bFrom + from * bRow, bRow, bColumn, count, columns);
            float[][] y = copies.rows;
            float[] t = copies.sum;
            for (int i = 0; i < rows; i++) {
                System.arraycopy(c, cFrom + i * columns, t, 0, columns);
                int at = aFrom + i * aRow + from * aColumn;
                int p = 0;
                for (; p + 4 <= count; p += 4) {
                    float a0 = a[at];
                    float a1 = a[at + aColumn];
                    float a2 = a[at + 2 * aColumn];
                    float a3 = a[at + 3 * aColumn];
                    addFour(a0, a1, a2, a3, y[p], y[p + 1], y[p + 2], y[p + 3], t, columns);
                    at += 4 * aColumn;
                }
                for (; p < count; p++) {
                    addOne(a[at], y[p], t, columns);
                    at += aColumn;
                }
                System.arraycopy(t, 0, c, cFrom + i * columns, columns);
            }
        }
    }

    /** Every row in an array of its own: C2 makes vectors of loops over arrays from 0 on, but not from anywhere. */
    private static final class Rows {
        private float[][] rows = new float[0][0];
        private float[] sum = new float[0];
        private final float[][] leaves = new float[SumLanes.MOST_TERMS][0];

        float[][] leaves(int length) {
            for (int i = 0; i < leaves.length; i++) {
                if (leaves[i].length < length) {
                    leaves[i] = new float[length];
                }
            }
            return leaves;
        }

        void copy(float[] source, int from, int row, int column, int count, int columns) {
            if (sum.length < columns) {
                sum = new float[columns];
                rows = new float[ROWS][];
            }
            for (int p = 0; p < count; p++) {
                if (rows[p] == null) {
                    rows[p] = new float[sum.length];
                }
                float[] target = rows[p];
                int at = from + p * row;
                if (column == 1) {
                    System.arraycopy(source, at, target, 0, columns);
                } else {
                    for (int j = 0; j < columns; j++) {
                        target[j] = source[at + j * column];
                    }
                }
            }
        }
    }

    private static void addOne(float a, float[] x, float[] t, int columns) {
        for (int j = 0; j < columns; j++) {
            t[j] = Math.fma(a, x[j], t[j]);
        }
    }

    private static void addFour(
            float a0,
            float a1,
            float a2,
            float a3,
            float[] x0,
            float[] x1,
            float[] x2,
            float[] x3,
            float[] t,
            int columns) {
        for (int j = 0; j < columns; j++) {
            t[j] = Math.fma(a3, x3[j], Math.fma(a2, x2[j], Math.fma(a1, x1[j], Math.fma(a0, x0[j], t[j]))));
        }
    }

    @Override
    float[] sparseNoise(int rows, int columns, long key) {
        float[] values = noise(rows * columns, key);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int four = j / 4;
                boolean isZero = four % 4 != 0 && Mixing.mix(key + 1, (long) i * columns + four) % 32 != 0;
                values[i * columns + j] = isZero ? 0f : values[i * columns + j];
            }
        }
        return values;
    }

    @Override
    float[][] arrays(int count) {
        return new float[count][];
    }

    @Override
    float[][][] arraysOfArrays(int count) {
        return new float[count][][];
    }

    @Override
    Nonzeros nonzeros(int n, int k, float[] x) {
        return Nonzeros.of(n, k, Buffer.wrap(x));
    }

    @Override
    float[] noise(int length, long key) {
        return new ScalarSums32().noise(length, key);
    }

    @Override
    boolean sameBits(float[] a, float[] b) {
        return new ScalarSums32().sameBits(a, b);
    }
}
