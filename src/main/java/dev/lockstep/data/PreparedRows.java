package dev.lockstep.data;

import dev.lockstep.InputException;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Rows without labels, in their order, one after the other: nothing is counted before, nothing is kept.
 *
 * @param rows one partition a piece of the source; pieces are in the order of the rows
 * @param schema of the rows' cells
 * @param files where the rows come from; names of generators are no files
 * @param bad counts bad rows; a task that is tried again counts again
 */
public record PreparedRows(JavaRDD<PreparedRow> rows, StructType schema, List<String> files, LongAccumulator bad) {
    /**
     * How rows become the features that a network was trained on.
     *
     * @param encoding of the columns
     * @param scale factor on every feature
     * @param preparation after scaling
     */
    public record Treatment(Encoding encoding, double scale, Preparation preparation) implements Serializable {}

    /**
     * Opens a source.
     *
     * @param rules with {@code skipBad}, a bad row is given without features; else it is an error
     * @throws InputException if the source cannot be read, or its columns are not those that were trained on
     */
    public static PreparedRows of(JavaSparkContext spark, Source source, Treatment treatment, Scan.Rules rules) {
        return of(spark, source, treatment, rules, Scan.cut(spark));
    }

    /** The same with slices of a size of choice. */
    static PreparedRows of(
            JavaSparkContext spark, Source source, Treatment treatment, Scan.Rules rules, Source.Cut cut) {
        Source.Listing listing = Scan.list(spark.hadoopConfiguration(), source, cut);
        List<Column> columns =
                listing.features() != null ? listing.features() : source.columns(treatment.encoding.width());
        SameColumns.check(treatment.encoding.columns(), columns);
        List<List<Slice>> pieces = Scan.group(listing.slices(), cut);
        if (pieces.isEmpty()) {
            throw new InputException("the data has no rows: no files");
        }
        treatment.preparation.refuseUnfilled(source);
        LongAccumulator bad = spark.sc().longAccumulator("bad rows");
        Broadcast<SerializableConfiguration> hadoop =
                spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
        JavaRDD<PreparedRow> rows = source.share(spark, pieces, hadoop)
                .flatMap(share -> new Rows(
                        share, source, treatment, rules, bad, hadoop.value().value()));
        List<String> files =
                listing.slices().stream().map(Slice::file).distinct().toList();
        return new PreparedRows(rows, source.schema(columns), files, bad);
    }

    /** The rows of a piece. */
    private static final class Rows implements Iterator<PreparedRow> {
        private final Iterator<Slice> slices;
        private final Source.Opening opening;
        private final Source source;
        private final Treatment treatment;
        private final Scan.Rules rules;
        private final LongAccumulator bad;
        private final Configuration hadoop;
        private Slice slice;
        private RowReader reader;
        private boolean isAhead;

        Rows(
                Source.Share<List<Slice>> share,
                Source source,
                Treatment treatment,
                Scan.Rules rules,
                LongAccumulator bad,
                Configuration hadoop) {
            this.slices = share.work().iterator();
            this.opening = share.opening();
            this.source = source;
            this.treatment = treatment;
            this.rules = rules;
            this.bad = bad;
            this.hadoop = hadoop;
        }

        @Override
        public boolean hasNext() {
            try {
                while (!isAhead && (reader != null || slices.hasNext())) {
                    if (reader == null) {
                        slice = slices.next();
                        reader = opening.open(slice, false);
                    }
                    isAhead = reader.next();
                    if (!isAhead) {
                        reader.close();
                        reader = null;
                    }
                }
                return isAhead;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public PreparedRow next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            isAhead = false;
            String problem = Scan.problem(reader, treatment.encoding, rules.ignoreUnknown(), null);
            if (problem == null) {
                double[] features = new double[treatment.encoding.width()];
                treatment.encoding.encode(reader, features);
                for (int j = 0; j < features.length; j++) {
                    features[j] *= treatment.scale;
                }
                treatment.preparation.apply(features);
                return new PreparedRow(reader.cells(), features);
            }
            if (!rules.skipBad() && !reader.lacksValue()) {
                ScanTask.Bad row = new ScanTask.Bad(slice.file(), reader.position(), problem);
                throw new InputException(row.describe(source, hadoop)
                        + "; set on-bad-row = skip to leave such rows without a prediction");
            }
            bad.add(1);
            return new PreparedRow(reader.cells(), null);
        }
    }
}
