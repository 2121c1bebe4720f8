package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.data.Dataset;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.JobEngine;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Checkpoints;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Progress;
import dev.lockstep.observe.RunFolder;
import dev.lockstep.observe.Safetensors;
import dev.lockstep.observe.SavedModel;
import dev.lockstep.observe.SharpnessPlot;
import dev.lockstep.observe.StoredCheckpoint;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.train.BatchPlan;
import dev.lockstep.train.Outcome;
import dev.lockstep.train.Snapshot;
import dev.lockstep.train.Standing;
import dev.lockstep.train.Trainer;
import java.io.File;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Trains one network and writes a run folder. */
@Command(
        name = "train",
        description = "Trains one network as a configuration says, and writes a run folder.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class TrainCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(TrainCommand.class);

    @Parameters(paramLabel = "CONF", arity = "0..1", description = "Configuration of the run; conf/ has examples.")
    private String file;

    @Option(
            names = "--resume",
            paramLabel = "RUN",
            description = "Goes on from the newest checkpoint of a run folder, to the same bits.")
    private String resume;

    @Option(names = "--overwrite", description = "Replaces the run folder if it exists.")
    private boolean overwrite;

    @Option(
            names = "--check-gradient",
            description = "Trains nothing: compares the gradient and a product with the Hessian with differences, on a"
                    + " sample of the rows.")
    private boolean checkGradient;

    @Mixin
    private CommonOptions options;

    @Override
    public Integer call() {
        long begun = System.nanoTime();
        if ((file == null) == (resume == null)) {
            throw new InputException(
                    file == null
                            ? "no configuration; give jobs/train CONF, or --resume RUN to go on with a run; --help lists all"
                            : "--resume goes on with the configuration of its run, so " + file
                                    + " is not wanted; --set changes it");
        }
        if (resume != null && overwrite) {
            throw new InputException("--resume keeps the run folder, and --overwrite replaces it: give one of them");
        }
        if (checkGradient) {
            return checkGradient();
        }
        Configuration hadoop = Session.hadoop(options);
        Optional<Resumption> resumption =
                Optional.ofNullable(resume).map(folder -> Resumption.of(folder, options.overrides, hadoop));
        RunConfiguration run = resumption
                .map(Resumption::run)
                .orElseGet(
                        () -> RunConfiguration.read(Settings.read(file, options.overrides), new File(file).getName()));
        if (resumption.isEmpty()) {
            RunFolder.check(run.output(), overwrite, hadoop);
        }
        try (Session session = Session.start("lockstep train " + run.name(), options, run.observe())) {
            session.announce(run.blas());
            return train(session, run, resumption, begun);
        }
    }

    private int checkGradient() {
        if (resume != null) {
            throw new InputException("--check-gradient looks at a configuration's first weights; give jobs/train CONF");
        }
        List<String> overrides = new ArrayList<>(options.overrides);
        overrides.add("network.precision = float64");
        RunConfiguration run = RunConfiguration.read(Settings.read(file, overrides), new File(file).getName());
        try (Session session = Session.start("lockstep check " + run.name(), options)) {
            session.announce(run.blas());
            return GradientCheck.run(session, run);
        }
    }

    private int train(Session session, RunConfiguration run, Optional<Resumption> resumption, long begun) {
        Configuration hadoop = session.spark().hadoopConfiguration();
        DataSets data = DataSets.read(session, run);
        double readingSeconds = seconds(begun);
        Network network =
                run.network().build(data.train().features().size(), data.train().classesOrTargets());
        resumption.ifPresent(from -> from.check(data, network));
        // Looks at the network's size, before its weights are drawn.
        JobEngine jobs = jobs(session, run, data, network);
        memory(session, run, data, network).check(Runtime.getRuntime().maxMemory());
        Trainer.Plan plan = plan(run, data, network);
        LOG.info(
                "{} {}, {} parameters; {} training rows in {} shards, {} steps an epoch",
                network.widths(),
                network.loss().key(),
                String.format("%,d", network.parameters()),
                String.format("%,d", data.rows(RowSet.TRAINING)),
                data.sets().get(RowSet.TRAINING).plan().shards(),
                plan.batches().stepsPerEpoch());
        Optional<StoredCheckpoint> checkpoint = resumption.map(Resumption::checkpoint);
        RunFolder folder = checkpoint
                .map(from -> RunFolder.resume(Folder.of(run.output(), hadoop), from.standing(), data::metrics))
                .orElseGet(() -> RunFolder.create(run.output(), data::metrics, hadoop));
        Standing from = checkpoint.map(StoredCheckpoint::standing).orElse(Standing.START);
        try (Observers observers = Observers.of(run, folder.folder(), from, data::metrics);
                Engine engine = run.engine().over(jobs)) {
            Checkpoints checkpoints = new Checkpoints(
                    folder.folder(), run.checkpoint(), network, Resumption.belongs(run, data, network), () -> {
                        folder.flush();
                        observers.flush();
                    });
            return train(
                    new Task(session, run, data, network, plan, engine, folder, observers, checkpoints),
                    checkpoint,
                    readingSeconds,
                    begun);
        } catch (Throwable e) {
            // Steps that were taken are worth keeping, unless they were taken by mistake.
            if (Complaints.isInput(e) || !folder.hasSteps()) {
                folder.discard();
            }
            throw e;
        } finally {
            folder.close();
        }
    }

    private static DriverMemory memory(Session session, RunConfiguration run, DataSets data, Network network) {
        long rows = data.sets().values().stream().mapToLong(Dataset::rows).sum();
        long rowBytes = (long) run.network().precision().bytes() * network.inputs() * rows;
        return new DriverMemory(
                network.parameters(),
                run.optimizer().liveVectors(network.parameters())
                        + run.curvature().liveVectors(network.parameters())
                        + run.observe().liveVectors(),
                data.sets().get(RowSet.TRAINING).plan().tasks(),
                session.spark().isLocal() ? rowBytes : 0);
    }

    /** All that a run is made of, once its rows are read. */
    private record Task(
            Session session,
            RunConfiguration run,
            DataSets data,
            Network network,
            Trainer.Plan plan,
            Engine engine,
            RunFolder folder,
            Observers observers,
            Checkpoints checkpoints) {}

    private int train(Task task, Optional<StoredCheckpoint> checkpoint, double readingSeconds, long begun) {
        try (Interruption interruption = new Interruption()) {
            Outcome outcome = run(task, task.run.optimizer(), checkpoint, interruption);
            return end(task, outcome, readingSeconds, begun);
        }
    }

    private static int end(Task task, Outcome outcome, double readingSeconds, long begun) {
        RunConfiguration run = task.run;
        SavedModel model = model(run, task.data, task.network, outcome.best());
        if (outcome.reason().isTold()) {
            task.folder.leave(model);
            System.err.println(outcome.reason().message() + "; to go on: jobs/train --resume " + run.output());
            return Complaints.EXIT_FAILED;
        }
        RunReport report = RunReport.of(
                task.session, run, task.data, task.engine, task.network, task.plan, outcome, readingSeconds, begun);
        task.folder.finish(report.json(), model);
        if (run.curvature().any()) {
            draw(task);
        }
        System.out.print(report.text());
        if (outcome.reason().isRefused()) {
            System.err.println("optimizer: " + outcome.reason().message() + "; "
                    + outcome.reason().advice());
            return Complaints.EXIT_INPUT;
        }
        return outcome.reason().isDiverged() ? Main.EXIT_DIVERGED : 0;
    }

    /** The run is written by now: a picture that cannot be drawn must not cost it. */
    private static void draw(Task task) {
        try {
            SharpnessPlot.draw(task.folder.folder(), task.run.optimizer());
        } catch (InputException | UncheckedIOException e) {
            LOG.warn("no {}: {}", SharpnessPlot.FILE, e.getMessage());
        }
    }

    private <S extends Record> Outcome run(
            Task task, Optimizer<S> optimizer, Optional<StoredCheckpoint> checkpoint, Interruption interruption) {
        Snapshot<S> from = checkpoint
                .map(stored -> stored.snapshot(task.network, optimizer))
                .orElseGet(() -> Snapshot.start(
                        optimizer,
                        initialWeights(
                                task.run, task.network, task.session.spark().hadoopConfiguration())));
        if (checkpoint.isPresent()) {
            LOG.info(
                    "goes on after {} steps, {} epochs",
                    String.format("%,d", from.standing().steps()),
                    String.format("%,d", from.standing().epochs()));
        }
        OptionalLong mostSteps = task.plan.stop().mostSteps(task.plan.batches());
        try (Progress progress = options.quiet ? Progress.none() : Progress.of(isTerminal(), mostSteps)) {
            Trainer<S> trainer = new Trainer<>(
                    task.engine,
                    task.plan,
                    optimizer,
                    List.of(task.folder, task.observers, progress),
                    task.checkpoints);
            interruption.watch(trainer);
            return trainer.run(from);
        }
    }

    /** The launcher knows whether standard error is a terminal; Java knows only of input and output together. */
    private static boolean isTerminal() {
        return "1".equals(System.getenv("LOCKSTEP_TERMINAL"));
    }

    /** The engine of jobs over a run's data. */
    static JobEngine jobs(Session session, RunConfiguration run, DataSets data, Network network) {
        return new JobEngine(
                session.spark(),
                new JobEngine.Arithmetic(
                        network,
                        data.train().classesOrTargets(),
                        run.network().precision(),
                        run.blas(),
                        run.blockRows(),
                        run.allowMixedCpus()),
                data.sets());
    }

    /** What the loop is to do. */
    static Trainer.Plan plan(RunConfiguration run, DataSets data, Network network) {
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

    static Vector initialWeights(RunConfiguration run, Network network, Configuration hadoop) {
        if (run.network().initialWeights().isEmpty()) {
            return run.network().initialization().draw(network, run.seed());
        }
        String path = run.network().initialWeights().get();
        int slash = path.lastIndexOf('/');
        Folder folder = Folder.of(slash < 0 ? "." : path.substring(0, Math.max(1, slash)), hadoop);
        return Safetensors.read(path, folder.read(path.substring(slash + 1)), network);
    }

    private static SavedModel model(RunConfiguration run, DataSets data, Network network, Vector weights) {
        return new SavedModel(
                network,
                weights,
                run.network().precision(),
                data.train().encoding(),
                data.train().targets(),
                data.train().classes(),
                run.data().scale(),
                data.preparation(),
                run.data().train().json());
    }

    static double seconds(long begun) {
        return (System.nanoTime() - begun) * 1e-9;
    }
}
