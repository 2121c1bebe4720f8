package dev.lockstep.cli;

import dev.lockstep.Counted;
import dev.lockstep.InputException;
import dev.lockstep.distributed.SharedEngine;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.StoredCheckpoint;
import dev.lockstep.study.PlannedRun;
import dev.lockstep.study.RunState;
import dev.lockstep.train.Outcome;
import dev.lockstep.train.TrainingListener;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One run of a study: what it is, how far it is, and what it does when its turn comes. */
final class StudyRun {
    private static final Logger LOG = LoggerFactory.getLogger(StudyRun.class);

    private final PlannedRun planned;
    private final RunConfiguration configuration;
    private volatile RunState state = RunState.WAITING;
    private volatile String message = "";
    private volatile TrainingRun training;
    private volatile long trainingRows;

    StudyRun(PlannedRun planned, RunConfiguration configuration) {
        this.planned = planned;
        this.configuration = configuration;
    }

    PlannedRun planned() {
        return planned;
    }

    RunConfiguration configuration() {
        return configuration;
    }

    String name() {
        return planned.name();
    }

    RunState state() {
        return state;
    }

    /** Why it failed; empty if it did not. */
    String message() {
        return message;
    }

    /** Whether its folder does not tell how it is: it failed, or was told to stop. */
    boolean ownState() {
        return state == RunState.FAILED || state == RunState.STOPPED;
    }

    boolean hasEnded() {
        return state != RunState.WAITING && state != RunState.RUNNING && state != RunState.STOPPED;
    }

    /** The run has ended in an earlier process, after training on so many rows. */
    void endedBefore(String stopReason, long rows) {
        state = RunState.ofStopReason(stopReason);
        trainingRows = rows;
    }

    /** Rows that it trains on; 0 before they are known. */
    long trainingRows() {
        return trainingRows;
    }

    /** The rows are read. */
    void learn(long rows) {
        trainingRows = rows;
    }

    /** Brings the lines of steps that were taken to where a reader finds them. */
    void flush() {
        TrainingRun now = training;
        if (now != null && state == RunState.RUNNING) {
            try {
                now.flush();
            } catch (UncheckedIOException e) {
                // It ended meanwhile, and has closed its files.
                LOG.debug("{}", name(), e);
            }
        }
    }

    /**
     * The whole run, in a thread of its own. Whatever goes wrong stays here.
     *
     * @param firstWeights those of all runs
     * @param seat is left at the end
     */
    void run(
            Session session,
            DataSets data,
            Network network,
            FirstWeights firstWeights,
            SharedEngine.Seat seat,
            TrainingListener progress,
            Interruption interruption,
            double readingSeconds) {
        try (seat) {
            seat.begin();
            state = RunState.RUNNING;
            long begun = System.nanoTime();
            training = new TrainingRun(
                    session, configuration, data, network, firstWeights, checkpoint(session, data, network));
            try (TrainingRun ours = training) {
                Outcome outcome = ours.train(seat, List.of(progress), interruption::watch);
                if (outcome.reason().isTold()) {
                    ours.leave(outcome);
                    state = RunState.STOPPED;
                    return;
                }
                ours.finish(seat, outcome, readingSeconds, begun);
                state = RunState.ofStopReason(outcome.reason().rule());
                LOG.info(
                        "{}: {} after {}{}",
                        name(),
                        outcome.reason().message(),
                        Counted.of(outcome.steps(), "step"),
                        Double.isNaN(outcome.bestLoss())
                                ? ""
                                : String.format(Locale.ROOT, ", best loss %.6g", outcome.bestLoss()));
            } catch (Throwable e) {
                if (interruption.caused(e)) {
                    training.brokenOff();
                } else {
                    training.failed(e);
                }
                throw e;
            }
        } catch (Throwable e) {
            ended(e, interruption);
        }
    }

    /** Something went wrong with it; what goes wrong once it is told to stop is no fault of its own. */
    void ended(Throwable wrong, Interruption interruption) {
        if (!interruption.caused(wrong)) {
            failed(wrong);
            return;
        }
        state = RunState.STOPPED;
        LOG.info("{}: told to stop, which broke off: {}", name(), Complaints.oneLine(wrong.toString()));
        LOG.debug("{}", name(), wrong);
    }

    /** Something went wrong with it, or before it could begin; the other runs go on. */
    void failed(Throwable wrong) {
        message = Complaints.of(wrong)
                .map(Complaints.Complaint::line)
                .orElseGet(() -> Complaints.oneLine(wrong.toString()));
        state = RunState.FAILED;
        LOG.warn("{}: failed: {}", name(), message);
        LOG.debug("{}", name(), wrong);
    }

    /** Where it goes on, if it was begun in an earlier process. */
    private Optional<StoredCheckpoint> checkpoint(Session session, DataSets data, Network network) {
        Configuration hadoop = session.spark().hadoopConfiguration();
        Folder folder = Folder.of(configuration.output(), hadoop);
        if (!StoredCheckpoint.hasAny(folder)) {
            return Optional.empty();
        }
        try {
            StoredCheckpoint newest = StoredCheckpoint.newest(folder);
            new Resumption(newest, configuration).check(data, network);
            return Optional.of(newest);
        } catch (InputException e) {
            LOG.warn("{}: begins anew: {}", name(), e.getMessage());
            return Optional.empty();
        }
    }
}
