package dev.lockstep.study;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A picture that a claim asks for: a {@link Chart} whose layers are questions in SQL.
 *
 * <pre>
 *   line, points   columns x, y, or name, x, y: a layer for each name, in the order of their first rows
 *   bars           the same, with x as text
 *   contours       columns x, y, z: a grid, in any order
 * </pre>
 *
 * @param title above it
 * @param note what to look for
 * @param x axis
 * @param y axis
 * @param equal whether a unit is as long on both axes
 * @param layers from the bottom up
 */
record ClaimChart(String title, String note, Chart.Axis x, Chart.Axis y, boolean equal, List<Ask> layers) {
    private static final int MOST_LEVELS = 14;

    /** Layers of one question. */
    record Ask(Chart.Kind kind, String name, boolean dashed, boolean emphasis, boolean logarithmic, String query) {
        static Ask read(Settings own) {
            Map<String, Chart.Kind> kinds = new LinkedHashMap<>();
            for (Chart.Kind kind : Chart.Kind.values()) {
                kinds.put(kind.key(), kind);
            }
            Ask ask = new Ask(
                    kinds.get(own.choice("kind", Chart.Kind.LINE.key(), kinds.keySet())),
                    own.text("name", ""),
                    own.flag("dashed", false),
                    own.flag("emphasis", false),
                    own.flag("log-levels", true),
                    own.text("query"));
            own.refuseUnknown();
            return ask;
        }

        List<Chart.Layer> draw(Query questions, boolean besideBars) {
            List<List<Object>> rows = questions.rows(query);
            if (kind == Chart.Kind.CONTOURS) {
                return List.of(Chart.Layer.contours(name, levels(rows)));
            }
            Map<String, List<List<Object>>> byName = new LinkedHashMap<>();
            for (List<Object> row : rows) {
                boolean named = row.size() == 3;
                if (!named && row.size() != 2) {
                    throw new InputException(
                            "a layer of kind " + kind.key() + " takes the columns x, y or name, x, y: " + query);
                }
                byName.computeIfAbsent(named ? text(row.get(0)) : name, key -> new ArrayList<>())
                        .add(named ? row.subList(1, 3) : row);
            }
            return byName.entrySet().stream()
                    .map(one -> look(layer(one.getKey(), one.getValue(), besideBars)))
                    .toList();
        }

        private Chart.Layer layer(String title, List<List<Object>> rows, boolean besideBars) {
            List<Double> values = rows.stream().map(row -> number(row.get(1))).toList();
            if (besideBars) {
                List<String> places = rows.stream().map(row -> text(row.get(0))).toList();
                return kind == Chart.Kind.BARS
                        ? Chart.Layer.bars(title, places, values)
                        : Chart.Layer.pointsBesideBars(title, places, values);
            }
            List<Double> places = rows.stream().map(row -> number(row.get(0))).toList();
            return kind == Chart.Kind.POINTS
                    ? Chart.Layer.points(title, places, values)
                    : Chart.Layer.line(title, places, values);
        }

        private Chart.Layer look(Chart.Layer layer) {
            Chart.Layer styled = dashed ? layer.dashed() : layer;
            return emphasis ? styled.emphasized() : styled;
        }

        private List<Chart.ContourLevel> levels(List<List<Object>> rows) {
            TreeMap<Double, TreeMap<Double, Double>> grid = new TreeMap<>();
            rows.forEach(row -> grid.computeIfAbsent(number(row.get(1)), key -> new TreeMap<>())
                    .put(number(row.get(0)), number(row.get(2))));
            double[] x = grid.values().stream()
                    .flatMap(row -> row.keySet().stream())
                    .distinct()
                    .sorted()
                    .mapToDouble(Double::doubleValue)
                    .toArray();
            double[] y = grid.keySet().stream().mapToDouble(Double::doubleValue).toArray();
            double[][] z = grid.values().stream()
                    .map(row -> Arrays.stream(x)
                            .map(place -> row.getOrDefault(place, Double.NaN))
                            .toArray())
                    .toArray(double[][]::new);
            double[] levels = logarithmic
                    ? Contours.logarithmicLevels(z, Contours.least(z), MOST_LEVELS)
                    : Contours.linearLevels(z, MOST_LEVELS);
            return Contours.of(x, y, z, levels).levels().stream()
                    .map(level -> new Chart.ContourLevel(level.value(), level.lines()))
                    .toList();
        }
    }

    static ClaimChart read(Settings own) {
        ClaimChart chart = new ClaimChart(
                own.text("title"),
                own.text("note", ""),
                axis(own, "x"),
                axis(own, "y"),
                own.flag("equal", false),
                own.elements("layers").stream().map(Ask::read).toList());
        if (chart.layers.isEmpty()) {
            throw own.wrong("layers", "expected at least one { kind = line, query = … }");
        }
        own.refuseUnknown();
        return chart;
    }

    private static Chart.Axis axis(Settings chart, String key) {
        Settings own = chart.childOrValue(key, "label");
        try {
            return new Chart.Axis(own.text("label"), own.flag("log", false), limit(own, "min"), limit(own, "max"));
        } catch (IllegalArgumentException e) {
            throw new InputException(chart.describe(key) + ": " + e.getMessage(), e);
        }
    }

    private static Double limit(Settings axis, String key) {
        return axis.has(key) ? (Double) axis.number(key) : null;
    }

    List<String> questions() {
        return layers.stream().map(Ask::query).toList();
    }

    /**
     * Asks for all layers.
     *
     * @throws InputException if one cannot be asked for, or is not what its kind takes
     */
    Chart draw(Query query) {
        boolean bars = layers.stream().anyMatch(layer -> layer.kind == Chart.Kind.BARS);
        try {
            return new Chart(
                    title,
                    note,
                    x,
                    y,
                    equal,
                    layers.stream()
                            .flatMap(layer -> layer.draw(query, bars).stream())
                            .toList());
        } catch (IllegalArgumentException e) {
            throw new InputException("chart " + title + ": " + e.getMessage(), e);
        }
    }

    private static Double number(Object value) {
        if (value instanceof String text) {
            throw new InputException(String.format(Locale.ROOT, "expected a number for a picture, got \"%s\"", text));
        }
        return (Double) value;
    }

    private static String text(Object value) {
        return value instanceof Double number ? Shown.number(number) : String.valueOf(value);
    }
}
