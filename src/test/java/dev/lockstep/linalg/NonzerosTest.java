package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Which entries are not zero, and what is left to do for eight rows, or eight columns, at a time. */
class NonzerosTest {
    @ParameterizedTest
    @EnumSource(Precision.class)
    void a_bit_is_an_entry_that_is_not_zero(Precision precision) {
        int columns = 70;
        Buffer x = Buffer.allocate(precision, 3 * columns);
        x.set(5, 0.5);
        x.set(columns + 63, -0.25);
        x.set(columns + 64, Double.NaN);
        x.set(2 * columns + 69, -0.0);
        Nonzeros nonzeros = Nonzeros.of(3, columns, x);
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < columns; j++) {
                boolean expected = (i == 0 && j == 5) || (i == 1 && (j == 63 || j == 64));
                assertThat(nonzeros.has(i, j)).isEqualTo(expected);
            }
        }
        assertThat(nonzeros.smallest()).isNaN();
    }

    @Test
    void the_smallest_magnitude_is_that_of_the_rows_that_were_taken_over() {
        Nonzeros source = Nonzeros.of(2, 2, Buffer.wrap(new double[] {0, -0.5, 3, 0}));
        Nonzeros target = new Nonzeros(1, 2);
        int version = target.version();
        assertThat(target.smallest()).isInfinite();
        target.copyRow(source, 1, 0);
        assertThat(target.has(0, 0)).isTrue();
        assertThat(target.has(0, 1)).isFalse();
        assertThat(target.smallest()).isEqualTo(0.5);
        target.clear();
        assertThat(target.smallest()).isInfinite();
        assertThat(target.version()).isNotEqualTo(version);
    }

    @Test
    void zeros_are_worth_knowing_where_enough_of_them_lie_together() {
        int rows = 40;
        int columns = 64;
        Buffer full = Buffer.wrap(new ScalarProducts32().noise(rows * columns, 1));
        assertThat(Nonzeros.areWorthwhile(rows, columns, full)).isFalse();
        // Every second entry is zero, but hardly any eight of them.
        Buffer scattered = Buffer.allocate(Precision.FLOAT32, rows * columns);
        for (int i = 0; i < rows * columns; i++) {
            scattered.set(i, Mixing.mix(3, i) % 2 == 0 ? 1 : 0);
        }
        assertThat(Nonzeros.areWorthwhile(rows, columns, scattered)).isFalse();
        Buffer oneOfEach = Buffer.allocate(Precision.FLOAT32, rows * columns);
        for (int i = 0; i < rows; i++) {
            oneOfEach.set(i * columns + 7 * i % columns, 1);
        }
        assertThat(Nonzeros.areWorthwhile(rows, columns, oneOfEach)).isTrue();
        assertThat(Nonzeros.areWorthwhile(rows, columns, Buffer.allocate(Precision.FLOAT64, rows * columns)))
                .isTrue();
    }

    @ParameterizedTest(name = "{0} rows, {1} columns, {2} at a time")
    @CsvSource({"1,1,1", "8,8,8", "17,70,23", "100,784,196", "300,13,150", "9,257,129"})
    void lists_hold_what_a_search_finds(int rows, int columns, int part) {
        float[] x = new ScalarProducts32().sparseNoise(rows, columns, 11);
        Nonzeros nonzeros = Nonzeros.of(rows, columns, Buffer.wrap(x));
        NonzeroLists lists = new NonzeroLists();
        assertThat(lists.areOf(nonzeros, rows)).isFalse();
        lists.begin(nonzeros, rows);
        assertThat(lists.areOf(nonzeros, rows)).isTrue();
        for (int first = 0; first < rows; first += 8) {
            for (int from = 0; from < columns; from += part) {
                List<Integer> expected = new ArrayList<>();
                for (int j = from; j < Math.min(columns, from + part); j++) {
                    if (any(x, columns, first, Math.min(rows, first + 8), j, j + 1)) {
                        expected.add(j - from);
                    }
                }
                NonzeroLists.Lists found = lists.columnsOfRows(nonzeros, part);
                assertThat(list(found, from / part, first / 8)).isEqualTo(expected);
            }
        }
        for (int first = 0; first < columns; first += 8) {
            for (int from = 0; from < rows; from += part) {
                List<Integer> expected = new ArrayList<>();
                for (int i = from; i < Math.min(rows, from + part); i++) {
                    if (any(x, columns, i, i + 1, first, Math.min(columns, first + 8))) {
                        expected.add(i - from);
                    }
                }
                NonzeroLists.Lists found = lists.rowsOfColumns(nonzeros, part);
                assertThat(list(found, from / part, first / 8)).isEqualTo(expected);
            }
        }
        nonzeros.clear();
        assertThat(lists.areOf(nonzeros, rows)).isFalse();
    }

    private static boolean any(float[] x, int columns, int row, int rowEnd, int column, int columnEnd) {
        for (int i = row; i < rowEnd; i++) {
            for (int j = column; j < columnEnd; j++) {
                if (x[i * columns + j] != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static List<Integer> list(NonzeroLists.Lists lists, int part, int group) {
        List<Integer> places = new ArrayList<>();
        for (int q = 0; q < lists.count(part, group); q++) {
            places.add(lists.places()[lists.first(part, group) + q] & 0xff);
        }
        return places;
    }
}
