package dev.lockstep.optimize;

import static dev.lockstep.optimize.Rprop.Variant.IRPROP_MINUS;
import static dev.lockstep.optimize.Rprop.Variant.IRPROP_PLUS;
import static dev.lockstep.optimize.Rprop.Variant.RPROP_MINUS;
import static dev.lockstep.optimize.Rprop.Variant.RPROP_PLUS;
import static dev.lockstep.optimize.Rprop.Variant.SLIDE;
import static dev.lockstep.optimize.Rprop.Variant.SLIDE_LITERAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RpropTest {
    private static final Vector VALLEY = Vector.of(-1.2, 1);

    /** By hand on E = w^2/2 with d(0) = 1, increase 3/2, decrease 1/2: every number is exact in binary. */
    @ParameterizedTest(name = "{0} from {1}")
    @CsvSource({
        "RPROP_MINUS,  0.75, -0.25  0.25 0 0",
        "IRPROP_MINUS, 0.75, -0.25 -0.25 0.25 0.25 0",
        "RPROP_PLUS,   0.75, -0.25  0.75 0.25 -0.5 0.25",
        "IRPROP_PLUS,  0.75, -0.25 -0.25 0.25 0.25 0", // the value stays or falls: nothing is undone
        "IRPROP_PLUS,  0.25, -0.75 0.25 -0.25 -0.25 0", // the first step triples the distance and is undone
        "SLIDE,        0.75, -0.25 0.25 -0.5 -0.125 0.0625",
        "SLIDE_LITERAL, 0.75, -0.25 0.25 -0.5 -0.125 0.0625",
        "SLIDE_LITERAL, -0.75, 0.25 -0.75 -0.75 -0.75" // the floor 0 of a negative step is a step of 0
    })
    void the_variants_by_hand(Rprop.Variant variant, double start, String expected) {
        List<Double> numbers =
                Arrays.stream(expected.trim().split(" +")).map(Double::valueOf).toList();
        Rprop rprop = new Rprop(variant, 1, 0, 50, 1.5, 0.5);
        List<Vector> points = Trajectory.points(rprop, Problems.quadratic(1), Vector.of(start), numbers.size());
        assertThat(points.subList(1, points.size()).stream().map(w -> w.get(0)).toList())
                .isEqualTo(numbers);
    }

    /**
     * Rosenbrock's valley from (-1.2, 1) with d(0) = 0.1, [1e-6, 50], 1.2, 0.5: the points after 15, 30, 45 and 60
     * steps, computed apart from this project from the table of variants in Igel and Hüsken, with NumPy 2.4 in double
     * precision. On the way 26 to 31 derivatives change their sign; irprop-plus undoes 5 moves and leaves out 21.
     */
    @ParameterizedTest
    @CsvSource({
        "IRPROP_MINUS, 15, -0x1.0d434a01abd1ap+0, 0x1.25efe93187619p+0",
        "IRPROP_MINUS, 30, -0x1.0cb17bf0be84ap+0, 0x1.1bb4e6df4b508p+0",
        "IRPROP_MINUS, 45, -0x1.02dfb442f0487p+0, 0x1.0662bbceb9c06p+0",
        "IRPROP_MINUS, 60, -0x1.eda52604ae06cp-1, 0x1.e14a2cf81555ap-1",
        "IRPROP_PLUS, 15, -0x1.0e45a1cac0830p+0, 0x1.1e0bf5d78811cp+0",
        "IRPROP_PLUS, 30, -0x1.02cb376eb2f49p+0, 0x1.079054b016ffdp+0",
        "IRPROP_PLUS, 45, -0x1.ee2de16fd7849p-1, 0x1.de28c361d054fp-1",
        "IRPROP_PLUS, 60, -0x1.d45884b4527e5p-1, 0x1.af16a78574624p-1",
        "RPROP_MINUS, 15, -0x1.0fbb33f321a03p+0, 0x1.2170326d0fa2ep+0",
        "RPROP_MINUS, 30, -0x1.082ef5f6eb390p+0, 0x1.112473468b064p+0",
        "RPROP_MINUS, 45, -0x1.fd2896ef76ce0p-1, 0x1.fdebeaa7266e5p-1",
        "RPROP_MINUS, 60, -0x1.ea685dad388bep-1, 0x1.d57024fc1f638p-1",
        "RPROP_PLUS, 15, -0x1.10c49ba5e353fp+0, 0x1.226e978d4fdf4p+0",
        "RPROP_PLUS, 30, -0x1.0ce1651765efap+0, 0x1.1aa50089d7b0dp+0",
        "RPROP_PLUS, 45, -0x1.07b33d780d6c3p+0, 0x1.123ed8eaa1f28p+0",
        "RPROP_PLUS, 60, -0x1.0468b16dffbb1p+0, 0x1.089f7cb17cfc8p+0"
    })
    void the_variants_follow_an_independent_implementation(Rprop.Variant variant, int steps, String x, String y) {
        assertThat(Trajectory.end(with(variant, 1e-6), Problems.rosenbrock(), VALLEY, steps))
                .isEqualTo(Problems.hex(x, y));
    }

    /**
     * As above, but the slide's loop as it is written there, sign and magnitude kept apart, where a move is undone
     * and the next made one after the other: the sums round differently.
     */
    @ParameterizedTest
    @CsvSource({
        "15, -0x1.0f89a459103c9p+0, 0x1.22741f212d773p+0",
        "30, -0x1.0f80cd71adad6p+0, 0x1.226ea854477ffp+0",
        "60, -0x1.0f80d07afb4abp+0, 0x1.226ea854477ffp+0"
    })
    void the_slide_follows_its_loop_and_comes_to_rest_in_the_valley(int steps, String x, String y) {
        Vector got = Trajectory.end(with(SLIDE, 1e-6), Problems.rosenbrock(), VALLEY, steps);
        assertThat(got.minus(Problems.hex(x, y)).maxAbs()).isLessThan(1e-15);
    }

    /** On w^2; the numbers are those of a script that goes through the slide's loop line by line. */
    @Test
    void the_slide_to_the_letter_converges_on_one_side_and_runs_off_on_the_other() {
        Objective square = Problems.quadratic(2);
        Rprop literal = with(SLIDE_LITERAL, 1e-6);
        List<Vector> up = Trajectory.points(literal, square, Vector.of(-1), 120);
        assertThat(up.get(6).get(0)).isCloseTo(-0.007008, within(1e-12));
        assertThat(up.get(11).get(0)).isCloseTo(-0.007013368, within(1e-12));
        assertThat(up.get(120).get(0)).isCloseTo(-1037.5694145347716, within(1e-9));
        List<Vector> down = Trajectory.points(literal, square, Vector.of(1), 120);
        assertThat(down.get(120).get(0)).isCloseTo(-2.82136e-7, within(1e-12));
        Step<Rprop.State> last =
                Trajectory.steps(literal, square, Vector.of(-1), 3).get(2);
        assertThat(last.state().steps().get(0)).isCloseTo(-0.144, within(1e-15));
        assertThat(literal.stepSizes(last.state()).orElseThrow().get(0)).isCloseTo(0.144, within(1e-15));
    }

    /** min(…, maxStep) holds no negative number: only the way down is held to the ceiling. */
    @Test
    void the_ceiling_of_the_slide_to_the_letter_is_one_of_signed_numbers() {
        Rprop literal = new Rprop(SLIDE_LITERAL, 0.1, 0, 0.2, 1.2, 0.5);
        Vector end = Trajectory.end(literal, Problems.slope(-1, 1), Vector.zeros(2), 20);
        assertThat(end.get(0)).isCloseTo(0.1 * (Math.pow(1.2, 20) - 1) / 0.2, within(1e-13));
        assertThat(end.get(1)).isCloseTo(-(0.1 + 0.12 + 0.144 + 0.1728 + 16 * 0.2), within(1e-14));
    }

    @Test
    void the_slide_converges_where_coordinates_do_not_feel_each_other() {
        Objective separable = Objective.of(3, w -> {
            double x = w.get(0) - 1;
            double y = w.get(1) + 2;
            double z = w.get(2);
            return new Evaluation(
                    x * x * x * x + 50 * y * y + StrictMath.exp(z) - z,
                    Vector.of(4 * x * x * x, 100 * y, StrictMath.exp(z) - 1));
        });
        Vector end = Trajectory.end(with(SLIDE, 0), separable, Vector.of(-0.3, 0.7, 2.2), 300);
        assertThat(end.minus(Vector.of(1, -2, 0)).maxAbs()).isLessThan(1e-5);
        assertThat(Trajectory.end(with(SLIDE, 0), Problems.quadratic(1, 1e6), Vector.of(-0.3, 0.7), 300)
                        .maxAbs())
                .isLessThan(1e-30);
    }

    @ParameterizedTest(name = "kappa {0}")
    @ValueSource(doubles = {10, 100, 1000})
    void the_slide_stalls_where_they_do(double kappa) {
        Objective rotated = Problems.rotated(kappa);
        assertThat(Trajectory.points(with(SLIDE, 0), rotated, Vector.of(1, -0.5), 20_000))
                .allSatisfy(w -> assertThat(w.norm()).isGreaterThan(0.1));
        assertThat(Trajectory.end(with(IRPROP_MINUS, 0), rotated, Vector.of(1, -0.5), 20_000)
                        .norm())
                .isLessThan(1e-6);
    }

    @Test
    void the_slide_cannot_turn_back() {
        List<Vector> slide = points(with(SLIDE, 0));
        assertThat(slide.subList(3, slide.size()))
                .allSatisfy(w -> assertThat(w.get(0)).isNegative());
        assertThat(slide.get(60).get(0)).isGreaterThan(-0.23);
        assertThat(points(with(IRPROP_MINUS, 0)).get(60).get(0)).isGreaterThan(100);
    }

    /** The points where the derivative is 1 twice, then -1 for ever. */
    private static List<Vector> points(Rprop rprop) {
        return Stream.concat(
                        Stream.of(Vector.of(0)),
                        Trajectory.steps(rprop, k -> Problems.slope(k < 2 ? 1 : -1), Vector.of(0), 60).stream()
                                .map(Step::point))
                .toList();
    }

    /** The minimum is no place to stay: the last move is undone. A first derivative of 0 is waited out. */
    @Test
    void the_slide_takes_a_derivative_of_zero_for_another_sign() {
        Rprop rprop = new Rprop(SLIDE, 1, 0, 50, 1.5, 0.5);
        assertThat(Trajectory.points(rprop, Problems.quadratic(1), Vector.of(1), 2))
                .containsExactly(Vector.of(1), Vector.of(0), Vector.of(0.5));
        var steps = Trajectory.steps(rprop, k -> Problems.slope(k == 0 ? 0 : -1), Vector.of(0), 3);
        assertThat(steps.stream().map(step -> step.point().get(0)).toList()).containsExactly(0.0, 1.0, 2.5);
    }

    @Test
    void irprop_plus_compares_with_the_step_before_and_not_with_the_best() {
        double[] values = {0, 5, 3};
        double[] slopes = {1, 1, -1};
        List<Step<Rprop.State>> steps = Trajectory.steps(
                with(IRPROP_PLUS, 0),
                k -> Objective.of(1, w -> new Evaluation(values[(int) k], Vector.of(slopes[(int) k]))),
                Vector.of(0),
                3);
        assertThat(steps.get(2).point()).isEqualTo(steps.get(1).point());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "IRPROP_PLUS")
    void a_coordinate_does_not_feel_its_curvature(Rprop.Variant variant) {
        double[] a = {1, 3.7, 1e2, 1e-4, 1e8};
        Vector start = Vector.filled(5, 0.8371);
        for (Vector point : Trajectory.points(with(variant, 0), Problems.quadratic(a), start, 80)) {
            assertThat(point).isEqualTo(Vector.filled(5, point.get(0)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_scale_of_the_objective_makes_no_difference(Rprop.Variant variant) {
        List<Vector> plain = Trajectory.points(with(variant, 1e-6), Problems.rosenbrock(), VALLEY, 300);
        for (double factor : new double[] {1000, 0x1p-20}) {
            Objective scaled = Problems.scaled(factor, Problems.rosenbrock());
            assertThat(Trajectory.points(with(variant, 1e-6), scaled, VALLEY, 300))
                    .isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_slope_that_keeps_its_sign_is_travelled_geometrically(Rprop.Variant variant) {
        Vector end = Trajectory.end(with(variant, 0), Problems.slope(-1e-9, 40, 0, -0.0), Vector.zeros(4), 20);
        double distance = 0.1 * (Math.pow(1.2, 20) - 1) / 0.2;
        assertThat(end.get(0)).isCloseTo(distance, within(1e-13));
        assertThat(end.get(1)).isCloseTo(-distance, within(1e-13));
        assertThat(end.get(2)).isZero();
        assertThat(end.get(3)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void steps_stay_within_their_bounds_from_the_first_one_on(Rprop.Variant variant) {
        Rprop tooLarge = new Rprop(variant, 100, 0.25, 2, 1.2, 0.5);
        assertThat(Trajectory.points(tooLarge, Problems.slope(1), Vector.of(0), 3))
                .containsExactly(Vector.of(0), Vector.of(-2), Vector.of(-4), Vector.of(-6));
        Rprop tooSmall = new Rprop(variant, 1e-9, 0.25, 2, 1.2, 0.5);
        assertThat(Trajectory.end(tooSmall, Problems.slope(1), Vector.of(0), 1)).isEqualTo(Vector.of(-0.25));
    }

    @Test
    void the_error_settles_at_the_least_step_and_without_one_it_does_not_settle() {
        Objective parabola = Problems.quadratic(1);
        List<Vector> floored = Trajectory.points(with(IRPROP_MINUS, 1e-6), parabola, Vector.of(0.8371), 600);
        assertThat(floored.subList(200, 601))
                .allSatisfy(w -> assertThat(w.maxAbs()).isBetween(1e-9, 1.5e-6));
        List<Vector> free = Trajectory.points(with(IRPROP_MINUS, 0), parabola, Vector.of(0.8371), 400);
        assertThat(free.get(100).maxAbs()).isLessThan(1e-9);
        assertThat(free.get(400).maxAbs()).isLessThan(1e-40);
    }

    @Test
    void derivatives_whose_product_underflows_say_nothing_about_their_signs() {
        List<Step<Rprop.State>> steps = Trajectory.steps(
                with(IRPROP_MINUS, 0), k -> Problems.slope(k == 0 ? 1e-200 : -1e-200), Vector.of(0), 2);
        assertThat(steps.get(1).state().steps()).isEqualTo(Vector.of(0.1));
        assertThat(steps.get(1).point()).isEqualTo(Vector.of(0));
    }

    @ParameterizedTest
    @EnumSource
    void a_derivative_that_is_no_number_does_not_pass_in_silence(Rprop.Variant variant) {
        Step<Rprop.State> step = Trajectory.steps(
                        with(variant, 0), k -> Problems.slope(1, k == 1 ? Double.NaN : 1), Vector.of(0, 0), 2)
                .get(1);
        assertThat(step.isFinite()).isFalse();
        assertThat(step.point().get(1)).isNaN();
    }

    /** Derivatives of mean zero, as mini-batches give them: +0.1 nine times, then -0.9. */
    @Test
    void signs_of_noisy_derivatives_lead_astray_which_is_why_batches_must_be_full() {
        Rprop rprop = Rprop.of(IRPROP_MINUS);
        var steps = Trajectory.steps(rprop, k -> Problems.slope(k % 10 == 9 ? -0.9 : 0.1), Vector.of(0), 200);
        assertThat(steps.get(199).point().get(0)).isLessThan(-1);
        assertThat(rprop.fullBatchOnly()).isTrue();
        Optimizer<?> descent = new GradientDescent(new ConstantRate(0.01), 0);
        var level = Trajectory.steps(descent, k -> Problems.slope(k % 10 == 9 ? -0.9 : 0.1), Vector.of(0), 200);
        assertThat(Math.abs(level.get(199).point().get(0))).isLessThan(1e-12);
    }

    @Test
    void only_variants_that_undo_a_move_remember_it() {
        for (Rprop.Variant variant : Rprop.Variant.values()) {
            boolean undoes = variant == RPROP_PLUS || variant == IRPROP_PLUS;
            Step<Rprop.State> step = Trajectory.steps(Rprop.of(variant), Problems.rosenbrock(), VALLEY, 1)
                    .get(0);
            assertThat(step.state().move().size()).as(variant.key()).isEqualTo(undoes ? 2 : 0);
        }
        assertThat(RPROP_MINUS.key()).isEqualTo("rprop-minus");
    }

    private static Rprop with(Rprop.Variant variant, double minStep) {
        return new Rprop(variant, 0.1, minStep, 50, 1.2, 0.5);
    }
}
