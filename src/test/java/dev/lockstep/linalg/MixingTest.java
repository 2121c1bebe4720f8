package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MixingTest {
    /** SplitMix64's published first outputs for the seed 1234567 (prng.di.unimi.it/splitmix64.c). */
    @Test
    void mix_is_splitmix64() {
        long[] published = {
            6457827717110365317L,
            3203168211198807973L,
            -8629252141511181193L,
            4593380528125082431L,
            -2037821214251327795L
        };
        for (int i = 0; i < published.length; i++) {
            assertThat(Mixing.mix(1234567 + i * 0x9E3779B97F4A7C15L)).isEqualTo(published[i]);
        }
    }

    @Test
    void every_input_bit_changes_about_half_of_the_output_bits() {
        for (int bit = 0; bit < 64; bit++) {
            long changed = 0;
            for (long key = 0; key < 1000; key++) {
                changed += Long.bitCount(Mixing.mix(key) ^ Mixing.mix(key ^ 1L << bit));
            }
            assertThat(changed / 1000.0).as("input bit %s", bit).isCloseTo(32, within(1.0));
        }
    }

    @Test
    void keys_of_other_purposes_orders_and_seeds_differ() {
        Set<Long> keys = new HashSet<>();
        for (long seed = 0; seed < 100; seed++) {
            for (String purpose : new String[] {"weights", "validation", "epoch", "dropout", "a", "aa", "ab"}) {
                keys.add(Mixing.key(seed, purpose));
            }
            for (long more = 200; more < 300; more++) {
                keys.add(Mixing.mix(seed, more));
                keys.add(Mixing.mix(seed, more, 7));
            }
        }
        assertThat(keys.size()).isEqualTo(100 * 7 + 2 * 100 * 100);
    }

    @Test
    void uniform_covers_the_interval_without_its_end() {
        assertThat(Mixing.uniform(0)).isZero();
        assertThat(Mixing.uniform(-1)).isEqualTo(1 - 0x1p-53);
        int[] counts = new int[100];
        for (long key = 0; key < 100_000; key++) {
            counts[(int) (100 * Mixing.uniform(Mixing.mix(5, key)))]++;
        }
        double chiSquare = 0;
        for (int count : counts) {
            chiSquare += Math.pow(count - 1000, 2) / 1000;
        }
        // 99 degrees of freedom: mean 99, standard deviation 14.
        assertThat(chiSquare).isBetween(50.0, 160.0);
    }

    @Test
    void normal_numbers_have_the_moments_of_the_normal_law() {
        int count = 100_000;
        double[] moments = new double[5];
        for (long key = 0; key < count; key++) {
            double value = Mixing.normal(Mixing.mix(3, key));
            for (int power = 1; power <= 4; power++) {
                moments[power] += StrictMath.pow(value, power) / count;
            }
        }
        // Six standard errors: sqrt(1, 2, 15, 96) / sqrt(count).
        double error = 6 / Math.sqrt(count);
        assertThat(moments[1]).isCloseTo(0, within(error));
        assertThat(moments[2]).isCloseTo(1, within(error * Math.sqrt(2)));
        assertThat(moments[3]).isCloseTo(0, within(error * Math.sqrt(15)));
        assertThat(moments[4]).isCloseTo(3, within(error * Math.sqrt(96)));
        double beyond = LongStream.range(0, count)
                        .filter(key -> Math.abs(Mixing.normal(Mixing.mix(3, key))) > 1.959963984540054)
                        .count()
                / (double) count;
        assertThat(beyond).isCloseTo(0.05, within(6 * Math.sqrt(0.05 * 0.95 / count)));
    }
}
