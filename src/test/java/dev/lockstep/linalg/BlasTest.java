package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BlasTest {
    private static final int[][] SHAPES = {
        {1, 1, 1},
        {1, 7, 5},
        {6, 1, 5},
        {6, 7, 1},
        {3, 5, 4},
        {17, 13, 29},
        {64, 10, 33},
        {5, 70, 129},
        {16, 128, 144},
        {64, 130, 127}
    };

    private static Stream<Arguments> products() {
        List<Arguments> products = new ArrayList<>();
        for (Blas.Kind kind : Blas.Kind.values()) {
            for (Precision precision : Precision.values()) {
                for (int[] s : SHAPES) {
                    products.add(Arguments.of(kind, precision, s[0], s[1], s[2]));
                }
            }
        }
        return products.stream();
    }

    /** Random matrices (seed 4), the weights and the gradient at an offset inside a longer array. */
    private static final class Case {
        static final int FROM = 3;
        final int n;
        final int m;
        final int k;
        final Buffer x;
        final Buffer d;
        final Buffer w;
        final Buffer z;
        final Buffer e;
        final Buffer g;

        Case(Precision precision, int n, int m, int k) {
            this.n = n;
            this.m = m;
            this.k = k;
            Random random = new Random(4);
            x = noise(precision, n * k, random);
            d = noise(precision, n * m, random);
            w = noise(precision, FROM + m * k + 2, random);
            z = noise(precision, n * m + 2, random);
            e = noise(precision, n * k + 2, random);
            g = noise(precision, FROM + m * k + 2, random);
        }

        void run(Blas blas, boolean add) {
            blas.outputs(n, m, k, x, w, FROM, z, add);
            blas.inputs(n, m, k, d, w, FROM, e);
            blas.weightGradient(n, m, k, d, x, g, FROM, add);
        }
    }

    private static Buffer noise(Precision precision, int length, Random random) {
        Buffer buffer = Buffer.allocate(precision, length);
        for (int i = 0; i < length; i++) {
            buffer.set(i, random.nextDouble() * 2 - 1);
        }
        return buffer;
    }

    @ParameterizedTest(name = "{0} {1} n={2} m={3} k={4}, seed 4")
    @MethodSource("products")
    void products_agree_with_sums_of_doubles(Blas.Kind kind, Precision precision, int n, int m, int k) {
        Case before = new Case(precision, n, m, k);
        for (boolean add : new boolean[] {false, true}) {
            Case after = new Case(precision, n, m, k);
            after.run(Blas.of(kind), add);
            double unit = precision == Precision.FLOAT32 ? 0x1p-24 : 0x1p-53;
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < m; j++) {
                    double sum = add ? before.z.get(i * m + j) : 0;
                    for (int p = 0; p < k; p++) {
                        sum += before.x.get(i * k + p) * before.w.get(Case.FROM + j * k + p);
                    }
                    assertThat(after.z.get(i * m + j)).isCloseTo(sum, within((k + 2) * (k + 2) * unit));
                }
                for (int p = 0; p < k; p++) {
                    double sum = 0;
                    for (int j = 0; j < m; j++) {
                        sum += before.d.get(i * m + j) * before.w.get(Case.FROM + j * k + p);
                    }
                    assertThat(after.e.get(i * k + p)).isCloseTo(sum, within((m + 2) * (m + 2) * unit));
                }
            }
            for (int j = 0; j < m; j++) {
                for (int p = 0; p < k; p++) {
                    double sum = add ? before.g.get(Case.FROM + j * k + p) : 0;
                    for (int i = 0; i < n; i++) {
                        sum += before.d.get(i * m + j) * before.x.get(i * k + p);
                    }
                    assertThat(after.g.get(Case.FROM + j * k + p)).isCloseTo(sum, within((n + 2) * (n + 2) * unit));
                }
            }
            assertOutsideUntouched(before, after);
        }
    }

    private static void assertOutsideUntouched(Case before, Case after) {
        assertThat(bits(after.x)).isEqualTo(bits(before.x));
        assertThat(bits(after.d)).isEqualTo(bits(before.d));
        assertThat(bits(after.w)).isEqualTo(bits(before.w));
        for (int i = 0; i < 2; i++) {
            int z = before.n * before.m + i;
            int e = before.n * before.k + i;
            int g = Case.FROM + before.m * before.k + i;
            assertThat(after.z.get(z)).isEqualTo(before.z.get(z));
            assertThat(after.e.get(e)).isEqualTo(before.e.get(e));
            assertThat(after.g.get(g)).isEqualTo(before.g.get(g));
        }
        for (int i = 0; i < Case.FROM; i++) {
            assertThat(after.g.get(i)).isEqualTo(before.g.get(i));
        }
    }

    @ParameterizedTest(name = "{0} {1} n={2} m={3} k={4}, seed 4")
    @MethodSource("products")
    void the_bits_are_the_same_again_and_on_another_thread(Blas.Kind kind, Precision precision, int n, int m, int k) {
        Case first = new Case(precision, n, m, k);
        first.run(Blas.of(kind), true);
        Case second = new Case(precision, n, m, k);
        second.run(Blas.of(kind), true);
        Case elsewhere = new Case(precision, n, m, k);
        CompletableFuture.runAsync(() -> elsewhere.run(Blas.of(kind), true)).join();
        for (Case other : List.of(second, elsewhere)) {
            assertThat(bits(other.z)).isEqualTo(bits(first.z));
            assertThat(bits(other.e)).isEqualTo(bits(first.e));
            assertThat(bits(other.g)).isEqualTo(bits(first.g));
        }
    }

    @ParameterizedTest(name = "{0}, {1} sets")
    @CsvSource({"NATIVE,1", "NATIVE,2", "NATIVE,3", "NATIVE,4", "JAVA,1", "JAVA,2", "JAVA,3", "JAVA,4"})
    void a_sum_over_sets_has_the_bits_of_the_sets(Blas.Kind kind, int sets) {
        int[][] shapes = {{130, 127}, {128, 128}, {128, 127}, {4, 5000}, {3, 6000}, {10, 20}};
        for (Precision precision : Precision.values()) {
            for (int[] shape : shapes) {
                for (int[] rows : new int[][] {{16, 15, 1, 64}, {64, 65, 3, 2}}) {
                    assertSumHasTheBitsOfItsSets(Blas.of(kind), precision, sets, rows, shape[0], shape[1]);
                }
            }
        }
    }

    private static void assertSumHasTheBitsOfItsSets(
            Blas blas, Precision precision, int sets, int[] rows, int m, int k) {
        Random random = new Random(5);
        int points = 2;
        List<Buffer[]> d = new ArrayList<>();
        List<double[]> sums = new ArrayList<>();
        Buffer[] x = new Buffer[sets];
        for (int i = 0; i < sets; i++) {
            x[i] = noise(precision, rows[i] * k, random);
        }
        List<double[]> expected = new ArrayList<>();
        for (int point = 0; point < points; point++) {
            double[][] g = new double[sets][m * k];
            Buffer[] some = new Buffer[sets];
            for (int i = 0; i < sets; i++) {
                some[i] = noise(precision, rows[i] * m, random);
                Buffer leaf = noise(precision, m * k, random);
                blas.weightGradient(rows[i], m, k, some[i], x[i], leaf, 0, false);
                leaf.widen(g[i]);
            }
            d.add(some);
            sums.add(new double[3 + m * k + 2]);
            double[] sum = new double[3 + m * k + 2];
            for (int i = 0; i < m * k; i++) {
                double left = sets == 1 ? g[0][i] : g[0][i] + g[1][i];
                double right = sets < 3 ? 0 : sets == 3 ? g[2][i] : g[2][i] + g[3][i];
                sum[3 + i] = sets < 3 ? left : left + right;
            }
            expected.add(sum);
        }
        blas.sumsOfWeightGradients(sets, rows, m, k, d, x, new Nonzeros[sets], sums, 3);
        for (int point = 0; point < points; point++) {
            assertThat(sums.get(point)).isEqualTo(expected.get(point));
        }
    }

    /** What is held is copied once; the next weights in the same array are others. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void weights_that_are_released_may_change(Precision precision) {
        Blas blas = Blas.of(Blas.Kind.JAVA);
        Case one = new Case(precision, 70, 33, 50);
        Case expected = new Case(precision, 70, 33, 50);
        for (int round = 0; round < 3; round++) {
            blas.hold(one.w);
            for (int i = 0; i < 2; i++) {
                one.run(blas, false);
                expected.run(blas, false);
                assertThat(bits(one.z)).isEqualTo(bits(expected.z));
            }
            blas.release();
            one.w.set(Case.FROM + 7, round);
            expected.w.set(Case.FROM + 7, round);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_was_there_before_is_overwritten_even_if_it_is_not_a_number(Blas.Kind kind) {
        for (Precision precision : Precision.values()) {
            Case one = new Case(precision, 3, 2, 4);
            one.z.set(1, Double.NaN);
            one.e.set(1, Double.NaN);
            one.run(Blas.of(kind), false);
            assertThat(one.z.get(1)).isFinite();
            assertThat(one.e.get(1)).isFinite();
        }
    }

    /** What runs in lockstep rely on: any part of a product is the product of the parts. */
    @ParameterizedTest(name = "{0}")
    @EnumSource
    void the_shape_of_a_product_in_java_changes_no_bit(Precision precision) {
        Blas blas = Blas.of(Blas.Kind.JAVA);
        assertThat(blas.dependsOnShape()).isFalse();
        int points = 5;
        Case wide = new Case(precision, 100, points * 12, 70);
        wide.run(blas, false);
        for (int point = 0; point < points; point++) {
            int from = point * 12;
            Buffer z = Buffer.allocate(precision, 100 * 12);
            Buffer g = Buffer.allocate(precision, 12 * 70);
            Buffer d = Buffer.allocate(precision, 100 * 12);
            for (int i = 0; i < 100; i++) {
                d.copy(wide.d, i * wide.m + from, i * 12, 12);
            }
            blas.outputs(100, 12, 70, wide.x, wide.w, Case.FROM + from * 70, z, false);
            blas.weightGradient(100, 12, 70, d, wide.x, g, 0, false);
            for (int i = 0; i < 100; i++) {
                for (int j = 0; j < 12; j++) {
                    assertThat(z.get(i * 12 + j)).isEqualTo(wide.z.get(i * wide.m + from + j));
                }
            }
            for (int i = 0; i < 12 * 70; i++) {
                assertThat(g.get(i)).isEqualTo(wide.g.get(Case.FROM + from * 70 + i));
            }
        }
    }

    @Test
    void kernels_are_told_apart() {
        assertThat(Blas.of(Blas.Kind.JAVA).kernel()).isEqualTo("Java, fused multiply-adds");
        assertThat(Blas.of(Blas.Kind.NATIVE).kernel())
                .startsWith(Blas.of(Blas.Kind.NATIVE).name())
                .isEqualTo(Blas.of(Blas.Kind.NATIVE).kernel());
    }

    private static double[] bits(Buffer buffer) {
        double[] values = new double[buffer.length()];
        buffer.widen(values);
        return values;
    }
}
