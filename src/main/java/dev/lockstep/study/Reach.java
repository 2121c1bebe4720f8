package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.LinePlot;
import dev.lockstep.observe.LinePlot.Line;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * How far axes reach, so that one run does not flatten all others: curves of a loss or of a gradient are shown up to a
 * multiple of their first values, and along a logarithmic axis where their lengths differ much. The page does the same, see
 * {@code charts.js}, and shows the rest when it is asked to.
 */
final class Reach {
    /** The multiple of the largest first value up to which a logarithmic axis reaches, and a linear one. */
    private static final double LOGARITHMIC = 100;

    private static final double LINEAR = 3;

    /** A first value as many times the middle one is not the loss of first weights. */
    private static final double STRANGE = 1e4;

    /** The ratio of lengths from which on they are shown by their logarithms. */
    private static final double LENGTHS = 30;

    private Reach() {}

    /** What the page's scripts read. */
    static ObjectNode json() {
        return Json.object()
                .put("log", LOGARITHMIC)
                .put("linear", LINEAR)
                .put("strange", STRANGE)
                .put("lengths", LENGTHS);
    }

    /**
     * The axis with an upper limit, if some line goes beyond it.
     *
     * @param calm lines that did not diverge: their points lie within it, as far as it may reach
     * @param all these and those that diverged
     * @param firsts the values with which runs began; null where unknown
     */
    static LinePlot.Axis limited(LinePlot.Axis axis, List<Line> calm, List<Line> all, List<Double> firsts) {
        List<Double> known = firsts.stream()
                .filter(Objects::nonNull)
                .filter(value -> Double.isFinite(value) && value > 0)
                .toList();
        if (known.isEmpty()) {
            return axis;
        }
        double middle = Spread.of(known, value -> value).median();
        double first = known.stream()
                .filter(value -> value <= STRANGE * middle)
                .max(Double::compare)
                .orElse(middle);
        double most = first * (axis.logarithmic() ? LOGARITHMIC : LINEAR);
        double needed = Math.max(first, largest(calm.isEmpty() ? all : calm));
        double air = axis.logarithmic() ? 1.3 : 1.04;
        return largest(all) > Math.min(most, needed) ? axis.between(axis.min(), Math.min(most, needed * air)) : axis;
    }

    private static double largest(Collection<Line> lines) {
        return lines.stream()
                .flatMap(line -> line.y().stream())
                .filter(Chart::known)
                .mapToDouble(value -> value)
                .max()
                .orElse(0);
    }

    /** Whether runs differ so much in how far they went that a linear axis would hide the short ones. */
    static boolean farApart(Collection<Double> lengths) {
        double longest = lengths.stream().mapToDouble(length -> length).max().orElse(1);
        double shortest = lengths.stream()
                .mapToDouble(length -> length)
                .filter(length -> length > 0)
                .min()
                .orElse(longest);
        return longest > LENGTHS * shortest;
    }
}
