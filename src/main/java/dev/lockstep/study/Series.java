package dev.lockstep.study;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Columns of numbers that grow row by row. Above {@link #MOST} rows every other one is dropped, and from then on only
 * every second, fourth, … row is kept; the last row is always there.
 *
 * <p>Memory: at most 8 bytes a number of {@code MOST} rows. A number that a row does not have is NaN.
 */
final class Series {
    /** Most rows that are kept. */
    static final int MOST = 20_000;

    private final Map<String, double[]> columns = new LinkedHashMap<>();

    /** Rows that stay; behind them there may be one more, the last, whose place the next row takes. */
    private int kept;

    private int size;
    private long offered;
    private long stride = 1;

    /** Adds a row. */
    void add(Map<String, Double> row) {
        columns.forEach((name, column) -> {
            if (column.length <= kept) {
                double[] longer = Arrays.copyOf(column, Math.min(MOST + 1, 2 * column.length));
                Arrays.fill(longer, column.length, longer.length, Double.NaN);
                columns.put(name, longer);
            }
        });
        columns.values().forEach(column -> column[kept] = Double.NaN);
        row.forEach((name, value) -> columns.computeIfAbsent(name, added -> empty())[kept] = value);
        size = kept + 1;
        if (offered % stride == 0) {
            kept++;
        }
        offered++;
        if (kept == MOST) {
            halve();
        }
    }

    private double[] empty() {
        int length = columns.values().stream()
                .mapToInt(column -> column.length)
                .findAny()
                .orElse(Math.max(16, kept + 1));
        double[] column = new double[length];
        Arrays.fill(column, Double.NaN);
        return column;
    }

    private void halve() {
        for (double[] column : columns.values()) {
            double last = column[MOST - 1];
            for (int i = 0; i < MOST / 2; i++) {
                column[i] = column[2 * i];
            }
            column[MOST / 2] = last;
        }
        kept = MOST / 2;
        size = kept + 1;
        stride *= 2;
    }

    /** Rows that there are, the last one included. */
    int size() {
        return size;
    }

    boolean has(String name) {
        return columns.containsKey(name);
    }

    /** A copy of a column, {@link #size} entries; all NaN if there is no such column. */
    double[] column(String name) {
        double[] column = new double[size];
        if (has(name)) {
            System.arraycopy(columns.get(name), 0, column, 0, size);
        } else {
            Arrays.fill(column, Double.NaN);
        }
        return column;
    }

    /** The first entry of a column that is a number; NaN if none is. */
    double first(String name) {
        return Arrays.stream(columns.getOrDefault(name, new double[0]))
                .limit(size)
                .filter(value -> !Double.isNaN(value))
                .findFirst()
                .orElse(Double.NaN);
    }

    /** The last entry of a column that is a number; NaN if none is. */
    double last(String name) {
        double[] column = columns.getOrDefault(name, new double[0]);
        for (int i = Math.min(size, column.length) - 1; i >= 0; i--) {
            if (!Double.isNaN(column[i])) {
                return column[i];
            }
        }
        return Double.NaN;
    }

    /** The names of the columns, in the order in which they came. */
    Iterable<String> names() {
        return columns.keySet();
    }
}
