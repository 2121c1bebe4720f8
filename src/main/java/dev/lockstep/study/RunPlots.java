package dev.lockstep.study;

import static dev.lockstep.study.SummaryNodes.numbers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.LinePlot;
import dev.lockstep.observe.LinePlot.Axis;
import dev.lockstep.observe.LinePlot.Line;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/** What the runs of each method's best setting did along their way: one line a seed, over passes. */
final class RunPlots {
    private static final Axis PASSES = Axis.linear("passes over the training data");

    private final SummaryNodes summary;
    private final Map<String, LinePlot> plots = new LinkedHashMap<>();

    RunPlots(JsonNode summary) {
        this.summary = new SummaryNodes(summary);
    }

    Map<String, LinePlot> plots() {
        loss();
        steps("gradient-norm", "Norm of the gradient", Axis.logarithmic("gradient norm"), "gradientNorm");
        validationMetrics().forEach(this::validation);
        steps(
                "sign-changes",
                "Coordinates whose gradient changed sign",
                Axis.linear("share of coordinates"),
                "signChanges");
        steps(
                "cosine",
                "Direction of successive steps",
                Axis.linear("cosine between a step and the one before"),
                "cosine");
        stepSizes();
        sharpness();
        spectrum();
        return plots;
    }

    /** The median over the seeds with its lowest and highest where the summary has them, else the runs. */
    private void loss() {
        List<Line> lines = new ArrayList<>();
        for (JsonNode method : summary.methods()) {
            JsonNode band = band(method.path("id").asInt());
            if (band.isMissingNode()) {
                lines.addAll(seeds(method, run -> run.path("curve"), "loss"));
            } else {
                lines.addAll(medianAndEdges(method, band));
            }
        }
        plots.put("loss", new LinePlot("Training loss", PASSES, Axis.logarithmic("training loss"), lines));
    }

    private JsonNode band(int method) {
        for (JsonNode band : summary.summary().path("bands")) {
            if (band.path("method").asInt() == method) {
                return band;
            }
        }
        return summary.summary().path("no band");
    }

    private static List<Line> medianAndEdges(JsonNode method, JsonNode band) {
        int id = method.path("id").asInt();
        List<Double> passes = numbers(band.path("passes"));
        JsonNode loss = band.path("loss");
        return List.of(
                around(passes, numbers(loss.path("low")), numbers(loss.path("high")), id),
                new Line(method.path("label").asText(), passes, numbers(loss.path("median")), Palette.pen(id)));
    }

    /** The band's edge: along the lowest and back along the highest. */
    private static Line around(List<Double> passes, List<Double> low, List<Double> high, int method) {
        List<Double> x = new ArrayList<>(passes);
        List<Double> y = new ArrayList<>(low);
        for (int i = passes.size() - 1; i >= 0; i--) {
            x.add(passes.get(i));
            y.add(high.get(i));
        }
        return new Line("", x, y, Palette.band(method));
    }

    private void steps(String name, String title, Axis y, String key) {
        plots.put(name, new LinePlot(title, PASSES, y, all(run -> run.path("curve"), key)));
    }

    private void validation(String key) {
        String metric = key.substring("validation".length()).toLowerCase(Locale.ROOT);
        Axis axis = metric.equals("loss") ? Axis.logarithmic("validation loss") : Axis.linear("validation " + metric);
        plots.put(
                "validation-" + metric,
                new LinePlot("Validation " + metric, PASSES, axis, all(run -> run.path("epochCurve"), key)));
    }

    private Collection<String> validationMetrics() {
        Collection<String> keys = new TreeSet<>();
        for (JsonNode run : summary.summary().path("runs")) {
            run.path("epochCurve").fieldNames().forEachRemaining(key -> {
                if (key.startsWith("validation")) {
                    keys.add(key);
                }
            });
        }
        return keys;
    }

    private List<Line> all(Function<JsonNode, JsonNode> curve, String key) {
        List<Line> lines = new ArrayList<>();
        summary.methods().forEach(method -> lines.addAll(seeds(method, curve, key)));
        return lines;
    }

    /** A line a run of the best setting; the first with points carries the method's name. */
    private List<Line> seeds(JsonNode method, Function<JsonNode, JsonNode> curve, String key) {
        List<Line> lines = new ArrayList<>();
        for (JsonNode run : summary.best(method)) {
            List<Double> values = numbers(curve.apply(run).path(key));
            if (values.stream().anyMatch(value -> value != null)) {
                String name = lines.isEmpty() ? method.path("label").asText() : "";
                List<Double> passes = numbers(curve.apply(run).path("passes"));
                int id = method.path("id").asInt();
                lines.add(new Line(name, passes, values, Palette.pen(id)));
                if (run.path("state").asText().equals("diverged")) {
                    end(passes, values)
                            .ifPresent(at -> lines.add(
                                    new Line("", List.of(passes.get(at)), List.of(values.get(at)), Palette.cross(id))));
                }
            }
        }
        return lines;
    }

    /** The last point of which both numbers are known. */
    private static Optional<Integer> end(List<Double> x, List<Double> y) {
        for (int i = Math.min(x.size(), y.size()) - 1; i >= 0; i--) {
            if (x.get(i) != null && y.get(i) != null) {
                return Optional.of(i);
            }
        }
        return Optional.empty();
    }

    private void stepSizes() {
        List<Line> lines = new ArrayList<>();
        for (JsonNode method : summary.methods()) {
            lines.addAll(seeds(method, RunPlots::sizes, "median"));
            for (JsonNode run : summary.best(method)) {
                for (String edge : List.of("min", "max")) {
                    List<Double> values = numbers(sizes(run).path(edge));
                    List<Double> passes = numbers(run.path("curve").path("passes"));
                    lines.add(new Line(
                            "", passes, values, Palette.edge(method.path("id").asInt())));
                }
            }
        }
        plots.put(
                "step-sizes",
                new LinePlot(
                        "Step sizes of the coordinates: median, smallest, largest",
                        PASSES,
                        Axis.logarithmic("step size"),
                        lines));
    }

    /** The step sizes of a run with the passes beside them. */
    private static JsonNode sizes(JsonNode run) {
        JsonNode sizes = run.path("curve").path("stepSizes");
        if (!sizes.isObject()) {
            return sizes;
        }
        return ((ObjectNode) sizes.deepCopy()).set("passes", run.path("curve").path("passes"));
    }

    private void sharpness() {
        List<Line> lines = new ArrayList<>();
        for (JsonNode method : summary.methods()) {
            List<Line> seeds = seeds(method, run -> run.path("epochCurve"), "lambdaMax");
            lines.addAll(seeds);
            if (!seeds.isEmpty()) {
                limit(method, seeds.get(0)).ifPresent(lines::add);
            }
        }
        plots.put(
                "sharpness",
                new LinePlot(
                        "Sharpness along the run, and 2 / learning rate",
                        PASSES,
                        Axis.logarithmic("largest eigenvalue of the Hessian"),
                        lines));
    }

    /** Both ends, where the smallest eigenvalue is known. */
    private void spectrum() {
        List<Line> lines = new ArrayList<>();
        for (JsonNode method : summary.methods()) {
            int id = method.path("id").asInt();
            List<Line> lowest = seeds(method, run -> run.path("epochCurve"), "lambdaMin");
            if (!lowest.isEmpty()) {
                lines.addAll(seeds(method, run -> run.path("epochCurve"), "lambdaMax"));
                lowest.forEach(line -> lines.add(new Line("", line.x(), line.y(), Palette.edge(id))));
            }
        }
        plots.put(
                "spectrum",
                new LinePlot(
                        "Largest and smallest eigenvalue along the run",
                        PASSES,
                        Axis.linear("eigenvalue of the Hessian"),
                        lines));
    }

    /** The eigenvalue above which gradient descent overshoots, where the rate is constant. */
    private Optional<Line> limit(JsonNode method, Line along) {
        List<Double> rates = summary.best(method).stream()
                .flatMap(run -> numbers(run.path("curve").path("learningRate")).stream())
                .filter(rate -> rate != null)
                .distinct()
                .toList();
        if (rates.size() != 1) {
            return Optional.empty();
        }
        List<Double> limit = along.x().stream().map(x -> 2 / rates.get(0)).toList();
        return Optional.of(new Line(
                "2 / learning rate of " + along.name(),
                along.x(),
                limit,
                Palette.edge(method.path("id").asInt())));
    }
}
