package dev.lockstep.data;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Mixing;

/**
 * One cloud of normal noise a class, around a centre that is itself drawn from a normal law.
 *
 * @param rows number of points, shared out among the classes in turn
 * @param classes number of clouds, at least 2
 * @param features number of dimensions
 * @param distance standard deviation of a centre's coordinates
 * @param deviation standard deviation of a cloud
 * @param seed decides centres and points
 */
record Blobs(long rows, int classes, int features, double distance, double deviation, long seed) implements Generator {
    static Blobs read(Settings settings) {
        return new Blobs(
                settings.integer("rows", 2000, 2, Integer.MAX_VALUE),
                settings.integer("classes", 3, 2, 1_000_000),
                settings.integer("features", 2, 1, 1 << 24),
                SyntheticSource.atLeastZero(settings, "distance", 3.0),
                SyntheticSource.atLeastZero(settings, "deviation", 1.0),
                settings.integer("seed", 1));
    }

    @Override
    public boolean hasClasses() {
        return true;
    }

    @Override
    public double make(long row, double[] values) {
        long centres = Mixing.key(seed, "centres");
        long key = Mixing.mix(Mixing.key(seed, "points"), row);
        int label = (int) (row % classes);
        for (int j = 0; j < features; j++) {
            values[j] = distance * Mixing.normal(Mixing.mix(centres, label, j))
                    + deviation * Mixing.normal(Mixing.mix(key, j));
        }
        return label;
    }
}
