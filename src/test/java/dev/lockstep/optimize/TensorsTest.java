package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.linalg.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bounds of tensors and cuts between threads do not meet. */
class TensorsTest {
    private static final List<Integer> BOUNDS = List.of(0, 1, 300_000, 300_000, 600_001);

    @Test
    void every_entry_is_filled_once_and_with_its_tensor() {
        Vector filled = Tensors.fill(BOUNDS, (result, from, to, tensor) -> {
            for (int i = from; i < to; i++) {
                result[i] += 10 * tensor + 1;
            }
        });
        Vector expected = Vector.of(600_001, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = i == 0 ? 1 : i < 300_000 ? 11 : 31;
            }
        });
        assertThat(filled.equals(expected)).isTrue();
    }

    @Test
    void norms_are_those_of_the_parts_to_the_bit() {
        Vector vector = Vector.of(600_001, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = 1.0 / (i + 1) - 1e-6 * i;
            }
        });
        double[] norms = Tensors.norms(BOUNDS, vector);
        assertThat(norms).hasSize(4);
        for (int i = 0; i < norms.length; i++) {
            Vector part = Vector.wrap(vector.slice(BOUNDS.get(i), BOUNDS.get(i + 1)));
            assertThat(norms[i]).as("tensor %s", i).isEqualTo(part.norm());
        }
    }
}
