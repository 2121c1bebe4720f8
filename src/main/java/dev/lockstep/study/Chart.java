package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.List;
import java.util.Locale;

/**
 * A picture beside a claim: lines, points, bars and contours over two axes. {@link ClaimsPage} shows it in a browser, {@link
 * ChartPicture} writes it as PNG; both read what stands here and nothing else.
 *
 * @param title above the picture
 * @param note what to look for, under the picture; null or empty for none
 * @param x the axis under it; where a layer has categories, these are its places and its limits mean nothing
 * @param y the axis beside it
 * @param equal whether a unit is as long on both axes, as in a plane of weights or of points; linear axes only
 * @param layers from the bottom up; colours follow this order, contours left out
 */
public record Chart(String title, String note, Axis x, Axis y, boolean equal, List<Layer> layers) {
    /** A line with more points shows its course alone, and not each step. */
    static final int MOST_MARKED = 60;

    /**
     * @throws IllegalArgumentException if units of equal length are asked for on a logarithmic axis or of categories, or if
     *     some layers have categories and others have places
     */
    public Chart {
        layers = List.copyOf(layers);
        boolean categories = layers.stream().anyMatch(Layer::hasCategories);
        if (equal && (x.log() || y.log() || categories)) {
            throw new IllegalArgumentException(title
                    + ": expected two linear axes for units of equal length, but was logarithmic or of categories");
        }
        if (categories && !layers.stream().allMatch(Layer::hasCategories)) {
            throw new IllegalArgumentException(
                    title + ": expected categories in every layer, but some have numbers as places");
        }
    }

    /**
     * @param label with its unit
     * @param log whether values are drawn by their logarithms; those that are not positive are left out then
     * @param min where it begins; null leaves that to the points
     * @param max where it ends; null leaves that to the points
     */
    public record Axis(String label, boolean log, Double min, Double max) {
        /**
         * @throws IllegalArgumentException if a limit is not finite, not positive on a logarithmic axis, or if {@code min}
         *     is not below {@code max}
         */
        public Axis {
            for (Double limit : new Double[] {min, max}) {
                if (limit != null && (!Double.isFinite(limit) || (log && limit <= 0))) {
                    throw new IllegalArgumentException(String.format(
                            "axis \"%s\": expected a finite limit%s, but was %s", label, log ? " above 0" : "", limit));
                }
            }
            if (min != null && max != null && min >= max) {
                throw new IllegalArgumentException(
                        String.format("axis \"%s\": expected min below max, but was %s and %s", label, min, max));
            }
        }

        /** An axis whose limits the points give. */
        public static Axis linear(String label) {
            return new Axis(label, false, null, null);
        }

        /** A logarithmic axis whose limits the points give. */
        public static Axis logarithmic(String label) {
            return new Axis(label, true, null, null);
        }

        private ObjectNode toJson() {
            return Json.object()
                    .put("label", label)
                    .put("log", log)
                    .put("min", min)
                    .put("max", max);
        }
    }

    /** What a layer draws. */
    public enum Kind {
        LINE,
        POINTS,
        BARS,
        CONTOURS;

        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How a line is drawn: dashed for what theory says, for bounds and limits. */
    public enum Style {
        SOLID,
        DASHED
    }

    /**
     * Where a function of the plane has one value.
     *
     * @param value of the function
     * @param lines each of points [x, y] in their order along the line
     */
    public record ContourLevel(double value, List<double[][]> lines) {}

    /**
     * One line, cloud of points, set of bars or set of contours. The factories make them; {@link #dashed} and {@link
     * #emphasized} change how they look.
     *
     * @param kind what is drawn
     * @param name in the legend; empty for none
     * @param style of a line
     * @param emphasis whether a line is thicker and each of its points marked, as long as there are fewer than 60: for the
     *     path of an optimizer
     * @param categories the places of bars, and of points beside bars; else empty
     * @param x the places of a line or of points, in any order; else empty
     * @param y the values, as many as places; null or not finite where a line has a gap
     * @param levels of contours; else empty
     */
    public record Layer(
            Kind kind,
            String name,
            Style style,
            boolean emphasis,
            List<String> categories,
            List<Double> x,
            List<Double> y,
            List<ContourLevel> levels) {
        /** @throws IllegalArgumentException if there are not as many values as places */
        public Layer {
            int places = Math.max(categories.size(), x.size());
            if (places != y.size()) {
                throw new IllegalArgumentException(String.format(
                        "layer \"%s\": expected as many values as places, %d, but was %d", name, places, y.size()));
            }
        }

        /** A solid line through points, in their order. */
        public static Layer line(String name, List<Double> x, List<Double> y) {
            return new Layer(Kind.LINE, name, Style.SOLID, false, List.of(), x, y, List.of());
        }

        /** Points without a line. */
        public static Layer points(String name, List<Double> x, List<Double> y) {
            return new Layer(Kind.POINTS, name, Style.SOLID, false, List.of(), x, y, List.of());
        }

        /** Bars over categories; a second layer of bars stands beside the first. */
        public static Layer bars(String name, List<String> categories, List<Double> values) {
            return new Layer(Kind.BARS, name, Style.SOLID, false, categories, List.of(), values, List.of());
        }

        /**
         * Points over bars, as for what theory says of each: the first such layer lies over the first layer of bars, the
         * second over the second.
         */
        public static Layer pointsBesideBars(String name, List<String> categories, List<Double> values) {
            return new Layer(Kind.POINTS, name, Style.SOLID, false, categories, List.of(), values, List.of());
        }

        /** Contours of a function of the plane. */
        public static Layer contours(String name, List<ContourLevel> levels) {
            return new Layer(Kind.CONTOURS, name, Style.SOLID, false, List.of(), List.of(), List.of(), levels);
        }

        /** The same, dashed. */
        public Layer dashed() {
            return new Layer(kind, name, Style.DASHED, emphasis, categories, x, y, levels);
        }

        /** The same, with each of its points marked. */
        public Layer emphasized() {
            return new Layer(kind, name, style, true, categories, x, y, levels);
        }

        boolean hasCategories() {
            return !categories.isEmpty() || kind == Kind.BARS;
        }

        private ObjectNode toJson() {
            ObjectNode json = Json.object().put("kind", kind.key()).put("name", name);
            if (kind == Kind.CONTOURS) {
                ArrayNode array = json.putArray("levels");
                levels.forEach(level -> add(array.addObject(), level));
                return json;
            }
            json.put("style", style.name().toLowerCase(Locale.ROOT)).put("emphasis", emphasis);
            ArrayNode points = json.putArray("points");
            for (int i = 0; i < y.size(); i++) {
                if (hasCategories()) {
                    Numbers.add(points.addArray().add(categories.get(i)), y.get(i));
                } else if (known(x.get(i)) && known(y.get(i))) {
                    ArrayNode point = points.addArray();
                    Numbers.add(point, x.get(i));
                    Numbers.add(point, y.get(i));
                } else {
                    points.addNull();
                }
            }
            return json;
        }

        private static void add(ObjectNode json, ContourLevel level) {
            json.put("value", level.value());
            ArrayNode lines = json.putArray("lines");
            for (double[][] line : level.lines()) {
                ArrayNode points = lines.addArray();
                for (double[] point : line) {
                    ArrayNode pair = points.addArray();
                    Numbers.add(pair, point[0]);
                    Numbers.add(pair, point[1]);
                }
            }
        }
    }

    /** Whether a place or a value can be drawn. */
    static boolean known(Double value) {
        return value != null && Double.isFinite(value);
    }

    /** The chart as the page reads it; a point that is not finite is null, and a bar's value. */
    public ObjectNode toJson() {
        ObjectNode json = Json.object().put("title", title);
        if (note != null && !note.isEmpty()) {
            json.put("note", note);
        }
        json.set("x", x.toJson());
        json.set("y", y.toJson());
        json.put("equal", equal);
        ArrayNode array = json.putArray("layers");
        layers.forEach(layer -> array.add(layer.toJson()));
        return json;
    }
}
