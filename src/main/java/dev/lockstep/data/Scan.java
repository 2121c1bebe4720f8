package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.linalg.Mixing;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * A first pass over a source: how many good rows each piece has (so that every row gets a number), which labels there are,
 * which rows are bad, and a fingerprint of it all. One Spark job; no row comes to the driver.
 */
public final class Scan {
    private final Source source;
    private final Source.Listing listing;
    private final List<Piece> pieces;
    private final Rules rules;
    private final Known learnt;
    private final Totals totals;

    /**
     * Slices that one task reads.
     *
     * @param slices in order
     * @param firstRow number of their first good row
     */
    record Piece(List<Slice> slices, long firstRow) implements Serializable {}

    /**
     * How rows are looked at.
     *
     * @param forClasses whether labels are classes
     * @param skipBad whether bad rows are left out; else the first one is an error
     * @param badRowLimit most share of bad rows that may be left out
     * @param ignoreUnknown whether an unknown category is none of the known ones; else its row is bad
     */
    public record Rules(boolean forClasses, boolean skipBad, double badRowLimit, boolean ignoreUnknown)
            implements Serializable {
        public static final double DEFAULT_BAD_ROW_LIMIT = 0.05;

        /** No bad row may be. */
        public static Rules strict(boolean forClasses) {
            return new Rules(forClasses, false, DEFAULT_BAD_ROW_LIMIT, false);
        }
    }

    /**
     * What is learnt from the training rows and holds for all others.
     *
     * @param classes null where targets are numbers
     * @param encoding of the columns
     */
    public record Known(Classes classes, Encoding encoding) implements Serializable {}

    /** Counts over all pieces. */
    private record Totals(
            long rows, long bad, List<String> samples, long leftOut, long fingerprint, boolean weighted) {}

    private Scan(Source source, Source.Listing listing, List<Piece> pieces, Rules rules, Known learnt, Totals totals) {
        this.source = source;
        this.listing = listing;
        this.pieces = pieces;
        this.rules = rules;
        this.learnt = learnt;
        this.totals = totals;
    }

    /**
     * Scans a source.
     *
     * @param known what was learnt from the training rows; null to learn it from these
     * @throws InputException if a row is bad and none may be, or if there is no row
     */
    public static Scan of(JavaSparkContext spark, Source source, Rules rules, Known known) {
        return of(spark, source, rules, known, cut(spark));
    }

    /** How an application cuts its sources. */
    static Source.Cut cut(JavaSparkContext spark) {
        long most = spark.getConf().getSizeAsBytes("spark.sql.files.maxPartitionBytes", "128m");
        return new Source.Cut(most, spark.defaultParallelism());
    }

    /** The same with slices of a size of choice. */
    static Scan of(JavaSparkContext spark, Source source, Rules rules, Known known, Source.Cut cut) {
        Configuration hadoop = spark.hadoopConfiguration();
        Source.Listing listing = list(hadoop, source, cut);
        if (rules.forClasses && listing.targets().size() > 1) {
            throw new InputException("the label has " + listing.targets().size() + " columns ("
                    + String.join(", ", listing.targets())
                    + "), but a loss for classes takes one; use network.loss = squared-error for numbers");
        }
        List<List<Slice>> groups = group(listing.slices(), cut);
        if (groups.isEmpty()) {
            throw new InputException("the data has no rows: " + place(listing));
        }
        Broadcast<SerializableConfiguration> shared = spark.broadcast(new SerializableConfiguration(hadoop));
        if (listing.features() == null) {
            int width = width(spark, source, groups, known, shared);
            listing = new Source.Listing(source.columns(width), listing.targets(), listing.slices());
        }
        if (known != null) {
            SameColumns.check(known.encoding.columns(), listing.features());
        }
        Source.Listing complete = listing;
        ScanTask task = new ScanTask(
                source, rules, known, complete.features(), listing.targets().size());
        List<ScanTask.Found> found =
                source.share(spark, groups, shared).map(task::scan).collect();
        shared.destroy();
        return join(task, complete, groups, found, hadoop);
    }

    /** The number of features of a source that does not say it. */
    private static int width(
            JavaSparkContext spark,
            Source source,
            List<List<Slice>> groups,
            Known known,
            Broadcast<SerializableConfiguration> shared) {
        if (known != null) {
            return known.encoding.width();
        }
        return spark
                .parallelize(groups, groups.size())
                .map(slices -> {
                    int most = 0;
                    for (Slice slice : slices) {
                        most = Math.max(most, source.width(slice, shared.value().value()));
                    }
                    return most;
                })
                .collect()
                .stream()
                .mapToInt(Integer::intValue)
                .max()
                .orElse(0);
    }

    static Source.Listing list(Configuration hadoop, Source source, Source.Cut cut) {
        try {
            return source.list(hadoop, cut);
        } catch (IOException e) {
            throw new InputException("the data cannot be read: " + e.getMessage(), e);
        }
    }

    /** Joins neighbouring small slices, so that ten thousand small files are not ten thousand tasks. */
    static List<List<Slice>> group(List<Slice> slices, Source.Cut cut) {
        long most = cut.bytes(slices.stream().mapToLong(Slice::bytes).sum());
        List<List<Slice>> groups = new ArrayList<>();
        List<Slice> group = new ArrayList<>();
        long bytes = 0;
        for (Slice slice : slices) {
            if (!group.isEmpty() && bytes + slice.bytes() > most) {
                groups.add(group);
                group = new ArrayList<>();
                bytes = 0;
            }
            group.add(slice);
            bytes += slice.bytes();
        }
        if (!group.isEmpty()) {
            groups.add(group);
        }
        return groups;
    }

    /** What is wrong with a row, here and in {@link Packing}, or null; encoding and classes are null until they are known. */
    static String problem(RowReader reader, Encoding encoding, boolean ignoreUnknown, Classes classes) {
        String problem = reader.problem();
        if (problem == null && encoding != null && !encoding.categories().isEmpty()) {
            problem = encoding.problem(reader, ignoreUnknown);
        }
        if (problem == null && classes != null && classes.indexOf(reader.label()) < 0) {
            return "the label \"" + reader.label() + "\" is none of the model's classes " + Names.some(classes.names());
        }
        return problem;
    }

    private static Scan join(
            ScanTask task,
            Source.Listing listing,
            List<List<Slice>> groups,
            List<ScanTask.Found> found,
            Configuration hadoop) {
        List<Piece> pieces = new ArrayList<>();
        Set<String> labels = new TreeSet<>();
        List<ScanTask.Bad> samples = new ArrayList<>();
        long rows = 0;
        long bad = 0;
        long leftOut = 0;
        long hash = 0;
        double weight = 0;
        for (int i = 0; i < groups.size(); i++) {
            ScanTask.Found piece = found.get(i);
            if (piece.refused() != null) {
                throw new InputException(piece.refused());
            }
            if (piece.bad() > 0 && !task.rules().skipBad) {
                throw new InputException(piece.samples().get(0).describe(task.source(), hadoop)
                        + "; set on-bad-row = skip to leave such rows out");
            }
            pieces.add(new Piece(groups.get(i), rows));
            rows += piece.rows();
            bad += piece.bad();
            piece.samples().stream()
                    .limit(ScanTask.MOST_SAMPLES - samples.size())
                    .forEach(samples::add);
            leftOut += piece.leftOut();
            hash = hash * piece.power() + piece.hash();
            labels.addAll(piece.labels());
            weight += piece.weight();
        }
        List<String> reasons = samples.stream()
                .map(sample -> sample.describe(task.source(), hadoop))
                .toList();
        refuseTooManyBad(task.rules(), rows, bad, reasons);
        if (rows == 0) {
            throw new InputException(place(listing) + ": the data has no "
                    + (leftOut > 0 ? "rows without a missing value (" + leftOut + " were left out)" : "rows"));
        }
        if (weight == 0) {
            throw new InputException(
                    place(listing) + ": the weights of all " + rows + " rows sum to 0; give rows positive weights");
        }
        if (labels.size() > ScanTask.MOST_LABELS) {
            throw new InputException("column " + listing.targets().get(0) + " has more than " + ScanTask.MOST_LABELS
                    + " different labels; to learn a number, use network.loss = squared-error");
        }
        Known learnt = task.known() != null
                ? task.known()
                : new Known(
                        task.rules().forClasses ? Classes.of(labels) : null,
                        new Encoding(listing.features(), categories(listing.features(), found)));
        boolean weighted = found.get(0).weighted();
        Totals totals = new Totals(rows, bad, reasons, leftOut, Mixing.mix(hash, rows), weighted);
        return new Scan(task.source(), listing, pieces, task.rules(), learnt, totals);
    }

    private static void refuseTooManyBad(Rules rules, long rows, long bad, List<String> reasons) {
        if (bad > rules.badRowLimit * (rows + bad)) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%,d of %,d rows %s bad (%.1f %%), more than bad-row-limit = %s allows; the first: %s",
                    bad,
                    rows + bad,
                    bad == 1 ? "is" : "are",
                    100.0 * bad / (rows + bad),
                    rules.badRowLimit,
                    reasons.get(0)));
        }
    }

    private static List<Classes> categories(List<Column> columns, List<ScanTask.Found> found) {
        List<Classes> categories = new ArrayList<>();
        for (Column column : columns) {
            if (column.kind() == Column.Kind.CATEGORY) {
                int index = categories.size();
                Set<String> all = new TreeSet<>();
                found.forEach(piece -> all.addAll(piece.categories().get(index)));
                if (all.isEmpty()) {
                    throw new InputException("column \"" + column.name() + "\" has no value in any row; leave it out");
                }
                if (all.size() > ScanTask.MOST_CATEGORIES) {
                    throw new InputException(
                            "column \"" + column.name() + "\" has more than " + ScanTask.MOST_CATEGORIES
                                    + " different categories, each of which would be a feature; leave it out");
                }
                categories.add(Classes.of(all));
            }
        }
        return categories;
    }

    private static String place(Source.Listing listing) {
        return listing.slices().isEmpty()
                ? "no files"
                : Files.local(listing.slices().get(0).file());
    }

    Source source() {
        return source;
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** How columns become features. */
    public Encoding encoding() {
        return learnt.encoding;
    }

    /** What holds for all other rows. */
    public Known known() {
        return learnt;
    }

    boolean ignoresUnknown() {
        return rules.ignoreUnknown;
    }

    /** Names of the features, in order. */
    public List<String> features() {
        return learnt.encoding.names();
    }

    /** Names of the label or of the target columns. */
    public List<String> targets() {
        return listing.targets();
    }

    /** The classes; null where targets are numbers. */
    public Classes classes() {
        return learnt.classes;
    }

    /** Number of classes, or of target columns. */
    public int classesOrTargets() {
        return learnt.classes != null
                ? learnt.classes.count()
                : listing.targets().size();
    }

    /** Number of good rows. */
    public long rows() {
        return totals.rows;
    }

    /** Number of bad rows that are left out. */
    public long skipped() {
        return totals.bad;
    }

    /** The first bad rows that are left out: where they lie and what is wrong. */
    public List<String> skippedSamples() {
        return totals.samples;
    }

    /** Number of rows that are left out because a value is missing. */
    public long leftOut() {
        return totals.leftOut;
    }

    /** A hash of all good rows in their order, the same however the source was cut. */
    public String fingerprint() {
        return String.format("%016x", totals.fingerprint);
    }

    /** Whether rows have weights of their own. */
    boolean weighted() {
        return totals.weighted;
    }
}
