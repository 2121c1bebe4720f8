package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.Block;
import dev.lockstep.linalg.SymmetricMatrix;
import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Quadratic losses whose Hessians are drawn: against Euler's theorem, differences and Wigner's law. */
class RandomQuadraticTest {
    private static Block block(int width) {
        return new Block(1, null, null, new double[width], null);
    }

    private static double[] product(RandomQuadratic loss, double[] direction) {
        double[] result = direction.clone();
        loss.curve(new double[direction.length], direction.length, block(direction.length), result);
        return result;
    }

    private static SymmetricMatrix matrix(RandomQuadratic loss, int width) {
        double[] entries = new double[width * width];
        for (int i = 0; i < width; i++) {
            double[] unit = new double[width];
            unit[i] = 1;
            System.arraycopy(product(loss, unit), 0, entries, i * width, width);
        }
        return SymmetricMatrix.wrap(width, entries);
    }

    @Test
    void value_is_half_of_the_outputs_times_the_gradient_and_the_gradient_is_the_product() {
        RandomQuadratic loss = new RandomQuadratic(3, 0.7, 5);
        double[] z = {0.3, -1.2, 2, 0.1, 0.5, -0.4};
        double[] gradient = new double[6];
        double[] value = new double[1];
        loss.evaluate(z, 6, block(6), gradient, value);
        assertThat(gradient).containsExactly(product(loss, z));
        double euler = 0;
        for (int i = 0; i < 6; i++) {
            euler += z[i] * gradient[i] / 2;
        }
        assertThat(value[0]).isCloseTo(euler, Offset.offset(1e-15));
        double step = 1e-4;
        double[] moved = z.clone();
        moved[4] += step;
        double[] there = new double[1];
        loss.evaluate(moved, 6, block(6), new double[6], there);
        moved[4] -= 2 * step;
        double[] back = new double[1];
        loss.evaluate(moved, 6, block(6), new double[6], back);
        assertThat(gradient[4]).isCloseTo((there[0] - back[0]) / (2 * step), Offset.offset(1e-10));
    }

    @Test
    void matrices_are_symmetric_blocks_with_the_variances_of_the_ensemble() {
        int pieces = 4000;
        int width = 2 * pieces;
        RandomQuadratic loss = new RandomQuadratic(2, 0, 3);
        double[] diagonal = new double[width];
        loss.curvature(new double[width], width, block(width), diagonal);
        double[] first = new double[width];
        double[] second = new double[width];
        for (int i = 0; i < width; i += 2) {
            first[i] = 1;
            second[i + 1] = 1;
        }
        double[] ofFirst = product(loss, first);
        double[] ofSecond = product(loss, second);
        double onDiagonal = 0;
        double off = 0;
        for (int i = 0; i < width; i += 2) {
            assertThat(ofFirst[i + 1]).isEqualTo(ofSecond[i]);
            assertThat(ofFirst[i]).isEqualTo(diagonal[i]);
            onDiagonal += diagonal[i] * diagonal[i] / pieces;
            off += ofSecond[i] * ofSecond[i] / pieces;
        }
        assertThat(onDiagonal).isCloseTo(2 / 2.0, Offset.offset(0.07));
        assertThat(off).isCloseTo(1 / 2.0, Offset.offset(0.04));
    }

    @Test
    void eigenvalues_of_a_large_one_fill_the_shifted_semicircle() {
        Vector values = matrix(new RandomQuadratic(200, 1, 1), 200).eigenvalues();
        assertThat(values.get(0)).isCloseTo(-1, Offset.offset(0.15));
        assertThat(values.get(199)).isCloseTo(3, Offset.offset(0.15));
        long negative = java.util.Arrays.stream(values.toArray())
                .filter(value -> value < 0)
                .count();
        // 1/2 - c sqrt(R^2 - c^2) / (pi R^2) - asin(c / R) / pi, R = 2, c = 1
        assertThat(negative / 200.0).isCloseTo(0.1955, Offset.offset(0.015));
    }

    @Test
    void many_laws_in_one_process_keep_their_matrices_apart() {
        double[] ones = {1, 1, 1, 1};
        List<double[]> first = IntStream.range(0, 30)
                .mapToObj(seed -> product(new RandomQuadratic(4, 0, seed), ones))
                .toList();
        for (int seed = 0; seed < 30; seed++) {
            assertThat(product(new RandomQuadratic(4, 0, seed), ones)).containsExactly(first.get(seed));
        }
        assertThat(first.stream().map(product -> product[0]).distinct()).hasSize(30);
    }

    @Test
    void outputs_must_be_whole_pieces() {
        RandomQuadratic loss = new RandomQuadratic(3, 0, 1);
        assertThatThrownBy(() -> loss.check(4)).hasMessageContaining("give a multiple of 3 target columns");
        assertThatThrownBy(() -> new RandomQuadratic(0, 0, 1)).hasMessageContaining("size");
    }
}
