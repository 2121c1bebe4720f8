package dev.lockstep.data;

import java.io.IOException;
import java.util.Arrays;
import java.util.regex.Pattern;

/** The rows of a slice of a table: its cells in their roles, and what is wrong with them. */
final class TableRows implements RowReader {
    private static final Pattern DATE = Pattern.compile(
            "\\d{4}-\\d{1,2}-\\d{1,2}.*|\\d{1,2}[/.]\\d{1,2}[/.]\\d{2,4}.*|\\d{1,2}:\\d{2}(:\\d{2}.*)?");

    /** A number with an exponent: too large to be finite rather than a word. */
    private static final Pattern MAGNITUDE = Pattern.compile("[-+]?[0-9.]+[eE][-+]?[0-9]+");

    private final TableRoles roles;
    private final Missing missing;

    /** Whether rows are to be predicted: then none is left out. */
    private final boolean keepsAll;

    private final Table.Cells cells;
    private final boolean classes;
    private final double[] featureValues;
    private final String[] categories;
    private final double[] targetValues;
    private String labelText;
    private double weightValue = 1.0;
    private String problem;
    private long leftOut;
    private boolean isLeftOut;

    /**
     * @param classes whether labels are classes
     * @param keepsAll whether rows are to be predicted
     */
    TableRows(Table.Cells cells, TableRoles roles, Missing missing, boolean classes, boolean keepsAll) {
        this.cells = cells;
        this.roles = roles;
        this.missing = missing;
        this.classes = classes;
        this.keepsAll = keepsAll;
        this.featureValues =
                new double[roles.features().stream().mapToInt(Column::width).sum()];
        this.categories = new String[Encoding.categories(roles.features())];
        this.targetValues = new double[roles.labelCells().length];
    }

    @Override
    public boolean next() throws IOException {
        while (cells.next()) {
            isLeftOut = false;
            problem = cells.problem();
            if (problem == null) {
                problem = read();
            }
            if (!isLeftOut || keepsAll) {
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
        for (int i = 0; i < roles.featureCells().length && !isLeftOut; i++) {
            Column column = roles.features().get(i);
            int cell = roles.featureCells()[i];
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
                    if (roles.isOutside(cell, featureValues[number])) {
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
            return roles.names().get(cell) + ": " + width + " numbers, where the column has " + column.width();
        }
        for (int j = 0; j < width; j++) {
            if (Double.isNaN(featureValues[from + j])) {
                return roles.names().get(cell) + ": number " + j + " is not a finite number";
            }
        }
        return null;
    }

    private String labelAndWeight() {
        if (roles.weightCell() >= 0) {
            int cell = roles.weightCell();
            weightValue = cells.number(cell);
            if (cells.isMissing(cell)) {
                return missing(cell, null);
            }
            if (Double.isNaN(weightValue)) {
                return complaint(cell, false);
            }
            if (weightValue < 0) {
                return roles.names().get(cell) + ": a weight of " + cells.text(cell) + " is negative";
            }
            if (roles.isOutside(cell, weightValue)) {
                return outside(cell);
            }
        }
        for (int i = 0; i < targetValues.length; i++) {
            int cell = roles.labelCells()[i];
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
            if (roles.isOutside(cell, targetValues[i])) {
                return outside(cell);
            }
        }
        return null;
    }

    private String outside(int cell) {
        return roles.names().get(cell) + ": " + cells.text(cell) + " is outside of its range, "
                + Numbers.text(roles.ranges()[cell][0]) + " to " + Numbers.text(roles.ranges()[cell][1]);
    }

    /** A missing cell: the row is left out without a word, or this is what is wrong with it. */
    private String missing(int cell, String remedy) {
        isLeftOut = missing == Missing.SKIP;
        if (isLeftOut && !keepsAll) {
            return null;
        }
        String text = cells.text(cell);
        return roles.names().get(cell) + ": the " + (roles.isLabel(cell) ? "label" : "value") + " is missing"
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
        return roles.names().get(cell) + ": \"" + text + "\" is not a finite number" + hint;
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
        return roles.weightCell() >= 0;
    }

    @Override
    public boolean lacksValue() {
        return isLeftOut;
    }

    @Override
    public Object[] cells() {
        Object[] values = new Object[roles.kept().length];
        for (int i = 0; i < values.length; i++) {
            values[i] = cells.value(roles.kept()[i]);
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
