package dev.lockstep.optimize;

import static dev.lockstep.optimize.ConjugateGradient.Variant.FLETCHER_REEVES;
import static dev.lockstep.optimize.ConjugateGradient.Variant.HESTENES_STIEFEL;
import static dev.lockstep.optimize.ConjugateGradient.Variant.POLAK_RIBIERE;
import static dev.lockstep.optimize.ConjugateGradient.Variant.STEEPEST_DESCENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.ConjugateGradient.Variant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConjugateGradientTest {
    private static final Vector START = Vector.of(-1.2, 1);
    private static final ExactStep EXACT = new ExactStep(Backtracking.standard());

    private static ConjugateGradient with(Variant variant, LineSearch search) {
        return new ConjugateGradient(new ConstantRate(1), variant, 0, search);
    }

    /** The theorem of Hestenes and Stiefel; also where the least value is not 0 and its digits hide those of the fall. */
    @ParameterizedTest(name = "{0}, {1} eigenvalues")
    @CsvSource({
        "POLAK_RIBIERE, 1", "POLAK_RIBIERE, 2", "POLAK_RIBIERE, 5", "POLAK_RIBIERE, 10",
        "FLETCHER_REEVES, 1", "FLETCHER_REEVES, 2", "FLETCHER_REEVES, 5", "FLETCHER_REEVES, 10",
        "HESTENES_STIEFEL, 1", "HESTENES_STIEFEL, 2", "HESTENES_STIEFEL, 5", "HESTENES_STIEFEL, 10"
    })
    void exact_steps_end_on_a_quadratic_after_as_many_steps_as_it_has_eigenvalues(Variant variant, int distinct) {
        Objective bowl = Problems.clustered(distinct);
        Vector start = Vector.filled(50, 1);
        List<Vector> points = Trajectory.points(with(variant, EXACT), bowl, start, distinct);
        assertThat(points.get(distinct).norm()).isLessThan(1e-10 * start.norm());
        assertThat(points.get(distinct - 1).norm()).isGreaterThan(1e-4);
        Objective raised = Problems.withProducts(
                Objective.of(50, w -> {
                    Evaluation plain = bowl.evaluate(w);
                    return new Evaluation(plain.value() + 1, plain.gradient());
                }),
                bowl::hessianVector);
        assertThat(Trajectory.end(with(variant, EXACT), raised, start, distinct).norm())
                .isLessThan(1e-10 * start.norm());
    }

    @Test
    void exact_steps_make_all_three_the_same_on_a_quadratic() {
        Objective bowl = Problems.quadratic(Problems.logSpaced(100));
        List<Vector> expected = Trajectory.points(with(POLAK_RIBIERE, EXACT), bowl, Problems.START_20, 10);
        for (Variant variant : new Variant[] {FLETCHER_REEVES, HESTENES_STIEFEL}) {
            List<Vector> points = Trajectory.points(with(variant, EXACT), bowl, Problems.START_20, 10);
            for (int k = 0; k <= 10; k++) {
                assertThat(points.get(k).distance(expected.get(k)))
                        .as("%s, step %s", variant, k)
                        .isLessThan(1e-10);
            }
        }
    }

    /** E = (x^2 + 2 y^2)/2 from (2, 1): g = (2, 2), t = 8/12, then g = (2/3, -2/3), beta = 1/9, t = 3/4. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "STEEPEST_DESCENT")
    void two_steps_by_hand(Variant variant) {
        ConjugateGradient optimizer = with(variant, EXACT);
        var steps = Trajectory.steps(optimizer, Problems.quadratic(1, 2), Vector.of(2, 1), 2);
        assertThat(steps.get(0).point().distance(Vector.of(2 / 3.0, -1 / 3.0))).isLessThan(1e-15);
        assertThat(steps.get(1).state().direction().distance(Vector.of(-8 / 9.0, 4 / 9.0)))
                .isLessThan(1e-15);
        assertThat(steps.get(1).point().norm()).isLessThan(1e-15);
        assertThat(optimizer
                        .learningRate(Iteration.fullBatch(0), steps.get(0).state())
                        .orElseThrow())
                .isCloseTo(2 / 3.0, within(1e-15));
        assertThat(optimizer
                        .learningRate(Iteration.fullBatch(1), steps.get(1).state())
                        .orElseThrow())
                .isCloseTo(0.75, within(1e-15));
    }

    /** Kantorovich's bound is reached: from (kappa, 1) each exact step multiplies the error by (kappa - 1)/(kappa + 1). */
    @Test
    void steepest_descent_zigzags_at_its_worst_rate() {
        List<Vector> points =
                Trajectory.points(with(STEEPEST_DESCENT, EXACT), Problems.quadratic(1, 9), Vector.of(9, 1), 20);
        for (int k = 0; k < 20; k++) {
            Vector expected = Vector.of(9, k % 2 == 0 ? 1 : -1).times(Math.pow(0.8, k));
            assertThat(points.get(k).distance(expected)).isLessThan(1e-13);
        }
    }

    /** Counted apart from this project, with PyTorch's line search in the place of ours. */
    @ParameterizedTest(name = "{0} to {1}: {2} steps, {3} evaluations")
    @CsvSource({
        "POLAK_RIBIERE, 1e-6, 32, 90",
        "FLETCHER_REEVES, 1e-6, 35, 94",
        "HESTENES_STIEFEL, 1e-6, 33, 91",
        "POLAK_RIBIERE, 1e-10, 33, 92",
        "FLETCHER_REEVES, 1e-10, 37, 100",
        "HESTENES_STIEFEL, 1e-10, 35, 97"
    })
    void rosenbrocks_valley_takes_a_hundred_evaluations_at_most(
            Variant variant, double norm, int steps, int evaluations) {
        assertThat(Trajectory.effort(with(variant, StrongWolfe.of(0.1)), Problems.rosenbrock(), START, norm))
                .isEqualTo(new Trajectory.Effort(steps, evaluations));
    }

    @Test
    void restarts_come_when_they_are_due() {
        for (long every : new long[] {1, 3, 7}) {
            ConjugateGradient optimizer =
                    new ConjugateGradient(new ConstantRate(1), FLETCHER_REEVES, every, StrongWolfe.of(0.1));
            var steps = Trajectory.steps(optimizer, Problems.quadratic(Problems.logSpaced(100)), Problems.START_20, 15);
            for (int k = 0; k < 15; k++) {
                boolean steepest = steps.get(k)
                        .state()
                        .direction()
                        .equals(steps.get(k).evaluation().gradient().times(-1));
                assertThat(steepest).as("every %s, step %s", every, k).isEqualTo(k % every == 0);
            }
        }
    }

    /** A direction that has nothing to do with the gradient any more. */
    @ParameterizedTest
    @EnumSource
    void a_direction_that_does_not_go_down_is_not_taken(Variant variant) {
        ConjugateGradient optimizer = with(variant, StrongWolfe.of(0.1));
        Objective bowl = Problems.quadratic(1, 2);
        ConjugateGradient.State state =
                new ConjugateGradient.State(Vector.of(100, 100), Vector.of(0.9, 1), 5, -1, 1, 1, 0, Vector.zeros(0), 0);
        Step<ConjugateGradient.State> step = optimizer.step(Iteration.fullBatch(1), Vector.of(1, 1), state, bowl);
        assertThat(step.state().direction()).isEqualTo(Vector.of(-1, -2));
        assertThat(step.state().since()).isEqualTo(1);
    }

    /**
     * 1 / ||g||_1 first. Slopes of the rays are -64, -16, -0.0625 and -0.0625; twice the fall over what was promised is 1,
     * then 1, but at most ten times the step, then 4, which counts as 2.
     */
    @Test
    void the_first_trials_are_the_declared_ones() {
        ConjugateGradient optimizer =
                new ConjugateGradient(new ConstantRate(0.5), STEEPEST_DESCENT, 0, Backtracking.standard());
        double[] slopes = {8, 4, 0.25, 0.25};
        // promised 4, 4, 0.15625
        double[] values = {0, -2, -4, -4.3125};
        var steps = Trajectory.steps(
                optimizer,
                k -> changing(w -> {
                    double distance = w.get(0) - STARTS[(int) k];
                    return new Evaluation(values[(int) k] + slopes[(int) k] * distance, Vector.of(slopes[(int) k]));
                }),
                Vector.of(0),
                4);
        assertThat(steps.stream().map(step -> step.state().rate())).containsExactly(0.0625, 0.25, 2.5, 5.0);
    }

    /** Where the steps of that test begin. */
    private static final double[] STARTS = {0, -0.5, -1.5, -2.125};

    private static Objective changing(Function<Vector, Evaluation> function) {
        return new Objective() {
            @Override
            public int dimension() {
                return 1;
            }

            @Override
            public Evaluation evaluate(Vector point) {
                return function.apply(point);
            }

            @Override
            public boolean isFixed() {
                return false;
            }
        };
    }

    /** Steps that are too short grow again: backtracking alone would only ever shorten them. */
    @ParameterizedTest
    @EnumSource
    void backtracking_from_a_first_step_that_is_too_short_recovers(Variant variant) {
        ConjugateGradient optimizer =
                new ConjugateGradient(new ConstantRate(1e-6), variant, 0, Backtracking.standard());
        assertThat(Trajectory.end(optimizer, Problems.quadratic(1, 4, 10), Vector.of(1, 1, 1), 120)
                        .norm())
                .isLessThan(1e-6);
    }

    @Test
    void without_a_search_the_step_is_the_learning_rate() {
        ConjugateGradient fixed = new ConjugateGradient(new ConstantRate(0.25), STEEPEST_DESCENT, 0, new FixedStep());
        assertThat(Trajectory.points(fixed, Problems.quadratic(2), Vector.of(8), 3))
                .containsExactly(Vector.of(8), Vector.of(4), Vector.of(2), Vector.of(1));
    }

    /** After so many evaluations everything is higher: first the direction goes, then the run. */
    @ParameterizedTest
    @EnumSource
    void a_search_that_finds_nothing_costs_the_memory_and_then_ends_the_run(Variant variant) {
        int[] left = {7};
        Objective rising = Objective.of(2, w -> {
            Evaluation here = Problems.rosenbrock().evaluate(w);
            return left[0]-- > 0 ? here : new Evaluation(here.value() + 1e6, here.gradient());
        });
        var steps = Trajectory.steps(with(variant, StrongWolfe.of(0.1)), rising, START, 10);
        int failed = 0;
        while (steps.get(failed).state().rate() > 0) {
            failed++;
        }
        assertThat(failed).isBetween(1, 6);
        Vector rest = steps.get(failed - 1).point();
        assertThat(steps.get(failed).point()).isEqualTo(rest);
        assertThat(steps.get(failed).end()).isEmpty();
        Step<ConjugateGradient.State> last = steps.get(failed + 1);
        assertThat(last.point()).isEqualTo(rest);
        assertThat(last.end().orElseThrow().refused()).isFalse();
        assertThat(last.end().orElseThrow().message()).contains("strong-wolfe found no lower point");
    }

    @Test
    void gradients_of_the_wrong_sign_end_the_first_step() {
        Objective wrong = Objective.of(2, w -> new Evaluation(w.dot(w), w.times(-2)));
        for (LineSearch search : List.of(StrongWolfe.of(0.1), Backtracking.standard())) {
            var step = Trajectory.steps(with(POLAK_RIBIERE, search), wrong, Vector.of(1, 1), 1)
                    .get(0);
            assertThat(step.point()).isEqualTo(Vector.of(1, 1));
            assertThat(step.end()).isPresent();
        }
    }

    @Test
    void nothing_may_come_between_its_evaluations() {
        ConjugateGradient optimizer = with(POLAK_RIBIERE, EXACT);
        assertThat(optimizer.fullBatchOnly()).isTrue();
        assertThat(optimizer.needsOneFunction()).isTrue();
    }

    @Test
    void rests_while_the_rate_is_0_and_goes_on_after_it() {
        Schedule late = k -> k.step() < 3 ? 0 : 1;
        ConjugateGradient optimizer = new ConjugateGradient(late, POLAK_RIBIERE, 0, new Backtracking(1e-4, 0.5, 25, 4));
        List<Step<ConjugateGradient.State>> steps =
                Trajectory.steps(optimizer, Problems.quadratic(1, 10), Vector.of(3, -1), 60);
        for (int k = 0; k < 3; k++) {
            assertThat(steps.get(k).point()).isEqualTo(Vector.of(3, -1));
            assertThat(steps.get(k).end()).isEmpty();
        }
        assertThat(steps.get(59).point().norm()).isLessThan(1e-3);
    }
}
