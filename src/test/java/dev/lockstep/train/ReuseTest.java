package dev.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.Settings;
import dev.lockstep.data.ShardTest;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.JobEngine;
import dev.lockstep.distributed.MemoryEngine;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.optimize.Clipping;
import dev.lockstep.optimize.GradientDescent;
import dev.lockstep.optimize.Iteration;
import dev.lockstep.optimize.Objective;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.optimize.Optimizers;
import dev.lockstep.optimize.Penalty;
import dev.lockstep.optimize.Step;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The loop gives the arrays of old vectors to new ones, and nobody can tell. Assertions are on, so that an array that was
 * given up is full of NaN until somebody fills it again.
 */
class ReuseTest {
    private static final int ROWS = 10;
    private static final Network NETWORK = new Network(
            List.of(new Layer(1, 100, Activation.TANH, true), new Layer(100, ROWS, Activation.IDENTITY, true)),
            ClassLoss.CROSS_ENTROPY,
            0.0);
    private static final Vector START = Vector.of(NETWORK.parameters(), (result, from, to) -> {
        for (int i = from; i < to; i++) {
            result[i] = 0.1 * Math.sin(i);
        }
    });

    /** Keeps each snapshot and what was in it. */
    private static final class All implements Keeper {
        private final List<Snapshot<?>> snapshots = new ArrayList<>();
        private final List<List<double[]>> copies = new ArrayList<>();

        @Override
        public boolean wants(Standing standing, boolean epochEnded) {
            return true;
        }

        @Override
        public void keep(Snapshot<?> snapshot) {
            snapshots.add(snapshot);
            copies.add(arrays(snapshot));
        }

        private static List<double[]> arrays(Snapshot<?> snapshot) {
            return snapshot.vectors().stream().map(Vector::toArray).toList();
        }
    }

    static Stream<Arguments> runs() {
        return Optimizers.names().stream()
                .flatMap(name -> Stream.of(Arguments.of(name, ROWS), Arguments.of(name, 4))
                        .filter(run -> run.get()[1].equals(ROWS) || !read(name).fullBatchOnly()));
    }

    private static Optimizer<?> read(String name) {
        String text = "optimizer=" + name + (Optimizers.takesLearningRate(name) ? ",learning-rate=0.05" : "");
        return Optimizers.read(Settings.of(Settings.inline(text, "test")));
    }

    private static Engine engine() {
        return new MemoryEngine(
                ShardTest.shards(ROWS, 3, 3, Precision.FLOAT64),
                new JobEngine.Arithmetic(NETWORK, ROWS, Precision.FLOAT64, Blas.Kind.JAVA, 3, false));
    }

    private static Trainer.Plan plan(int batch) {
        return new Trainer.Plan(
                "run",
                new BatchPlan(ROWS, batch, true, 5),
                ROWS,
                new Penalty(0.01, 0, false, Vector.filled(NETWORK.parameters(), 1)),
                Clipping.NONE,
                0,
                5,
                List.of(0, 100, 200, 1200, NETWORK.parameters()),
                StopRules.read(Settings.of(Settings.inline("stop={epochs=5,patience=4}", "test"))),
                CurvatureRules.NONE,
                new ObserveRules(batch == ROWS, false, false, 0));
    }

    private static <S extends Record> Outcome train(Optimizer<S> optimizer, int batch, Keeper keeper) {
        return new Trainer<>(engine(), plan(batch), optimizer, List.of(), keeper).run(START);
    }

    @Test
    void the_network_is_large_enough() {
        assertThat(NETWORK.parameters()).isGreaterThan(Vector.LEAST_RELEASED);
    }

    @ParameterizedTest(name = "{0}, batches of {1}")
    @MethodSource("runs")
    void what_is_kept_stays_and_the_rest_leaves_no_trace(String name, int batch) {
        double[] start = START.toArray();
        All all = new All();
        Outcome kept = train(read(name), batch, all);
        for (int i = 0; i < all.snapshots.size(); i++) {
            assertThat(All.arrays(all.snapshots.get(i)))
                    .as("snapshot %d", i)
                    .containsExactlyElementsOf(all.copies.get(i));
        }
        Outcome reused = train(read(name), batch, Keeper.NONE);
        assertThat(reused.last()).isEqualTo(kept.last());
        assertThat(reused.best()).isEqualTo(kept.best());
        assertThat(reused.bestLoss()).isEqualTo(kept.bestLoss());
        assertThat(reused.steps()).isEqualTo(kept.steps());
        assertThat(reused.last().isFinite()).isTrue();
        assertThat(START.toArray()).isEqualTo(start);
    }

    /** Gradient descent that looks, three steps later, at points that nobody has promised to leave alone. */
    private record Nosy(GradientDescent own, List<Vector> points, List<double[]> copies)
            implements Optimizer<GradientDescent.State> {
        @Override
        public GradientDescent.State start(Vector point) {
            return own.start(point);
        }

        @Override
        public Step<GradientDescent.State> step(
                Iteration k, Vector point, GradientDescent.State state, Objective objective) {
            points.add(point);
            copies.add(point.toArray());
            return own.step(k, point, state, objective);
        }

        @Override
        public int liveVectors() {
            return own.liveVectors();
        }
    }

    @Test
    void old_points_are_written_over() {
        GradientDescent descent = (GradientDescent) read("gradient-descent");
        Nosy nosy = new Nosy(descent, new ArrayList<>(), new ArrayList<>());
        train(nosy, 4, Keeper.NONE);
        int changed = 0;
        for (int i = 1; i < nosy.points.size() - 3; i++) {
            changed += Arrays.equals(nosy.points.get(i).toArray(), nosy.copies.get(i)) ? 0 : 1;
        }
        // The best epochs' stay.
        assertThat(changed).isGreaterThan(nosy.points.size() / 3);
        assertThat(nosy.points.get(0)).isSameAs(START);
        assertThat(START.toArray()).isEqualTo(nosy.copies.get(0));
    }
}
