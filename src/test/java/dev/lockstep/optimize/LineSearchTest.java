package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.LineSearch.Found;
import dev.lockstep.optimize.LineSearch.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LineSearchTest {
    /** A function of one variable, and all that was asked of it. */
    private static final class Curve implements Objective {
        private final DoubleUnaryOperator value;
        private final DoubleUnaryOperator slope;
        private final List<Double> asked = new ArrayList<>();
        private int scans;

        Curve(DoubleUnaryOperator value, DoubleUnaryOperator slope) {
            this.value = value;
            this.slope = slope;
        }

        @Override
        public int dimension() {
            return 1;
        }

        @Override
        public Evaluation evaluate(Vector point) {
            return evaluate(List.of(point)).get(0);
        }

        @Override
        public List<Evaluation> evaluate(List<Vector> points) {
            scans++;
            points.forEach(point -> asked.add(point.get(0)));
            return points.stream().map(point -> at(point.get(0))).toList();
        }

        Evaluation at(double x) {
            return new Evaluation(value.applyAsDouble(x), Vector.of(slope.applyAsDouble(x)));
        }

        /** From 0 to the right. */
        Found search(LineSearch search, double first) {
            return search.along(Ray.of(this, Vector.of(0), at(0), Vector.of(1)), first);
        }
    }

    /** E = (x - least)^2 / 2 */
    private static Curve parabola(double least) {
        return new Curve(x -> (x - least) * (x - least) / 2, x -> x - least);
    }

    /** The six functions of Moré and Thuente 1994, doi:10.1145/192115.192132, section 5. */
    private static Curve moreThuente(int number) {
        return switch (number) {
            case 1 -> new Curve(x -> -x / (x * x + 2), x -> (x * x - 2) / Math.pow(x * x + 2, 2));
            case 2 ->
                new Curve(
                        x -> Math.pow(x + 0.004, 5) - 2 * Math.pow(x + 0.004, 4),
                        x -> 5 * Math.pow(x + 0.004, 4) - 8 * Math.pow(x + 0.004, 3));
            case 3 ->
                new Curve(
                        x -> {
                            double plain = Math.abs(x - 1) >= 0.01 ? Math.abs(x - 1) : (x - 1) * (x - 1) / 0.02 + 0.005;
                            return plain + 2 * 0.99 / (39 * Math.PI) * Math.sin(39 * Math.PI / 2 * x);
                        },
                        x -> Math.max(-1, Math.min(1, (x - 1) / 0.01)) + 0.99 * Math.cos(39 * Math.PI / 2 * x));
            case 4 -> yanai(0.001, 0.001);
            case 5 -> yanai(0.01, 0.001);
            default -> yanai(0.001, 0.01);
        };
    }

    private static Curve yanai(double b1, double b2) {
        double c1 = Math.sqrt(1 + b1 * b1) - b1;
        double c2 = Math.sqrt(1 + b2 * b2) - b2;
        return new Curve(
                x -> c1 * Math.hypot(1 - x, b2) + c2 * Math.hypot(x, b1),
                x -> c1 * (x - 1) / Math.hypot(1 - x, b2) + c2 * x / Math.hypot(x, b1));
    }

    /** With the constants and the first steps of their tables. */
    @ParameterizedTest(name = "function {0} with {1} and {2}")
    @CsvSource({"1, 0.001, 0.1", "2, 0.1, 0.1", "3, 0.1, 0.1", "4, 0.001, 0.001", "5, 0.001, 0.001", "6, 0.001, 0.001"})
    void the_strong_wolfe_conditions_hold_on_more_and_thuentes_functions(int number, double decrease, double flat) {
        for (double first : new double[] {1e-3, 0.1, 10, 1000}) {
            Curve curve = moreThuente(number);
            Found found = curve.search(new StrongWolfe(decrease, flat, 1e-9, 40), first);
            assertThat(found.outcome()).as("from %s", first).isEqualTo(Outcome.FOUND);
            double t = found.step();
            double slope = curve.slope.applyAsDouble(0);
            assertThat(curve.value.applyAsDouble(t))
                    .isLessThanOrEqualTo(curve.value.applyAsDouble(0) + decrease * t * slope);
            assertThat(Math.abs(curve.slope.applyAsDouble(t))).isLessThanOrEqualTo(flat * Math.abs(slope));
            assertThat(found.evaluation()).contains(curve.at(t));
            assertThat(found.point()).isEqualTo(Vector.of(t));
            assertThat(curve.asked).doesNotHaveDuplicates().hasSizeLessThanOrEqualTo(25);
        }
    }

    @Test
    void the_strong_wolfe_conditions_hold_between_the_points_of_a_descent() {
        Map<Objective, Vector> problems = Map.of(
                Problems.rosenbrock(), Vector.of(-1.2, 1),
                Problems.logistic(), Vector.of(0.1, -0.2, 0.3),
                Problems.quadratic(Problems.logSpaced(1000)), Problems.START_20);
        problems.forEach((problem, start) -> {
            for (double flat : new double[] {0.9, 0.1}) {
                var steps =
                        Trajectory.steps(new Lbfgs(new ConstantRate(1), 5, StrongWolfe.of(flat)), problem, start, 12);
                for (int k = 0; k < 11 && steps.get(k).evaluation().gradientNorm() > 1e-6; k++) {
                    Evaluation before = steps.get(k).evaluation();
                    Evaluation after = steps.get(k + 1).evaluation();
                    Vector from = k == 0 ? start : steps.get(k - 1).point();
                    Vector move = steps.get(k).point().minus(from);
                    double fall = before.gradient().dot(move);
                    assertThat(fall).isNegative();
                    assertThat(after.value()).isLessThanOrEqualTo(before.value() + 1e-4 * fall);
                    assertThat(Math.abs(after.gradient().dot(move))).isLessThanOrEqualTo(-flat * fall * (1 + 1e-12));
                }
            }
        });
    }

    /** The cubic through a parabola's values and slopes is that parabola: the second trial is its vertex. */
    @Test
    void a_parabola_takes_two_trials_at_most() {
        LineSearch search = StrongWolfe.of(0.1);
        assertThat(parabola(3).search(search, 3).step()).isEqualTo(3);
        for (double first : new double[] {0.5, 1, 8, 100}) {
            Curve curve = parabola(3);
            assertThat(curve.search(search, first).step()).isCloseTo(3, within(1e-12));
            assertThat(curve.asked).hasSize(2);
        }
    }

    /** A wall at 1e-3: values right of it are not finite. */
    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void what_is_not_finite_is_too_far(double beyond) {
        for (LineSearch search : List.of(StrongWolfe.of(0.5), Backtracking.standard())) {
            for (boolean slopes : new boolean[] {true, false}) {
                Curve wall = new Curve(
                        x -> x < 1e-3 || slopes ? -Math.sqrt(x + 1e-6) : beyond,
                        x -> x < 1e-3 || !slopes ? -0.5 / Math.sqrt(x + 1e-6) : beyond);
                Found found = wall.search(search, 1);
                assertThat(found.succeeded()).as("%s", search).isTrue();
                assertThat(found.step()).isBetween(1e-6, 1e-3);
                assertThat(found.evaluation().orElseThrow().isFinite()).isTrue();
            }
        }
    }

    @Test
    void nothing_but_what_is_not_finite_is_a_failure() {
        for (LineSearch search : List.of(StrongWolfe.of(0.5), Backtracking.standard())) {
            Found found = new Curve(x -> x == 0 ? 1 : Double.NaN, x -> -1).search(search, 1);
            assertThat(found.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(found.point()).isEqualTo(Vector.of(0));
        }
    }

    /** Armijo on (x - 1)^2 / 2 with c1 = 1/4: x (x/2 - 1) <= -x/4, so x <= 3/2. */
    @Test
    void backtracking_asks_for_the_first_trial_alone_and_then_for_several_at_once() {
        Backtracking search = new Backtracking(0.25, 0.5, 4, 25);
        Curve near = parabola(1);
        assertThat(near.search(search, 1.5).step()).isEqualTo(1.5);
        assertThat(near.asked).containsExactly(1.5);
        Curve far = parabola(1);
        assertThat(far.search(search, 12).step()).isEqualTo(1.5);
        assertThat(far.asked).containsExactly(12.0, 6.0, 3.0, 1.5, 0.75);
        assertThat(far.scans).isEqualTo(2);
        Curve further = parabola(1);
        assertThat(further.search(search, 48).step()).isEqualTo(1.5);
        assertThat(further.scans).isEqualTo(3);
    }

    @Test
    void no_search_takes_more_trials_than_it_may() {
        for (int most = 1; most < 12; most++) {
            for (LineSearch search :
                    List.of(new StrongWolfe(1e-4, 0.9, 0, most), new Backtracking(1e-4, 0.5, 4, most))) {
                // slopes of the wrong sign
                Curve uphill = new Curve(x -> x, x -> -1);
                Found found = uphill.search(search, 1);
                assertThat(found.outcome()).isEqualTo(Outcome.FAILED);
                assertThat(found.step()).isZero();
                assertThat(found.message()).contains(search.key(), "no lower point in " + most + " trial", "slope -1");
                assertThat(uphill.asked).hasSize(most).doesNotHaveDuplicates();
            }
        }
    }

    /** A line falls for ever: no slope is flat, but the last point is lower. */
    @Test
    void a_lower_point_without_the_second_condition_is_told_as_such() {
        Found found = new Curve(x -> -x, x -> -1).search(StrongWolfe.of(0.9), 1);
        assertThat(found.outcome()).isEqualTo(Outcome.LOWER);
        assertThat(found.step()).isGreaterThan(1e9);
    }

    @Test
    void a_plateau_is_no_way_down() {
        for (LineSearch search : List.of(StrongWolfe.of(0.9), Backtracking.standard())) {
            assertThat(new Curve(x -> 1, x -> -1e-20).search(search, 1).succeeded())
                    .isFalse();
        }
    }

    @Test
    void a_direction_that_does_not_go_down_is_a_failure_that_costs_nothing() {
        for (LineSearch search : List.of(StrongWolfe.of(0.9), Backtracking.standard(), new FixedStep())) {
            Curve curve = new Curve(x -> x, x -> 1);
            assertThat(curve.search(search, 1).message()).contains("does not go down", "slope 1.00");
            assertThat(curve.asked).isEmpty();
        }
    }

    @Test
    void the_exact_step_is_the_least_value_of_a_quadratic_and_knows_its_evaluation() {
        Objective bowl = Problems.quadratic(Vector.of(1, 4), Vector.of(1, -2));
        Vector point = Vector.of(3, 1);
        // g = (4, 2), p = (-1, 0.5): -g'p = 3, p'Hp = 2
        Found found = new ExactStep(Backtracking.standard())
                .along(Ray.of(bowl, point, bowl.evaluate(point), Vector.of(-1, 0.5)), 1);
        assertThat(found.step()).isEqualTo(1.5);
        assertThat(found.evaluation()).contains(bowl.evaluate(Vector.of(1.5, 1.75)));
    }

    /** At (0, 1) H = diag(-398, 200), g = (-2, 200): down along (1, 0) there is no vertex. */
    @Test
    void without_positive_curvature_the_exact_step_is_backtracked() {
        Objective valley = Problems.rosenbrock();
        Vector point = Vector.of(0, 1);
        Ray ray = Ray.of(valley, point, valley.evaluate(point), Vector.of(1, 0));
        Backtracking backtracking = Backtracking.standard();
        assertThat(new ExactStep(backtracking).along(ray, 4)).isEqualTo(backtracking.along(ray, 4));
        assertThat(backtracking.along(ray, 4).succeeded()).isTrue();
    }

    /** E = sqrt(1 + x^2) at 3: E'/E'' = x (1 + x^2), and the vertex is at -27, where E is larger. */
    @Test
    void a_vertex_that_is_higher_is_backtracked_from() {
        Curve curve = new Curve(x -> Math.hypot(1, x), x -> x / Math.hypot(1, x));
        Objective curved = Problems.withProducts(curve, (w, v) -> v.times(Math.pow(Math.hypot(1, w.get(0)), -3)));
        Vector point = Vector.of(3);
        Found found =
                new ExactStep(Backtracking.standard()).along(Ray.of(curved, point, curve.at(3), Vector.of(-1)), 1);
        assertThat(curve.asked.get(0)).isCloseTo(-27, within(1e-12));
        assertThat(found.step()).isCloseTo(3.75, within(1e-12));
    }

    @Test
    void numbers_outside_their_ranges_are_named() {
        assertThatThrownBy(() -> new StrongWolfe(0.5, 0.9, 0, 1)).hasMessageContaining("sufficient-decrease");
        assertThatThrownBy(() -> new StrongWolfe(0.1, 1, 0, 1)).hasMessageContaining("curvature");
        assertThatThrownBy(() -> new StrongWolfe(0.1, 0.05, 0, 1)).hasMessageContainingAll("0.05", "0.1");
        assertThatThrownBy(() -> new StrongWolfe(0.1, 0.5, -1, 1)).hasMessageContaining("min-bracket");
        assertThatThrownBy(() -> new StrongWolfe(0.1, 0.5, 0, 0)).hasMessageContaining("max-trials");
        assertThatThrownBy(() -> new Backtracking(0, 0.5, 1, 1)).hasMessageContaining("sufficient-decrease");
        assertThatThrownBy(() -> new Backtracking(0.1, 1, 1, 1)).hasMessageContaining("contraction");
        assertThatThrownBy(() -> new Backtracking(0.1, 0.5, 0, 1)).hasMessageContaining("trials-per-scan");
        assertThatThrownBy(() -> new Backtracking(0.1, 0.5, 1, 0)).hasMessageContaining("max-trials");
    }
}
