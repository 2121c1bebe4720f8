package dev.lockstep.data;

import java.io.Serializable;

/**
 * Rows out of nothing: each one a function of its number, the same on every machine. Adding one is a file, and a
 * line in {@link SyntheticSource}.
 */
interface Generator extends Serializable {
    /** Number of features. */
    int features();

    /** Number of rows. */
    long rows();

    /** Whether labels are classes; else they are numbers. */
    boolean hasClasses();

    /**
     * Makes a row.
     *
     * @param row its number
     * @param features receives the features
     * @return its class from 0, or its target
     */
    double make(long row, double[] features);
}
