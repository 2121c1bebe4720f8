package dev.lockstep.linalg;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of a product: some rows by two vectors of columns, whose sums stay in registers while the inner index runs. The last
 * tile of some rows may take its last row several times: the same numbers lead to the same numbers.
 *
 * <p>What is not a multiply-add in a loop over the inner index costs as much as one. C2 works out before a loop what is used
 * in it and after it, and keeps that in registers: so where the sums go is an argument of its own, though it is mostly where
 * they come from. It inlines only so many calls in a method, and a loop of two inner indices at a time has too many. Decision
 * 20 says more; whoever changes a loop here runs {@code jobs/benchmark --only study} before and after.
 */
final class TileLanes64 {
    private static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;

    /** Numbers of a vector. */
    static final int WIDTH = SPECIES.length();

    /** Columns of a panel, and of most tiles. */
    static final int PAIR = 2 * WIDTH;

    /** Registers for eight rows of sums, or for six. */
    private static final boolean MANY_REGISTERS = SPECIES.vectorBitSize() >= 512;

    /** Rows of a tile of pairs of vectors, and of every tile whose rows lie side by side. */
    static final int ROWS = MANY_REGISTERS ? 8 : 6;

    /** Rows of a tile of single vectors. */
    private static final int SINGLE_ROWS = 8;

    private TileLanes64() {}

    /**
     * to = c + a * panel.
     *
     * @param columns a vector's, or a pair's: up to the former, only the first of each pair is looked at
     * @param a [rows, count]; a row begins every {@code aRow}, and its numbers follow each other if {@code aStep} is 1. Else a
     *     tile begins every {@code ROWS * aRow} and has its rows side by side, a number of a row every {@code aStep}
     * @param panel [count, a pair of vectors], zeros beyond the columns
     * @param c [rows, columns], a row every {@code cRow}; may be one row for all
     * @param to [rows, columns], a row every {@code toRow}; may be c
     */
    static void add(
            int rows,
            int count,
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
        boolean beside = aStep > 1;
        if (columns <= WIDTH) {
            int tile = beside ? ROWS : SINGLE_ROWS;
            int distance = beside ? 1 : aRow;
            for (int i = 0; i < rows; i += tile) {
                int last = Math.min(tile, rows - i) - 1;
                int at = aFrom + i * aRow;
                int s = cFrom + i * cRow;
                int t = toFrom + i * toRow;
                single(count, last, a, at, distance, aStep, panel, panelFrom, c, s, cRow, to, t, toRow);
            }
        } else {
            for (int i = 0; i < rows; i += ROWS) {
                int last = Math.min(ROWS, rows - i) - 1;
                int at = aFrom + i * aRow;
                int s = cFrom + i * cRow;
                int t = toFrom + i * toRow;
                if (MANY_REGISTERS && beside) {
                    eightBeside(count, last, a, at, aStep, panel, panelFrom, c, s, cRow, to, t, toRow);
                } else if (MANY_REGISTERS) {
                    eight(count, last, a, at, aRow, panel, panelFrom, c, s, cRow, to, t, toRow);
                } else if (beside) {
                    sixBeside(count, last, a, at, aStep, panel, panelFrom, c, s, cRow, to, t, toRow);
                } else {
                    six(count, last, a, at, aRow, panel, panelFrom, c, s, cRow, to, t, toRow);
                }
            }
        }
    }

    /**
     * Six rows, or {@code last + 1} of them and the last one again: to = c + a * panel, a [rows, count], panel [count, a pair
     * of vectors].
     */
    private static void six(
            int count,
            int last,
            double[] a,
            int aFrom,
            int aRow,
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
        int c0 = cFrom;
        int c1 = cFrom + Math.min(1, last) * cRow;
        int c2 = cFrom + Math.min(2, last) * cRow;
        int c3 = cFrom + Math.min(3, last) * cRow;
        int c4 = cFrom + Math.min(4, last) * cRow;
        int c5 = cFrom + Math.min(5, last) * cRow;
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
        for (int p = 0; p < count; p++) {
            int at = panelFrom + p * PAIR;
            DoubleVector x = DoubleVector.fromArray(SPECIES, panel, at);
            DoubleVector y = DoubleVector.fromArray(SPECIES, panel, at + WIDTH);
            DoubleVector f = DoubleVector.broadcast(SPECIES, a[a0 + p]);
            s0 = f.fma(x, s0);
            t0 = f.fma(y, t0);
            f = DoubleVector.broadcast(SPECIES, a[a1 + p]);
            s1 = f.fma(x, s1);
            t1 = f.fma(y, t1);
            f = DoubleVector.broadcast(SPECIES, a[a2 + p]);
            s2 = f.fma(x, s2);
            t2 = f.fma(y, t2);
            f = DoubleVector.broadcast(SPECIES, a[a3 + p]);
            s3 = f.fma(x, s3);
            t3 = f.fma(y, t3);
            f = DoubleVector.broadcast(SPECIES, a[a4 + p]);
            s4 = f.fma(x, s4);
            t4 = f.fma(y, t4);
            f = DoubleVector.broadcast(SPECIES, a[a5 + p]);
            s5 = f.fma(x, s5);
            t5 = f.fma(y, t5);
        }
        int to0 = toFrom;
        int to1 = toFrom + Math.min(1, last) * toRow;
        int to2 = toFrom + Math.min(2, last) * toRow;
        int to3 = toFrom + Math.min(3, last) * toRow;
        int to4 = toFrom + Math.min(4, last) * toRow;
        int to5 = toFrom + Math.min(5, last) * toRow;
        s0.intoArray(to, to0);
        t0.intoArray(to, to0 + WIDTH);
        s1.intoArray(to, to1);
        t1.intoArray(to, to1 + WIDTH);
        s2.intoArray(to, to2);
        t2.intoArray(to, to2 + WIDTH);
        s3.intoArray(to, to3);
        t3.intoArray(to, to3 + WIDTH);
        s4.intoArray(to, to4);
        t4.intoArray(to, to4 + WIDTH);
        s5.intoArray(to, to5);
        t5.intoArray(to, to5 + WIDTH);
    }

    /**
     * Six rows that lie side by side, the first {@code last + 1} of them different: to = c + a * panel, a [count, six rows] with
     * {@code aStep} from one index to the next, panel [count, a pair of vectors].
     */
    private static void sixBeside(
            int count,
            int last,
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
        int c1 = cFrom + Math.min(1, last) * cRow;
        int c2 = cFrom + Math.min(2, last) * cRow;
        int c3 = cFrom + Math.min(3, last) * cRow;
        int c4 = cFrom + Math.min(4, last) * cRow;
        int c5 = cFrom + Math.min(5, last) * cRow;
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
        int from = aFrom;
        for (int p = 0; p < count; p++) {
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
            from += aStep;
        }
        int to0 = toFrom;
        int to1 = toFrom + Math.min(1, last) * toRow;
        int to2 = toFrom + Math.min(2, last) * toRow;
        int to3 = toFrom + Math.min(3, last) * toRow;
        int to4 = toFrom + Math.min(4, last) * toRow;
        int to5 = toFrom + Math.min(5, last) * toRow;
        s0.intoArray(to, to0);
        t0.intoArray(to, to0 + WIDTH);
        s1.intoArray(to, to1);
        t1.intoArray(to, to1 + WIDTH);
        s2.intoArray(to, to2);
        t2.intoArray(to, to2 + WIDTH);
        s3.intoArray(to, to3);
        t3.intoArray(to, to3 + WIDTH);
        s4.intoArray(to, to4);
        t4.intoArray(to, to4 + WIDTH);
        s5.intoArray(to, to5);
        t5.intoArray(to, to5 + WIDTH);
    }

    /**
     * Eight rows, or {@code last + 1} of them and the last one again: to = c + a * panel, a [rows, count], panel [count, a pair of
     * vectors].
     */
    private static void eight(
            int count,
            int last,
            double[] a,
            int aFrom,
            int aRow,
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
        for (int p = 0; p < count; p++) {
            int at = panelFrom + p * PAIR;
            DoubleVector x = DoubleVector.fromArray(SPECIES, panel, at);
            DoubleVector y = DoubleVector.fromArray(SPECIES, panel, at + WIDTH);
            DoubleVector f = DoubleVector.broadcast(SPECIES, a[a0 + p]);
            s0 = f.fma(x, s0);
            t0 = f.fma(y, t0);
            f = DoubleVector.broadcast(SPECIES, a[a1 + p]);
            s1 = f.fma(x, s1);
            t1 = f.fma(y, t1);
            f = DoubleVector.broadcast(SPECIES, a[a2 + p]);
            s2 = f.fma(x, s2);
            t2 = f.fma(y, t2);
            f = DoubleVector.broadcast(SPECIES, a[a3 + p]);
            s3 = f.fma(x, s3);
            t3 = f.fma(y, t3);
            f = DoubleVector.broadcast(SPECIES, a[a4 + p]);
            s4 = f.fma(x, s4);
            t4 = f.fma(y, t4);
            f = DoubleVector.broadcast(SPECIES, a[a5 + p]);
            s5 = f.fma(x, s5);
            t5 = f.fma(y, t5);
            f = DoubleVector.broadcast(SPECIES, a[a6 + p]);
            s6 = f.fma(x, s6);
            t6 = f.fma(y, t6);
            f = DoubleVector.broadcast(SPECIES, a[a7 + p]);
            s7 = f.fma(x, s7);
            t7 = f.fma(y, t7);
        }
        int to0 = toFrom;
        int to1 = toFrom + Math.min(1, last) * toRow;
        int to2 = toFrom + Math.min(2, last) * toRow;
        int to3 = toFrom + Math.min(3, last) * toRow;
        int to4 = toFrom + Math.min(4, last) * toRow;
        int to5 = toFrom + Math.min(5, last) * toRow;
        int to6 = toFrom + Math.min(6, last) * toRow;
        int to7 = toFrom + Math.min(7, last) * toRow;
        s0.intoArray(to, to0);
        t0.intoArray(to, to0 + WIDTH);
        s1.intoArray(to, to1);
        t1.intoArray(to, to1 + WIDTH);
        s2.intoArray(to, to2);
        t2.intoArray(to, to2 + WIDTH);
        s3.intoArray(to, to3);
        t3.intoArray(to, to3 + WIDTH);
        s4.intoArray(to, to4);
        t4.intoArray(to, to4 + WIDTH);
        s5.intoArray(to, to5);
        t5.intoArray(to, to5 + WIDTH);
        s6.intoArray(to, to6);
        t6.intoArray(to, to6 + WIDTH);
        s7.intoArray(to, to7);
        t7.intoArray(to, to7 + WIDTH);
    }

    /**
     * Eight rows that lie side by side, the first {@code last + 1} of them different: to = c + a * panel, a [count, eight rows]
     * with {@code aStep} from one index to the next, panel [count, a pair of vectors].
     */
    private static void eightBeside(
            int count,
            int last,
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
        for (int p = 0; p < count; p++) {
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
            from += aStep;
        }
        int to0 = toFrom;
        int to1 = toFrom + Math.min(1, last) * toRow;
        int to2 = toFrom + Math.min(2, last) * toRow;
        int to3 = toFrom + Math.min(3, last) * toRow;
        int to4 = toFrom + Math.min(4, last) * toRow;
        int to5 = toFrom + Math.min(5, last) * toRow;
        int to6 = toFrom + Math.min(6, last) * toRow;
        int to7 = toFrom + Math.min(7, last) * toRow;
        s0.intoArray(to, to0);
        t0.intoArray(to, to0 + WIDTH);
        s1.intoArray(to, to1);
        t1.intoArray(to, to1 + WIDTH);
        s2.intoArray(to, to2);
        t2.intoArray(to, to2 + WIDTH);
        s3.intoArray(to, to3);
        t3.intoArray(to, to3 + WIDTH);
        s4.intoArray(to, to4);
        t4.intoArray(to, to4 + WIDTH);
        s5.intoArray(to, to5);
        t5.intoArray(to, to5 + WIDTH);
        s6.intoArray(to, to6);
        t6.intoArray(to, to6 + WIDTH);
        s7.intoArray(to, to7);
        t7.intoArray(to, to7 + WIDTH);
    }

    /**
     * Eight rows, or {@code last + 1} of them and the last one again: to = c + a * panel, a [rows, count]
     * with {@code aStep} between the numbers of a row, panel [count, the first of a pair of vectors].
     */
    private static void single(
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
        int q = 0;
        for (int p = 0; p < count; p++) {
            int at = panelFrom + p * PAIR;
            DoubleVector x = DoubleVector.fromArray(SPECIES, panel, at);
            DoubleVector f = DoubleVector.broadcast(SPECIES, a[a0 + q]);
            s0 = f.fma(x, s0);
            f = DoubleVector.broadcast(SPECIES, a[a1 + q]);
            s1 = f.fma(x, s1);
            f = DoubleVector.broadcast(SPECIES, a[a2 + q]);
            s2 = f.fma(x, s2);
            f = DoubleVector.broadcast(SPECIES, a[a3 + q]);
            s3 = f.fma(x, s3);
            f = DoubleVector.broadcast(SPECIES, a[a4 + q]);
            s4 = f.fma(x, s4);
            f = DoubleVector.broadcast(SPECIES, a[a5 + q]);
            s5 = f.fma(x, s5);
            f = DoubleVector.broadcast(SPECIES, a[a6 + q]);
            s6 = f.fma(x, s6);
            f = DoubleVector.broadcast(SPECIES, a[a7 + q]);
            s7 = f.fma(x, s7);
            q += aStep;
        }
        int to0 = toFrom;
        int to1 = toFrom + Math.min(1, last) * toRow;
        int to2 = toFrom + Math.min(2, last) * toRow;
        int to3 = toFrom + Math.min(3, last) * toRow;
        int to4 = toFrom + Math.min(4, last) * toRow;
        int to5 = toFrom + Math.min(5, last) * toRow;
        int to6 = toFrom + Math.min(6, last) * toRow;
        int to7 = toFrom + Math.min(7, last) * toRow;
        s0.intoArray(to, to0);
        s1.intoArray(to, to1);
        s2.intoArray(to, to2);
        s3.intoArray(to, to3);
        s4.intoArray(to, to4);
        s5.intoArray(to, to5);
        s6.intoArray(to, to6);
        s7.intoArray(to, to7);
    }
}
