package dev.lockstep.data;

import dev.lockstep.Settings;
import java.util.List;

/** Keys that several generators share, so that they mean the same in each. */
final class GeneratorKeys {
    private static final long MOST_ROWS = 10_000_000_000L;
    private static final int MOST_CLASSES = 1000;

    private GeneratorKeys() {}

    /** The number of rows, 2,000 if nothing is said. */
    static long rows(Settings settings) {
        long rows = settings.integer("rows", 2000);
        if (rows < 1 || rows > MOST_ROWS) {
            throw settings.wrong("rows", "expected a whole number from 1 to " + MOST_ROWS);
        }
        return rows;
    }

    /** The seed that draws the rows: training and test rows have different ones. */
    static long seed(Settings settings) {
        return settings.integer("seed", 1);
    }

    /**
     * The seed that draws what is to be learnt: training and test rows have the same one, so it is no part of the
     * seed.
     */
    static long teacherSeed(Settings settings) {
        return settings.integer("teacher-seed", 1);
    }

    /**
     * Classes of rows that are written out: whole numbers from 0.
     *
     * @param count how many are expected, one a row
     */
    static int[] labels(Settings settings, String key, int count) {
        List<Double> given = settings.numbers(key);
        if (given.size() != count || given.stream().anyMatch(label -> !isClass(label))) {
            throw settings.wrong(
                    key,
                    "expected a whole number from 0 to " + (MOST_CLASSES - 1) + " for each of " + count
                            + (count == 1 ? " row" : " rows"));
        }
        return given.stream().mapToInt(Double::intValue).toArray();
    }

    private static boolean isClass(double label) {
        return label == Math.rint(label) && label >= 0 && label < MOST_CLASSES;
    }

    /**
     * Rows of numbers that are written out, all of one width; empty if the key is not there.
     *
     * @param width how many numbers each shall have; 0 for as many as the first
     */
    static double[][] points(Settings settings, String key, int width) {
        List<List<Double>> given = settings.rows(key);
        int expected = width > 0 || given.isEmpty() ? width : given.get(0).size();
        if (given.stream().anyMatch(point -> point.size() != expected || point.isEmpty())) {
            throw settings.wrong(
                    key,
                    "expected a list of rows of "
                            + (expected == 0
                                    ? "at least one number"
                                    : expected == 1 ? "one number" : expected + " numbers")
                            + " each, such as [[0, 1], [2, 3]]");
        }
        return given.stream()
                .map(point -> point.stream().mapToDouble(Double::doubleValue).toArray())
                .toArray(double[][]::new);
    }

    /** The standard deviation of normal noise. */
    static double noise(Settings settings, double otherwise) {
        return SyntheticSource.atLeastZero(settings, "noise", otherwise);
    }

    /** The number of classes, 2 if nothing is said; 0 if labels are numbers. */
    static int classesOrNumbers(Settings settings) {
        int classes = settings.integer("classes", 2, 0, MOST_CLASSES);
        if (classes == 1) {
            throw settings.wrong("classes", "expected 0 for numbers, or at least 2 classes");
        }
        return classes;
    }
}
