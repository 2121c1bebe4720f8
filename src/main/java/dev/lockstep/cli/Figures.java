package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a JVM has measured for an item, as it tells the one that started it. */
final class Figures {
    private final Map<String, Times> times = new LinkedHashMap<>();
    private final Map<String, Object> facts = new LinkedHashMap<>();

    /**
     * Repetitions of one thing.
     *
     * @param median in seconds
     * @param minimum in seconds
     * @param repetitions how many there were
     */
    record Times(double median, double minimum, int repetitions) {
        static Times of(List<Double> seconds) {
            double[] sorted =
                    seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
            if (sorted.length == 0) {
                throw new IllegalArgumentException("nothing was measured");
            }
            int middle = sorted.length / 2;
            double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
            return new Times(median, Arrays.stream(sorted).min().getAsDouble(), sorted.length);
        }
    }

    void add(String name, List<Double> seconds) {
        times.put(name, Times.of(seconds));
    }

    void fact(String name, double value) {
        facts.put(name, value);
    }

    void fact(String name, String value) {
        facts.put(name, value);
    }

    Times times(String name) {
        return times.get(name);
    }

    /** A number that is not a time; NaN where there is none. */
    double number(String name) {
        return facts.get(name) instanceof Double number ? number : Double.NaN;
    }

    /** A text; empty where there is none. */
    String text(String name) {
        return facts.get(name) instanceof String text ? text : "";
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        ObjectNode seconds = json.putObject("seconds");
        times.forEach((name, value) -> {
            ObjectNode one = seconds.putObject(name);
            Json.put(one, "median", value.median());
            Json.put(one, "minimum", value.minimum());
            one.put("repetitions", value.repetitions());
        });
        ObjectNode others = json.putObject("facts");
        facts.forEach((name, value) -> {
            if (value instanceof Double number) {
                Json.put(others, name, number);
            } else {
                others.put(name, value.toString());
            }
        });
        return json;
    }

    static Figures of(JsonNode json) {
        Figures figures = new Figures();
        json.path("seconds").properties().forEach(entry -> {
            JsonNode one = entry.getValue();
            figures.times.put(
                    entry.getKey(),
                    new Times(
                            one.path("median").asDouble(),
                            one.path("minimum").asDouble(),
                            one.path("repetitions").asInt()));
        });
        json.path("facts").properties().forEach(entry -> {
            JsonNode value = entry.getValue();
            figures.facts.put(entry.getKey(), value.isNumber() ? (Object) value.asDouble() : value.asText());
        });
        return figures;
    }
}
