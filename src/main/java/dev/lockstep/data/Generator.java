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

    /** Number of classes; 0 if labels are numbers. */
    int classes();

    /** Number of columns of numbers to be learnt, where the loss is one for numbers. */
    default int targets() {
        return 1;
    }

    /**
     * Makes a row.
     *
     * @param row its number
     * @param features receives the features
     * @return its class from 0, or its first target
     */
    double make(long row, double[] features);

    /**
     * The numbers to be learnt of a row: the label itself, unless there are others.
     *
     * @param row its number
     * @param features as {@link #make} gave them
     * @param label as it gave it
     * @param targets receives them, [targets]
     */
    default void targets(long row, double[] features, double label, double[] targets) {
        targets[0] = label;
    }
}
