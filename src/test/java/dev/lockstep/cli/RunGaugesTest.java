package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import dev.lockstep.SharedSpark;
import dev.lockstep.network.Sums;
import dev.lockstep.observe.Metrics;
import dev.lockstep.train.EpochRecord;
import dev.lockstep.train.StepRecord;
import java.lang.reflect.Field;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Properties;
import java.util.TreeMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.MetricsSystem;
import org.apache.spark.metrics.sink.PrometheusServlet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Spark's own servlet for Prometheus says of runs. */
class RunGaugesTest {
    private static final Sums NO_ROWS = new Sums(null, null);

    @BeforeAll
    static void spark() {
        SharedSpark.context();
    }

    /** Lines of the servlet over Spark's registry, by what comes after the application and the driver. */
    private static Map<String, Double> shown() throws ReflectiveOperationException {
        Field field = MetricsSystem.class.getDeclaredField("registry");
        field.setAccessible(true);
        MetricRegistry registry = (MetricRegistry) field.get(SparkEnv.get().metricsSystem());
        Properties properties = new Properties();
        properties.setProperty("path", "/metrics/prometheus");
        String snapshot = new PrometheusServlet(properties, registry).getMetricsSnapshot();
        Map<String, Double> shown = new TreeMap<>();
        for (String line : snapshot.lines().toList()) {
            int name = line.indexOf("_driver_lockstep_");
            int label = line.indexOf("_Value{type=\"gauges\"} ");
            if (name >= 0 && label >= 0) {
                shown.put(
                        line.substring(name + "_driver_lockstep_".length(), label),
                        Double.valueOf(line.substring(line.indexOf(' ') + 1)));
            }
        }
        return shown;
    }

    private static RunGauges gauges(String name, double secondsBefore) {
        return RunGauges.register(name, sums -> new Metrics(5, 0.5, Map.of("accuracy", 0.75), Map.of()), secondsBefore);
    }

    private static StepRecord step(long step, OptionalDouble rate, double seconds) {
        return new StepRecord(step, 2, 0.25, 4, 1, rate, 100, step + 1, seconds, Optional.empty());
    }

    @Test
    void a_run_is_shown_as_long_as_it_goes_on() throws ReflectiveOperationException {
        try (RunGauges gauges = gauges("digits-0.1", 3)) {
            assertThat(shown()).containsEntry("digits_0_1_loss", Double.NaN).hasSize(6);
            gauges.step(step(118, OptionalDouble.of(0.125), 4));
            gauges.step(step(119, OptionalDouble.of(0.125), 5));
            assertThat(shown())
                    .isEqualTo(Map.of(
                            "digits_0_1_epoch", 2.0,
                            "digits_0_1_step", 119.0,
                            "digits_0_1_loss", 0.25,
                            "digits_0_1_gradient_norm", 4.0,
                            "digits_0_1_learning_rate", 0.125,
                            // 200 rows in the 2 s since this process went on with it
                            "digits_0_1_rows_per_second", 100.0));
            gauges.epoch(new EpochRecord(2, 120, 1, NO_ROWS, 5, Optional.empty(), OptionalDouble.empty(), true));
            gauges.epoch(new EpochRecord(3, 121, 1, NO_ROWS, 5, Optional.empty(), OptionalDouble.empty(), true));
            assertThat(shown())
                    .containsEntry("digits_0_1_validation_loss", 0.5)
                    .containsEntry("digits_0_1_validation_accuracy", 0.75)
                    .hasSize(8);
        }
        assertThat(shown()).isEmpty();
    }

    @Test
    void runs_of_one_application_do_not_get_into_each_other_s_way() throws ReflectiveOperationException {
        RunGauges first = gauges("run", 0);
        RunGauges same = gauges("run", 0);
        RunGauges longer = gauges("run-2b", 0);
        first.step(step(1, OptionalDouble.empty(), 1));
        same.step(step(2, OptionalDouble.empty(), 1));
        longer.step(step(3, OptionalDouble.empty(), 1));
        assertThat(shown())
                .containsEntry("run_step", 1.0)
                .containsEntry("run_2_step", 2.0)
                .containsEntry("run_2b_step", 3.0)
                .containsEntry("run_learning_rate", Double.NaN);
        first.close();
        assertThat(shown())
                .doesNotContainKey("run_step")
                .containsKey("run_2_step")
                .containsKey("run_2b_step");
        same.close();
        assertThat(shown()).doesNotContainKey("run_2_step").containsKey("run_2b_step");
        longer.close();
        assertThat(shown()).isEmpty();
    }
}
