package dev.lockstep.data;

import com.fasterxml.jackson.core.io.NumberOutput;
import dev.lockstep.InputException;
import java.util.List;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/** Values of a table as text that every reader takes for the same values. */
final class TextCells {
    private TextCells() {}

    /** The shortest decimal that parses to the same double: by the same algorithm on every JDK, unlike Java's own. */
    static String number(double value) {
        return NumberOutput.toString(value, true);
    }

    /** A column as it is handed to the writer of text: fractions as text, everything else as it is. */
    static StructField asText(StructField field) {
        boolean isFraction = field.dataType().equals(DataTypes.DoubleType)
                || field.dataType().equals(DataTypes.FloatType);
        return isFraction ? new StructField(field.name(), DataTypes.StringType, true, Metadata.empty()) : field;
    }

    /** A row as {@link #asText} says. */
    static Row of(Row row, List<String> names) {
        Object[] cells = new Object[row.size()];
        for (int i = 0; i < cells.length; i++) {
            Object value = row.get(i);
            if (value instanceof Double number) {
                cells[i] = number(number);
            } else if (value instanceof Float number) {
                cells[i] = NumberOutput.toString(number, true);
            } else {
                cells[i] = value instanceof String text
                        ? refuseLineBreak(text, "a value of the column " + names.get(i))
                        : value;
            }
        }
        return RowFactory.create(cells);
    }

    /** A text without line breaks: a file with one row a line has no place for them. */
    static String refuseLineBreak(String text, String what) {
        if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            throw new InputException(
                    what + " holds a line break, which .csv with one row a line cannot; write .parquet: "
                            + text.strip().lines().findFirst().orElse(""));
        }
        return text;
    }

    /** A label and a vector of features as a line of LIBSVM's format. */
    static Row libsvm(Row row) {
        StringBuilder line = new StringBuilder();
        Object label = row.get(0);
        line.append(label instanceof Double number ? number(number) : label.toString());
        SparseVector features = row.<Vector>getAs(1).toSparse();
        for (int i = 0; i < features.values().length; i++) {
            line.append(' ').append(features.indices()[i] + 1).append(':').append(number(features.values()[i]));
        }
        return RowFactory.create(line.toString());
    }
}
