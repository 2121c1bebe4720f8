package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SaddleFreeNewtonTest {
    private static final SaddleFreeNewton EXACT = searching(300, 30);

    /** x^2/2 + y^4/4 - y^2/2: a saddle at 0, minima of -1/4 at (0, -1) and (0, 1). */
    private static final Objective TWO_WELLS = Problems.withProducts(
            Objective.of(2, w -> {
                double x = w.get(0);
                double y = w.get(1);
                return new Evaluation(x * x / 2 + y * y * y * y / 4 - y * y / 2, Vector.of(x, y * y * y - y));
            }),
            (w, v) -> Vector.of(v.get(0), (3 * w.get(1) * w.get(1) - 1) * v.get(1)));

    private static final Vector START = Vector.of(1, 0.1);

    private static SaddleFreeNewton searching(long exactUpTo, long krylov) {
        return new SaddleFreeNewton(new ConstantRate(1), 1e-3, exactUpTo, krylov, Backtracking.standard());
    }

    private static SaddleFreeNewton plain(double damping, long exactUpTo, long krylov) {
        return new SaddleFreeNewton(new ConstantRate(1), damping, exactUpTo, krylov, new FixedStep());
    }

    /** Where the step of Newton's method leads to the saddle, (1, 0.1) to (0, -0.002 / 0.97); so it refuses. */
    @Test
    void goes_to_the_minimum_where_newton_would_go_to_the_saddle() {
        Vector newtons = START.minus(Vector.of(1, (0.001 - 0.1) / (0.03 - 1)));
        assertThat(newtons.norm()).isLessThan(0.0021);
        Newton newton = new Newton(new ConstantRate(1), 0, Newton.Indefinite.REFUSE, new FixedStep());
        assertThat(Trajectory.steps(newton, TWO_WELLS, START, 1).get(0).end()).isPresent();

        Vector end = Trajectory.end(EXACT, TWO_WELLS, START, 30);
        assertThat(end.distance(Vector.of(0, 1))).isLessThan(1e-9);
        assertThat(TWO_WELLS.evaluate(end).value()).isCloseTo(-0.25, within(1e-15));
    }

    @Test
    void a_krylov_space_of_all_dimensions_gives_the_exact_steps() {
        List<Vector> exact = Trajectory.points(EXACT, TWO_WELLS, START, 12);
        List<Vector> krylov = Trajectory.points(searching(0, 2), TWO_WELLS, START, 12);
        for (int k = 0; k <= 12; k++) {
            assertThat(krylov.get(k).distance(exact.get(k))).as("step %s", k).isLessThan(1e-9);
        }
    }

    /** The gradient's Krylov space has as many dimensions as there are distinct eigenvalues. */
    @Test
    void few_eigenvalues_need_few_products() {
        Vector start = Vector.filled(50, 1);
        double[] values = {-2, -0.5, 1, 3, 7};
        Objective saddle = Problems.quadratic(
                IntStream.range(0, 50).mapToDouble(i -> values[i % 5]).toArray());
        // along each axis: 1 - h / (|h| + damping)
        Vector expected = Vector.of(50, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = 1 - values[i % 5] / (Math.abs(values[i % 5]) + 0.25);
            }
        });
        assertThat(Trajectory.end(plain(0.25, 0, 5), saddle, start, 1).distance(expected))
                .isLessThan(1e-12);
        assertThat(Trajectory.end(plain(0.25, 50, 1), saddle, start, 1).distance(expected))
                .isLessThan(1e-12);
        assertThat(Trajectory.end(plain(0.25, 0, 4), saddle, start, 1).distance(expected))
                .isGreaterThan(1e-3);
    }

    /** On x^2 - a y^2, with the dense Hessian and in a Krylov space. */
    @ParameterizedTest(name = "a = {0}")
    @ValueSource(doubles = {1e-3, 0.1, 1, 50})
    void the_escaping_coordinate_doubles_whatever_its_curvature(double a) {
        Objective saddle = Problems.quadratic(2, -2 * a);
        for (SaddleFreeNewton free : List.of(plain(1e-14, 2, 1), plain(1e-14, 0, 2))) {
            List<Vector> points = Trajectory.points(free, saddle, Vector.of(1, 1e-3), 8);
            for (int k = 1; k <= 8; k++) {
                assertThat(points.get(k).get(1)).isCloseTo(1e-3 * (1 << k), within(1e-8));
                assertThat(points.get(k).get(0)).isCloseTo(0, within(1e-8));
            }
        }
    }

    /**
     * (x^2 - y^2 / 10) / 2 from y = 1e-6 until y = 1: 2^20 is above a million. Descent at eta = 0.5 takes ln(1e6) / ln(1.05)
     * steps.
     */
    @Test
    void leaves_a_saddle_after_twenty_steps_where_descent_takes_hundreds() {
        Objective saddle = Problems.quadratic(1, -0.1);
        Vector start = Vector.of(1, 1e-6);
        assertThat(Trajectory.iterationsUntil(w -> w.get(1) >= 1, plain(1e-12, 2, 1), saddle, start, 1000))
                .isEqualTo(20);
        assertThat(Trajectory.iterationsUntil(
                        w -> w.get(1) >= 1, new GradientDescent(new ConstantRate(0.5), 0), saddle, start, 1000))
                .isEqualTo((int) Math.ceil(Math.log(1e6) / Math.log(1.05)))
                .isEqualTo(284);
    }

    @Test
    void second_derivatives_that_are_not_finite_end_the_run_with_a_reason() {
        Objective broken = new Objective() {
            @Override
            public int dimension() {
                return 2;
            }

            @Override
            public Evaluation evaluate(Vector point) {
                return new Evaluation(1, Vector.of(1, 2));
            }

            @Override
            public List<Vector> products(Curvature matrix, Vector point, List<Vector> directions) {
                return directions.stream()
                        .map(direction -> Vector.of(Double.POSITIVE_INFINITY, 0))
                        .toList();
            }
        };
        for (long exactUpTo : new long[] {0, 10}) {
            SaddleFreeNewton optimizer = new SaddleFreeNewton(new ConstantRate(1), 1e-3, exactUpTo, 2, new FixedStep());
            Vector start = Vector.of(1, 1);
            Step<SaddleFreeNewton.State> step =
                    optimizer.step(Iteration.fullBatch(0), start, optimizer.start(start), broken);
            assertThat(step.point()).isEqualTo(start);
            assertThat(step.end()).hasValueSatisfying(end -> {
                assertThat(end.refused()).isTrue();
                assertThat(end.message()).contains("second derivatives are not finite");
            });
        }
    }
}
