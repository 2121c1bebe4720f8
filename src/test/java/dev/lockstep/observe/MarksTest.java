package dev.lockstep.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MarksTest {
    @Test
    void large_and_small_numbers_have_an_exponent() {
        assertThat(List.of(0.0, 0.0001, 0.25, 1500.0, 100_000.0, -2.0).stream().map(Marks::label))
                .containsExactly("0", "0.0001", "0.25", "1,500", "100,000", "-2");
        assertThat(List.of(1e6, 1e8, 2.5e7, 1e-5, 1e35).stream().map(Marks::label))
                .containsExactly("1e6", "1e8", "2.5e7", "1e-5", "1e35");
        assertThat(LinePlot.number(46420)).isEqualTo("46,420");
        assertThat(LinePlot.number(1e8)).isEqualTo("1e8");
    }

    @Test
    void a_decade_has_as_many_marks_as_there_is_room_for() {
        assertThat(Marks.logarithmic(1, 10, 20)).hasSize(19);
        assertThat(Marks.logarithmic(1, 100, 8)).containsExactly(1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0);
        assertThat(Marks.logarithmic(1e-4, 1e35, 10)).hasSizeBetween(5, 10).contains(1.0);
    }

    @Test
    void a_part_of_a_decade_has_marks_too() {
        // 0.2371 to 0.2385: no number of one or two digits lies between them.
        assertThat(Marks.logarithmic(0.2371, 0.2385, 8).stream().map(Marks::label))
                .hasSizeBetween(3, 8)
                .doesNotHaveDuplicates()
                .contains("0.238");
    }

    @Test
    void linear_marks_are_round_and_no_zero_is_negative() {
        assertThat(Marks.linear(-0.01, 10, 6).stream().map(Marks::label))
                .containsExactly("0", "2", "4", "6", "8", "10");
    }
}
