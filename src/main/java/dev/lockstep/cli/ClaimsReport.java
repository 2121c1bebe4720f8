package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.InputException;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.Tables;
import dev.lockstep.study.ClaimsPage;
import dev.lockstep.study.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What became of claims: {@code claims.json} and a page, and a table for a terminal. */
final class ClaimsReport {
    static final String PAGE = "claims.html";
    private static final String JSON = "claims.json";

    /** A heading with a letter or number of its own, such as B. Convergence on quadratics. */
    private static final Pattern LETTERED = Pattern.compile("(\\w{1,3})\\. (.*)");

    private static final Pattern LAST_NUMBER = Pattern.compile("\\d{1,9}$");

    private final ObjectNode report = Json.object();

    /** Titles of parts by their letters. */
    private final Map<String, String> parts = new TreeMap<>();

    /** What was judged in this process, by study. */
    private final Map<String, ObjectNode> claims = new LinkedHashMap<>();

    /** What stood on the page before, of studies that were not looked at now. */
    private final Map<String, ObjectNode> kept = new LinkedHashMap<>();

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
    }

    /**
     * Keeps what an earlier page said of studies that are not judged now.
     *
     * @param into folder of the page, which need not be there
     * @param studies those that there are still
     */
    void keep(Folder into, List<String> studies) {
        if (!into.has(JSON)) {
            return;
        }
        try {
            JsonNode before = Json.MAPPER.readTree(into.read(JSON));
            before.path("parts")
                    .forEach(part -> parts.put(
                            part.path("id").asText(), part.path("title").asText()));
            for (JsonNode claim : before.path("claims")) {
                String study = claim.path("report").asText().replaceFirst("/[^/]*$", "");
                if (studies.contains(study)) {
                    kept.put(study, (ObjectNode) claim);
                }
            }
        } catch (IOException e) {
            throw new InputException(into + "/" + JSON + ": not JSON; delete it, and run all studies again", e);
        }
    }

    /**
     * One more claim has its verdict.
     *
     * @param study name of its folder, beside this report; empty if this report is in it
     */
    void add(ObjectNode claim, String study) {
        claim.put("report", (study.isEmpty() ? "" : study + "/") + StudyReport.PAGE);
        Matcher lettered = LETTERED.matcher(claim.path("part").asText());
        String id = lettered.matches() ? lettered.group(1) : claim.path("part").asText();
        parts.put(id, lettered.matches() ? lettered.group(2) : "");
        claim.put("part", id);
        claims.put(study, claim);
    }

    /** Writes the files; those of an earlier time are replaced. */
    void write(Session session, RunConfiguration some, Folder into, String state, double seconds) {
        report.put("state", state);
        report.put("seconds", seconds);
        report.set("versions", StudyReport.flat(RunReport.versions(session, some, Map.of())));
        Map<String, ObjectNode> all = new LinkedHashMap<>(kept);
        all.putAll(claims);
        all.values().stream().sorted(Comparator.comparing(ClaimsReport::place)).forEach(report.putArray("claims")::add);
        Set<String> used =
                all.values().stream().map(claim -> claim.path("part").asText()).collect(Collectors.toSet());
        parts.keySet().retainAll(used);
        ArrayNode named = report.putArray("parts");
        parts.forEach((id, part) -> named.addObject().put("id", id).put("title", part));
        into.write(JSON, Json.pretty(report));
        into.write(PAGE, ClaimsPage.html(report));
    }

    /** B2 before B10. */
    private static String place(ObjectNode claim) {
        return LAST_NUMBER
                .matcher(claim.path("id").asText())
                .replaceFirst(digits -> String.format(Locale.ROOT, "%9s", digits.group()));
    }

    /**
     * Says on standard error which claims have another verdict than their figures were expected to give, if any.
     *
     * @param page where their figures stand
     * @return exit code: 0 if there are none
     */
    int complain(String page) {
        String others = claims.values().stream()
                .filter(claim -> !isExpected(claim.path("verdict").asText()))
                .map(claim ->
                        claim.path("id").asText() + " " + claim.path("verdict").asText())
                .collect(Collectors.joining(", "));
        if (others.isEmpty()) {
            return 0;
        }
        System.err.println("claim " + others + ": see " + page);
        return Complaints.EXIT_FAILED;
    }

    private static boolean isExpected(String words) {
        return Arrays.stream(Verdict.values())
                .anyMatch(verdict -> verdict.words().equals(words) && verdict.isExpected());
    }

    /** Claim, expectation, measurement and verdict; a line for each figure. */
    String text() {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode claim : claims.values()) {
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
