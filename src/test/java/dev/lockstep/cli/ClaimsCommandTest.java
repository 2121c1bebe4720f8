package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.observe.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Claims of studies as a user would make them: one, and all of a folder. */
class ClaimsCommandTest {
    /** On a parabola of curvature 2 the rate 0.25 halves the weight in each step. */
    private static final String HALVES = """
            claim { id = X1, part = "X. Halves", says = "each step halves the weight", checks = [
              { what = "w after 3 steps", measure = "w[0] from path where step = 3 and seed = 1", expected = "1 / 8D" }
              { what = "last weights", measure = "max(abs(w[0])) from runs", expected = 0.0625 }
              { what = "rows", measure = "count(*) from points", expected = 2 }
              { what = "norm and distance", measure = "norm(array(3D, 4D)) + distance(array(1D, 1D), array(1D, 2D))", expected = 6 }
              { what = "places", measure = "sum(x) from places(0, 1, 10)", expected = 5.5 }
              { what = "grid", measure = "count(*) from grid(0, 1, 0, 2, 10) where y > 1", expected = 55 }
              { what = "text and numbers apart", measure = "max(number) from runs where text = '1e-2'", expected = 7 }
            ], charts = [ { title = "w", x = step, y = w, layers = [ { query = "select run, step, w[0] from path order by run, step" } ] } ] }
            study {
              base {
                data.train { format = synthetic, generator = quadratic, eigenvalues = [2], optimum = [0] }
                network { loss = squared-error, bias = false, precision = float64, init.values = [1] }
                optimizer = gradient-descent, learning-rate = 0.25, stop.steps = 4, observe.path = 1, engine = resident
              }
              variants = [ { name = only, columns { number = 7, text = 1e-2, unit = none } } ]
              vary.seed = [1, 2]
            }
            """;

    private static final String WRONG = HALVES.replace("id = X1", "id = X2").replace("1 / 8D", "1 / 9D");

    @TempDir
    Path folder;

    private Path studies;

    @BeforeEach
    void write() throws IOException {
        studies = Files.createDirectory(folder.resolve("studies"));
        Files.writeString(studies.resolve("X1-halves.conf"), HALVES);
    }

    private CommandLineRun study(String... arguments) {
        List<String> all = new ArrayList<>(List.of("study", "--quiet"));
        all.addAll(List.of(arguments));
        return CommandLineRun.of(all.toArray(new String[0]));
    }

    private CommandLineRun all(String... more) {
        List<String> all = new ArrayList<>(List.of(
                studies.toString(), "--all", "--output", folder.resolve("out").toString()));
        all.addAll(List.of(more));
        return study(all.toArray(new String[0]));
    }

    private static List<JsonNode> claims(Path in) throws IOException {
        List<JsonNode> claims = new ArrayList<>();
        Json.MAPPER
                .readTree(Files.readAllBytes(in.resolve("claims.json")))
                .path("claims")
                .forEach(claims::add);
        return claims;
    }

    @Test
    void one_study_prints_its_verdict_and_leaves_a_page() throws IOException {
        Path out = folder.resolve("one");
        CommandLineRun run = study(studies.resolve("X1-halves.conf").toString(), "--set", "study.output=" + out);
        assertThat(run.exitCode()).as(String.join("\n", run.complaints())).isZero();
        assertThat(run.out())
                .contains("each step halves the weight")
                .contains("holds")
                .contains("0.125");
        assertThat(out.resolve("claims.html")).exists();
        assertThat(out.resolve("plots/claim-1.png")).isNotEmptyFile();
        JsonNode claim = claims(out).get(0);
        assertThat(claim.path("verdict").asText()).isEqualTo("holds");
        assertThat(claim.path("checks")).allMatch(check -> check.path("passed").asBoolean());
        // The claim is part of the study that goes on.
        CommandLineRun again = study("--resume", out.toString());
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).contains("each step halves the weight");
    }

    @Test
    void one_study_whose_figure_is_not_as_expected_ends_with_1_and_a_line() throws IOException {
        Files.writeString(studies.resolve("X2-wrong.conf"), WRONG);
        Files.writeString(
                studies.resolve("X3-asks.conf"), HALVES.replace("max(abs(w[0])) from runs", "max(nothing) from runs"));
        for (String name : List.of("X2-wrong", "X3-asks")) {
            Path out = folder.resolve(name);
            CommandLineRun run = study(studies.resolve(name + ".conf").toString(), "--set", "study.output=" + out);
            String verdict = name.equals("X2-wrong") ? "X2 not as expected" : "X1 failed";
            assertThat(run.exitCode()).as(name).isEqualTo(1);
            assertThat(run.complaints()).containsExactly("claim " + verdict + ": see " + out + "/claims.html");
            assertThat(study("--resume", out.toString()).exitCode())
                    .as("judged anew")
                    .isEqualTo(1);
        }
    }

    @Test
    void a_folder_s_studies_leave_one_page_and_are_only_judged_anew_the_second_time() throws IOException {
        Files.writeString(studies.resolve("X2-wrong.conf"), WRONG);
        Files.writeString(studies.resolve("_collection.conf"), "title = Both, introduction = [one]");
        CommandLineRun first = all();
        assertThat(first.exitCode()).as("a figure is not as expected").isEqualTo(1);
        assertThat(first.out()).contains("NOT AS EXPECTED");
        assertThat(first.complaints())
                .containsExactly("claim X2 not as expected: see " + folder.resolve("out/claims.html"));
        Path out = folder.resolve("out");
        assertThat(claims(out).stream().map(claim -> claim.path("verdict").asText()))
                .containsExactly("holds", "not as expected");
        assertThat(Files.readString(out.resolve("claims.html"))).contains("<h1>Both</h1>");
        Path steps = out.resolve("X1-halves/runs/only-seed-1/steps.jsonl");
        FileTime written = Files.getLastModifiedTime(steps);
        // The claim is put right; its study is the same.
        Files.writeString(studies.resolve("X2-wrong.conf"), HALVES.replace("id = X1", "id = X2"));
        assertThat(all().exitCode()).isZero();
        assertThat(Files.getLastModifiedTime(steps)).isEqualTo(written);
        assertThat(claims(out).stream().map(claim -> claim.path("verdict").asText()))
                .containsExactly("holds", "holds");
        Files.writeString(studies.resolve("X1-halves.conf"), HALVES.replace("stop.steps = 4", "stop.steps = 5"));
        all().assertRefused("holds the study of another configuration");
        CommandLineRun some = all("--only", "x2");
        assertThat(some.exitCode()).isZero();
        assertThat(some.out()).contains("X2").doesNotContain("X1");
        assertThat(claims(out).stream().map(claim -> claim.path("id").asText()))
                .as("the page keeps the others")
                .containsExactly("X1", "X2");
        assertThat(claims(out).get(1).has("seconds")).as("judged anew only").isFalse();
    }

    @Test
    void a_study_that_cannot_run_or_be_asked_leaves_the_others_alone() throws IOException {
        Files.writeString(studies.resolve("X0-no-rows.conf"), HALVES.replace("eigenvalues = [2]", "eigenvalues = [0]"));
        Files.writeString(
                studies.resolve("X2-asks.conf"), HALVES.replace("max(abs(w[0])) from runs", "max(nothing) from runs"));
        CommandLineRun run = all();
        assertThat(run.exitCode()).isEqualTo(1);
        List<JsonNode> claims = claims(folder.resolve("out"));
        assertThat(claims.get(1).path("verdict").asText()).isEqualTo("holds");
        assertThat(claims.get(2).path("verdict").asText()).isEqualTo("failed");
        assertThat(claims.get(2).path("message").asText())
                .contains("max(nothing) from runs")
                .contains("nothing");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FOLDER --all --only X9 | --only X9: no such study in",
                "FOLDER/.. --all | no configurations *.conf there",
                "FOLDER | is a folder; give one of its configurations, or --all",
                "FOLDER/X1-halves.conf --only X1 | give --all and the folder",
                "FOLDER/X1-halves.conf --output x | --output is for --all",
                "FOLDER --all --watch | leave out --all or --watch",
                "--resume x --all | --all is not wanted",
            })
    void mistakes_cost_one_line(String arguments, String complaint) {
        study(arguments.replace("FOLDER", studies.toString()).split(" ")).assertRefused(complaint);
    }

    @Test
    void what_is_no_sql_is_refused_before_anything_runs() throws IOException {
        Files.writeString(
                studies.resolve("X1-halves.conf"), HALVES.replace("count(*) from points", "count(* from points"));
        all().assertRefused("claim X1: not SQL: select count(* from points");
        assertThat(folder.resolve("out")).doesNotExist();
    }
}
