package dev.lockstep.data;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How the columns of a source become features: numbers as they are, categories as one feature each, 1 where the row has
 * it and 0 elsewhere. The categories are learnt from the training rows, and stored with the model.
 *
 * @param columns in order
 * @param categories of the columns of categories, in order
 */
public record Encoding(List<Column> columns, List<Classes> categories) implements Serializable {
    public Encoding {
        columns = List.copyOf(columns);
        categories = List.copyOf(categories);
        if (categories(columns) != categories.size()) {
            throw new IllegalArgumentException(
                    categories(columns) + " columns of categories, but the categories of " + categories.size());
        }
    }

    /** The encoding of columns without categories: as they are. */
    public static Encoding plain(List<Column> columns) {
        return new Encoding(columns, List.of());
    }

    /** How many of these columns hold categories. */
    static int categories(List<Column> columns) {
        return (int) columns.stream()
                .filter(column -> column.kind() == Column.Kind.CATEGORY)
                .count();
    }

    /** Names of the features: of the column, with a place or a category behind it where there are several. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        int next = 0;
        for (Column column : columns) {
            switch (column.kind()) {
                case NUMBER -> names.add(column.name());
                case VECTOR -> {
                    for (int i = 0; i < column.width(); i++) {
                        names.add(column.name() + "[" + i + "]");
                    }
                }
                case CATEGORY -> categories.get(next++).names().forEach(name -> names.add(column.name() + "=" + name));
            }
        }
        return names;
    }

    /** Number of features. */
    public int width() {
        return columns.stream().mapToInt(Column::width).sum()
                + categories.stream().mapToInt(Classes::count).sum();
    }

    /** What is wrong with a row's categories, or null. */
    String problem(RowReader row, boolean ignoreUnknown) {
        int next = 0;
        for (Column column : columns) {
            if (column.kind() == Column.Kind.CATEGORY) {
                Classes known = categories.get(next);
                String category = row.category(next++);
                if (category != null && !ignoreUnknown && known.indexOf(category) < 0) {
                    return "column \"" + column.name() + "\": the category \"" + category
                            + "\" is none of those of the training rows, " + Names.some(known.names())
                            + "; set unknown-category = ignore to take it for none of them";
                }
            }
        }
        return null;
    }

    /**
     * Encodes a row. A category that is not known is none of them; one that is missing is NaN in all its features.
     *
     * @param row at a good row
     * @param features receives the features, [width]
     */
    void encode(RowReader row, double[] features) {
        double[] numbers = row.features();
        if (categories.isEmpty()) {
            System.arraycopy(numbers, 0, features, 0, numbers.length);
            return;
        }
        int from = 0;
        int to = 0;
        int next = 0;
        for (Column column : columns) {
            if (column.kind() == Column.Kind.CATEGORY) {
                Classes known = categories.get(next);
                String category = row.category(next++);
                Arrays.fill(features, to, to + known.count(), category == null ? Double.NaN : 0.0);
                int index = category == null ? -1 : known.indexOf(category);
                if (index >= 0) {
                    features[to + index] = 1.0;
                }
                to += known.count();
            } else {
                System.arraycopy(numbers, from, features, to, column.width());
                from += column.width();
                to += column.width();
            }
        }
    }
}
