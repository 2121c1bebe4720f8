package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.linalg.Mixing;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
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
    private static final int MOST_LABELS = 100_000;

    /** Base of the fingerprint, a polynomial over the rows' hashes modulo 2^64; odd. */
    private static final long BASE = 0xD1342543DE82EF95L;

    private final Source source;
    private final Source.Listing listing;
    private final List<Piece> pieces;
    private final Classes classes;
    private final long rows;
    private final long skipped;
    private final long fingerprint;
    private final boolean weighted;

    /**
     * Slices that one task reads.
     *
     * @param slices in order
     * @param firstRow number of their first good row
     */
    record Piece(List<Slice> slices, long firstRow) implements Serializable {}

    /** What one task found in its piece. */
    private record Found(
            long rows,
            long bad,
            String badFile,
            long badPosition,
            String badProblem,
            long hash,
            long power,
            boolean weighted,
            double weight,
            TreeSet<String> labels,
            String refused)
            implements Serializable {
        /** A piece that cannot be read at all: told to the driver as a value, so that no task fails and is tried again. */
        static Found refused(String message) {
            return new Found(0, 0, null, -1, null, 0, 1, false, 0, new TreeSet<>(), message);
        }
    }

    private Scan(
            Source source,
            Source.Listing listing,
            List<Piece> pieces,
            Classes classes,
            long rows,
            long skipped,
            long fingerprint,
            boolean weighted) {
        this.source = source;
        this.listing = listing;
        this.pieces = pieces;
        this.classes = classes;
        this.rows = rows;
        this.skipped = skipped;
        this.fingerprint = fingerprint;
        this.weighted = weighted;
    }

    /**
     * Scans a source.
     *
     * @param forClasses whether labels are classes
     * @param known the classes there may be; null to learn them from the rows
     * @param skipBad whether bad rows are left out; else the first one is an error
     * @throws InputException if a row is bad and none may be, or if there is no row
     */
    public static Scan of(JavaSparkContext spark, Source source, boolean forClasses, Classes known, boolean skipBad) {
        long most = spark.getConf().getSizeAsBytes("spark.sql.files.maxPartitionBytes", "128m");
        return of(spark, source, forClasses, known, skipBad, new Source.Cut(most, spark.defaultParallelism()));
    }

    /** The same with slices of a size of choice. */
    static Scan of(
            JavaSparkContext spark, Source source, boolean forClasses, Classes known, boolean skipBad, Source.Cut cut) {
        Configuration hadoop = spark.hadoopConfiguration();
        Source.Listing listing = list(hadoop, source, cut);
        if (forClasses && listing.targets().size() > 1) {
            throw new InputException("the label has " + listing.targets().size() + " columns ("
                    + String.join(", ", listing.targets())
                    + "), but a loss for classes takes one; use network.loss = squared-error for numbers");
        }
        List<List<Slice>> groups = group(listing.slices(), cut);
        if (groups.isEmpty()) {
            throw new InputException("the data has no rows: " + place(listing));
        }
        int targets = listing.targets().size();
        Broadcast<SerializableConfiguration> shared = spark.broadcast(new SerializableConfiguration(hadoop));
        List<Found> found = spark.parallelize(groups, groups.size())
                .map(slices -> scan(slices, source, shared.value().value(), forClasses, targets, known))
                .collect();
        shared.destroy();
        return join(source, listing, groups, found, forClasses ? known : null, forClasses, skipBad, hadoop);
    }

    private static Source.Listing list(Configuration hadoop, Source source, Source.Cut cut) {
        try {
            return source.list(hadoop, cut);
        } catch (IOException e) {
            throw new InputException("the data cannot be read: " + e.getMessage(), e);
        }
    }

    /** Joins neighbouring small slices, so that ten thousand small files are not ten thousand tasks. */
    private static List<List<Slice>> group(List<Slice> slices, Source.Cut cut) {
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

    private static Found scan(
            List<Slice> slices, Source source, Configuration hadoop, boolean forClasses, int targets, Classes known)
            throws IOException {
        long rows = 0;
        long bad = 0;
        String badFile = null;
        long badPosition = -1;
        String badProblem = null;
        long hash = 0;
        long power = 1;
        boolean weighted = false;
        double weight = 0;
        TreeSet<String> labels = new TreeSet<>();
        for (Slice slice : slices) {
            try (RowReader reader = source.open(slice, hadoop, forClasses)) {
                weighted = reader.hasWeights();
                while (reader.next()) {
                    String problem = problem(reader, forClasses, known);
                    if (problem != null) {
                        if (bad++ == 0) {
                            badFile = slice.file();
                            badPosition = reader.position();
                            badProblem = problem;
                        }
                        continue;
                    }
                    rows++;
                    weight += reader.weight();
                    hash = hash * BASE + hash(reader, forClasses, targets);
                    power *= BASE;
                    if (forClasses && known == null && labels.size() <= MOST_LABELS) {
                        labels.add(reader.label());
                    }
                }
            } catch (InputException e) {
                return Found.refused(e.getMessage());
            }
        }
        return new Found(rows, bad, badFile, badPosition, badProblem, hash, power, weighted, weight, labels, null);
    }

    /** What is wrong with a row, here and in {@link Packing}, or null. */
    static String problem(RowReader reader, boolean forClasses, Classes known) {
        String problem = reader.problem();
        if (problem == null && forClasses && known != null && known.indexOf(reader.label()) < 0) {
            return "the label \"" + reader.label() + "\" is none of the model's classes " + shortened(known.names());
        }
        return problem;
    }

    private static String shortened(List<String> names) {
        return names.size() <= 12
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, 12)) + ", … (" + names.size() + " in all)";
    }

    private static long hash(RowReader reader, boolean forClasses, int targets) {
        long hash = 0;
        for (double value : reader.features()) {
            hash = Long.rotateLeft(hash ^ Double.doubleToLongBits(value), 29) * BASE;
        }
        if (forClasses) {
            hash ^= Mixing.key(0, reader.label());
        }
        for (int i = 0; !forClasses && i < targets; i++) {
            hash = Mixing.mix(hash, Double.doubleToLongBits(reader.target(i)));
        }
        return Mixing.mix(hash, Double.doubleToLongBits(reader.weight()));
    }

    private static Scan join(
            Source source,
            Source.Listing listing,
            List<List<Slice>> groups,
            List<Found> found,
            Classes known,
            boolean forClasses,
            boolean skipBad,
            Configuration hadoop) {
        List<Piece> pieces = new ArrayList<>();
        Set<String> labels = new TreeSet<>();
        long rows = 0;
        long bad = 0;
        long hash = 0;
        double weight = 0;
        for (int i = 0; i < groups.size(); i++) {
            Found piece = found.get(i);
            if (piece.refused != null) {
                throw new InputException(piece.refused);
            }
            if (piece.bad > 0 && !skipBad) {
                throw badRow(source, piece, hadoop);
            }
            pieces.add(new Piece(groups.get(i), rows));
            rows += piece.rows;
            bad += piece.bad;
            hash = hash * piece.power + piece.hash;
            labels.addAll(piece.labels);
            weight += piece.weight;
        }
        if (rows == 0) {
            throw new InputException("the data has no "
                    + (bad > 0 ? "good rows (" + bad + " bad ones were skipped): " : "rows: ") + place(listing));
        }
        if (weight == 0) {
            throw new InputException(
                    place(listing) + ": the weights of all " + rows + " rows sum to 0; give rows positive weights");
        }
        if (labels.size() > MOST_LABELS) {
            throw new InputException("column " + listing.targets().get(0) + " has more than " + MOST_LABELS
                    + " different labels; to learn a number, use network.loss = squared-error");
        }
        Classes classes = !forClasses ? null : known != null ? known : Classes.of(labels);
        boolean weighted = found.get(0).weighted;
        return new Scan(source, listing, pieces, classes, rows, bad, Mixing.mix(hash, rows), weighted);
    }

    private static String place(Source.Listing listing) {
        return listing.slices().isEmpty()
                ? "no files"
                : local(listing.slices().get(0).file());
    }

    private static InputException badRow(Source source, Found piece, Configuration hadoop) {
        String place;
        try {
            place = source.describe(piece.badFile, piece.badPosition, hadoop);
        } catch (IOException e) {
            place = piece.badFile + ", position " + piece.badPosition;
        }
        return new InputException(place.replaceFirst("^file:/+", "/") + ", " + piece.badProblem
                + "; set on-bad-row = skip to leave such rows out");
    }

    /** A path of the local file system as people write it. */
    private static String local(String path) {
        return path.replaceFirst("^file:/+", "/");
    }

    Source source() {
        return source;
    }

    List<Piece> pieces() {
        return pieces;
    }

    /** Names of the features, in order. */
    public List<String> features() {
        return listing.features();
    }

    /** Names of the label or of the target columns. */
    public List<String> targets() {
        return listing.targets();
    }

    /** The classes; null where targets are numbers. */
    public Classes classes() {
        return classes;
    }

    /** Number of classes, or of target columns. */
    public int classesOrTargets() {
        return classes != null ? classes.count() : listing.targets().size();
    }

    /** Number of good rows. */
    public long rows() {
        return rows;
    }

    /** Number of bad rows that are left out. */
    public long skipped() {
        return skipped;
    }

    /** A hash of all good rows in their order, the same however the source was cut. */
    public String fingerprint() {
        return String.format("%016x", fingerprint);
    }

    /** Whether rows have weights of their own. */
    boolean weighted() {
        return weighted;
    }
}
