package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.LinePlot;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The plots of the report as PNG files, as the page shows them before a switch is turned: over passes, logarithmic, the
 * best setting of each method.
 */
public final class Plots {
    private Plots() {}

    /**
     * Draws each plot that has data as {@code NAME.png} into a folder.
     *
     * @param summary what {@code summary.json} holds
     * @param plots need not exist
     * @throws dev.lockstep.InputException if this Java cannot draw text, as one without fonts; the rest of the report is not
     *     touched by that
     */
    public static void draw(ObjectNode summary, Folder plots) {
        of(summary).forEach((name, plot) -> plots.write(name + ".png", plot.png()));
    }

    /** The plots that have data by the names that the page gives them, made fit for files. */
    static Map<String, LinePlot> of(ObjectNode summary) {
        Map<String, LinePlot> plots = new LinkedHashMap<>();
        plots.putAll(new RunPlots(summary).plots());
        plots.putAll(new ComparisonPlots(summary).plots());
        plots.values().removeIf(plot -> !plot.hasPoints());
        Map<String, LinePlot> named = new LinkedHashMap<>();
        plots.forEach((name, plot) -> named.put(name.replaceAll("[^A-Za-z0-9._-]+", "-"), plot));
        return named;
    }
}
