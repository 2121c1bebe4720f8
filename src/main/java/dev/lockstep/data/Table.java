package dev.lockstep.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A format whose rows are cells under named columns. What the columns mean (label, features, weight) and which cells are
 * good is not its business but {@link TableSource}'s.
 */
interface Table extends Serializable {
    /** What the cells of a column hold. */
    enum Type {
        /** Text of which some may stand for numbers: nobody says which. */
        ANY,
        /** Numbers or truth values. */
        NUMBER,
        TEXT,
        /** Vectors or arrays of numbers. */
        VECTOR,
        /** Dates and times. */
        TIME,
        /** Maps, structures, binary data: nothing that can be learnt from. */
        OTHER
    }

    /**
     * A column.
     *
     * @param name unique in the table
     * @param type of its cells
     * @param width numbers of a vector; else 1
     * @param kind the format's own word for the type, for messages
     */
    record Field(String name, Type type, int width, String kind) implements Serializable {}

    /**
     * A table as it lies there.
     *
     * @param fields all columns, in order
     * @param named whether the names are the table's own; else they are numbers from 0
     * @param slices in the order of the rows
     * @param numbered how many of the fields may be called by their number, the first ones
     */
    record Layout(List<Field> fields, boolean named, List<Slice> slices, int numbered) {
        Layout(List<Field> fields, boolean named, List<Slice> slices) {
            this(fields, named, slices, fields.size());
        }
    }

    /** Lists the files, looks at their heads and cuts them. Runs on the driver. */
    Layout look(Configuration hadoop, Source.Cut cut) throws IOException;

    /** All columns with the types of {@link Cells#value}; text, where the format has no types of its own. */
    default StructType schema(Layout layout) {
        StructType schema = new StructType();
        for (Field field : layout.fields()) {
            schema = schema.add(field.name(), DataTypes.StringType);
        }
        return schema;
    }

    /**
     * Says which columns {@link #open} shall read, by their numbers in the layout. Runs on the driver, after looking.
     *
     * @param all whether the layout's columns are meant to be all: a row that has others is wrong
     */
    void select(int[] columns, boolean all);

    /** Opens a slice. Runs on an executor. */
    Cells open(Slice slice, Configuration hadoop) throws IOException;

    /**
     * The rows, where Spark hands them out and no slice can be opened: one partition a slice, in order, each with its rows as one
     * element. Null where slices are opened. Runs on the driver, after selecting.
     */
    default JavaRDD<Cells> handedOut() {
        return null;
    }

    /** Where a row lies, for a person. */
    String describe(String file, long position, Configuration hadoop) throws IOException;

    /** Where the table lies, for a person: its paths. */
    String place();

    /** The rows of a slice. Columns are counted among the selected ones; cells are valid until the next row. */
    interface Cells extends Closeable {
        /** Moves to the next row; false if there is none. */
        boolean next() throws IOException;

        /** Where the row lies in its file: a byte offset in text, a row number elsewhere. */
        long position();

        /** What is wrong with the row as a whole, or null. */
        String problem();

        /** Whether the cell is empty or says in so many words that there is no value. */
        boolean isMissing(int column);

        /** The finite number that the cell holds, or NaN. */
        double number(int column);

        /** The cell as text; a whole number has no point. */
        String text(int column);

        /**
         * Copies the numbers of a vector; those that are not finite as NaN.
         *
         * @return how many there are; only that if it is not the width that was expected
         */
        int vector(int column, double[] target, int from, int width);

        /** The cell as a value of Spark's, to be written again; null if there is none. */
        Object value(int column);
    }
}
