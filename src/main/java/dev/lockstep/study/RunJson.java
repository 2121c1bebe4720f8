package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.Arrays;
import java.util.List;

/** A run as {@code summary.json} has it. */
final class RunJson {
    private static final List<String> STEP_COLUMNS = List.of(
            Quantity.STEP,
            Quantity.EPOCH,
            Quantity.PASSES,
            Quantity.SECONDS,
            Quantity.BYTES,
            Quantity.LOSS,
            Quantity.GRADIENT_NORM,
            Quantity.STEP_NORM,
            Quantity.LEARNING_RATE);

    private static final List<String> EPOCH_COLUMNS =
            List.of(Quantity.EPOCH, Quantity.STEPS, Quantity.PASSES, Quantity.SECONDS, Quantity.BYTES, Quantity.LOSS);

    private RunJson() {}

    static ObjectNode of(RunResult run, Comparison comparison) {
        RunResult.Totals totals = run.totals();
        ObjectNode node = Json.object();
        node.put("name", run.key().name());
        node.put("method", comparison.method(run));
        ObjectNode varied = node.putObject("varied");
        run.key().varied().forEach(varied::put);
        Json.put(node, Quantity.LEARNING_RATE, run.key().learningRate().orElse(Double.NaN));
        node.put("seed", run.key().seed());
        node.put("state", run.state().key());
        node.put("stopReason", run.ending().reason());
        node.put("stopMessage", run.ending().message());
        node.put("advice", run.ending().advice());
        node.put("steps", totals.steps());
        node.put("epochs", totals.epochs());
        Json.put(node, Quantity.PASSES, totals.passes());
        Json.put(node, Quantity.SECONDS, totals.seconds());
        Json.put(node, Quantity.BYTES, run.bytes());
        Json.put(node, "finalLoss", totals.finalLoss());
        Json.put(node, "bestLoss", totals.bestLoss());
        Json.put(node, "firstLoss", run.firstLoss());
        ObjectNode validation = node.putObject(Quantity.VALIDATION);
        run.validation().forEach((metric, values) -> {
            ObjectNode one = validation.putObject(metric);
            Json.put(one, "final", values.last());
            Json.put(one, "best", values.best());
        });
        putTargets(node, run, comparison.targets());
        run.rate().ifPresentOrElse(rate -> node.set("rate", rate.json()), () -> node.putNull("rate"));
        node.set("curve", curve(run));
        node.set("epochCurve", epochCurve(run));
        return node;
    }

    private static void putTargets(ObjectNode node, RunResult run, Targets targets) {
        ObjectNode reached = node.putObject("targets");
        for (Target target : targets.all()) {
            TargetWatch.Reached when = run.targets().get(target.id());
            if (when == null) {
                reached.putNull(target.id());
            } else {
                ObjectNode one = reached.putObject(target.id());
                Json.put(one, Quantity.PASSES, when.passes());
                Json.put(one, Quantity.SECONDS, when.seconds());
            }
        }
    }

    private static ObjectNode curve(RunResult run) {
        Series steps = run.steps();
        int[] shown = Thinning.indices(steps.column(Quantity.EPOCH));
        ObjectNode node = Json.object();
        for (String name : STEP_COLUMNS) {
            Numbers.put(node, name, column(run, steps, name), shown);
        }
        for (String name : List.of(Quantity.SIGN_CHANGES, Quantity.COSINE)) {
            if (steps.has(name)) {
                Numbers.put(node, name, steps.column(name), shown);
            }
        }
        if (steps.has(Quantity.STEP_SIZES + Quantity.STEP_SIZE_PARTS.get(0))) {
            ObjectNode sizes = node.putObject(Quantity.STEP_SIZES);
            Quantity.STEP_SIZE_PARTS.forEach(
                    part -> Numbers.put(sizes, part, steps.column(Quantity.STEP_SIZES + part), shown));
        }
        return node;
    }

    private static ObjectNode epochCurve(RunResult run) {
        Series epochs = run.epochs();
        int[] shown = Thinning.indices(epochs.column(Quantity.EPOCH));
        ObjectNode node = Json.object();
        for (String name : EPOCH_COLUMNS) {
            Numbers.put(node, name, column(run, epochs, name), shown);
        }
        for (String name : epochs.names()) {
            if (!EPOCH_COLUMNS.contains(name) && !name.equals(Quantity.EVALUATIONS)) {
                Numbers.put(node, name, epochs.column(name), shown);
            }
        }
        return node;
    }

    /** A column; bytes are evaluations times what one moves, and an epoch's step is its last. */
    static double[] column(RunResult run, Series series, String name) {
        if (name.equals(Quantity.BYTES)) {
            return Arrays.stream(series.column(Quantity.EVALUATIONS))
                    .map(evaluations -> evaluations * run.bytesPerEvaluation())
                    .toArray();
        }
        return name.equals(Quantity.STEP) && !series.has(Quantity.STEP)
                ? Arrays.stream(series.column(Quantity.STEPS))
                        .map(steps -> steps - 1)
                        .toArray()
                : series.column(name);
    }
}
