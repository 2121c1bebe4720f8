package dev.lockstep.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.List;
import java.util.Locale;

/**
 * Two times of one run of the benchmark, and the ratio of their medians.
 *
 * @param item whose figures these are
 * @param what was measured
 * @param figure its times
 * @param against what it is compared with
 * @param other the times of that
 * @param bound what the ratio cannot pass
 */
record Comparison(String item, String what, Figures.Times figure, String against, Figures.Times other, Bound bound) {
    /**
     * A bound that follows from what is compared.
     *
     * @param word at least, at most, or empty for none
     * @param value of the ratio
     */
    record Bound(String word, double value) {
        static final Bound NONE = new Bound("", Double.NaN);

        static Bound atLeast(double value) {
            return new Bound("at least", value);
        }

        static Bound atMost(double value) {
            return new Bound("at most", value);
        }

        private String text() {
            return word.isEmpty() ? "" : String.format(Locale.ROOT, "%s %.0f", word, value);
        }
    }

    double ratio() {
        return figure.median() / other.median();
    }

    /** A line of the table. */
    List<String> row() {
        return List.of(
                what,
                milliseconds(figure),
                against,
                milliseconds(other),
                String.format(Locale.ROOT, "%.2f", ratio()),
                bound.text());
    }

    private static String milliseconds(Figures.Times times) {
        return milliseconds(times.median()) + " (" + milliseconds(times.minimum()) + ")";
    }

    private static String milliseconds(double seconds) {
        return String.format(Locale.ROOT, seconds < 0.1 ? "%.2f" : "%,.0f", 1000 * seconds);
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("item", item);
        json.put("what", what);
        Json.put(json, "seconds", figure.median());
        json.put("against", against);
        Json.put(json, "againstSeconds", other.median());
        Json.put(json, "ratio", ratio());
        Json.put(json, "ratioOfMinima", figure.minimum() / other.minimum());
        if (!bound.word().isEmpty()) {
            json.putObject("bound").put(bound.word().equals("at least") ? "atLeast" : "atMost", bound.value());
        }
        return json;
    }
}
