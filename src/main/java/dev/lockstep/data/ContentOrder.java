package dev.lockstep.data;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeProjection;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.types.DataType;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;

/**
 * An order of rows that depends on nothing but what they hold: that of a hash of their content, 128 bits of SHA-256. Rows
 * that hold the same cannot be told apart, so it does not matter which comes first; rows that hold other things have the same
 * hash with a probability of about n^2 / 2^129.
 *
 * <p>The content of a row is Spark's packed form of it, in which it compares rows itself where it groups by them: equal values
 * of equal types are equal bytes.
 */
final class ContentOrder {
    private static final int HASH_BYTES = 16;

    private ContentOrder() {}

    /**
     * Sorts rows; a shuffle.
     *
     * @param rows of columns of the types
     * @param partitions of the result, of about the same size where rows differ: each has its range of hashes, in order
     * @return the rows in packed form
     */
    static JavaRDD<byte[]> sort(JavaRDD<InternalRow> rows, DataType[] types, int partitions) {
        return rows.mapPartitionsToPair(ofPartition -> {
                    UnsafeProjection packed = UnsafeProjection.create(types);
                    MessageDigest digest = digest();
                    return CollectionConverters.asJava(CollectionConverters.asScala(ofPartition)
                            .map(row -> {
                                // The projection writes all rows into one place.
                                byte[] bytes = packed.apply(row).copy().getBytes();
                                return new Tuple2<>(Arrays.copyOf(digest.digest(bytes), HASH_BYTES), bytes);
                            }));
                })
                .repartitionAndSortWithinPartitions(new ByHash(partitions), new Unsigned())
                .values();
    }

    /** Rows out of their packed form; one is used again for the next. */
    static scala.collection.Iterator<InternalRow> rows(Iterator<byte[]> packed, int columns) {
        UnsafeRow row = new UnsafeRow(columns);
        return CollectionConverters.asScala(packed).map(bytes -> {
            row.pointTo(bytes, bytes.length);
            return row;
        });
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static final class Unsigned implements Comparator<byte[]>, Serializable {
        @Override
        public int compare(byte[] one, byte[] other) {
            return Arrays.compareUnsigned(one, other);
        }
    }

    /** Ranges of hashes of the same size. */
    private static final class ByHash extends Partitioner {
        private final int partitions;

        ByHash(int partitions) {
            this.partitions = partitions;
        }

        @Override
        public int numPartitions() {
            return partitions;
        }

        @Override
        public int getPartition(Object hash) {
            long first = ByteBuffer.wrap((byte[]) hash).getInt() & 0xFFFFFFFFL;
            return (int) ((first * partitions) >>> Integer.SIZE);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ByHash that && that.partitions == partitions;
        }

        @Override
        public int hashCode() {
            return partitions;
        }
    }
}
