package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The lasso by proximal steps: where the answer is known, it is found, with its zeros, at the rate that theorems
 * give.
 */
class ProximalTest {
    private static final Schedule RATE = new ConstantRate(0.5);

    static List<Optimizer<?>> optimizers() {
        return List.of(new GradientDescent(RATE, 0), new Momentum(RATE, 0.5, 0), new Nesterov(RATE, 0.5, 0));
    }

    private static Penalty l1(double l1, Objective objective) {
        return new Penalty(0, l1, Penalty.L1By.PROXIMAL, true, Vector.zeros(objective.dimension()));
    }

    /**
     * Least squares without collinearity, E = ||w - wOls||^2 / 2: the minimum is wOls, each coordinate nearer to 0 by
     * l1.
     */
    @ParameterizedTest
    @MethodSource("optimizers")
    void an_orthogonal_design_has_its_closed_form(Optimizer<?> optimizer) {
        Vector ols = Vector.of(3, -2, 0.7, -0.25, 0.5, 0);
        Objective squares = Problems.quadratic(Vector.filled(6, 1), ols.times(-1));
        Objective lasso = Problems.penalized(squares, l1(0.75, squares));
        Vector end = Trajectory.end(optimizer, lasso, Vector.of(1, 1, 1, 1, -1, -1), 100);
        assertThat(end.minus(Vector.of(2.25, -1.25, 0, 0, 0, 0)).maxAbs()).isLessThan(1e-14);
        assertThat(end.toArray()).endsWith(0, 0, 0, 0);
        assertThat(lasso.evaluate(end).gradientNorm()).isLessThan(1e-14);
    }

    /** A minimum of a convex E + l1 ||w||_1 is where g = -l1 sgn w, or |g| at most l1 where w = 0. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void a_minimum_has_the_slopes_that_it_must_have(Optimizer<?> optimizer) {
        Objective squares = Objective.of(2, w -> {
            Evaluation rotated = Problems.rotated(3).evaluate(w);
            return new Evaluation(
                    rotated.value() - 2 * w.get(0) + 0.5 * w.get(1),
                    rotated.gradient().minus(Vector.of(2, -0.5)));
        });
        Vector end = Trajectory.end(optimizer, Problems.penalized(squares, l1(1.5, squares)), Vector.of(-1, 1), 300);
        Vector slope = squares.evaluate(end).gradient();
        assertThat(end.get(0)).isPositive();
        assertThat(slope.get(0)).isCloseTo(-1.5, within(1e-14));
        assertThat(end.get(1)).isEqualTo(0);
        assertThat(Math.abs(slope.get(1))).isLessThan(1.5);
    }

    /** Beck, Teboulle 2009, theorem 3.1: the excess is at most L ||w(0) - w*||^2 / (2 k). */
    @Test
    void gradient_descent_keeps_the_bound_of_ista() {
        Bowl bowl = new Bowl();
        List<Vector> points =
                Trajectory.points(new GradientDescent(new ConstantRate(1), 0), bowl.lasso, bowl.start, 1000);
        double distance = bowl.start.distance(bowl.minimum);
        for (int k = 1; k <= 1000; k++) {
            assertThat(bowl.excess(points.get(k))).isLessThanOrEqualTo(distance * distance / (2 * k));
        }
        // and is no better than that order: k times it does not fall while curvatures of 1/k are left
        assertThat(1000 * bowl.excess(points.get(1000))).isGreaterThan(0.5 * 10 * bowl.excess(points.get(10)));
    }

    /** Theorem 4.4 there: with its momentum the excess is at most 2 L ||w(0) - w*||^2 / (k + 1)^2. */
    @Test
    void nesterov_keeps_the_bound_of_fista() {
        double[] t = new double[1002];
        t[1] = 1;
        for (int k = 1; k <= 1000; k++) {
            t[k + 1] = (1 + Math.sqrt(1 + 4 * t[k] * t[k])) / 2;
        }
        Schedule fista = new Schedule() {
            @Override
            public double at(Iteration k) {
                return 1;
            }

            @Override
            public OptionalDouble momentum(Iteration k) {
                int index = (int) k.step();
                return OptionalDouble.of(index == 0 ? 0 : (t[index] - 1) / t[index + 1]);
            }
        };
        Bowl bowl = new Bowl();
        List<Vector> points = Trajectory.points(new Nesterov(fista, 0, 0), bowl.lasso, bowl.start, 1000);
        List<Vector> ista =
                Trajectory.points(new GradientDescent(new ConstantRate(1), 0), bowl.lasso, bowl.start, 1000);
        double distance = bowl.start.distance(bowl.minimum);
        for (int k = 1; k <= 1000; k++) {
            assertThat(bowl.excess(points.get(k))).isLessThanOrEqualTo(2 * distance * distance / ((k + 1) * (k + 1)));
        }
        assertThat(bowl.excess(points.get(300))).isLessThan(0.1 * bowl.excess(ista.get(300)));
    }

    /** Curvatures from 1 down to 1e-5 along the axes, L = 1: the minimum of each coordinate is known. */
    private static final class Bowl {
        private final Vector start = Vector.filled(20, 30);
        private final Vector minimum;
        private final Objective lasso;
        private final double least;

        Bowl() {
            Vector a = Vector.of(IntStream.range(0, 20)
                    .mapToDouble(i -> StrictMath.pow(1e-5, i / 19.0))
                    .toArray());
            // E = sum a (w - c)^2 / 2 + l1 |w|: c - l1/a if that is positive, else 0; here c = 20
            Objective squares = Problems.quadratic(a, a.times(-20));
            minimum = a.map(x -> Math.max(0, 20 - 0.01 / x));
            lasso = Problems.penalized(squares, l1(0.01, squares));
            least = lasso.evaluate(minimum).value();
        }

        double excess(Vector point) {
            return lasso.evaluate(point).value() - least;
        }
    }

    /** E = w^2/2, l1 = 1, eta = beta = 1/2, from 2: what is remembered is the move with the threshold in it. */
    @Test
    void the_velocity_is_the_move_really_made() {
        Objective lasso = Problems.penalized(Problems.quadratic(1), l1(1, Problems.quadratic(1)));
        // v = -1, w = soft(1, 1/2), v = -3/2; v = -3/4 - 1/4, w = soft(-1/2, 1/2), v = -1/2; v = -1/4, w = 0, v = 0
        List<Step<Momentum.State>> momentum = Trajectory.steps(new Momentum(RATE, 0.5, 0), lasso, Vector.of(2), 3);
        assertThat(momentum.stream().map(step -> step.point().get(0))).containsExactly(0.5, 0.0, 0.0);
        assertThat(momentum.stream().map(step -> step.state().velocity().get(0)))
                .containsExactly(-1.5, -0.5, 0.0);
        // v = -1, w = 1/2, v = -3/2; q = -1/4, v = -3/4 + 1/8, w = soft(-1/8, 1/2), v = -1/2; q = -1/4, v = -1/8
        List<Step<Nesterov.State>> nesterov = Trajectory.steps(new Nesterov(RATE, 0.5, 0), lasso, Vector.of(2), 3);
        assertThat(nesterov.stream().map(step -> step.point().get(0))).containsExactly(0.5, 0.0, 0.0);
        assertThat(nesterov.stream().map(step -> step.state().velocity().get(0)))
                .containsExactly(-1.5, -0.5, 0.0);
    }

    /** With decay apart from the gradient the move is that from the shrunken point: decay is no velocity. */
    @Test
    void decoupled_decay_is_no_part_of_the_move() {
        Objective lasso = Problems.penalized(Problems.slope(0), l1(0.5, Problems.slope(0)));
        Momentum momentum = new Momentum(RATE, 0.5, 1, true, Momentum.Form.INSIDE, 0);
        // w = soft(1/2 2, 1/4) = 3/4, v = -1/4; w = soft(3/8 - 1/8, 1/4) = 0, v = -3/8
        List<Step<Momentum.State>> steps = Trajectory.steps(momentum, lasso, Vector.of(2), 2);
        assertThat(steps.stream().map(step -> step.point().get(0))).containsExactly(0.75, 0.0);
        assertThat(steps.stream().map(step -> step.state().velocity().get(0))).containsExactly(-0.25, -0.375);
    }

    @ParameterizedTest
    @MethodSource("optimizers")
    void a_proximal_step_of_nothing_changes_no_bit(Optimizer<?> optimizer) {
        Vector start = Vector.of(0.3, -0.7);
        Objective plain = Problems.rotated(3);
        assertThat(Trajectory.points(optimizer, Problems.penalized(plain, l1(0, plain)), start, 50))
                .isEqualTo(Trajectory.points(optimizer, plain, start, 50));
    }

    @Test
    void who_makes_proximal_steps_says_so() {
        assertThat(optimizers()).allMatch(Optimizer::proximal);
        assertThat(new Momentum(RATE, 0.5, 0, false, Momentum.Form.OUTSIDE, 0).proximal())
                .isFalse();
        assertThat(new Nesterov(RATE, 0.5, 0, false, Momentum.Form.OUTSIDE).proximal())
                .isFalse();
        assertThat(Rprop.of(Rprop.Variant.IRPROP_MINUS).proximal()).isFalse();
    }

    /** The subgradient's l1 flutters around 0 instead, by about eta l1. */
    @Test
    void subgradients_do_not_reach_the_zero() {
        Objective squares = Problems.quadratic(Vector.of(1), Vector.of(-0.1));
        Objective lasso = Problems.penalized(squares, new Penalty(0, 1, true, Vector.of(1)));
        List<Vector> points = Trajectory.points(new GradientDescent(RATE, 0), lasso, Vector.of(0.3), 200);
        assertThat(points.subList(100, 201))
                .allSatisfy(w -> assertThat(w.maxAbs()).isGreaterThan(0.05));
    }
}
