package dev.lockstep.linalg;

/** The scalar forms for doubles. */
class ScalarSums64 extends SumLanes<double[]> {
    @Override
    void sum(double[][] terms, int count, int from, int to, double[] sum, int sumFrom) {
        switch (count) {
            case 1 -> copy(terms[0], from, to, sum, sumFrom);
            case 2 -> two(terms[0], terms[1], from, to, sum, sumFrom);
            case 3 -> three(terms[0], terms[1], terms[2], from, to, sum, sumFrom);
            default -> four(terms[0], terms[1], terms[2], terms[3], from, to, sum, sumFrom);
        }
    }

    @Override
    void sumRows(double[][] terms, int count, int rows, int row, int columns, double[] sum, int sumFrom, int sumRow) {
        for (int i = 0; i < rows; i++) {
            int from = i * row;
            sum(terms, count, from, from + columns, sum, sumFrom + i * sumRow - from);
        }
    }

    private static void copy(double[] t0, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i++) {
            sum[sumFrom + i] = t0[i];
        }
    }

    private static void two(double[] t0, double[] t1, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i++) {
            sum[sumFrom + i] = t0[i] + t1[i];
        }
    }

    private static void three(double[] t0, double[] t1, double[] t2, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i++) {
            sum[sumFrom + i] = (t0[i] + t1[i]) + t2[i];
        }
    }

    private static void four(
            double[] t0, double[] t1, double[] t2, double[] t3, int from, int to, double[] sum, int sumFrom) {
        for (int i = from; i < to; i++) {
            sum[sumFrom + i] = (t0[i] + t1[i]) + (t2[i] + t3[i]);
        }
    }

    @Override
    double[] noise(int length, long key) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = i % 7 == 3 ? -0.0 : Mixing.normal(Mixing.mix(key, i));
        }
        return values;
    }

    @Override
    double[][] terms(int count) {
        return new double[count][];
    }

    @Override
    boolean sameBits(double[] a, double[] b) {
        for (int i = 0; i < a.length; i++) {
            if (Double.doubleToRawLongBits(a[i]) != Double.doubleToRawLongBits(b[i])) {
                return false;
            }
        }
        return a.length == b.length;
    }
}
