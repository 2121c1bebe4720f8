package dev.lockstep.data;

import dev.lockstep.Settings;

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
