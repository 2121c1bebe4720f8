package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.SharedSpark;
import dev.lockstep.observe.EventRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.TimeoutException;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run shows to tools that people have. */
class ObserveTest {
    private static final String CONFIGURATION = """
            name = little
            data {
              train { format = synthetic, generator = blobs, rows = 100 }
              validation { fraction = 0.2 }
            }
            network { hidden = [3], loss = cross-entropy }
            batch = 40
            optimizer = momentum
            learning-rate = 0.1
            stop { epochs = 2 }
            """;

    @TempDir
    Path folder;

    private Set<String> descriptions(String engine) throws TimeoutException {
        Set<String> descriptions = new LinkedHashSet<>();
        SparkListener listener = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart job) {
                String description = job.properties().getProperty("spark.job.description");
                if (description != null) {
                    descriptions.add(description);
                }
            }
        };
        SharedSpark.context().sc().addSparkListener(listener);
        try {
            CommandLineRun run = CommandLineRun.train(folder, CONFIGURATION, "--set", "engine=" + engine);
            assertThat(run.exitCode()).as(String.join("\n", run.complaints())).isZero();
            SharedSpark.context().sc().listenerBus().waitUntilEmpty();
        } finally {
            SharedSpark.context().sc().removeSparkListener(listener);
        }
        return descriptions;
    }

    @Test
    void spark_s_page_names_run_epoch_and_step() throws TimeoutException {
        assertThat(descriptions("jobs"))
                .containsExactly(
                        "little: epoch 0, step 0",
                        "little: epoch 0, step 1",
                        "little: epoch 0, validation",
                        "little: epoch 1, step 2",
                        "little: epoch 1, step 3",
                        "little: epoch 1, validation",
                        "little: metrics of the training rows",
                        "little: metrics of the validation rows");
        assertThat(SharedSpark.context().getLocalProperty("spark.job.description"))
                .isNull();
    }

    @Test
    void spark_s_page_names_the_run_of_resident_tasks() throws TimeoutException {
        assertThat(descriptions("resident")).contains("little: resident tasks");
    }

    @Test
    void event_files_say_what_the_lines_say() throws IOException {
        String curvature = "curvature={every-epochs=2}";
        CommandLineRun run = CommandLineRun.train(
                folder,
                CONFIGURATION,
                "--set",
                "observe={steps=true,tensorboard=true,prometheus=true}",
                "--set",
                curvature);
        assertThat(run.exitCode()).as(String.join("\n", run.complaints())).isZero();
        Map<String, SortedMap<Long, Float>> shown = EventRecords.shown(folder.resolve("run/tensorboard"));
        List<JsonNode> steps = CommandLineRun.jsonLines(folder.resolve("run/steps.jsonl"));
        assertThat(steps).hasSize(4).allSatisfy(line -> {
            long step = line.path("step").asLong();
            assertThat(shown.get("loss").get(step))
                    .isEqualTo((float) line.path("loss").asDouble());
            assertThat(shown.get("gradient norm").get(step))
                    .isEqualTo((float) line.path("gradientNorm").asDouble());
            assertThat(shown.get("step norm").get(step))
                    .isEqualTo((float) line.path("stepNorm").asDouble());
            assertThat(shown.get("learning rate").get(step)).isEqualTo(0.1f);
        });
        assertThat(steps.get(0).get("signChanges").isNull()).isTrue();
        assertThat(steps.get(0).get("cosine").isNull()).isTrue();
        assertThat(steps.get(1).get("signChanges").asDouble()).isBetween(0.0, 1.0);
        assertThat(steps.get(1).get("cosine").asDouble()).isBetween(-1.0, 1.0);
        assertThat(steps.get(1).has("stepSizes")).isFalse();
        List<JsonNode> epochs = CommandLineRun.jsonLines(folder.resolve("run/epochs.jsonl"));
        assertThat(epochs).hasSize(2).allSatisfy(line -> {
            long last = line.path("steps").asLong() - 1;
            assertThat(shown.get("epoch loss").get(last))
                    .isEqualTo((float) line.path("loss").asDouble());
            assertThat(shown.get("validation/loss").get(last))
                    .isEqualTo((float) line.at("/validation/loss").asDouble());
            assertThat(shown.get("validation/accuracy").get(last))
                    .isEqualTo((float) line.at("/validation/accuracy").asDouble());
        });
        assertThat(shown.get("sharpness")).isEqualTo(Map.of(3L, (float)
                epochs.get(1).at("/curvature/lambdaMax").asDouble()));
    }

    /** The data's eigenvalues, and the penalty's 0.5 on each. */
    @Test
    void a_look_at_all_eigenvalues_stands_in_the_epoch_s_line() {
        CommandLineRun run = CommandLineRun.train(folder, """
                data.train { format = synthetic, generator = quadratic, eigenvalues = [9, 4, 1, 0.25], rotated = true, rows = 80 }
                network { hidden = [], bias = false, loss = squared-error, precision = float64 }
                optimizer = gradient-descent
                learning-rate = 1e-300
                penalty.l2 = 0.5
                stop { epochs = 3 }
                curvature { every-epochs = 1, exact = true }
                """);
        assertThat(run.exitCode()).as(String.join("\n", run.complaints())).isZero();
        double[] expected = {0.75, 1.5, 4.5, 9.5};
        List<JsonNode> epochs = CommandLineRun.jsonLines(folder.resolve("run/epochs.jsonl"));
        assertThat(epochs).hasSize(3).allSatisfy(line -> {
            JsonNode found = line.at("/curvature/eigenvalues");
            assertThat(found).hasSize(4);
            for (int i = 0; i < 4; i++) {
                assertThat(found.get(i).asDouble()).isCloseTo(expected[i], within(1e-9));
            }
            assertThat(line.at("/curvature/lambdaMax")).isEqualTo(found.get(3));
            assertThat(line.at("/curvature/lambdaMin")).isEqualTo(found.get(0));
            assertThat(line.at("/curvature/lambdaMaxResidual").asDouble()).isBetween(0.0, 1e-13);
            assertThat(line.at("/curvature/negativeEigenvalues").asInt(-1)).isZero();
            assertThat(line.at("/curvature/products").asInt()).isEqualTo(4);
            assertThat(line.at("/curvature/stabilityLimit").asDouble()).isCloseTo(2e300, within(1e285));
        });
        assertThat(folder.resolve("run/sharpness.png")).exists();
    }

    /** 2 (1 + beta) / rate of the epoch's last step, whatever the schedule; nothing of an optimizer without a limit. */
    @ParameterizedTest
    @CsvSource({"momentum, 3.8", "nesterov, 1.3571428571428572", "adam, NaN"})
    void the_limit_of_the_sharpness_follows_the_schedule(String optimizer, double factor) {
        CommandLineRun run = CommandLineRun.train(
                folder,
                CONFIGURATION,
                "--set",
                "optimizer=" + optimizer,
                "--set",
                "learning-rate={schedule=exponential,initial=0.1,decay=0.3}",
                "--set",
                "curvature={every-epochs=1}");
        assertThat(run.exitCode()).as(String.join("\n", run.complaints())).isZero();
        List<JsonNode> steps = CommandLineRun.jsonLines(folder.resolve("run/steps.jsonl"));
        List<JsonNode> epochs = CommandLineRun.jsonLines(folder.resolve("run/epochs.jsonl"));
        assertThat(epochs).hasSize(2);
        Set<Double> rates = new LinkedHashSet<>();
        for (JsonNode epoch : epochs) {
            double rate = steps.get(epoch.path("steps").asInt() - 1)
                    .path("learningRate")
                    .asDouble();
            rates.add(rate);
            JsonNode limit = epoch.at("/curvature/stabilityLimit");
            if (Double.isNaN(factor)) {
                assertThat(limit.isNull()).isTrue();
            } else {
                assertThat(limit.asDouble()).isCloseTo(factor / rate, within(1e-9 / rate));
            }
        }
        assertThat(rates).hasSize(2);
    }

    @Test
    void all_eigenvalues_are_for_small_networks() {
        CommandLineRun.train(
                        folder,
                        CONFIGURATION,
                        "--set",
                        "network.hidden=[1000]",
                        "--set",
                        "curvature={every-epochs=1,exact=true}")
                .assertRefused(
                        "curvature.exact = true: expected a network of at most 5,000 parameters, and it has 6,003");
        assertThat(folder.resolve("run")).doesNotExist();
    }

    @Test
    void nothing_more_is_written_if_nothing_is_asked_for() {
        assertThat(CommandLineRun.train(folder, CONFIGURATION).exitCode()).isZero();
        assertThat(folder.resolve("run/tensorboard")).doesNotExist();
        assertThat(folder.resolve("run/path.jsonl")).doesNotExist();
        assertThat(CommandLineRun.jsonLines(folder.resolve("run/steps.jsonl")).get(1))
                .noneMatch(JsonNode::isNull)
                .hasSize(9);
    }

    @Test
    void step_sizes_are_in_the_lines_of_resilient_propagation() {
        CommandLineRun run = CommandLineRun.train(
                folder,
                CONFIGURATION,
                "--set",
                "batch=full",
                "--set",
                "optimizer=rprop",
                "--set",
                "learning-rate=null",
                "--set",
                "observe.steps=true");
        assertThat(run.exitCode()).as(String.join("\n", run.complaints())).isZero();
        JsonNode first = CommandLineRun.jsonLines(folder.resolve("run/steps.jsonl"))
                .get(0)
                .get("stepSizes");
        assertThat(first.path("min").asDouble()).isEqualTo(0.01);
        assertThat(first.path("median").asDouble()).isEqualTo(0.01);
        assertThat(first.path("max").asDouble()).isEqualTo(0.01);
    }

    /** Before Spark is started, so that it may be asked in a JVM that has one. */
    @Test
    void gauges_need_spark_s_page() throws IOException {
        Files.writeString(folder.resolve("test.conf"), CONFIGURATION);
        CommandLineRun.alone(
                        Map.of(),
                        "train",
                        folder.resolve("test.conf").toString(),
                        "--set",
                        "observe.prometheus=true",
                        "--set",
                        "output=" + folder.resolve("run"))
                .assertRefused("observe.prometheus = true", "spark.ui.enabled = false", "leave one of them out");
    }
}
