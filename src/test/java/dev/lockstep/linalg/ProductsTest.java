package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each entry of a product is its own chain of fused multiply-adds, in the vector and in the scalar form, in every shape. */
class ProductsTest {
    private static final int FROM = 5;

    /** Rows, units, inputs: on both sides of the width of vectors, of tiles, and of parts of the inner index. */
    static Stream<int[]> shapes() {
        return Stream.of(new int[][] {
            {0, 33, 20},
            {1, 1, 1},
            {1, 7, 5},
            {6, 1, 2},
            {7, 16, 15},
            {9, 17, 16},
            {11, 31, 17},
            {16, 32, 33},
            {8, 33, 47},
            {13, 10, 257},
            {257, 10, 3},
            {3, 600, 9},
            {300, 5, 20},
            {20, 64, 512},
            {6, 4, 1024},
            {65, 130, 48}
        });
    }

    /** Without it nothing is ever left out. */
    @Test
    void forms_that_leave_out_zeros_are_found_to_agree() {
        assertThat(Products.agreesOnZeros(new ScalarProducts32(), Products.found32()))
                .isTrue();
        assertThat(Products.agreesOnZeros(new ScalarProducts64(), Products.found64()))
                .isTrue();
        assertThat(Products.agreesOnZeros(new ScalarProducts32(), new ScalarProducts32()))
                .isFalse();
    }

    @Test
    void this_jvm_has_vectors() {
        assertThat(Products.found32().getClass().getSimpleName()).isEqualTo("ProductLanes32");
        assertThat(Products.found64().getClass().getSimpleName()).isEqualTo("ProductLanes64");
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void each_entry_of_a_product_of_floats_is_a_chain_of_its_own(int[] shape) {
        for (Products<float[]> forms : List.of(new ScalarProducts32(), Products.found32())) {
            for (boolean add : new boolean[] {false, true}) {
                check32(forms, shape[0], shape[1], shape[2], add);
            }
        }
    }

    private static void check32(Products<float[]> forms, int n, int m, int k, boolean add) {
        float[] x = forms.noise(n * k, 1);
        float[] w = forms.noise(FROM + m * k, 2);
        float[] d = forms.noise(n * m, 3);
        float[] z = forms.noise(n * m + FROM, 4);
        float[] e = forms.noise(n * k + FROM, 5);
        float[] g = forms.noise(FROM + m * k + FROM, 6);
        float[] expectedZ = z.clone();
        float[] expectedE = e.clone();
        float[] expectedG = g.clone();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                float sum = add ? z[i * m + j] : 0f;
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(x[i * k + p], w[FROM + j * k + p], sum);
                }
                expectedZ[i * m + j] = sum;
            }
            for (int p = 0; p < k; p++) {
                float sum = 0f;
                for (int j = 0; j < m; j++) {
                    sum = Math.fma(d[i * m + j], w[FROM + j * k + p], sum);
                }
                expectedE[i * k + p] = sum;
            }
        }
        for (int j = 0; j < m; j++) {
            for (int p = 0; p < k; p++) {
                float sum = add ? g[FROM + j * k + p] : 0f;
                for (int i = 0; i < n; i++) {
                    sum = Math.fma(d[i * m + j], x[i * k + p], sum);
                }
                expectedG[FROM + j * k + p] = sum;
            }
        }
        forms.outputs(n, m, k, x, null, w, FROM, z, add);
        forms.inputs(n, m, k, d, w, FROM, e);
        forms.weightGradient(n, m, k, d, x, null, g, FROM, add);
        assertThat(forms.sameBits(z, expectedZ)).as("outputs").isTrue();
        assertThat(forms.sameBits(e, expectedE)).as("inputs").isTrue();
        assertThat(forms.sameBits(g, expectedG)).as("weight gradient").isTrue();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void each_entry_of_a_product_of_doubles_is_a_chain_of_its_own(int[] shape) {
        for (Products<double[]> forms : List.of(new ScalarProducts64(), Products.found64())) {
            for (boolean add : new boolean[] {false, true}) {
                check64(forms, shape[0], shape[1], shape[2], add);
            }
        }
    }

    private static void check64(Products<double[]> forms, int n, int m, int k, boolean add) {
        double[] x = forms.noise(n * k, 1);
        double[] w = forms.noise(FROM + m * k, 2);
        double[] d = forms.noise(n * m, 3);
        double[] z = forms.noise(n * m + FROM, 4);
        double[] e = forms.noise(n * k + FROM, 5);
        double[] g = forms.noise(FROM + m * k + FROM, 6);
        double[] expectedZ = z.clone();
        double[] expectedE = e.clone();
        double[] expectedG = g.clone();
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < m; j++) {
                double sum = add ? z[i * m + j] : 0.0;
                for (int p = 0; p < k; p++) {
                    sum = Math.fma(x[i * k + p], w[FROM + j * k + p], sum);
                }
                expectedZ[i * m + j] = sum;
            }
            for (int p = 0; p < k; p++) {
                double sum = 0.0;
                for (int j = 0; j < m; j++) {
                    sum = Math.fma(d[i * m + j], w[FROM + j * k + p], sum);
                }
                expectedE[i * k + p] = sum;
            }
        }
        for (int j = 0; j < m; j++) {
            for (int p = 0; p < k; p++) {
                double sum = add ? g[FROM + j * k + p] : 0.0;
                for (int i = 0; i < n; i++) {
                    sum = Math.fma(d[i * m + j], x[i * k + p], sum);
                }
                expectedG[FROM + j * k + p] = sum;
            }
        }
        forms.outputs(n, m, k, x, null, w, FROM, z, add);
        forms.inputs(n, m, k, d, w, FROM, e);
        forms.weightGradient(n, m, k, d, x, null, g, FROM, add);
        assertThat(forms.sameBits(z, expectedZ)).as("outputs").isTrue();
        assertThat(forms.sameBits(e, expectedE)).as("inputs").isTrue();
        assertThat(forms.sameBits(g, expectedG)).as("weight gradient").isTrue();
    }

    /** Infinities and no numbers go where they would go in a loop, and nowhere else. */
    @Test
    void what_is_not_finite_stays_in_its_row_and_column() {
        for (Products<float[]> forms : List.of(new ScalarProducts32(), Products.found32())) {
            int n = 11;
            int m = 20;
            int k = 37;
            float[] x = forms.noise(n * k, 1);
            float[] w = forms.noise(m * k, 2);
            float[] z = new float[n * m];
            x[10 * k + 36] = Float.NaN;
            w[19 * k + 3] = Float.POSITIVE_INFINITY;
            forms.outputs(n, m, k, x, null, w, 0, z, false);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < m; j++) {
                    boolean finite = i != 10 && j != 19;
                    assertThat(Float.isFinite(z[i * m + j])).isEqualTo(finite);
                }
            }
        }
    }

    /** Each set's gradient rounded, then added in pairs; tiles that lie side by side as they are, and others. */
    @ParameterizedTest(name = "{0} sets")
    @ValueSource(ints = {1, 2, 3, 4})
    void sums_of_gradients_of_floats_are_those_of_each_set(int sets) {
        int[] n = {64, 3, 300, 17};
        for (int[] shape : new int[][] {{1, 5}, {10, 32}, {33, 50}, {16, 16}, {40, 7}, {48, 20}, {144, 3}}) {
            int m = shape[0];
            int k = shape[1];
            Products<float[]> scalar = new ScalarProducts32();
            Products<float[]> vector = Products.found32();
            float[][] x = new float[sets][];
            float[][][] d = new float[2][sets][];
            double[][] expected = new double[2][FROM + m * k];
            double[][] actual = new double[2][FROM + m * k];
            Nonzeros[] unknown = new Nonzeros[sets];
            for (int point = 0; point < 2; point++) {
                float[][] g = new float[4][m * k];
                for (int i = 0; i < sets; i++) {
                    x[i] = scalar.noise(n[i] * k, i);
                    d[point][i] = scalar.noise(n[i] * m, 10 * point + i);
                    scalar.weightGradient(n[i], m, k, d[point][i], x[i], null, g[i], 0, false);
                }
                for (int i = 0; i < m * k; i++) {
                    double left = sets == 1 ? g[0][i] : (double) g[0][i] + g[1][i];
                    double right = sets == 3 ? g[2][i] : (double) g[2][i] + g[3][i];
                    expected[point][FROM + i] = sets < 3 ? left : left + right;
                }
            }
            vector.sumsOfWeightGradients(sets, n, m, k, d, x, unknown, actual, FROM);
            assertThat(actual).isDeepEqualTo(expected);
            scalar.sumsOfWeightGradients(sets, n, m, k, d, x, unknown, actual, FROM);
            assertThat(actual).isDeepEqualTo(expected);
        }
    }

    /** Many rows, so that the weights are what is copied; inner indices of one part, of several, and where addresses clash. */
    @Test
    void weights_of_floats_that_are_held_may_change_after_their_release() {
        Products<float[]> scalar = new ScalarProducts32();
        Products<float[]> vector = Products.found32();
        for (int k : new int[] {20, 300, 1024}) {
            int n = 70;
            int m = 45;
            float[] x = scalar.noise(n * k, 1);
            float[] w = scalar.noise(2 * m * k, 2);
            Object copies = null;
            for (int round = 0; round < 3; round++) {
                copies = vector.bring(copies);
                vector.hold(w);
                for (int from : new int[] {0, m * k, 0}) {
                    float[] expected = scalar.noise(n * m, 3);
                    float[] actual = expected.clone();
                    scalar.outputs(n, m, k, x, null, w, from, expected, true);
                    vector.outputs(n, m, k, x, null, w, from, actual, true);
                    assertThat(scalar.sameBits(actual, expected)).isTrue();
                }
                vector.release();
                vector.carryOff();
                w[m * k - 1] += 1;
                w[m * k] -= 1;
            }
        }
    }

    /** Each set's gradient rounded, then added in pairs; tiles that lie side by side as they are, and others. */
    @ParameterizedTest(name = "{0} sets")
    @ValueSource(ints = {1, 2, 3, 4})
    void sums_of_gradients_of_doubles_are_those_of_each_set(int sets) {
        int[] n = {64, 3, 300, 17};
        for (int[] shape : new int[][] {{1, 5}, {10, 32}, {33, 50}, {16, 16}, {40, 7}, {48, 20}, {144, 3}}) {
            int m = shape[0];
            int k = shape[1];
            Products<double[]> scalar = new ScalarProducts64();
            Products<double[]> vector = Products.found64();
            double[][] x = new double[sets][];
            double[][][] d = new double[2][sets][];
            double[][] expected = new double[2][FROM + m * k];
            double[][] actual = new double[2][FROM + m * k];
            Nonzeros[] unknown = new Nonzeros[sets];
            for (int point = 0; point < 2; point++) {
                double[][] g = new double[4][m * k];
                for (int i = 0; i < sets; i++) {
                    x[i] = scalar.noise(n[i] * k, i);
                    d[point][i] = scalar.noise(n[i] * m, 10 * point + i);
                    scalar.weightGradient(n[i], m, k, d[point][i], x[i], null, g[i], 0, false);
                }
                for (int i = 0; i < m * k; i++) {
                    double left = sets == 1 ? g[0][i] : g[0][i] + g[1][i];
                    double right = sets == 3 ? g[2][i] : g[2][i] + g[3][i];
                    expected[point][FROM + i] = sets < 3 ? left : left + right;
                }
            }
            vector.sumsOfWeightGradients(sets, n, m, k, d, x, unknown, actual, FROM);
            assertThat(actual).isDeepEqualTo(expected);
            scalar.sumsOfWeightGradients(sets, n, m, k, d, x, unknown, actual, FROM);
            assertThat(actual).isDeepEqualTo(expected);
        }
    }

    /** Many rows, so that the weights are what is copied; inner indices of one part, of several, and where addresses clash. */
    @Test
    void weights_of_doubles_that_are_held_may_change_after_their_release() {
        Products<double[]> scalar = new ScalarProducts64();
        Products<double[]> vector = Products.found64();
        for (int k : new int[] {20, 300, 1024}) {
            int n = 70;
            int m = 45;
            double[] x = scalar.noise(n * k, 1);
            double[] w = scalar.noise(2 * m * k, 2);
            Object copies = null;
            for (int round = 0; round < 3; round++) {
                copies = vector.bring(copies);
                vector.hold(w);
                for (int from : new int[] {0, m * k, 0}) {
                    double[] expected = scalar.noise(n * m, 3);
                    double[] actual = expected.clone();
                    scalar.outputs(n, m, k, x, null, w, from, expected, true);
                    vector.outputs(n, m, k, x, null, w, from, actual, true);
                    assertThat(scalar.sameBits(actual, expected)).isTrue();
                }
                vector.release();
                vector.carryOff();
                w[m * k - 1] += 1;
                w[m * k] -= 1;
            }
        }
    }

    /** Blank rows and columns, zeros of either sign, sums that begin with a negative zero, terms that vanish. */
    @ParameterizedTest
    @MethodSource("shapes")
    void zeros_of_floats_that_are_left_out_change_no_bit(int[] shape) {
        int n = shape[0];
        int m = shape[1];
        int k = shape[2];
        Products<float[]> scalar = new ScalarProducts32();
        Products<float[]> vector = Products.found32();
        float[] x = scalar.sparseNoise(n, k, 1);
        Nonzeros nonzeros = scalar.nonzeros(n, k, x);
        for (float factor : new float[] {1, 0x7p-149f, Float.POSITIVE_INFINITY}) {
            float[] w = scalar.noise(FROM + m * k, 2);
            float[] d = scalar.noise(n * m, 3);
            w[FROM + m * k / 2] *= factor;
            for (int i = 0; i < n * m; i += 5) {
                d[i] *= factor;
            }
            for (boolean add : new boolean[] {false, true}) {
                for (float begin : new float[] {1, 0f, -0f}) {
                    float[] expected = new float[n * m];
                    Arrays.fill(expected, begin);
                    float[] actual = expected.clone();
                    scalar.outputs(n, m, k, x, null, w, FROM, expected, add);
                    vector.outputs(n, m, k, x, nonzeros, w, FROM, actual, add);
                    assertThat(Arrays.equals(actual, expected)).as("outputs").isTrue();
                }
                float[] expected = scalar.noise(FROM + m * k + FROM, 6);
                float[] actual = expected.clone();
                scalar.weightGradient(n, m, k, d, x, null, expected, FROM, add);
                vector.weightGradient(n, m, k, d, x, nonzeros, actual, FROM, add);
                assertThat(Arrays.equals(actual, expected))
                        .as("weight gradient")
                        .isTrue();
            }
        }
    }

    @ParameterizedTest(name = "{0} sets")
    @ValueSource(ints = {1, 2, 3, 4})
    void zeros_of_floats_that_are_left_out_change_no_bit_of_a_sum(int sets) {
        int[] n = {64, 3, 300, 17};
        Products<float[]> scalar = new ScalarProducts32();
        Products<float[]> vector = Products.found32();
        for (int[] shape : new int[][] {{1, 5}, {10, 32}, {33, 50}, {16, 16}, {32, 200}, {80, 512}, {144, 3}}) {
            int m = shape[0];
            int k = shape[1];
            for (int points = 1; points <= 2; points++) {
                float[][] x = new float[sets][];
                Nonzeros[] nonzeros = new Nonzeros[sets];
                float[][][] d = new float[points][sets][];
                for (int i = 0; i < sets; i++) {
                    x[i] = scalar.sparseNoise(n[i], k, i);
                    nonzeros[i] = scalar.nonzeros(n[i], k, x[i]);
                    for (int point = 0; point < points; point++) {
                        d[point][i] = scalar.noise(n[i] * m, 10 * point + i);
                        d[point][i][0] = 0x7p-149f;
                    }
                }
                double[][] expected = new double[points][FROM + m * k];
                double[][] actual = new double[points][FROM + m * k];
                Object copies = vector.bring(null);
                for (int round = 0; round < 2; round++) {
                    scalar.sumsOfWeightGradients(sets, n, m, k, d, x, new Nonzeros[sets], expected, FROM);
                    vector.sumsOfWeightGradients(sets, n, m, k, d, x, nonzeros, actual, FROM);
                    assertThat(Arrays.deepEquals(actual, expected)).isTrue();
                    d[points - 1][sets - 1][m - 1] = Float.NaN;
                }
                vector.carryOff();
                assertThat(copies).isNotNull();
            }
        }
    }

    /** Blank rows and columns, zeros of either sign, sums that begin with a negative zero, terms that vanish. */
    @ParameterizedTest
    @MethodSource("shapes")
    void zeros_of_doubles_that_are_left_out_change_no_bit(int[] shape) {
        int n = shape[0];
        int m = shape[1];
        int k = shape[2];
        Products<double[]> scalar = new ScalarProducts64();
        Products<double[]> vector = Products.found64();
        double[] x = scalar.sparseNoise(n, k, 1);
        Nonzeros nonzeros = scalar.nonzeros(n, k, x);
        for (double factor : new double[] {1, 0x7p-1074, Double.POSITIVE_INFINITY}) {
            double[] w = scalar.noise(FROM + m * k, 2);
            double[] d = scalar.noise(n * m, 3);
            w[FROM + m * k / 2] *= factor;
            for (int i = 0; i < n * m; i += 5) {
                d[i] *= factor;
            }
            for (boolean add : new boolean[] {false, true}) {
                for (double begin : new double[] {1, 0.0, -0.0}) {
                    double[] expected = new double[n * m];
                    Arrays.fill(expected, begin);
                    double[] actual = expected.clone();
                    scalar.outputs(n, m, k, x, null, w, FROM, expected, add);
                    vector.outputs(n, m, k, x, nonzeros, w, FROM, actual, add);
                    assertThat(Arrays.equals(actual, expected)).as("outputs").isTrue();
                }
                double[] expected = scalar.noise(FROM + m * k + FROM, 6);
                double[] actual = expected.clone();
                scalar.weightGradient(n, m, k, d, x, null, expected, FROM, add);
                vector.weightGradient(n, m, k, d, x, nonzeros, actual, FROM, add);
                assertThat(Arrays.equals(actual, expected))
                        .as("weight gradient")
                        .isTrue();
            }
        }
    }

    @ParameterizedTest(name = "{0} sets")
    @ValueSource(ints = {1, 2, 3, 4})
    void zeros_of_doubles_that_are_left_out_change_no_bit_of_a_sum(int sets) {
        int[] n = {64, 3, 300, 17};
        Products<double[]> scalar = new ScalarProducts64();
        Products<double[]> vector = Products.found64();
        for (int[] shape : new int[][] {{1, 5}, {10, 32}, {33, 50}, {16, 16}, {32, 200}, {80, 512}, {144, 3}}) {
            int m = shape[0];
            int k = shape[1];
            for (int points = 1; points <= 2; points++) {
                double[][] x = new double[sets][];
                Nonzeros[] nonzeros = new Nonzeros[sets];
                double[][][] d = new double[points][sets][];
                for (int i = 0; i < sets; i++) {
                    x[i] = scalar.sparseNoise(n[i], k, i);
                    nonzeros[i] = scalar.nonzeros(n[i], k, x[i]);
                    for (int point = 0; point < points; point++) {
                        d[point][i] = scalar.noise(n[i] * m, 10 * point + i);
                        d[point][i][0] = 0x7p-1074;
                    }
                }
                double[][] expected = new double[points][FROM + m * k];
                double[][] actual = new double[points][FROM + m * k];
                Object copies = vector.bring(null);
                for (int round = 0; round < 2; round++) {
                    scalar.sumsOfWeightGradients(sets, n, m, k, d, x, new Nonzeros[sets], expected, FROM);
                    vector.sumsOfWeightGradients(sets, n, m, k, d, x, nonzeros, actual, FROM);
                    assertThat(Arrays.deepEquals(actual, expected)).isTrue();
                    d[points - 1][sets - 1][m - 1] = Double.NaN;
                }
                vector.carryOff();
                assertThat(copies).isNotNull();
            }
        }
    }
}
