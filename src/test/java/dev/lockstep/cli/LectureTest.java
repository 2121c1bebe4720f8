package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.Settings;
import dev.lockstep.observe.Json;
import dev.lockstep.study.Claim;
import dev.lockstep.study.StudyPlan;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The claims of {@code conf/lecture}: all are there, those of a second or two are run, and {@code -Dlockstep.lecture=full} runs the
 * others as well.
 */
class LectureTest {
    /** How many claims the lecture has under each letter. */
    private static final Map<String, Integer> CLAIMS = Map.of("A", 10, "B", 10, "C", 7, "D", 7, "E", 7, "F", 6, "G", 3);

    /** Those that take less than two seconds on two cores, with the verdict that their figures give. */
    private static final Map<String, List<String>> QUICK = Map.of(
            "holds",
                    List.of(
                            "A7", "B1", "B2", "B3", "B4", "B5", "B6", "B7", "B8", "B9", "B10", "C1", "D1", "D6", "E1",
                            "E2", "E5", "E6", "F2", "F5", "G2"),
            "holds if", List.of("C4", "C6", "C7", "E4", "F1"),
            "does not hold", List.of("C2", "C3"));

    @TempDir
    static Path folder;

    private static Map<String, File> files() {
        Map<String, File> files = new TreeMap<>();
        for (File file : new File("conf/lecture").listFiles((in, name) -> !name.startsWith("_"))) {
            files.put(file.getName().replaceFirst("-.*", ""), file);
        }
        return files;
    }

    @Test
    void every_claim_has_a_study_whose_questions_are_sql() {
        List<String> wanted = new ArrayList<>();
        CLAIMS.forEach((part, count) -> IntStream.rangeClosed(1, count).forEach(number -> wanted.add(part + number)));
        Map<String, File> files = files();
        assertThat(files.keySet()).containsExactlyInAnyOrderElementsOf(wanted);
        files.forEach((id, file) -> {
            Settings settings = Settings.read(file.getPath(), List.of());
            StudyPlan plan = StudyPlan.read(settings, file.getName());
            assertThat(Study.of(plan.runs(), "runs/x")).as(id).isNotEmpty();
            Claim claim = Claim.read(settings).orElseThrow();
            settings.refuseUnknown();
            assertThat(claim.id()).isEqualTo(id);
            assertThat(claim.part()).startsWith(id.substring(0, 1) + ". ");
            StudyTables.check(id, claim.questions());
        });
    }

    private static Map<String, JsonNode> run(String name, String... more) throws IOException {
        Path output = folder.resolve(name);
        List<String> arguments =
                new ArrayList<>(List.of("study", "conf/lecture", "--all", "--quiet", "--output", output.toString()));
        arguments.addAll(Arrays.asList(more));
        CommandLineRun ended = CommandLineRun.of(arguments.toArray(new String[0]));
        assertThat(ended.exitCode()).as(String.join("\n", ended.complaints())).isZero();
        Map<String, JsonNode> claims = new LinkedHashMap<>();
        Json.MAPPER
                .readTree(Files.readAllBytes(output.resolve("claims.json")))
                .path("claims")
                .forEach(claim -> claims.put(claim.path("id").asText(), claim));
        assertThat(Files.readString(output.resolve("claims.html"))).contains("The lecture, run");
        return claims;
    }

    @Test
    void quick_claims_have_their_verdicts() throws IOException {
        List<String> ids = QUICK.values().stream().flatMap(List::stream).toList();
        Map<String, JsonNode> claims = run("quick", "--only", String.join(",", ids));
        assertThat(claims.keySet()).containsExactlyInAnyOrderElementsOf(ids);
        QUICK.forEach((verdict, some) -> some.forEach(id -> {
            JsonNode claim = claims.get(id);
            assertThat(claim.path("verdict").asText())
                    .as("%s: %s", id, claim.path("checks"))
                    .isEqualTo(verdict);
            assertThat(claim.path("checks").size()).as(id).isPositive();
            claim.path("charts")
                    .forEach(chart -> chart.path("layers")
                            .forEach(layer -> assertThat(layer.path("points").size()
                                            + layer.path("levels").size())
                                    .as("%s: %s", id, chart.path("title"))
                                    .isPositive()));
        }));
    }

    @Test
    @EnabledIfSystemProperty(named = "lockstep.lecture", matches = "full")
    void all_claims_have_a_verdict_as_expected() throws IOException {
        Map<String, JsonNode> claims = run("all");
        assertThat(claims)
                .hasSize(CLAIMS.values().stream().mapToInt(Integer::intValue).sum());
        claims.forEach((id, claim) -> assertThat(claim.path("verdict").asText())
                .as("%s: %s", id, claim.path("checks"))
                .isIn("holds", "holds if", "does not hold"));
    }
}
