package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** Rows of a {@link Table}: which column is label, feature or weight, and what is wrong with a row. */
final class TableSource implements Source {
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
    private TableRoles roles;

    /** Of all cells that are kept; set on the driver by {@link #list}. */
    private StructType schema;

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
        missing = Missing.of(settings.choice("missing", use.missing().key(), Missing.keys()));
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
        table.select(selected.stream().mapToInt(Integer::intValue).toArray(), features.isEmpty());
        schema = table.schema(layout);
        List<String> names = selected.stream()
                .map(column -> layout.named() || column >= layout.numbered()
                        ? "column \"" + layout.fields().get(column).name() + "\""
                        : "column " + column)
                .toList();
        int first = featureColumns.length;
        int last = first + labelColumns.length;
        roles = new TableRoles(
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
            case VECTOR -> vector(field);
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

    private Column vector(Table.Field field) {
        if (field.width() < 1) {
            throw new InputException(table.place() + ": column \"" + field.name()
                    + "\" holds no numbers in its first rows; leave it out by listing the others under features");
        }
        return Column.vector(field.name(), field.width());
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
            if (index >= -layout.numbered() && index < layout.numbered()) {
                return index < 0 ? index + layout.numbered() : index;
            }
        } catch (NumberFormatException e) {
            // No number, so no column: said below.
        }
        String known = layout.named()
                ? "its columns are " + Names.some(names)
                : "it has columns 0 to " + (layout.numbered() - 1);
        // A line that was not split is one column.
        String others = (layout.named() ? "" : " and header") + (names.size() == 1 ? " and separator" : "");
        throw new InputException(
                table.place() + ": there is no column " + column + "; " + known + "; check " + key + others);
    }

    @Override
    public RowReader open(Slice slice, Configuration hadoop, boolean classes) throws IOException {
        return read(table.open(slice, hadoop), classes);
    }

    private RowReader read(Table.Cells cells, boolean classes) {
        return new TableRows(cells, roles, missing, classes, !labelled);
    }

    @Override
    public <T> JavaRDD<Share<T>> share(
            JavaSparkContext spark, List<T> work, Broadcast<SerializableConfiguration> hadoop) {
        JavaRDD<Table.Cells> rows = table.handedOut();
        if (rows == null) {
            return Source.super.share(spark, work, hadoop);
        }
        return spark.parallelize(work, work.size()).zipPartitions(rows, (piece, cells) -> {
            Table.Cells ofPiece = cells.next();
            return List.of(new Share<>(piece.next(), (slice, classes) -> read(ofPiece, classes)))
                    .iterator();
        });
    }

    @Override
    public String describe(String file, long position, Configuration hadoop) throws IOException {
        return table.describe(file, position, hadoop);
    }
}
