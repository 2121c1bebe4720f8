package dev.lockstep.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.distributed.Costs;
import org.junit.jupiter.api.Test;

/** A step's parts, what bounds them, and the prediction, by hand. */
class CostReportTest {
    private static final long MILLI = 1_000_000;

    /** 100 answers of two tasks: 4 ms and 3 ms of work, 1 ms of transport, 0.5 of rounding, 0.2 of adding. */
    private static Costs costs(long exchangeMillis) {
        return new Costs(
                100, 50 * MILLI, 400 * MILLI, 700 * MILLI, exchangeMillis * MILLI, 20 * MILLI, 2, 80_000, 160_000);
    }

    private static CostReport report(String engine, Costs costs, double optimizerSeconds) {
        return new CostReport(engine, costs, optimizerSeconds, 3, 1000, 4, 8);
    }

    @Test
    void the_parts_are_those_that_were_measured() {
        JsonNode json = report("resident", costs(100), 0.03).json();
        assertThat(json.at("/seconds/compute").asDouble()).isEqualTo(0.4);
        assertThat(json.at("/seconds/scheduling").asDouble()).isCloseTo(0.1, within(1e-12));
        assertThat(json.at("/seconds/broadcast").asDouble()).isCloseTo(0.05, within(1e-12));
        assertThat(json.at("/seconds/sum").asDouble()).isCloseTo(0.02, within(1e-12));
        assertThat(json.at("/seconds/optimizer").asDouble()).isEqualTo(0.03);
        assertThat(json.at("/seconds/validation").asDouble()).isEqualTo(3);
        assertThat(json.get("balance").asDouble()).isEqualTo(0.875);
        assertThat(report("resident", costs(100), 0.03).text())
                .startsWith("a step, engine = resident: 6.00 ms = compute 4.00, scheduling 1.00");
    }

    @Test
    void the_largest_part_bounds_the_run_and_the_advice_is_about_it() {
        assertThat(report("resident", costs(100), 0.03).bound()).isEqualTo("compute");
        assertThat(report("resident", costs(100), 0.03).advice()).contains("8 shards");
        assertThat(report("jobs", costs(2000), 0.03).bound()).isEqualTo("scheduling");
        assertThat(report("jobs", costs(2000), 0.03).advice()).contains("engine = resident");
        assertThat(report("resident", costs(2000), 0.03).advice()).contains("larger batch");
        assertThat(report("jobs", costs(100), 9).bound()).isEqualTo("optimizer");
        Costs uneven = new Costs(1, 0, 100, 110, 0, 0, 2, 0, 0);
        assertThat(report("jobs", uneven, 0).advice()).contains("unevenly", "55 %", "multiple of the 2 tasks");
    }

    @Test
    void the_prediction_is_the_documented_formula() {
        CostReport report = report("resident", costs(100), 0.03);
        double fixed = 0.0005 + 0.001 + 0.0003;
        assertThat(report.predict(1, Double.POSITIVE_INFINITY)).isCloseTo(0.007 + 0.0001 + fixed, within(1e-12));
        assertThat(report.predict(4, Double.POSITIVE_INFINITY)).isCloseTo(0.007 / 4 + 0.0004 + fixed, within(1e-12));
        // Three executors: one of them hosts three of the eight shards.
        assertThat(report.predict(3, 1e9)).isCloseTo(0.007 * 3 / 8 + 3 * 12e3 / 1e9 + 0.0003 + fixed, within(1e-12));
        assertThat(report.predict(16, 1e9)).isGreaterThan(report.predict(8, 1e9));
    }

    @Test
    void a_run_without_steps_has_a_report_too() {
        CostReport empty = report("jobs", Costs.NONE, 0);
        assertThat(empty.balance()).isEqualTo(1);
        assertThat(empty.text()).contains("0.00 ms");
        assertThat(empty.json().get("prediction")).hasSize(15);
    }
}
