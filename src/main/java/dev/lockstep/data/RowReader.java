package dev.lockstep.data;

import java.io.Closeable;
import java.io.IOException;

/** The rows of a slice, one after the other; what it gives for a row is reused for the next. */
public interface RowReader extends Closeable {
    /** Moves to the next row, good or bad; false if there is none. */
    boolean next() throws IOException;

    /** Where the row lies in its file: a byte offset in text, a row number elsewhere. */
    long position();

    /** What is wrong with the row (which column, what it holds, what was expected), or null if it is good. */
    String problem();

    /** The features; valid until the next row. */
    double[] features();

    /** The label as text, where labels are classes. */
    String label();

    /** A target, where labels are numbers. */
    double target(int index);

    /** The row's weight, 1 where the source has none. */
    double weight();

    /** Whether the source gives weights. */
    boolean hasWeights();
}
