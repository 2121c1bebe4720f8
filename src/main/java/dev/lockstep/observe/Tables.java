package dev.lockstep.observe;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Tables for people. */
public final class Tables {
    private Tables() {}

    /** A table with a header; the first column is text, the others are numbers. */
    public static String of(List<String> header, List<List<String>> rows) {
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < header.size(); i++) {
            columns.add(new Column()
                    .header(header.get(i))
                    .dataAlign(i == 0 ? HorizontalAlign.LEFT : HorizontalAlign.RIGHT));
        }
        Object[][] data = rows.stream().map(row -> row.toArray(new Object[0])).toArray(Object[][]::new);
        return AsciiTable.getTable(AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS, columns.toArray(new Column[0]), data);
    }

    /** A row of metrics: its name, rows, loss and values, in the order in which they come. */
    public static List<String> metricsRow(String name, Metrics metrics) {
        List<String> row = new ArrayList<>();
        row.add(name);
        row.add(String.format(Locale.ROOT, "%,d", metrics.rows()));
        row.add(number(metrics.loss()));
        metrics.values()
                .forEach((key, value) -> row.add(
                        key.equals("errors")
                                ? String.format(Locale.ROOT, "%,.0f", value)
                                : key.equals("accuracy")
                                        ? String.format(Locale.ROOT, "%.2f %%", 100 * value)
                                        : number(value)));
        return row;
    }

    /** A number with six significant digits. */
    public static String number(double value) {
        return String.format(Locale.ROOT, "%.6g", value);
    }
}
