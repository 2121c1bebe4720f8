package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.observe.Json;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Figures on their way from one JVM to another. */
class FiguresTest {
    @Test
    void the_median_is_the_middle_or_the_mean_of_the_two_in_the_middle() {
        assertThat(Figures.Times.of(List.of(3.0, 1.0, 100.0))).isEqualTo(new Figures.Times(3, 1, 3));
        assertThat(Figures.Times.of(List.of(4.0, 1.0, 100.0, 2.0))).isEqualTo(new Figures.Times(3, 1, 4));
        assertThatThrownBy(() -> Figures.Times.of(List.of())).hasMessageContaining("nothing");
    }

    @Test
    void one_line_of_json_gives_them_back() throws IOException {
        Figures figures = new Figures();
        figures.add("step", List.of(0.1, 0.3));
        figures.fact("slots", 2);
        figures.fact("engine", "resident");
        String line = Json.line(figures.json());
        assertThat(line).doesNotContain("\n");
        Figures back = Figures.of(Json.MAPPER.readTree(line));
        assertThat(back.json()).isEqualTo(figures.json());
        assertThat(back.times("step").repetitions()).isEqualTo(2);
        assertThat(back.number("slots")).isEqualTo(2);
        assertThat(back.text("engine")).isEqualTo("resident");
        assertThat(back.number("engine")).isNaN();
    }
}
