package dev.lockstep.study;

import dev.lockstep.observe.Folder;
import dev.lockstep.observe.LinePlot;
import java.awt.Color;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The picture of a {@link Chart} as PNG, as {@link ClaimsPage} shows it: bars lie on their side, each with its name and
 * what it is long.
 */
public final class ChartPicture {
    private static final float THIN = 1;
    private static final float THICK = 2.4f;
    private static final float BARS_HEIGHT = 300;
    private static final float MOST_BAR = 18;
    private static final List<Float> DASHED = List.of(8f, 5f);

    private final Chart chart;
    private final List<LinePlot.Line> lines = new ArrayList<>();
    private final SortedMap<Double, String> places = new TreeMap<>();

    private ChartPicture(Chart chart) {
        this.chart = chart;
    }

    /**
     * Draws the chart into a folder, unless it has no point that its axes take.
     *
     * @param folder need not exist
     * @param fileName with its ending, {@code .png}
     * @throws dev.lockstep.InputException if this Java cannot draw text, as one without fonts
     */
    public static void draw(Chart chart, Folder folder, String fileName) {
        LinePlot plot = plot(chart);
        if (plot.hasPoints()) {
            folder.write(fileName, plot.png());
        }
    }

    static LinePlot plot(Chart chart) {
        boolean bars = chart.layers().stream().anyMatch(Chart.Layer::hasCategories);
        return bars ? new ChartPicture(chart).bars() : new ChartPicture(chart).plane();
    }

    private LinePlot plane() {
        int colour = 0;
        for (Chart.Layer layer : chart.layers()) {
            if (layer.kind() == Chart.Kind.CONTOURS) {
                contours(layer);
            } else {
                gapped(layer, pen(layer, colour));
                colour++;
            }
        }
        return new LinePlot(chart.title(), axis(chart.x()), axis(chart.y()), lines, chart.equal());
    }

    private static LinePlot.Axis axis(Chart.Axis axis) {
        LinePlot.Axis plain = axis.log() ? LinePlot.Axis.logarithmic(axis.label()) : LinePlot.Axis.linear(axis.label());
        return plain.between(axis.min(), axis.max());
    }

    private static LinePlot.Pen pen(Chart.Layer layer, int colour) {
        if (layer.kind() == Chart.Kind.POINTS) {
            return Palette.dots(colour);
        }
        LinePlot.Pen pen = Palette.pen(colour);
        List<Float> dash = layer.style() == Chart.Style.DASHED ? DASHED : pen.dash();
        boolean marked = layer.emphasis() && layer.y().size() < Chart.MOST_MARKED;
        return new LinePlot.Pen(
                pen.colour(),
                layer.emphasis() ? THICK : pen.width(),
                dash,
                marked ? LinePlot.Form.CIRCLES : LinePlot.Form.PLAIN,
                layer.style() == Chart.Style.DASHED && !marked ? null : pen.symbol());
    }

    /** A line for each piece between gaps; the first carries the name. */
    private void gapped(Chart.Layer layer, LinePlot.Pen pen) {
        String name = layer.name();
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        for (int i = 0; i <= layer.y().size(); i++) {
            boolean known = i < layer.y().size()
                    && Chart.known(layer.x().get(i))
                    && Chart.known(layer.y().get(i));
            if (known) {
                x.add(layer.x().get(i));
                y.add(layer.y().get(i));
            } else if (!x.isEmpty()) {
                lines.add(new LinePlot.Line(name, x, y, pen));
                name = "";
                x = new ArrayList<>();
                y = new ArrayList<>();
            }
        }
    }

    /** From dark, the lowest, to light. */
    private void contours(Chart.Layer layer) {
        int count = layer.levels().size();
        for (int i = 0; i < count; i++) {
            Color colour = Palette.ordered(i, count).colour();
            for (double[][] points : layer.levels().get(i).lines()) {
                List<Double> x = new ArrayList<>();
                List<Double> y = new ArrayList<>();
                for (double[] point : points) {
                    x.add(point[0]);
                    y.add(point[1]);
                }
                lines.add(new LinePlot.Line("", x, y, new LinePlot.Pen(colour, THIN, List.of(), LinePlot.Form.PLAIN)));
            }
        }
    }

    /** The categories from top to bottom, each with its layers of bars below each other, and points over them. */
    private LinePlot bars() {
        Set<String> categories = new LinkedHashSet<>();
        chart.layers().forEach(layer -> categories.addAll(layer.categories()));
        int layers = (int) chart.layers().stream()
                .filter(layer -> layer.kind() == Chart.Kind.BARS)
                .count();
        float width = Math.min(MOST_BAR, BARS_HEIGHT / (categories.size() * (layers + 1)));
        int row = 0;
        for (String category : categories) {
            category(category, row, layers, width);
            row += layers + 1;
        }
        return new LinePlot(chart.title(), axis(chart.y()), LinePlot.Axis.of(places), lines);
    }

    private void category(String category, int row, int layers, float width) {
        int bars = 0;
        int points = 0;
        for (int k = 0; k < chart.layers().size(); k++) {
            Chart.Layer layer = chart.layers().get(k);
            boolean bar = layer.kind() == Chart.Kind.BARS;
            int below = bar ? bars++ : Math.min(points++, layers - 1);
            int place = layer.categories().indexOf(category);
            if (place < 0 || !Chart.known(layer.y().get(place))) {
                continue;
            }
            double value = layer.y().get(place);
            double height = -row - below;
            LinePlot.Pen pen =
                    bar ? new LinePlot.Pen(Palette.colour(k), width, List.of(), LinePlot.Form.PLAIN) : Palette.dots(k);
            List<Double> ends = bar ? List.of(start(), value) : List.of(value);
            List<Double> heights = bar ? List.of(height, height) : List.of(height);
            lines.add(new LinePlot.Line("", ends, heights, pen));
            if (bar) {
                places.put(height, name(layer, category, value));
            } else {
                places.merge(height, name(layer, category, value), (measured, other) -> measured + "; " + other);
            }
        }
    }

    private static String name(Chart.Layer layer, String category, double value) {
        String what = layer.name().isEmpty() ? category : category + ", " + layer.name();
        return what + ": " + LinePlot.number(value);
    }

    /** Where bars begin: at 0, or left of the least of a logarithmic axis. */
    private double start() {
        if (!chart.y().log()) {
            return 0;
        }
        if (chart.y().min() != null) {
            return chart.y().min();
        }
        return chart.layers().stream()
                        .flatMap(layer -> layer.y().stream())
                        .filter(value -> Chart.known(value) && value > 0)
                        .mapToDouble(value -> value)
                        .min()
                        .orElse(1)
                / 2;
    }
}
