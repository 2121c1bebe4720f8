package dev.lockstep.data;

import dev.lockstep.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a table can be written as, by the ending of its path. Plain text is not compressed, whatever a cluster
 * prefers.
 */
enum TableFormat {
    /** A header and a row a line; quoted where it must be, a quote inside doubled (RFC 4180). */
    CSV {
        @Override
        DataFrameWriter<Row> writer(SparkSession spark, JavaRDD<Row> rows, StructType schema) {
            List<String> names = List.of(schema.fieldNames());
            names.forEach(name -> TextCells.refuseLineBreak(name, "the name of a column"));
            StructType text = new StructType(
                    Arrays.stream(schema.fields()).map(TextCells::asText).toArray(StructField[]::new));
            return spark.createDataFrame(rows.map(row -> TextCells.of(row, names)), text)
                    .write()
                    .format("csv")
                    .option("header", true)
                    .option("escape", "\"")
                    .option("ignoreLeadingWhiteSpace", false)
                    .option("ignoreTrailingWhiteSpace", false)
                    .option("compression", "none")
                    .option("lineSep", "\n");
        }
    },

    PARQUET {
        @Override
        DataFrameWriter<Row> writer(SparkSession spark, JavaRDD<Row> rows, StructType schema) {
            return spark.createDataFrame(rows, schema).write().format("parquet").option("compression", "snappy");
        }
    },

    /** A label and a vector of features in each row; features are numbered from 1, zeros left out. */
    LIBSVM {
        @Override
        DataFrameWriter<Row> writer(SparkSession spark, JavaRDD<Row> rows, StructType schema) {
            StructType lines = new StructType().add("value", "string", false);
            return spark.createDataFrame(rows.map(TextCells::libsvm), lines)
                    .write()
                    .format("text")
                    .option("compression", "none")
                    .option("lineSep", "\n");
        }
    };

    private List<String> endings() {
        return switch (this) {
            case CSV -> List.of(".csv");
            case PARQUET -> List.of(".parquet");
            case LIBSVM -> List.of(".libsvm", ".svm");
        };
    }

    /** The word of {@code format} with which such a table is read. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A writer of the rows, one part file a partition. */
    abstract DataFrameWriter<Row> writer(SparkSession spark, JavaRDD<Row> rows, StructType schema);

    /**
     * The format that a path's ending names.
     *
     * @throws InputException if it names none of the accepted ones
     */
    static TableFormat of(String path, List<TableFormat> accepted) {
        String name = new Path(path).getName().toLowerCase(Locale.ROOT);
        return accepted.stream()
                .filter(format -> format.endings().stream().anyMatch(name::endsWith))
                .findFirst()
                .orElseThrow(() -> new InputException(path + ": the ending says how to write it; expected "
                        + accepted.stream()
                                .flatMap(format -> format.endings().stream())
                                .collect(Collectors.joining(", "))));
    }
}
