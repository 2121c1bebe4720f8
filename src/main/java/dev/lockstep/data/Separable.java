package dev.lockstep.data;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Mixing;

/**
 * Classes that hyperplanes through the origin separate, with a margin: the field of the perceptron's theorem.
 *
 * <p>Class c is where w_c · x is the largest; w_0 … w_(C-1) are the corners of a regular simplex around the origin,
 * of edge sqrt 2, turned at random. A normal point is mirrored into the region of its class and then moved away from
 * all of the region's borders by the margin, along w_c. So every point is at least the margin away from every
 * hyperplane between its class and another, up to rounding.
 *
 * @param rows number of points, shared out among the classes in turn
 * @param features number of dimensions, at least one less than there are classes
 * @param margin distance to the nearest hyperplane, at least; 0 for none
 * @param seed decides the points
 * @param corners w_c, one row a class; decided by {@code teacher-seed}, so that training and test rows can share them
 */
record Separable(long rows, int features, double margin, long seed, double[][] corners) implements Generator {
    private static final int MOST_CLASSES = 100;
    private static final int MOST_FEATURES = 100_000;

    static Separable read(Settings settings) {
        int classes = settings.integer("classes", 2, 2, MOST_CLASSES);
        int features = settings.integer("features", Math.max(2, classes - 1), 1, MOST_FEATURES);
        if (features < classes - 1) {
            throw settings.wrong(
                    "features", "expected at least " + (classes - 1) + ", one less than there are classes");
        }
        return new Separable(
                GeneratorKeys.rows(settings),
                features,
                SyntheticSource.atLeastZero(settings, "margin", 0.1),
                GeneratorKeys.seed(settings),
                corners(classes, features, GeneratorKeys.teacherSeed(settings)));
    }

    /**
     * Corner c has the coordinates of column c of Helmert's matrix along directions that are orthogonal to each
     * other.
     */
    private static double[][] corners(int classes, int features, long seed) {
        double[][] directions = new double[classes - 1][features];
        double[][] corners = new double[classes][features];
        for (int k = 1; k < classes; k++) {
            double[] direction = directions[k - 1];
            RandomNetwork.draw(direction, Mixing.mix(Mixing.key(seed, "corners"), k));
            // Twice: what rounding leaves of the others after the first time is gone after the second.
            for (int time = 0; time < 2; time++) {
                for (int other = 0; other < k - 1; other++) {
                    add(direction, -dot(direction, directions[other]), directions[other]);
                }
                scale(direction, 1 / StrictMath.sqrt(dot(direction, direction)));
            }
            double entry = 1 / StrictMath.sqrt((double) k * (k + 1));
            for (int c = 0; c < k; c++) {
                add(corners[c], entry, direction);
            }
            add(corners[k], -k * entry, direction);
        }
        return corners;
    }

    private static double dot(double[] x, double[] y) {
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
            sum += x[j] * y[j];
        }
        return sum;
    }

    private static void add(double[] to, double factor, double[] x) {
        for (int j = 0; j < to.length; j++) {
            to[j] += factor * x[j];
        }
    }

    private static void scale(double[] x, double factor) {
        for (int j = 0; j < x.length; j++) {
            x[j] *= factor;
        }
    }

    @Override
    public int classes() {
        return corners.length;
    }

    @Override
    public double make(long row, double[] values) {
        RandomNetwork.draw(values, Mixing.mix(Mixing.key(seed, "separable"), row));
        int label = (int) (row % corners.length);
        double[] scores = new double[corners.length];
        for (int c = 0; c < scores.length; c++) {
            scores[c] = dot(corners[c], values);
        }
        int found = Scores.largest(scores);
        if (found != label) {
            // The mirror between two corners exchanges their regions; the square of their distance is 2.
            double difference = scores[found] - scores[label];
            add(values, -difference, corners[found]);
            add(values, difference, corners[label]);
        }
        add(values, margin * StrictMath.sqrt(2), corners[label]);
        return label;
    }
}
