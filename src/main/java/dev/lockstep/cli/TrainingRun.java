package dev.lockstep.cli;

import dev.lockstep.Counted;
import dev.lockstep.InputException;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Checkpoints;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.RunFolder;
import dev.lockstep.observe.SavedModel;
import dev.lockstep.observe.SharpnessPlot;
import dev.lockstep.observe.StoredCheckpoint;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.train.BatchPlan;
import dev.lockstep.train.Outcome;
import dev.lockstep.train.Snapshot;
import dev.lockstep.train.Standing;
import dev.lockstep.train.Trainer;
import dev.lockstep.train.TrainingListener;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run over rows that are read: its folder, its loop, its report. {@code jobs/train} has one, {@code jobs/study} many.
 *
 * <p>The folder is made with this object, and holds whatever steps were taken, however the run ends.
 */
final class TrainingRun implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TrainingRun.class);

    private final Session session;
    private final RunConfiguration run;
    private final DataSets data;
    private final Network network;
    private final Trainer.Plan plan;
    private final FirstWeights firstWeights;
    private final Optional<StoredCheckpoint> checkpoint;
    private final RunFolder folder;
    private final Observers observers;
    private final Checkpoints checkpoints;

    /**
     * @param firstWeights where it begins
     * @param checkpoint where the run goes on, if it was begun before
     */
    TrainingRun(
            Session session,
            RunConfiguration run,
            DataSets data,
            Network network,
            FirstWeights firstWeights,
            Optional<StoredCheckpoint> checkpoint) {
        this.firstWeights = firstWeights;
        this.session = session;
        this.run = run;
        this.data = data;
        this.network = network;
        this.plan = plan(run, data, network);
        this.checkpoint = checkpoint;
        Configuration hadoop = session.spark().hadoopConfiguration();
        this.folder = checkpoint
                .map(from -> RunFolder.resume(Folder.of(run.output(), hadoop), from.standing(), data::metrics))
                .orElseGet(() -> RunFolder.create(run.output(), data::metrics, hadoop));
        Standing from = checkpoint.map(StoredCheckpoint::standing).orElse(Standing.START);
        this.observers = Observers.of(run, folder.folder(), from, data::metrics);
        this.checkpoints = new Checkpoints(
                folder.folder(), run.checkpoint(), network, Resumption.belongs(run, data, network), this::flush);
    }

    RunConfiguration configuration() {
        return run;
    }

    Trainer.Plan plan() {
        return plan;
    }

    Folder folder() {
        return folder.folder();
    }

    /** Brings all that was told of steps to where it outlives this process, and others find it. */
    void flush() {
        folder.flush();
        observers.flush();
    }

    /**
     * Trains until a stop rule holds.
     *
     * @param others are told of every step and epoch beside the folder
     * @param watch is given the loop before it begins
     */
    Outcome train(Engine engine, List<TrainingListener> others, Consumer<Trainer<?>> watch) {
        return train(run.optimizer(), engine, others, watch);
    }

    private <S extends Record> Outcome train(
            Optimizer<S> optimizer, Engine engine, List<TrainingListener> others, Consumer<Trainer<?>> watch) {
        Snapshot<S> from = checkpoint
                .map(stored -> stored.snapshot(network, optimizer))
                .orElseGet(() -> Snapshot.start(
                        optimizer, firstWeights.of(run, network, session.spark().hadoopConfiguration())));
        if (checkpoint.isPresent()) {
            LOG.info(
                    "goes on after {}, {}",
                    Counted.of(from.standing().steps(), "step"),
                    Counted.of(from.standing().epochs(), "epoch"));
        }
        List<TrainingListener> listeners = new ArrayList<>(List.of(folder, observers));
        listeners.addAll(others);
        Trainer<S> trainer = new Trainer<>(engine, plan, optimizer, listeners, checkpoints);
        watch.accept(trainer);
        return trainer.run(from);
    }

    /** Leaves a run that was told to stop, so that it can go on. */
    void leave(Outcome outcome) {
        folder.leave(model(outcome));
    }

    /**
     * Measures the final weights and writes what a run that has ended leaves.
     *
     * @param readingSeconds that it took to get here
     * @param begun by the system's clock
     */
    RunReport finish(Engine engine, Outcome outcome, double readingSeconds, long begun) {
        RunReport report = RunReport.of(session, run, data, engine, network, plan, outcome, readingSeconds, begun);
        folder.finish(report.json(), model(outcome));
        if (run.curvature().any()) {
            draw();
        }
        return report;
    }

    /** The run is written by now: a picture that cannot be drawn must not cost it. */
    private void draw() {
        try {
            SharpnessPlot.draw(folder.folder());
        } catch (InputException | UncheckedIOException e) {
            LOG.warn("no {}: {}", SharpnessPlot.FILE, e.getMessage());
        }
    }

    /** Something went wrong: steps that were taken are worth keeping, unless they were taken by mistake. */
    void failed(Throwable wrong) {
        if (Complaints.isInput(wrong) || !folder.hasSteps()) {
            folder.discard();
        }
    }

    /** A signal came between: what looks like the user's mistake is none, and its steps stay. */
    void brokenOff() {
        if (!folder.hasSteps()) {
            folder.discard();
        }
    }

    @Override
    public void close() {
        try (observers) {
            folder.close();
        }
    }

    private SavedModel model(Outcome outcome) {
        return new SavedModel(
                network,
                outcome.best(),
                run.network().precision(),
                data.train().encoding(),
                data.train().targets(),
                data.train().classes(),
                run.data().scale(),
                data.preparation(),
                run.data().train().json());
    }

    /** What the loop is to do. */
    static Trainer.Plan plan(RunConfiguration run, DataSets data, Network network) {
        run.curvature().check(network.parameters());
        long rows = data.rows(RowSet.TRAINING);
        return new Trainer.Plan(
                run.name(),
                new BatchPlan(rows, run.batchRows().orElse(rows), run.shuffle(), run.seed()),
                data.rows(RowSet.VALIDATION),
                run.penalty().on(weights(network)),
                run.clip(),
                network.dropout(),
                run.seed(),
                tensors(network),
                run.stop(),
                run.curvature(),
                run.observe());
    }

    /** For each parameter 1 where it is a weight, else 0. */
    static Vector weights(Network network) {
        boolean[] weightMask = network.weightMask();
        double[] mask = new double[weightMask.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = weightMask[i] ? 1.0 : 0.0;
        }
        return Vector.wrap(mask);
    }

    /** Where the tensors of the parameters begin, and at the end P. */
    static List<Integer> tensors(Network network) {
        List<Integer> from = new ArrayList<>();
        network.tensors().forEach(tensor -> from.add(tensor.from()));
        from.add(network.parameters());
        return from;
    }
}
