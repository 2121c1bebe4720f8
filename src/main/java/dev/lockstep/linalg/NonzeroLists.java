package dev.lockstep.linalg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.WeakReference;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What is left to do of a matrix of features [rows, columns], as lists: for each eight rows the columns in which one of them
 * is not zero, and for each eight columns the rows in which one of them is not. Made when asked for; a thread's own.
 *
 * <p>An index is cut into parts as the products cut it, of at most 256, so a place within its part is a byte. Eight of them
 * are written at a time: those that are too many are overwritten by the next.
 */
final class NonzeroLists {
    private static final int GROUP = Nonzeros.GROUP;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;

    /** Of each byte the numbers of its bits, ascending, a byte each. */
    private static final long[] PLACES = new long[256];

    static {
        for (int mask = 0; mask < PLACES.length; mask++) {
            int count = 0;
            for (int bit = 0; bit < GROUP; bit++) {
                if (((mask >> bit) & 1) != 0) {
                    PLACES[mask] |= (long) bit << (Byte.SIZE * count++);
                }
            }
        }
    }

    /** Of some groups the places within each part: those of one group in one part follow each other. */
    static final class Lists {
        private int groups;
        private int lists;
        private int slot;
        private byte[] places = new byte[0];
        private int[] counts = new int[0];

        private void begin(int parts, int groups, int part) {
            this.groups = groups;
            this.slot = (part + GROUP - 1) / GROUP * GROUP + GROUP;
            if (places.length < parts * groups * slot) {
                places = new byte[parts * groups * slot];
            }
            this.lists = parts * groups;
            if (counts.length < lists) {
                counts = new int[lists];
            }
            Arrays.fill(counts, 0, lists, 0);
        }

        private void add(int part, int group, int mask, int base) {
            int list = part * groups + group;
            int count = counts[list];
            EIGHT.set(places, list * slot + count, PLACES[mask] + base * ONES);
            counts[list] = count + Integer.bitCount(mask);
        }

        /** All lists, as unsigned bytes. */
        byte[] places() {
            return places;
        }

        /** So long are all lists, with what lies between them. */
        int length() {
            return lists * slot;
        }

        /** Where a list begins. */
        int first(int part, int group) {
            return (part * groups + group) * slot;
        }

        int count(int part, int group) {
            return counts[part * groups + group];
        }
    }

    /** Not kept alive by these lists. */
    private WeakReference<Nonzeros> source = new WeakReference<>(null);

    private int version;
    private int rows;
    private boolean hasColumns;
    private boolean hasRows;
    private final Lists columnsOfRows = new Lists();
    private final Lists rowsOfColumns = new Lists();

    /** Whether these are the lists of so many rows as they are now. */
    boolean areOf(Nonzeros nonzeros, int n) {
        return source.refersTo(nonzeros) && version == nonzeros.version() && rows == n;
    }

    /** Becomes the lists of the first n rows. */
    void begin(Nonzeros nonzeros, int n) {
        source = new WeakReference<>(nonzeros);
        version = nonzeros.version();
        rows = n;
        hasColumns = false;
        hasRows = false;
    }

    /**
     * For each eight rows the columns that are to be done.
     *
     * @param nonzeros those that these are the lists of
     * @param part columns of all parts but the last
     */
    Lists columnsOfRows(Nonzeros nonzeros, int part) {
        if (!hasColumns) {
            int columns = nonzeros.columns();
            int groups = (rows + GROUP - 1) / GROUP;
            columnsOfRows.begin((columns + part - 1) / part, groups, part);
            long[] any = new long[nonzeros.words() + 1];
            for (int group = 0; group < groups; group++) {
                for (int v = 0; v < nonzeros.words(); v++) {
                    any[v] = anyOfEight(nonzeros, group * GROUP, v);
                }
                for (int p = 0, number = 0; p < columns; p += part, number++) {
                    addColumns(number, group, any, p, Math.min(part, columns - p));
                }
            }
            hasColumns = true;
        }
        return columnsOfRows;
    }

    private long anyOfEight(Nonzeros nonzeros, int first, int v) {
        int last = Math.min(first + GROUP, rows);
        long any = 0;
        for (int i = first; i < last; i++) {
            any |= nonzeros.word(i, v);
        }
        return any;
    }

    private void addColumns(int part, int group, long[] any, int from, int count) {
        for (int at = 0; at < count; at += GROUP) {
            int bit = from + at;
            int shift = bit % Long.SIZE;
            long word = any[bit / Long.SIZE] >>> shift;
            if (shift > Long.SIZE - GROUP) {
                word |= any[bit / Long.SIZE + 1] << (Long.SIZE - shift);
            }
            int mask = (int) word & 0xff;
            if (count - at < GROUP) {
                mask &= (1 << (count - at)) - 1;
            }
            columnsOfRows.add(part, group, mask, at);
        }
    }

    /**
     * For each eight columns the rows that are to be done.
     *
     * @param nonzeros those that these are the lists of
     * @param part rows of all parts but the last
     */
    Lists rowsOfColumns(Nonzeros nonzeros, int part) {
        if (!hasRows) {
            int groups = (nonzeros.columns() + GROUP - 1) / GROUP;
            rowsOfColumns.begin((rows + part - 1) / part, groups, part);
            for (int p = 0, number = 0; p < rows; p += part, number++) {
                int count = Math.min(part, rows - p);
                for (int v = 0; v < nonzeros.words(); v++) {
                    int first = v * GROUP;
                    int some = Math.min(GROUP, groups - first);
                    for (int at = 0; at < count; at += GROUP) {
                        addRows(nonzeros, number, first, some, v, p, at, Math.min(GROUP, count - at));
                    }
                }
            }
            hasRows = true;
        }
        return rowsOfColumns;
    }

    private void addRows(Nonzeros nonzeros, int part, int first, int groups, int v, int from, int at, int count) {
        long masks = 0;
        for (int i = 0; i < count; i++) {
            masks |= Nonzeros.bytesWithBits(nonzeros.word(from + at + i, v)) << (Byte.SIZE * i);
        }
        masks = turned(masks);
        for (int group = 0; group < groups; group++) {
            rowsOfColumns.add(part, first + group, (int) (masks >>> (Byte.SIZE * group)) & 0xff, at);
        }
    }

    /** Bit i of byte j becomes bit j of byte i: in blocks of two by two, of four by four, of all. */
    private static long turned(long bits) {
        long swap = (bits ^ (bits >>> 7)) & 0x00aa00aa00aa00aaL;
        long two = bits ^ swap ^ (swap << 7);
        swap = (two ^ (two >>> 14)) & 0x0000cccc0000ccccL;
        long four = two ^ swap ^ (swap << 14);
        swap = (four ^ (four >>> 28)) & 0x00000000f0f0f0f0L;
        return four ^ swap ^ (swap << 28);
    }
}
