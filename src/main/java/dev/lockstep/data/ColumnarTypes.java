package dev.lockstep.data;

import dev.lockstep.InputException;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.orc.TypeDescription;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.execution.datasources.orc.OrcUtils;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.sql.types.UserDefinedType;

/** Types of the columns of Parquet and ORC files: what a file says, what several say together, and what we make of it. */
final class ColumnarTypes {
    /** Where Spark leaves its own types, which Parquet has no words for. */
    private static final String SPARK_TYPES = "org.apache.spark.sql.parquet.row.metadata";

    private ColumnarTypes() {}

    /** The columns of a Parquet file, from its foot. */
    static StructType ofParquet(String name, Configuration hadoop) throws IOException {
        refuseOther(name, "PAR1", "a Parquet", hadoop);
        try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(new Path(name), hadoop))) {
            FileMetaData meta = reader.getFileMetaData();
            String own = meta.getKeyValueMetaData().get(SPARK_TYPES);
            return own != null
                    ? (StructType) DataType.fromJson(own)
                    : new ParquetToSparkSchemaConverter(new SQLConf()).convert(meta.getSchema());
        }
    }

    /** The columns of an ORC file, from its foot. */
    static StructType ofOrc(String name, Configuration hadoop) throws IOException {
        refuseOther(name, "ORC", "an ORC", hadoop);
        scala.Option<TypeDescription> type = OrcUtils.readSchema(new Path(name), hadoop, false);
        if (type.isEmpty()) {
            throw new InputException(Files.local(name) + ": an ORC file without columns");
        }
        return OrcUtils.toCatalystSchema(type.get());
    }

    private static void refuseOther(String name, String head, String kind, Configuration hadoop) throws IOException {
        if (!Files.head(new Path(name), hadoop).startsWith(head)) {
            throw new InputException(Files.local(name) + ": not " + kind
                    + " file (it begins otherwise); check format, or leave the file out by a glob");
        }
    }

    /** The columns of the first schema, with types that hold the numbers of all of them. */
    static StructType widest(List<StructType> schemas) {
        StructType widest = new StructType();
        for (StructField field : schemas.get(0).fields()) {
            DataType type = field.dataType();
            for (StructType other : schemas) {
                if (Arrays.asList(other.fieldNames()).contains(field.name())) {
                    type = wider(type, other.apply(field.name()).dataType());
                }
            }
            widest = widest.add(field.name(), type, true, field.metadata());
        }
        return widest;
    }

    /** A type for the numbers of two; the first where they are no numbers, or the same. */
    private static DataType wider(DataType one, DataType other) {
        if (one.equals(other) || type(one) != type(other)) {
            return one;
        }
        return switch (type(one)) {
            case NUMBER ->
                one instanceof IntegralType && other instanceof IntegralType
                        ? DataTypes.LongType
                        : DataTypes.DoubleType;
            case VECTOR ->
                one instanceof ArrayType && other instanceof ArrayType
                        ? DataTypes.createArrayType(DataTypes.DoubleType)
                        : one;
            default -> one;
        };
    }

    /** What the cells of a column of a type hold. */
    static Table.Type type(DataType type) {
        if (isVector(type)) {
            return Table.Type.VECTOR;
        }
        if (type instanceof NumericType || type instanceof BooleanType) {
            return Table.Type.NUMBER;
        }
        if (type instanceof StringType) {
            return Table.Type.TEXT;
        }
        if (type instanceof DateType || type instanceof TimestampType || type instanceof TimestampNTZType) {
            return Table.Type.TIME;
        }
        return Table.Type.OTHER;
    }

    /** A list of numbers, or a vector of Spark's ML, by its name or as it lies in a file: kind, size, indices, values. */
    private static boolean isVector(DataType type) {
        if (type instanceof ArrayType array) {
            return array.elementType() instanceof NumericType;
        }
        if (type instanceof UserDefinedType<?> own) {
            return type.equals(SQLDataTypes.VectorType()) || isVector(own.sqlType());
        }
        return type instanceof StructType structure
                && Arrays.equals(structure.fieldNames(), new String[] {"type", "size", "indices", "values"});
    }

    /** The word for a type in messages. */
    static String word(DataType type) {
        return type instanceof UserDefinedType<?> ? "vector" : type.catalogString();
    }
}
