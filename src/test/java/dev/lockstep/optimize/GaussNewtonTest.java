package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.InputException;
import dev.lockstep.linalg.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GaussNewtonTest {
    private static final double[] U = {4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625};
    private static final double[] Y = {
        0.1957, 0.1947, 0.1735, 0.16, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246
    };

    /** One residual, a function of all parameters, and its derivatives. */
    private record Residual(double value, Vector derivatives) {}

    private static GaussNewton marquardt(double damping, GaussNewton.Scaling scaling) {
        return new GaussNewton(new ConstantRate(1), damping, scaling, 10, 0.1, 25);
    }

    /** Half the sum of squares; only the Gauss-Newton matrix is known. */
    private static Objective leastSquares(int parameters, Function<Vector, List<Residual>> residuals) {
        Objective plain = Objective.of(parameters, w -> {
            double value = 0;
            Vector gradient = Vector.zeros(parameters);
            for (Residual r : residuals.apply(w)) {
                value += r.value() * r.value() / 2;
                gradient = gradient.plus(r.value(), r.derivatives());
            }
            return new Evaluation(value, gradient);
        });
        return Problems.withProducts(plain, (w, v) -> {
            Vector product = Vector.zeros(parameters);
            for (Residual r : residuals.apply(w)) {
                product = product.plus(r.derivatives().dot(v), r.derivatives());
            }
            return product;
        });
    }

    /** Kowalik and Osborne's enzyme reaction, in NIST's Statistical Reference Datasets as MGH09. */
    private static Objective enzymeReaction() {
        return leastSquares(4, b -> {
            List<Residual> residuals = new ArrayList<>();
            for (int i = 0; i < U.length; i++) {
                double u = U[i];
                double above = u * u + u * b.get(1);
                double below = u * u + u * b.get(2) + b.get(3);
                double model = b.get(0) * above / below;
                residuals.add(new Residual(
                        model - Y[i],
                        Vector.of(above / below, b.get(0) * u / below, -model * u / below, -model / below)));
            }
            return residuals;
        });
    }

    /** a e^(b t) through points that it can meet, with a = 2 and b = -0.5. */
    private static Objective decay() {
        return leastSquares(2, w -> {
            List<Residual> residuals = new ArrayList<>();
            for (int t = 0; t < 6; t++) {
                double e = StrictMath.exp(w.get(1) * t);
                residuals.add(
                        new Residual(w.get(0) * e - 2 * StrictMath.exp(-0.5 * t), Vector.of(e, w.get(0) * t * e)));
            }
            return residuals;
        });
    }

    /** 1-D: value x^2 / 2, and c for its Gauss-Newton matrix. */
    private static Objective bowlThatIsTakenFor(double c) {
        return Problems.withProducts(Problems.quadratic(1), (w, v) -> v.times(c));
    }

    /**
     * NIST's certified parameters and residual sum of squares from the start of Kowalik and Osborne. Of 11 digits 7: where values
     * are equal to rounding, none is lower.
     */
    @ParameterizedTest
    @EnumSource
    void the_enzyme_reaction_has_nists_parameters(GaussNewton.Scaling scaling) {
        List<Step<GaussNewton.State>> steps =
                Trajectory.steps(marquardt(1e-3, scaling), enzymeReaction(), Vector.of(0.25, 0.39, 0.415, 0.39), 60);
        Vector end = steps.get(59).point();
        double[] certified = {1.9280693458e-01, 1.9128232873e-01, 1.2305650693e-01, 1.3606233068e-01};
        for (int i = 0; i < 4; i++) {
            assertThat(end.get(i)).isCloseTo(certified[i], within(1e-7 * certified[i]));
        }
        assertThat(2 * enzymeReaction().evaluate(end).value()).isCloseTo(3.0750560385e-04, within(1e-14));
        for (int k = 1; k < steps.size(); k++) {
            assertThat(steps.get(k).evaluation().value())
                    .isLessThanOrEqualTo(steps.get(k - 1).evaluation().value());
        }
    }

    @ParameterizedTest
    @EnumSource
    void goes_down_rosenbrocks_valley_to_its_end(GaussNewton.Scaling scaling) {
        List<Step<GaussNewton.State>> steps =
                Trajectory.steps(marquardt(1e-2, scaling), Problems.rosenbrock(), Vector.of(-1.2, 1), 40);
        int last = 0;
        while (steps.get(last).evaluation().value() > 1e-20) {
            last++;
            assertThat(steps.get(last).evaluation().value())
                    .isLessThan(steps.get(last - 1).evaluation().value());
        }
        assertThat(last).isLessThan(40);
        assertThat(steps.get(39).point().distance(Vector.of(1, 1))).isLessThan(1e-9);
    }

    /** With a in other units the same steps; Levenberg's identity gives others. */
    @Test
    void marquardts_scaling_does_not_see_units() {
        double unit = 16;
        Objective other = leastSquares(2, w -> {
            List<Residual> residuals = new ArrayList<>();
            for (int t = 0; t < 6; t++) {
                double e = StrictMath.exp(w.get(1) * t);
                double a = w.get(0) / unit;
                residuals.add(new Residual(a * e - 2 * StrictMath.exp(-0.5 * t), Vector.of(e / unit, a * t * e)));
            }
            return residuals;
        });
        for (GaussNewton.Scaling scaling : GaussNewton.Scaling.values()) {
            Vector plain = Trajectory.end(marquardt(0.5, scaling), decay(), Vector.of(1, 0), 3);
            Vector scaled = Trajectory.end(marquardt(0.5, scaling), other, Vector.of(unit, 0), 3);
            double difference = plain.distance(Vector.of(scaled.get(0) / unit, scaled.get(1)));
            if (scaling == GaussNewton.Scaling.DIAGONAL) {
                assertThat(difference).isLessThan(1e-13);
            } else {
                assertThat(difference).isGreaterThan(1e-3);
            }
        }
    }

    @Test
    void without_residuals_at_the_minimum_convergence_is_quadratic() {
        Vector minimum = Vector.of(2, -0.5);
        double[] errors =
                Trajectory.points(marquardt(1e-14, GaussNewton.Scaling.IDENTITY), decay(), Vector.of(1.9, -0.4), 5)
                        .stream()
                        .mapToDouble(w -> w.distance(minimum))
                        .toArray();
        double order = Math.log(errors[3] / errors[2]) / Math.log(errors[2] / errors[1]);
        assertThat(order).isCloseTo(2, within(0.2));
        assertThat(errors[5]).isLessThan(1e-14);
    }

    /** Each step leaves the share lambda / (1 + lambda) of the error, and the next lambda is a tenth. */
    @Test
    void where_the_model_is_right_damping_falls_and_convergence_is_faster_every_step() {
        List<Step<GaussNewton.State>> steps =
                Trajectory.steps(marquardt(1, GaussNewton.Scaling.IDENTITY), Problems.quadratic(1), Vector.of(1), 4);
        double error = 1;
        double lambda = 1;
        for (Step<GaussNewton.State> step : steps) {
            error *= lambda / (1 + lambda);
            lambda /= 10;
            assertThat(step.point().get(0)).isCloseTo(error, within(1e-15));
            assertThat(step.state().lambda()).isCloseTo(lambda, within(1e-15 * lambda));
        }
    }

    /** Almost undamped, the step is -x / c and rho = 2 - 1/c. */
    @ParameterizedTest(name = "rho = {1}")
    @CsvSource({"1, 1, 0.1", "0.81, 0.765, 0.1", "0.66667, 0.5, 1", "0.55, 0.18, 10"})
    void damping_follows_what_was_gained_of_what_was_promised(double c, double rho, double factor) {
        assertThat(2 - 1 / c).isCloseTo(rho, within(2e-3));
        Step<GaussNewton.State> step = Trajectory.steps(
                        marquardt(1e-9, GaussNewton.Scaling.IDENTITY), bowlThatIsTakenFor(c), Vector.of(1), 1)
                .get(0);
        assertThat(step.state().lambda()).isCloseTo(factor * 1e-9, within(1e-20));
        assertThat(step.point().get(0)).isCloseTo(1 - 1 / c, within(1e-8));
    }

    /**
     * c = 1/4 takes x to -3 x with little damping. The first lambda whose step -x / (c + lambda) is shorter than 2 is 1 =
     * 0.001 * 10^3: first one trial, then three together.
     */
    @Test
    void a_step_that_goes_up_is_refused_and_tried_again_with_more_damping() {
        List<Integer> scans = new ArrayList<>();
        Objective bowl = bowlThatIsTakenFor(0.25);
        Objective listening = new Objective() {
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
                scans.add(points.size());
                return bowl.evaluate(points);
            }

            @Override
            public List<Vector> products(Curvature matrix, Vector point, List<Vector> directions) {
                return bowl.products(matrix, point, directions);
            }
        };
        Step<GaussNewton.State> step = Trajectory.steps(
                        marquardt(1e-3, GaussNewton.Scaling.IDENTITY), listening, Vector.of(1), 1)
                .get(0);
        assertThat(scans).containsExactly(1, 1, 3);
        assertThat(step.point().get(0)).isCloseTo(1 - 1 / 1.25, within(1e-15));
        // promised 0.8 - 0.64 / 8 = 0.72, gained 0.5 - 0.02 = 0.48
        assertThat(step.state().lambda()).isCloseTo(1, within(1e-15));
    }

    /** An eta beyond 2 goes up, and the model says so: nothing gained of nothing promised is no success. */
    @ParameterizedTest(name = "eta {0}")
    @ValueSource(doubles = {2, 3, 10})
    void a_step_that_is_promised_to_go_up_is_refused_too(double eta) {
        GaussNewton far = new GaussNewton(new ConstantRate(eta), 1e-3, GaussNewton.Scaling.IDENTITY, 10, 0.1, 25);
        List<Step<GaussNewton.State>> steps = Trajectory.steps(far, Problems.quadratic(1), Vector.of(1), 5);
        for (int k = 1; k < 5; k++) {
            assertThat(steps.get(k).evaluation().value())
                    .isLessThan(steps.get(k - 1).evaluation().value());
        }
    }

    @Test
    void where_nothing_is_lower_the_run_rests() {
        Objective flat =
                Problems.withProducts(Objective.of(1, w -> new Evaluation(0x1p53, Vector.of(1e-9))), (w, v) -> v);
        GaussNewton seven = new GaussNewton(new ConstantRate(1), 1, GaussNewton.Scaling.IDENTITY, 10, 0.1, 7);
        Step<GaussNewton.State> step =
                Trajectory.steps(seven, flat, Vector.of(1), 1).get(0);
        assertThat(step.point()).isEqualTo(Vector.of(1));
        Step.End end = step.end().orElseThrow();
        assertThat(end.refused()).isFalse();
        assertThat(end.message()).contains("no lower point in 7 trials, the last with lambda 1.00e+06");
    }

    @Test
    void refuses_more_parameters_than_a_matrix_on_the_driver_can_have() {
        assertThatThrownBy(() -> marquardt(1, GaussNewton.Scaling.IDENTITY).start(Vector.zeros(5001)))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("optimizer.name = gauss-newton:", "5,001");
    }
}
