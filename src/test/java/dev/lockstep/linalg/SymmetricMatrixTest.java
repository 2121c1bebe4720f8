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
}
