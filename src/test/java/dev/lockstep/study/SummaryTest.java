package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole study from its run folders: gradient descent with full batches on the quadratic (x^2 + 10 y^2)/2 from (1,
 * 1), whose losses and gradients have closed forms, at three learning rates; the largest diverges.
 */
class SummaryTest {
    private static final int STEPS = 60;
    private static final Targets TARGETS =
            new Targets(List.of(new Target("training-loss", 0.01), new Target("gradient-norm", 0.5)));

    @TempDir
    Path root;

    private final List<RunReader> readers = new ArrayList<>();
    private ObjectNode summary;

    @BeforeEach
    void read() throws IOException {
        for (String rate : List.of("0.05", "0.1", "0.25")) {
            for (long seed : new long[] {1, 2}) {
                RunKey key = StudyRuns.key("gradient-descent", rate, seed);
                write(key, Double.parseDouble(rate));
                readers.add(new RunReader(
                        key, Folder.of(root.resolve(key.name()).toString(), new Configuration(false)), TARGETS));
            }
        }
        readers.forEach(RunReader::update);
        ObjectNode asked = Json.object().put("network", "2-1");
        StudyFacts facts = new StudyFacts(
                "study",
                "quadratic",
                "finished",
                asked,
                Json.object().put("command", "jobs/study q.conf"),
                List.of("Said."));
        summary = Summary.of(facts, TARGETS, readers);
    }

    private void write(RunKey key, double eta) throws IOException {
        Path folder = Files.createDirectories(root.resolve(key.name()));
        boolean diverges = eta > 0.2;
        int steps = diverges ? 20 : STEPS;
        StringBuilder stepLines = new StringBuilder();
        StringBuilder epochLines = new StringBuilder();
        for (int k = 0; k < steps; k++) {
            double x = Math.pow(1 - eta, k);
            double y = Math.pow(1 - 10 * eta, k);
            double loss = (x * x + 10 * y * y) / 2;
            stepLines.append(
                    "{\"step\":%d,\"epoch\":%d,\"loss\":%s,\"gradientNorm\":%s,\"stepNorm\":%s,\"learningRate\":%s,"
                                    .formatted(k, k, loss, Math.hypot(x, 10 * y), eta * Math.hypot(x, 10 * y), eta)
                            + "\"rows\":1000,\"evaluations\":%d,\"seconds\":%s}\n".formatted(k + 1, (k + 1) / 8.0));
            epochLines.append(
                    "{\"epoch\":%d,\"steps\":%d,\"loss\":%s,\"curvature\":{\"lambdaMax\":10,\"lambdaMin\":1,\"stabilityLimit\":%s},\"seconds\":%s}\n"
                            .formatted(k, k + 1, loss, 2 / eta, (k + 1) / 8.0));
        }
        Files.writeString(folder.resolve("steps.jsonl"), stepLines);
        Files.writeString(folder.resolve("epochs.jsonl"), epochLines);
        Files.writeString(
                folder.resolve("run.json"),
                "{\"stopReason\":\"%s\",\"stopMessage\":\"why\",\"advice\":\"what next\",\"steps\":%d,\"epochs\":%d,"
                                .formatted(diverges ? "diverged" : "epochs", steps, steps)
                        + "\"passes\":%d,\"finalLoss\":%s,\"bestLoss\":null,\"seconds\":{\"training\":%s},"
                                .formatted(steps, diverges ? null : Math.pow(1 - eta, 2 * STEPS) / 2, steps / 8.0)
                        + "\"configuration\":{\"optimizer\":{\"name\":\"gradient-descent\"},\"learning-rate\":%s}}"
                                .formatted(eta));
    }

    @Test
    void the_answer_is_that_of_the_closed_forms() {
        // 0.1 ends y in one step; x^2/2 is at most 0.01 when 0.9^k is at most 0.1414, which is k = 19; the 20th pass.
        assertThat(summary.at("/answer/0").asText())
                .isEqualTo(
                        "Gradient-descent (learning rate 0.1) reached training loss 0.01 first, in 20 passes over the data"
                                + " (median of two seeds); its next best setting, learning rate 0.05, took 40 passes (median of two"
                                + " seeds).");
        assertThat(summary.at("/answer/2").asText()).startsWith("Two of six runs diverged (gradient-descent)");
        assertThat(summary.get("notes").get(0).asText()).isEqualTo("Said.");
    }

    @Test
    void the_rate_of_convergence_stands_beside_the_theory() {
        assertThat(summary.at("/methods/0/rate/kind").asText()).isEqualTo("linear");
        assertThat(summary.at("/methods/0/rate/value").doubleValue()).isCloseTo(0.9, within(1e-9));
        assertThat(summary.at("/methods/0/rate/theory").doubleValue()).isEqualTo(0.9);
    }

    @Test
    void every_part_of_the_report_is_there() {
        assertThat(summary.fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder(
                        "kind",
                        "name",
                        "state",
                        "progress",
                        "asked",
                        "answer",
                        "notes",
                        "methods",
                        "runs",
                        "bands",
                        "learningRates",
                        "profiles",
                        "repeat");
        assertThat(summary.at("/progress/ended").intValue()).isEqualTo(6);
        assertThat(summary.at("/asked/network").asText()).isEqualTo("2-1");
        assertThat(summary.at("/asked/targets/1/id").asText()).isEqualTo("gradient-norm:0.5");
        assertThat(summary.at("/methods/0/bestLearningRate").doubleValue()).isEqualTo(0.1);
        assertThat(summary.at("/methods/0/best/1").asText()).isEqualTo("gradient-descent-0.1-seed-2");
        assertThat(summary.at("/methods/0/diverged").intValue()).isEqualTo(2);
        assertThat(summary.at("/methods/0/sensitivity/low").doubleValue()).isEqualTo(0.05);
        assertThat(summary.at("/runs/0/name").asText()).isEqualTo("gradient-descent-0.1-seed-1");
        assertThat(summary.at("/runs/5/state").asText()).isEqualTo("diverged");
        assertThat(summary.at("/runs/0/curve/passes")).hasSize(STEPS);
        assertThat(summary.at("/runs/0/epochCurve/lambdaMax/0").intValue()).isEqualTo(10);
        assertThat(summary.at("/runs/0/epochCurve/stabilityLimit")).hasSize(STEPS);
        assertThat(summary.at("/runs/0/epochCurve/stabilityLimit/0").intValue()).isEqualTo(20);
        assertThat(summary.at("/runs/0/targets/training-loss:0.01/passes").intValue())
                .isEqualTo(20);
        assertThat(summary.at("/bands/0/passes")).hasSize(STEPS);
        assertThat(summary.at("/learningRates/0/points")).hasSize(3);
        assertThat(summary.at("/profiles/0/problems").intValue()).isEqualTo(4);
    }

    @Test
    void a_single_run_has_no_comparisons() {
        StudyFacts facts = new StudyFacts("run", "q", "running", Json.object(), Json.object(), List.of());
        ObjectNode single = Summary.of(facts, TARGETS, readers.subList(0, 1));
        assertThat(single.has("profiles")).isFalse();
        assertThat(single.get("runs")).hasSize(1);
        assertThat(single.at("/answer/0").asText()).startsWith("The run reached training loss 0.01 in 40 passes");
    }

    @Test
    void the_tables_are_in_the_plans_order() throws IOException {
        Folder study = Folder.of(root.toString(), new Configuration(false));
        RunsCsv.write(study, TARGETS, readers);
        CurvesCsv.write(study, readers);
        List<String> runs = Files.readAllLines(root.resolve("runs.csv"));
        assertThat(runs.get(0))
                .isEqualTo(
                        "run,optimizer,learning-rate,seed,state,stopReason,steps,epochs,passes,seconds,bytes,finalLoss,"
                                + "bestLoss,firstLoss,lowestGradientNorm,passesTo:training-loss:0.01,secondsTo:training-loss:0.01,"
                                + "passesTo:gradient-norm:0.5,secondsTo:gradient-norm:0.5");
        assertThat(runs.get(1))
                .startsWith("gradient-descent-0.05-seed-1,gradient-descent,0.05,1,finished,epochs,60,60,60,7.5,,");
        assertThat(runs.get(1)).contains(",40,5,");
        assertThat(runs.get(5)).startsWith("gradient-descent-0.25-seed-1,").endsWith(",,,,");
        List<String> curves = Files.readAllLines(root.resolve("curves.csv"));
        assertThat(curves.get(0)).isEqualTo("run,of,step,epoch,passes,seconds,bytes,quantity,value");
        assertThat(curves.get(1)).isEqualTo("gradient-descent-0.05-seed-1,step,0,0,1,0.125,,loss,5.5");
        assertThat(curves).contains("gradient-descent-0.1-seed-2,epoch,59,59,60,7.5,,lambdaMax,10");
        // Loss, norm, step norm and rate of each step; loss, both ends of the spectrum and a limit of each epoch.
        assertThat(curves).hasSize(1 + 8 * (4 * STEPS + 2 * 20));
    }
}
