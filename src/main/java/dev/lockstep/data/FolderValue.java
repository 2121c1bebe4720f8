package dev.lockstep.data;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * What a folder's name says of a column.
 *
 * @param number what it is as a number; NaN if it is none
 * @param text what it is as text; null if there is no value
 * @param value the same as a value of Spark's; null if there is none
 */
record FolderValue(double number, String text, Object value) {
    /** What the folders of a column hold: the first of these that all of them are. As Spark finds it, but for times of day. */
    enum Kind {
        /** Whole numbers, {@code 01} is 1. */
        WHOLE,
        NUMBER,
        DATE,
        TEXT;

        /** The kind of values of which some may be null. */
        static Kind of(List<String> values) {
            List<String> present =
                    values.stream().filter(Objects::nonNull).distinct().toList();
            if (present.isEmpty()) {
                return TEXT;
            }
            if (present.stream().allMatch(value -> parses(Long::parseLong, value))) {
                return WHOLE;
            }
            if (present.stream().noneMatch(value -> Double.isNaN(Numbers.parse(value)))) {
                return NUMBER;
            }
            return present.stream().allMatch(value -> parses(LocalDate::parse, value)) ? DATE : TEXT;
        }

        private static boolean parses(Function<String, Object> parser, String value) {
            try {
                return parser.apply(value) != null;
            } catch (NumberFormatException | DateTimeParseException e) {
                return false;
            }
        }

        Table.Type type() {
            return switch (this) {
                case WHOLE, NUMBER -> Table.Type.NUMBER;
                case DATE -> Table.Type.TIME;
                case TEXT -> Table.Type.TEXT;
            };
        }

        /** The word for it in messages. */
        String word() {
            return this == DATE ? "date" : spark().catalogString();
        }

        /** The type of {@link FolderValue#value}; a date stays text. */
        DataType spark() {
            return switch (this) {
                case WHOLE -> DataTypes.LongType;
                case NUMBER -> DataTypes.DoubleType;
                case DATE, TEXT -> DataTypes.StringType;
            };
        }
    }

    static FolderValue of(String said, Kind kind) {
        if (said == null) {
            return new FolderValue(Double.NaN, null, null);
        }
        return switch (kind) {
            case WHOLE -> {
                long whole = Long.parseLong(said);
                yield new FolderValue(whole, Long.toString(whole), whole);
            }
            case NUMBER -> {
                double number = Numbers.parse(said);
                yield new FolderValue(number, Numbers.text(number), number);
            }
            case DATE, TEXT -> new FolderValue(Numbers.parse(said), said, said);
        };
    }
}
