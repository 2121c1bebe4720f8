package dev.lockstep.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers of a run's steps and epochs, taken from its lines one after the other. */
final class RunLines {
    private final RunKey key;
    private final Map<String, TargetWatch> watches;
    private final Series steps = new Series();
    private final Series epochs = new Series();
    private final Map<String, RunResult.Metric> validation = new LinkedHashMap<>();

    /** Ends of epochs whose own lines were not read yet. */
    private final Deque<EpochEnd> ends = new ArrayDeque<>();

    /** Lines of epochs whose last steps were not read yet: each file reaches the disk in its own time. */
    private final Deque<JsonNode> waiting = new ArrayDeque<>();

    private long evaluations;
    private long rowsTouched;
    private long stepsTaken;
    private boolean fullBatch = true;
    private double bestLoss = Double.NaN;
    private double lowestNorm = Double.NaN;

    /** Sums over the steps of an epoch, as far as they were read. */
    private static final class EpochEnd {
        private final long epoch;
        private long steps;
        private double passes;
        private long evaluations;
        private double normSum;
        private long rows;

        private EpochEnd(long epoch) {
            this.epoch = epoch;
        }
    }

    RunLines(RunKey key, Targets targets) {
        this.key = key;
        watches = targets.watches();
    }

    /** Takes a line of {@code steps.jsonl}. */
    void step(JsonNode line) {
        long rows = line.path("rows").asLong();
        long evaluationsNow = line.path(Quantity.EVALUATIONS).asLong();
        rowsTouched += (evaluationsNow - evaluations) * rows;
        evaluations = evaluationsNow;
        stepsTaken = line.path(Quantity.STEP).asLong() + 1;
        fullBatch &= rows == key.trainingRows();
        double loss = number(line, Quantity.LOSS);
        double norm = number(line, Quantity.GRADIENT_NORM);
        double seconds = number(line, Quantity.SECONDS);
        if (fullBatch) {
            offer(Target.TRAINING_LOSS, loss, passes(), seconds);
            offer(Target.GRADIENT_NORM, norm, passes(), seconds);
        }
        if (!Double.isNaN(norm)) {
            lowestNorm = Double.isNaN(lowestNorm) ? norm : Math.min(lowestNorm, norm);
        }
        steps.add(stepRow(line, loss, norm, seconds));
        keepEnd(line.path(Quantity.EPOCH).asLong(), norm, rows);
    }

    private Map<String, Double> stepRow(JsonNode line, double loss, double norm, double seconds) {
        Map<String, Double> row = new LinkedHashMap<>();
        row.put(Quantity.STEP, number(line, Quantity.STEP));
        row.put(Quantity.EPOCH, number(line, Quantity.EPOCH));
        row.put(Quantity.PASSES, passes());
        row.put(Quantity.SECONDS, seconds);
        row.put(Quantity.EVALUATIONS, (double) evaluations);
        row.put(Quantity.LOSS, loss);
        row.put(Quantity.GRADIENT_NORM, norm);
        row.put(Quantity.STEP_NORM, number(line, Quantity.STEP_NORM));
        row.put(Quantity.LEARNING_RATE, number(line, Quantity.LEARNING_RATE));
        putIfThere(row, line, Quantity.SIGN_CHANGES, Quantity.SIGN_CHANGES);
        putIfThere(row, line, Quantity.COSINE, Quantity.COSINE);
        JsonNode sizes = line.path(Quantity.STEP_SIZES);
        Quantity.STEP_SIZE_PARTS.forEach(part -> putIfThere(row, sizes, part, Quantity.STEP_SIZES + part));
        return row;
    }

    private void keepEnd(long epoch, double norm, long rows) {
        EpochEnd end = ends.peekLast();
        if (end == null || end.epoch != epoch) {
            end = new EpochEnd(epoch);
            ends.addLast(end);
        }
        end.steps = stepsTaken;
        end.passes = passes();
        end.evaluations = evaluations;
        end.normSum += norm * rows;
        end.rows += rows;
        takeWaiting();
    }

    /** Takes a line of {@code epochs.jsonl}. */
    void epoch(JsonNode line) {
        waiting.addLast(line);
        takeWaiting();
    }

    private void takeWaiting() {
        while (!waiting.isEmpty()) {
            JsonNode line = waiting.peekFirst();
            long epoch = line.path(Quantity.EPOCH).asLong();
            while (!ends.isEmpty() && ends.peekFirst().epoch < epoch) {
                ends.removeFirst();
            }
            EpochEnd end = ends.peekFirst();
            if (end == null
                    || end.epoch != epoch
                    || end.steps < line.path(Quantity.STEPS).asLong()) {
                return;
            }
            waiting.removeFirst();
            ends.removeFirst();
            take(line, end);
        }
    }

    private void take(JsonNode line, EpochEnd end) {
        double seconds = number(line, Quantity.SECONDS);
        double loss = number(line, Quantity.LOSS);
        Map<String, Double> row = new LinkedHashMap<>();
        row.put(Quantity.EPOCH, (double) end.epoch);
        row.put(Quantity.STEPS, (double) end.steps);
        row.put(Quantity.PASSES, end.passes);
        row.put(Quantity.SECONDS, seconds);
        row.put(Quantity.EVALUATIONS, (double) end.evaluations);
        row.put(Quantity.LOSS, loss);
        if (!Double.isNaN(loss)) {
            bestLoss = Double.isNaN(bestLoss) ? loss : Math.min(bestLoss, loss);
        }
        if (!fullBatch) {
            offer(Target.TRAINING_LOSS, loss, end.passes, seconds);
            offer(Target.GRADIENT_NORM, end.normSum / end.rows, end.passes, seconds);
        }
        line.path(Quantity.VALIDATION).fieldNames().forEachRemaining(metric -> {
            if (!metric.equals("rows")) {
                double value = number(line.path(Quantity.VALIDATION), metric);
                row.put(Quantity.validation(metric), value);
                validation.merge(
                        metric, new RunResult.Metric(value, value), (before, now) -> later(metric, before, now));
                offer(Target.VALIDATION + metric, value, end.passes, seconds);
            }
        });
        JsonNode curvature = line.path("curvature");
        putIfThere(row, curvature, Quantity.LAMBDA_MAX, Quantity.LAMBDA_MAX);
        putIfThere(row, curvature, Quantity.LAMBDA_MIN, Quantity.LAMBDA_MIN);
        putIfThere(row, curvature, Quantity.LAMBDA_MIN_RESIDUAL, Quantity.LAMBDA_MIN_RESIDUAL);
        putIfThere(row, curvature, Quantity.STABILITY_LIMIT, Quantity.STABILITY_LIMIT);
        putIfThere(row, curvature, "products", Quantity.CURVATURE_PRODUCTS);
        epochs.add(row);
    }

    private static RunResult.Metric later(String metric, RunResult.Metric before, RunResult.Metric now) {
        Target direction = new Target(Target.VALIDATION + metric, 0);
        return new RunResult.Metric(now.last(), direction.better(before.best(), now.best()));
    }

    private void offer(String measure, double value, double passes, double seconds) {
        watches.values().forEach(watch -> watch.offer(measure, value, passes, seconds));
    }

    private double passes() {
        return (double) rowsTouched / key.trainingRows();
    }

    /** A number of a line; NaN where it is null or not there. */
    private static double number(JsonNode line, String name) {
        return line.path(name).isNumber() ? line.path(name).doubleValue() : Double.NaN;
    }

    private static void putIfThere(Map<String, Double> row, JsonNode line, String name, String column) {
        if (line.has(name)) {
            row.put(column, number(line, name));
        }
    }

    /** The run's numbers as its lines have them. */
    RunResult.Totals totals() {
        long ended = (long) Math.max(0, epochs.last(Quantity.EPOCH) + 1);
        double last = fullBatch || epochs.size() == 0 ? steps.last(Quantity.LOSS) : epochs.last(Quantity.LOSS);
        return new RunResult.Totals(
                stepsTaken,
                ended,
                passes(),
                steps.size() == 0 ? 0 : steps.last(Quantity.SECONDS),
                last,
                bestLoss,
                lowestNorm);
    }

    /** Whether every step so far was over all training rows. */
    boolean isFullBatch() {
        return fullBatch;
    }

    Series steps() {
        return steps;
    }

    Series epochs() {
        return epochs;
    }

    Map<String, RunResult.Metric> validation() {
        return validation;
    }

    Map<String, TargetWatch> watches() {
        return watches;
    }
}
