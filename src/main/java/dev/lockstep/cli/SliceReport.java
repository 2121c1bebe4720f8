package dev.lockstep.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.curvature.LossSlice;
import dev.lockstep.curvature.Plane;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.LinePlot;
import dev.lockstep.observe.PathFile;
import dev.lockstep.study.ContourPlot;
import dev.lockstep.study.Contours;
import java.awt.Color;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * What {@code jobs/curvature --slice} found.
 *
 * @param setting whose loss it is
 * @param directions of the plane
 * @param slice values on the grid
 * @param path of the run
 * @param shadow the path in the plane
 */
record SliceReport(
        CurvatureReport.Setting setting,
        SliceDirections directions,
        LossSlice slice,
        List<PathFile.Point> path,
        Plane.Shadow shadow) {
    private static final int LEVELS = 18;

    /** Of longer paths the points are not marked. */
    private static final int MARKED = 60;

    private static final int MOST_OF_NAME = 32;
    private static final Color VERMILION = Color.decode("#D55E00");
    private static final LinePlot.Pen MARKED_PATH = new LinePlot.Pen(VERMILION, 1.4f, List.of(), LinePlot.Form.CIRCLES);
    private static final LinePlot.Pen THIN_PATH = new LinePlot.Pen(VERMILION, 1.2f, List.of(), LinePlot.Form.PLAIN);
    private static final LinePlot.Pen START = new LinePlot.Pen(Color.BLACK, 0, List.of(), LinePlot.Form.CIRCLES);
    private static final LinePlot.Pen CROSS_PEN = new LinePlot.Pen(Color.BLACK, 2.2f, List.of(), LinePlot.Form.PLAIN);

    /** Half the length of the cross's strokes, as a share of the window. */
    private static final double CROSS = 0.014;

    /** The file's content, by its ending. */
    byte[] content(String name) {
        return name.endsWith(".json") ? Json.pretty(grid()).getBytes(StandardCharsets.UTF_8) : plot().png();
    }

    /** All numbers of the picture. */
    private ObjectNode grid() {
        ObjectNode node = Json.object();
        node.put("model", setting.folder());
        node.put("widths", setting.network().widths());
        put(node);
        putNumbers(node.putArray("x"), slice.x());
        putNumbers(node.putArray("y"), slice.y());
        ArrayNode rows = node.putArray("z");
        for (double[] row : slice.values()) {
            putNumbers(rows.addArray(), row);
        }
        ObjectNode way = node.putObject("path");
        ArrayNode steps = way.putArray("steps");
        path.forEach(point -> steps.add(point.step()));
        putNumbers(way.putArray("x"), places().mapToDouble(Plane.Place::x));
        putNumbers(way.putArray("y"), places().mapToDouble(Plane.Place::y));
        putNumbers(way.putArray("distance"), places().mapToDouble(Plane.Place::distance));
        return node;
    }

    private Stream<Plane.Place> places() {
        return shadow.places().stream();
    }

    /** What the plane is, without its grid. */
    void put(ObjectNode node) {
        node.put("directions", directions.kind());
        ArrayNode axes = node.putArray("axes");
        directions.axes().forEach(axes::add);
        String values = directions.kind().equals(SliceDirections.PATH) ? "shares" : "eigenvalues";
        if (!directions.pairs().isEmpty()) {
            putNumbers(node.putArray(values), directions.pairs().stream().mapToDouble(SliceDirections.Pair::value));
            putNumbers(
                    node.putArray("residuals"),
                    directions.pairs().stream().mapToDouble(SliceDirections.Pair::residual));
        }
        Json.put(node, "leastLoss", Contours.least(slice.values()));
        Json.put(node, "pathInPlane", shadow.share());
    }

    private static void putNumbers(ArrayNode array, double[] numbers) {
        putNumbers(array, DoubleStream.of(numbers));
    }

    private static void putNumbers(ArrayNode array, DoubleStream numbers) {
        numbers.forEach(number -> {
            if (Double.isFinite(number)) {
                array.add(number);
            } else {
                array.addNull();
            }
        });
    }

    /** A line for people. */
    String text(String file) {
        return String.format(
                Locale.ROOT,
                "%n%s: the loss from %.4g up, x %s, y %s; %s%n",
                file,
                Contours.least(slice.values()),
                directions.axes().get(0),
                directions.axes().get(1),
                ofPath());
    }

    private String ofPath() {
        return path.size() < 2
                ? "no path of the run: train with observe.path = 1"
                : String.format(Locale.ROOT, "the plane holds %s (%,d points)", share(), path.size());
    }

    private String share() {
        return String.format(Locale.ROOT, "%.3g %% of the path's length", 100 * shadow.share());
    }

    /** Lines of the same loss, the path on them, a cross at the model's weights. */
    LinePlot plot() {
        double least = Contours.least(slice.values());
        double[] levels = Contours.logarithmicLevels(slice.values(), least, LEVELS);
        List<LinePlot.Line> lines =
                new ArrayList<>(ContourPlot.lines(Contours.of(slice.x(), slice.y(), slice.values(), levels), "loss "));
        if (path.size() > 1) {
            LinePlot.Pen pen = path.size() > MARKED ? THIN_PATH : MARKED_PATH;
            lines.add(new LinePlot.Line(
                    "path of the run",
                    places().map(Plane.Place::x).toList(),
                    places().map(Plane.Place::y).toList(),
                    pen));
            Plane.Place first = shadow.places().get(0);
            lines.add(new LinePlot.Line("its first weights", List.of(first.x()), List.of(first.y()), START));
        }
        addCross(lines);
        return new LinePlot(
                title(),
                LinePlot.Axis.linear(directions.axes().get(0)),
                LinePlot.Axis.linear(directions.axes().get(1)),
                lines);
    }

    private void addCross(List<LinePlot.Line> lines) {
        double across = CROSS * (slice.x()[slice.x().length - 1] - slice.x()[0]);
        // The plot is wider than high.
        double up = 1.5 * CROSS * (slice.y()[slice.y().length - 1] - slice.y()[0]);
        lines.add(new LinePlot.Line("the model", List.of(-across, across), List.of(-up, up), CROSS_PEN));
        lines.add(new LinePlot.Line("", List.of(-across, across), List.of(up, -up), CROSS_PEN));
    }

    /** Short enough for the picture's width. */
    private String title() {
        String name = setting.folder().replaceAll("/+$", "").replaceAll(".*/", "");
        String shown = name.length() > MOST_OF_NAME ? name.substring(0, MOST_OF_NAME) + "…" : name;
        return String.format(
                Locale.ROOT, "Loss around %s%s", shown, path.size() < 2 ? "" : "; the plane holds " + share());
    }
}
