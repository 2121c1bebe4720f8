package dev.lockstep.data;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Permutation;

/**
 * Parity: clouds around the corners of the cube [-1, 1]^d; the class is 1 where an odd number of the corner's
 * coordinates is negative. With two features and without noise, the four rows of the exclusive or.
 *
 * <p>The corners come in a drawn order, each of them once before any comes again.
 *
 * @param rows number of points
 * @param features d, at most 62
 * @param noise standard deviation of the normal noise on each coordinate, which does not change the class
 * @param seed decides order and noise
 */
record ExclusiveOr(long rows, int features, double noise, long seed) implements Generator {
    /** As many corners as a permutation takes. */
    private static final int MOST_FEATURES = 62;

    static ExclusiveOr read(Settings settings) {
        return new ExclusiveOr(
                GeneratorKeys.rows(settings),
                settings.integer("features", 2, 1, MOST_FEATURES),
                GeneratorKeys.noise(settings, 0.2),
                GeneratorKeys.seed(settings));
    }

    @Override
    public int classes() {
        return 2;
    }

    @Override
    public double make(long row, double[] values) {
        long rounds = Mixing.key(seed, "xor");
        long corners = 1L << features;
        long corner = new Permutation(corners, Mixing.mix(rounds, row / corners)).at(row % corners);
        long key = Mixing.mix(Mixing.key(seed, "xor noise"), row);
        for (int j = 0; j < features; j++) {
            double coordinate = (corner >>> j & 1) == 0 ? 1.0 : -1.0;
            values[j] = coordinate + noise * Mixing.normal(Mixing.mix(key, j));
        }
        return Long.bitCount(corner) % 2;
    }
}
