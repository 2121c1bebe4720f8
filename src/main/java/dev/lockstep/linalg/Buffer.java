package dev.lockstep.linalg;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A mutable array of float32 or float64, so that one code serves both. Matrices lie in it row by row.
 *
 * <p>{@link #get} and {@link #set} convert to and from double; the bulk operations work in the buffer's own precision.
 * Loops that must be fast in both precisions take the array itself by matching on {@link Of32} and {@link Of64}.
 */
public abstract sealed class Buffer implements Serializable {
    /** Long loops call a short one for each stretch: it is compiled sooner, and its arrays stay in the cache. */
    private static final int STRETCH = 4096;

    /** A buffer of zeros. */
    public static Buffer allocate(Precision precision, int length) {
        return precision == Precision.FLOAT32 ? new Of32(new float[length]) : new Of64(new double[length]);
    }

    /** The entries of a vector, rounded to a precision; a copy. */
    public static Buffer of(Precision precision, Vector vector) {
        Buffer buffer = allocate(precision, vector.size());
        buffer.store(vector);
        return buffer;
    }

    /** A buffer over a float array, not copied. */
    public static Buffer wrap(float[] values) {
        return new Of32(values);
    }

    /** A buffer over a double array, not copied. */
    public static Buffer wrap(double[] values) {
        return new Of64(values);
    }

    public abstract Precision precision();

    public abstract int length();

    public abstract double get(int index);

    /** Stores a value, rounded to the buffer's precision. */
    public abstract void set(int index, double value);

    /** Sets the entries from {@code from} to {@code to} (exclusive) to zero. */
    public abstract void clear(int from, int to);

    /** Copies {@code count} entries of a buffer of the same precision. */
    public abstract void copy(Buffer source, int sourceFrom, int from, int count);

    /** Multiplies the first {@code count} entries with those of a buffer of the same precision. */
    public abstract void multiply(Buffer factors, int count);

    /** Adds the first {@code count} entries of a buffer of the same precision. */
    public abstract void add(Buffer terms, int count);

    /** Adds the {@code columns} entries of {@code row} from {@code rowFrom} to every row of the matrix that starts at 0. */
    public final void addToEachRow(int rows, int columns, Buffer row, int rowFrom) {
        addToEachRow(0, rows, columns, row, rowFrom);
    }

    /** Adds the {@code columns} entries of {@code row} from {@code rowFrom} to every row of the matrix at {@code from}. */
    public abstract void addToEachRow(int from, int rows, int columns, Buffer row, int rowFrom);

    /** Sets every row of the matrix that starts at 0 to the {@code columns} entries of {@code row} from {@code rowFrom}. */
    public final void setEachRow(int rows, int columns, Buffer row, int rowFrom) {
        for (int i = 0; i < rows; i++) {
            copy(row, rowFrom, i * columns, columns);
        }
    }

    /** Adds the sum of the rows of the matrix that starts at 0, first row first, to {@code sum} from {@code sumFrom}. */
    public abstract void addRowsTo(int rows, int columns, Buffer sum, int sumFrom);

    /** Stores the entries, widened to double, into an array of at least this length. */
    public final void widen(double[] target) {
        widen(length(), target);
    }

    /** Stores the first {@code count} entries, widened to double. */
    public abstract void widen(int count, double[] target);

    /** Takes over the entries of a vector of this length, rounded to this buffer's precision. */
    public abstract void store(Vector vector);

    /** Takes over the first {@code count} values, rounded to this buffer's precision. */
    public abstract void narrow(double[] source, int count);

    /**
     * The entries' sums over one to four buffers of the same precision, taken in double precision as
     * {@code (t0 + t1) + (t2 + t3)}, in one pass.
     *
     * @param count number of buffers
     * @param length number of entries, from the buffers' first on
     * @param sum receives the sums, from {@code sumFrom} on
     */
    public static void sumOfUpToFour(Buffer[] terms, int count, int length, double[] sum, int sumFrom) {
        sumOfUpToFour(terms, count, 0, length, sum, sumFrom);
    }

    /** As above, of {@code length} entries from {@code from} on. */
    public static void sumOfUpToFour(Buffer[] terms, int count, int from, int length, double[] sum, int sumFrom) {
        if (terms[0] instanceof Of32) {
            float[][] arrays = new float[count][];
            for (int i = 0; i < count; i++) {
                arrays[i] = ((Of32) terms[i]).values;
            }
            sum(SumLanes.of32((long) count * length), arrays, from, length, sum, sumFrom);
        } else {
            double[][] arrays = new double[count][];
            for (int i = 0; i < count; i++) {
                arrays[i] = ((Of64) terms[i]).values;
            }
            sum(SumLanes.of64(), arrays, from, length, sum, sumFrom);
        }
    }

    private static <A> void sum(SumLanes<A> lanes, A[] terms, int from, int length, double[] sum, int sumFrom) {
        int end = from + length;
        for (int next = from; next < end; next += STRETCH) {
            lanes.sum(terms, terms.length, next, Math.min(end, next + STRETCH), sum, sumFrom - from);
        }
    }

    /** float32 */
    public static final class Of32 extends Buffer {
        private final float[] values;

        private Of32(float[] values) {
            this.values = values;
        }

        /** The array itself. */
        public float[] array() {
            return values;
        }

        @Override
        public Precision precision() {
            return Precision.FLOAT32;
        }

        @Override
        public int length() {
            return values.length;
        }

        @Override
        public double get(int index) {
            return values[index];
        }

        @Override
        public void set(int index, double value) {
            values[index] = (float) value;
        }

        @Override
        public void clear(int from, int to) {
            Arrays.fill(values, from, to, 0f);
        }

        @Override
        public void copy(Buffer source, int sourceFrom, int from, int count) {
            System.arraycopy(((Of32) source).values, sourceFrom, values, from, count);
        }

        @Override
        public void multiply(Buffer factors, int count) {
            float[] other = ((Of32) factors).values;
            for (int i = 0; i < count; i++) {
                values[i] *= other[i];
            }
        }

        @Override
        public void add(Buffer terms, int count) {
            float[] other = ((Of32) terms).values;
            for (int i = 0; i < count; i++) {
                values[i] += other[i];
            }
        }

        @Override
        public void addToEachRow(int from, int rows, int columns, Buffer row, int rowFrom) {
            float[] other = ((Of32) row).values;
            for (int i = 0; i < rows; i++) {
                int start = from + i * columns;
                for (int j = 0; j < columns; j++) {
                    values[start + j] += other[rowFrom + j];
                }
            }
        }

        @Override
        public void addRowsTo(int rows, int columns, Buffer sum, int sumFrom) {
            float[] other = ((Of32) sum).values;
            int j = 0;
            // The sums of eight columns stay in registers.
            for (; j + 8 <= columns; j += 8) {
                float s0 = other[sumFrom + j];
                float s1 = other[sumFrom + j + 1];
                float s2 = other[sumFrom + j + 2];
                float s3 = other[sumFrom + j + 3];
                float s4 = other[sumFrom + j + 4];
                float s5 = other[sumFrom + j + 5];
                float s6 = other[sumFrom + j + 6];
                float s7 = other[sumFrom + j + 7];
                int at = j;
                for (int i = 0; i < rows; i++) {
                    s0 += values[at];
                    s1 += values[at + 1];
                    s2 += values[at + 2];
                    s3 += values[at + 3];
                    s4 += values[at + 4];
                    s5 += values[at + 5];
                    s6 += values[at + 6];
                    s7 += values[at + 7];
                    at += columns;
                }
                other[sumFrom + j] = s0;
                other[sumFrom + j + 1] = s1;
                other[sumFrom + j + 2] = s2;
                other[sumFrom + j + 3] = s3;
                other[sumFrom + j + 4] = s4;
                other[sumFrom + j + 5] = s5;
                other[sumFrom + j + 6] = s6;
                other[sumFrom + j + 7] = s7;
            }
            for (; j < columns; j++) {
                for (int i = 0; i < rows; i++) {
                    other[sumFrom + j] += values[i * columns + j];
                }
            }
        }

        @Override
        public void widen(int count, double[] target) {
            for (int i = 0; i < count; i++) {
                target[i] = values[i];
            }
        }

        @Override
        public void store(Vector vector) {
            vector.roundTo(values);
        }

        @Override
        public void narrow(double[] source, int count) {
            for (int i = 0; i < count; i++) {
                values[i] = (float) source[i];
            }
        }
    }

    /** float64 */
    public static final class Of64 extends Buffer {
        private final double[] values;

        private Of64(double[] values) {
            this.values = values;
        }

        /** The array itself. */
        public double[] array() {
            return values;
        }

        @Override
        public Precision precision() {
            return Precision.FLOAT64;
        }

        @Override
        public int length() {
            return values.length;
        }

        @Override
        public double get(int index) {
            return values[index];
        }

        @Override
        public void set(int index, double value) {
            values[index] = value;
        }

        @Override
        public void clear(int from, int to) {
            Arrays.fill(values, from, to, 0.0);
        }

        @Override
        public void copy(Buffer source, int sourceFrom, int from, int count) {
            System.arraycopy(((Of64) source).values, sourceFrom, values, from, count);
        }

        @Override
        public void multiply(Buffer factors, int count) {
            double[] other = ((Of64) factors).values;
            for (int i = 0; i < count; i++) {
                values[i] *= other[i];
            }
        }

        @Override
        public void add(Buffer terms, int count) {
            double[] other = ((Of64) terms).values;
            for (int i = 0; i < count; i++) {
                values[i] += other[i];
            }
        }

        @Override
        public void addToEachRow(int from, int rows, int columns, Buffer row, int rowFrom) {
            double[] other = ((Of64) row).values;
            for (int i = 0; i < rows; i++) {
                int start = from + i * columns;
                for (int j = 0; j < columns; j++) {
                    values[start + j] += other[rowFrom + j];
                }
            }
        }

        @Override
        public void addRowsTo(int rows, int columns, Buffer sum, int sumFrom) {
            double[] other = ((Of64) sum).values;
            int j = 0;
            // The sums of eight columns stay in registers.
            for (; j + 8 <= columns; j += 8) {
                double s0 = other[sumFrom + j];
                double s1 = other[sumFrom + j + 1];
                double s2 = other[sumFrom + j + 2];
                double s3 = other[sumFrom + j + 3];
                double s4 = other[sumFrom + j + 4];
                double s5 = other[sumFrom + j + 5];
                double s6 = other[sumFrom + j + 6];
                double s7 = other[sumFrom + j + 7];
                int at = j;
                for (int i = 0; i < rows; i++) {
                    s0 += values[at];
                    s1 += values[at + 1];
                    s2 += values[at + 2];
                    s3 += values[at + 3];
                    s4 += values[at + 4];
                    s5 += values[at + 5];
                    s6 += values[at + 6];
                    s7 += values[at + 7];
                    at += columns;
                }
                other[sumFrom + j] = s0;
                other[sumFrom + j + 1] = s1;
                other[sumFrom + j + 2] = s2;
                other[sumFrom + j + 3] = s3;
                other[sumFrom + j + 4] = s4;
                other[sumFrom + j + 5] = s5;
                other[sumFrom + j + 6] = s6;
                other[sumFrom + j + 7] = s7;
            }
            for (; j < columns; j++) {
                for (int i = 0; i < rows; i++) {
                    other[sumFrom + j] += values[i * columns + j];
                }
            }
        }

        @Override
        public void widen(int count, double[] target) {
            System.arraycopy(values, 0, target, 0, count);
        }

        @Override
        public void store(Vector vector) {
            vector.copyTo(values);
        }

        @Override
        public void narrow(double[] source, int count) {
            System.arraycopy(source, 0, values, 0, count);
        }
    }
}
