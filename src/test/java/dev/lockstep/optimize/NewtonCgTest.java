package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewtonCgTest {
    /** No tolerance that progress could fall below before it ends. */
    private static final double NEVER = 1e-300;

    private static NewtonCg plain(Curvature matrix, double warmStart, double tolerance, long most) {
        return new NewtonCg(new ConstantRate(1), matrix, 0, warmStart, tolerance, most, false, new FixedStep());
    }

    private static NewtonCg searching(Curvature matrix, double damping) {
        return new NewtonCg(new ConstantRate(1), matrix, damping, 0, NEVER, 250, false, Backtracking.standard());
    }

    /** Counts products. */
    private static final class Counted implements Objective {
        private final Objective objective;
        private int products;

        private Counted(Objective objective) {
            this.objective = objective;
        }

        @Override
        public int dimension() {
            return objective.dimension();
        }

        @Override
        public Evaluation evaluate(Vector point) {
            return objective.evaluate(point);
        }

        @Override
        public List<Vector> products(Curvature matrix, Vector point, List<Vector> directions) {
            products += directions.size();
            return objective.products(matrix, point, directions);
        }
    }

    /** x'A x / 2 - x_1 with 2 on the diagonal of A and -1 beside it. */
    private static Objective chain(int n) {
        Objective plain = Objective.of(n, w -> {
            Vector image = chainTimes(w);
            Vector gradient = Vector.of(n, (result, from, to) -> {
                for (int i = from; i < to; i++) {
                    result[i] = image.get(i) - (i == 0 ? 1 : 0);
                }
            });
            return new Evaluation(image.dot(w) / 2 - w.get(0), gradient);
        });
        return Problems.withProducts(plain, (w, v) -> chainTimes(v));
    }

    private static Vector chainTimes(Vector v) {
        int n = v.size();
        return Vector.of(n, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = 2 * v.get(i) - (i > 0 ? v.get(i - 1) : 0) - (i + 1 < n ? v.get(i + 1) : 0);
            }
        });
    }

    /** As many products as distinct eigenvalues. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 10})
    void one_step_reaches_the_minimum_of_a_quadratic(int distinct) {
        Vector start = Vector.filled(50, 1);
        Counted counted = new Counted(Problems.clustered(distinct));
        Vector end = Trajectory.end(plain(Curvature.GAUSS_NEWTON, 0.95, NEVER, distinct), counted, start, 1);
        assertThat(end.norm()).isLessThan(1e-12);
        assertThat(counted.products).isEqualTo(distinct);
        if (distinct > 1) {
            assertThat(Trajectory.end(
                                    plain(Curvature.GAUSS_NEWTON, 0.95, NEVER, distinct - 1),
                                    Problems.clustered(distinct),
                                    start,
                                    1)
                            .norm())
                    .isGreaterThan(1e-4);
        }
    }

    /**
     * After i iterations on the chain phi is lowest among the points whose first i coordinates are not 0: phi_i = -i / (2 (i +
     * 1)), so that the progress of m iterations is m / (i (i - m + 1)) of it, and they end when i (i - m + 1) &gt; 1 /
     * tolerance; m = 10, from 110 on i / 10.
     */
    @ParameterizedTest(name = "tolerance {0}: {1} products")
    @CsvSource({"1, 11", "1e-2, 16", "5e-4, 50", "5e-5, 149"})
    void conjugate_gradients_end_when_ten_iterations_gain_little(double tolerance, int products) {
        int m = Math.max(10, products / 10);
        assertThat(products * (products - m + 1)).isGreaterThan((int) Math.round(1 / tolerance));
        Counted counted = new Counted(chain(200));
        Step<NewtonCg.State> step = Trajectory.steps(
                        plain(Curvature.GAUSS_NEWTON, 0, tolerance, 250), counted, Vector.zeros(200), 1)
                .get(0);
        assertThat(counted.products).isEqualTo(products);
        assertThat(step.state().iterations()).isEqualTo(products);
        // the lowest of those points: 1 - k / (i + 1)
        for (int k = 0; k < 200; k++) {
            assertThat(step.point().get(k)).isCloseTo(Math.max(0, 1 - (k + 1.0) / (products + 1)), within(1e-11));
        }
    }

    /** After half a step on a quadratic half of the last solution is the next one. */
    @Test
    void conjugate_gradients_begin_with_a_share_of_the_last_solution() {
        Objective bowl = Problems.quadratic(1, 10, 100);
        Vector start = Vector.of(1, 1, 1);
        NewtonCg.State first = Trajectory.steps(plain(Curvature.GAUSS_NEWTON, 0, NEVER, 3), bowl, start, 1)
                .get(0)
                .state();
        assertThat(first.solution().distance(start.times(-1))).isLessThan(1e-13);
        Vector half = start.times(0.5);
        for (double warmStart : new double[] {0.5, 0}) {
            Counted counted = new Counted(bowl);
            Vector end = plain(Curvature.GAUSS_NEWTON, warmStart, NEVER, 1)
                    .step(Iteration.fullBatch(1), half, first, counted)
                    .point();
            if (warmStart > 0) {
                assertThat(end.norm()).isLessThan(1e-12);
                assertThat(counted.products).isEqualTo(2);
            } else {
                assertThat(end.norm()).isGreaterThan(0.1);
                assertThat(counted.products).isEqualTo(1);
            }
        }
    }

    @Test
    void a_last_solution_that_goes_up_now_is_passed_over() {
        Objective bowl = Problems.quadratic(1, 10, 100);
        Vector start = Vector.of(1, 1, 1);
        NewtonCg.State first = Trajectory.steps(plain(Curvature.GAUSS_NEWTON, 0, NEVER, 3), bowl, start, 1)
                .get(0)
                .state();
        Vector beyond = start.times(-1);
        Vector cold = Trajectory.end(plain(Curvature.GAUSS_NEWTON, 0, NEVER, 2), bowl, beyond, 1);
        Vector warm = plain(Curvature.GAUSS_NEWTON, 0.95, NEVER, 2)
                .step(Iteration.fullBatch(1), beyond, first, bowl)
                .point();
        assertThat(warm).isEqualTo(cold);
    }

    /** Almost undamped, the step on x^2 / 2 that is taken for c x^2 / 2 is -x / c, and rho = 2 - 1/c. */
    @ParameterizedTest(name = "rho = {1}")
    @CsvSource({"1, 1, 0.6666666666666666", "0.81, 0.765, 0.6666666666666666", "0.66667, 0.5, 1", "0.55, 0.18, 1.5"})
    void damping_follows_what_was_gained_of_what_was_promised(double c, double rho, double factor) {
        assertThat(2 - 1 / c).isCloseTo(rho, within(2e-3));
        Objective bowl = Problems.withProducts(Problems.quadratic(1), (w, v) -> v.times(c));
        Step<NewtonCg.State> step = Trajectory.steps(searching(Curvature.GAUSS_NEWTON, 1e-9), bowl, Vector.of(1), 1)
                .get(0);
        assertThat(step.state().lambda()).isCloseTo(factor * 1e-9, within(1e-20));
        assertThat(step.point().get(0)).isCloseTo(1 - 1 / c, within(1e-8));
    }

    /** c = 0.4: the whole step goes up to 9/4 of the value, rho = -1/2, half of it goes down to 1/16. */
    @Test
    void a_whole_step_that_goes_up_raises_the_damping_though_half_of_it_goes_down() {
        Objective bowl = Problems.withProducts(Problems.quadratic(1), (w, v) -> v.times(0.4));
        Step<NewtonCg.State> step = Trajectory.steps(searching(Curvature.GAUSS_NEWTON, 1e-9), bowl, Vector.of(1), 1)
                .get(0);
        assertThat(step.state().rate()).isEqualTo(0.5);
        assertThat(step.point().get(0)).isCloseTo(-0.25, within(1e-8));
        assertThat(step.state().lambda()).isCloseTo(1.5e-9, within(1e-20));
    }

    /** (x^2 - y^2) / 2 from (2, 1): the second direction of conjugate gradients has negative curvature. */
    @Test
    void negative_curvature_ends_conjugate_gradients_with_what_they_have() {
        Counted counted = new Counted(Problems.quadratic(1, -1));
        Step<NewtonCg.State> step = Trajectory.steps(
                        plain(Curvature.HESSIAN, 0, NEVER, 250), counted, Vector.of(2, 1), 1)
                .get(0);
        assertThat(counted.products).isEqualTo(2);
        // g = (2, -1), g'g = 5, g'H g = 3
        assertThat(step.point().distance(Vector.of(2 - 10.0 / 3, 1 + 5.0 / 3))).isLessThan(1e-14);
        assertThat(counted.evaluate(step.point()).value()).isLessThan(1.5);
    }

    /** (x^2 - y^2) / 2 from (1, 2): the first direction is -g = (-1, 2), along which it bends down. */
    @Test
    void negative_curvature_of_the_first_direction_leaves_steepest_descent() {
        Counted counted = new Counted(Problems.quadratic(1, -1));
        Step<NewtonCg.State> step = Trajectory.steps(searching(Curvature.HESSIAN, 0), counted, Vector.of(1, 2), 1)
                .get(0);
        assertThat(counted.products).isEqualTo(1);
        assertThat(step.point()).isEqualTo(Vector.of(0, 4));
        assertThat(step.evaluation().value() - counted.evaluate(step.point()).value())
                .isEqualTo(6.5);
    }

    /** From y = 1 along -y^2/2 taken for -9 y^2/2: promised 1 + 9/2, gained 3/2, rho = 0.27. */
    @ParameterizedTest(name = "taken for -{0} y^2 / 2: lambda times {1}")
    @CsvSource({"9, 1", "11, 1.5", "1, 0.6666666666666666"})
    void negative_curvature_counts_in_what_was_promised(double curvature, double factor) {
        Objective hill = Problems.withProducts(Problems.quadratic(-1), (w, v) -> v.times(-curvature));
        Step<NewtonCg.State> step = Trajectory.steps(searching(Curvature.HESSIAN, 1e-9), hill, Vector.of(1), 1)
                .get(0);
        assertThat(step.point()).isEqualTo(Vector.of(2));
        assertThat(step.state().lambda()).isCloseTo(factor * 1e-9, within(1e-20));
    }

    @Test
    void the_preconditioner_changes_the_way_and_not_the_solution() {
        Objective classifier = Problems.logistic();
        Vector start = Vector.of(0.1, -0.2, 0.3);
        Vector[] ends = new Vector[4];
        for (int i = 0; i < 4; i++) {
            ends[i] = Trajectory.end(
                    new NewtonCg(
                            new ConstantRate(1),
                            Curvature.GAUSS_NEWTON,
                            0.1,
                            0,
                            NEVER,
                            i < 2 ? 3 : 1,
                            i % 2 == 0,
                            new FixedStep()),
                    classifier,
                    start,
                    1);
        }
        assertThat(ends[0].distance(ends[1])).isLessThan(1e-12);
        assertThat(ends[2].distance(ends[3])).isGreaterThan(1e-2);
    }
}
