package dev.lockstep.study;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.InputException;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Json;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the folder of a run, while it goes on or after.
 *
 * <p>{@link #update()} reads what is new since the last time, {@link #result()} says what the run has come to so far.
 * Targets are judged on every step and epoch as it is read; curves are kept as {@link Series}, so a long run needs no
 * more memory than a short one. With a full batch targets look at the steps' training loss and gradient norm, else at
 * the epochs' means, as stop rules do.
 *
 * <p>Not for several threads at once.
 */
public final class RunReader {
    private static final String SUMMARY = "run.json";

    private final RunKey key;
    private final Targets targets;
    private final Folder folder;
    private final JsonLines stepLines;
    private final JsonLines epochLines;

    private RunLines lines;

    /** What {@code run.json} says; null before it is there. */
    private JsonNode summary;

    /** What the caller says of the run's end; null if the folder is to say it. */
    private RunState told;

    private String toldMessage = "";

    /**
     * A reader that has read nothing yet.
     *
     * @param key which run
     * @param folder of the run; it need not exist
     * @param targets to be judged
     */
    public RunReader(RunKey key, Folder folder, Targets targets) {
        this.key = key;
        this.targets = targets;
        this.folder = folder;
        stepLines = new JsonLines(folder, "steps.jsonl");
        epochLines = new JsonLines(folder, "epochs.jsonl");
        lines = new RunLines(key, targets);
    }

    /** Which run it is. */
    public RunKey key() {
        return key;
    }

    /**
     * Reads what is new; everything anew if the files were written anew.
     *
     * @throws InputException if a file is not what a run writes
     */
    public void update() {
        if (!stepLines.stands() || !epochLines.stands()) {
            stepLines.restart();
            epochLines.restart();
            lines = new RunLines(key, targets);
            summary = null;
        }
        stepLines.read(lines::step);
        epochLines.read(lines::epoch);
        summary = readSummary();
    }

    /** A summary is written at a run's end; one that is not whole yet is none. */
    private JsonNode readSummary() {
        if (!folder.has(SUMMARY)) {
            return null;
        }
        try {
            JsonNode read = Json.MAPPER.readTree(folder.read(SUMMARY));
            return read.isObject() ? read : null;
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Says how the run ended, where its folder cannot: it failed, or was told to stop.
     *
     * @param state what it ended as
     * @param message why, in one line
     */
    public void ended(RunState state, String message) {
        told = state;
        toldMessage = message;
    }

    /** Where the run stands. */
    public RunState state() {
        if (told != null) {
            return told;
        }
        if (summary != null) {
            return RunState.ofStopReason(summary.path("stopReason").asText());
        }
        return lines.steps().size() > 0 ? RunState.RUNNING : RunState.WAITING;
    }

    /** What the run has come to, as far as it was read. */
    RunResult result() {
        Map<String, TargetWatch.Reached> reached = new LinkedHashMap<>();
        Map<String, Double> nearest = new HashMap<>();
        lines.watches().forEach((id, watch) -> {
            watch.reached().ifPresent(when -> reached.put(id, when));
            nearest.put(id, watch.best());
        });
        return new RunResult(
                key,
                state(),
                ending(),
                totals(),
                lines.validation(),
                reached,
                nearest,
                lines.steps(),
                lines.epochs(),
                bytesPerEvaluation(),
                lines.isFullBatch() ? ConvergenceRate.of(lines, summary) : Optional.empty());
    }

    private RunResult.Ending ending() {
        if (told != null) {
            return new RunResult.Ending(told.key(), toldMessage, "");
        }
        return summary == null
                ? RunResult.Ending.NONE
                : new RunResult.Ending(text("stopReason"), text("stopMessage"), text("advice"));
    }

    private String text(String name) {
        return summary.path(name).asText("");
    }

    private RunResult.Totals totals() {
        RunResult.Totals read = lines.totals();
        if (summary == null) {
            return read;
        }
        double finalLoss = summary.path("finalLoss").asDouble(Double.NaN);
        double bestLoss = summary.path("bestLoss").asDouble(read.bestLoss());
        return new RunResult.Totals(
                summary.path("steps").asLong(read.steps()),
                summary.path("epochs").asLong(read.epochs()),
                summary.path("passes").asDouble(read.passes()),
                summary.at("/seconds/training").asDouble(read.seconds()),
                finalLoss,
                // Epochs have their losses before or during their steps; the final one is looked at after the last.
                finalLoss < bestLoss || Double.isNaN(bestLoss) ? finalLoss : bestLoss,
                read.lowestNorm());
    }

    /** One copy of the weights out, as the tasks get them, and one of the sums back, in doubles. */
    private double bytesPerEvaluation() {
        if (summary == null || !Double.isNaN(key.bytesPerEvaluation())) {
            return key.bytesPerEvaluation();
        }
        int weight = summary.path("precision").asText().equals("float64") ? Double.BYTES : Float.BYTES;
        return summary.path("parameters").asDouble(Double.NaN) * (weight + Double.BYTES);
    }
}
