package dev.lockstep.cli;

import dev.lockstep.distributed.Engines;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.NetlibChoice;
import dev.lockstep.linalg.Vector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Takes the figures of one item in this JVM. What is compared is measured in turn, so that a change of the machine's mood
 * meets both; the first repetitions, in which the JVM compiles, are left out.
 */
final class Measurements {
    static final List<Integer> BATCHES = List.of(128, 1024);
    static final List<Engines> ENGINES = List.of(Engines.RESIDENT, Engines.JOBS);

    static final String STUDY_PRODUCTS = "large products of 16 runs";

    private static final int LARGE_BLOCK = 2048;
    /** Jobs get faster over the first thousand of an application. */
    private static final int EMPTY_JOBS_BEFORE = 1000;
    /** An engine starts anew in each round: its tasks, its broadcast, the order of the epoch. */
    private static final int STEPS_BEFORE = 5;

    private final Session session;
    private final BenchmarkPlan plan;
    private final Figures figures = new Figures();

    private Measurements(Session session, BenchmarkPlan plan) {
        this.session = session;
        this.plan = plan;
    }

    /** All figures of an item. */
    static Figures of(BenchmarkItem item, Session session, BenchmarkPlan plan) {
        Measurements all = new Measurements(session, plan);
        all.figures.fact("master", session.spark().master());
        all.figures.fact("slots", session.slots());
        switch (item) {
            case FULL_RELU -> all.fullBatch(plan.wide("relu"), plan.count(12, 3));
            case FULL_TANH -> all.fullBatch(plan.wide("tanh"), plan.count(12, 3));
            case FULL_DEEP -> all.fullBatch(plan.deep(), plan.count(6, 2));
            case MLLIB_OPENBLAS -> all.mllib(NetlibChoice.OURS);
            case MLLIB_JAVA -> all.mllib(NetlibChoice.JAVA);
            case MINI_LOCAL, MINI_CLUSTER -> all.miniBatches();
            case SCALING -> all.scaling();
            case STUDY -> all.study();
        }
        return all.figures;
    }

    private void about(MeasuredTraining training) {
        figures.fact("network", training.network().widths());
        figures.fact("parameters", training.network().parameters());
        figures.fact("rows", (double) training.rows().rows());
        figures.fact("kernel", Blas.of(training.run().blas()).kernel());
    }

    /** Step, products in the step's blocks, products in large blocks, and again. */
    private void fullBatch(RunConfiguration run, int repetitions) {
        MeasuredTraining training = MeasuredTraining.of(session, run);
        about(training);
        int warmUp = plan.count(4, 2);
        List<Double> same = new ArrayList<>();
        List<Double> large = new ArrayList<>();
        try (LargeProducts inBlocks = products(training, run.blockRows());
                LargeProducts inLargeBlocks = products(training, LARGE_BLOCK)) {
            MeasuredTraining.Steps steps = training.steps(warmUp + repetitions, () -> {
                same.add(inBlocks.seconds());
                large.add(inLargeBlocks.seconds());
            });
            figures.fact("engine", steps.engine());
            figures.fact("operations", inBlocks.operations());
            figures.add("step", steps.after(warmUp));
            figures.add("products", same.subList(warmUp, same.size()));
            figures.add("products in large blocks", large.subList(warmUp, large.size()));
        }
    }

    private LargeProducts products(MeasuredTraining training, int blockRows) {
        RunConfiguration run = training.run();
        return new LargeProducts(
                training.network(),
                run.network().precision(),
                Blas.of(run.blas()),
                training.rows().rows(),
                training.rows().plan(),
                blockRows,
                session.slots());
    }

    /** MLlib, our steps with relu, our steps with MLlib's sigmoid, and again. */
    private void mllib(NetlibChoice products) {
        if (!products.wish()) {
            throw new IllegalStateException("OpenBLAS does not load on this machine, so MLlib cannot have it");
        }
        String theirProducts = NetlibChoice.made();
        figures.fact("mllib products", products == NetlibChoice.OURS ? theirProducts + ", OpenBLAS" : theirProducts);
        MeasuredTraining relu = MeasuredTraining.of(session, plan.wide("relu"));
        about(relu);
        MeasuredTraining sigmoid = relu.sharing(plan.wide("sigmoid"));
        MllibTraining theirs = new MllibTraining(relu);
        List<Double> passes = new ArrayList<>();
        List<Double> reluSteps = new ArrayList<>();
        List<Double> sigmoidSteps = new ArrayList<>();
        int iterations = plan.count(6, 3);
        int evaluations = 0;
        int warmUp = plan.count(3, 1);
        int rounds = plan.count(2, 1);
        for (int round = 0; round < rounds; round++) {
            List<Double> some = theirs.passes(iterations);
            evaluations += some.size() + 1;
            passes.addAll(some.subList(1, some.size()));
            int count = warmUp + plan.count(6, 3);
            reluSteps.addAll(relu.steps(count, () -> {}).after(warmUp));
            sigmoidSteps.addAll(sigmoid.steps(count, () -> {}).after(warmUp));
        }
        figures.add("pass of MLlib", passes);
        figures.add("step", reluSteps);
        figures.add("step, sigmoid", sigmoidSteps);
        figures.fact("mllib solver", "l-bfgs");
        figures.fact("mllib evaluations per iteration", (double) evaluations / (iterations * rounds));
    }

    /** Empty jobs and steps of both engines with both batches, in turn. */
    private void miniBatches() {
        Map<Integer, MeasuredTraining> byBatch = new LinkedHashMap<>();
        for (int batch : BATCHES) {
            RunConfiguration run = plan.mini(batch);
            byBatch.put(
                    batch,
                    byBatch.isEmpty()
                            ? MeasuredTraining.of(session, run)
                            : byBatch.get(BATCHES.get(0)).sharing(run));
        }
        about(byBatch.get(BATCHES.get(0)));
        emptyJobs(plan.count(EMPTY_JOBS_BEFORE, 50));
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        int rounds = plan.count(6, 2);
        for (int round = 0; round < rounds; round++) {
            // The first round compiles.
            boolean counts = round > 0;
            List<Double> empty = emptyJobs(plan.count(200, 20));
            if (counts) {
                seconds.computeIfAbsent("empty job", key -> new ArrayList<>()).addAll(empty);
            }
            for (Map.Entry<Integer, MeasuredTraining> one : byBatch.entrySet()) {
                for (Engines engine : ENGINES) {
                    int many = plan.count(round == 0 ? 400 : 150, 15);
                    MeasuredTraining.Steps steps = one.getValue().steps(engine, STEPS_BEFORE + many, () -> {});
                    String name = stepName(one.getKey(), engine);
                    if (counts) {
                        seconds.computeIfAbsent(name, key -> new ArrayList<>()).addAll(steps.after(STEPS_BEFORE));
                        figures.fact(name + ", bytes down", steps.bytesDown());
                        figures.fact(name + ", bytes up", steps.bytesUp());
                        figures.fact(name + ", engine", steps.engine());
                    }
                }
            }
        }
        seconds.forEach(figures::add);
    }

    /** The name under which the time of a mini-batch step is kept. */
    static String stepName(int batch) {
        return "step, batch " + batch;
    }

    /** The name where both engines are measured. */
    static String stepName(int batch, Engines engine) {
        return stepName(batch) + ", " + engine.key();
    }

    /** One stage, as many tasks as slots, nothing to collect. */
    private List<Double> emptyJobs(int count) {
        JavaSparkContext spark = session.spark();
        int slots = session.slots();
        List<Integer> numbers = IntStream.range(0, slots).boxed().toList();
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long begun = System.nanoTime();
            List<Integer> nothing =
                    spark.parallelize(numbers, slots).filter(number -> false).collect();
            seconds.add(TrainCommand.seconds(begun));
            if (!nothing.isEmpty()) {
                throw new IllegalStateException("an empty job answered " + nothing);
            }
        }
        return seconds;
    }

    /** Runs one after the other and in lockstep, with both engines, in turn. */
    private void study() {
        Map<String, List<Double>> seconds = new LinkedHashMap<>();
        try (MeasuredStudy study = new MeasuredStudy(session, plan.study());
                LargeProducts products = study.products()) {
            figures.fact("network", study.network().widths());
            figures.fact("rows", (double) study.rows());
            int rounds = plan.count(4, 2);
            for (int round = 0; round < rounds; round++) {
                List<Vector> points = null;
                for (Engines engine : ENGINES) {
                    MeasuredStudy.Took alone = study.alone(engine);
                    MeasuredStudy.Took together = study.together(engine);
                    points = points == null ? alone.points() : points;
                    if (!points.equals(alone.points()) || !points.equals(together.points())) {
                        throw new IllegalStateException("a run in lockstep has other bits than alone");
                    }
                    // The first round compiles.
                    if (round > 0) {
                        add(seconds, studyName(engine, false), alone.seconds());
                        add(seconds, studyName(engine, true), together.seconds());
                        add(seconds, studyName(engine, true) + ", exchange", alone.exchangeSeconds());
                        figures.fact("evaluations", (double) together.evaluations());
                    }
                }
                double passes = figures.number("evaluations") * BenchmarkPlan.STUDY_BATCH / study.rows();
                if (round > 0) {
                    products.seconds();
                    add(seconds, STUDY_PRODUCTS, passes * products.seconds());
                }
            }
        }
        seconds.forEach(figures::add);
    }

    private static void add(Map<String, List<Double>> seconds, String name, double value) {
        seconds.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    }

    static String studyName(Engines engine, boolean together) {
        return (together ? "16 runs in lockstep, " : "16 runs one after the other, ") + engine.key();
    }

    /** Full-batch and mini-batch steps. */
    private void scaling() {
        MeasuredTraining full = MeasuredTraining.of(session, plan.wide("relu"));
        about(full);
        int warmUp = plan.count(4, 2);
        MeasuredTraining.Steps steps = full.steps(warmUp + plan.count(12, 3), () -> {});
        figures.fact("engine", steps.engine());
        figures.add("step", steps.after(warmUp));
        for (int batch : BATCHES) {
            MeasuredTraining mini = full.sharing(plan.mini(batch));
            int compiling = plan.count(400, 10);
            MeasuredTraining.Steps some = mini.steps(compiling + plan.count(400, 15), () -> {});
            figures.add(stepName(batch), some.after(compiling));
        }
    }
}
