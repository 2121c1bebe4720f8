package dev.lockstep.linalg;

/**
 * Products with features of which many are known to be zero ({@link Nonzeros}): what is listed is done, the rest is left
 * out, in the same order as without lists. Copies and lists are kept for the next product. For one thread at a time.
 *
 * <p>Forward, eight rows are a tile's rows, and the columns in which all are zero are left out. In the weight gradient it is
 * eight columns of x, since those of a few columns are zero in more rows than those of a pair of vectors: so sums come out
 * turned. A pair of vectors of columns at a time passes through the cache.
 */
final class SparseLanes32 {
    private static final int WIDTH = TileLanes32.WIDTH;
    private static final int PAIR = TileLanes32.PAIR;
    private static final int GROUP = Nonzeros.GROUP;
    private static final float[] ZEROS = new float[PAIR];

    /** A second product with the same rows is worth copies of them, and so are so many tiles of the first one. */
    private static final int WORTH_COPIES = 3;

    /** Rows by a pair of vectors of columns of x. */
    private final float[] columns = new float[ProductLanes32.INNER * PAIR];

    /** Of each point and set, the derivatives in panels of pairs of vectors, each [n, a pair of vectors]. */
    private float[][][] panels = new float[0][][];

    /** Of each point and set, [a pair of vectors of columns of x, units and what is wanting in a pair of vectors]. */
    private float[][][] slices = new float[0][][];

    private double[] sums = new double[0];
    private final Listed[] listed = new Listed[SumLanes.MOST_TERMS];
    private int next;

    /** What is to be done of a matrix [rows, columns] of features. */
    static final class Listed {
        private final NonzeroLists lists = new NonzeroLists();
        private float[] packed = new float[0];
        private boolean isPacked;
        private boolean wasUsed;

        private void begin(Nonzeros nonzeros, int n) {
            lists.begin(nonzeros, n);
            isPacked = false;
            wasUsed = false;
        }

        /** For each eight rows the columns that are to be done. */
        NonzeroLists.Lists columnsOfRows(Nonzeros nonzeros, int part) {
            return lists.columnsOfRows(nonzeros, part);
        }

        /**
         * What is to be done for each eight rows, place by place: list by list, each where {@link NonzeroLists.Lists#first}
         * says. Null while that is not worth the copies.
         *
         * @param outputs columns of the product
         */
        float[] packed(NonzeroLists.Lists some, int rows, int outputs, int inner, int part, float[] a, int aFrom) {
            int tiles = (outputs + PAIR - 1) / PAIR;
            if (!isPacked && (wasUsed || tiles >= WORTH_COPIES)) {
                pack(some, rows, inner, part, a, aFrom);
                isPacked = true;
            }
            wasUsed = true;
            return isPacked ? packed : null;
        }

        private void pack(NonzeroLists.Lists some, int rows, int inner, int part, float[] a, int aFrom) {
            if (packed.length < some.length() * GROUP) {
                packed = new float[some.length() * GROUP];
            }
            for (int p = 0, number = 0; p < inner; p += part, number++) {
                for (int i = 0; i < rows; i += GROUP) {
                    int last = Math.min(GROUP, rows - i) - 1;
                    int first = some.first(number, i / GROUP);
                    int count = some.count(number, i / GROUP);
                    pack(some.places(), first, count, a, aFrom + i * inner + p, inner, last, packed);
                }
            }
        }

        private static void pack(
                byte[] places, int first, int count, float[] a, int from, int row, int last, float[] packed) {
            int a1 = from + Math.min(1, last) * row;
            int a2 = from + Math.min(2, last) * row;
            int a3 = from + Math.min(3, last) * row;
            int a4 = from + Math.min(4, last) * row;
            int a5 = from + Math.min(5, last) * row;
            int a6 = from + Math.min(6, last) * row;
            int a7 = from + Math.min(7, last) * row;
            int at = first * GROUP;
            for (int q = first; q < first + count; q++) {
                int p = places[q] & 0xff;
                packed[at] = a[from + p];
                packed[at + 1] = a[a1 + p];
                packed[at + 2] = a[a2 + p];
                packed[at + 3] = a[a3 + p];
                packed[at + 4] = a[a4 + p];
                packed[at + 5] = a[a5 + p];
                packed[at + 6] = a[a6 + p];
                packed[at + 7] = a[a7 + p];
                at += GROUP;
            }
        }
    }

    /** Of the first n rows, which a product before this one may have made. */
    Listed listed(Nonzeros nonzeros, int n) {
        for (Listed made : listed) {
            if (made != null && made.lists.areOf(nonzeros, n)) {
                return made;
            }
        }
        if (listed[next] == null) {
            listed[next] = new Listed();
        }
        Listed made = listed[next];
        next = (next + 1) % listed.length;
        made.begin(nonzeros, n);
        return made;
    }

    /** As {@link Products#weightGradient}, of at least one row. */
    void weightGradient(
            int n, int m, int k, float[] d, float[] x, Nonzeros nonzeros, float[] g, int gFrom, boolean add) {
        int wide = ProductLanes32.wide(m);
        begin(1, new int[] {n}, m, new float[][][] {{d}});
        float[] slice = slices[0][0];
        for (int j = 0; j < k; j += PAIR) {
            int some = Math.min(PAIR, k - j);
            if (add) {
                ProductLanes32.turn(m, some, g, gFrom + j, k, slice, 0, wide);
            }
            int part = ProductLanes32.part(n);
            for (int p = 0; p < n; p += part) {
                int count = Math.min(part, n - p);
                boolean copies = copies(m, k);
                float[] from = copies ? columns(count, some, x, p * k + j, k) : x;
                int first = copies ? 0 : p * k + j;
                NonzeroLists.Lists lists = listed(nonzeros, n).lists.rowsOfColumns(nonzeros, part);
                boolean begins = p == 0 && !add;
                tiles(
                        lists,
                        p / part,
                        j,
                        some,
                        from,
                        first,
                        copies ? PAIR : k,
                        panels(0, 0, m, d),
                        n,
                        p,
                        m,
                        slice,
                        begins);
            }
            ProductLanes32.turn(some, m, slice, 0, wide, g, gFrom + j, k);
        }
    }

    /** As {@link Products#sumsOfWeightGradients}, where all sets have rows and know their zeros. */
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
        int wide = ProductLanes32.wide(m);
        begin(sets, n, m, d);
        boolean copies = d.length > 1 || copies(m, k);
        for (int j = 0; j < k; j += PAIR) {
            int some = Math.min(PAIR, k - j);
            for (int i = 0; i < sets; i++) {
                int part = ProductLanes32.part(n[i]);
                NonzeroLists.Lists lists = listed(nonzeros[i], n[i]).lists.rowsOfColumns(nonzeros[i], part);
                for (int p = 0; p < n[i]; p += part) {
                    int count = Math.min(part, n[i] - p);
                    float[] from = copies ? columns(count, some, x[i], p * k + j, k) : x[i];
                    int first = copies ? 0 : p * k + j;
                    int step = copies ? PAIR : k;
                    for (int point = 0; point < d.length; point++) {
                        float[] all = panels(point, i, m, d[point][i]);
                        tiles(lists, p / part, j, some, from, first, step, all, n[i], p, m, slices[point][i], p == 0);
                    }
                }
            }
            for (int point = 0; point < d.length; point++) {
                double[] rows = sums(some * m);
                SumLanes.of32((long) sets * m * some).sumRows(slices[point], sets, some, wide, m, rows, 0, m);
                SumLanes.turn(some, m, rows, sums[point], sumFrom + j, k);
            }
        }
    }

    /** Whether x is not read where it lies: it is read often, or its rows share places in the cache. */
    private static boolean copies(int m, int k) {
        return m > PAIR || k % ProductLanes32.CLASH == 0;
    }

    /**
     * slice += transposed(columns of x) * derivatives, for one part of the rows.
     *
     * @param number of the part
     * @param j first of the columns
     * @param some number of the columns
     * @param x where they lie, from {@code first} on, a row every {@code step}
     * @param panels of the derivatives of n rows, of which the part begins at p
     * @param begins whether the slice counts as zero, whatever it holds
     */
    private static void tiles(
            NonzeroLists.Lists lists,
            int number,
            int j,
            int some,
            float[] x,
            int first,
            int step,
            float[] panels,
            int n,
            int p,
            int m,
            float[] slice,
            boolean begins) {
        int wide = ProductLanes32.wide(m);
        byte[] places = lists.places();
        for (int u = 0; u < m; u += PAIR) {
            int panel = u * n + p * PAIR;
            int vectors = m - u <= WIDTH ? WIDTH : PAIR;
            for (int i = 0; i < some; i += GROUP) {
                int group = (j + i) / GROUP;
                int last = Math.min(GROUP, some - i) - 1;
                int from = lists.first(number, group);
                int count = lists.count(number, group);
                int at = i * wide + u;
                float[] c = begins ? ZEROS : slice;
                int cFrom = begins ? 0 : at;
                int cRow = begins ? 0 : wide;
                ListedLanes32.add(
                        places, from, count, last, vectors, x, first + i, 1, step, panels, panel, c, cFrom, cRow, slice,
                        at, wide);
            }
        }
    }

    /** Makes room, and copies derivatives into panels unless they are some. */
    private void begin(int sets, int[] n, int m, float[][][] d) {
        int wide = ProductLanes32.wide(m);
        if (slices.length < d.length) {
            slices = new float[d.length][SumLanes.MOST_TERMS][0];
            panels = new float[d.length][SumLanes.MOST_TERMS][0];
        }
        for (int point = 0; point < d.length; point++) {
            for (int i = 0; i < sets; i++) {
                if (slices[point][i].length < wide * PAIR) {
                    slices[point][i] = new float[wide * PAIR];
                }
                if (m == PAIR) {
                    continue;
                }
                if (panels[point][i].length < n[i] * wide) {
                    panels[point][i] = new float[n[i] * wide];
                }
                for (int u = 0; u < m; u += PAIR) {
                    int units = Math.min(PAIR, m - u);
                    ProductLanes32.copyPanel(n[i], units, d[point][i], u, m, panels[point][i], u * n[i]);
                }
            }
        }
    }

    private float[] panels(int point, int set, int m, float[] d) {
        return m == PAIR ? d : panels[point][set];
    }

    private float[] columns(int count, int some, float[] x, int from, int row) {
        ProductLanes32.copyPanel(count, some, x, from, row, columns, 0);
        return columns;
    }

    private double[] sums(int length) {
        if (sums.length < length) {
            sums = new double[length];
        }
        return sums;
    }
}
