package dev.lockstep.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of a product of which only some places of the inner index are to be done, since the first factor is zero at all
 * others in all rows of the tile ({@link NonzeroLists}). The rest is as in {@link TileLanes64}, whose warnings hold here too.
 *
 * <p>A sum leaves the loop by way of an addition of negative zero, which changes no number. Where C2 does not know the shape of
 * what a loop leaves, sums would be boxed within the loop, at a tenth of the speed, but for the addition. {@link Rehearsal} and
 * {@link Products} see to it that it does know.
 */
final class ListedLanes64 {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    private static final int WIDTH = TileLanes64.WIDTH;
    private static final int PAIR = TileLanes64.PAIR;
    private static final boolean MANY_REGISTERS = SPECIES.vectorBitSize() >= 512;

    private ListedLanes64() {}

    /**
     * to = c + a * panel, for the rows of one group.
     *
     * @param places to be done, from {@code first} on so many, as unsigned bytes
     * @param last number of the group's last row
     * @param columns a vector's, or a pair's: up to the former, only the first of each pair is looked at
     * @param a a row begins every {@code aRow}, and has its numbers every {@code aStep}
     * @param panel [any, a pair of vectors]
     * @param c a row every {@code cRow}
     * @param to a row every {@code toRow}; may be c
     */
    static void add(
            byte[] places,
            int first,
            int count,
            int last,
            int columns,
            double[] a,
            int aFrom,
            int aRow,
            int aStep,
            double[] panel,
            int panelFrom,
            double[] c,
            int cFrom,
            int cRow,
            double[] to,
            int toFrom,
            int toRow) {
        if (MANY_REGISTERS && columns > WIDTH) {
            if (aRow == 1 && last == Nonzeros.GROUP - 1) {
                beside(places, first, count, a, aFrom, aStep, panel, panelFrom, c, cFrom, cRow, to, toFrom, toRow);
            } else {
                eight(
                        places, first, count, last, a, aFrom, aRow, aStep, panel, panelFrom, c, cFrom, cRow, to, toFrom,
                        toRow);
            }
            return;
        }
        for (int j = 0; j < columns; j += WIDTH) {
            single(
                    places,
                    first,
                    count,
                    last,
                    a,
                    aFrom,
                    aRow,
                    aStep,
                    panel,
                    panelFrom + j,
                    c,
                    cFrom + j,
                    cRow,
                    to,
                    toFrom + j,
                    toRow);
        }
    }

    /** Whether {@link #addPacked} takes so many columns. */
    static boolean takesPacked(int columns) {
        return MANY_REGISTERS && columns > WIDTH;
    }

    /**
     * As {@link #add}, of more than a vector of columns.
     *
     * @param a the numbers of the eight rows at the first place to be done, at the second, ...
     */
    static void addPacked(
            byte[] places,
            int first,
            int count,
            int last,
            double[] a,
            int aFrom,
            double[] panel,
            int panelFrom,
            double[] c,
            int cFrom,
            int cRow,
            double[] to,
            int toFrom,
            int toRow) {
        packed(places, first, count, last, a, aFrom, panel, panelFrom, c, cFrom, cRow, to, toFrom, toRow);
    }

    /** Eight rows, or {@code last + 1} of them and the last one again, by a pair of vectors. */
    private static void eight(
            byte[] places,
            int first,
            int count,
            int last,
            double[] a,
            int aFrom,
            int aRow,
            int aStep,
            double[] panel,
            int panelFrom,
            double[] c,
            int cFrom,
            int cRow,
            double[] to,
            int toFrom,
            int toRow) {
        int a0 = aFrom;
        int a1 = aFrom + Math.min(1, last) * aRow;
        int a2 = aFrom + Math.min(2, last) * aRow;
        int a3 = aFrom + Math.min(3, last) * aRow;
        int a4 = aFrom + Math.min(4, last) * aRow;
        int a5 = aFrom + Math.min(5, last) * aRow;
        int a6 = aFrom + Math.min(6, last) * aRow;
        int a7 = aFrom + Math.min(7, last) * aRow;
        int c0 = cFrom;
        int c1 = cFrom + Math.min(1, last) * cRow;
        int c2 = cFrom + Math.min(2, last) * cRow;
        int c3 = cFrom + Math.min(3, last) * cRow;
        int c4 = cFrom + Math.min(4, last) * cRow;
        int c5 = cFrom + Math.min(5, last) * cRow;
        int c6 = cFrom + Math.min(6, last) * cRow;
        int c7 = cFrom + Math.min(7, last) * cRow;
        DoubleVector s0 = DoubleVector.fromArray(SPECIES, c, c0);
        DoubleVector t0 = DoubleVector.fromArray(SPECIES, c, c0 + WIDTH);
        DoubleVector s1 = DoubleVector.fromArray(SPECIES, c, c1);
        DoubleVector t1 = DoubleVector.fromArray(SPECIES, c, c1 + WIDTH);
        DoubleVector s2 = DoubleVector.fromArray(SPECIES, c, c2);
        DoubleVector t2 = DoubleVector.fromArray(SPECIES, c, c2 + WIDTH);
        DoubleVector s3 = DoubleVector.fromArray(SPECIES, c, c3);
        DoubleVector t3 = DoubleVector.fromArray(SPECIES, c, c3 + WIDTH);
        DoubleVector s4 = DoubleVector.fromArray(SPECIES, c, c4);
        DoubleVector t4 = DoubleVector.fromArray(SPECIES, c, c4 + WIDTH);
        DoubleVector s5 = DoubleVector.fromArray(SPECIES, c, c5);
        DoubleVector t5 = DoubleVector.fromArray(SPECIES, c, c5 + WIDTH);
        DoubleVector s6 = DoubleVector.fromArray(SPECIES, c, c6);
        DoubleVector t6 = DoubleVector.fromArray(SPECIES, c, c6 + WIDTH);
        DoubleVector s7 = DoubleVector.fromArray(SPECIES, c, c7);
        DoubleVector t7 = DoubleVector.fromArray(SPECIES, c, c7 + WIDTH);
        for (int q = 0; q < count; q++) {
            int p = places[first + q] & 0xff;
            int from = p * aStep;
            int at = panelFrom + p * PAIR;
            DoubleVector x = DoubleVector.fromArray(SPECIES, panel, at);
            DoubleVector y = DoubleVector.fromArray(SPECIES, panel, at + WIDTH);
            DoubleVector f = DoubleVector.broadcast(SPECIES, a[a0 + from]);
            s0 = f.fma(x, s0);
            t0 = f.fma(y, t0);
            f = DoubleVector.broadcast(SPECIES, a[a1 + from]);
            s1 = f.fma(x, s1);
            t1 = f.fma(y, t1);
            f = DoubleVector.broadcast(SPECIES, a[a2 + from]);
            s2 = f.fma(x, s2);
            t2 = f.fma(y, t2);
            f = DoubleVector.broadcast(SPECIES, a[a3 + from]);
            s3 = f.fma(x, s3);
            t3 = f.fma(y, t3);
            f = DoubleVector.broadcast(SPECIES, a[a4 + from]);
            s4 = f.fma(x, s4);
            t4 = f.fma(y, t4);
            f = DoubleVector.broadcast(SPECIES, a[a5 + from]);
            s5 = f.fma(x, s5);
            t5 = f.fma(y, t5);
            f = DoubleVector.broadcast(SPECIES, a[a6 + from]);
            s6 = f.fma(x, s6);
            t6 = f.fma(y, t6);
            f = DoubleVector.broadcast(SPECIES, a[a7 + from]);
            s7 = f.fma(x, s7);
            t7 = f.fma(y, t7);
        }
        DoubleVector none = DoubleVector.broadcast(SPECIES, -0.0);
        int to0 = toFrom;
        int to1 = toFrom + Math.min(1, last) * toRow;
        int to2 = toFrom + Math.min(2, last) * toRow;
        int to3 = toFrom + Math.min(3, last) * toRow;
        int to4 = toFrom + Math.min(4, last) * toRow;
        int to5 = toFrom + Math.min(5, last) * toRow;
        int to6 = toFrom + Math.min(6, last) * toRow;
        int to7 = toFrom + Math.min(7, last) * toRow;
        none.add(s0).intoArray(to, to0);
        none.add(t0).intoArray(to, to0 + WIDTH);
        none.add(s1).intoArray(to, to1);
        none.add(t1).intoArray(to, to1 + WIDTH);
        none.add(s2).intoArray(to, to2);
        none.add(t2).intoArray(to, to2 + WIDTH);
        none.add(s3).intoArray(to, to3);
        none.add(t3).intoArray(to, to3 + WIDTH);
        none.add(s4).intoArray(to, to4);
        none.add(t4).intoArray(to, to4 + WIDTH);
        none.add(s5).intoArray(to, to5);
        none.add(t5).intoArray(to, to5 + WIDTH);
        none.add(s6).intoArray(to, to6);
        none.add(t6).intoArray(to, to6 + WIDTH);
        none.add(s7).intoArray(to, to7);
        none.add(t7).intoArray(to, to7 + WIDTH);
    }

    /** Eight rows that lie side by side, by a pair of vectors. */
    private static void beside(
            byte[] places,
            int first,
            int count,
            double[] a,
            int aFrom,
            int aStep,
            double[] panel,
            int panelFrom,
            double[] c,
            int cFrom,
            int cRow,
            double[] to,
            int toFrom,
            int toRow) {
        int c0 = cFrom;
        int c1 = cFrom + cRow;
        int c2 = cFrom + 2 * cRow;
        int c3 = cFrom + 3 * cRow;
        int c4 = cFrom + 4 * cRow;
        int c5 = cFrom + 5 * cRow;
        int c6 = cFrom + 6 * cRow;
        int c7 = cFrom + 7 * cRow;
        DoubleVector s0 = DoubleVector.fromArray(SPECIES, c, c0);
        DoubleVector t0 = DoubleVector.fromArray(SPECIES, c, c0 + WIDTH);
        DoubleVector s1 = DoubleVector.fromArray(SPECIES, c, c1);
        DoubleVector t1 = DoubleVector.fromArray(SPECIES, c, c1 + WIDTH);
        DoubleVector s2 = DoubleVector.fromArray(SPECIES, c, c2);
        DoubleVector t2 = DoubleVector.fromArray(SPECIES, c, c2 + WIDTH);
        DoubleVector s3 = DoubleVector.fromArray(SPECIES, c, c3);
        DoubleVector t3 = DoubleVector.fromArray(SPECIES, c, c3 + WIDTH);
        DoubleVector s4 = DoubleVector.fromArray(SPECIES, c, c4);
        DoubleVector t4 = DoubleVector.fromArray(SPECIES, c, c4 + WIDTH);
        DoubleVector s5 = DoubleVector.fromArray(SPECIES, c, c5);
        DoubleVector t5 = DoubleVector.fromArray(SPECIES, c, c5 + WIDTH);
        DoubleVector s6 = DoubleVector.fromArray(SPECIES, c, c6);
        DoubleVector t6 = DoubleVector.fromArray(SPECIES, c, c6 + WIDTH);
        DoubleVector s7 = DoubleVector.fromArray(SPECIES, c, c7);
        DoubleVector t7 = DoubleVector.fromArray(SPECIES, c, c7 + WIDTH);
        for (int q = 0; q < count; q++) {
            int p = places[first + q] & 0xff;
            int from = aFrom + p * aStep;
            int at = panelFrom + p * PAIR;
            DoubleVector x = DoubleVector.fromArray(SPECIES, panel, at);
            DoubleVector y = DoubleVector.fromArray(SPECIES, panel, at + WIDTH);
            DoubleVector f = DoubleVector.broadcast(SPECIES, a[from]);
            s0 = f.fma(x, s0);
            t0 = f.fma(y, t0);
            f = DoubleVector.broadcast(SPECIES, a[from + 1]);
            s1 = f.fma(x, s1);
            t1 = f.fma(y, t1);
            f = DoubleVector.broadcast(SPECIES, a[from + 2]);
            s2 = f.fma(x, s2);
            t2 = f.fma(y, t2);
            f = DoubleVector.broadcast(SPECIES, a[from + 3]);
            s3 = f.fma(x, s3);
            t3 = f.fma(y, t3);
            f = DoubleVector.broadcast(SPECIES, a[from + 4]);
            s4 = f.fma(x, s4);
            t4 = f.fma(y, t4);
            f = DoubleVector.broadcast(SPECIES, a[from + 5]);
            s5 = f.fma(x, s5);
            t5 = f.fma(y, t5);
            f = DoubleVector.broadcast(SPECIES, a[from + 6]);
            s6 = f.fma(x, s6);
            t6 = f.fma(y, t6);
            f = DoubleVector.broadcast(SPECIES, a[from + 7]);
            s7 = f.fma(x, s7);
            t7 = f.fma(y, t7);
        }
        DoubleVector none = DoubleVector.broadcast(SPECIES, -0.0);
        int to0 = toFrom;
        int to1 = toFrom + toRow;
        int to2 = toFrom + 2 * toRow;
        int to3 = toFrom + 3 * toRow;
        int to4 = toFrom + 4 * toRow;
        int to5 = toFrom + 5 * toRow;
        int to6 = toFrom + 6 * toRow;
        int to7 = toFrom + 7 * toRow;
        none.add(s0).intoArray(to, to0);
        none.add(t0).intoArray(to, to0 + WIDTH);
        none.add(s1).intoArray(to, to1);
        none.add(t1).intoArray(to, to1 + WIDTH);
        none.add(s2).intoArray(to, to2);
        none.add(t2).intoArray(to, to2 + WIDTH);
        none.add(s3).intoArray(to, to3);
        none.add(t3).intoArray(to, to3 + WIDTH);
        none.add(s4).intoArray(to, to4);
        none.add(t4).intoArray(to, to4 + WIDTH);
        none.add(s5).intoArray(to, to5);
        none.add(t5).intoArray(to, to5 + WIDTH);
        none.add(s6).intoArray(to, to6);
        none.add(t6).intoArray(to, to6 + WIDTH);
        none.add(s7).intoArray(to, to7);
        none.add(t7).intoArray(to, to7 + WIDTH);
    }

    /** Eight rows whose numbers at the places to be done follow each other, place by place, by a pair of vectors. */
    private static void packed(
            byte[] places,
            int first,
            int count,
            int last,
            double[] a,
            int aFrom,
            double[] panel,
            int panelFrom,
            double[] c,
            int cFrom,
            int cRow,
            double[] to,
            int toFrom,
            int toRow) {
        int c0 = cFrom;
        int c1 = cFrom + Math.min(1, last) * cRow;
        int c2 = cFrom + Math.min(2, last) * cRow;
        int c3 = cFrom + Math.min(3, last) * cRow;
        int c4 = cFrom + Math.min(4, last) * cRow;
        int c5 = cFrom + Math.min(5, last) * cRow;
        int c6 = cFrom + Math.min(6, last) * cRow;
        int c7 = cFrom + Math.min(7, last) * cRow;
        DoubleVector s0 = DoubleVector.fromArray(SPECIES, c, c0);
        DoubleVector t0 = DoubleVector.fromArray(SPECIES, c, c0 + WIDTH);
        DoubleVector s1 = DoubleVector.fromArray(SPECIES, c, c1);
        DoubleVector t1 = DoubleVector.fromArray(SPECIES, c, c1 + WIDTH);
        DoubleVector s2 = DoubleVector.fromArray(SPECIES, c, c2);
        DoubleVector t2 = DoubleVector.fromArray(SPECIES, c, c2 + WIDTH);
        DoubleVector s3 = DoubleVector.fromArray(SPECIES, c, c3);
        DoubleVector t3 = DoubleVector.fromArray(SPECIES, c, c3 + WIDTH);
        DoubleVector s4 = DoubleVector.fromArray(SPECIES, c, c4);
        DoubleVector t4 = DoubleVector.fromArray(SPECIES, c, c4 + WIDTH);
        DoubleVector s5 = DoubleVector.fromArray(SPECIES, c, c5);
        DoubleVector t5 = DoubleVector.fromArray(SPECIES, c, c5 + WIDTH);
        DoubleVector s6 = DoubleVector.fromArray(SPECIES, c, c6);
        DoubleVector t6 = DoubleVector.fromArray(SPECIES, c, c6 + WIDTH);
        DoubleVector s7 = DoubleVector.fromArray(SPECIES, c, c7);
        DoubleVector t7 = DoubleVector.fromArray(SPECIES, c, c7 + WIDTH);
        int from = aFrom;
        for (int q = 0; q < count; q++) {
            int p = places[first + q] & 0xff;
            int at = panelFrom + p * PAIR;
            DoubleVector x = DoubleVector.fromArray(SPECIES, panel, at);
            DoubleVector y = DoubleVector.fromArray(SPECIES, panel, at + WIDTH);
            DoubleVector f = DoubleVector.broadcast(SPECIES, a[from]);
            s0 = f.fma(x, s0);
            t0 = f.fma(y, t0);
            f = DoubleVector.broadcast(SPECIES, a[from + 1]);
            s1 = f.fma(x, s1);
            t1 = f.fma(y, t1);
            f = DoubleVector.broadcast(SPECIES, a[from + 2]);
            s2 = f.fma(x, s2);
            t2 = f.fma(y, t2);
            f = DoubleVector.broadcast(SPECIES, a[from + 3]);
            s3 = f.fma(x, s3);
            t3 = f.fma(y, t3);
            f = DoubleVector.broadcast(SPECIES, a[from + 4]);
            s4 = f.fma(x, s4);
            t4 = f.fma(y, t4);
            f = DoubleVector.broadcast(SPECIES, a[from + 5]);
            s5 = f.fma(x, s5);
            t5 = f.fma(y, t5);
            f = DoubleVector.broadcast(SPECIES, a[from + 6]);
            s6 = f.fma(x, s6);
            t6 = f.fma(y, t6);
            f = DoubleVector.broadcast(SPECIES, a[from + 7]);
            s7 = f.fma(x, s7);
            t7 = f.fma(y, t7);
            from += Nonzeros.GROUP;
        }
        DoubleVector none = DoubleVector.broadcast(SPECIES, -0.0);
        int to0 = toFrom;
        int to1 = toFrom + Math.min(1, last) * toRow;
        int to2 = toFrom + Math.min(2, last) * toRow;
        int to3 = toFrom + Math.min(3, last) * toRow;
        int to4 = toFrom + Math.min(4, last) * toRow;
        int to5 = toFrom + Math.min(5, last) * toRow;
        int to6 = toFrom + Math.min(6, last) * toRow;
        int to7 = toFrom + Math.min(7, last) * toRow;
        none.add(s0).intoArray(to, to0);
        none.add(t0).intoArray(to, to0 + WIDTH);
        none.add(s1).intoArray(to, to1);
        none.add(t1).intoArray(to, to1 + WIDTH);
        none.add(s2).intoArray(to, to2);
        none.add(t2).intoArray(to, to2 + WIDTH);
        none.add(s3).intoArray(to, to3);
        none.add(t3).intoArray(to, to3 + WIDTH);
        none.add(s4).intoArray(to, to4);
        none.add(t4).intoArray(to, to4 + WIDTH);
        none.add(s5).intoArray(to, to5);
        none.add(t5).intoArray(to, to5 + WIDTH);
        none.add(s6).intoArray(to, to6);
        none.add(t6).intoArray(to, to6 + WIDTH);
        none.add(s7).intoArray(to, to7);
        none.add(t7).intoArray(to, to7 + WIDTH);
    }

    /** Eight rows, or {@code last + 1} of them and the last one again, by one vector. */
    private static void single(
            byte[] places,
            int first,
            int count,
            int last,
            double[] a,
            int aFrom,
            int aRow,
            int aStep,
            double[] panel,
            int panelFrom,
            double[] c,
            int cFrom,
            int cRow,
            double[] to,
            int toFrom,
            int toRow) {
        int a0 = aFrom;
        int a1 = aFrom + Math.min(1, last) * aRow;
        int a2 = aFrom + Math.min(2, last) * aRow;
        int a3 = aFrom + Math.min(3, last) * aRow;
        int a4 = aFrom + Math.min(4, last) * aRow;
        int a5 = aFrom + Math.min(5, last) * aRow;
        int a6 = aFrom + Math.min(6, last) * aRow;
        int a7 = aFrom + Math.min(7, last) * aRow;
        int c0 = cFrom;
        int c1 = cFrom + Math.min(1, last) * cRow;
        int c2 = cFrom + Math.min(2, last) * cRow;
        int c3 = cFrom + Math.min(3, last) * cRow;
        int c4 = cFrom + Math.min(4, last) * cRow;
        int c5 = cFrom + Math.min(5, last) * cRow;
        int c6 = cFrom + Math.min(6, last) * cRow;
        int c7 = cFrom + Math.min(7, last) * cRow;
        DoubleVector s0 = DoubleVector.fromArray(SPECIES, c, c0);
        DoubleVector s1 = DoubleVector.fromArray(SPECIES, c, c1);
        DoubleVector s2 = DoubleVector.fromArray(SPECIES, c, c2);
        DoubleVector s3 = DoubleVector.fromArray(SPECIES, c, c3);
        DoubleVector s4 = DoubleVector.fromArray(SPECIES, c, c4);
        DoubleVector s5 = DoubleVector.fromArray(SPECIES, c, c5);
        DoubleVector s6 = DoubleVector.fromArray(SPECIES, c, c6);
        DoubleVector s7 = DoubleVector.fromArray(SPECIES, c, c7);
        for (int q = 0; q < count; q++) {
            int p = places[first + q] & 0xff;
            int from = p * aStep;
            int at = panelFrom + p * PAIR;
            DoubleVector x = DoubleVector.fromArray(SPECIES, panel, at);
            DoubleVector f = DoubleVector.broadcast(SPECIES, a[a0 + from]);
            s0 = f.fma(x, s0);
            f = DoubleVector.broadcast(SPECIES, a[a1 + from]);
            s1 = f.fma(x, s1);
            f = DoubleVector.broadcast(SPECIES, a[a2 + from]);
            s2 = f.fma(x, s2);
            f = DoubleVector.broadcast(SPECIES, a[a3 + from]);
            s3 = f.fma(x, s3);
            f = DoubleVector.broadcast(SPECIES, a[a4 + from]);
            s4 = f.fma(x, s4);
            f = DoubleVector.broadcast(SPECIES, a[a5 + from]);
            s5 = f.fma(x, s5);
            f = DoubleVector.broadcast(SPECIES, a[a6 + from]);
            s6 = f.fma(x, s6);
            f = DoubleVector.broadcast(SPECIES, a[a7 + from]);
            s7 = f.fma(x, s7);
        }
        DoubleVector none = DoubleVector.broadcast(SPECIES, -0.0);
        int to0 = toFrom;
        int to1 = toFrom + Math.min(1, last) * toRow;
        int to2 = toFrom + Math.min(2, last) * toRow;
        int to3 = toFrom + Math.min(3, last) * toRow;
        int to4 = toFrom + Math.min(4, last) * toRow;
        int to5 = toFrom + Math.min(5, last) * toRow;
        int to6 = toFrom + Math.min(6, last) * toRow;
        int to7 = toFrom + Math.min(7, last) * toRow;
        none.add(s0).intoArray(to, to0);
        none.add(s1).intoArray(to, to1);
        none.add(s2).intoArray(to, to2);
        none.add(s3).intoArray(to, to3);
        none.add(s4).intoArray(to, to4);
        none.add(s5).intoArray(to, to5);
        none.add(s6).intoArray(to, to6);
        none.add(s7).intoArray(to, to7);
    }
}
