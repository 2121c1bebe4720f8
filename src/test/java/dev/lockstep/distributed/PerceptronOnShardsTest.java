package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.Batch;
import dev.lockstep.data.Shard;
import dev.lockstep.data.ShardPlan;
import dev.lockstep.data.ShardRange;
import dev.lockstep.data.ShardTest;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.network.Sums;
import dev.lockstep.optimize.ConstantRate;
import dev.lockstep.optimize.Iteration;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.optimize.Penalty;
import dev.lockstep.optimize.Perceptron;
import dev.lockstep.optimize.Perceptron.Variant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rosenblatt's rule on real shards, from loss to weights: row by row, and each shard on its own. */
class PerceptronOnShardsTest {
    private static final double[][] CORNERS = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    private static final int[] AND = {0, 0, 0, 1};

    /** Rows in memory and who answers for them. */
    private record Problem(double[][] x, int[] classes, double[] weights, int outputs, boolean bias) {
        Problem(double[][] x, int[] classes, int outputs) {
            this(x, classes, null, outputs, true);
        }

        Network network() {
            return new Network(
                    List.of(new Layer(x[0].length, outputs, Activation.IDENTITY, bias)), ClassLoss.PERCEPTRON, 0);
        }

        List<Shard> shards(ShardPlan plan, Precision precision) {
            return ShardTest.shards(x, classes, weights, plan, precision);
        }

        Engine engine(int shards, Precision precision, Blas.Kind blas) {
            int classCount = outputs == 1 ? 2 : outputs;
            return new MemoryEngine(
                    shards(new ShardPlan(shards, 1), precision),
                    new JobEngine.Arithmetic(network(), classCount, precision, blas, 4, false));
        }

        Vector zeros() {
            return Vector.zeros(network().parameters());
        }

        BatchObjective objective(Engine engine, Batch batch) {
            return new BatchObjective(
                    engine,
                    0,
                    batch,
                    null,
                    new Penalty(0, 0, false, zeros()),
                    List.of(0, network().parameters()));
        }

        /** The whole set. */
        BatchObjective all(Engine engine) {
            return objective(engine, Batch.all(x.length));
        }

        /** Batches of one row in the rows' order. */
        LongFunction<BatchObjective> cyclic(Engine engine) {
            return k -> objective(engine, new Batch(x.length, k % x.length, k % x.length + 1, 0, false));
        }
    }

    private static List<Vector> points(
            Variant variant, LongFunction<BatchObjective> objective, Vector start, int steps) {
        return points(new Perceptron(new ConstantRate(1), variant), objective, start, steps);
    }

    /** The points after each step. */
    private static <S extends Record> List<Vector> points(
            Optimizer<S> optimizer, LongFunction<BatchObjective> objective, Vector start, int steps) {
        List<Vector> points = new ArrayList<>();
        Vector point = start;
        S state = optimizer.start(start);
        for (long k = 0; k < steps; k++) {
            var step = optimizer.step(Iteration.fullBatch(k), point, state, objective.apply(k));
            assertThat(step.isFinite()).isTrue();
            point = step.point();
            state = step.state();
            points.add(point);
        }
        return points;
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void and_is_learnt_row_by_row_in_the_steps_of_the_textbook(Precision precision) {
        Problem and = new Problem(CORNERS, AND, 1);
        for (int shards : new int[] {1, 3}) {
            Engine engine = and.engine(shards, precision, Blas.Kind.NATIVE);
            List<Vector> points = points(Variant.ROSENBLATT, and.cyclic(engine), and.zeros(), 36);
            List<Vector> moves = new ArrayList<>(List.of(and.zeros()));
            points.stream()
                    .filter(point -> !point.equals(moves.get(moves.size() - 1)))
                    .forEach(moves::add);
            double[][] textbook = {
                {0, 0, -1}, {1, 1, 0}, {1, 1, -1}, {1, 0, -2}, {2, 1, -1}, {2, 0, -2}, {1, 0, -3}, {2, 1, -2},
                {1, 1, -3}, {2, 2, -2}, {2, 1, -3}, {3, 2, -2}, {3, 1, -3}, {2, 1, -4}, {3, 2, -3}, {2, 2, -4},
                {3, 3, -3}, {3, 2, -4}
            };
            assertThat(moves.subList(1, moves.size()))
                    .containsExactlyElementsOf(
                            Arrays.stream(textbook).map(Vector::of).toList());
        }
    }

    @Test
    void a_full_batch_moves_by_the_mean_of_the_mistaken_rows() {
        Problem and = new Problem(CORNERS, AND, 1);
        Engine engine = and.engine(2, Precision.FLOAT32, Blas.Kind.NATIVE);
        Perceptron sum = new Perceptron(new ConstantRate(4), Variant.ROSENBLATT);
        assertThat(points(sum, k -> and.all(engine), and.zeros(), 4))
                .containsExactly(Vector.of(0, 0, -2), Vector.of(1, 1, -1), Vector.of(0, 0, -3), Vector.of(1, 1, -2));
    }

    @Test
    void two_shards_are_mixed_as_by_hand() {
        // rows 0 and 2, rows 1 and 3: (0,0,-1) and (1,0,0); (-0.5,0,-1.5) and (1.5,1,0.5); (-0.5,0.5,-1.5) and
        // (1.5,0.5,-0.5)
        Problem and = new Problem(CORNERS, AND, 1);
        Engine engine = and.engine(2, Precision.FLOAT32, Blas.Kind.NATIVE);
        assertThat(points(Variant.MIXING, k -> and.all(engine), and.zeros(), 3))
                .containsExactly(Vector.of(0.5, 0, -0.5), Vector.of(0.5, 0.5, -0.5), Vector.of(0.5, 0.5, -1));
    }

    @Test
    void shards_count_with_their_rows() {
        // rows 0 and 2 end at (1,0,0), row 1 at (0,1,1)
        Problem three = new Problem(new double[][] {{0, 0}, {0, 1}, {1, 0}}, new int[] {0, 1, 1}, 1);
        Engine engine = three.engine(2, Precision.FLOAT64, Blas.Kind.JAVA);
        assertThat(three.all(engine).mixed(three.zeros(), 1)).isEqualTo(Vector.of(2.0 / 3, 1.0 / 3, 1.0 / 3));
    }

    @Test
    void shards_without_a_row_of_the_batch_count_nothing() {
        Problem and = new Problem(CORNERS, AND, 1);
        Engine engine = and.engine(4, Precision.FLOAT64, Blas.Kind.JAVA);
        Vector ones = Vector.of(1, 1, 1);
        assertThat(and.objective(engine, new Batch(4, 1, 3, 0, false)).mixed(ones, 2))
                .as("rows 1 and 2, each a shard: (1,-1,-1) and (-1,1,-1)")
                .isEqualTo(Vector.of(0, 0, -1));
    }

    @Test
    void rows_of_weight_0_are_passed_over_and_other_weights_do_not_count() {
        Problem and = new Problem(CORNERS, AND, new double[] {2, 0, 0.5, 0}, 1, true);
        Engine engine = and.engine(1, Precision.FLOAT64, Blas.Kind.JAVA);
        assertThat(and.all(engine).mixed(Vector.of(1, 0, 1), 1))
                .as("(0,0,1) and (1,0,1) are taken away")
                .isEqualTo(Vector.of(0, 0, -1));
    }

    private static Problem random(int rows, int features, int outputs, boolean weighted) {
        double[][] x = new double[rows][features];
        int[] classes = new int[rows];
        double[] weights = weighted ? new double[rows] : null;
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < features; j++) {
                x[i][j] = Mixing.normal(Mixing.mix(i, j));
            }
            classes[i] = (int) (Mixing.uniform(Mixing.mix(3, i)) * Math.max(2, outputs));
            if (weighted) {
                weights[i] = 0.25 + Mixing.uniform(Mixing.mix(4, i));
            }
        }
        return new Problem(x, classes, weights, outputs, true);
    }

    @ParameterizedTest(name = "{0}, {1} features, {2} outputs, weights: {3}")
    @CsvSource({
        "NATIVE,1,1,false",
        "NATIVE,5,1,false",
        "NATIVE,70,3,false",
        "NATIVE,5,10,true",
        "JAVA,5,1,false",
        "JAVA,70,3,true",
    })
    void one_shard_is_the_sequential_rule_to_the_bit(Blas.Kind blas, int features, int outputs, boolean weighted) {
        Problem problem = random(61, features, outputs, weighted);
        Engine engine = problem.engine(1, Precision.FLOAT64, blas);
        Perceptron rosenblatt = new Perceptron(new ConstantRate(0.3), Variant.ROSENBLATT);
        Perceptron mixing = new Perceptron(new ConstantRate(0.3), Variant.MIXING);
        Vector start = problem.zeros().map(zero -> 0.7);
        List<Vector> rowByRow = points(rosenblatt, problem.cyclic(engine), start, 5 * 61);
        List<Vector> mixed = points(mixing, k -> problem.all(engine), start, 5);
        for (int epoch = 0; epoch < 5; epoch++) {
            assertThat(mixed.get(epoch)).isEqualTo(rowByRow.get(61 * epoch + 60));
        }
        assertThat(mixed.get(4)).isNotEqualTo(mixed.get(3));
    }

    @Test
    void in_float32_too_where_weights_are_whole_numbers() {
        Problem and = new Problem(CORNERS, AND, 1);
        Engine engine = and.engine(1, Precision.FLOAT32, Blas.Kind.NATIVE);
        List<Vector> rowByRow = points(Variant.ROSENBLATT, and.cyclic(engine), and.zeros(), 36);
        List<Vector> mixed = points(Variant.MIXING, k -> and.all(engine), and.zeros(), 9);
        for (int epoch = 0; epoch < 9; epoch++) {
            assertThat(mixed.get(epoch)).isEqualTo(rowByRow.get(4 * epoch + 3));
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void the_bits_do_not_depend_on_how_shards_are_put_together(Precision precision) {
        Problem problem = random(61, 7, 3, true);
        for (int shards : new int[] {7, 8, 13}) {
            Question question = Question.of(
                    Request.mixing(Batch.all(61), problem.zeros(), null, 0.1), Buffer.of(precision, problem.zeros()));
            double[] expected = mixed(problem, shards, 1, precision, question);
            for (int width : new int[] {2, 4, 8, 16}) {
                assertThat(mixed(problem, shards, width, precision, question)).isEqualTo(expected);
            }
        }
    }

    private static double[] mixed(Problem problem, int shards, int width, Precision precision, Question question) {
        List<Shard> all = problem.shards(new ShardPlan(shards, width), precision);
        var setting = new ShardTask.Setting(problem.network(), 3, precision, Blas.Kind.NATIVE, 4);
        Sums sums = SumTree.sum(
                0,
                shards,
                width,
                first -> ShardTask.answer(
                                new ShardRange(first, all.subList(first, Math.min(shards, first + width))),
                                setting,
                                List.of(question),
                                "here")
                        .sums()
                        .get(0));
        return sums.gradient();
    }

    /** Rows at least gamma from a plane through the origin whose normal is known; no bias. */
    private static Problem separable(int rows, int features, double gamma) {
        double[] normal = new double[features];
        double square = 0;
        for (int j = 0; j < features; j++) {
            normal[j] = Mixing.normal(Mixing.mix(11, j));
            square += normal[j] * normal[j];
        }
        double[][] x = new double[rows][];
        int[] classes = new int[rows];
        int found = 0;
        for (int i = 0; found < rows; i++) {
            double[] candidate = new double[features];
            double side = 0;
            for (int j = 0; j < features; j++) {
                candidate[j] = Mixing.normal(Mixing.mix(12, i, j));
                side += candidate[j] * normal[j] / Math.sqrt(square);
            }
            if (Math.abs(side) >= gamma) {
                classes[found] = side > 0 ? 1 : 0;
                x[found++] = candidate;
            }
        }
        return new Problem(x, classes, null, 1, false);
    }

    private static double squaredRadius(Problem problem) {
        return Arrays.stream(problem.x())
                .mapToDouble(row -> Arrays.stream(row).map(v -> v * v).sum())
                .max()
                .orElseThrow();
    }

    /** McDonald, Hall, Mann, theorem 3: mistakes, weighted by the shards' shares, are at most (R / gamma)^2. */
    @ParameterizedTest(name = "{0} shards")
    @ValueSource(ints = {1, 2, 5, 8})
    void mixing_separates_what_can_be_separated_within_its_bound(int shards) {
        double gamma = 0.1;
        Problem problem = separable(300, 5, gamma);
        Engine engine = problem.engine(shards, Precision.FLOAT64, Blas.Kind.NATIVE);
        double bound = squaredRadius(problem) / (gamma * gamma);
        // A step that moves has a mistake in a shard that has at least 300 / shards rows, rounded down.
        int most = (int) (bound / (Math.floor(300.0 / shards) / 300));
        Vector w = problem.zeros();
        int steps = 0;
        for (Vector next = problem.all(engine).mixed(w, 1); !next.equals(w); steps++) {
            assertThat(steps).isLessThan(most);
            w = next;
            next = problem.all(engine).mixed(w, 1);
        }
        assertThat(steps).isPositive();
        assertThat(problem.all(engine).evaluate(w).gradientNorm()).isZero();
        Sums metrics = engine.answer(List.of(Request.metrics(Request.RowSet.TRAINING, 300, w)))
                .get(0);
        assertThat(metrics.correct()).isEqualTo(300);
    }

    @ParameterizedTest
    @EnumSource
    void three_clusters_are_told_apart_one_against_the_rest(Variant variant) {
        double[][] centres = {{0, 4}, {4, -2}, {-4, -2}};
        double[][] x = new double[150][2];
        int[] classes = new int[150];
        for (int i = 0; i < 150; i++) {
            classes[i] = i % 3;
            for (int j = 0; j < 2; j++) {
                // Within a square of side 2 around its centre: a line parts each from the others.
                x[i][j] = centres[i % 3][j] + 2 * Mixing.uniform(Mixing.mix(21, i, j)) - 1;
            }
        }
        Problem problem = new Problem(x, classes, 3);
        Engine engine = problem.engine(4, Precision.FLOAT32, Blas.Kind.NATIVE);
        Perceptron perceptron = new Perceptron(new ConstantRate(1), variant);
        LongFunction<BatchObjective> objective =
                variant == Variant.MIXING ? k -> problem.all(engine) : problem.cyclic(engine);
        Vector found = answer(perceptron, objective, problem.zeros(), variant == Variant.MIXING ? 200 : 40 * 150);
        Sums metrics = engine.answer(List.of(Request.metrics(Request.RowSet.TRAINING, 150, found)))
                .get(0);
        assertThat(metrics.correct()).isEqualTo(150);
        if (variant != Variant.AVERAGED) {
            assertThat(problem.all(engine).evaluate(found).gradientNorm())
                    .as("each unit is right about each row")
                    .isZero();
        }
    }

    private static <S extends Record> Vector answer(
            Optimizer<S> optimizer, LongFunction<BatchObjective> objective, Vector start, int steps) {
        Vector point = start;
        S state = optimizer.start(start);
        for (long k = 0; k < steps; k++) {
            var step = optimizer.step(Iteration.fullBatch(k), point, state, objective.apply(k));
            point = step.point();
            state = step.state();
        }
        return optimizer.answer(point, state);
    }

    @Test
    void weights_that_no_row_moves_stay_to_the_bit_and_passes_are_counted() {
        Problem and = new Problem(CORNERS, AND, 1);
        Engine engine = and.engine(3, Precision.FLOAT32, Blas.Kind.NATIVE);
        BatchObjective objective = and.all(engine);
        // Not a float, and not a sum of thirds: rounding or mixing would show.
        Vector separating = Vector.of(2.1, 2.1, -3.3);
        assertThat(objective.mixed(separating, 1)).isSameAs(separating);
        assertThat(objective.evaluations()).isEqualTo(1);
    }

    @Test
    void weights_that_are_not_finite_show() {
        Problem and = new Problem(CORNERS, AND, 1);
        Engine engine = and.engine(2, Precision.FLOAT32, Blas.Kind.NATIVE);
        assertThat(and.all(engine).evaluate(Vector.of(0, Double.NaN, 0)).isFinite())
                .isFalse();
        assertThat(and.all(engine).mixed(Vector.of(0, 0, 0), 1e300).isFinite())
                .as("a rate beyond float32")
                .isFalse();
    }

    @Test
    void a_penalty_cannot_be_mixed() {
        Problem and = new Problem(CORNERS, AND, 1);
        Engine engine = and.engine(2, Precision.FLOAT32, Blas.Kind.NATIVE);
        BatchObjective penalized = new BatchObjective(
                engine, 0, Batch.all(4), null, new Penalty(0.1, 0, false, Vector.of(1, 1, 0)), List.of(0, 3));
        assertThatThrownBy(() -> penalized.mixed(and.zeros(), 1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("penalty");
    }
}
