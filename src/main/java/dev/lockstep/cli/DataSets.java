package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.data.Classes;
import dev.lockstep.data.Dataset;
import dev.lockstep.data.Packing;
import dev.lockstep.data.Scan;
import dev.lockstep.data.ShardPlan;
import dev.lockstep.data.Standardization;
import dev.lockstep.distributed.Request.RowSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All rows of a run, in the executors' memory.
 *
 * @param sets training, and validation and test where there are any
 * @param scans of the sources that were read: training, and validation and test where they are sources of their own
 * @param standardization fitted on the training rows, or null
 */
record DataSets(Map<RowSet, Dataset> sets, Map<RowSet, Scan> scans, Standardization standardization) {
    private static final Logger LOG = LoggerFactory.getLogger(DataSets.class);

    /** Reads all sources of a run. */
    static DataSets read(Session session, RunConfiguration run) {
        DataDesign design = run.data();
        boolean forClasses = run.network().loss().forClasses();
        Map<RowSet, Scan> scans = new EnumMap<>(RowSet.class);
        Scan train = scan(session, design.train(), forClasses, null);
        scans.put(RowSet.TRAINING, train);
        design.validation()
                .ifPresent(input -> scans.put(RowSet.VALIDATION, scanLike(session, input, forClasses, train)));
        design.test().ifPresent(input -> scans.put(RowSet.TEST, scanLike(session, input, forClasses, train)));

        long validationRows = design.validationRows(train.rows());
        long trainRows = train.rows() - validationRows;
        if (run.batchRows().isPresent() && run.batchRows().getAsLong() > trainRows) {
            throw new InputException("batch = " + run.batchRows().getAsLong() + " is above the " + trainRows
                    + " training rows; expected full, or at most that");
        }
        Packing.Format format = format(session, run, shards(run.shards(), trainRows));
        Packing.Split split =
                Packing.split(session.spark(), train, format, validationRows, run.seed(), design.standardize());
        Map<RowSet, Dataset> sets = new EnumMap<>(RowSet.class);
        sets.put(RowSet.TRAINING, split.training());
        if (split.validation() != null) {
            sets.put(RowSet.VALIDATION, split.validation());
        }
        for (RowSet set : List.of(RowSet.VALIDATION, RowSet.TEST)) {
            if (scans.containsKey(set)) {
                sets.put(set, Packing.whole(session.spark(), scans.get(set), format, split.standardization()));
            }
        }
        return new DataSets(sets, scans, split.standardization());
    }

    private static Packing.Format format(Session session, RunConfiguration run, int shards) {
        if (session.slots() > shards) {
            LOG.warn(
                    "{} tasks could run at a time, but there are {} shards; set shards = {} to use all of them (another "
                            + "number of shards gives other last bits)",
                    session.slots(),
                    shards,
                    session.slots());
        }
        return new Packing.Format(
                ShardPlan.forSlots(shards, session.slots()),
                run.blockRows(),
                run.network().precision(),
                run.data().scale());
    }

    /** The given number of shards, or the default, which a very small set lowers to its number of rows. */
    static int shards(OptionalInt given, long rows) {
        if (given.isPresent() && given.getAsInt() > rows) {
            throw new InputException("shards = " + given.getAsInt() + " is above the " + rows
                    + " training rows; expected at most one shard a row");
        }
        return given.orElse((int) Math.min(RunConfiguration.DEFAULT_SHARDS, rows));
    }

    static Scan scan(Session session, DataDesign.Input input, boolean forClasses, Classes known) {
        Scan scan = Scan.of(session.spark(), input.source(), forClasses, known, input.skipBad());
        if (scan.skipped() > 0) {
            LOG.warn("{} bad rows were skipped, {} are left", scan.skipped(), scan.rows());
        }
        return scan;
    }

    private static Scan scanLike(Session session, DataDesign.Input input, boolean forClasses, Scan train) {
        Scan scan = scan(session, input, forClasses, train.classes());
        checkFeatures(train.features(), scan.features());
        checkTargets(forClasses, train.targets(), scan.targets());
        return scan;
    }

    /** Refuses data whose features are not those that a network was trained on. */
    static void checkFeatures(List<String> trained, List<String> found) {
        if (trained.size() != found.size()) {
            throw new InputException("the network was trained on " + trained.size() + " features, the data has "
                    + found.size() + "; check label, features and separator");
        }
        for (int i = 0; i < trained.size(); i++) {
            if (!isNumber(trained.get(i))
                    && !isNumber(found.get(i))
                    && !trained.get(i).equals(found.get(i))) {
                throw new InputException("feature " + i + " is \"" + found.get(i)
                        + "\", but the network was trained on \"" + trained.get(i)
                        + "\" there; list the columns under features in the order of training");
            }
        }
    }

    /** Columns of a file without a header have numbers for names. */
    private static boolean isNumber(String name) {
        return name.chars().allMatch(Character::isDigit);
    }

    /** Refuses data with another number of target columns than a network was trained on. */
    static void checkTargets(boolean forClasses, List<String> trained, List<String> found) {
        if (!forClasses && found.size() != trained.size()) {
            throw new InputException("the network was trained on the targets " + String.join(", ", trained)
                    + ", the data has " + String.join(", ", found) + "; check label");
        }
    }

    Scan train() {
        return scans.get(RowSet.TRAINING);
    }

    long rows(RowSet set) {
        return sets.containsKey(set) ? sets.get(set).rows() : 0;
    }
}
