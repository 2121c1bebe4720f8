package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.observe.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a study is to find out: a statement, figures of its runs that speak for it or against it, and pictures.
 *
 * <p>The verdict follows from the figures alone. If all are as expected, a claim holds where all speak for it, does not
 * hold where all speak against it, and holds under its condition where there are both.
 *
 * @param id short, such as B1
 * @param part heading under which it stands; empty for none
 * @param says the statement
 * @param condition under which it holds; empty if figures of one kind only are looked at
 * @param remark what else there is to say; may be empty
 * @param checks at least one
 * @param charts may be empty
 */
public record Claim(
        String id,
        String part,
        String says,
        String condition,
        String remark,
        List<Check> checks,
        List<ClaimChart> charts) {
    private static final String KEY = "claim";

    /** Reads {@code claim { … }} beside a study, if it is there. */
    public static Optional<Claim> read(Settings root) {
        if (!root.has(KEY)) {
            return Optional.empty();
        }
        Settings own = root.child(KEY);
        Claim claim = new Claim(
                own.text("id"),
                own.text("part", ""),
                own.text("says"),
                own.text("condition", ""),
                own.text("remark", ""),
                own.elements("checks").stream().map(Check::read).toList(),
                own.elements("charts").stream().map(ClaimChart::read).toList());
        if (claim.checks.isEmpty()) {
            throw own.wrong("checks", "expected at least one { what = …, measure = …, expected = … }");
        }
        if (claim.isDivided() == claim.condition.isEmpty()) {
            throw own.wrong(
                    "condition",
                    claim.isDivided()
                            ? "there are checks for and against, so say when it holds"
                            : "all checks show the same; leave it out, or add checks with the other value of shows");
        }
        return Optional.of(claim);
    }

    private boolean isDivided() {
        return checks.stream().map(Check::against).distinct().count() > 1;
    }

    /** All SQL in it. */
    public List<String> questions() {
        return Stream.concat(
                        checks.stream().flatMap(check -> check.questions().stream()),
                        charts.stream().flatMap(chart -> chart.questions().stream()))
                .toList();
    }

    /**
     * What became of it.
     *
     * @param verdict the answer
     * @param outcomes one a check; fewer where it failed
     * @param charts drawn from the runs
     * @param message why it failed; empty if it did not
     */
    public record Judgement(Verdict verdict, List<Check.Outcome> outcomes, List<Chart> charts, String message) {
        /** Runs or figures could not be made. */
        public static Judgement failed(List<Check.Outcome> outcomes, String message) {
            return new Judgement(Verdict.FAILED, outcomes, List.of(), message);
        }
    }

    /** Asks for all figures. What cannot be asked makes it fail, and throws nothing. */
    public Judgement judge(Query query) {
        List<Check.Outcome> outcomes = new ArrayList<>();
        try {
            for (Check check : checks) {
                outcomes.add(check.look(query));
            }
            List<Chart> drawn = charts.stream().map(chart -> chart.draw(query)).toList();
            return new Judgement(verdict(outcomes), outcomes, drawn, "");
        } catch (InputException e) {
            return Judgement.failed(outcomes, e.getMessage());
        }
    }

    private Verdict verdict(List<Check.Outcome> outcomes) {
        if (!outcomes.stream().allMatch(Check.Outcome::passed)) {
            return Verdict.NOT_AS_EXPECTED;
        }
        return isDivided() ? Verdict.HOLDS_IF : checks.get(0).against() ? Verdict.DOES_NOT_HOLD : Verdict.HOLDS;
    }

    /** Of the page of claims, without what is known of the study. */
    public ObjectNode json(Judgement judged) {
        ObjectNode node = Json.object();
        node.put("id", id);
        node.put("part", part);
        node.put("says", says);
        node.put("verdict", judged.verdict.words());
        node.put("condition", condition);
        node.put("remark", remark);
        node.put("message", judged.message);
        ArrayNode looked = node.putArray("checks");
        for (int i = 0; i < judged.outcomes.size(); i++) {
            looked.add(checks.get(i).json(judged.outcomes.get(i)));
        }
        ArrayNode pictures = node.putArray("charts");
        judged.charts.forEach(chart -> pictures.add(chart.toJson()));
        return node;
    }
}
