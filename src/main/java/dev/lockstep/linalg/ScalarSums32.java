package dev.lockstep.linalg;

/** The scalar forms for floats. */
class ScalarSums32 extends SumLanes<float[]> {
    @Override
    void sum(float[][] terms, int count, int from, int to, double[] sum, int sumFrom) {
        switch (count) {
            case 1 -> copy(terms[0], from, to, sum, sumFrom);
            case 2 -> two(terms[0], terms[1], from, to, sum, sumFrom);
            case 3 -> three(terms[0], terms[1], terms[2], from, to, sum, sumFrom);
            default -> four(terms[0], terms[1], terms[2], terms[3], from, to, sum, sumFrom);
        }
    }

    @Override
    void sumRows(float[][] terms, int count, int rows, int row, int columns, double[] sum, int sumFrom, int sumRow) {
        for (int i = 0; i < rows; i++) {
            int from = i * row;
            sum(terms, count, from, from + columns, sum, sumFrom + i * sumRow - from);
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
