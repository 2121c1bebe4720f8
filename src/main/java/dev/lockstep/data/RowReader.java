package dev.lockstep.data;

import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;

/** The rows of a slice, one after the other; what it gives for a row is reused for the next. */
public interface RowReader extends Closeable {
    /** Moves to the next row, good or bad; false if there is none. */
    boolean next() throws IOException;

    /** Where the row lies in its file: a byte offset in text, a row number elsewhere. */
    long position();

    /** What is wrong with the row (which column, what it holds, what was expected), or null if it is good. */
    String problem();

    /**
     * The numbers of all columns that are no categories, column after column; NaN for a missing one that is to be filled
     * in. Valid until the next row.
     */
    double[] features();

    /**
     * The cell of a column of categories as text; null if it is missing.
     *
     * @param index among the columns of categories
     */
    default String category(int index) {
        throw new UnsupportedOperationException("this source has no categories");
    }

    /** The label as text, where labels are classes. */
    String label();

    /** A target, where labels are numbers. */
    double target(int index);

    /** The row's weight, 1 where the source has none. */
    default double weight() {
        return 1.0;
    }

    /** Whether the source gives weights. */
    default boolean hasWeights() {
        return false;
    }

    /** Whether what is wrong with the row is only that a value is missing, and the source's settings allow for that. */
    default boolean lacksValue() {
        return false;
    }

    /**
     * The row's cells as they are, to be kept beside a prediction: values of the types of {@link Source#schema}, in a new
     * array. Of sources that are no tables the features.
     */
    default Object[] cells() {
        return Arrays.stream(features()).boxed().toArray();
    }

    /** How many rows were left out so far because a value was missing, as the source's settings ask. */
    default long leftOut() {
        return 0;
    }
}
