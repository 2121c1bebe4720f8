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
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;

/** What the runs of each method's best setting did along their way: one line a seed, over passes. */
final class RunPlots {
    private final SummaryNodes summary;
    private final Axis passes;
    private final Map<String, LinePlot> plots = new LinkedHashMap<>();

    RunPlots(JsonNode summary) {
        this.summary = new SummaryNodes(summary);
        passes = passes(this.summary);
    }

    /** Logarithmic where the methods went differently far. */
    static Axis passes(SummaryNodes summary) {
        List<Double> lengths = new ArrayList<>();
        for (JsonNode method : summary.methods()) {
            summary.best(method).stream()
                    .filter(run ->
                            !diverged(run) && run.path("curve").path("passes").size() > 1)
                    .map(run -> run.path("curve").path("passes"))
                    .mapToDouble(passes -> passes.path(passes.size() - 1).asDouble())
                    .max()
                    .ifPresent(lengths::add);
        }
        String name = "passes over the training data";
        return Reach.farApart(lengths) ? Axis.logarithmic(name) : Axis.linear(name);
    }

    static boolean diverged(JsonNode run) {
        return run.path("state").asText().equals("diverged");
    }

    Map<String, LinePlot> plots() {
        loss();
        gradientNorm();
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

    /** The lines of a plot, and which of them are of runs that did not diverge. */
    private record Curves(List<Line> all, List<Line> calm) {
        Curves() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        void add(Line line, boolean diverged) {
            all.add(line);
            if (!diverged) {
                calm.add(line);
            }
        }

        void addAll(Curves curves) {
            all.addAll(curves.all);
            calm.addAll(curves.calm);
        }
    }

    /** A plot whose curves begin at about the same height, and some may grow without bound. */
    private void putReached(String name, String title, Axis y, Curves curves, Function<JsonNode, JsonNode> values) {
        List<Double> firsts = new ArrayList<>();
        for (JsonNode method : summary.methods()) {
            summary.best(method).forEach(run -> firsts.add(first(values.apply(run))));
        }
        Axis limited = Reach.limited(y, curves.calm(), curves.all(), firsts);
        plots.put(name, new LinePlot(title, passes, limited, curves.all()));
    }

    /** The first number of an array. */
    static Double first(JsonNode values) {
        return numbers(values).stream().filter(Objects::nonNull).findFirst().orElse(null);
    }

    /** The median over the seeds with its lowest and highest where the summary has them, else the runs. */
    private void loss() {
        Curves curves = new Curves();
        for (JsonNode method : summary.methods()) {
            JsonNode band = band(method.path("id").asInt());
            if (band.isMissingNode()) {
                curves.addAll(seeds(method, run -> run.path("curve"), "loss"));
            } else {
                addBand(curves, method, band);
            }
        }
        putReached("loss", "Training loss", Axis.logarithmic("training loss"), curves, run -> run.at("/curve/loss"));
    }

    private JsonNode band(int method) {
        for (JsonNode band : summary.summary().path("bands")) {
            if (band.path("method").asInt() == method) {
                return band;
            }
        }
        return summary.summary().path("no band");
    }

    private void addBand(Curves curves, JsonNode method, JsonNode band) {
        int id = method.path("id").asInt();
        List<Double> passes = numbers(band.path("passes"));
        JsonNode loss = band.path("loss");
        List<Double> median = numbers(loss.path("median"));
        List<JsonNode> runs = summary.best(method);
        boolean lost = !runs.isEmpty() && runs.stream().allMatch(RunPlots::diverged);
        curves.add(around(passes, numbers(loss.path("low")), numbers(loss.path("high")), id), lost);
        curves.add(new Line(method.path("label").asText(), passes, median, Palette.pen(id)), lost);
        if (lost) {
            cross(passes, median, id).ifPresent(curves.all()::add);
        }
    }

    private static Optional<Line> cross(List<Double> passes, List<Double> values, int method) {
        return end(passes, values)
                .map(at -> new Line("", List.of(passes.get(at)), List.of(values.get(at)), Palette.cross(method)));
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
        plots.put(
                name,
                new LinePlot(
                        title, passes, y, all(run -> run.path("curve"), key).all()));
    }

    private void gradientNorm() {
        putReached(
                "gradient-norm",
                "Norm of the gradient",
                Axis.logarithmic("gradient norm"),
                all(run -> run.path("curve"), "gradientNorm"),
                run -> run.at("/curve/gradientNorm"));
    }

    private void validation(String key) {
        String metric = key.substring("validation".length()).toLowerCase(Locale.ROOT);
        Axis axis = metric.equals("loss") ? Axis.logarithmic("validation loss") : Axis.linear("validation " + metric);
        Curves curves = all(run -> run.path("epochCurve"), key);
        if (metric.equals("loss")) {
            putReached(
                    "validation-loss",
                    "Validation loss",
                    axis,
                    curves,
                    run -> run.path("epochCurve").path(key));
        } else {
            plots.put("validation-" + metric, new LinePlot("Validation " + metric, passes, axis, curves.all()));
        }
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

    private Curves all(Function<JsonNode, JsonNode> curve, String key) {
        Curves curves = new Curves();
        summary.methods().forEach(method -> curves.addAll(seeds(method, curve, key)));
        return curves;
    }

    /** A line a run of the best setting; the first with points carries the method's name. */
    private Curves seeds(JsonNode method, Function<JsonNode, JsonNode> curve, String key) {
        Curves curves = new Curves();
        for (JsonNode run : summary.best(method)) {
            List<Double> values = numbers(curve.apply(run).path(key));
            if (values.stream().anyMatch(Objects::nonNull)) {
                String name = curves.all().isEmpty() ? method.path("label").asText() : "";
                List<Double> passes = numbers(curve.apply(run).path("passes"));
                int id = method.path("id").asInt();
                curves.add(new Line(name, passes, values, Palette.pen(id)), diverged(run));
                if (diverged(run)) {
                    cross(passes, values, id).ifPresent(curves.all()::add);
                }
            }
        }
        return curves;
    }

    /** The last point of which both numbers are known. */
    static Optional<Integer> end(List<Double> x, List<Double> y) {
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
            lines.addAll(seeds(method, RunPlots::sizes, "median").all());
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
                        passes,
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
            List<Line> seeds =
                    seeds(method, run -> run.path("epochCurve"), "lambdaMax").all();
            lines.addAll(seeds);
            seeds(method, run -> run.path("epochCurve"), Quantity.STABILITY_LIMIT).all().stream()
                    .limit(1)
                    .map(line -> limit(method, line))
                    .forEach(lines::add);
        }
        plots.put(
                "sharpness",
                new LinePlot(
                        "Sharpness along the run; dotted: the most that the learning rate bears",
                        passes,
                        Axis.logarithmic("largest eigenvalue of the Hessian"),
                        lines));
    }

    /** Both ends, where the smallest eigenvalue is known. */
    private void spectrum() {
        List<Line> lines = new ArrayList<>();
        for (JsonNode method : summary.methods()) {
            int id = method.path("id").asInt();
            List<Line> lowest =
                    seeds(method, run -> run.path("epochCurve"), "lambdaMin").all();
            if (!lowest.isEmpty()) {
                lines.addAll(seeds(method, run -> run.path("epochCurve"), "lambdaMax")
                        .all());
                lowest.forEach(line -> lines.add(new Line("", line.x(), line.y(), Palette.edge(id))));
            }
        }
        plots.put(
                "spectrum",
                new LinePlot(
                        "Largest and smallest eigenvalue along the run",
                        passes,
                        Axis.linear("eigenvalue of the Hessian"),
                        lines));
    }

    /** The eigenvalue above which steps of the rate overshoot more and more. Only a plateau makes it another for each seed. */
    private static Line limit(JsonNode method, Line along) {
        return new Line(
                "limit of " + along.name(),
                along.x(),
                along.y(),
                Palette.limit(method.path("id").asInt()));
    }
}
