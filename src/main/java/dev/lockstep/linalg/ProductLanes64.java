package dev.lockstep.linalg;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The scalar forms' operations on vectors of the width that the CPU prefers: what is copied where, so that {@link
 * TileLanes64} can do them tile by tile. How a product is cut into tiles changes no bit.
 *
 * <p>Of the second factor a tile reads a panel: up to 256 of its rows by two vectors, copied side by side, which stays in the
 * cache. Where the rows of the first factor are columns in memory, a tile's numbers for one inner index lie side by side, or
 * are copied so: one index leads to all of them.
 */
final class ProductLanes64 extends ScalarProducts64 {
    private static final int WIDTH = TileLanes64.WIDTH;
    private static final int PAIR = TileLanes64.PAIR;
    private static final int TILE = TileLanes64.ROWS;
    private static final int GROUP = Nonzeros.GROUP;

    /** Rows that are turned into columns together. */
    private static final int STREAMS = 8;

    /** Longest {@link #part} of the inner index at a time. */
    static final int INNER = 256;

    /** Row of a copy of so many columns; the next row begins elsewhere in the cache. */
    private static final int COPY_ROW = INNER + PAIR;

    /** Numbers at such a distance, or a multiple of it, share a place in the cache: what lies so is copied before use. */
    static final int CLASH = 2048 / Double.BYTES;

    private static final double[] ZEROS = new double[PAIR];

    /** The last bit of a product that is not smaller is the last bit of a number, with a factor of two to spare. */
    private static final double SMALLEST_TERM = 0x1p-967;

    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    ProductLanes64() {
        if (PAIR % STREAMS != 0) {
            throw new UnsupportedOperationException("this CPU has no vector registers, or this JVM does not use them");
        }
    }

    @Override
    void outputs(int n, int m, int k, double[] x, Nonzeros nonzeros, double[] w, int wFrom, double[] z, boolean add) {
        // The factor that is turned is the smaller one, if that is worth turning the result as well.
        if ((long) (m - n) * k <= 4L * n * m) {
            Nonzeros useful = leavesBits(n, m, k, nonzeros, w, wFrom, z, add) ? nonzeros : null;
            byTransposed(n, m, k, x, 0, useful, w, wFrom, z, add);
            return;
        }
        double[] turned = SCRATCH.get().turned(n * m);
        if (add) {
            turn(n, m, z, 0, m, turned, 0, n);
        }
        byTransposed(m, n, k, w, wFrom, null, x, 0, turned, add);
        turn(m, n, turned, 0, n, z, 0, m);
    }

    /**
     * Whether leaving out zeros of x leaves all bits of {@link #outputs} as they are. A term of zero changes nothing but a sum
     * of negative zero, or one with a factor that is not finite. Where all other terms are multiples of the smallest number
     * there is, no sum is rounded to zero, and a sum that is zero is a positive one, unless it began as a negative one.
     */
    private static boolean leavesBits(
            int n, int m, int k, Nonzeros nonzeros, double[] w, int wFrom, double[] z, boolean add) {
        if (nonzeros == null || (add && MagnitudeLanes64.hasNegativeZero(z, 0, n * m))) {
            return false;
        }
        return nonzeros.smallest() * SCRATCH.get().smallest(m, k, w, wFrom) >= SMALLEST_TERM;
    }

    /** Whether leaving out zeros of x [n, any] leaves all bits of transposed(d) * x as they are. */
    private static boolean leavesBits(int n, int m, double[] d, Nonzeros nonzeros) {
        return nonzeros != null
                && n > 0
                && nonzeros.smallest() * MagnitudeLanes64.smallest(d, 0, n * m) >= SMALLEST_TERM;
    }

    private static boolean leavesBits(int sets, int[] n, int m, double[][] d, Nonzeros[] nonzeros) {
        for (int i = 0; i < sets; i++) {
            if (!leavesBits(n[i], m, d[i], nonzeros[i])) {
                return false;
            }
        }
        return true;
    }

    /** to[j, i] = a[i, j]. */
    static void turn(int rows, int columns, double[] a, int from, int row, double[] to, int toFrom, int toRow) {
        int j = 0;
        for (; j + STREAMS <= columns; j += STREAMS) {
            scatterEight(rows, a, from + j, row, to, toFrom + j * toRow, toRow);
        }
        for (; j < columns; j++) {
            for (int i = 0; i < rows; i++) {
                to[toFrom + j * toRow + i] = a[from + i * row + j];
            }
        }
    }

    private static void scatterEight(int rows, double[] a, int from, int row, double[] to, int t0, int toRow) {
        int t1 = t0 + toRow;
        int t2 = t1 + toRow;
        int t3 = t2 + toRow;
        int t4 = t3 + toRow;
        int t5 = t4 + toRow;
        int t6 = t5 + toRow;
        int t7 = t6 + toRow;
        int at = from;
        for (int i = 0; i < rows; i++) {
            to[t0 + i] = a[at];
            to[t1 + i] = a[at + 1];
            to[t2 + i] = a[at + 2];
            to[t3 + i] = a[at + 3];
            to[t4 + i] = a[at + 4];
            to[t5 + i] = a[at + 5];
            to[t6 + i] = a[at + 6];
            to[t7 + i] = a[at + 7];
            at += row;
        }
    }

    /** Whether the rows of each tile lie side by side already in a matrix [inner, rows], and close enough to each other. */
    private static boolean isBeside(int rows) {
        return rows % TILE == 0 && rows <= 128;
    }

    /** The inner index is cut into as few parts as may be, all but the last of one length; none has one part too. */
    static int part(int inner) {
        int parts = Math.max(1, (inner + INNER - 1) / INNER);
        return Math.max(1, (inner + parts - 1) / parts);
    }

    /**
     * c = a * transposed(b), a [rows, inner], b [columns, inner].
     *
     * @param nonzeros what of a is to be done; null for all
     */
    private static void byTransposed(
            int rows,
            int columns,
            int inner,
            double[] a,
            int aFrom,
            Nonzeros nonzeros,
            double[] b,
            int bFrom,
            double[] c,
            boolean add) {
        Scratch scratch = SCRATCH.get();
        boolean clashes = inner % CLASH == 0;
        double[] kept = scratch.kept(columns, inner, b, bFrom);
        int wide = wide(columns);
        int part = part(inner);
        SparseLanes64.Listed listed = nonzeros == null ? null : scratch.sparse.listed(nonzeros, rows);
        NonzeroLists.Lists lists = listed == null ? null : listed.columnsOfRows(nonzeros, part);
        double[] packed = listed == null ? null : listed.packed(lists, rows, columns, inner, part, a, aFrom);
        for (int p = 0; p == 0 || p < inner; p += part) {
            int count = Math.min(part, inner - p);
            boolean begins = p == 0 && !add;
            double[] block = clashes ? scratch.block(rows, a, aFrom + p, inner, count) : a;
            int from = clashes ? 0 : aFrom + p;
            int row = clashes ? COPY_ROW : inner;
            for (int j = 0; j < columns; j += PAIR) {
                int some = Math.min(PAIR, columns - j);
                double[] panel = kept != null ? kept : scratch.panel;
                int panelFrom = kept != null ? p * wide + j * count : 0;
                if (kept == null) {
                    scratch.turnedPanel(count, some, b, bFrom + j * inner + p, inner, panel, 0);
                }
                tiles(
                        rows, count, some, block, from, row, 1, lists, packed, p / part, panel, panelFrom, c, j,
                        columns, begins, scratch);
            }
        }
    }

    @Override
    void inputs(int n, int m, int k, double[] d, double[] w, int wFrom, double[] e) {
        Scratch scratch = SCRATCH.get();
        int part = part(m);
        for (int p = 0; p == 0 || p < m; p += part) {
            int count = Math.min(part, m - p);
            for (int j = 0; j < k; j += PAIR) {
                int some = Math.min(PAIR, k - j);
                double[] panel = scratch.panel(count, some, w, wFrom + p * k + j, k);
                tiles(n, count, some, d, p, m, 1, null, null, 0, panel, 0, e, j, k, p == 0, scratch);
            }
        }
    }

    @Override
    void weightGradient(
            int n, int m, int k, double[] d, double[] x, Nonzeros nonzeros, double[] g, int gFrom, boolean add) {
        if (leavesBits(n, m, d, nonzeros) && !(add && MagnitudeLanes64.hasNegativeZero(g, gFrom, m * k))) {
            SCRATCH.get().sparse.weightGradient(n, m, k, d, x, nonzeros, g, gFrom, add);
            return;
        }
        // The factor that is turned is the smaller one, here too.
        if (m <= 2 * k) {
            turnedProduct(n, m, k, d, x, g, gFrom, add);
            return;
        }
        double[] turned = SCRATCH.get().turned(m * k);
        if (add) {
            turn(m, k, g, gFrom, k, turned, 0, m);
        }
        turnedProduct(n, k, m, x, d, turned, 0, add);
        turn(k, m, turned, 0, m, g, gFrom, k);
    }

    /** c = transposed(a) * b, a [inner, rows], b [inner, columns]. */
    private static void turnedProduct(
            int inner, int rows, int columns, double[] a, double[] b, double[] c, int cFrom, boolean add) {
        Scratch scratch = SCRATCH.get();
        int part = part(inner);
        for (int p = 0; p == 0 || p < inner; p += part) {
            int count = Math.min(part, inner - p);
            boolean begins = p == 0 && !add;
            boolean there = isBeside(rows);
            double[] beside = there ? a : scratch.sideBySide(count, rows, a, p * rows);
            int first = there ? p * rows : 0;
            int row = there ? 1 : count;
            int step = there ? rows : TILE;
            for (int j = 0; j < columns; j += PAIR) {
                int some = Math.min(PAIR, columns - j);
                double[] panel = scratch.panel(count, some, b, p * columns + j, columns);
                tiles(
                        rows, count, some, beside, first, row, step, null, null, 0, panel, 0, c, cFrom + j, columns,
                        begins, scratch);
            }
        }
    }

    /** Point by point either with all terms or with those that are listed. */
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
        List<Integer> listed = new ArrayList<>();
        List<Integer> others = new ArrayList<>();
        for (int point = 0; point < d.length; point++) {
            (leavesBits(sets, n, m, d[point], nonzeros) ? listed : others).add(point);
        }
        if (!listed.isEmpty()) {
            double[][][] some = listed.stream().map(point -> d[point]).toArray(double[][][]::new);
            double[][] to = listed.stream().map(point -> sums[point]).toArray(double[][]::new);
            SCRATCH.get().sparse.sumsOfWeightGradients(sets, n, m, k, some, x, nonzeros, to, sumFrom);
        }
        if (!others.isEmpty()) {
            double[][][] some = others.stream().map(point -> d[point]).toArray(double[][][]::new);
            double[][] to = others.stream().map(point -> sums[point]).toArray(double[][]::new);
            sumsOfAll(sets, n, m, k, some, x, to, sumFrom);
        }
    }

    /** A pair of columns of vectors of all gradients at a time passes through the cache into the sums. */
    private static void sumsOfAll(
            int sets, int[] n, int m, int k, double[][][] d, double[][] x, double[][] sums, int sumFrom) {
        Scratch scratch = SCRATCH.get();
        boolean there = isBeside(m);
        int step = there ? m : TILE;
        scratch.begin(sets, n, m, d);
        for (int j = 0; j < k; j += PAIR) {
            int some = Math.min(PAIR, k - j);
            int vectors = some <= WIDTH ? WIDTH : PAIR;
            for (int i = 0; i < sets; i++) {
                int part = part(n[i]);
                for (int p = 0; p == 0 || p < n[i]; p += part) {
                    int count = Math.min(part, n[i] - p);
                    double[] panel = scratch.panel(count, some, x[i], p * k + j, k);
                    for (int point = 0; point < d.length; point++) {
                        double[] slice = scratch.slices[point][i];
                        double[] beside = there ? d[point][i] : scratch.beside[point][i];
                        int row = there ? 1 : n[i];
                        tiles(
                                m, count, vectors, beside, p * step, row, step, null, null, 0, panel, 0, slice, 0, PAIR,
                                p == 0, scratch);
                    }
                }
            }
            for (int point = 0; point < d.length; point++) {
                SumLanes.of64().sumRows(scratch.slices[point], sets, m, PAIR, some, sums[point], sumFrom + j, k);
            }
        }
    }

    @Override
    Object bring(Object copies) {
        Scratch scratch = copies == null ? new Scratch() : (Scratch) copies;
        SCRATCH.set(scratch);
        return scratch;
    }

    @Override
    void carryOff() {
        SCRATCH.get().forget();
        SCRATCH.remove();
    }

    @Override
    void hold(double[] w) {
        SCRATCH.get().held = w;
    }

    @Override
    void release() {
        SCRATCH.get().forget();
    }

    /** Columns up to a whole pair of vectors. */
    static int wide(int columns) {
        return (columns + PAIR - 1) / PAIR * PAIR;
    }

    /**
     * c += a * panel, for a c of any number of columns up to a pair of vectors; the rest as in {@link TileLanes64#add}.
     *
     * @param lists what of a is to be done in each part of the inner index; null for all
     * @param packed what is to be done of a, where it is packed; else null
     * @param number of the part
     * @param begins whether c counts as zero, whatever it holds
     */
    private static void tiles(
            int rows,
            int count,
            int columns,
            double[] a,
            int aFrom,
            int aRow,
            int aStep,
            NonzeroLists.Lists lists,
            double[] packed,
            int number,
            double[] panel,
            int panelFrom,
            double[] c,
            int cFrom,
            int cRow,
            boolean begins,
            Scratch scratch) {
        boolean whole = columns == PAIR || columns == WIDTH;
        double[] to = whole ? c : scratch.wideRows(rows);
        int toFrom = whole ? cFrom : 0;
        int toRow = whole ? cRow : PAIR;
        if (!whole && !begins) {
            widen(rows, columns, c, cFrom, cRow, to);
        }
        double[] sums = begins ? ZEROS : to;
        int from = begins ? 0 : toFrom;
        int row = begins ? 0 : toRow;
        if (lists == null) {
            TileLanes64.add(
                    rows, count, columns, a, aFrom, aRow, aStep, panel, panelFrom, sums, from, row, to, toFrom, toRow);
        } else {
            boolean takesPacked = packed != null && ListedLanes64.takesPacked(columns);
            for (int i = 0; i < rows; i += GROUP) {
                int first = lists.first(number, i / GROUP);
                int some = lists.count(number, i / GROUP);
                int last = Math.min(GROUP, rows - i) - 1;
                int at = from + i * row;
                int put = toFrom + i * toRow;
                if (takesPacked) {
                    ListedLanes64.addPacked(
                            lists.places(),
                            first,
                            some,
                            last,
                            packed,
                            first * GROUP,
                            panel,
                            panelFrom,
                            sums,
                            at,
                            row,
                            to,
                            put,
                            toRow);
                } else {
                    ListedLanes64.add(
                            lists.places(),
                            first,
                            some,
                            last,
                            columns,
                            a,
                            aFrom + i * aRow,
                            aRow,
                            aStep,
                            panel,
                            panelFrom,
                            sums,
                            at,
                            row,
                            to,
                            put,
                            toRow);
                }
            }
        }
        if (!whole) {
            narrow(rows, columns, to, c, cFrom, cRow);
        }
    }

    /** panel[p, j] = b[p, j], and zero beyond the columns. */
    static void copyPanel(int count, int columns, double[] b, int from, int row, double[] panel, int panelFrom) {
        if (columns < PAIR) {
            Arrays.fill(panel, panelFrom, panelFrom + count * PAIR, 0.0);
        }
        for (int p = 0; p < count; p++) {
            System.arraycopy(b, from + p * row, panel, panelFrom + p * PAIR, columns);
        }
    }

    private static void widen(int rows, int columns, double[] c, int cFrom, int cRow, double[] wide) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(c, cFrom + i * cRow, wide, i * PAIR, columns);
        }
    }

    private static void narrow(int rows, int columns, double[] wide, double[] c, int cFrom, int cRow) {
        for (int i = 0; i < rows; i++) {
            System.arraycopy(wide, i * PAIR, c, cFrom + i * cRow, columns);
        }
    }

    /** Copies of one thread. */
    private static final class Scratch {
        private final double[] panel = new double[INNER * PAIR];
        private final double[] streams = new double[PAIR * COPY_ROW];
        private double[] block = new double[0];
        private double[] one = new double[0];
        private double[] wide = new double[0];
        private double[] turned = new double[0];
        /** Of each point and set, [m, a pair of vectors]. */
        private double[][][] slices = new double[0][][];

        /** Of each point and set, the derivatives as {@link #putBeside} leaves them. */
        private double[][][] beside = new double[0][][];

        private final SparseLanes64 sparse = new SparseLanes64();
        private double[] held;
        private final List<Kept> kept = new ArrayList<>();
        private final List<double[]> spares = new ArrayList<>();

        /** Panels of a matrix within the array that is held, part of the inner index by part, pair of vectors by pair. */
        private static final class Kept {
            private final int columns;
            private final int inner;
            private final int from;
            private final double[] panels;
            /** Of what was copied; below zero until somebody asks. */
            private double smallest = -1;

            Kept(int columns, int inner, int from, double[] panels) {
                this.columns = columns;
                this.inner = inner;
                this.from = from;
                this.panels = panels;
            }

            boolean isOf(int columns, int inner, int from) {
                return this.columns == columns && this.inner == inner && this.from == from;
            }
        }

        /** panel[p, j] = b[p, j]. */
        double[] panel(int count, int columns, double[] b, int from, int row) {
            copyPanel(count, columns, b, from, row, panel, 0);
            return panel;
        }

        /** panel[p, j] = b[j, p]. */
        void turnedPanel(int count, int columns, double[] b, int from, int row, double[] panel, int to) {
            boolean clashes = row % CLASH == 0;
            double[] source = clashes ? streams(b, from, row, columns, count) : b;
            int first = clashes ? 0 : from;
            int distance = clashes ? COPY_ROW : row;
            int j = 0;
            for (; j + STREAMS <= columns; j += STREAMS) {
                turnEight(count, source, first + j * distance, distance, panel, to + j);
            }
            for (; j < PAIR; j++) {
                int at = first + j * distance;
                for (int p = 0; p < count; p++) {
                    panel[to + p * PAIR + j] = j < columns ? source[at + p] : 0.0;
                }
            }
        }

        /** All panels of the transposed matrix [columns, inner], if it lies in the array that is held; else null. */
        double[] kept(int columns, int inner, double[] b, int from) {
            Kept one = keep(columns, inner, b, from);
            return one == null ? null : one.panels;
        }

        /** The smallest magnitude of a matrix [columns, inner] but for zeros; NaN if one is not finite. */
        double smallest(int columns, int inner, double[] b, int from) {
            Kept one = keep(columns, inner, b, from);
            if (one != null && one.smallest >= 0) {
                return one.smallest;
            }
            double smallest = MagnitudeLanes64.smallest(b, from, columns * inner);
            if (one != null) {
                one.smallest = smallest;
            }
            return smallest;
        }

        private Kept keep(int columns, int inner, double[] b, int from) {
            if (b != held) {
                return null;
            }
            for (Kept one : kept) {
                if (one.isOf(columns, inner, from)) {
                    return one;
                }
            }
            Kept one = new Kept(columns, inner, from, spare(wide(columns) * inner));
            int part = part(inner);
            for (int p = 0; p < inner; p += part) {
                int count = Math.min(part, inner - p);
                for (int j = 0; j < columns; j += PAIR) {
                    int to = p * wide(columns) + j * count;
                    turnedPanel(count, Math.min(PAIR, columns - j), b, from + j * inner + p, inner, one.panels, to);
                }
            }
            kept.add(one);
            return one;
        }

        private double[] spare(int length) {
            for (int i = 0; i < spares.size(); i++) {
                if (spares.get(i).length == length) {
                    return spares.remove(i);
                }
            }
            return new double[length];
        }

        void forget() {
            spares.clear();
            kept.forEach(one -> spares.add(one.panels));
            kept.clear();
            held = null;
        }

        /** Makes room for the slices of all points, and puts their derivatives side by side unless they are. */
        void begin(int sets, int[] n, int m, double[][][] d) {
            if (slices.length < d.length) {
                slices = new double[d.length][SumLanes.MOST_TERMS][0];
                beside = new double[d.length][SumLanes.MOST_TERMS][0];
            }
            for (int point = 0; point < d.length; point++) {
                for (int i = 0; i < sets; i++) {
                    if (slices[point][i].length < m * PAIR) {
                        slices[point][i] = new double[m * PAIR];
                    }
                    if (isBeside(m)) {
                        continue;
                    }
                    if (beside[point][i].length < n[i] * wholeTiles(m)) {
                        beside[point][i] = new double[n[i] * wholeTiles(m)];
                    }
                    putBeside(n[i], m, d[point][i], 0, beside[point][i]);
                }
            }
        }

        /** {@link #putBeside} in an array that is used again. */
        double[] sideBySide(int inner, int rows, double[] a, int from) {
            if (one.length < inner * wholeTiles(rows)) {
                one = new double[inner * wholeTiles(rows)];
            }
            putBeside(inner, rows, a, from, one);
            return one;
        }

        private static int wholeTiles(int rows) {
            return (rows + TILE - 1) / TILE * TILE;
        }

        /** From a [inner, rows], tile by tile [inner, TILE]; a last tile of fewer rows has its last one several times. */
        private static void putBeside(int inner, int rows, double[] a, int from, double[] to) {
            int whole = rows / TILE * TILE;
            for (int i = 0; i < whole; i += TILE) {
                putTile(inner, a, from + i, rows, to, i * inner);
            }
            for (int p = 0; whole < rows && p < inner; p++) {
                int at = from + p * rows + whole;
                int put = whole * inner + p * TILE;
                for (int j = 0; j < TILE; j++) {
                    to[put + j] = a[at + Math.min(j, rows - whole - 1)];
                }
            }
        }

        private static void putTile(int inner, double[] a, int from, int row, double[] to, int toFrom) {
            int at = from;
            int put = toFrom;
            for (int p = 0; p < inner; p++) {
                for (int j = 0; j < TILE; j++) {
                    to[put + j] = a[at + j];
                }
                at += row;
                put += TILE;
            }
        }

        private static void turnEight(int count, double[] b, int b0, int row, double[] panel, int to) {
            int b1 = b0 + row;
            int b2 = b1 + row;
            int b3 = b2 + row;
            int b4 = b3 + row;
            int b5 = b4 + row;
            int b6 = b5 + row;
            int b7 = b6 + row;
            int at = to;
            for (int p = 0; p < count; p++) {
                panel[at] = b[b0 + p];
                panel[at + 1] = b[b1 + p];
                panel[at + 2] = b[b2 + p];
                panel[at + 3] = b[b3 + p];
                panel[at + 4] = b[b4 + p];
                panel[at + 5] = b[b5 + p];
                panel[at + 6] = b[b6 + p];
                panel[at + 7] = b[b7 + p];
                at += PAIR;
            }
        }

        /** {@code count} columns of at most as many rows as a pair of vectors has numbers. */
        double[] streams(double[] b, int from, int row, int rows, int count) {
            for (int i = 0; i < rows; i++) {
                System.arraycopy(b, from + i * row, streams, i * COPY_ROW, count);
            }
            return streams;
        }

        /** {@code count} columns of any number of rows. */
        double[] block(int rows, double[] a, int from, int row, int count) {
            if (block.length < rows * COPY_ROW) {
                block = new double[rows * COPY_ROW];
            }
            for (int i = 0; i < rows; i++) {
                System.arraycopy(a, from + i * row, block, i * COPY_ROW, count);
            }
            return block;
        }

        /** Room for rows of a pair of vectors. */
        double[] wideRows(int rows) {
            if (wide.length < rows * PAIR) {
                wide = new double[rows * PAIR];
            }
            return wide;
        }

        double[] turned(int length) {
            if (turned.length < length) {
                turned = new double[length];
            }
            return turned;
        }
    }
}
