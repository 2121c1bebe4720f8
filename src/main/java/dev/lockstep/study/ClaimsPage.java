package dev.lockstep.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import freemarker.template.TemplateException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The claims of a lecture with their verdicts, as one HTML file that needs no network: what was claimed, what was measured
 * against what was expected, and the pictures. The template writes the texts and tables; the scripts draw the charts when
 * they come near the view, and all of them before the page is printed.
 */
public final class ClaimsPage {
    private static final List<String> STYLES = List.of("report.css", "claims.css");

    /** In the order in which they use each other. */
    private static final List<String> SCRIPTS = List.of(
            "format.js",
            "look.js",
            "curves.js",
            "axes.js",
            "charts.js",
            "bars.js",
            "figures.js",
            "pictures.js",
            "claims.js");

    /** In the order in which the page counts them. */
    private static final List<String> VERDICTS =
            Arrays.stream(Verdict.values()).map(Verdict::words).toList();

    private ClaimsPage() {}

    /**
     * The page of the claims.
     *
     * @param summary what {@code claims.json} holds: {@code title}, {@code state}, {@code parts} and {@code claims}, each with
     *     {@code id}, {@code part}, {@code says}, {@code verdict}, {@code checks} and {@code charts}, as {@link Chart#toJson}
     *     writes them
     * @throws IllegalArgumentException if it lacks what every such summary has, or a claim has a verdict or a part that is
     *     not known
     */
    public static String html(ObjectNode summary) {
        ObjectNode texts = without("claims", summary);
        ArrayNode claims = texts.putArray("claims");
        ArrayNode charts = Json.MAPPER.createArrayNode();
        Map<String, Integer> counts = new LinkedHashMap<>();
        VERDICTS.forEach(verdict -> counts.put(verdict, 0));
        List<String> parts = summary.path("parts").findValuesAsText("id");
        for (JsonNode claim : summary.path("claims")) {
            check(claim, "verdict", VERDICTS);
            check(claim, "part", parts);
            counts.merge(claim.path("verdict").asText(), 1, Integer::sum);
            claims.add(texts((ObjectNode) claim, charts.size()));
            charts.add(claim.withArray("charts"));
        }
        counts.values().removeIf(count -> count == 0);
        try {
            return Page.filled(
                    "claims.ftlh", STYLES, SCRIPTS, charts, Map.of("summary", Page.asMap(texts), "counts", counts));
        } catch (TemplateException e) {
            throw new IllegalArgumentException("no summary of claims: " + e.getMessageWithoutStackTop(), e);
        }
    }

    private static void check(JsonNode claim, String key, List<String> known) {
        String value = claim.path(key).asText();
        if (!known.contains(value)) {
            throw new IllegalArgumentException(String.format(
                    "claim %s: expected a %s of %s, but was \"%s\"",
                    claim.path("id").asText(), key, known, value));
        }
    }

    /** A claim with its place among all, and without what its charts draw. */
    private static ObjectNode texts(ObjectNode claim, int place) {
        ObjectNode texts = without("charts", claim).put("place", place);
        ArrayNode charts = texts.putArray("charts");
        claim.path("charts").forEach(chart -> charts.add(without("layers", (ObjectNode) chart)));
        return texts;
    }

    /** A copy that shares its values, for what is left out may be large. */
    private static ObjectNode without(String key, ObjectNode node) {
        ObjectNode copy = Json.object();
        node.properties().stream()
                .filter(field -> !field.getKey().equals(key))
                .forEach(field -> copy.set(field.getKey(), field.getValue()));
        return copy;
    }
}
