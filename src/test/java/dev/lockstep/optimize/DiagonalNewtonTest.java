package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.linalg.Vector;
import org.junit.jupiter.api.Test;

class DiagonalNewtonTest {
    private static Vector after(
            double eta, double damping, Curvature matrix, Objective objective, Vector start, int steps) {
        return Trajectory.end(new DiagonalNewton(new ConstantRate(eta), damping, matrix), objective, start, steps);
    }

    @Test
    void one_step_is_enough_where_the_axes_are_the_parameters() {
        Objective bowl = Problems.quadratic(Vector.of(1, 40, 1e6), Vector.of(-5, 80, 0));
        Vector end = after(1, 1e-15, Curvature.HESSIAN, bowl, Vector.of(3, 3, 3), 1);
        assertThat(end.distance(Vector.of(5, -2, 0))).isLessThan(1e-13);
    }

    /** (x+y)^2/4 + 7 (x-y)^2/4 has the gradient (9, -5) at (3, 1), and 4 on its diagonal. */
    @Test
    void every_parameter_is_divided_by_its_own_curvature_and_the_damping() {
        Vector end = after(0.25, 0.5, Curvature.HESSIAN, Problems.rotated(7), Vector.of(3, 1), 1);
        assertThat(end.distance(Vector.of(3 - 0.5, 1 + 2.5 / 9))).isLessThan(1e-15);
    }

    @Test
    void negative_curvature_counts_with_its_magnitude() {
        Vector end = after(1, 1, Curvature.HESSIAN, Problems.quadratic(-2, 4), Vector.of(1, 1), 1);
        assertThat(end.distance(Vector.of(1 + 2.0 / 3, 1 - 4.0 / 5))).isLessThan(1e-15);
    }

    /** Rosenbrock's gradient at (-1.2, 1) is (-215.6, -88), H has (1330, 200) on its diagonal and G (1154, 200). */
    @Test
    void the_diagonal_is_that_of_the_matrix_it_is_told() {
        Vector start = Vector.of(-1.2, 1);
        Vector hessian = after(1, 0.5, Curvature.HESSIAN, Problems.rosenbrock(), start, 1);
        assertThat(hessian.distance(Vector.of(-1.2 + 215.6 / 1330.5, 1 + 88 / 200.5)))
                .isLessThan(1e-14);
        Vector gaussNewton = after(1, 0.5, Curvature.GAUSS_NEWTON, Problems.rosenbrock(), start, 1);
        assertThat(gaussNewton.distance(Vector.of(-1.2 + 215.6 / 1154.5, 1 + 88 / 200.5)))
                .isLessThan(1e-14);
    }

    /**
     * Two parameters that move together: E = (x+y)^2/2 has the diagonal (1, 1), so that x + y becomes 1 - 2 eta of itself:
     * eta = 1 goes as far beyond the minimum as it was away, eta = 1/2 to it.
     */
    @Test
    void parameters_that_move_together_go_too_far() {
        Objective valley = Problems.rotated(0);
        Objective twice = Problems.withProducts(
                Problems.scaled(2, valley), (w, v) -> Vector.of(v.get(0) + v.get(1), v.get(0) + v.get(1)));
        Vector start = Vector.of(2, 1);
        assertThat(after(1, 1e-15, Curvature.HESSIAN, twice, start, 1).sum()).isBetween(-3.0 - 1e-12, -3 + 1e-12);
        assertThat(after(0.5, 1e-15, Curvature.HESSIAN, twice, start, 1).sum()).isBetween(-1e-12, 1e-12);
    }
}
