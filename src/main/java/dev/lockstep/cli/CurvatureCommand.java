package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.curvature.CriticalPoint;
import dev.lockstep.curvature.CurvatureMatrix;
import dev.lockstep.curvature.EigenPair;
import dev.lockstep.curvature.LossAlong;
import dev.lockstep.curvature.Sharpness;
import dev.lockstep.curvature.Spectrum;
import dev.lockstep.data.Batch;
import dev.lockstep.data.Dataset;
import dev.lockstep.data.Packing;
import dev.lockstep.data.Scan;
import dev.lockstep.data.ShardPlan;
import dev.lockstep.distributed.BatchObjective;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.Engines;
import dev.lockstep.distributed.JobEngine;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Lanczos;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.SavedModel;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.DenseCurvature;
import dev.lockstep.optimize.Evaluation;
import dev.lockstep.optimize.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Curvature of the objective at the weights of a saved model. */
@Command(
        name = "curvature",
        description =
                "Sharpness, spectrum, best learning rate and kind of critical point at the weights of a saved model: "
                        + "of the objective that it was trained on, penalty included, over the rows of a data set.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class CurvatureCommand implements Callable<Integer> {
    private static final int BLOCK_ROWS = RunConfiguration.DEFAULT_BLOCK_ROWS;
    private static final int MOST_STEPS = 300;

    @Mixin
    private ModelOptions model;

    @Option(
            names = "--fraction",
            paramLabel = "SHARE",
            defaultValue = "1",
            description = "Share of the rows to look at, chosen by the seed; default: 1, all.")
    private double fraction;

    @Option(names = "--exact", description = "All eigenvalues, of the dense matrix; for small networks.")
    private boolean exact;

    @Option(names = "--quick", description = "Only lambdaMax, to three digits, and the learning rates that follow.")
    private boolean quick;

    @Option(names = "--json", description = "Prints one JSON object instead of tables.")
    private boolean json;

    @Option(
            names = "--probes",
            paramLabel = "N",
            defaultValue = "8",
            description = "Random vectors for density and traces; default: 8.")
    private int probes;

    @Option(
            names = "--steps",
            paramLabel = "M",
            defaultValue = "40",
            description = "Lanczos steps of each; one goes on until both ends are found; default: 40.")
    private int steps;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "Of vectors and rows; default: 1.")
    private long seed;

    @Option(
            names = "--matrix",
            paramLabel = "NAME",
            defaultValue = "hessian",
            description = "hessian (default) or gauss-newton.")
    private String matrix;

    @Option(
            names = "--precision",
            paramLabel = "NAME",
            description = "float32 or float64: arithmetic on the executors; default: as trained.")
    private String precision;

    @Option(
            names = "--gradient-tolerance",
            paramLabel = "SHARE",
            defaultValue = "1e-6",
            description =
                    "The point is critical if a step of 1/lambdaMax along the gradient is at most this share of its "
                            + "norm; default: 1e-6.")
    private double gradientTolerance;

    @Option(names = "--plot", paramLabel = "FILE", description = "Draws the spectrum's density into a PNG file.")
    private String plot;

    @Mixin
    private SliceOptions slice;

    @Option(names = "--overwrite", description = "Replaces plot and slice if they exist.")
    private boolean overwrite;

    @Mixin
    private CommonOptions options;

    @Override
    public Integer call() {
        long begun = System.nanoTime();
        Configuration hadoop = Session.hadoop(options);
        SavedModel saved = model.load(options);
        CurvatureReport.Setting setting =
                setting(saved, TrainedObjective.read(model.folder(), saved.network(), hadoop));
        check(saved);
        PlotFile file = plot == null ? null : PlotFile.of("--plot", plot, List.of(".png"), overwrite, hadoop);
        Optional<SlicePlan> wanted = SlicePlan.read(slice, model.folder(), saved, seed, overwrite, hadoop);
        DataDesign.Input input = model.asTrained(saved, options);
        if (!setting.trained().isKnown()) {
            System.err.println(model.folder() + ": no run.json there, so the objective is taken without a penalty");
        }
        try (Session session = Session.start("lockstep curvature", options)) {
            CurvatureAnswer report = look(session, saved, setting, wanted, input, begun);
            CurvatureAnswer curvature = report;
            if (report instanceof SlicedCurvature sliced) {
                sliced.write();
                curvature = sliced.curvature();
            }
            if (file != null && curvature instanceof CurvatureReport whole) {
                file.write(whole.plot().png());
            }
            System.out.print(json ? Json.pretty(report.json()) : report.text());
            return 0;
        }
    }

    private CurvatureReport.Setting setting(SavedModel saved, TrainedObjective trained) {
        List<String> matrices = List.of("hessian", "gauss-newton");
        if (!matrices.contains(matrix)) {
            throw new InputException("--matrix " + matrix + ": expected one of " + String.join(", ", matrices));
        }
        if (precision != null && !Precision.keys().contains(precision)) {
            throw new InputException(
                    "--precision " + precision + ": expected one of " + String.join(", ", Precision.keys()));
        }
        return new CurvatureReport.Setting(
                model.folder(),
                saved.network(),
                trained,
                matrix.equals("hessian") ? Curvature.HESSIAN : Curvature.GAUSS_NEWTON,
                precision == null ? saved.precision() : Precision.of(precision),
                fraction,
                gradientTolerance);
    }

    private void check(SavedModel saved) {
        if (!(fraction > 0 && fraction <= 1)) {
            throw new InputException("--fraction " + fraction + ": expected a share in (0, 1]");
        }
        if (quick && (exact || plot != null)) {
            throw new InputException("--quick finds one eigenvalue, so there is nothing for "
                    + (exact ? "--exact" : "--plot") + "; leave one of them out");
        }
        if (probes < 1) {
            throw new InputException("--probes " + probes + ": expected at least 1");
        }
        if (steps < 1) {
            throw new InputException("--steps " + steps + ": expected at least 1");
        }
        if (!(gradientTolerance > 0)) {
            throw new InputException("--gradient-tolerance " + gradientTolerance + ": expected a positive number");
        }
        int parameters = saved.network().parameters();
        if (exact && parameters > DenseCurvature.MOST_PARAMETERS) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "--exact: the network has %,d parameters, and a dense matrix is for at most %,d; leave --exact out: the "
                            + "ends of the spectrum are found as well without it",
                    parameters,
                    DenseCurvature.MOST_PARAMETERS));
        }
        long heap = Runtime.getRuntime().maxMemory();
        long vectors = isQuick() ? QuickCurvature.LEAST_STEPS + 8L : steps + 2L * probes + 8L;
        long needed = exact ? 24L * parameters * parameters : 8L * vectors * parameters;
        if (needed > heap / 2) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "%s parameters take %,d MB, more than half of the driver's memory of %,d MB; %sadd -- --driver-memory %dg",
                    (exact ? "--exact: " : "--steps " + steps + ": so many vectors of ")
                            + String.format(Locale.ROOT, "%,d", parameters),
                    needed >> 20,
                    heap >> 20,
                    exact ? "" : "take fewer steps, or ",
                    ((2 * needed) >> 30) + 1));
        }
        if (!saved.weights().isFinite()) {
            throw new InputException(
                    model.folder() + ": weights are not all finite, so there is no curvature to look at;"
                            + " the run diverged: try a smaller learning rate");
        }
    }

    /** Whether the largest eigenvalue is all that is wanted of the spectrum. */
    private boolean isQuick() {
        return quick || (slice.isWanted() && !exact && plot == null);
    }

    private CurvatureAnswer look(
            Session session,
            SavedModel saved,
            CurvatureReport.Setting setting,
            Optional<SlicePlan> wanted,
            DataDesign.Input input,
            long begun) {
        Scan scan = DataSets.scan(
                session, input, saved.network().loss().forClasses(), new Scan.Known(saved.classes(), saved.encoding()));
        DataSets.checkTargets(saved.classes() != null, saved.targets(), scan.targets());
        int shards = DataSets.shards(OptionalInt.empty(), scan.rows());
        Packing.Format format = new Packing.Format(
                ShardPlan.forSlots(shards, session.slots()), BLOCK_ROWS, setting.precision(), saved.scale());
        Dataset set = Packing.asTrained(
                session.spark(),
                scan,
                format,
                saved.preparation().withClassWeights(setting.trained().classWeights()));
        JobEngine jobs = new JobEngine(
                session.spark(),
                new JobEngine.Arithmetic(
                        saved.network(),
                        saved.classesOrTargets(),
                        setting.precision(),
                        Blas.Kind.JAVA,
                        BLOCK_ROWS,
                        true),
                Map.of(RowSet.TRAINING, set));
        // Many small questions, one after the other: tasks that stay answer them in a fraction of a job's time.
        try (Engine engine = Engines.RESIDENT.over(jobs)) {
            Batch batch = batch(scan.rows());
            BatchObjective objective = new BatchObjective(
                    engine, 0, batch, null, setting.trained().penalty(), TrainingRun.tensors(saved.network()));
            double reading = TrainCommand.seconds(begun);
            try {
                return look(new WatchedObjective(objective), saved.weights(), setting, wanted, batch, reading);
            } catch (ArithmeticException e) {
                throw new InputException(
                        setting.folder() + ": second derivatives at these weights are not finite (" + e.getMessage()
                                + "); try --precision float64",
                        e);
            }
        }
    }

    /** As many rows of an order that the seed decides. */
    private Batch batch(long rows) {
        long some = Math.max(1, (long) Math.ceil(fraction * rows));
        return some >= rows ? Batch.all(rows) : new Batch(rows, 0, some, Mixing.key(seed, "curvature rows"), true);
    }

    private CurvatureAnswer look(
            WatchedObjective objective,
            Vector point,
            CurvatureReport.Setting setting,
            Optional<SlicePlan> wanted,
            Batch batch,
            double reading) {
        long begun = System.nanoTime();
        Evaluation here = objective.evaluate(point);
        if (!here.isFinite()) {
            throw new InputException(setting.folder() + ": the loss at these weights is " + here.value()
                    + " and the gradient's norm " + here.gradientNorm()
                    + ", so there is no curvature to look at; try --precision float64");
        }
        Optional<SliceReport> sliced = wanted.map(plan -> plan.look(objective, setting, point, here, seed));
        Supplier<CurvatureReport.Cost> cost = () -> cost(objective, batch, reading, begun);
        CurvatureAnswer curvature =
                isQuick() ? quick(objective, point, setting, here, cost) : whole(objective, point, setting, here, cost);
        return sliced.isPresent()
                ? new SlicedCurvature(
                        curvature, sliced.get(), wanted.orElseThrow().file())
                : curvature;
    }

    private QuickCurvature quick(
            Objective objective,
            Vector point,
            CurvatureReport.Setting setting,
            Evaluation here,
            Supplier<CurvatureReport.Cost> cost) {
        Sharpness sharpness = Sharpness.of(
                objective,
                setting.matrix(),
                point,
                Lanczos.Ends.LARGEST,
                QuickCurvature.TOLERANCE,
                QuickCurvature.steps(point.size()),
                seed);
        return new QuickCurvature(setting, here, sharpness, cost.get());
    }

    private CurvatureReport whole(
            Objective objective,
            Vector point,
            CurvatureReport.Setting setting,
            Evaluation here,
            Supplier<CurvatureReport.Cost> cost) {
        CurvatureMatrix curvature = new CurvatureMatrix(objective, setting.matrix(), point);
        Spectrum.Plan plan = plan(setting);
        Spectrum spectrum = exact ? Spectrum.exact(curvature, plan) : Spectrum.estimate(curvature, plan);
        CriticalPoint kind = CriticalPoint.of(
                point,
                here.gradientNorm(),
                spectrum.smallest().value(),
                spectrum.largest().value(),
                setting.gradientTolerance());
        List<EigenPair> directions = new ArrayList<>(List.of(spectrum.largest()));
        if (spectrum.smallest().value() < -spectrum.threshold()) {
            directions.add(spectrum.smallest());
        }
        List<LossAlong> along = LossAlong.of(objective, point, here, directions);
        return new CurvatureReport(setting, here, spectrum, kind, along, cost.get());
    }

    private static CurvatureReport.Cost cost(WatchedObjective objective, Batch batch, double reading, long begun) {
        return new CurvatureReport.Cost(
                batch.rows(),
                batch.setRows(),
                objective.evaluations(),
                objective.scans(),
                reading,
                TrainCommand.seconds(begun));
    }

    private Spectrum.Plan plan(CurvatureReport.Setting setting) {
        Network network = setting.network();
        List<Integer> layers = new ArrayList<>();
        for (Network.Tensor tensor : network.tensors()) {
            if (tensor.isWeight()) {
                layers.add(tensor.from());
            }
        }
        layers.add(network.parameters());
        return new Spectrum.Plan(
                probes,
                steps,
                Math.max(steps, MOST_STEPS),
                setting.precision() == Precision.FLOAT64 ? 1e-7 : 1e-4,
                seed,
                TrainingRun.tensors(network),
                layers,
                Runtime.getRuntime().maxMemory() / 4);
    }
}
