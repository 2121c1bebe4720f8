package dev.lockstep.linalg;

import java.util.Arrays;

/** The scalar forms for doubles. */
class ScalarProducts64 extends Products<double[]> {
    /** So many rows of the second factor are copied at a time. */
    private static final int ROWS = 256;

    private static final ThreadLocal<Rows> COPIES = ThreadLocal.withInitial(Rows::new);

    @Override
    void outputs(int n, int m, int k, double[] x, Nonzeros nonzeros, double[] w, int wFrom, double[] z, boolean add) {
        if (!add) {
            Arrays.fill(z, 0, n * m, 0.0);
        }
        add(n, m, k, x, 0, k, 1, w, wFrom, 1, k, z, 0);
    }

    @Override
    void inputs(int n, int m, int k, double[] d, double[] w, int wFrom, double[] e) {
        Arrays.fill(e, 0, n * k, 0.0);
        add(n, k, m, d, 0, m, 1, w, wFrom, k, 1, e, 0);
    }

    @Override
    void weightGradient(
            int n, int m, int k, double[] d, double[] x, Nonzeros nonzeros, double[] g, int gFrom, boolean add) {
        if (!add) {
            Arrays.fill(g, gFrom, gFrom + m * k, 0.0);
        }
        add(m, k, n, d, 0, 1, m, x, 0, k, 1, g, gFrom);
    }

    @Override
    void sumsOfWeightGradients(
            int sets,
            int[] n,
            int m,
            int k,
            double[][][] d,
            double[][] x,
            Nonzeros[] nonzeros,
            double[][] sums,
            int sumFrom) {
        double[][] leaves = COPIES.get().leaves(m * k);
        for (int point = 0; point < d.length; point++) {
            for (int i = 0; i < sets; i++) {
                Arrays.fill(leaves[i], 0, m * k, 0.0);
                add(m, k, n[i], d[point][i], 0, 1, m, x[i], 0, k, 1, leaves[i], 0);
            }
            SumLanes.of64().sum(leaves, sets, 0, m * k, sums[point], sumFrom);
        }
    }

    /** c[rows, columns] += a[rows, inner] * b[inner, columns]; a(i, p) lies at aFrom + i * aRow + p * aColumn, b likewise. */
    private static void add(
            int rows,
            int columns,
            int inner,
            double[] a,
            int aFrom,
            int aRow,
            int aColumn,
            double[] b,
            int bFrom,
            int bRow,
            int bColumn,
            double[] c,
            int cFrom) {
        Rows copies = COPIES.get();
        for (int from = 0; from < inner; from += ROWS) {
            int count = Math.min(ROWS, inner - from);
            copies.copy(b, bFrom + from * bRow, bRow, bColumn, count, columns);
            double[][] y = copies.rows;
            double[] t = copies.sum;
            for (int i = 0; i < rows; i++) {
                System.arraycopy(c, cFrom + i * columns, t, 0, columns);
                int at = aFrom + i * aRow + from * aColumn;
                int p = 0;
                for (; p + 4 <= count; p += 4) {
                    double a0 = a[at];
                    double a1 = a[at + aColumn];
                    double a2 = a[at + 2 * aColumn];
                    double a3 = a[at + 3 * aColumn];
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
        private double[][] rows = new double[0][0];
        private double[] sum = new double[0];
        private final double[][] leaves = new double[SumLanes.MOST_TERMS][0];

        double[][] leaves(int length) {
            for (int i = 0; i < leaves.length; i++) {
                if (leaves[i].length < length) {
                    leaves[i] = new double[length];
                }
            }
            return leaves;
        }

        void copy(double[] source, int from, int row, int column, int count, int columns) {
            if (sum.length < columns) {
                sum = new double[columns];
                rows = new double[ROWS][];
            }
            for (int p = 0; p < count; p++) {
                if (rows[p] == null) {
                    rows[p] = new double[sum.length];
                }
                double[] target = rows[p];
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

    private static void addOne(double a, double[] x, double[] t, int columns) {
        for (int j = 0; j < columns; j++) {
            t[j] = Math.fma(a, x[j], t[j]);
        }
    }

    private static void addFour(
            double a0,
            double a1,
            double a2,
            double a3,
            double[] x0,
            double[] x1,
            double[] x2,
            double[] x3,
            double[] t,
            int columns) {
        for (int j = 0; j < columns; j++) {
            t[j] = Math.fma(a3, x3[j], Math.fma(a2, x2[j], Math.fma(a1, x1[j], Math.fma(a0, x0[j], t[j]))));
        }
    }

    @Override
    double[] sparseNoise(int rows, int columns, long key) {
        double[] values = noise(rows * columns, key);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                int four = j / 4;
                boolean isZero = four % 4 != 0 && Mixing.mix(key + 1, (long) i * columns + four) % 32 != 0;
                values[i * columns + j] = isZero ? 0.0 : values[i * columns + j];
            }
        }
        return values;
    }

    @Override
    double[][] arrays(int count) {
        return new double[count][];
    }

    @Override
    double[][][] arraysOfArrays(int count) {
        return new double[count][][];
    }

    @Override
    Nonzeros nonzeros(int n, int k, double[] x) {
        return Nonzeros.of(n, k, Buffer.wrap(x));
    }

    @Override
    double[] noise(int length, long key) {
        return new ScalarSums64().noise(length, key);
    }

    @Override
    boolean sameBits(double[] a, double[] b) {
        return new ScalarSums64().sameBits(a, b);
    }
}
