package dev.lockstep.study;

import static dev.lockstep.study.SummaryNodes.list;
import static dev.lockstep.study.SummaryNodes.number;
import static dev.lockstep.study.SummaryNodes.numbers;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.observe.LinePlot;
import dev.lockstep.observe.LinePlot.Axis;
import dev.lockstep.observe.LinePlot.Line;
import java.awt.Color;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What methods cost and how they depend on their learning rate and on the data, beside each other. */
final class ComparisonPlots {
    private static final float BAR = 18;
    private static final MathContext DIGITS = new MathContext(3);

    /** How far crosses of several methods at one learning rate stand beside each other, as a share of the axis. */
    private static final double BESIDE = 0.018;

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

    /** What a method paid until it reached a target; no median where half of the runs, or more, have not. */
    private record Cost(JsonNode method, JsonNode reached, Double median, Double low, Double high) {
        static Cost of(JsonNode method, JsonNode reached, String measure) {
            JsonNode cost = reached.path(measure);
            return new Cost(
                    method, reached, number(cost.path("median")), number(cost.path("low")), number(cost.path("high")));
        }

        /** As the page says it: 14, or "14, 2 of 3", "not reached: 1 of 3", "not reached", "not yet". */
        String text() {
            String missed = reached.path("open").asInt() > 0 ? "not yet" : "not reached";
            int runs = reached.path("reached").asInt();
            if (runs == 0) {
                return missed;
            }
            String count = runs + " of " + reached.path("of").asInt();
            if (median == null) {
                return missed + ": " + count;
            }
            String value = LinePlot.number(new BigDecimal(median).round(DIGITS).doubleValue());
            return runs < reached.path("of").asInt() ? value + ", " + count : value;
        }
    }

    /** Bars as thick lines, fewest at the top, with the range of the seeds; last come those that did not get there. */
    private void bars(JsonNode target, String measure, String title, String axis) {
        String id = target.path("id").asText();
        List<Cost> costs = summary.methods().stream()
                .map(method -> Cost.of(method, method.path("targets").path(id), measure))
                .sorted(Comparator.comparing(Cost::median, Comparator.nullsLast(Comparator.naturalOrder())))
                .toList();
        List<Line> lines = new ArrayList<>();
        SortedMap<Double, String> names = new TreeMap<>();
        for (int i = 0; i < costs.size(); i++) {
            Cost cost = costs.get(i);
            List<Double> height = List.of(-1.0 * i, -1.0 * i);
            names.put(-1.0 * i, cost.method().path("label").asText() + ": " + cost.text());
            if (cost.median() != null) {
                Color colour = Palette.colour(cost.method().path("id").asInt());
                LinePlot.Pen bar = new LinePlot.Pen(colour, BAR, List.of(), LinePlot.Form.PLAIN);
                lines.add(new Line("", List.of(0.0, cost.median()), height, bar));
                if (cost.low() != null && cost.high() != null && cost.high() > cost.low()) {
                    LinePlot.Pen whisker = new LinePlot.Pen(Color.DARK_GRAY, 2, List.of(), LinePlot.Form.PLAIN);
                    lines.add(new Line("", List.of(cost.low(), cost.high()), height, whisker));
                }
            }
        }
        if (!lines.isEmpty()) {
            plots.put(
                    measure + "-to-" + id,
                    new LinePlot(
                            title + " to " + target.path("label").asText(), Axis.linear(axis), Axis.of(names), lines));
        }
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
            lines.add(band(x, numbers(points, "finalLoss", "low"), numbers(points, "finalLoss", "high"), id));
            lines.add(new Line(label(id), x, numbers(points, "finalLoss", "median"), Palette.marked(id)));
        }
        List<Double> firsts = new ArrayList<>();
        for (JsonNode each : all) {
            for (JsonNode point : each.path("points")) {
                summary.named(point.path("runs")).forEach(run -> firsts.add(RunPlots.first(run.at("/curve/loss"))));
            }
        }
        Axis losses = Reach.limited(Axis.logarithmic("final training loss"), lines, lines, firsts);
        lines.addAll(crosses(all, rates, lines));
        plots.put(
                "final-loss",
                new LinePlot("Final training loss by learning rate", Axis.logarithmic("learning rate"), losses, lines));
        for (JsonNode each : all) {
            int id = each.path("method").asInt();
            plots.put("rates-of-" + id, ratesOf(id, each.path("points"), rates));
        }
    }

    /** The area between two edges, at places where both are known. */
    private static Line band(List<Double> x, List<Double> low, List<Double> high, int method) {
        Deque<Double> places = new ArrayDeque<>();
        Deque<Double> values = new ArrayDeque<>();
        for (int i = 0; i < x.size(); i++) {
            if (low.get(i) != null && high.get(i) != null) {
                places.addFirst(x.get(i));
                values.addFirst(low.get(i));
                places.addLast(x.get(i));
                values.addLast(high.get(i));
            }
        }
        return new Line("", List.copyOf(places), List.copyOf(values), Palette.band(method));
    }

    /** At the top, where every run of a method at a rate diverged. */
    private static List<Line> crosses(List<JsonNode> all, List<Double> rates, List<Line> lines) {
        double top = lines.stream()
                .flatMap(line -> line.y().stream())
                .filter(Chart::known)
                .mapToDouble(value -> value)
                .max()
                .orElse(1);
        double range = rates.isEmpty() ? 1 : rates.get(rates.size() - 1) / rates.get(0);
        List<Line> crosses = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            double beside = StrictMath.pow(range, BESIDE * (i - (all.size() - 1) / 2.0));
            for (JsonNode point : all.get(i).path("points")) {
                if (point.path("diverged").asInt() > 0 && number(point.at("/finalLoss/median")) == null) {
                    crosses.add(new Line(
                            crosses.isEmpty() ? "every run diverged" : "",
                            List.of(point.path("learningRate").asDouble() * beside),
                            List.of(top),
                            Palette.cross(all.get(i).path("method").asInt())));
                }
            }
        }
        return crosses;
    }

    /** The runs of one method, marked by their learning rate; those that diverged are dashed and end at a cross. */
    private LinePlot ratesOf(int id, JsonNode points, List<Double> rates) {
        List<Line> calm = new ArrayList<>();
        List<Line> all = new ArrayList<>();
        List<Double> firsts = new ArrayList<>();
        for (JsonNode point : points) {
            Double rate = number(point.path("learningRate"));
            LinePlot.Pen pen = Palette.ordered(rates.indexOf(rate), rates.size());
            List<JsonNode> runs = summary.named(point.path("runs"));
            long lost = runs.stream().filter(RunPlots::diverged).count();
            String name = "learning rate " + LinePlot.number(rate)
                    + (lost == 0
                            ? ""
                            : lost == runs.size() ? ", diverged" : ", " + lost + " of " + runs.size() + " diverged");
            for (JsonNode run : runs) {
                List<Double> passes = numbers(run.at("/curve/passes"));
                List<Double> loss = numbers(run.at("/curve/loss"));
                firsts.add(RunPlots.first(run.at("/curve/loss")));
                if (RunPlots.diverged(run)) {
                    all.add(new Line(lost == runs.size() ? name : "", passes, loss, Palette.lost(pen.colour())));
                    RunPlots.end(passes, loss)
                            .ifPresent(at -> all.add(new Line(
                                    "", List.of(passes.get(at)), List.of(loss.get(at)), Palette.cross(pen.colour()))));
                } else {
                    calm.add(new Line(name, passes, loss, pen));
                    all.add(calm.get(calm.size() - 1));
                }
                name = lost == runs.size() || !RunPlots.diverged(run) ? "" : name;
            }
        }
        Axis loss = Reach.limited(Axis.logarithmic("training loss"), calm, all, firsts);
        return new LinePlot("Training loss of " + label(id), RunPlots.passes(summary), loss, all);
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
            lines.add(band(rows, numbers(each.path("loss"), "low"), numbers(each.path("loss"), "high"), id));
            lines.add(new Line(label(id), rows, loss, law.isObject() ? Palette.dots(id) : Palette.marked(id)));
            if (law.isObject()) {
                List<Double> fitted = rows.stream()
                        .map(n -> law.path("c").asDouble()
                                + law.path("a").asDouble()
                                        * StrictMath.pow(n, -law.path("b").asDouble()))
                        .toList();
                lines.add(new Line(label(id) + ": " + law.path("text").asText(), rows, fitted, Palette.plain(id)));
            }
        }
        plots.put(
                "learning-curve",
                new LinePlot(
                        "More rows, less loss", Axis.logarithmic("training rows"), Axis.logarithmic(measure), lines));
    }
}
