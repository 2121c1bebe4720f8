package dev.lockstep.data;

import dev.lockstep.InputException;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.Function;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StringType;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;

/** The rows of a piece of a Parquet or ORC file, as Spark gives them. */
final class ColumnarCells implements Table.Cells {
    private final DataType[] types;
    private final DataType[] kept;
    private final boolean hasRowIndex;
    private final Iterator<InternalRow> rows;
    private final Function<RuntimeException, InputException> unreadable;
    private InternalRow row;
    private long count = -1;

    /**
     * @param types of the columns in this file
     * @param kept of the columns in all files together, for {@link #value}
     * @param hasRowIndex whether the row's number in the file stands behind the columns; else the piece is the file, and rows
     *     are counted
     * @param unreadable what it means that the rows cannot be read
     */
    ColumnarCells(
            DataType[] types,
            DataType[] kept,
            boolean hasRowIndex,
            Iterator<InternalRow> rows,
            Function<RuntimeException, InputException> unreadable) {
        this.types = types;
        this.kept = kept;
        this.hasRowIndex = hasRowIndex;
        this.rows = rows;
        this.unreadable = unreadable;
    }

    @Override
    public boolean next() {
        try {
            if (!rows.hasNext()) {
                return false;
            }
            row = rows.next();
            count++;
            return true;
        } catch (RuntimeException e) {
            throw unreadable.apply(e);
        }
    }

    @Override
    public long position() {
        return hasRowIndex ? row.getLong(types.length) : count;
    }

    @Override
    public String problem() {
        return null;
    }

    @Override
    public boolean isMissing(int column) {
        if (row.isNullAt(column)) {
            return true;
        }
        DataType type = types[column];
        return (type.equals(DataTypes.DoubleType) && Double.isNaN(row.getDouble(column)))
                || (type.equals(DataTypes.FloatType) && Float.isNaN(row.getFloat(column)));
    }

    @Override
    public double number(int column) {
        return row.isNullAt(column) ? Double.NaN : number(row, column, types[column]);
    }

    private static double number(SpecializedGetters cells, int at, DataType type) {
        if (type.equals(DataTypes.DoubleType)) {
            return Numbers.finite(cells.getDouble(at));
        }
        if (type.equals(DataTypes.LongType)) {
            return cells.getLong(at);
        }
        if (type.equals(DataTypes.IntegerType)) {
            return cells.getInt(at);
        }
        if (type.equals(DataTypes.FloatType)) {
            return Numbers.finite(cells.getFloat(at));
        }
        if (type.equals(DataTypes.ShortType)) {
            return cells.getShort(at);
        }
        if (type.equals(DataTypes.ByteType)) {
            return cells.getByte(at);
        }
        if (type.equals(DataTypes.BooleanType)) {
            return cells.getBoolean(at) ? 1.0 : 0.0;
        }
        if (type instanceof DecimalType decimal) {
            return cells.getDecimal(at, decimal.precision(), decimal.scale()).toDouble();
        }
        return type instanceof StringType
                ? Numbers.parse(cells.getUTF8String(at).toString().strip())
                : Double.NaN;
    }

    @Override
    public String text(int column) {
        if (row.isNullAt(column)) {
            return null;
        }
        DataType type = types[column];
        if (type instanceof StringType) {
            return row.getUTF8String(column).toString();
        }
        if (type.equals(DataTypes.DoubleType)) {
            return Numbers.text(row.getDouble(column));
        }
        if (type.equals(DataTypes.FloatType)) {
            return Numbers.text(row.getFloat(column));
        }
        return type instanceof DecimalType decimal
                ? row.getDecimal(column, decimal.precision(), decimal.scale()).toString()
                : String.valueOf(value(column));
    }

    @Override
    public int vector(int column, double[] target, int from, int width) {
        if (types[column] instanceof ArrayType array) {
            return list(row.getArray(column), array.elementType(), target, from, width);
        }
        // Spark's vector: 1 and all values, or 0 and a size, places and values of those that are not 0.
        InternalRow vector = row.getStruct(column, 4);
        ArrayData values = vector.getArray(3);
        if (vector.getByte(0) == 1) {
            return list(values, DataTypes.DoubleType, target, from, width);
        }
        int size = vector.getInt(1);
        if (size != width) {
            return size;
        }
        Arrays.fill(target, from, from + width, 0.0);
        ArrayData places = vector.getArray(2);
        for (int i = 0; i < values.numElements(); i++) {
            target[from + places.getInt(i)] = Numbers.finite(values.getDouble(i));
        }
        return size;
    }

    private static int list(ArrayData list, DataType type, double[] target, int from, int width) {
        int size = list.numElements();
        for (int i = 0; size == width && i < size; i++) {
            target[from + i] = list.isNullAt(i) ? Double.NaN : number(list, i, type);
        }
        return size;
    }

    @Override
    public Object value(int column) {
        if (row.isNullAt(column)) {
            return null;
        }
        DataType type = types[column];
        if (type.equals(kept[column])) {
            // The row is used again for the next one; what is made here is not.
            return CatalystTypeConverters.convertToScala(row.get(column, type), type);
        }
        if (type instanceof ArrayType array) {
            return doubles(row.getArray(column), array.elementType());
        }
        double number = number(row, column, type);
        return kept[column].equals(DataTypes.LongType) ? (Object) (long) number : (Object) number;
    }

    /** A list of numbers of any type as one of doubles; null stays null. */
    private static Object doubles(ArrayData list, DataType type) {
        Double[] numbers = new Double[list.numElements()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.isNullAt(i) ? null : (Double) number(list, i, type);
        }
        return CollectionConverters.asScala(Arrays.asList(numbers)).toSeq();
    }

    @Override
    public void close() throws IOException {
        if (rows instanceof Closeable closeable) {
            closeable.close();
        }
    }
}
