package dev.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.Settings;
import dev.lockstep.data.ShardPlan;
import dev.lockstep.data.ShardTest;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.JobEngine;
import dev.lockstep.distributed.MemoryEngine;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Loss;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkDesign;
import dev.lockstep.optimize.Clipping;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.optimize.Optimizers;
import dev.lockstep.optimize.Penalty;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whole runs from their configuration on, against PyTorch 1.13 and, for the variants of Rprop that it lacks, against
 * the paper's equations: losses and final weights of networks 3-7-5-outputs in float64, full batches. The numbers are
 * printed by {@code src/test/python/torch_training.py}; data and first weights are made from integers,
 * the same bits there and here.
 */
class TorchTrainingTest {
    private static final double TOLERANCE = 1e-12;
    private static final int ROWS = 25;
    private static final int INPUTS = 3;
    private static final int STEPS = 25;
    private static final int[] SHOWN = {0, 1, 5, 12, 24};
    private static final double[][] X = features();

    /** Losses before the steps SHOWN; the first, middle and last weight at the end, and the norm of all. */
    private record Run(String configuration, double[] losses, double[] weights) {
        Settings settings() {
            return Settings.parse(
                    configuration + "\nstop.steps = " + STEPS + "\nnetwork { hidden = [7, 5], precision = float64 }",
                    "torch-training.txt",
                    List.of());
        }

        @Override
        public String toString() {
            return configuration;
        }
    }

    static List<Run> runs() throws IOException {
        List<String> lines;
        try (InputStream stream = TorchTrainingTest.class.getResourceAsStream("torch-training.txt")) {
            lines = new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < lines.size(); i += 2) {
            String[] numbers = lines.get(i + 1).split("\\|", 2);
            runs.add(new Run(lines.get(i), numbers(numbers[0]), numbers(numbers[1])));
        }
        return runs;
    }

    private static double[] numbers(String text) {
        return Arrays.stream(text.strip().split(" ", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runs")
    void a_run_goes_where_torch_or_the_paper_goes(Run run) {
        Settings settings = run.settings();
        Optimizer<?> optimizer = Optimizers.read(settings);
        NetworkDesign design = NetworkDesign.read(settings.child("network"));
        StopRules stop = StopRules.read(settings);
        settings.refuseUnknown();
        Network network = design.build(INPUTS, classesOrTargets(design.loss()));
        double[] losses = new double[STEPS];
        TrainingListener listener = new TrainingListener() {
            @Override
            public void step(StepRecord step) {
                losses[(int) step.step()] = step.loss();
            }
        };

        Vector end = end(optimizer, network, design.precision(), stop, listener);

        for (int i = 0; i < SHOWN.length; i++) {
            verify("loss " + SHOWN[i], losses[SHOWN[i]], run.losses[i]);
        }
        int size = end.size();
        double[] weights = {end.get(0), end.get(size / 2), end.get(size - 1), end.norm()};
        for (int i = 0; i < weights.length; i++) {
            verify(i < 3 ? "weight " + i : "norm", weights[i], run.weights[i]);
        }
    }

    private static void verify(String what, double got, double expected) {
        assertThat(got).as(what).isCloseTo(expected, within(TOLERANCE * Math.abs(expected)));
    }

    private static <S extends Record> Vector end(
            Optimizer<S> optimizer, Network network, Precision precision, StopRules stop, TrainingListener listener) {
        int size = network.parameters();
        Trainer.Plan plan = new Trainer.Plan(
                "run",
                new BatchPlan(ROWS, ROWS, true, 1),
                0,
                new Penalty(0, 0, false, Vector.zeros(size)),
                Clipping.NONE,
                0,
                1,
                List.of(0, size),
                stop,
                CurvatureRules.NONE,
                ObserveRules.NONE);
        return new Trainer<>(engine(network, precision), plan, optimizer, List.of(listener), Keeper.NONE)
                .run(Vector.wrap(draws(2, size)))
                .last();
    }

    private static int classesOrTargets(Loss loss) {
        return loss == ClassLoss.CROSS_ENTROPY ? 3 : 2;
    }

    /** Three shards, of 9, 8 and 8 rows. */
    private static Engine engine(Network network, Precision precision) {
        int[] threeClasses = new int[ROWS];
        int[] twoClasses = new int[ROWS];
        double[][] targets = new double[ROWS][];
        for (int i = 0; i < ROWS; i++) {
            double a = X[i][0];
            double b = X[i][1];
            double c = X[i][2];
            threeClasses[i] = (a * b > 0 ? 1 : 0) + (c > 0.25 ? 1 : 0);
            twoClasses[i] = a + b * b > 0.5 ? 1 : 0;
            targets[i] = new double[] {a * b, c + a / 2};
        }
        Loss loss = network.loss();
        int[] classes = loss == ClassLoss.CROSS_ENTROPY ? threeClasses : twoClasses;
        ShardPlan plan = new ShardPlan(3, 1);
        return new MemoryEngine(
                loss.forClasses()
                        ? ShardTest.shards(X, classes, null, plan, precision)
                        : ShardTest.shards(X, targets, plan, precision),
                new JobEngine.Arithmetic(network, classesOrTargets(loss), precision, Blas.Kind.JAVA, 4, false));
    }

    private static double[][] features() {
        double[] draws = draws(1, ROWS * INPUTS);
        double[][] x = new double[ROWS][INPUTS];
        for (int i = 0; i < draws.length; i++) {
            x[i / INPUTS][i % INPUTS] = 2 * draws[i];
        }
        return x;
    }

    /** Multiples of 2^-15 in [-1, 1): the upper bits of a linear congruential generator modulo 2^31. */
    private static double[] draws(long seed, int count) {
        double[] draws = new double[count];
        long state = seed;
        for (int i = 0; i < count; i++) {
            state = (1103515245 * state + 12345) & ((1L << 31) - 1);
            draws[i] = (double) (state >> 15) / (1 << 15) - 1;
        }
        return draws;
    }

    @Test
    void every_activation_is_trained_by_two_optimizers_and_more() throws IOException {
        Map<Activation, Set<String>> optimizers = new HashMap<>();
        for (Run run : runs()) {
            Settings settings = run.settings();
            String name = settings.childOrValue("optimizer", "name").text("name");
            for (Activation activation :
                    NetworkDesign.read(settings.child("network")).activations()) {
                optimizers.computeIfAbsent(activation, a -> new HashSet<>()).add(name);
            }
        }
        assertThat(optimizers).containsOnlyKeys(Activation.values());
        assertThat(optimizers.values()).allSatisfy(names -> assertThat(names).hasSizeGreaterThan(1));
    }
}
