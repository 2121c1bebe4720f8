package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VectorTest {
    @Test
    void arithmetic_by_hand() {
        Vector a = Vector.of(1, -2, 3);
        Vector b = Vector.of(10, 20, 30);
        assertThat(a.plus(b)).isEqualTo(Vector.of(11, 18, 33));
        assertThat(a.plus(0.5, b)).isEqualTo(Vector.of(6, 8, 18));
        assertThat(b.minus(a)).isEqualTo(Vector.of(9, 22, 27));
        assertThat(a.times(-2)).isEqualTo(Vector.of(-2, 4, -6));
        assertThat(a.map(Math::abs)).isEqualTo(Vector.of(1, 2, 3));
        assertThat(a.zip(b, Math::max)).isEqualTo(b);
        assertThat(a.dot(b)).isEqualTo(60);
        assertThat(a.sum()).isEqualTo(2);
        assertThat(a.maxAbs()).isEqualTo(3);
        assertThat(Vector.filled(2, 7)).isEqualTo(Vector.of(7, 7));
        assertThat(b.slice(1, 3)).containsExactly(20, 30);
    }

    @Test
    void a_vector_is_not_changed_through_arrays() {
        double[] values = {1, 2};
        Vector vector = Vector.of(values);
        values[0] = 9;
        vector.toArray()[1] = 9;
        vector.slice(0, 2)[1] = 9;
        assertThat(vector).isEqualTo(Vector.of(1, 2));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0x1p-1074, 0x1p-1060, 1e-300, 0x1p-500, 1e-160, 1e-140, 1e100, 1e154, 1e200, 0x1p1020})
    void the_norm_neither_overflows_nor_underflows(double scale) {
        assertThat(Vector.of(3 * scale, -4 * scale).norm()).isCloseTo(5 * scale, within(4 * Math.ulp(5 * scale)));
    }

    @Test
    void the_norm_of_special_entries() {
        assertThat(Vector.zeros(0).norm()).isZero();
        assertThat(Vector.zeros(3).norm()).isZero();
        assertThat(Vector.of(Double.MAX_VALUE).norm()).isEqualTo(Double.MAX_VALUE);
        assertThat(Vector.of(1, Double.NEGATIVE_INFINITY).norm()).isInfinite();
        assertThat(Vector.of(1, Double.NaN).norm()).isNaN();
        assertThat(Vector.of(1, Double.NaN).maxAbs()).isNaN();
        assertThat(Vector.of(1, Double.NaN).isFinite()).isFalse();
        assertThat(Vector.of(Double.MAX_VALUE, Double.MIN_VALUE).isFinite()).isTrue();
    }

    /** Pairwise summation: an error of at most (leaf + log2 n) ulps of the sum of magnitudes, whatever n. */
    @ParameterizedTest(name = "seed 1, {0} entries")
    @ValueSource(ints = {0, 1, 63, 64, 65, 127, 129, 1000, 4097, 60_000})
    void sums_are_pairwise_accurate(int size) {
        Random random = new Random(1);
        double[] x = random.doubles(size, -1, 1).toArray();
        double[] y = random.doubles(size, -1, 1).toArray();
        assertClose(Vector.of(x).sum(), x, filled(size), 70 + 17);
        assertClose(Vector.of(x).dot(Vector.of(y)), x, y, 70 + 17);
    }

    @Test
    void a_long_sum_of_equal_terms_keeps_its_digits() {
        double term = 0.1;
        double sum = Vector.filled(1 << 20, term).sum();
        double exact = new BigDecimal(term).multiply(new BigDecimal(1 << 20)).doubleValue();
        assertThat(sum).isCloseTo(exact, within(40 * Math.ulp(exact)));
    }

    @Test
    void other_sizes_are_refused() {
        Vector two = Vector.of(1, 2);
        Vector three = Vector.of(1, 2, 3);
        assertRefused(two, three, Vector::plus);
        assertRefused(two, three, Vector::minus);
        assertRefused(two, three, Vector::dot);
        assertRefused(two, three, (a, b) -> a.plus(2, b));
        assertRefused(two, three, (a, b) -> a.zip(b, Math::max));
    }

    private static void assertRefused(Vector a, Vector b, BiFunction<Vector, Vector, Object> use) {
        assertThatThrownBy(() -> use.apply(a, b))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a vector of size 2, got one of size 3");
    }

    private static void assertClose(double found, double[] x, double[] y, int ulps) {
        BigDecimal exact = BigDecimal.ZERO;
        double magnitudes = 0;
        for (int i = 0; i < x.length; i++) {
            exact = exact.add(new BigDecimal(x[i]).multiply(new BigDecimal(y[i]), MathContext.DECIMAL128));
            magnitudes += Math.abs(x[i] * y[i]);
        }
        assertThat(found).isCloseTo(exact.doubleValue(), within(ulps * 0x1p-53 * magnitudes + Double.MIN_VALUE));
    }

    private static double[] filled(int size) {
        return Vector.filled(size, 1).toArray();
    }
}
