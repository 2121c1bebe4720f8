package dev.lockstep.data;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Mixing;

/**
 * Two circles around the origin, one a class, with points at even distances: no line separates them, a small network
 * does.
 *
 * @param rows number of points, the classes in turn
 * @param inner radius of class 1; that of class 0 is 1
 * @param noise standard deviation of the normal noise on each coordinate
 * @param seed decides the noise
 */
record Circles(long rows, double inner, double noise, long seed) implements Generator {
    static Circles read(Settings settings) {
        return new Circles(
                settings.integer("rows", 2000, 2, Integer.MAX_VALUE),
                SyntheticSource.atLeastZero(settings, "inner", 0.5),
                GeneratorKeys.noise(settings, 0.1),
                GeneratorKeys.seed(settings));
    }

    @Override
    public int features() {
        return 2;
    }

    @Override
    public int classes() {
        return 2;
    }

    @Override
    public double make(long row, double[] values) {
        int label = (int) (row % 2);
        long onCircle = (rows + 1 - label) / 2;
        long place = row / 2;
        double angle = 2 * Math.PI * place / onCircle;
        double radius = label == 0 ? 1 : inner;
        long key = Mixing.mix(Mixing.key(seed, "circles"), row);
        values[0] = radius * StrictMath.cos(angle) + noise * Mixing.normal(Mixing.mix(key, 0));
        values[1] = radius * StrictMath.sin(angle) + noise * Mixing.normal(Mixing.mix(key, 1));
        return label;
    }
}
