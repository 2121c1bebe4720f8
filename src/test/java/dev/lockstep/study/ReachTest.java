package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.observe.LinePlot.Axis;
import dev.lockstep.observe.LinePlot.Line;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How far axes reach; {@code ReportPageIT} sees the same of the page. */
class ReachTest {
    private static final Line CALM = new Line("", List.of(0.0, 1.0), List.of(2.0, 1.0), null);
    private static final Line WILD = new Line("", List.of(0.0, 1.0), List.of(2.0, 1e35), null);

    private static Double most(Axis axis, List<Line> calm, List<Line> all, Double... firsts) {
        return Reach.limited(axis, calm, all, List.of(firsts)).max();
    }

    @Test
    void an_axis_reaches_as_far_as_calm_lines_and_at_most_a_multiple_of_first_values() {
        Axis log = Axis.logarithmic("y");
        assertThat(most(log, List.of(CALM), List.of(CALM), 2.0))
                .as("nothing is left out")
                .isNull();
        assertThat(most(log, List.of(CALM), List.of(CALM, WILD), 2.0)).isEqualTo(2 * 1.3);
        assertThat(most(log, List.of(), List.of(WILD), 2.0)).isEqualTo(200);
        assertThat(most(Axis.linear("y"), List.of(), List.of(WILD), 2.0)).isEqualTo(6);
    }

    @Test
    void a_first_value_far_above_the_middle_one_does_not_count_and_the_middle_is_the_usual_median() {
        Axis log = Axis.logarithmic("y");
        assertThat(most(log, List.of(), List.of(WILD), 2.0, 2.0, 1e9)).isEqualTo(200);
        // The median of two is their mean: 1e5 is not far above (2 + 1e5) / 2, as it would be above 2.
        assertThat(most(log, List.of(), List.of(WILD), 2.0, 1e5)).isEqualTo(1e7);
    }

    @Test
    void lengths_thirty_times_apart_are_far_apart() {
        assertThat(Reach.farApart(List.of(1.0, 30.0))).isFalse();
        assertThat(Reach.farApart(List.of(1.0, 31.0))).isTrue();
        assertThat(Reach.farApart(List.of(0.0, 5.0)))
                .as("a run without a step has no length")
                .isFalse();
    }
}
