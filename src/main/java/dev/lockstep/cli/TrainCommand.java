package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.data.Dataset;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.JobEngine;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.network.Network;
import dev.lockstep.observe.FolderLock;
import dev.lockstep.observe.Progress;
import dev.lockstep.observe.RunFolder;
import dev.lockstep.observe.StoredCheckpoint;
import dev.lockstep.train.Outcome;
import java.io.File;
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
        if (resume != null) {
            try (FolderLock lock = StudyFolder.lockRun(resume, hadoop)) {
                Resumption resumption = Resumption.of(resume, options.overrides, hadoop);
                return train(resumption.run(), Optional.of(resumption), begun);
            }
        }
        RunConfiguration run = RunConfiguration.read(Settings.read(file, options.overrides), new File(file).getName());
        try (FolderLock lock = StudyFolder.lockRun(run.output(), hadoop)) {
            RunFolder.check(run.output(), overwrite, hadoop);
            return train(run, Optional.empty(), begun);
        }
    }

    private int train(RunConfiguration run, Optional<Resumption> resumption, long begun) {
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
        DataSets data = DataSets.read(session, run);
        double readingSeconds = seconds(begun);
        Network network =
                run.network().build(data.train().features().size(), data.train().classesOrTargets());
        resumption.ifPresent(from -> from.check(data, network));
        // Looks at the network's size, before its weights are drawn.
        JobEngine jobs = jobs(session, run, data, network);
        memory(session, run, data, network).check(Runtime.getRuntime().maxMemory());
        TrainingRun training = new TrainingRun(
                session, run, data, network, new FirstWeights(), resumption.map(Resumption::checkpoint));
        LOG.info(
                "{} {}, {} parameters; {} training rows in {} shards, {} steps an epoch",
                network.widths(),
                network.loss().key(),
                String.format("%,d", network.parameters()),
                String.format("%,d", data.rows(RowSet.TRAINING)),
                data.sets().get(RowSet.TRAINING).plan().shards(),
                training.plan().batches().stepsPerEpoch());
        try (training;
                Engine engine = run.engine().over(jobs)) {
            return train(training, engine, readingSeconds, begun);
        } catch (Throwable e) {
            training.failed(e);
            throw e;
        }
    }

    static DriverMemory memory(Session session, RunConfiguration run, DataSets data, Network network) {
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

    private int train(TrainingRun training, Engine engine, double readingSeconds, long begun) {
        OptionalLong mostSteps =
                training.plan().stop().mostSteps(training.plan().batches());
        try (Interruption interruption = new Interruption()) {
            try {
                Outcome outcome;
                try (Progress progress = options.quiet ? Progress.none() : Progress.of(isTerminal(), mostSteps)) {
                    outcome = training.train(engine, List.of(progress), interruption::watch);
                }
                return end(training, engine, outcome, readingSeconds, begun);
            } catch (Throwable e) {
                if (!interruption.caused(e)) {
                    throw e;
                }
                return told(training, e);
            }
        }
    }

    /** What goes wrong once a run is told to stop is no fault of its own. */
    private static int told(TrainingRun training, Throwable wrong) {
        LOG.debug("told to stop, which broke off", wrong);
        training.brokenOff();
        System.err.println("told to stop; "
                + (StoredCheckpoint.hasAny(training.folder())
                        ? "to go on: jobs/train --resume "
                                + training.configuration().output()
                        : "there is no checkpoint to go on from"));
        return Complaints.EXIT_FAILED;
    }

    private int end(TrainingRun training, Engine engine, Outcome outcome, double readingSeconds, long begun) {
        if (outcome.reason().isTold()) {
            training.leave(outcome);
            System.err.println(outcome.reason().message() + "; to go on: jobs/train --resume "
                    + training.configuration().output());
            return Complaints.EXIT_FAILED;
        }
        RunReport report = training.finish(engine, outcome, readingSeconds, begun);
        RunPage.write(training.configuration(), training.folder(), report.json(), command());
        System.out.print(report.text());
        if (outcome.reason().isRefused()) {
            System.err.println("optimizer: " + outcome.reason().message() + "; "
                    + outcome.reason().advice());
            return Complaints.EXIT_INPUT;
        }
        return outcome.reason().isDiverged() ? Main.EXIT_DIVERGED : 0;
    }

    /** What a user types to have this again. */
    private String command() {
        return CommonOptions.command("jobs/train " + (resume == null ? file : "--resume " + resume), options);
    }

    /** The launcher knows whether standard error is a terminal; Java knows only of input and output together. */
    static boolean isTerminal() {
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

    static double seconds(long begun) {
        return (System.nanoTime() - begun) * 1e-9;
    }
}
