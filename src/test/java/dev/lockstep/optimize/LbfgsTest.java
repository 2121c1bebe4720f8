package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LbfgsTest {
    private static final Vector START = Vector.of(-1.2, 1);

    private static final Lbfgs STANDARD = new Lbfgs(new ConstantRate(1), 100, StrongWolfe.of(0.9));

    /** PyTorch 1.13: {@code LBFGS(lr=1, max_iter=1, history_size=5, line_search_fn='strong_wolfe')}, tolerances 0. */
    private static final List<Vector> TORCH = List.of(
            Problems.hex("-0x1.3333333333333p+0", "0x1.0000000000000p+0"),
            Problems.hex("-0x1.0647b97e8b40fp+0", "0x1.1255a9d6cc62ep+0"),
            Problems.hex("-0x1.0748ee1913413p+0", "0x1.1174bbac7021cp+0"),
            Problems.hex("-0x1.0764a631a0833p+0", "0x1.10c4cd2b47263p+0"),
            Problems.hex("-0x1.0711f53b6701ap+0", "0x1.0ef4180dd7a80p+0"),
            Problems.hex("-0x1.0532efc31fc58p+0", "0x1.0907e99ff2ff4p+0"),
            Problems.hex("-0x1.fe7ada124986fp-1", "0x1.f380b6c6de519p-1"),
            Problems.hex("-0x1.e2df106662910p-1", "0x1.b4b2f22e063c1p-1"),
            Problems.hex("-0x1.c24c0123a965ap-1", "0x1.73d036f2967c6p-1"),
            Problems.hex("-0x1.8941a63e25811p-1", "0x1.13f12ebaafc4dp-1"),
            Problems.hex("-0x1.4621bb8dff600p-1", "0x1.c2bb2c91dc4ffp-2"),
            Problems.hex("-0x1.d5651dde9e874p-2", "0x1.726aa7b1e5aaep-3"),
            Problems.hex("-0x1.8ed41dc4e7621p-2", "0x1.bfcfaf8458a0ep-4"),
            Problems.hex("-0x1.0f4e3a5081843p-2", "0x1.56ced3dc1318ap-5"),
            Problems.hex("-0x1.58192c3f364bbp-3", "0x1.2b52c9af256f5p-6"),
            Problems.hex("-0x1.004d83a7671aap-4", "-0x1.19c6efb310c3ap-5"));

    @Test
    void descends_rosenbrocks_valley_as_torch_does() {
        Lbfgs lbfgs = new Lbfgs(new ConstantRate(1), 5, StrongWolfe.of(0.9));
        List<Vector> points = Trajectory.points(lbfgs, Problems.rosenbrock(), START, TORCH.size() - 1);
        for (int k = 0; k < TORCH.size(); k++) {
            assertThat(points.get(k).distance(TORCH.get(k))).as("step %s", k).isLessThan(1e-10);
        }
    }

    /** What PyTorch's takes, counted apart from this project: 1 for the start, then those of its line searches. */
    @ParameterizedTest
    @CsvSource({"1e-6, 36, 45", "1e-10, 39, 48"})
    void rosenbrocks_valley_takes_as_many_evaluations_as_torch_takes(double norm, int steps, int evaluations) {
        assertThat(Trajectory.effort(STANDARD, Problems.rosenbrock(), START, norm))
                .isEqualTo(new Trajectory.Effort(steps, evaluations));
    }

    /** H as a matrix, by the update that the two loops never write down. */
    @Test
    void the_direction_is_that_of_the_dense_update() {
        Vector point = Vector.of(0.1, -0.2, 0.3);
        List<Step<Lbfgs.State>> steps = Trajectory.steps(STANDARD, Problems.logistic(), point, 6);
        for (int k = 1; k < 6; k++) {
            Vector s = steps.get(k - 1).state().move();
            Vector g = steps.get(k).evaluation().gradient();
            Vector y = g.minus(steps.get(k - 1).evaluation().gradient());
            double gamma = s.dot(y) / y.dot(y);
            // every pair is still there, but each step begins with its own gamma
            double[][] h = dense(steps.get(k).state(), gamma);
            for (int i = 0; i < 3; i++) {
                double expected = -Vector.of(h[i]).dot(g);
                double got = steps.get(k).state().move().get(i)
                        / steps.get(k).state().rate();
                assertThat(got).isCloseTo(expected, within(1e-10 * g.norm()));
            }
        }
    }

    private static double[][] dense(Lbfgs.State state, double gamma) {
        double[][] h = {{gamma, 0, 0}, {0, gamma, 0}, {0, 0, gamma}};
        for (int pair = 0; pair < state.moves().size(); pair++) {
            Vector s = state.moves().get(pair);
            Vector y = state.changes().get(pair);
            double rho = 1 / s.dot(y);
            double[][] left = new double[3][3];
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    left[i][j] = (i == j ? 1 : 0) - rho * s.get(i) * y.get(j);
                }
            }
            double[][] next = new double[3][3];
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++) {
                    next[i][j] = rho * s.get(i) * s.get(j);
                    for (int a = 0; a < 3; a++) {
                        for (int b = 0; b < 3; b++) {
                            next[i][j] += left[i][a] * h[a][b] * left[j][b];
                        }
                    }
                }
            }
            h = next;
        }
        return h;
    }

    /** With exact steps it is the method of conjugate gradients: as many steps as distinct eigenvalues. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 10})
    void exact_steps_end_on_a_quadratic_after_as_many_steps_as_it_has_eigenvalues(int distinct) {
        Lbfgs exact = new Lbfgs(new ConstantRate(1), 100, new ExactStep(Backtracking.standard()));
        Vector start = Vector.filled(50, 1);
        assertThat(Trajectory.end(exact, Problems.clustered(distinct), start, distinct)
                        .norm())
                .isLessThan(1e-10 * start.norm());
        assertThat(Trajectory.end(exact, Problems.clustered(distinct), start, distinct - 1)
                        .norm())
                .isGreaterThan(1e-4);
    }

    @Test
    void the_oldest_pairs_are_forgotten() {
        Lbfgs three = new Lbfgs(new ConstantRate(1), 3, StrongWolfe.of(0.9));
        List<Step<Lbfgs.State>> steps = Trajectory.steps(three, Problems.rosenbrock(), START, 12);
        List<Lbfgs.State> states = steps.stream().map(Step::state).toList();
        assertThat(states.stream().map(state -> state.moves().size()).toList().subList(0, 6))
                .containsExactly(0, 1, 2, 3, 3, 3);
        for (int k = 5; k < 12; k++) {
            assertThat(states.get(k).moves())
                    .containsExactly(
                            states.get(k - 3).move(),
                            states.get(k - 2).move(),
                            states.get(k - 1).move());
        }
        assertThat(three.liveVectors()).isEqualTo(2 * 3 + 10);
    }

    @Test
    void a_pair_without_curvature_is_not_remembered() {
        Lbfgs fixed = new Lbfgs(new ConstantRate(0.5), 100, new FixedStep());
        List<Step<Lbfgs.State>> steps = Trajectory.steps(fixed, Problems.slope(2, 0), Vector.of(0, 0), 3);
        assertThat(steps.get(2).state().moves()).isEmpty();
        // the first step is shortened by ||g||_1 = 2
        assertThat(steps.stream().map(step -> step.point().get(0))).containsExactly(-0.5, -1.5, -2.5);
        assertThat(fixed.learningRate(Iteration.fullBatch(0), steps.get(0).state()))
                .hasValue(0.25);
    }

    @Test
    void an_objective_that_changes_is_asked_again() {
        int[] asked = {0};
        Objective changing = new Objective() {
            @Override
            public int dimension() {
                return 2;
            }

            @Override
            public Evaluation evaluate(Vector point) {
                asked[0]++;
                return Problems.rosenbrock().evaluate(point);
            }

            @Override
            public boolean isFixed() {
                return false;
            }
        };
        int fixed =
                Trajectory.effort(STANDARD, Problems.rosenbrock(), START, 1e-6).evaluations();
        List<Step<Lbfgs.State>> steps = Trajectory.steps(STANDARD, changing, START, 36);
        assertThat(asked[0]).isEqualTo(fixed + 35);
        assertThat(steps.get(35).point()).isEqualTo(Trajectory.end(STANDARD, Problems.rosenbrock(), START, 36));
        assertThat(steps.get(35).state().knownGradient().size()).isZero();
    }

    /** After so many evaluations everything is higher: first the memory goes, then the run. */
    @ParameterizedTest
    @ValueSource(strings = {"strong-wolfe", "backtracking"})
    void a_search_that_finds_nothing_costs_the_memory_and_then_ends_the_run(String search) {
        int[] left = {6};
        Objective rising = Objective.of(2, w -> {
            Evaluation here = Problems.rosenbrock().evaluate(w);
            return left[0]-- > 0 ? here : new Evaluation(here.value() + 1e6, here.gradient());
        });
        Lbfgs lbfgs = new Lbfgs(
                new ConstantRate(1),
                100,
                search.equals("backtracking") ? Backtracking.standard() : StrongWolfe.of(0.9));
        List<Step<Lbfgs.State>> steps = Trajectory.steps(lbfgs, rising, START, 12);
        int failed = 0;
        while (steps.get(failed).state().rate() > 0) {
            failed++;
        }
        assertThat(failed).isBetween(1, 5);
        Vector rest = steps.get(failed - 1).point();
        assertThat(steps.get(failed).point()).isEqualTo(rest);
        assertThat(steps.get(failed).end()).isEmpty();
        assertThat(steps.get(failed).state().moves()).isEmpty();
        Step<Lbfgs.State> last = steps.get(failed + 1);
        assertThat(last.point()).isEqualTo(rest);
        assertThat(last.evaluation()).isEqualTo(Problems.rosenbrock().evaluate(rest));
        Step.End end = last.end().orElseThrow();
        assertThat(end.refused()).isFalse();
        assertThat(end.message()).contains(search + " found no lower point in ", " trials", "norm of the gradient");
        assertThat(end.advice()).contains("max-trials");
        assertThat(steps.get(11).end()).isPresent();
    }

    @Test
    void gradients_of_the_wrong_sign_end_the_first_step() {
        Objective wrong = Objective.of(2, w -> new Evaluation(w.dot(w), w.times(-2)));
        Step<Lbfgs.State> step =
                Trajectory.steps(STANDARD, wrong, Vector.of(1, 1), 1).get(0);
        assertThat(step.point()).isEqualTo(Vector.of(1, 1));
        assertThat(step.isFinite()).isTrue();
        assertThat(step.end().orElseThrow().message()).contains("strong-wolfe", "value 2.0", "slope -8.00");
    }

    /** At 2^53 the values of neighbours are equal. */
    @Test
    void values_that_are_flat_to_rounding_end_the_run() {
        Objective flat = Objective.of(1, w -> new Evaluation(0x1p53, Vector.of(1e-9)));
        Step<Lbfgs.State> step =
                Trajectory.steps(STANDARD, flat, Vector.of(1), 1).get(0);
        assertThat(step.end()).isPresent();
        assertThat(step.point()).isEqualTo(Vector.of(1));
    }

    @Test
    void a_level_point_is_the_last_one() {
        Step<Lbfgs.State> step = Trajectory.steps(STANDARD, Problems.quadratic(1, 2), Vector.of(0, 0), 1)
                .get(0);
        assertThat(step.end().orElseThrow().message()).contains("norm of the gradient 0");
        assertThat(step.evaluation().isFinite()).isTrue();
    }

    @Test
    void nothing_may_come_between_its_evaluations() {
        assertThat(STANDARD.fullBatchOnly()).isTrue();
        assertThat(STANDARD.needsOneFunction()).isTrue();
    }
}
