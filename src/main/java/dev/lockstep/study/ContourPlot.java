package dev.lockstep.study;

import dev.lockstep.observe.LinePlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Contours as lines of a plot: thin, low levels dark and high ones light, some of the levels named. */
public final class ContourPlot {
    /** Levels that are named, so that one can tell which colour is what. */
    private static final int NAMED = 8;

    private ContourPlot() {}

    /**
     * The lines, the lowest level first.
     *
     * @param name stands before the value in a level's name
     */
    public static List<LinePlot.Line> lines(Contours contours, String name) {
        List<Contours.Level> drawn = contours.levels().stream()
                .filter(level -> !level.lines().isEmpty())
                .toList();
        int every = (drawn.size() + NAMED - 1) / NAMED;
        List<LinePlot.Line> lines = new ArrayList<>();
        for (int i = 0; i < drawn.size(); i++) {
            Contours.Level level = drawn.get(i);
            String named = i % every == 0 ? name + String.format(Locale.ROOT, "%.4g", level.value()) : "";
            for (double[][] line : level.lines()) {
                lines.add(new LinePlot.Line(named, places(line, 0), places(line, 1), Palette.thin(i, drawn.size())));
                named = "";
            }
        }
        return lines;
    }

    private static List<Double> places(double[][] line, int axis) {
        return Arrays.stream(line).map(vertex -> vertex[axis]).toList();
    }
}
