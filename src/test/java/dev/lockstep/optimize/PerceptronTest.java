package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Perceptron.State;
import dev.lockstep.optimize.Perceptron.Variant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rosenblatt's rule on rows s x, x with a 1 for the bias: by hand, and within Novikoff's bound. */
class PerceptronTest {
    /** All four rows of and, then of or, as s x. */
    private static final List<Vector> AND =
            List.of(Vector.of(0, 0, -1), Vector.of(0, -1, -1), Vector.of(-1, 0, -1), Vector.of(1, 1, 1));

    private static final List<Vector> OR =
            List.of(Vector.of(0, 0, -1), Vector.of(0, 1, 1), Vector.of(1, 0, 1), Vector.of(1, 1, 1));

    /** At 1 and 2 yes, at -1 no, at -2 yes: no threshold has fewer than one error. */
    private static final List<Vector> NOT_SEPARABLE =
            List.of(Vector.of(1, 1), Vector.of(2, 1), Vector.of(1, -1), Vector.of(-2, 1));

    private static Perceptron one(Variant variant) {
        return new Perceptron(new ConstantRate(1), variant);
    }

    /** The mean over rows of max(0, -s z), undecided rows counted as mistakes. */
    private static Objective mean(List<Vector> rows) {
        return Objective.of(rows.get(0).size(), w -> {
            double value = 0;
            Vector gradient = Vector.zeros(w.size());
            for (Vector row : rows) {
                double z = row.dot(w);
                if (!(z > 0)) {
                    value -= z;
                    gradient = gradient.minus(row);
                }
            }
            return new Evaluation(value / rows.size(), gradient.times(1.0 / rows.size()));
        });
    }

    private static List<Step<State>> cyclic(Variant variant, List<Vector> rows, int passes) {
        return Trajectory.steps(
                one(variant),
                k -> mean(List.of(rows.get((int) k % rows.size()))),
                Vector.zeros(rows.get(0).size()),
                passes * rows.size());
    }

    /** The weights after each mistake. */
    private static List<Vector> mistakes(List<Step<State>> steps) {
        List<Vector> points = new ArrayList<>();
        Vector before = Vector.zeros(steps.get(0).point().size());
        for (Step<State> step : steps) {
            if (!step.point().equals(before)) {
                points.add(step.point());
                before = step.point();
            }
        }
        return points;
    }

    private static List<Vector> points(double[][] values) {
        List<Vector> points = new ArrayList<>();
        for (double[] value : values) {
            points.add(Vector.of(value));
        }
        return points;
    }

    @Test
    void and_is_learnt_in_the_steps_of_the_textbook() {
        List<Step<State>> steps = cyclic(Variant.ROSENBLATT, AND, 9);
        assertThat(mistakes(steps)).containsExactlyElementsOf(points(new double[][] {
            {0, 0, -1}, {1, 1, 0}, {1, 1, -1}, {1, 0, -2}, {2, 1, -1}, {2, 0, -2}, {1, 0, -3}, {2, 1, -2}, {1, 1, -3},
            {2, 2, -2}, {2, 1, -3}, {3, 2, -2}, {3, 1, -3}, {2, 1, -4}, {3, 2, -3}, {2, 2, -4}, {3, 3, -3}, {3, 2, -4}
        }));
        assertThat(steps.get(31).point())
                .as("the ninth pass is clean")
                .isEqualTo(steps.get(35).point());
        // (2, 2, -3) has the margin 1 / sqrt 17, and the longest row sqrt 3.
        assertThat(mistakes(steps)).hasSizeLessThanOrEqualTo(51);
    }

    @Test
    void or_is_learnt_in_the_steps_of_the_textbook() {
        assertThat(mistakes(cyclic(Variant.ROSENBLATT, OR, 6))).containsExactlyElementsOf(points(new double[][] {
            {0, 0, -1}, {0, 1, 0}, {1, 1, 1}, {1, 1, 0}, {1, 1, -1}, {1, 2, 0}, {1, 2, -1}, {2, 2, 0}, {2, 2, -1}
        }));
    }

    /** Brady, Raghavan, Slawny's fourth point far out; counts from another program, the margin in closed form. */
    @ParameterizedTest(name = "t = {0}: {1} mistakes, clean in pass {2}")
    @CsvSource({"5,9,6", "10,14,9", "20,24,16", "50,54,36", "100,104,69"})
    void a_point_far_out_costs_as_many_mistakes_as_it_is_far(int t, int mistakes, int passes) {
        List<Vector> rows = List.of(Vector.of(1, 0, 1), Vector.of(0, 1, 1), Vector.of(1, 0, -1), Vector.of(0, -t, 1));
        List<Step<State>> steps = cyclic(Variant.ROSENBLATT, rows, passes);
        assertThat(mistakes(steps)).hasSize(mistakes).hasSizeLessThanOrEqualTo(5 * (t * t + 1));
        assertThat(steps.subList(steps.size() - 4, steps.size()))
                .allSatisfy(step -> assertThat(step.evaluation().gradientNorm()).isZero());
        assertThat(steps.subList(steps.size() - 8, steps.size() - 4))
                .anySatisfy(step -> assertThat(step.evaluation().gradientNorm()).isPositive());
    }

    /** Rows on their side of a known plane, at least gamma away; s x. */
    private static List<Vector> separable(long seed, int features, double gamma) {
        Vector plane = normal(Mixing.mix(seed, -1), features);
        Vector u = plane.times(1 / plane.norm());
        List<Vector> rows = new ArrayList<>();
        for (int i = 0; rows.size() < 200; i++) {
            Vector x = normal(Mixing.mix(seed, i), features);
            double side = x.dot(u);
            if (Math.abs(side) >= gamma) {
                rows.add(x.times(Math.signum(side)));
            }
        }
        return rows;
    }

    private static Vector normal(long key, int size) {
        double[] values = new double[size];
        for (int j = 0; j < size; j++) {
            values[j] = Mixing.normal(Mixing.mix(key, j));
        }
        return Vector.wrap(values);
    }

    @ParameterizedTest(name = "{0} features, margin {1}")
    @CsvSource({"2,0.3", "2,0.02", "5,0.2", "20,0.1", "100,0.5"})
    void there_are_no_more_mistakes_than_novikoff_allows(int features, double gamma) {
        for (int seed = 1; seed <= 3; seed++) {
            List<Vector> rows = separable(seed, features, gamma);
            double radius = rows.stream().mapToDouble(Vector::norm).max().orElseThrow();
            int bound = (int) (radius * radius / (gamma * gamma));
            int mistakes = 0;
            Vector w = Vector.zeros(features);
            for (long k = 0, right = 0; right < rows.size(); k++) {
                Objective row = mean(List.of(rows.get((int) (k % rows.size()))));
                Step<State> step = one(Variant.ROSENBLATT)
                        .step(Iteration.fullBatch(k), w, one(Variant.ROSENBLATT).start(w), row);
                right = step.point().equals(w) ? right + 1 : 0;
                mistakes += right == 0 ? 1 : 0;
                w = step.point();
                assertThat(mistakes).isLessThanOrEqualTo(bound);
            }
            assertThat(mean(rows).evaluate(w).gradientNorm()).isZero();
        }
    }

    @Test
    void a_full_batch_moves_by_the_mean_over_all_rows_of_those_that_were_mistaken() {
        List<Vector> and = Trajectory.points(
                new Perceptron(new ConstantRate(4), Variant.ROSENBLATT), mean(AND), Vector.zeros(3), 10);
        assertThat(and.subList(1, 11)).containsExactlyElementsOf(points(new double[][] {
            {0, 0, -2},
            {1, 1, -1},
            {0, 0, -3},
            {1, 1, -2},
            {2, 2, -1},
            {1, 1, -3},
            {2, 2, -2},
            {1, 1, -4},
            {2, 2, -3},
            {2, 2, -3}
        }));
        List<Vector> or = Trajectory.points(one(Variant.ROSENBLATT), mean(OR), Vector.zeros(3), 5);
        assertThat(or.subList(1, 6)).containsExactlyElementsOf(points(new double[][] {
            {0.5, 0.5, 0.5}, {0.5, 0.5, 0.25}, {0.5, 0.5, 0}, {0.5, 0.5, -0.25}, {0.5, 0.5, -0.25}
        }));
    }

    @Test
    void a_full_batch_converges_where_rows_can_be_separated() {
        List<Vector> rows = separable(7, 10, 0.2);
        int steps = Trajectory.iterationsUntil(
                w -> w.norm() > 0 && mean(rows).evaluate(w).gradientNorm() == 0,
                one(Variant.ROSENBLATT),
                mean(rows),
                Vector.zeros(10),
                100_000);
        assertThat(steps).isLessThan(100_000);
    }

    @Test
    void the_average_counts_weights_as_often_as_they_were_kept() {
        // (0,0,-1), (0,1,0), (1,1,1), (1,1,1) and four times (1,1,0): sum (6,7,1)
        List<Step<State>> steps = cyclic(Variant.AVERAGED, OR, 2);
        Step<State> last = steps.get(7);
        assertThat(one(Variant.AVERAGED).answer(last.point(), last.state()))
                .isEqualTo(Vector.of(6.0 / 8, 7.0 / 8, 1.0 / 8));
        assertThat(last.state().visits()).isEqualTo(8);
        assertThat(last.point()).isEqualTo(Vector.of(1, 1, 0));
        Vector start = Vector.of(3, 4, 5);
        assertThat(one(Variant.AVERAGED).answer(start, one(Variant.AVERAGED).start(start)))
                .as("before the first visit")
                .isEqualTo(start);
    }

    @ParameterizedTest(name = "after {0} visits: ({1}, {2})")
    @CsvSource({"1,0,0", "2,1,1", "5,1,1", "6,0,1", "25,0,1", "26,0,2", "27,0,2"})
    void the_pocket_has_the_weights_of_the_longest_run_of_right_answers(int visits, double slope, double bias) {
        // runs: 1 of (1,1) in the 2nd visit, 2 of (0,1) in the 6th, 3 of (0,2) in the 26th
        Step<State> last = cyclic(Variant.POCKET, NOT_SEPARABLE, 7).get(visits - 1);
        assertThat(one(Variant.POCKET).answer(last.point(), last.state())).isEqualTo(Vector.of(slope, bias));
    }

    @Test
    void the_pocket_has_the_fewest_errors_while_the_rule_wanders() {
        Step<State> last = cyclic(Variant.POCKET, NOT_SEPARABLE, 7).get(26);
        assertThat(errors(last.point())).isEqualTo(2);
        assertThat(errors(one(Variant.POCKET).answer(last.point(), last.state())))
                .isEqualTo(1);
    }

    private static long errors(Vector w) {
        return NOT_SEPARABLE.stream().filter(row -> row.dot(w) <= 0).count();
    }

    @Test
    void without_a_right_step_the_pocket_has_the_weights_that_rows_are_least_beyond() {
        // (2,2), (1,2), (0,2), (1,1), (0,1), (1,0), (-1,1), (3,2): sums of losses 2, 1, 2, 1, 1, 2, 3, 4
        Perceptron pocket = new Perceptron(new ConstantRate(4), Variant.POCKET);
        List<Step<State>> steps = Trajectory.steps(pocket, mean(NOT_SEPARABLE), Vector.zeros(2), 9);
        assertThat(steps.get(0).state().kept())
                .as("nothing is known of 0, which has no losses")
                .isEqualTo(Vector.zeros(2));
        assertThat(steps.get(1).state().kept()).isEqualTo(Vector.of(2, 2));
        for (int k = 2; k < 9; k++) {
            assertThat(steps.get(k).state().kept()).isEqualTo(Vector.of(1, 2));
            assertThat(steps.get(k).state().distance()).isCloseTo(0.25 / Math.sqrt(5), within(1e-16));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void the_pocket_has_what_separates_once_it_is_found(int batch) {
        List<Step<State>> steps = batch == 1
                ? cyclic(Variant.POCKET, AND, 20)
                : Trajectory.steps(new Perceptron(new ConstantRate(4), Variant.POCKET), mean(AND), Vector.zeros(3), 20);
        Step<State> last = steps.get(steps.size() - 1);
        assertThat(one(Variant.POCKET).answer(last.point(), last.state())).isEqualTo(last.point());
        assertThat(mean(AND).evaluate(last.point()).gradientNorm()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"POCKET", "AVERAGED"})
    void a_state_that_was_rebuilt_goes_on_to_the_same_bits(Variant variant) {
        List<Step<State>> steps = cyclic(variant, NOT_SEPARABLE, 10);
        State s = steps.get(15).state();
        Vector point = Vector.of(steps.get(15).point().toArray());
        State state = new State(Vector.of(s.kept().toArray()), s.distance(), s.run(), s.longest(), s.visits());
        for (int k = 16; k < 40; k++) {
            Objective row = mean(List.of(NOT_SEPARABLE.get(k % 4)));
            Step<State> step = one(variant).step(Iteration.fullBatch(k), point, state, row);
            assertThat(step).isEqualTo(steps.get(k));
            point = step.point();
            state = step.state();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ROSENBLATT", "POCKET", "AVERAGED"})
    void a_gradient_that_is_not_finite_shows(Variant variant) {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            Objective broken = Objective.of(2, w -> new Evaluation(0, Vector.of(0, bad)));
            Step<State> step =
                    Trajectory.steps(one(variant), broken, Vector.of(1, 1), 1).get(0);
            assertThat(step.isFinite()).isFalse();
            assertThat(step.point().isFinite()).isFalse();
        }
    }

    /** An objective whose rows end at once where they are told to. */
    private record Ends(Vector end) implements Objective {
        @Override
        public int dimension() {
            return end.size();
        }

        @Override
        public Evaluation evaluate(Vector point) {
            return new Evaluation(1, Vector.of(1, 1));
        }

        @Override
        public Vector mixed(Vector point, double rate) {
            return end.times(rate).plus(point);
        }
    }

    @Test
    void mixing_goes_where_the_objective_says_with_the_rate_of_the_schedule() {
        Perceptron mixing = new Perceptron(new LinearDecay(1, Per.STEP), Variant.MIXING);
        List<Step<State>> steps = Trajectory.steps(mixing, new Ends(Vector.of(2, -4)), Vector.of(1, 1), 2);
        assertThat(steps.get(0).point()).isEqualTo(Vector.of(3, -3));
        assertThat(steps.get(1).point()).isEqualTo(Vector.of(4, -5));
        assertThat(steps.get(1).evaluation().value()).isEqualTo(1);
        assertThat(mixing.fullBatchOnly()).isTrue();
        assertThat(one(Variant.ROSENBLATT).fullBatchOnly()).isFalse();
        Perceptron spent = new Perceptron(k -> 0, Variant.MIXING);
        assertThat(Trajectory.end(spent, new Ends(Vector.of(2, -4)), Vector.of(1, 1), 1))
                .as("a rate that has sunk to 0 moves nothing")
                .isEqualTo(Vector.of(1, 1));
    }

    @Test
    void mixing_needs_an_objective_with_rows() {
        assertThatThrownBy(() -> Trajectory.steps(one(Variant.MIXING), mean(AND), Vector.zeros(3), 1))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("3 parameters cannot be descended row by row");
        assertThatThrownBy(() ->
                        new ClippedObjective(new Ends(Vector.of(1, 1)), Clipping.byNorm(1)).mixed(Vector.of(1, 1), 1))
                .as("clipping would be passed by")
                .isInstanceOf(UnsupportedOperationException.class);
    }
}
