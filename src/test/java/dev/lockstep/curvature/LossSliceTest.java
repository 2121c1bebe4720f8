package dev.lockstep.curvature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.SymmetricMatrix;
import dev.lockstep.linalg.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossSliceTest {
    /** 5 is there twice, and the largest magnitude is negative. */
    @Test
    void the_largest_eigenvalues_come_in_order_and_double_ones_twice() {
        SymmetricMatrix matrix = Quadratics.turned(-7, 1, 5, 5, 2, 0);
        List<EigenPair> pairs = LargestPairs.of(6, matrix::times, 4, 1e-13, 100, 1);
        double[] expected = {5, 5, 2, 1};
        for (int i = 0; i < 4; i++) {
            EigenPair pair = pairs.get(i);
            assertThat(pair.value()).isCloseTo(expected[i], within(1e-12));
            assertThat(matrix.times(pair.vector()).distance(pair.vector().times(expected[i])))
                    .isLessThan(1e-11);
            assertThat(pair.residual()).isLessThan(1e-11);
            for (int j = 0; j < i; j++) {
                assertThat(pair.vector().dot(pairs.get(j).vector())).isCloseTo(0, within(1e-14));
            }
        }
    }

    /** In long processes rounding would bring back the vectors that are known. */
    @Test
    void the_largest_eigenvalues_of_many_are_found_beside_those_that_are_known() {
        double[] eigenvalues = Quadratics.likeANetwork(80);
        List<EigenPair> pairs = LargestPairs.of(80, Quadratics.turned(eigenvalues)::times, 4, 1e-12, 80, 1);
        for (int i = 0; i < 4; i++) {
            assertThat(pairs.get(i).value()).isCloseTo(eigenvalues[79 - i], within(1e-10));
            assertThat(pairs.get(i).residual()).isLessThan(1e-9);
        }
    }

    @Test
    void two_rows_have_two_pairs_and_no_more() {
        SymmetricMatrix matrix = SymmetricMatrix.of(List.of(List.of(2.0, 1.0), List.of(1.0, 2.0)));
        List<EigenPair> pairs = LargestPairs.of(2, matrix::times, 2, 1e-13, 100, 1);
        assertThat(pairs.get(0).value()).isCloseTo(3, within(1e-14));
        assertThat(pairs.get(1).value()).isCloseTo(1, within(1e-14));
        SymmetricMatrix nothing = SymmetricMatrix.of(List.of(List.of(0.0, 0.0), List.of(0.0, 0.0)));
        assertThat(LargestPairs.of(2, nothing::times, 2, 1e-13, 100, 1))
                .extracting(EigenPair::value)
                .containsExactly(0.0, 0.0);
        assertThatThrownBy(() -> LargestPairs.of(2, matrix::times, 3, 1e-13, 100, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Through (1, 1, 1), along (2, 0, 0) and (1, 1, 0), which are neither of norm 1 nor at right angles. */
    private static final Plane SKEW = new Plane(Vector.of(1, 1, 1), Vector.of(2, 0, 0), Vector.of(1, 1, 0));

    @Test
    void a_point_is_projected_at_right_angles() {
        assertThat(SKEW.project(Vector.of(6, 4, 5))).isEqualTo(new Plane.Place(1, 3, 4));
        assertThat(SKEW.at(1, 3)).isEqualTo(Vector.of(6, 4, 1));
    }

    /** Steps of (3, 4, 0), in the plane, and of (0, 3, 4), of whose length 5 the plane has 3. */
    @Test
    void the_share_of_a_path_is_of_its_length() {
        List<Vector> path = List.of(Vector.of(1, 1, 1), Vector.of(4, 5, 1), Vector.of(4, 8, 5));
        Plane.Shadow shadow = SKEW.project(path);
        assertThat(shadow.share()).isCloseTo(0.8, within(1e-15));
        assertThat(shadow.places().get(2).distance()).isEqualTo(4);
        assertThat(SKEW.project(path.subList(0, 1)).share()).isNaN();
        assertThat(SKEW.project(List.of()).places()).isEmpty();
    }

    @Test
    void parallel_directions_are_no_plane() {
        assertThatThrownBy(() -> new Plane(Vector.of(0, 0), Vector.of(1, 2), Vector.of(-2, -4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("two directions that span a plane");
        assertThatThrownBy(() -> new Plane(Vector.of(0, 0), Vector.of(1, 2), Vector.of(0, 0)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** (9 a^2 + b^2) / 2 at a = 1 + x + y, b = 2 - y. */
    @Test
    void the_objective_is_looked_at_over_the_window() {
        Quadratics.Counted objective =
                new Quadratics.Counted(SymmetricMatrix.of(List.of(List.of(9.0, 0.0), List.of(0.0, 1.0))));
        Plane plane = new Plane(Vector.of(1, 2), Vector.of(1, 0), Vector.of(1, -1));
        LossSlice slice = LossSlice.of(objective, plane, new LossSlice.Window(-2, 2, 0, 1), 11);
        assertThat(slice.x()).startsWith(-2).endsWith(2).hasSize(11);
        assertThat(slice.y()).startsWith(0).endsWith(1).hasSize(11);
        for (int row = 0; row < 11; row++) {
            for (int column = 0; column < 11; column++) {
                double a = 1 + slice.x()[column] + slice.y()[row];
                double b = 2 - slice.y()[row];
                assertThat(slice.values()[row][column]).isCloseTo((9 * a * a + b * b) / 2, within(1e-13));
            }
        }
    }

    @Test
    void a_window_shows_the_path_and_the_origin() {
        List<Plane.Place> path = List.of(new Plane.Place(10, -1, 0), new Plane.Place(5, 4, 0));
        assertThat(LossSlice.Window.around(path, 3, 0)).isEqualTo(new LossSlice.Window(-3, 12, -2, 5));
        assertThat(LossSlice.Window.around(List.of(), 3, 2)).isEqualTo(new LossSlice.Window(-3, 3, -2, 2));
        assertThatThrownBy(() -> LossSlice.Window.around(List.of(), 1, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
