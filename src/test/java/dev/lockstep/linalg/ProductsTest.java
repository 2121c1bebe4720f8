package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each entry of a product is its own chain of fused multiply-adds, in the vector and in the scalar form, in every shape. */
class ProductsTest {
    private static final int FROM = 5;

    /** Rows, units, inputs: on both sides of the width of vectors, of tiles, and of parts of the inner index. */
    static Stream<int[]> shapes() {
        return Stream.of(new int[][] {
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
        forms.outputs(n, m, k, x, w, FROM, z, add);
        forms.inputs(n, m, k, d, w, FROM, e);
        forms.weightGradient(n, m, k, d, x, g, FROM, add);
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
        forms.outputs(n, m, k, x, w, FROM, z, add);
        forms.inputs(n, m, k, d, w, FROM, e);
        forms.weightGradient(n, m, k, d, x, g, FROM, add);
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
            forms.outputs(n, m, k, x, w, 0, z, false);
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < m; j++) {
                    boolean finite = i != 10 && j != 19;
                    assertThat(Float.isFinite(z[i * m + j])).isEqualTo(finite);
                }
            }
        }
    }
}
