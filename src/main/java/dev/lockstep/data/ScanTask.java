package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.linalg.Mixing;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/**
 * What a task of a {@link Scan} does to its piece of a source.
 *
 * @param known what was learnt from the training rows; null to learn it from these
 * @param columns of the listing
 * @param targets number of label or target columns
 */
record ScanTask(Source source, Scan.Rules rules, Scan.Known known, List<Column> columns, int targets)
        implements Serializable {
    static final int MOST_LABELS = 100_000;
    static final int MOST_CATEGORIES = 10_000;

    /** Bad rows that are kept to be shown. */
    static final int MOST_SAMPLES = 3;

    /** Base of the fingerprint, a polynomial over the rows' hashes modulo 2^64; odd. */
    private static final long BASE = 0xD1342543DE82EF95L;

    /** A bad row: where it lies, and what is wrong with it. */
    record Bad(String file, long position, String problem) implements Serializable {
        String describe(Source source, Configuration hadoop) {
            try {
                return Files.local(source.describe(file, position, hadoop)) + ", " + problem;
            } catch (IOException e) {
                return Files.local(file) + ", position " + position + ", " + problem;
            }
        }
    }

    /** What one task found in its piece. */
    record Found(
            long rows,
            long bad,
            List<Bad> samples,
            long leftOut,
            long hash,
            long power,
            boolean weighted,
            double weight,
            Set<String> labels,
            List<Set<String>> categories,
            String refused)
            implements Serializable {
        /** A piece that cannot be read at all: told to the driver as a value, so that no task fails and is tried again. */
        static Found refused(String message) {
            return new Found(0, 0, List.of(), 0, 0, 1, false, 0, Set.of(), List.of(), message);
        }
    }

    Found scan(Source.Share<List<Slice>> share) throws IOException {
        long rows = 0;
        long bad = 0;
        List<Bad> samples = new ArrayList<>();
        long leftOut = 0;
        long hash = 0;
        long power = 1;
        boolean weighted = false;
        double weight = 0;
        Classes classes = known == null ? null : known.classes();
        Encoding encoding = known == null ? null : known.encoding();
        int categoryColumns = Encoding.categories(columns);
        Set<String> labels = new HashSet<>();
        List<Set<String>> categories = new ArrayList<>();
        for (int i = 0; i < categoryColumns; i++) {
            categories.add(new HashSet<>());
        }
        for (Slice slice : share.work()) {
            try (RowReader reader = share.opening().open(slice, rules.forClasses())) {
                weighted = reader.hasWeights();
                while (reader.next()) {
                    String problem = Scan.problem(reader, encoding, rules.ignoreUnknown(), classes);
                    if (problem != null) {
                        if (bad++ < MOST_SAMPLES) {
                            samples.add(new Bad(slice.file(), reader.position(), problem));
                        }
                        continue;
                    }
                    rows++;
                    weight += reader.weight();
                    hash = hash * BASE + hash(reader, rules.forClasses(), targets, categoryColumns);
                    power *= BASE;
                    if (rules.forClasses() && classes == null && labels.size() <= MOST_LABELS) {
                        labels.add(reader.label());
                    }
                    for (int i = 0; encoding == null && i < categoryColumns; i++) {
                        String category = reader.category(i);
                        if (category != null && categories.get(i).size() <= MOST_CATEGORIES) {
                            categories.get(i).add(category);
                        }
                    }
                }
                leftOut += reader.leftOut();
            } catch (InputException e) {
                return Found.refused(e.getMessage());
            }
        }
        return new Found(rows, bad, samples, leftOut, hash, power, weighted, weight, labels, categories, null);
    }

    private static long hash(RowReader reader, boolean forClasses, int targets, int categories) {
        long hash = 0;
        for (double value : reader.features()) {
            hash = Long.rotateLeft(hash ^ Double.doubleToLongBits(value), 29) * BASE;
        }
        for (int i = 0; i < categories; i++) {
            hash = Mixing.mix(hash, Mixing.key(i, String.valueOf(reader.category(i))));
        }
        if (forClasses) {
            hash ^= Mixing.key(0, reader.label());
        }
        for (int i = 0; !forClasses && i < targets; i++) {
            hash = Mixing.mix(hash, Double.doubleToLongBits(reader.target(i)));
        }
        return Mixing.mix(hash, Double.doubleToLongBits(reader.weight()));
    }
}
