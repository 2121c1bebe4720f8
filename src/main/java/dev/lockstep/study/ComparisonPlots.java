package dev.lockstep.study;

import static dev.lockstep.study.SummaryNodes.list;
import static dev.lockstep.study.SummaryNodes.number;
import static dev.lockstep.study.SummaryNodes.numbers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.observe.LinePlot;
import dev.lockstep.observe.LinePlot.Axis;
import dev.lockstep.observe.LinePlot.Line;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What methods cost and how they depend on their learning rate and on the data, beside each other. */
final class ComparisonPlots {
    private static final float BAR = 18;

    private final SummaryNodes summary;
    private final Map<String, LinePlot> plots = new LinkedHashMap<>();

    ComparisonPlots(JsonNode summary) {
        this.summary = new SummaryNodes(summary);
    }

    Map<String, LinePlot> plots() {
        for (JsonNode target : summary.summary().path("asked").path("targets")) {
            bars(target, "passes", "Passes", "passes over the training data");
            bars(target, "seconds", "Seconds", "training time in seconds");
        }
        learningRates();
        summary.summary().path("profiles").forEach(this::profile);
        learningCurve();
        return plots;
    }

    private record Cost(JsonNode method, Double median, Double low, Double high) {}

    /** Bars as thick lines, fewest at the top, with the range of the seeds; what never got there is left out. */
    private void bars(JsonNode target, String measure, String title, String axis) {
        List<Cost> costs = new ArrayList<>();
        for (JsonNode method : summary.methods()) {
            JsonNode cost =
                    method.path("targets").path(target.path("id").asText()).path(measure);
            if (cost.path("median").isNumber()) {
                costs.add(new Cost(
                        method, number(cost.path("median")), number(cost.path("low")), number(cost.path("high"))));
            }
        }
        costs.sort(Comparator.comparing(Cost::median));
        List<Line> lines = new ArrayList<>();
        for (int i = 0; i < costs.size(); i++) {
            Cost cost = costs.get(i);
            List<Double> height = List.of(-1.0 * i, -1.0 * i);
            Color colour = Palette.colour(cost.method().path("id").asInt());
            String name = cost.method().path("label").asText() + ": " + text(cost);
            lines.add(new Line(
                    name,
                    List.of(0.0, cost.median()),
                    height,
                    new LinePlot.Pen(colour, BAR, List.of(), LinePlot.Form.PLAIN)));
            if (cost.low() != null && cost.high() != null && cost.high() > cost.low()) {
                LinePlot.Pen whisker = new LinePlot.Pen(Color.DARK_GRAY, 2, List.of(), LinePlot.Form.PLAIN);
                lines.add(new Line("", List.of(cost.low(), cost.high()), height, whisker));
            }
        }
        plots.put(
                measure + "-to-" + target.path("id").asText(),
                new LinePlot(
                        title + " to " + target.path("label").asText(), Axis.linear(axis), Axis.unmarked(), lines));
    }

    private static String text(Cost cost) {
        return String.format(Locale.ROOT, "%.3g", cost.median());
    }

    private void learningRates() {
        List<Line> lines = new ArrayList<>();
        List<JsonNode> all = list(summary.summary().path("learningRates"));
        List<Double> rates = all.stream()
                .flatMap(each -> numbers(each.path("points"), "learningRate").stream())
                .distinct()
                .sorted()
                .toList();
        for (JsonNode each : all) {
            JsonNode points = each.path("points");
            int id = each.path("method").asInt();
            List<Double> x = numbers(points, "learningRate");
            lines.add(new Line("", x, numbers(points, "finalLoss", "low"), Palette.edge(id)));
            lines.add(new Line("", x, numbers(points, "finalLoss", "high"), Palette.edge(id)));
            lines.add(new Line(label(id), x, numbers(points, "finalLoss", "median"), Palette.marked(id)));
            plots.put("rates-of-" + id, ratesOf(id, points, rates));
        }
        plots.put(
                "final-loss",
                new LinePlot(
                        "Final training loss by learning rate",
                        Axis.logarithmic("learning rate"),
                        Axis.logarithmic("final training loss"),
                        lines));
    }

    /** The runs of one method, coloured by their learning rate; those that diverged are left out where others did not. */
    private LinePlot ratesOf(int id, JsonNode points, List<Double> rates) {
        List<Line> lines = new ArrayList<>();
        for (JsonNode point : points) {
            Double rate = number(point.path("learningRate"));
            LinePlot.Pen pen = Palette.ordered(rates.indexOf(rate), rates.size());
            String name = "learning rate " + Double.toString(rate).replaceAll("\\.0$", "");
            for (JsonNode run : summary.named(point.path("runs"))) {
                JsonNode curve = run.path("curve");
                if (!run.path("state").asText().equals("diverged")) {
                    lines.add(new Line(name, numbers(curve.path("passes")), numbers(curve.path("loss")), pen));
                    name = "";
                }
            }
        }
        return new LinePlot(
                "Training loss of " + label(id),
                Axis.linear("passes over the training data"),
                Axis.logarithmic("training loss"),
                lines);
    }

    private String label(int id) {
        return summary.methods().stream()
                .filter(method -> method.path("id").asInt() == id)
                .map(method -> method.path("label").asText())
                .findFirst()
                .orElse("");
    }

    private void profile(JsonNode profile) {
        String measure = profile.path("measure").asText();
        List<Line> lines = new ArrayList<>();
        for (JsonNode each : profile.path("methods")) {
            int id = each.path("method").asInt();
            lines.add(stairs(label(id), numbers(profile.path("tau")), numbers(each.path("share")), Palette.pen(id)));
        }
        plots.put(
                "profile-" + measure,
                new LinePlot(
                        "Within how many times the fewest " + measure,
                        Axis.logarithmic("multiple of the fewest " + measure),
                        Axis.linear("share of " + profile.path("problems").asInt() + " problems solved"),
                        lines));
    }

    /** A line that keeps its value until the next place. */
    private static Line stairs(String name, List<Double> x, List<Double> y, LinePlot.Pen pen) {
        List<Double> places = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
            if (i > 0) {
                places.add(x.get(i));
                values.add(y.get(i - 1));
            }
            places.add(x.get(i));
            values.add(y.get(i));
        }
        return new Line(name, places, values, pen);
    }

    private void learningCurve() {
        JsonNode given = summary.summary().path("learningCurve");
        List<Line> lines = new ArrayList<>();
        String measure = "loss";
        for (JsonNode each : given.path("methods")) {
            int id = each.path("method").asInt();
            measure = each.path("measure").asText(measure).replace('-', ' ');
            List<Double> rows = numbers(each.path("rows"));
            JsonNode law = each.path("powerLaw");
            List<Double> loss = numbers(each.path("loss"), "median");
            lines.add(new Line(label(id), rows, loss, law.isObject() ? Palette.dots(id) : Palette.marked(id)));
            if (law.isObject()) {
                List<Double> fitted = rows.stream()
                        .map(n -> law.path("c").asDouble()
                                + law.path("a").asDouble()
                                        * StrictMath.pow(n, -law.path("b").asDouble()))
                        .toList();
                lines.add(new Line(label(id) + ": " + law.path("text").asText(), rows, fitted, Palette.pen(id)));
            }
        }
        plots.put(
                "learning-curve",
                new LinePlot(
                        "More rows, less loss", Axis.logarithmic("training rows"), Axis.logarithmic(measure), lines));
    }
}
