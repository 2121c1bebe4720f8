package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.data.Classes;
import dev.lockstep.data.Dataset;
import dev.lockstep.data.Packing;
import dev.lockstep.data.Preparation;
import dev.lockstep.data.Scan;
import dev.lockstep.data.ShardPlan;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.network.Sums;
import dev.lockstep.observe.Metrics;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All rows of a run, in the executors' memory.
 *
 * @param sets training, and validation and test where there are any
 * @param scans of the sources that were read: training, and validation and test where they are sources of their own
 * @param preparation what was learnt from the training rows
 */
record DataSets(Map<RowSet, Dataset> sets, Map<RowSet, Scan> scans, Preparation preparation) {
    private static final Logger LOG = LoggerFactory.getLogger(DataSets.class);

    /** Reads all sources of a run. */
    static DataSets read(Session session, RunConfiguration run) {
        return read(session, run, scans(session, run));
    }

    /** The first pass over all sources of a run. */
    static Map<RowSet, Scan> scans(Session session, RunConfiguration run) {
        DataDesign design = run.data();
        boolean forClasses = run.network().loss().forClasses();
        Map<RowSet, Scan> scans = new EnumMap<>(RowSet.class);
        Scan train = scan(session, design.train(), forClasses, null);
        scans.put(RowSet.TRAINING, train);
        design.validation()
                .ifPresent(input -> scans.put(RowSet.VALIDATION, scanLike(session, input, forClasses, train)));
        design.test().ifPresent(input -> scans.put(RowSet.TEST, scanLike(session, input, forClasses, train)));
        return scans;
    }

    /** How many of the rows that were found a run trains on. */
    static long trainingRows(RunConfiguration run, Map<RowSet, Scan> scans) {
        long rows = scans.get(RowSet.TRAINING).rows();
        return run.data().trainingRows(rows - run.data().validationRows(rows));
    }

    /** Reads all rows of a run, after {@link #scans}. */
    static DataSets read(Session session, RunConfiguration run, Map<RowSet, Scan> scans) {
        DataDesign design = run.data();
        Scan train = scans.get(RowSet.TRAINING);
        long validationRows = design.validationRows(train.rows());
        long trainRows = trainingRows(run, scans);
        checkBatch(run, trainRows);
        Packing.Format format = format(session, run, shards(run.shards(), trainRows));
        Packing.Split split =
                Packing.split(session.spark(), train, format, validationRows, trainRows, run.seed(), design.wanted());
        Map<RowSet, Dataset> sets = new EnumMap<>(RowSet.class);
        sets.put(RowSet.TRAINING, split.training());
        if (split.validation() != null) {
            sets.put(RowSet.VALIDATION, split.validation());
        }
        for (RowSet set : List.of(RowSet.VALIDATION, RowSet.TEST)) {
            if (scans.containsKey(set)) {
                sets.put(set, Packing.whole(session.spark(), scans.get(set), format, split.preparation()));
            }
        }
        return new DataSets(sets, scans, split.preparation());
    }

    /** Refuses a batch that is larger than the set it is drawn from. */
    static void checkBatch(RunConfiguration run, long trainRows) {
        if (run.batchRows().isPresent() && run.batchRows().getAsLong() > trainRows) {
            double fraction = run.data().fraction();
            throw new InputException("batch = " + run.batchRows().getAsLong() + " is above the " + trainRows
                    + " training rows" + (fraction < 1 ? " that data.fraction = " + fraction + " leaves" : "")
                    + "; expected full, or at most that");
        }
    }

    /** Gives the memory back. */
    void release() {
        sets.values().forEach(Dataset::release);
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

    static Scan scan(Session session, DataDesign.Input input, boolean forClasses, Scan.Known known) {
        Scan scan = Scan.of(session.spark(), input.source(), input.faults().rules(forClasses), known);
        if (scan.skipped() > 0) {
            LOG.warn(
                    "{} bad rows were skipped ({} %), {} are left; the first: {}",
                    String.format(Locale.ROOT, "%,d", scan.skipped()),
                    String.format(Locale.ROOT, "%.2f", 100.0 * scan.skipped() / (scan.skipped() + scan.rows())),
                    String.format(Locale.ROOT, "%,d", scan.rows()),
                    scan.skippedSamples().get(0));
        }
        if (scan.leftOut() > 0) {
            LOG.info("{} rows with a missing value were left out, {} are left", scan.leftOut(), scan.rows());
        }
        return scan;
    }

    private static Scan scanLike(Session session, DataDesign.Input input, boolean forClasses, Scan train) {
        Scan scan = scan(session, input, forClasses, train.known());
        checkTargets(forClasses, train.targets(), scan.targets());
        return scan;
    }

    /** Refuses data with another number of target columns than a network was trained on. */
    static void checkTargets(boolean forClasses, List<String> trained, List<String> found) {
        if (!forClasses && found.size() != trained.size()) {
            throw new InputException("the network was trained on the targets " + String.join(", ", trained)
                    + ", the data has " + String.join(", ", found) + "; check label");
        }
    }

    /** What sums over rows of these sets are worth. */
    Metrics metrics(Sums sums) {
        Classes classes = train().classes();
        return Metrics.of(sums, classes == null ? List.of() : classes.names(), preparation.targets());
    }

    Scan train() {
        return scans.get(RowSet.TRAINING);
    }

    long rows(RowSet set) {
        return sets.containsKey(set) ? sets.get(set).rows() : 0;
    }
}
