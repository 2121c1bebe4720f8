package dev.lockstep.optimize;

import static dev.lockstep.optimize.QuickProp.Variant.SAFEGUARDED;
import static dev.lockstep.optimize.QuickProp.Variant.SLIDE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuickPropTest {
    private static final Vector VALLEY = Vector.of(-1.2, 1);

    private static QuickProp with(double rate, QuickProp.Variant variant) {
        return new QuickProp(new ConstantRate(rate), 1.75, 0, variant);
    }

    /** A coordinate with this last slope and move, and the next slope: how far Fahlman's program goes, by hand. */
    @ParameterizedTest(name = "slope {0}, before {1}, last move {2}: {3}")
    @CsvSource({
        "-2, 0, 0, 0.5", // nothing before: eta 2
        "-2, -3, 1, 2.25", // 2/3 > 7/11: growth 1.75 + eta 2
        "-1, -3, 1, 0.75", // 1/3: jump 1 * 1/(3 - 1), and eta 1
        "0, -3, 1, 0", // flat: it stays
        "1, -3, 1, -0.25", // crossed: jump back 1 * -1/4, no gradient step
        "-4, -3, 1, 2.75", // steeper than before: growth 1.75 + eta 4
        "2, 0, 0, -0.5", // the mirror images
        "2, 3, -1, -2.25",
        "1, 3, -1, -0.75",
        "0, 3, -1, 0",
        "-1, 3, -1, 0.25",
        "4, 3, -1, -2.75"
    })
    void the_safeguarded_form_is_fahlmans(double slope, double before, double move, double expected) {
        assertThat(move(with(0.25, SAFEGUARDED), slope, before, move)).isEqualTo(expected);
    }

    /**
     * A move against its own slope, which steps never leave behind: from there Fahlman's formula divides by zero or
     * climbs.
     */
    @ParameterizedTest(name = "slope {0}, before {1}, last move {2}: {3}")
    @CsvSource({
        "2, 2, 1, -0.5", // equal slopes: division by zero
        "1, 2, 1, -0.25", // the vertex is a maximum: 1 * -1/(-2 + 1) goes up
        "0.5, 2, 1, -0.125", // growth 1.75 would go up
        "-2, -2, -1, 0.5",
        "0, 0, 1, 0" // 0/0
    })
    void a_state_that_climbs_is_left_by_a_gradient_step(double slope, double before, double move, double expected) {
        assertThat(move(with(0.25, SAFEGUARDED), slope, before, move)).isEqualTo(expected);
    }

    @Test
    void the_slides_only_guard_is_that_against_zero_in_the_denominator() {
        assertThat(move(with(0.25, SLIDE), 1, -3, 1)).isEqualTo(-0.25);
        // a vertex that is a maximum, and far away
        assertThat(move(with(0.25, SLIDE), 1, 2, 1)).isEqualTo(1);
        assertThat(move(with(0.25, SLIDE), -2.75, -3, 1)).isEqualTo(11);
        assertThat(move(with(0.25, SLIDE), 2, 2, 1)).isEqualTo(-0.5);
        assertThat(move(with(0.25, SLIDE), 2, 5, 0)).isEqualTo(-0.5);
    }

    private static double move(QuickProp optimizer, double slope, double before, double move) {
        return optimizer
                .step(
                        Iteration.fullBatch(3),
                        Vector.of(0),
                        new QuickProp.State(Vector.of(before), Vector.of(move)),
                        Problems.slope(slope))
                .point()
                .get(0);
    }

    @Test
    void the_slide_reaches_the_minimum_of_a_quadratic_along_the_axes_in_two_steps() {
        Objective bowl = Problems.quadratic(Vector.of(1, 4, 100, 1e-3), Vector.of(1, -2, 30, 0));
        List<Vector> points = Trajectory.points(with(1e-3, SLIDE), bowl, Vector.of(1, -1, 2, 3), 10);
        Vector minimum = Vector.of(-1, 0.5, -0.3, 0);
        assertThat(points.get(1).minus(minimum).maxAbs()).isGreaterThan(1);
        for (Vector point : points.subList(2, 11)) {
            // the smallest curvature is seen in a move of 3e-6 only
            assertThat(point.minus(minimum).maxAbs()).isLessThan(1e-9);
        }
    }

    /**
     * Fahlman's program, written down apart from this project after its C translation, in Python's doubles:
     * Rosenbrock's valley from (-1.2, 1), epsilon 0.001, mu 1.75.
     */
    @ParameterizedTest
    @CsvSource({
        "0, 5, -0x1.06551a2da1634p+0, 0x1.0f6d0ebb9b712p+0",
        "0, 20, -0x1.fe8cb87cbfbeap-1, 0x1.fea58a4d9a60cp-1",
        "0, 40, -0x1.cb26e2ef369bcp-1, 0x1.9d9ed24bc86c7p-1",
        "0, 60, -0x1.21ab2e64bf5c0p-1, 0x1.4830b12b7be67p-2",
        "0.1, 10, -0x1.044e5077aad55p+0, 0x1.0a85a170a3994p+0",
        "0.1, 20, -0x1.c85c4cffeebbbp-1, 0x1.9c33597f64fb4p-1"
    })
    void the_valley_is_followed_as_an_independent_implementation_does(double decay, int steps, String x, String y) {
        QuickProp optimizer = new QuickProp(new ConstantRate(0.001), 1.75, decay, SAFEGUARDED);
        Vector got = Trajectory.end(optimizer, Problems.rosenbrock(), VALLEY, steps);
        assertThat(got.minus(Problems.hex(x, y)).maxAbs()).isLessThan(TOLERANCE);
    }

    private static final double TOLERANCE = 1e-12;

    /** Measured apart from this project, as the counts of {@link ConvergenceRateTest}: epsilon is 1/kappa. */
    @ParameterizedTest(name = "kappa {0}: {1} steps")
    @CsvSource({"10, 5", "100, 8", "1000, 12", "10000, 16"})
    void six_digits_along_the_axes_take_the_steps_of_growing(double kappa, int expected) {
        Objective bowl = Problems.quadratic(Problems.logSpaced(kappa));
        double target = 1e-6 * Problems.START_20.norm();
        assertThat(Trajectory.iterationsUntil(
                        w -> w.norm() <= target, with(1 / kappa, SAFEGUARDED), bowl, Problems.START_20, 100))
                .isEqualTo(expected);
    }

    /**
     * No move goes up along its coordinate, none is longer than its bound, and each leaves a state that is so again.
     */
    @Test
    void every_move_is_bounded_and_goes_down() {
        Objective waves = Objective.of(2, w -> {
            double x = w.get(0);
            double y = w.get(1);
            return new Evaluation(
                    StrictMath.cos(3 * x + y) + 0.05 * (x * x + y * y),
                    Vector.of(-3 * StrictMath.sin(3 * x + y) + 0.1 * x, -StrictMath.sin(3 * x + y) + 0.1 * y));
        });
        int grown = 0;
        for (Objective objective : List.of(Problems.rosenbrock(), waves, Problems.rotated(1000))) {
            for (double rate : new double[] {1e-4, 0.01, 0.3}) {
                QuickProp optimizer = with(rate, SAFEGUARDED);
                Vector point = VALLEY;
                QuickProp.State state = optimizer.start(point);
                for (int k = 0; k < 100 && point.maxAbs() < 1e50; k++) {
                    Step<QuickProp.State> step = optimizer.step(Iteration.fullBatch(k), point, state, objective);
                    for (int i = 0; i < 2; i++) {
                        double d = step.state().move().get(i);
                        double g = step.evaluation().gradient().get(i);
                        double bound = 1.75 * Math.abs(state.move().get(i)) + rate * Math.abs(g);
                        assertThat(d * g).isLessThanOrEqualTo(0);
                        assertThat(Math.abs(d)).isLessThanOrEqualTo(bound * (1 + 1e-15));
                        grown += Math.abs(d) > bound * (1 - 1e-15) ? 1 : 0;
                    }
                    point = step.point();
                    state = step.state();
                }
            }
        }
        assertThat(grown).isGreaterThan(100);
    }

    /** Near the top of a cosine: the slide's parabola has its vertex there. */
    @Test
    void the_slide_climbs_to_a_maximum_where_the_safeguarded_form_goes_down() {
        Objective cosine =
                Objective.of(1, w -> new Evaluation(StrictMath.cos(w.get(0)), Vector.of(-StrictMath.sin(w.get(0)))));
        assertThat(Trajectory.end(with(0.1, SLIDE), cosine, Vector.of(0.5), 20).get(0))
                .isCloseTo(0, within(1e-12));
        assertThat(Trajectory.end(with(0.1, SAFEGUARDED), cosine, Vector.of(0.5), 20)
                        .get(0))
                .isCloseTo(Math.PI, within(1e-8));
    }

    @Test
    void a_slope_that_is_no_number_does_not_pass_in_silence() {
        for (QuickProp.Variant variant : QuickProp.Variant.values()) {
            for (int bad = 0; bad < 3; bad++) {
                int when = bad;
                var steps = Trajectory.steps(
                        with(0.1, variant), k -> Problems.slope(k == when ? Double.NaN : 1 + k), Vector.of(0), 3);
                assertThat(steps.get(bad).point().get(0)).isNaN();
            }
        }
    }

    @Test
    void batches_must_be_full() {
        assertThat(with(0.1, SLIDE).fullBatchOnly()).isTrue();
    }
}
