package dev.lockstep.data;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Mixing;
import java.util.List;

/**
 * One cloud of normal noise a class, around a centre that is itself drawn from a normal law, or given; and rows of
 * choice after them.
 *
 * @param drawn number of points of the clouds, shared out among the classes in turn
 * @param classes number of clouds, at least 2
 * @param features number of dimensions
 * @param distance standard deviation of a centre's coordinates
 * @param deviation standard deviation of a cloud
 * @param seed decides centres and points
 * @param centres given ones, one a class; empty for drawn ones
 * @param extra features of rows after the drawn ones
 * @param extraLabels their classes
 */
record Blobs(
        long drawn,
        int classes,
        int features,
        double distance,
        double deviation,
        long seed,
        double[][] centres,
        double[][] extra,
        int[] extraLabels)
        implements Generator {
    static Blobs read(Settings settings) {
        double[][] centres = GeneratorKeys.points(settings, "centres", 0);
        if (settings.has("centres")) {
            if (centres.length < 2) {
                throw settings.wrong("centres", "expected at least two, one a class, such as [[0, 2], [0, -2]]");
            }
            for (String key : List.of("classes", "features", "distance")) {
                if (settings.has(key)) {
                    throw settings.wrong(key, "the centres are given, and it is clear from them; leave this key out");
                }
            }
        }
        boolean given = centres.length > 0;
        int features = given ? centres[0].length : settings.integer("features", 2, 1, 1 << 24);
        int classes = given ? centres.length : settings.integer("classes", 3, 2, 1_000_000);
        double[][] extra = GeneratorKeys.points(settings, "extra", features);
        int[] labels = GeneratorKeys.labels(settings, "extra-labels", extra.length);
        for (int label : labels) {
            if (label >= classes) {
                throw settings.wrong("extra-labels", "there are " + classes + " classes; expected numbers below that");
            }
        }
        return new Blobs(
                settings.integer("rows", 2000, 2, Integer.MAX_VALUE),
                classes,
                features,
                given ? 0 : SyntheticSource.atLeastZero(settings, "distance", 3.0),
                SyntheticSource.atLeastZero(settings, "deviation", 1.0),
                settings.integer("seed", 1),
                centres,
                extra,
                labels);
    }

    @Override
    public long rows() {
        return drawn + extra.length;
    }

    @Override
    public double make(long row, double[] values) {
        if (row >= drawn) {
            int at = (int) (row - drawn);
            System.arraycopy(extra[at], 0, values, 0, features);
            return extraLabels[at];
        }
        long drawnCentres = Mixing.key(seed, "centres");
        long key = Mixing.mix(Mixing.key(seed, "points"), row);
        int label = (int) (row % classes);
        for (int j = 0; j < features; j++) {
            double centre = centres.length > 0
                    ? centres[label][j]
                    : distance * Mixing.normal(Mixing.mix(drawnCentres, label, j));
            values[j] = centre + deviation * Mixing.normal(Mixing.mix(key, j));
        }
        return label;
    }
}
