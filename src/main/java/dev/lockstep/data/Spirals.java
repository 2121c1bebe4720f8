package dev.lockstep.data;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Mixing;

/**
 * Interleaved spiral arms in the plane, one a class: not separable by a line, easily by a small network.
 *
 * @param rows number of points, shared out among the classes in turn
 * @param classes number of arms, at least 2
 * @param noise standard deviation of the normal noise on each coordinate; the arms reach to radius 1
 * @param turns of an arm around the origin
 * @param seed decides the points
 */
record Spirals(long rows, int classes, double noise, double turns, long seed) implements Generator {
    static Spirals read(Settings settings) {
        return new Spirals(
                settings.integer("rows", 2000, 2, Integer.MAX_VALUE),
                settings.integer("classes", 2, 2, 1000),
                SyntheticSource.atLeastZero(settings, "noise", 0.03),
                settings.number("turns", 1.0),
                settings.integer("seed", 1));
    }

    @Override
    public int features() {
        return 2;
    }

    @Override
    public double make(long row, double[] features) {
        long key = Mixing.mix(Mixing.key(seed, "spirals"), row);
        int label = (int) (row % classes);
        double radius = 0.05 + 0.95 * StrictMath.sqrt(Mixing.uniform(Mixing.mix(key, 0)));
        double angle = 2 * Math.PI * (turns * radius + (double) label / classes);
        features[0] = radius * StrictMath.cos(angle) + noise * Mixing.normal(Mixing.mix(key, 1));
        features[1] = radius * StrictMath.sin(angle) + noise * Mixing.normal(Mixing.mix(key, 2));
        return label;
    }
}
