package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
        assertThat(a.combined(2, -1, b)).isEqualTo(Vector.of(-8, -24, -24));
        assertThat(Vector.of(1, 2).distance(Vector.of(4, -2))).isEqualTo(5);
        assertThat(Vector.ofTimes(new double[] {1, 2}, 3)).isEqualTo(Vector.of(3, 6));
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
    void the_norm_of_a_part_is_that_of_the_part_alone() {
        Vector x = Vector.of(7, 3, -4, 1e-200, Double.NaN);
        assertThat(x.norm(1, 3)).isEqualTo(5);
        assertThat(x.norm(3, 4)).isEqualTo(1e-200);
        assertThat(x.norm(3, 3)).isZero();
        assertThat(x.norm(2, 5)).isNaN();
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

    /** What runs in pieces at the same time gives the bits of a plain loop, and sums those of one thread's recursion. */
    @ParameterizedTest(name = "seed 2, {0} entries")
    @ValueSource(ints = {4_097, 200_003, (1 << 18) - 1, 1 << 18, (1 << 18) + 1, 1 << 20})
    void long_vectors_have_the_bits_of_plain_loops(int size) {
        Random random = new Random(2);
        double[] x = random.doubles(size, -1, 1).toArray();
        double[] y = random.doubles(size, -1, 1).toArray();
        Vector a = Vector.of(x);
        Vector b = Vector.of(y);
        double[] sum = a.plus(b).toArray();
        double[] difference = a.minus(b).toArray();
        double[] combined = a.combined(0.9, -0.1, b).toArray();
        double[] scaled = Vector.ofTimes(x, 1.1).toArray();
        double[] further = a.plus(0.3, b).toArray();
        Vector summed = Vector.ofSumTimes(x, y, 0.7);
        for (int i = 0; i < size; i++) {
            assertEquals(x[i] + y[i], sum[i]);
            assertEquals(x[i] - y[i], difference[i]);
            assertEquals(0.9 * x[i] - 0.1 * y[i], combined[i]);
            assertEquals(x[i] * 1.1, scaled[i]);
            assertEquals(x[i] + 0.3 * y[i], further[i]);
            assertEquals((x[i] + y[i]) * 0.7, summed.get(i));
        }
        assertThat(summed.norm())
                .as("found on the way")
                .isEqualTo(Vector.of(summed.toArray()).norm());
        assertThat(Vector.ofTimes(x, 1.1).norm()).isEqualTo(Vector.of(scaled).norm());
        assertThat(a.dot(b)).isEqualTo(recursion(x, y, 0, size));
        assertThat(a.distance(b)).isEqualTo(a.minus(b).norm());
        assertThat(a.map(v -> v * v)).isEqualTo(a.zip(a, (v, w) -> v * w));
    }

    private static double recursion(double[] x, double[] y, int from, int to) {
        if (to - from > 512) {
            int middle = (from + to) >>> 1;
            return recursion(x, y, from, middle) + recursion(x, y, middle, to);
        }
        double[] sums = new double[4];
        for (int i = from; i < to; i++) {
            int lane = i < to - (to - from) % 4 ? (i - from) % 4 : 0;
            sums[lane] += x[i] * y[i];
        }
        return (sums[0] + sums[1]) + (sums[2] + sums[3]);
    }

    @Test
    void a_distance_beyond_the_squares_of_doubles() {
        assertThat(Vector.of(3e200, 0).distance(Vector.of(0, 4e200))).isCloseTo(5e200, within(1e186));
        assertThat(Vector.of(1, Double.NaN).distance(Vector.zeros(2))).isNaN();
        assertThat(Vector.of(1, Double.POSITIVE_INFINITY).distance(Vector.zeros(2)))
                .isInfinite();
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

    @Test
    void a_vector_that_is_given_up_serves_the_next_one() {
        Vector first = counted(5000, 0);
        first.release();
        first.release();
        assertThat(first.get(7)).as("assertions are on").isNaN();
        Vector other = counted(4999, 0);
        Vector next = counted(5000, 1);
        Vector afterNext = counted(5000, 2);
        assertThat(first.get(7)).isEqualTo(next.get(7)).isEqualTo(8);
        assertThat(afterNext.get(7)).isEqualTo(9);
        assertThat(other.get(7)).isEqualTo(7);
        Vector.clearReleased();
    }

    /** The runs of a study, each on a thread of its own. */
    @Test
    void a_vector_that_one_thread_gives_up_serves_another_one() throws InterruptedException {
        Vector first = counted(5001, 0);
        Thread other = new Thread(first::release);
        other.start();
        other.join();
        Vector next = counted(5001, 1);
        assertThat(first.get(7)).isEqualTo(next.get(7)).isEqualTo(8);
        next.release();
        Thread last = new Thread(Vector::clearReleased);
        last.start();
        last.join();
        counted(5001, 2);
        assertThat(next.get(7)).as("was let go").isNaN();
    }

    @Test
    void a_vector_that_is_kept_or_not_its_own_is_left_alone() {
        Vector kept = counted(5000, 0);
        kept.keep();
        kept.release();
        double[] given = new double[5000];
        Vector wrapped = Vector.wrap(given);
        wrapped.release();
        counted(5000, 1);
        counted(5000, 1);
        assertThat(kept.get(7)).isEqualTo(7);
        assertThat(given).containsOnly(0);
    }

    private static Vector counted(int size, int start) {
        return Vector.of(size, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = start + i;
            }
        });
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
