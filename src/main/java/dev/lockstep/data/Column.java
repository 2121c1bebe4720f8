package dev.lockstep.data;

import java.io.Serializable;

/**
 * A column of a source that becomes one feature or several.
 *
 * @param name of the column
 * @param kind what its cells hold
 * @param width how many numbers a cell holds; 1 but for vectors; 0 for categories, whose number of features follows from
 *     the rows
 */
public record Column(String name, Kind kind, int width) implements Serializable {
    /** What a cell holds. */
    public enum Kind {
        /** One number. */
        NUMBER,
        /** A fixed number of numbers: a vector or array. */
        VECTOR,
        /** One of several words, to be one-hot encoded. */
        CATEGORY
    }

    static Column number(String name) {
        return new Column(name, Kind.NUMBER, 1);
    }

    static Column vector(String name, int width) {
        return new Column(name, Kind.VECTOR, width);
    }

    static Column category(String name) {
        return new Column(name, Kind.CATEGORY, 0);
    }
}
