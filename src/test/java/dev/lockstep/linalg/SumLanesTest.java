package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums of few terms: entry by entry what they say, and the same bits in the vector and in the scalar form. */
class SumLanesTest {
    private static final int FROM = 5;

    @Test
    void this_jvm_has_vectors() {
        assertThat(SumLanes.found32().getClass().getSimpleName()).isEqualTo("SumLanes32");
    }

    @ParameterizedTest(name = "{0} terms")
    @ValueSource(ints = {1, 2, 3, 4})
    void terms_are_added_in_pairs_in_double_precision(int count) {
        float[][] terms = new float[count][];
        double[][] wide = new double[count][1003];
        for (int i = 0; i < count; i++) {
            terms[i] = new ScalarSums32().noise(1003, i);
            for (int j = 0; j < wide[i].length; j++) {
                wide[i][j] = terms[i][j];
            }
        }
        double[] expected = new double[1003 + FROM];
        for (int i = 2; i < 1001; i++) {
            double left = count == 1 ? wide[0][i] : wide[0][i] + wide[1][i];
            double right = count < 3 ? 0 : count == 3 ? wide[2][i] : wide[2][i] + wide[3][i];
            expected[FROM + i] = count < 3 ? left : left + right;
        }
        double[] scalar = new double[expected.length];
        double[] vector = new double[expected.length];
        double[] ofDoubles = new double[expected.length];
        new ScalarSums32().sum(terms, count, 2, 1001, scalar, FROM);
        SumLanes.found32().sum(terms, count, 2, 1001, vector, FROM);
        SumLanes.of64().sum(wide, count, 2, 1001, ofDoubles, FROM);
        assertThat(new ScalarSums64().sameBits(scalar, expected)).isTrue();
        assertThat(new ScalarSums64().sameBits(vector, expected)).isTrue();
        assertThat(new ScalarSums64().sameBits(ofDoubles, expected)).isTrue();
    }

    @ParameterizedTest(name = "{0} terms")
    @ValueSource(ints = {1, 2, 3, 4})
    void rows_of_matrices_are_added_like_arrays(int count) {
        float[][] terms = new float[count][];
        for (int i = 0; i < count; i++) {
            terms[i] = new ScalarSums32().noise(6 * 40, i);
        }
        for (int columns : new int[] {1, 15, 16, 32, 33}) {
            double[] expected = new double[FROM + 6 * 50];
            double[] scalar = new double[expected.length];
            double[] vector = new double[expected.length];
            for (int row = 0; row < 6; row++) {
                double[] sum = new double[6 * 40];
                new ScalarSums32().sum(terms, count, row * 40, row * 40 + columns, sum, 0);
                System.arraycopy(sum, row * 40, expected, FROM + row * 50, columns);
            }
            new ScalarSums32().sumRows(terms, count, 6, 40, columns, scalar, FROM, 50);
            SumLanes.found32().sumRows(terms, count, 6, 40, columns, vector, FROM, 50);
            assertThat(new ScalarSums64().sameBits(scalar, expected)).isTrue();
            assertThat(new ScalarSums64().sameBits(vector, expected)).isTrue();
        }
    }

    @ParameterizedTest(name = "{0} terms")
    @ValueSource(ints = {1, 2, 3, 4})
    void sums_reach_the_ends_of_arrays_of_every_length(int count) {
        for (int length = 1; length <= 70; length++) {
            float[][] terms = new float[count][];
            for (int i = 0; i < count; i++) {
                // All but one may be longer.
                terms[i] = new ScalarSums32().noise(i == count / 2 ? length : length + 7 * i, i);
            }
            double[] scalar = new double[FROM + length];
            double[] vector = new double[FROM + length];
            new ScalarSums32().sum(terms, count, length / 3, length, scalar, FROM);
            SumLanes.found32().sum(terms, count, length / 3, length, vector, FROM);
            assertThat(new ScalarSums64().sameBits(vector, scalar)).isTrue();
        }
    }

    @ParameterizedTest(name = "{0} columns")
    @ValueSource(ints = {16, 32})
    void rows_reach_the_ends_of_matrices(int columns) {
        for (int rows = 1; rows <= 3; rows++) {
            for (int more = 0; more <= 33; more++) {
                float[][] terms = new float[SumLanes.MOST_TERMS][];
                for (int i = 0; i < terms.length; i++) {
                    terms[i] = new ScalarSums32().noise(rows * columns + more, i);
                }
                double[] scalar = new double[FROM + rows * columns];
                double[] vector = new double[scalar.length];
                new ScalarSums32().sumRows(terms, terms.length, rows, columns, columns, scalar, FROM, columns);
                SumLanes.found32().sumRows(terms, terms.length, rows, columns, columns, vector, FROM, columns);
                assertThat(new ScalarSums64().sameBits(vector, scalar)).isTrue();
            }
        }
    }
}
