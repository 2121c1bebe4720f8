package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sums over rows, whatever the number of columns. */
class BufferTest {
    /** Powers of two far apart: any other order of additions gives another sum. */
    private static double entry(int row, int column) {
        return Math.scalb(1 + column % 3, 13 * ((row * 7 + column) % 5)) / 3;
    }

    @ParameterizedTest(name = "{0} {1} rows of {2}")
    @CsvSource({
        "FLOAT32,0,9",
        "FLOAT32,1,1",
        "FLOAT32,37,7",
        "FLOAT32,37,8",
        "FLOAT32,5,19",
        "FLOAT64,37,10",
        "FLOAT64,4,16"
    })
    void rows_are_added_first_row_first(Precision precision, int rows, int columns) {
        Buffer matrix = Buffer.allocate(precision, rows * columns);
        double[] entries = new double[rows * columns];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = entry(i / columns, i % columns);
        }
        matrix.narrow(entries, entries.length);
        int from = 3;
        Buffer sum = Buffer.allocate(precision, from + columns + 2);
        double[] begin = new double[from + columns + 2];
        Arrays.fill(begin, 0.7);
        sum.narrow(begin, begin.length);

        matrix.addRowsTo(rows, columns, sum, from);

        double[] actual = new double[begin.length];
        sum.widen(actual);
        for (int j = 0; j < begin.length; j++) {
            double expected = precision == Precision.FLOAT32 ? (float) 0.7 : 0.7;
            boolean within = j >= from && j < from + columns;
            for (int i = 0; within && i < rows; i++) {
                double one = entry(i, j - from);
                expected = precision == Precision.FLOAT32 ? (float) expected + (float) one : expected + one;
            }
            assertThat(actual[j]).as("column %d", j - from).isEqualTo(expected);
        }
    }
}
