package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesTest {
    @ParameterizedTest(name = "{0} rows")
    @ValueSource(ints = {1, 17, 19_999, 20_000, 20_001, 40_000, 100_003})
    void the_first_and_the_last_row_are_always_there_and_the_others_evenly_spaced(int rows) {
        Series series = new Series();
        for (int i = 0; i < rows; i++) {
            series.add(Map.of("step", (double) i));
        }
        double[] steps = series.column("step");
        assertThat(steps.length).isEqualTo(series.size()).isLessThanOrEqualTo(Series.MOST + 1);
        assertThat(steps[0]).isZero();
        assertThat(steps[steps.length - 1]).isEqualTo(rows - 1);
        assertThat(series.last("step")).isEqualTo(rows - 1);
        assertThat(IntStream.range(1, steps.length - 1)
                        .mapToDouble(i -> steps[i] - steps[i - 1])
                        .distinct())
                .hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void a_column_that_comes_late_or_stays_away_is_not_a_number_where_it_is_missing() {
        Series series = new Series();
        for (int i = 0; i < 40; i++) {
            series.add(i < 20 ? Map.of("a", 1.0) : i == 20 ? Map.of("b", 2.0) : Map.of());
        }
        double[] late = series.column("b");
        assertThat(late[20]).isEqualTo(2);
        assertThat(Arrays.stream(late).filter(Double::isNaN)).hasSize(39);
        assertThat(Arrays.stream(series.column("a")).filter(value -> value == 1))
                .hasSize(20);
        assertThat(series.last("a")).isEqualTo(1);
        assertThat(series.column("c")).hasSize(40).containsOnly(Double.NaN);
    }

    @Test
    void a_shown_curve_has_its_ends_its_epochs_and_at_most_400_points() {
        double[] epochs =
                IntStream.range(0, 5000).mapToDouble(i -> Math.floor(i / 50.0)).toArray();
        int[] shown = Thinning.indices(epochs);
        assertThat(shown).hasSizeLessThanOrEqualTo(400).isSorted().startsWith(0).endsWith(4999);
        assertThat(shown)
                .contains(IntStream.range(0, 100).map(epoch -> 50 * epoch + 49).toArray());
        int[] fullBatch =
                Thinning.indices(IntStream.range(0, 5000).mapToDouble(i -> i).toArray());
        assertThat(fullBatch).hasSize(400).isSorted().startsWith(0).endsWith(4999);
        assertThat(Thinning.indices(new double[] {0, 1, 2})).containsExactly(0, 1, 2);
        assertThat(Thinning.indices(new double[0])).isEmpty();
    }

    @Test
    void numbers_of_pictures_are_short_and_never_lost() {
        ObjectNode node = Json.object();
        Numbers.put(node, "a", new double[] {1.0 / 3, 7, 1e300, -2e-40, 0, Double.NaN, Double.POSITIVE_INFINITY});
        assertThat(Json.line(node)).isEqualTo("{\"a\":[0.33333334,7,1.0E300,-2.0E-40,0,null,null]}");
    }
}
