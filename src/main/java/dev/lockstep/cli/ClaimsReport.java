package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.Tables;
import dev.lockstep.study.ClaimsPage;
import dev.lockstep.study.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What became of claims: {@code claims.json} and a page, and a table for a terminal. */
final class ClaimsReport {
    static final String PAGE = "claims.html";
    private static final String JSON = "claims.json";

    /** A heading with a letter or number of its own, such as B. Convergence on quadratics. */
    private static final Pattern LETTERED = Pattern.compile("(\\w{1,3})\\. (.*)");

    private final ObjectNode report = Json.object();
    private final Map<String, String> parts = new LinkedHashMap<>();
    private final ArrayNode claims;

    /**
     * @param title of the page
     * @param command that a user types to have it again
     */
    ClaimsReport(String title, List<String> introduction, String command) {
        report.put("kind", "claims");
        report.put("title", title);
        introduction.forEach(report.putArray("introduction")::add);
        report.put("state", "running");
        report.put("command", command);
        claims = report.putArray("claims");
    }

    /**
     * One more claim has its verdict.
     *
     * @param page of its study, as seen from this report
     */
    void add(ObjectNode claim, String page) {
        claim.put("report", page);
        Matcher lettered = LETTERED.matcher(claim.path("part").asText());
        String id = lettered.matches() ? lettered.group(1) : claim.path("part").asText();
        parts.put(id, lettered.matches() ? lettered.group(2) : "");
        claim.put("part", id);
        claims.add(claim);
    }

    /** Writes the files; those of an earlier time are replaced. */
    void write(Session session, RunConfiguration some, Folder into, String state, double seconds) {
        report.put("state", state);
        report.put("seconds", seconds);
        report.set("versions", StudyReport.flat(RunReport.versions(session, some, Map.of())));
        ArrayNode named = report.putArray("parts");
        parts.forEach((id, part) -> named.addObject().put("id", id).put("title", part));
        into.write(JSON, Json.pretty(report));
        into.write(PAGE, ClaimsPage.html(report));
    }

    /** Whether every claim has the verdict that its figures were expected to give. */
    boolean isExpected() {
        for (JsonNode claim : claims) {
            String words = claim.path("verdict").asText();
            if (Arrays.stream(Verdict.values())
                    .noneMatch(verdict -> verdict.words().equals(words) && verdict.isExpected())) {
                return false;
            }
        }
        return true;
    }

    /** Claim, expectation, measurement and verdict; a line for each figure. */
    String text() {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode claim : claims) {
            boolean divided = claim.path("verdict").asText().equals(Verdict.HOLDS_IF.words());
            rows.add(List.of(
                    claim.path("id").asText() + "  " + claim.path("says").asText(),
                    "",
                    "",
                    claim.path("verdict").asText()));
            if (divided) {
                rows.add(List.of("    if " + claim.path("condition").asText(), "", "", ""));
            }
            if (!claim.path("message").asText().isEmpty()) {
                rows.add(List.of("    " + claim.path("message").asText(), "", "", ""));
            }
            for (JsonNode check : claim.path("checks")) {
                rows.add(List.of(
                        "    " + check.path("what").asText(),
                        check.path("expected").asText(),
                        check.path("measured").asText(),
                        check.path("passed").asBoolean() ? "" : "NOT AS EXPECTED"));
            }
        }
        return "\n" + Tables.of(List.of("claim", "expected", "measured", "verdict"), rows) + "\n";
    }
}
