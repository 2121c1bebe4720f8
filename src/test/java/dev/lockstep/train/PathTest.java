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
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.network.NumberLoss;
import dev.lockstep.optimize.Clipping;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.optimize.Optimizers;
import dev.lockstep.optimize.Penalty;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Where runs were, on (w1^2 + 3 w2^2) / 2, whose recursions have closed forms. */
class PathTest {
    private static final double[][] ROWS = {{2, 0}, {0, 2}, {0, 2}, {0, 2}};

    private static SortedMap<Long, Vector> path(String optimizer, int every, int steps, double... start) {
        Network network = new Network(
                List.of(new Layer(2, 1, Activation.IDENTITY, false)),
                new NumberLoss(NumberLoss.Kind.SQUARED_ERROR, 1),
                0);
        Engine engine = new MemoryEngine(
                ShardTest.shards(ROWS, new double[ROWS.length][1], new ShardPlan(1, 1), Precision.FLOAT64),
                new JobEngine.Arithmetic(network, 1, Precision.FLOAT64, Blas.Kind.JAVA, ROWS.length, false));
        Settings settings = Settings.of(Settings.inline("stop={steps=" + steps + "}," + optimizer, "test"));
        Trainer.Plan plan = new Trainer.Plan(
                "test",
                new BatchPlan(ROWS.length, ROWS.length, true, 1),
                0,
                new Penalty(0, 0, false, Vector.zeros(2)),
                Clipping.NONE,
                0,
                1,
                List.of(0, 2),
                StopRules.read(settings),
                CurvatureRules.NONE,
                new ObserveRules(false, false, false, every));
        SortedMap<Long, Vector> path = new TreeMap<>();
        TrainingListener listener = new TrainingListener() {
            @Override
            public void weights(long step, Vector weights) {
                assertThat(path.put(step, weights)).as("told once").isNull();
            }
        };
        train(engine, plan, Optimizers.read(settings), listener, Vector.of(start));
        return path;
    }

    private static <S extends Record> void train(
            Engine engine, Trainer.Plan plan, Optimizer<S> optimizer, TrainingListener listener, Vector start) {
        new Trainer<>(engine, plan, optimizer, List.of(listener), Keeper.NONE).run(start);
    }

    /**
     * w(k+1) = (1 + beta - eta lambda) w(k) - beta w(k-1), with w(1) = (1 - eta lambda) w(0). For eta = 3/8, beta = 1/8:
     * along the first coordinate, lambda = 1, roots 1/2 and 1/4; along the second, lambda = 3, roots +-i sqrt(1/8). All
     * numbers are binary fractions, so nothing is rounded.
     */
    @Test
    void momentum_goes_where_its_recursion_says() {
        SortedMap<Long, Vector> path =
                path("optimizer={name=momentum,momentum=0.125},learning-rate=0.375", 1, 12, 1, 1);
        assertThat(path).hasSize(13);
        for (int k = 0; k <= 12; k++) {
            double first = 1.5 * Math.pow(2, -k) - 0.5 * Math.pow(4, -k);
            double second = Math.pow(-0.125, Math.ceil(k / 2.0));
            assertThat(path.get((long) k)).as("k = " + k).isEqualTo(Vector.of(first, second));
        }
    }

    /**
     * w(k+1) = (1 - eta) ((1 + beta) w(k) - beta w(k-1)): for eta = 3/8, beta = 1/5 the roots are 1/2 and 1/4 again. The
     * look-ahead points would be 1, 0.55, 0.2725, …
     */
    @Test
    void of_nesterov_s_method_the_weights_are_told_and_not_the_look_ahead_point() {
        SortedMap<Long, Vector> path = path("optimizer={name=nesterov,momentum=0.2},learning-rate=0.375", 1, 8, 1, 0);
        path.forEach((k, weights) -> assertThat(weights.get(0))
                .isCloseTo(
                        1.5 * Math.scalb(1.0, -k.intValue()) - 0.5 * Math.scalb(1.0, -2 * k.intValue()),
                        within(1e-15)));
        assertThat(path).hasSize(9);
    }

    @Test
    void every_third_step_and_the_end() {
        String optimizer = "optimizer=gradient-descent,learning-rate=0.5";
        assertThat(path(optimizer, 3, 10, 1, 1)).containsOnlyKeys(0L, 3L, 6L, 9L, 10L);
        assertThat(path(optimizer, 3, 9, 1, 1)).containsOnlyKeys(0L, 3L, 6L, 9L);
        assertThat(path(optimizer, 100, 2, 1, 1)).isEqualTo(Map.of(0L, Vector.of(1, 1), 2L, Vector.of(0.25, 0.25)));
        assertThat(path(optimizer, 0, 10, 1, 1)).isEmpty();
    }

    /** The first step leads to -1e200, where the loss is not finite. */
    @Test
    void a_run_that_diverges_is_told_up_to_where_it_did() {
        SortedMap<Long, Vector> path = path("optimizer=gradient-descent,learning-rate=1e200", 1, 10, 1, 0);
        assertThat(path).isEqualTo(Map.of(0L, Vector.of(1, 0), 1L, Vector.of(-1e200, 0)));
    }
}
