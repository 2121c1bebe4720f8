package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class SymmetricMatrixTest {
    /** The textbook example whose factor is whole numbers. */
    @Test
    void cholesky_by_hand() {
        double[][] lower = SymmetricMatrix.of(
                        List.of(List.of(4.0, 12.0, -16.0), List.of(12.0, 37.0, -43.0), List.of(-16.0, -43.0, 98.0)))
                .choleskyFactor()
                .orElseThrow();
        double[][] expected = {{2, 0, 0}, {6, 1, 0}, {-8, 5, 3}};
        for (int i = 0; i < 3; i++) {
            assertThat(lower[i]).containsExactly(expected[i], within(1e-12));
        }
    }

    @Test
    void an_indefinite_matrix_has_no_factor() {
        assertThat(SymmetricMatrix.of(List.of(List.of(1.0, 2.0), List.of(2.0, 1.0)))
                        .choleskyFactor())
                .isEmpty();
        assertThat(SymmetricMatrix.of(List.of(List.of(-1.0))).choleskyFactor()).isEmpty();
    }

    @Test
    void what_is_not_symmetric_is_refused() {
        assertThatThrownBy(() -> SymmetricMatrix.of(List.of(List.of(1.0, 2.0), List.of(3.0, 1.0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("entries (1, 0) and (0, 1) differ");
        assertThatThrownBy(() -> SymmetricMatrix.of(List.of(List.of(1.0, 2.0), List.of(2.0))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("row 1 has 1 entries, expected 2");
    }

    /** LAPACK itself gives plus and minus the square root of 2 for this, and reports success. */
    @Test
    void what_is_not_finite_is_refused() {
        assertThatThrownBy(() -> SymmetricMatrix.wrap(2, new double[] {Double.NaN, 1, 1, 2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("entries (0, 0) and (0, 0) are not both finite");
        assertThatThrownBy(() -> new Tridiagonal(Vector.of(1, 2), Vector.of(Double.POSITIVE_INFINITY)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SymmetricMatrix.wrap(2, new double[3])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void lapack_is_java_on_every_machine() {
        assertThat(Lapack.chosen()).isEqualTo("F2jLAPACK");
    }

    /** The second difference on n points has the eigenvalues 2 - 2 cos(k pi / (n + 1)). */
    @Test
    void eigenvalues_in_closed_form() {
        for (int n : new int[] {1, 2, 5, 40}) {
            double[] entries = new double[n * n];
            for (int i = 0; i < n; i++) {
                entries[i * n + i] = 2;
                if (i > 0) {
                    entries[i * n + i - 1] = -1;
                    entries[(i - 1) * n + i] = -1;
                }
            }
            SymmetricMatrix matrix = SymmetricMatrix.wrap(n, entries.clone());
            Vector values = matrix.eigenvalues();
            Eigen eigen = matrix.eigen();
            Eigen tridiagonal = new Tridiagonal(Vector.filled(n, 2), Vector.filled(n - 1, -1)).eigen();
            for (int k = 1; k <= n; k++) {
                double expected = 2 - 2 * StrictMath.cos(k * Math.PI / (n + 1));
                assertThat(values.get(k - 1)).isCloseTo(expected, within(1e-14));
                for (Eigen one : List.of(eigen, tridiagonal)) {
                    assertThat(one.values().get(k - 1)).isCloseTo(expected, within(1e-14));
                    Vector v = one.vectors().get(k - 1);
                    assertThat(v.norm()).isCloseTo(1, within(1e-14));
                    assertThat(matrix.times(v).plus(-expected, v).norm()).isLessThan(1e-13);
                }
            }
            // Nobody has written to it.
            assertThat(matrix.get(0, 0)).isEqualTo(2);
            assertThat(matrix.eigenvalues()).isEqualTo(values);
        }
    }

    @Test
    void a_system_is_solved_by_hand() {
        SymmetricMatrix matrix = SymmetricMatrix.wrap(3, new double[] {4, 12, -16, 12, 37, -43, -16, -43, 98});
        Vector x = matrix.solve(matrix.times(Vector.of(1, -2, 3))).orElseThrow();
        assertThat(x.distance(Vector.of(1, -2, 3))).isLessThan(1e-11);
        assertThat(SymmetricMatrix.wrap(2, new double[] {1, 2, 2, 1}).solve(Vector.of(1, 1)))
                .isEmpty();
        assertThat(SymmetricMatrix.wrap(2, new double[] {1, 0, 0, 0}).solve(Vector.of(1, 1)))
                .isEmpty();
    }
}
