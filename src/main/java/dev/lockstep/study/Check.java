package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.observe.Json;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One figure of a claim: what is measured in SQL, and what it is expected to be, a number or SQL itself.
 *
 * <pre>
 *   |measured - expected| &lt;= max(absolute, within |expected|)      with an expected figure
 *   above &lt; measured, measured &lt; below                            with bounds
 * </pre>
 *
 * @param what is looked at, in words
 * @param against whether it speaks against the claim if it comes out as expected
 * @param measure SQL of the figure
 * @param expected SQL of what it should be; empty with bounds
 * @param within relative tolerance
 * @param absolute tolerance around zero
 * @param above SQL of a lower bound
 * @param below SQL of an upper bound
 */
public record Check(
        String what,
        boolean against,
        String measure,
        Optional<String> expected,
        double within,
        double absolute,
        Optional<String> above,
        Optional<String> below) {
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+(\\.\\d*)?([eE][+-]?\\d+)?");
    private static final String FOR = "for";
    private static final String AGAINST = "against";

    /** A figure that was measured, in words, and whether it is as expected. */
    public record Outcome(String expected, String measured, boolean passed) {}

    /** Reads one of {@code claim.checks}. */
    static Check read(Settings own) {
        Check check = new Check(
                own.text("what"),
                own.choice("shows", FOR, List.of(FOR, AGAINST)).equals(AGAINST),
                own.text("measure"),
                own.optionalText("expected"),
                own.number("within", 1e-9),
                own.number("absolute", 1e-12),
                own.optionalText("above"),
                own.optionalText("below"));
        own.refuseUnknown();
        if (check.expected.isPresent() == (check.above.isPresent() || check.below.isPresent())) {
            throw own.wrong("measure", "needs either expected, or above, below, or both");
        }
        return check;
    }

    /** All SQL in it, as it is asked. */
    List<String> questions() {
        return Stream.of(Optional.of(measure), expected, above, below)
                .flatMap(Optional::stream)
                .map(Check::select)
                .toList();
    }

    /** Measures, and compares with what is expected. */
    Outcome look(Query query) {
        double measured = figure(query, measure);
        if (expected.isPresent()) {
            double wanted = figure(query, expected.get());
            double off = Math.abs(measured - wanted);
            return new Outcome(
                    number(wanted) + tolerance(wanted),
                    number(measured) + (measured == wanted || wanted == 0 ? "" : off(off / Math.abs(wanted))),
                    off <= Math.max(absolute, within * Math.abs(wanted)));
        }
        double low = above.isPresent() ? figure(query, above.get()) : Double.NEGATIVE_INFINITY;
        double high = below.isPresent() ? figure(query, below.get()) : Double.POSITIVE_INFINITY;
        String bounds = above.isEmpty()
                ? "below " + number(high)
                : below.isEmpty() ? "above " + number(low) : "between " + number(low) + " and " + number(high);
        return new Outcome(bounds, number(measured), low < measured && measured < high);
    }

    /** The larger of both tolerances, as it is easier to read. */
    private String tolerance(double wanted) {
        double relative = within * Math.abs(wanted);
        if (relative == 0 && absolute == 0) {
            return " exactly";
        }
        if (absolute >= relative) {
            return String.format(Locale.ROOT, " within %s", Shown.number(absolute));
        }
        return within >= 0.001
                ? String.format(Locale.ROOT, " within %s %%", number(100 * within))
                : String.format(Locale.ROOT, " within %.0e of it", within);
    }

    private static String off(double relative) {
        return relative >= 0.001 ? "" : String.format(Locale.ROOT, " (off by %.1e of it)", relative);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e7 ? Long.toString((long) value) : Shown.number(value);
    }

    /** An expression is the head of a SELECT; a whole question begins with one itself. */
    private static String select(String sql) {
        String head = sql.strip().toLowerCase(Locale.ROOT);
        return head.startsWith("select") || head.startsWith("with") ? sql : "select " + sql;
    }

    /** A plain number is itself: asking for it would take a hundred times as long. */
    private static double figure(Query query, String sql) {
        if (NUMBER.matcher(sql.strip()).matches()) {
            return Double.parseDouble(sql.strip());
        }
        List<List<Object>> rows = query.rows(select(sql));
        if (rows.size() != 1 || rows.get(0).size() != 1) {
            throw new InputException("expected one figure, got " + rows.size() + " rows: " + sql);
        }
        Object value = rows.get(0).get(0);
        if (value instanceof String text) {
            throw new InputException("expected a number, got \"" + text + "\": " + sql);
        }
        return value == null ? Double.NaN : (Double) value;
    }

    /** Of a claim's page. */
    ObjectNode json(Outcome outcome) {
        ObjectNode node = Json.object();
        node.put("what", what);
        node.put("shows", against ? AGAINST : FOR);
        node.put("expected", outcome.expected);
        node.put("measured", outcome.measured);
        node.put("passed", outcome.passed);
        return node;
    }
}
