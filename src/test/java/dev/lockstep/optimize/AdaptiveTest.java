package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.LongToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What methods that scale coordinates or tensors do whatever their numbers: laws, closed forms, steps by hand. */
class AdaptiveTest {
    private static final Schedule RATE = new ConstantRate(0.125);
    private static final Vector START = Vector.of(-1.25, 1);

    /** Small beside every gradient, so that it changes no bit. */
    private static final double NONE = 1e-300;

    static List<Optimizer<?>> withoutScale() {
        return List.of(
                new Adagrad(RATE, 0.1, 0, NONE, 0),
                new RmsProp(RATE, 0.9, NONE, false, 0, 0),
                new RmsProp(RATE, 0.9, NONE, true, 0.5, 0),
                new Adam(RATE, 0.9, 0.999, NONE, false, 0),
                new Adam(RATE, 0.9, 0.9, NONE, true, 0),
                new AdamW(RATE, 0.9, 0.999, NONE, false, 0.01),
                new NAdam(RATE, 0.9, 0.999, NONE, 4e-3, 0.01, true),
                new Adamax(RATE, 0.9, 0.999, NONE, 0),
                new Lion(RATE, 0.9, 0.99, 0.1),
                new Lamb(RATE, 0.9, 0.999, NONE, 0.01));
    }

    @ParameterizedTest
    @MethodSource("withoutScale")
    void scaling_a_coordinate_of_the_objective_changes_no_bit(Optimizer<?> optimizer) {
        assertThat(points(optimizer, 0x1p20, 0x1p-30, 60)).isEqualTo(points(optimizer, 1, 1, 60));
    }

    @Test
    void scaling_a_tensor_of_the_objective_changes_no_bit_of_lars() {
        Optimizer<?> lars = new Lars(RATE, 0.9, 0.5, 0);
        assertThat(points(lars, 0x1p20, 0x1p-30, 60)).isEqualTo(points(lars, 1, 1, 60));
    }

    /** Given gradients of changing signs and sizes, each coordinate's times a factor; a tensor a coordinate. */
    private static <S extends Record> List<Vector> points(
            Optimizer<S> optimizer, double first, double second, int count) {
        return Trajectory.steps(optimizer, k -> given(first * wave(k), second * wave(k + 3)), START, count).stream()
                .map(Step::point)
                .toList();
    }

    private static Objective given(double... gradient) {
        return Problems.inTensors(List.of(0, 1, 2), Problems.slope(gradient));
    }

    private static double wave(long k) {
        return 1 + k % 7 - 2.5 * (k % 3);
    }

    @Test
    void the_first_step_has_the_size_of_the_rate_and_the_sign_of_the_gradient() {
        for (Optimizer<?> optimizer : List.of(
                new Adam(RATE, 0.9, 0.999, 1e-8, false, 0),
                new Adam(RATE, 0.9, 0.999, 1e-8, true, 0),
                new Adamax(RATE, 0.9, 0.999, 1e-8, 0),
                new Adagrad(RATE, 0.5, 0, 1e-8, 0))) {
            Vector end = Trajectory.end(optimizer, Problems.slope(300, -0.01, 0), Vector.of(1, 1, 1), 1);
            // epsilon over the gradient
            assertThat(end.get(0)).isCloseTo(0.875, within(1e-11));
            assertThat(end.get(1)).isCloseTo(1.125, within(2e-7));
            assertThat(end.get(2)).isEqualTo(1);
        }
    }

    /** a = (k + 1) g^2, so the moves are eta/sqrt(k + 1), and eta/(k + 1)^(3/2) where the rate decays by 1. */
    @Test
    void adagrad_slows_down_with_the_root_of_time_where_the_slope_stays() {
        assertThat(moves(new Adagrad(RATE, 0, 0, NONE, 0), k -> 3))
                .allSatisfy((k, move) -> assertThat(move).isCloseTo(-0.125 / Math.sqrt(k + 1), within(1e-15)));
        Adagrad decaying = new Adagrad(RATE, 1, 0, NONE, 0);
        assertThat(moves(decaying, k -> 3))
                .allSatisfy((k, move) -> assertThat(move).isCloseTo(-0.125 * Math.pow(k + 1, -1.5), within(1e-15)));
        assertThat(decaying.learningRate(new Iteration(3, 0), new Adagrad.State(START)))
                .hasValue(0.03125);
        // (1 + 8)^(1/2) = 3 from an accumulator of 8
        assertThat(Trajectory.end(new Adagrad(RATE, 0, 8, NONE, 0), Problems.slope(1), Vector.of(0), 1)
                        .get(0))
                .isCloseTo(-0.125 / 3, within(1e-17));
    }

    private static <S extends Record> Map<Integer, Double> moves(Optimizer<S> optimizer, LongToDoubleFunction slope) {
        List<Vector> points = new ArrayList<>(List.of(Vector.of(0)));
        Trajectory.steps(optimizer, k -> Problems.slope(slope.applyAsDouble(k)), Vector.of(0), 30)
                .forEach(step -> points.add(step.point()));
        return IntStream.range(0, 30)
                .boxed()
                .collect(Collectors.toMap(
                        k -> k, k -> points.get(k + 1).get(0) - points.get(k).get(0)));
    }

    /** v = 1 - 0.99^(k+1) times the square of the slope: the first move is ten rates long, later ones one. */
    @Test
    void rmsprop_starts_with_long_moves_and_keeps_to_the_rate() {
        assertThat(moves(new RmsProp(RATE, 0.99, NONE, false, 0, 0), k -> -5))
                .allSatisfy((k, move) ->
                        assertThat(move).isCloseTo(0.125 / Math.sqrt(1 - Math.pow(0.99, k + 1)), within(1e-13)));
    }

    /**
     * With decay 1/2 and slopes 2, 2: v = 2, 3; m = 1, 3/2; v - m^2 = 1, 3/4. With momentum 1/2: b = 2, 1 + 4/sqrt 3.
     */
    @Test
    void rmsprop_centered_and_with_momentum_by_hand() {
        Map<Integer, Double> moves = moves(new RmsProp(RATE, 0.5, NONE, true, 0.5, 0), k -> 2);
        assertThat(moves.get(0)).isEqualTo(-0.25);
        assertThat(moves.get(1)).isCloseTo(-0.125 * (1 + 4 / Math.sqrt(3)), within(1e-15));
    }

    /** Where a slope stays, v - m^2 goes to 0, and rounding makes it negative. */
    @Test
    void centered_rmsprop_survives_a_slope_that_stays() {
        Optimizer<?> optimizer = new RmsProp(RATE, 0.5, 1e-8, true, 0, 0);
        assertThat(Trajectory.end(optimizer, Problems.slope(3.3), Vector.of(0), 5000)
                        .isFinite())
                .isTrue();
    }

    /**
     * Cauchy and Schwarz: |m| is at most (1 - beta1)/sqrt((1 - beta2)(1 - beta1^2/beta2)) sqrt v, for slopes that
     * grow.
     */
    @Test
    void adams_longest_move() {
        List<Vector> points = new ArrayList<>();
        Trajectory.steps(
                        new Adam(RATE, 0.9, 0.99, NONE, false, 0),
                        k -> Problems.slope(Math.pow(1.1, (double) k)),
                        Vector.of(0),
                        1500)
                .forEach(step -> points.add(step.point()));
        double longest = points.get(1498).get(0) - points.get(1499).get(0);
        assertThat(longest).isCloseTo(0.125 * 0.1 / Math.sqrt(0.01 * (1 - 0.81 / 0.99)), within(1e-6));
    }

    @Test
    void adamw_is_adam_and_a_shrinkage() {
        Schedule rate = new ExponentialDecay(0.125, 0.05, Per.STEP);
        List<Vector> adam = points(new Adam(rate, 0.9, 0.99, 1e-8, true, 0), 1, 100, 40);
        List<Vector> adamw = points(new AdamW(rate, 0.9, 0.99, 1e-8, true, 0.5), 1, 100, 40);
        Vector before = START;
        Vector shrunk = START;
        for (int k = 0; k < 40; k++) {
            Vector move = adam.get(k).minus(before);
            before = adam.get(k);
            shrunk = shrunk.times(1 - 0.5 * rate.at(Iteration.fullBatch(k))).plus(move);
            assertThat(adamw.get(k).distance(shrunk)).as("after step %s", k).isLessThan(1e-14);
        }
        // no slope, no move: rate 1/8 and decay 1/2 take a sixteenth of what is there
        assertThat(Trajectory.end(
                        new AdamW(RATE, 0.9, 0.999, 1e-8, false, 0.5), Problems.slope(0, 0), Vector.of(256, 0), 2))
                .isEqualTo(Vector.of(225, 0));
    }

    /** Reddi, Kale, Kumar 2018, theorem 1: slopes 3, -1, -1 in turn, whose sum says to go down. */
    @Test
    void adam_can_climb_for_ever_and_amsgrad_does_not() {
        Schedule rate = new ConstantRate(0.01);
        assertThat(endOfTurns(new Adam(rate, 0, 0.1, 1e-8, false, 0))).isGreaterThan(5);
        assertThat(endOfTurns(new Adam(rate, 0, 0.1, 1e-8, true, 0))).isLessThan(-3);
    }

    private static <S extends Record> double endOfTurns(Optimizer<S> optimizer) {
        return Trajectory.steps(optimizer, k -> Problems.slope(k % 3 == 0 ? 3 : -1), Vector.of(0), 3000)
                .get(2999)
                .point()
                .get(0);
    }

    /**
     * Slope 1, beta1 = 1/2, beta2 = 3/4, no growth: mu = 1/4, m = 1/2, 3/4, v freed of its bias = 1, p = 1/4, 1/16.
     * n = (1/4)(1/2)/(15/16) + 1 = 17/15, then (1/4)(3/4)/(63/64) + (3/4)/(15/16) = 104/105.
     */
    @Test
    void nadam_by_hand() {
        Map<Integer, Double> moves = moves(new NAdam(RATE, 0.5, 0.75, NONE, 0, 0, false), k -> 1);
        assertThat(moves.get(0)).isCloseTo(-0.125 * 17 / 15, within(1e-15));
        assertThat(moves.get(1)).isCloseTo(-0.125 * 104 / 105, within(1e-15));
    }

    @Test
    void radam_takes_five_steps_of_momentum_before_it_adapts() {
        Optimizer<?> radam = new RAdam(RATE, 0.9, 0.999, NONE, 0, false);
        Map<Integer, Double> moves = moves(radam, k -> wave(k));
        Map<Integer, Double> twice = moves(radam, k -> 2 * wave(k));
        for (int k = 0; k < 30; k++) {
            assertThat(twice.get(k)).as("move %s", k).isCloseTo(moves.get(k) * (k < 5 ? 2 : 1), within(1e-14));
        }
        // slopes 1 and -1/2 with weights 0.9 and 1
        assertThat(moves.get(0)).isCloseTo(-0.125, within(1e-15));
        assertThat(moves.get(1)).isCloseTo(-0.125 * 0.4 / 1.9, within(1e-15));
    }

    @Test
    void radam_never_adapts_where_few_squares_are_averaged() {
        // beta2 = 2/3 averages 5 squares at most
        assertThat(moves(new RAdam(RATE, 0, 0.66, NONE, 0, false), k -> 4))
                .allSatisfy((k, move) -> assertThat(move).isEqualTo(-0.5));
    }

    /**
     * Slopes 1, 0, 0, …: m = 1/2, 1/4, …, u = 1, b, b^2, …; with beta2 = 1/4 the moves are then (1/2)^(k+1)/(1/4)^k.
     */
    @Test
    void adamax_by_hand() {
        Map<Integer, Double> moves = moves(new Adamax(RATE, 0.5, 0.25, NONE, 0), k -> k == 0 ? 1 : 0);
        assertThat(moves.get(0)).isEqualTo(-0.125);
        // m = 1/4 over u = 1/4, freed of its bias 3/4
        assertThat(moves.get(1)).isCloseTo(-0.125 / 0.75, within(1e-15));
        // m = 1/8 over u = 1/16, freed of its bias 7/8
        assertThat(moves.get(2)).isCloseTo(-0.25 / 0.875, within(1e-15));
    }

    @Test
    void lions_moves_have_one_size() {
        List<Vector> points = Trajectory.points(new Lion(RATE, 0.9, 0.99, 0), Problems.rosenbrock(), START, 100);
        for (int k = 0; k < 100; k++) {
            assertThat(points.get(k + 1).minus(points.get(k)).map(Math::abs)).isEqualTo(Vector.of(0.125, 0.125));
        }
        // no slope at all, no move
        assertThat(Trajectory.end(new Lion(RATE, 0.9, 0.99, 0), Problems.slope(0, 2), START, 2))
                .isEqualTo(Vector.of(-1.25, 0.75));
    }

    /**
     * beta1 = 1/2, beta2 = 3/4, slopes 4, -1, -3: m = 0, 1, 1/2; c = 2, 0, -5/4. The last has the sign of the slope.
     */
    @Test
    void lion_weighs_the_mean_against_the_slope() {
        double[] slopes = {4, -1, -3};
        List<Step<Lion.State>> steps =
                Trajectory.steps(new Lion(RATE, 0.5, 0.75, 0), k -> Problems.slope(slopes[(int) k]), Vector.of(0), 3);
        assertThat(steps.stream().map(step -> step.point().get(0))).containsExactly(-0.125, -0.125, 0.0);
        assertThat(steps.get(2).state().mean()).isEqualTo(Vector.of(-0.375));
    }

    /**
     * E = w^2/2 with eta = 1/2 halves the point: 1/2, 1/4, 1/8, 1/16; with start = 1 the mean of 1/8 and 1/16 is told.
     */
    @Test
    void asgd_tells_the_mean_of_its_points() {
        Schedule half = new ConstantRate(0.5);
        assertThat(answers(new Asgd(half, 0, 0.75, 0, 0)))
                .usingElementComparator((x, y) -> Math.abs(x - y) < 1e-16 ? 0 : Double.compare(x, y))
                .containsExactly(0.5, 0.25, 3.0 / 16, 7.0 / 48);
        assertThat(answers(new Asgd(half, 0, 0.75, 1, 0))).containsExactly(0.5, 0.25, 0.125, 3.0 / 32);
        assertThat(answers(new Asgd(half, 0, 0.75, 1_000_000, 0))).containsExactly(0.5, 0.25, 0.125, 0.0625);
        Asgd asgd = new Asgd(half, 0, 0.75, 0, 0);
        assertThat(asgd.answer(START, asgd.start(START))).isEqualTo(START);
    }

    private static List<Double> answers(Asgd asgd) {
        return Trajectory.steps(asgd, Problems.quadratic(1), Vector.of(1), 4).stream()
                .map(step -> asgd.answer(step.point(), step.state()).get(0))
                .toList();
    }

    @Test
    void asgd_slows_down_and_shrinks_by_lambda() {
        // eta = 1, lambda = 3, alpha = 1/2: e = 1, 1/2 (k = 1: 4^-1/2); no slope: factors 1 - 3 e
        Asgd asgd = new Asgd(new ConstantRate(1), 3, 0.5, 0, 0);
        assertThat(Trajectory.points(asgd, Problems.slope(0), Vector.of(1), 2))
                .containsExactly(Vector.of(1), Vector.of(-2), Vector.of(1));
        assertThat(asgd.learningRate(new Iteration(1, 0), new Asgd.State(START)))
                .hasValue(0.5);
    }

    /**
     * Tensors (3, 4), 2, 0; slopes (0, 5), -8, 1; decay 1, trust 1/2: q = 5/(5 + 5)/2, 2/(8 + 2)/2, and 1 for the 0.
     */
    @Test
    void lars_by_hand() {
        Objective objective = Problems.inTensors(List.of(0, 2, 3, 4), Problems.slope(0, 5, -8, 1));
        Vector start = Vector.of(3, 4, 2, 0);
        Vector move =
                Trajectory.end(new Lars(RATE, 0, 0.5, 1), objective, start, 1).minus(start);
        assertThat(move.distance(Vector.of(-3.0 / 32, -9.0 / 32, 0.075, -0.125)))
                .isLessThan(1e-15);
    }

    @Test
    void each_tensor_moves_by_a_share_of_its_norm() {
        List<Integer> tensors = List.of(0, 3, 4, 20);
        Objective objective = Problems.inTensors(tensors, Problems.quadratic(Problems.logSpaced(1000)));
        verifyShares(new Lars(RATE, 0, 0.01, 0), objective, tensors, 0.00125);
        verifyShares(new Lamb(RATE, 0.9, 0.999, 1e-6, 0.1), objective, tensors, 0.125);
    }

    private static void verifyShares(Optimizer<?> optimizer, Objective objective, List<Integer> tensors, double share) {
        List<Vector> points = Trajectory.points(optimizer, objective, Problems.START_20, 50);
        for (int k = 0; k < 50; k++) {
            Vector move = points.get(k + 1).minus(points.get(k));
            for (int i = 0; i + 1 < tensors.size(); i++) {
                double norm = points.get(k).norm(tensors.get(i), tensors.get(i + 1));
                assertThat(move.norm(tensors.get(i), tensors.get(i + 1)) / (share * norm))
                        .isCloseTo(1, within(1e-12));
            }
        }
    }

    @Test
    void a_tensor_without_a_slope_rests() {
        for (Optimizer<?> optimizer : List.of(new Lars(RATE, 0.9, 1, 0), new Lamb(RATE, 0.9, 0.999, 1e-6, 0))) {
            Vector end = Trajectory.end(optimizer, given(0, 1), START, 3);
            assertThat(end.get(0)).isEqualTo(-1.25);
            assertThat(end.get(1)).isLessThan(1);
        }
    }

    @Test
    void the_tiniest_gradients_do_not_overflow_a_ratio() {
        Vector start = Vector.of(3, 4);
        Objective tiny = Problems.slope(0, 1e-310);
        assertThat(Trajectory.end(new Lars(RATE, 0, 1, 0), tiny, start, 1)).isEqualTo(Vector.of(3, 3.375));
        assertThat(Trajectory.end(new Lamb(RATE, 0, 0, 1, 0), tiny, start, 1)).isEqualTo(Vector.of(3, 3.375));
    }

    @Test
    void one_tensor_is_all_where_nothing_else_is_known() {
        // ||w|| = ||g|| = 5
        assertThat(Trajectory.end(new Lars(RATE, 0, 1, 0), Problems.slope(5, 0), Vector.of(3, 4), 1))
                .isEqualTo(Vector.of(2.375, 4));
    }

    static List<Optimizer<?>> all() {
        List<Optimizer<?>> all = new ArrayList<>(withoutScale());
        all.add(new RAdam(RATE, 0.9, 0.999, 1e-8, 0.1, false));
        all.add(new Asgd(RATE, 1e-4, 0.75, 0, 0.1));
        all.add(new Lars(RATE, 0.9, 1, 0.1));
        return all;
    }

    @ParameterizedTest
    @MethodSource("all")
    void no_comparison_hides_nan_whatever_was_remembered(Optimizer<?> optimizer) {
        for (int good : new int[] {0, 10}) {
            Vector point = pointAfterNan(optimizer, good);
            assertThat(point.get(0)).as("after %s good steps", good).isFinite();
            assertThat(point.get(1)).as("after %s good steps", good).isNaN();
        }
    }

    private static <S extends Record> Vector pointAfterNan(Optimizer<S> optimizer, int good) {
        return Trajectory.steps(optimizer, k -> given(wave(k), k == good ? Double.NaN : wave(k + 3)), START, good + 1)
                .get(good)
                .point();
    }

    /** A schedule that governs the momentum as well, and wants a half. */
    private record Governing(double rate) implements Schedule {
        @Override
        public double at(Iteration k) {
            return rate;
        }

        @Override
        public OptionalDouble momentum(Iteration k) {
            return OptionalDouble.of(0.5);
        }
    }

    private static final Map<String, BiFunction<Schedule, Double, Optimizer<?>>> GOVERNED = Map.of(
            "rmsprop", (rate, momentum) -> new RmsProp(rate, 0.9, 1e-8, false, momentum, 0),
            "adam", (rate, momentum) -> new Adam(rate, momentum, 0.999, 1e-8, false, 0),
            "adamw", (rate, momentum) -> new AdamW(rate, momentum, 0.999, 1e-8, true, 0.01),
            "nadam", (rate, momentum) -> new NAdam(rate, momentum, 0.999, 1e-8, 4e-3, 0, false),
            "radam", (rate, momentum) -> new RAdam(rate, momentum, 0.999, 1e-8, 0, false),
            "adamax", (rate, momentum) -> new Adamax(rate, momentum, 0.999, 1e-8, 0),
            "lion", (rate, momentum) -> new Lion(rate, momentum, 0.99, 0),
            "lars", (rate, momentum) -> new Lars(rate, momentum, 0.5, 0),
            "lamb", (rate, momentum) -> new Lamb(rate, momentum, 0.999, 1e-6, 0));

    static Set<String> governed() {
        return GOVERNED.keySet();
    }

    @ParameterizedTest
    @MethodSource("governed")
    void a_momentum_of_the_schedule_takes_the_place_of_its_own(String name) {
        BiFunction<Schedule, Double, Optimizer<?>> method = GOVERNED.get(name);
        List<Vector> expected = points(method.apply(RATE, 0.5), 1, 1, 20);
        assertThat(points(method.apply(new Governing(0.125), 0.0), 1, 1, 20)).isEqualTo(expected);
        assertThat(points(method.apply(RATE, 0.0), 1, 1, 20)).isNotEqualTo(expected);
    }
}
