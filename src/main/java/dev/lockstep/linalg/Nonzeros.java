package dev.lockstep.linalg;

import java.io.Serializable;

/**
 * Which entries of a matrix of features are other than zero: a bit for each, row by row. A product leaves out what is zero
 * in some neighbouring rows or columns at once, which changes none of its bits.
 */
public final class Nonzeros implements Serializable {
    /** So many rows, or columns, a product takes together. */
    static final int GROUP = 8;

    /** With a larger share of its tiles to be done a product is no faster for what it leaves out. */
    private static final double WORTHWHILE = 0.7;

    /** Rows that are looked at before all are. */
    private static final int SAMPLE = 512;

    private final int columns;
    private final int words;
    private final long[] bits;
    private double smallest = Double.POSITIVE_INFINITY;
    /** Another one after each change. */
    private int version;

    /** Of a matrix of zeros, to be filled row by row. */
    public Nonzeros(int rows, int columns) {
        this.columns = columns;
        this.words = (columns + Long.SIZE - 1) / Long.SIZE;
        this.bits = new long[Math.multiplyExact(rows, words)];
    }

    /** Those of features [rows, columns]. */
    public static Nonzeros of(int rows, int columns, Buffer features) {
        Nonzeros nonzeros = new Nonzeros(rows, columns);
        for (int i = 0; i < rows; i++) {
            nonzeros.set(i, features, i * columns);
        }
        return nonzeros;
    }

    /**
     * Whether features [rows, columns] have so many zeros that products should know where they are. Looks at the first rows,
     * and supposes that any rows may come together.
     */
    public static boolean areWorthwhile(int rows, int columns, Buffer features) {
        int some = Math.min(rows, SAMPLE);
        Nonzeros sample = of(some, columns, features);
        double tiles = 0;
        for (int j = 0; j < columns; j++) {
            int count = 0;
            for (int i = 0; i < some; i++) {
                count += sample.has(i, j) ? 1 : 0;
            }
            tiles += 1 - Math.pow(1 - (double) count / some, GROUP);
        }
        long groups = 0;
        for (int i = 0; i < some; i++) {
            for (int v = 0; v < sample.words; v++) {
                groups += Long.bitCount(bytesWithBits(sample.word(i, v)));
            }
        }
        double ofColumns = tiles / columns;
        int groupsOfRow = (columns + GROUP - 1) / GROUP;
        double ofRows = (double) groups / some / groupsOfRow;
        return (ofColumns + ofRows) / 2 <= WORTHWHILE;
    }

    private void set(int row, Buffer features, int from) {
        for (int v = 0; v < words; v++) {
            int first = from + v * Long.SIZE;
            int last = Math.min(from + columns, first + Long.SIZE);
            bits[row * words + v] =
                    features instanceof Buffer.Of32 floats ? word(floats, first, last) : word(features, first, last);
        }
    }

    private long word(Buffer.Of32 features, int first, int last) {
        float[] x = features.array();
        long word = 0;
        for (int j = first; j < last; j++) {
            if (x[j] != 0) {
                word |= 1L << (j - first);
                smallest = Math.min(smallest, Math.abs(x[j]));
            }
        }
        return word;
    }

    private long word(Buffer features, int first, int last) {
        long word = 0;
        for (int j = first; j < last; j++) {
            double x = features.get(j);
            if (x != 0) {
                word |= 1L << (j - first);
                smallest = Math.min(smallest, Math.abs(x));
            }
        }
        return word;
    }

    /** Begins anew; the rows hold what they held until they are copied. */
    public void clear() {
        smallest = Double.POSITIVE_INFINITY;
        version++;
    }

    /** Takes over a row of another matrix of as many columns. */
    public void copyRow(Nonzeros source, int sourceRow, int row) {
        System.arraycopy(source.bits, sourceRow * words, bits, row * words, words);
        smallest = Math.min(smallest, source.smallest);
    }

    /** Whether an entry is other than zero. */
    public boolean has(int row, int column) {
        return ((word(row, column / Long.SIZE) >>> (column % Long.SIZE)) & 1) != 0;
    }

    int columns() {
        return columns;
    }

    /** Words of 64 columns, of each row. */
    int words() {
        return words;
    }

    long word(int row, int index) {
        return bits[row * words + index];
    }

    /** No entry that is other than zero is smaller; NaN if one is no number. */
    double smallest() {
        return smallest;
    }

    /** Equal for the same object only if nothing changed meanwhile. */
    int version() {
        return version;
    }

    /** Bit i of the result is set if byte i has a bit. */
    static long bytesWithBits(long word) {
        long low = 0x7f7f7f7f7f7f7f7fL;
        long first = ((((word & low) + low) | word) >>> 7) & 0x0101010101010101L;
        return (first * 0x0102040810204080L) >>> 56;
    }
}
