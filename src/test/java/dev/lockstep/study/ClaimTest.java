package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a claim's verdict follows from. Questions are answered by a calculator that knows numbers only. */
class ClaimTest {
    private static final Query NUMBERS = sql -> {
        String text = sql.replaceFirst("^select ", "");
        if (text.startsWith("'")) {
            return List.of(List.of(text));
        }
        if (text.equals("nothing")) {
            return List.of(Arrays.asList((Object) null));
        }
        if (text.equals("unknown")) {
            throw new InputException("cannot be asked: unknown");
        }
        return List.of(List.of((Object) Double.parseDouble(text)));
    };

    private static Claim claim(String more) {
        String text = "claim { id = X1, part = \"X. Y\", says = \"it is so\"\n" + more + "\n}";
        return Claim.read(Settings.parse(text, "x.conf", List.of())).orElseThrow();
    }

    private static Verdict verdict(String checks) {
        boolean divided = checks.contains("against") && checks.contains("for }");
        return claim((divided ? "condition = \"sometimes\"\n" : "") + "checks = [" + checks + "]")
                .judge(NUMBERS)
                .verdict();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "measure = 1, expected = 1 | HOLDS",
                "measure = 1.0000000009, expected = 1 | HOLDS",
                "measure = 1.000000002, expected = 1 | NOT_AS_EXPECTED",
                "measure = -1.000000002, expected = -1 | NOT_AS_EXPECTED",
                "measure = 9e-13, expected = 0 | HOLDS",
                "measure = 2e-12, expected = 0 | NOT_AS_EXPECTED",
                "measure = 2e-12, expected = 1e-12, absolute = 0 | NOT_AS_EXPECTED",
                "measure = 95, expected = 100, within = 0.05 | HOLDS",
                "measure = 94.9, expected = 100, within = 0.05 | NOT_AS_EXPECTED",
                "measure = 3, above = 3 | NOT_AS_EXPECTED",
                "measure = 3, above = 2, below = 3 | NOT_AS_EXPECTED",
                "measure = 2.5, above = 2, below = 3 | HOLDS",
                "measure = nothing, expected = 1 | NOT_AS_EXPECTED",
                "measure = nothing, above = 1 | NOT_AS_EXPECTED",
                "measure = nothing, below = 1 | NOT_AS_EXPECTED",
                "measure = NaN, expected = 0 | NOT_AS_EXPECTED",
                "measure = unknown, expected = 1 | FAILED",
                "measure = \"'a text'\", expected = 1 | FAILED",
            })
    void a_figure_passes_within_its_tolerance(String check, Verdict expected) {
        assertThat(verdict("{ what = w, " + check + " }")).isEqualTo(expected);
    }

    @Test
    void the_verdict_follows_from_figures_for_and_against() {
        String passes = "{ what = w, measure = 1, expected = 1, shows = for }";
        String fails = "{ what = w, measure = 2, expected = 1, shows = for }";
        String passesAgainst = "{ what = w, measure = 1, expected = 1, shows = against }";
        String failsAgainst = "{ what = w, measure = 2, expected = 1, shows = against }";
        assertThat(verdict(passes + "," + passes)).isEqualTo(Verdict.HOLDS);
        assertThat(verdict(passesAgainst)).isEqualTo(Verdict.DOES_NOT_HOLD);
        assertThat(verdict(passes + "," + passesAgainst)).isEqualTo(Verdict.HOLDS_IF);
        assertThat(verdict(passes + "," + fails)).isEqualTo(Verdict.NOT_AS_EXPECTED);
        assertThat(verdict(passes + "," + failsAgainst)).isEqualTo(Verdict.NOT_AS_EXPECTED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "expected = 1 | 1 within 1e-09 of it",
                "expected = 0 | 0 within 1e-12",
                "expected = 0, absolute = 0 | 0 exactly",
                "expected = 2, within = 0, absolute = 1 | 2 within 1",
                "expected = 0.01, within = 0.01, absolute = 0.004 | 0.01 within 0.004",
                "expected = 200, within = 0.05 | 200 within 5 %",
                "above = 1 | above 1",
                "above = 1, below = 2 | between 1 and 2",
            })
    void what_is_expected_is_told_with_the_tolerance_that_counts(String check, String told) {
        Claim claim = claim("checks = [{ what = w, measure = 1, " + check + " }]");
        assertThat(claim.judge(NUMBERS).outcomes().get(0).expected()).isEqualTo(told);
    }

    @Test
    void pictures_have_a_layer_for_each_name_and_contours_of_a_grid() {
        Query table = sql -> sql.contains("grid")
                ? List.of(
                        List.of(0.0, 0.0, 0.0), List.of(1.0, 0.0, 1.0), List.of(0.0, 1.0, 1.0), List.of(1.0, 1.0, 2.0))
                : List.of(List.of("b", 0.0, 1.0), List.of("a", 0.0, 2.0), List.of("b", 1.0, 3.0));
        Claim claim = claim("""
                checks = [ { what = w, measure = grid, expected = grid } ]
                charts = [ { title = t, x = x, y { label = y, log = true }, layers = [
                  { kind = contours, log-levels = false, query = "grid" }
                  { emphasis = true, query = "lines" }
                ] } ]
                """);
        ObjectNode chart = claim.charts().get(0).draw(table).toJson();
        assertThat(chart.at("/layers/0/levels").size()).isPositive();
        // x + y is 0.5, 1 or 1.5 along straight lines
        chart.at("/layers/0/levels")
                .forEach(level -> level.path("lines")
                        .forEach(line -> line.forEach(point -> assertThat(
                                        point.get(0).asDouble() + point.get(1).asDouble())
                                .isCloseTo(
                                        level.path("value").asDouble(), org.assertj.core.data.Offset.offset(1e-6)))));
        assertThat(chart.at("/layers/1/name").asText()).isEqualTo("b");
        assertThat(chart.at("/layers/1/points").toString()).isEqualTo("[[0,1],[1,3]]");
        assertThat(chart.at("/layers/2/name").asText()).isEqualTo("a");
        assertThat(chart.at("/y/log").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "checks = [] | expected at least one",
                "checks = [{ what = w, measure = 1 }] | needs either expected, or above, below",
                "checks = [{ what = w, measure = 1, expected = 1, above = 0 }] | needs either expected, or above",
                "checks = [{ what = w, measure = 1, expected = 1, show = against }] | unknown key claim.checks.1.show; did you mean shows?",
                "checks = [{ what = w, measure = 1, expectd = 1 }] | unknown key claim.checks.1.expectd; did you mean expected?",
                "checks = [{ what = w, measure = 1, expected = 1, shows = maybe }] | for, against",
                "checks = [{ what = w, measure = 1, expected = 1 }], condition = c | leave it out",
                "checks = [{ what = w, measure = 1, expected = 1 }, { what = w, measure = 1, expected = 1, shows = against }] | so say when it holds",
                "checks = [{ what = w, measure = 1, expected = 1 }], charts = [{ title = t, x = x, y = y }] | expected at least one { kind",
                "checks = [{ what = w, measure = 1, expected = 1 }], charts = [{ title = t, x { label = x, log = true, min = 0 }, y = y, layers = [{ query = q }] }] | expected a finite limit",
            })
    void mistakes_cost_one_line(String text, String complaint) {
        assertThatThrownBy(() -> claim(text)).isInstanceOf(InputException.class).hasMessageContaining(complaint);
    }
}
