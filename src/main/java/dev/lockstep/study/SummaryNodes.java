package dev.lockstep.study;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Reads what the plots need out of a summary; what is missing is empty or null. */
record SummaryNodes(JsonNode summary) {
    List<JsonNode> methods() {
        return list(summary.path("methods"));
    }

    /** The runs of a method's best setting, one a seed. */
    List<JsonNode> best(JsonNode method) {
        return named(method.path("best"));
    }

    /** The runs whose names an array holds, in the order of the summary. */
    List<JsonNode> named(JsonNode names) {
        Set<String> wanted = list(names).stream().map(JsonNode::asText).collect(Collectors.toSet());
        return list(summary.path("runs")).stream()
                .filter(run -> wanted.contains(run.path("name").asText()))
                .toList();
    }

    static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    /** The numbers of an array; null where there is none. */
    static List<Double> numbers(JsonNode array) {
        List<Double> numbers = new ArrayList<>();
        array.forEach(node -> numbers.add(number(node)));
        return numbers;
    }

    /** One key of each object of an array. */
    static List<Double> numbers(JsonNode array, String... path) {
        List<Double> numbers = new ArrayList<>();
        for (JsonNode node : array) {
            JsonNode found = node;
            for (String key : path) {
                found = found.path(key);
            }
            numbers.add(number(found));
        }
        return numbers;
    }

    static Double number(JsonNode node) {
        return node.isNumber() ? Double.valueOf(node.doubleValue()) : null;
    }
}
