package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {
    @Test
    void it_is_a_bijection_for_every_size_up_to_300() {
        for (int size = 1; size <= 300; size++) {
            assertBijection(size, Mixing.mix(11, size));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1023, 1024, 1025, 60_000, 65_537, 1 << 17})
    void it_is_a_bijection_for_larger_sizes(int size) {
        assertBijection(size, 42);
    }

    private static void assertBijection(int size, long key) {
        Permutation permutation = new Permutation(size, key);
        BitSet seen = new BitSet(size);
        for (int i = 0; i < size; i++) {
            long to = permutation.at(i);
            assertThat(to >= 0 && to < size).isTrue();
            seen.set((int) to);
        }
        assertThat(seen.cardinality()).isEqualTo(size);
    }

    @ParameterizedTest
    @ValueSource(longs = {(1L << 40) + 1, 3_000_000_000L, (1L << 61) + 7, 1L << 62})
    void huge_sizes_stay_in_range_without_collisions(long size) {
        Permutation permutation = new Permutation(size, 5);
        Set<Long> seen = new HashSet<>();
        for (long i = 0; i < 1000; i++) {
            long to = permutation.at(i < 500 ? i : size - 1 - i);
            assertThat(to).isBetween(0L, size - 1);
            seen.add(to);
        }
        assertThat(seen).hasSize(1000);
    }

    @Test
    void other_keys_give_other_permutations() {
        Set<String> seen = new HashSet<>();
        for (long key = 0; key < 200; key++) {
            Permutation permutation = new Permutation(20, key);
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 20; i++) {
                text.append(permutation.at(i)).append(' ');
            }
            seen.add(text.toString());
        }
        assertThat(seen).hasSize(200);
    }

    /** Chi-square of the place of each entry over many keys; its standard deviation is sqrt(2 (size - 1)). */
    @ParameterizedTest(name = "size {0}, keys 0 to 19,999")
    @ValueSource(ints = {2, 3, 5, 10, 16, 17, 33})
    void an_entry_goes_everywhere_equally_often(int size) {
        int keys = 20_000;
        for (int entry : new int[] {0, size / 2, size - 1}) {
            int[] counts = new int[size];
            for (long key = 0; key < keys; key++) {
                counts[(int) new Permutation(size, key).at(entry)]++;
            }
            assertThat(chiSquare(counts, (double) keys / size))
                    .as("entry %s", entry)
                    .isLessThan(size - 1 + 7 * Math.sqrt(2.0 * (size - 1)));
        }
    }

    /** Neighbours 0 and 1: their places form every ordered pair equally often. */
    @ParameterizedTest(name = "size {0}, keys 0 to 39,999")
    @ValueSource(ints = {3, 5, 8, 13})
    void neighbours_go_everywhere_independently(int size) {
        int keys = 40_000;
        int[] counts = new int[size * size];
        for (long key = 0; key < keys; key++) {
            Permutation permutation = new Permutation(size, key);
            counts[(int) (permutation.at(0) * size + permutation.at(1))]++;
        }
        int pairs = size * (size - 1);
        int[] possible = new int[pairs];
        int next = 0;
        for (int i = 0; i < counts.length; i++) {
            if (i / size != i % size) {
                possible[next++] = counts[i];
            }
        }
        assertThat(chiSquare(possible, (double) keys / pairs)).isLessThan(pairs - 1 + 7 * Math.sqrt(2.0 * (pairs - 1)));
    }

    private static double chiSquare(int[] counts, double expected) {
        double sum = 0;
        for (int count : counts) {
            sum += (count - expected) * (count - expected) / expected;
        }
        return sum;
    }

    @Test
    void what_is_outside_is_refused() {
        assertThatThrownBy(() -> new Permutation(-1, 0)).hasMessageContaining("-1");
        assertThatThrownBy(() -> new Permutation(3, 0).at(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new Permutation(3, 0).at(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new Permutation(0, 0).at(0)).isInstanceOf(IndexOutOfBoundsException.class);
    }
}
