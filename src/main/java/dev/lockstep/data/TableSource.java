package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.types.StructType;

/** Rows of a {@link Table}: which column is label, feature or weight, and what is wrong with a row. */
final class TableSource implements Source {
    private static final Pattern DATE = Pattern.compile(
            "\\d{4}-\\d{1,2}-\\d{1,2}.*|\\d{1,2}[/.]\\d{1,2}[/.]\\d{2,4}.*|\\d{1,2}:\\d{2}(:\\d{2}.*)?");

    /** A number with an exponent: too large to be finite rather than a word. */
    private static final Pattern MAGNITUDE = Pattern.compile("[-+]?[0-9.]+[eE][-+]?[0-9]+");

    private final Table table;
    private final List<String> labels;
    private final List<String> features;
    private final List<String> categorical;
    /** Name of the weight's column, or null. */
    private final String weight;

    private final Missing missing;

    /** Least and most of a column's numbers, by its name as it was given. */
    private final Map<String, double[]> ranges = new LinkedHashMap<>();

    /** Whether rows are to be learnt from or measured on; else they are to be predicted, and all their cells are kept. */
    private final boolean labelled;

    /** Set on the driver by {@link #list}, used by the executors. */
    private Columns columns;

    /** Of all cells that are kept; set on the driver by {@link #list}. */
    private StructType schema;

    /** What is done about a missing feature. */
    private enum Missing {
        FAIL,
        SKIP,
        MEAN
    }

    /**
     * The columns by their role.
     *
     * @param features in order
     * @param featureCells where the cells of the features stand among the selected columns
     * @param labelCells the same for the label or targets
     * @param weightCell the same for the weight; -1 for none
     * @param kept the same for the cells that are kept beside a prediction: all, or none
     * @param ranges by selected column; null where every number is good
     * @param names of the selected columns, as messages call them
     */
    private record Columns(
            List<Column> features,
            int[] featureCells,
            int[] labelCells,
            int weightCell,
            int[] kept,
            double[][] ranges,
            List<String> names)
            implements Serializable {}

    TableSource(Settings settings, Table table, Sources.Use use) {
        this.table = table;
        List<String> given = settings.texts("label");
        if (use.labelled() && given.isEmpty()) {
            throw settings.wrong(
                    "label",
                    "expected the label's column: a name, or a number from 0 (-1 is the last), or a list of them");
        }
        labelled = use.labelled();
        labels = labelled ? new ArrayList<>(given) : List.of();
        features = new ArrayList<>(settings.texts("features"));
        categorical = new ArrayList<>(settings.texts("categorical"));
        weight = settings.text("weight", null);
        Settings limits = settings.child("ranges");
        for (String name : settings.names("ranges")) {
            List<Double> range = limits.numbers(name);
            if (range.size() != 2 || !(range.get(0) <= range.get(1))) {
                throw limits.wrong(name, "expected two numbers, the least and the most");
            }
            ranges.put(name, new double[] {range.get(0), range.get(1)});
        }
        missing = Missing.valueOf(settings.choice("missing", use.missing(), List.of("fail", "skip", "mean"))
                .toUpperCase(java.util.Locale.ROOT));
    }

    @Override
    public boolean fillsMissing() {
        return missing == Missing.MEAN;
    }

    @Override
    public Listing list(Configuration hadoop, Cut cut) throws IOException {
        Table.Layout layout = table.look(hadoop, cut);
        List<Table.Field> fields = layout.fields();
        int[] labelColumns =
                labels.stream().mapToInt(name -> index(name, layout, "label")).toArray();
        int weightColumn = weight == null ? -1 : index(weight, layout, "weight");
        Set<Integer> categories = new LinkedHashSet<>();
        categorical.forEach(name -> categories.add(index(name, layout, "categorical")));
        Set<Integer> taken = new HashSet<>();
        Arrays.stream(labelColumns).forEach(taken::add);
        taken.add(weightColumn);
        int[] featureColumns = features.isEmpty()
                ? IntStream.range(0, fields.size())
                        .filter(i -> !taken.contains(i))
                        .toArray()
                : features.stream()
                        .mapToInt(name -> index(name, layout, "features"))
                        .toArray();
        refuseTwice(layout, labelColumns, weightColumn, featureColumns);
        if (featureColumns.length == 0) {
            throw new InputException(table.place() + ": no feature columns left beside the label; there are "
                    + fields.size() + " columns; check separator");
        }
        for (int column : categories) {
            if (Arrays.stream(featureColumns).noneMatch(feature -> feature == column)) {
                throw new InputException(table.place() + ": the categorical column "
                        + fields.get(column).name()
                        + " is no feature; list it under features too, or take it from categorical");
            }
        }
        List<Column> featureList = Arrays.stream(featureColumns)
                .mapToObj(column -> feature(fields.get(column), categories.contains(column)))
                .toList();
        for (int column : labelColumns) {
            refuseAsLabel(fields.get(column), labelColumns.length > 1);
        }
        select(layout, featureList, featureColumns, labelColumns, weightColumn);
        List<String> targets = Arrays.stream(labelColumns)
                .mapToObj(column -> fields.get(column).name())
                .toList();
        return new Listing(featureList, targets, layout.slices());
    }

    /** Lets the table read what has a role, and what is kept, every column once. */
    private void select(
            Table.Layout layout, List<Column> featureList, int[] featureColumns, int[] labelColumns, int weightColumn) {
        List<Integer> selected = new ArrayList<>();
        Arrays.stream(featureColumns).forEach(selected::add);
        Arrays.stream(labelColumns).forEach(selected::add);
        if (weightColumn >= 0) {
            selected.add(weightColumn);
        }
        int[] kept = new int[labelled ? 0 : layout.fields().size()];
        for (int column = 0; column < kept.length; column++) {
            if (!selected.contains(column)) {
                selected.add(column);
            }
            kept[column] = selected.indexOf(column);
        }
        table.select(selected.stream().mapToInt(Integer::intValue).toArray());
        schema = table.schema(layout);
        List<String> names = selected.stream()
                .map(column -> layout.named()
                        ? "column \"" + layout.fields().get(column).name() + "\""
                        : "column " + column)
                .toList();
        int first = featureColumns.length;
        int last = first + labelColumns.length;
        columns = new Columns(
                featureList,
                IntStream.range(0, first).toArray(),
                IntStream.range(first, last).toArray(),
                weightColumn < 0 ? -1 : last,
                kept,
                ranges(layout, selected, featureList),
                new ArrayList<>(names));
    }

    private double[][] ranges(Table.Layout layout, List<Integer> selected, List<Column> featureList) {
        double[][] bySelected = new double[selected.size()][];
        ranges.forEach((name, range) -> {
            int column = index(name, layout, "ranges");
            if (!selected.contains(column)) {
                throw new InputException(table.place() + ": ranges names the column " + name
                        + ", which is neither a feature, a target nor the weight; take it out");
            }
            int at = selected.indexOf(column);
            if (at < featureList.size() && featureList.get(at).kind() != Column.Kind.NUMBER) {
                throw new InputException(table.place() + ": ranges names the column " + name
                        + ", which does not hold one number a row; take it out");
            }
            bySelected[at] = range;
        });
        return bySelected;
    }

    @Override
    public StructType schema(List<Column> featureList) {
        return schema;
    }

    private Column feature(Table.Field field, boolean isCategory) {
        if (isCategory) {
            if (field.type() == Table.Type.VECTOR || field.type() == Table.Type.OTHER) {
                throw new InputException(table.place() + ": column \"" + field.name() + "\" is " + field.kind()
                        + ", which cannot be categorical; leave it out by listing the others under features");
            }
            return Column.category(field.name());
        }
        return switch (field.type()) {
            case ANY, NUMBER -> Column.number(field.name());
            case VECTOR -> Column.vector(field.name(), field.width());
            case TEXT ->
                throw new InputException(
                        table.place() + ": column \"" + field.name()
                                + "\" is text; list it under categorical, or leave it out by listing the others under features");
            case TIME ->
                throw new InputException(table.place() + ": column \"" + field.name() + "\" is a " + field.kind()
                        + ", which is no number; make numbers of it (an hour, a day of the week, seconds since a day), "
                        + "or leave it out by listing the others under features");
            case OTHER ->
                throw new InputException(table.place() + ": column \"" + field.name() + "\" is " + field.kind()
                        + ", from which nothing can be learnt; leave it out by listing the others under features");
        };
    }

    private void refuseAsLabel(Table.Field field, boolean several) {
        if (field.type() == Table.Type.VECTOR || field.type() == Table.Type.OTHER) {
            throw new InputException(table.place() + ": the label \"" + field.name() + "\" is " + field.kind()
                    + ", expected numbers or text" + (several ? " in each column" : "") + "; check label");
        }
    }

    private void refuseTwice(Table.Layout layout, int[] labelColumns, int weightColumn, int[] featureColumns) {
        Set<String> seen = new HashSet<>();
        for (Table.Field field : layout.fields()) {
            if (!seen.add(field.name())) {
                throw new InputException(table.place() + ": two columns are called \"" + field.name()
                        + "\"; give every column a name of its own");
            }
        }
        Set<Integer> used = new HashSet<>();
        IntStream all = IntStream.concat(
                IntStream.concat(Arrays.stream(labelColumns), IntStream.of(weightColumn)),
                Arrays.stream(featureColumns));
        all.filter(column -> column >= 0).forEach(column -> {
            if (!used.add(column)) {
                throw new InputException(table.place() + ": column "
                        + layout.fields().get(column).name()
                        + " is used twice; label, weight and features take a column once");
            }
        });
    }

    private int index(String column, Table.Layout layout, String key) {
        List<String> names = layout.fields().stream().map(Table.Field::name).toList();
        if (names.contains(column)) {
            return names.indexOf(column);
        }
        try {
            int index = Integer.parseInt(column);
            if (index >= -names.size() && index < names.size()) {
                return index < 0 ? index + names.size() : index;
            }
        } catch (NumberFormatException e) {
            // No number, so no column: said below.
        }
        String known =
                layout.named() ? "its columns are " + Names.some(names) : "it has columns 0 to " + (names.size() - 1);
        // A line that was not split is one column.
        String others = (layout.named() ? "" : " and header") + (names.size() == 1 ? " and separator" : "");
        throw new InputException(
                table.place() + ": there is no column " + column + "; " + known + "; check " + key + others);
    }

    @Override
    public RowReader open(Slice slice, Configuration hadoop, boolean classes) throws IOException {
        return new Reader(table.open(slice, hadoop), classes);
    }

    @Override
    public String describe(String file, long position, Configuration hadoop) throws IOException {
        return table.describe(file, position, hadoop);
    }

    /** The rows of a slice. */
    private final class Reader implements RowReader {
        private final Table.Cells cells;
        private final boolean classes;
        private final double[] featureValues =
                new double[columns.features.stream().mapToInt(Column::width).sum()];
        private final String[] categories = new String[Encoding.categories(columns.features)];
        private final double[] targetValues = new double[columns.labelCells.length];
        private String labelText;
        private double weightValue = 1.0;
        private String problem;
        private long leftOut;
        private boolean isLeftOut;

        Reader(Table.Cells cells, boolean classes) {
            this.cells = cells;
            this.classes = classes;
        }

        @Override
        public boolean next() throws IOException {
            while (cells.next()) {
                isLeftOut = false;
                problem = cells.problem();
                if (problem == null) {
                    problem = read();
                }
                if (!isLeftOut || !labelled) {
                    return true;
                }
                leftOut++;
            }
            return false;
        }

        /** Reads the cells of a row; gives what is wrong with it, or null. */
        private String read() {
            int number = 0;
            int category = 0;
            for (int i = 0; i < columns.featureCells.length && !isLeftOut; i++) {
                Column column = columns.features.get(i);
                int cell = columns.featureCells[i];
                boolean isMissing = cells.isMissing(cell);
                if (isMissing && missing != Missing.MEAN) {
                    String complaint = missing(cell, "set missing = mean or skip to allow for that");
                    if (complaint != null) {
                        return complaint;
                    }
                    continue;
                }
                switch (column.kind()) {
                    case CATEGORY -> categories[category++] = isMissing ? null : cells.text(cell);
                    case NUMBER -> {
                        featureValues[number] = isMissing ? Double.NaN : cells.number(cell);
                        if (!isMissing && Double.isNaN(featureValues[number])) {
                            return complaint(cell, true);
                        }
                        if (isOutside(cell, featureValues[number])) {
                            return outside(cell);
                        }
                        number++;
                    }
                    case VECTOR -> {
                        String complaint = vector(column, cell, isMissing, number);
                        if (complaint != null) {
                            return complaint;
                        }
                        number += column.width();
                    }
                }
            }
            return isLeftOut ? null : labelAndWeight();
        }

        private String vector(Column column, int cell, boolean isMissing, int from) {
            if (isMissing) {
                Arrays.fill(featureValues, from, from + column.width(), Double.NaN);
                return null;
            }
            int width = cells.vector(cell, featureValues, from, column.width());
            if (width != column.width()) {
                return columns.names.get(cell) + ": " + width + " numbers, where the first row has " + column.width();
            }
            for (int j = 0; j < width; j++) {
                if (Double.isNaN(featureValues[from + j])) {
                    return columns.names.get(cell) + ": number " + j + " is not a finite number";
                }
            }
            return null;
        }

        private String labelAndWeight() {
            if (columns.weightCell >= 0) {
                int cell = columns.weightCell;
                weightValue = cells.number(cell);
                if (cells.isMissing(cell)) {
                    return missing(cell, null);
                }
                if (Double.isNaN(weightValue)) {
                    return complaint(cell, false);
                }
                if (weightValue < 0) {
                    return columns.names.get(cell) + ": a weight of " + cells.text(cell) + " is negative";
                }
                if (isOutside(cell, weightValue)) {
                    return outside(cell);
                }
            }
            for (int i = 0; i < targetValues.length; i++) {
                int cell = columns.labelCells[i];
                if (classes) {
                    // A label may be any text, "NA" too.
                    labelText = cells.text(cell);
                    return labelText == null ? missing(cell, null) : null;
                }
                if (cells.isMissing(cell)) {
                    return missing(cell, null);
                }
                targetValues[i] = cells.number(cell);
                if (Double.isNaN(targetValues[i])) {
                    return complaint(cell, false);
                }
                if (isOutside(cell, targetValues[i])) {
                    return outside(cell);
                }
            }
            return null;
        }

        private boolean isOutside(int cell, double value) {
            double[] range = columns.ranges[cell];
            return range != null && (value < range[0] || value > range[1]);
        }

        private String outside(int cell) {
            return columns.names.get(cell) + ": " + cells.text(cell) + " is outside of its range, "
                    + Numbers.text(columns.ranges[cell][0]) + " to " + Numbers.text(columns.ranges[cell][1]);
        }

        /** A missing cell: the row is left out without a word, or this is what is wrong with it. */
        private String missing(int cell, String remedy) {
            if (missing == Missing.SKIP && labelled) {
                isLeftOut = true;
                return null;
            }
            isLeftOut = missing == Missing.SKIP;
            boolean isLabel = Arrays.stream(columns.labelCells).anyMatch(label -> label == cell);
            String text = cells.text(cell);
            return columns.names.get(cell) + ": the " + (isLabel ? "label" : "value") + " is missing"
                    + (text == null || text.isBlank() ? "" : " (\"" + text + "\")")
                    + (remedy == null ? "" : "; " + remedy);
        }

        private String complaint(int cell, boolean isFeature) {
            String text = cells.text(cell);
            String hint = "";
            if (isFeature && DATE.matcher(text).matches()) {
                hint = "; is it a date? make numbers of it, or leave the column out by listing others under features";
            } else if (isFeature
                    && text.chars().anyMatch(Character::isLetter)
                    && !MAGNITUDE.matcher(text).matches()) {
                hint = "; if it is a category, list the column under categorical";
            }
            return columns.names.get(cell) + ": \"" + text + "\" is not a finite number" + hint;
        }

        @Override
        public long position() {
            return cells.position();
        }

        @Override
        public String problem() {
            return problem;
        }

        @Override
        public double[] features() {
            return featureValues;
        }

        @Override
        public String category(int index) {
            return categories[index];
        }

        @Override
        public String label() {
            return labelText;
        }

        @Override
        public double target(int index) {
            return targetValues[index];
        }

        @Override
        public double weight() {
            return weightValue;
        }

        @Override
        public boolean hasWeights() {
            return columns.weightCell >= 0;
        }

        @Override
        public boolean lacksValue() {
            return isLeftOut;
        }

        @Override
        public Object[] cells() {
            Object[] values = new Object[columns.kept.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = cells.value(columns.kept[i]);
            }
            return values;
        }

        @Override
        public long leftOut() {
            return leftOut;
        }

        @Override
        public void close() throws IOException {
            cells.close();
        }
    }
}
