package dev.lockstep.cli;

import dev.lockstep.Settings;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.JobEngine;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Progress;
import dev.lockstep.observe.RunFolder;
import dev.lockstep.observe.Safetensors;
import dev.lockstep.observe.SavedModel;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.train.BatchPlan;
import dev.lockstep.train.Outcome;
import dev.lockstep.train.Trainer;
import java.io.File;
import java.util.List;
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

    @Parameters(paramLabel = "CONF", description = "Configuration of the run; conf/ has examples.")
    private String file;

    @Option(names = "--overwrite", description = "Replaces the run folder if it exists.")
    private boolean overwrite;

    @Mixin
    private CommonOptions options;

    @Override
    public Integer call() {
        long begun = System.nanoTime();
        Settings settings = Settings.read(file, options.overrides);
        RunConfiguration run = RunConfiguration.read(settings, new File(file).getName());
        RunFolder.check(run.output(), overwrite, Session.hadoop(options));
        try (Session session = Session.start("lockstep train " + run.name(), options)) {
            session.announce(run.blas());
            return train(session, run, begun);
        }
    }

    private int train(Session session, RunConfiguration run, long begun) {
        Configuration hadoop = session.spark().hadoopConfiguration();
        DataSets data = DataSets.read(session, run);
        double readingSeconds = seconds(begun);
        Network network =
                run.network().build(data.train().features().size(), data.train().classesOrTargets());
        // Looks at the network's size, before its weights are drawn.
        JobEngine jobs = jobs(session, run, data, network);
        Vector start = initialWeights(run, network, hadoop);
        Trainer.Plan plan = plan(run, data, network);
        LOG.info(
                "{} {}, {} parameters; {} training rows in {} shards, {} steps an epoch",
                network.widths(),
                network.loss().key(),
                String.format("%,d", network.parameters()),
                String.format("%,d", data.rows(RowSet.TRAINING)),
                data.sets().get(RowSet.TRAINING).plan().shards(),
                plan.batches().stepsPerEpoch());

        RunFolder folder = RunFolder.create(run.output(), data::metrics, hadoop);
        try (Engine engine = run.engine().over(jobs)) {
            Outcome outcome = run(engine, plan, run.optimizer(), start, folder);
            SavedModel model = model(run, data, network, outcome.best());
            RunReport report = RunReport.of(session, run, data, engine, network, plan, outcome, readingSeconds, begun);
            folder.finish(report.json(), model);
            System.out.print(report.text());
            return outcome.reason().isDiverged() ? Main.EXIT_DIVERGED : 0;
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

    private <S extends Record> Outcome run(
            Engine engine, Trainer.Plan plan, Optimizer<S> optimizer, Vector start, RunFolder folder) {
        OptionalLong mostSteps = plan.stop().mostSteps(plan.batches());
        try (Progress progress = options.quiet ? Progress.none() : Progress.of(isTerminal(), mostSteps)) {
            return new Trainer<>(engine, plan, optimizer, List.of(folder, progress)).run(start);
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
        boolean[] weightMask = network.weightMask();
        double[] mask = new double[weightMask.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = weightMask[i] ? 1.0 : 0.0;
        }
        return new Trainer.Plan(
                new BatchPlan(rows, run.batchRows().orElse(rows), run.shuffle(), run.seed()),
                data.rows(RowSet.VALIDATION),
                run.penalty().on(Vector.wrap(mask)),
                run.clip(),
                network.dropout(),
                run.seed(),
                run.stop());
    }

    private static Vector initialWeights(RunConfiguration run, Network network, Configuration hadoop) {
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
