package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.distributed.InMemory;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.network.NumberLoss;
import dev.lockstep.train.BatchPlan;
import dev.lockstep.train.CurvatureRules;
import dev.lockstep.train.Keeper;
import dev.lockstep.train.ObserveRules;
import dev.lockstep.train.Outcome;
import dev.lockstep.train.StopRules;
import dev.lockstep.train.Trainer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NewtonTest {
    private static final Network LOGISTIC = new Network(
            List.of(new Layer(InMemory.INPUTS, 1, Activation.IDENTITY, true)), ClassLoss.BINARY_CROSS_ENTROPY, 0);

    private static final Network TANH = new Network(
            List.of(new Layer(InMemory.INPUTS, 4, Activation.TANH, true), new Layer(4, 2, Activation.IDENTITY, true)),
            new NumberLoss(NumberLoss.Kind.SQUARED_ERROR, 1),
            0);

    private static final Vector TANH_START = Vector.wrap(InMemory.draws(7, TANH.parameters()));

    private static Newton newton(double eta) {
        return new Newton(new ConstantRate(eta), 0, Newton.Indefinite.REFUSE, new FixedStep());
    }

    private static Newton indefinite(Newton.Indefinite way, double damping) {
        return new Newton(new ConstantRate(1), damping, way, new FixedStep());
    }

    @ParameterizedTest(name = "kappa {0}")
    @ValueSource(doubles = {1, 1e3, 1e6})
    void one_step_reaches_the_minimum_of_a_quadratic(double kappa) {
        Vector start = Vector.of(3, -2);
        assertThat(Trajectory.end(newton(1), Problems.rotated(kappa), start, 1).norm())
                .isLessThan(1e-15 * kappa * start.norm());
        Vector end =
                Trajectory.end(newton(1), Problems.quadratic(Vector.of(1, kappa), Vector.of(-5, 2 * kappa)), start, 1);
        assertThat(end.distance(Vector.of(5, -2))).isLessThan(1e-14);
    }

    /** Whatever the direction. */
    @ParameterizedTest(name = "eta {0}")
    @CsvSource({"0.5, 0.125", "1.9, -0.729", "2, -1", "2.1, -1.331"})
    void the_error_shrinks_by_one_minus_eta_a_step_and_grows_beyond_two(double eta, double inThreeSteps) {
        Vector start = Vector.of(3, -2);
        Vector end = Trajectory.end(newton(eta), Problems.rotated(50), start, 3);
        assertThat(end.distance(start.times(inThreeSteps))).isLessThan(1e-13);
    }

    /** In 50 digits, by {@code src/test/python/newton_references.py}: weights with l2 = 2^-9, a bias without. */
    @Test
    void the_number_of_right_digits_doubles_near_the_minimum_of_a_logistic_regression() {
        Vector minimum = Problems.hex(
                "0x1.38b4dcee471e1p+1", "0x1.a49898879c4d1p-3", "0x1.9fed5ae4dededp-4", "0x1.86df0908cfdacp+0");
        double[] errors = {
            2.88999563720738,
            1.64941970372744,
            0.86035243818328,
            0.26040567997839,
            0.02458715106924,
            2.21777332831e-4,
            1.81584e-8,
            0
        };
        List<Vector> points =
                Trajectory.points(newton(1), InMemory.objective(LOGISTIC, 0x1p-9), Vector.zeros(4), errors.length - 1);
        double[] measured =
                points.stream().mapToDouble(w -> w.distance(minimum)).toArray();
        for (int k = 0; k < errors.length; k++) {
            assertThat(measured[k]).as("error %s", k).isCloseTo(errors[k], within(1e-13));
        }
        double order = Math.log(measured[6] / measured[5]) / Math.log(measured[5] / measured[4]);
        assertThat(order).isCloseTo(2, within(0.01));
    }

    @Test
    void damping_keeps_a_share_of_each_direction_s_error() {
        Newton damped = indefinite(Newton.Indefinite.REFUSE, 3);
        Vector end = Trajectory.end(damped, Problems.quadratic(1, 9), Vector.of(4, 4), 1);
        assertThat(end.distance(Vector.of(3, 1))).isLessThan(1e-15);
    }

    @Test
    void refuses_a_hessian_that_is_not_positive_definite_and_leaves_the_point_alone() {
        Vector start = Vector.of(0.5, 1, -1);
        Step<Newton.State> step = Trajectory.steps(newton(1), Problems.quadratic(2, -1.5, 7), start, 1)
                .get(0);
        assertThat(step.point()).isEqualTo(start);
        assertThat(step.isFinite()).isTrue();
        Step.End end = step.end().orElseThrow();
        assertThat(end.refused()).isTrue();
        assertThat(end.message()).contains("not positive definite", "from -1.50000 to 7.00000");
        assertThat(end.advice())
                .contains("saddle-free-newton", "optimizer.indefinite = shift or absolute", "damping by more than 1.5");
        // that much damping is enough
        assertThat(Trajectory.steps(
                                indefinite(Newton.Indefinite.REFUSE, 1.5001), Problems.quadratic(2, -1.5, 7), start, 1)
                        .get(0)
                        .end())
                .isEmpty();
    }

    /** Eigenvalues 2 and -1; the least magnitude allowed is 0.002. */
    @Test
    void shifts_all_eigenvalues_or_takes_their_magnitudes_and_goes_down() {
        Objective saddle = Problems.quadratic(2, -1);
        Vector start = Vector.of(3.002, 0.004);
        Vector shifted = Trajectory.end(indefinite(Newton.Indefinite.SHIFT, 0), saddle, start, 1);
        assertThat(shifted.distance(Vector.of(3.002 - 2, 0.004 + 2))).isLessThan(1e-12);
        Vector absolute = Trajectory.end(indefinite(Newton.Indefinite.ABSOLUTE, 0), saddle, start, 1);
        Vector followed = Trajectory.end(indefinite(Newton.Indefinite.FOLLOW, 0), saddle, start, 1);
        assertThat(followed.norm()).as("the formula goes into the saddle").isLessThan(1e-14);
        assertThat(absolute.distance(Vector.of(0, 0.008))).isLessThan(1e-14);
        // a slope without curvature: 1 / 0.002
        Objective ramp = Problems.quadratic(Vector.of(2, 0), Vector.of(0, 1));
        Vector down = Trajectory.end(indefinite(Newton.Indefinite.ABSOLUTE, 0), ramp, Vector.of(1, 0), 1);
        assertThat(down.distance(Vector.of(0, -500))).isLessThan(1e-10);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SHIFT", "ABSOLUTE"})
    void goes_down_from_where_a_network_s_hessian_is_indefinite_to_a_minimum(String way) {
        Newton descending = new Newton(new ConstantRate(1), 0, Newton.Indefinite.valueOf(way), Backtracking.standard());
        Objective network = InMemory.objective(TANH, 0x1p-7);
        List<Step<Newton.State>> steps = Trajectory.steps(descending, network, TANH_START, 40);
        int last = 0;
        while (last + 1 < steps.size() && steps.get(last + 1).evaluation().gradientNorm() > 1e-9) {
            last++;
            assertThat(steps.get(last).evaluation().value())
                    .isLessThan(steps.get(last - 1).evaluation().value());
        }
        assertThat(last).isBetween(3, 38);
        assertThat(DenseCurvature.at(network, Curvature.HESSIAN, steps.get(last).point())
                        .orElseThrow()
                        .eigenvalues()
                        .get(0))
                .isPositive();
    }

    @Test
    void a_run_ends_where_newton_refuses_and_says_why() {
        Trainer.Plan plan = new Trainer.Plan(
                "run",
                new BatchPlan(InMemory.ROWS, InMemory.ROWS, true, 1),
                0,
                InMemory.ridge(TANH, 0x1p-7),
                Clipping.NONE,
                0,
                1,
                List.of(0, TANH.parameters()),
                StopRules.read(Settings.of(Settings.inline("stop={steps=10}", "test"))),
                CurvatureRules.NONE,
                ObserveRules.NONE);
        Outcome outcome = new Trainer<>(InMemory.engine(TANH), plan, newton(1), List.of(), Keeper.NONE).run(TANH_START);
        assertThat(outcome.reason().isRefused()).isTrue();
        assertThat(outcome.reason().isDiverged()).isFalse();
        assertThat(outcome.reason().message())
                .contains("not positive definite", "eigenvalues reach from -", "at step 0");
        assertThat(outcome.reason().advice()).contains("saddle-free-newton");
        assertThat(outcome.last()).isEqualTo(TANH_START);
        assertThat(outcome.steps()).isEqualTo(1);
    }

    @Test
    void refuses_more_parameters_than_a_matrix_on_the_driver_can_have() {
        assertThat(newton(1).start(Vector.zeros(5000)).gradient().size()).isZero();
        assertThatThrownBy(() -> newton(1).start(Vector.zeros(5001)))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("optimizer.name = newton:", "at most 5,000", "5,001", "newton-cg", "lbfgs");
    }

    @Test
    void a_hessian_that_is_not_finite_ends_the_run() {
        Objective broken = Problems.withProducts(Problems.quadratic(1, 2), (w, v) -> v.times(Double.NaN));
        Step<Newton.State> step =
                Trajectory.steps(newton(1), broken, Vector.of(1, 1), 1).get(0);
        assertThat(step.point()).isEqualTo(Vector.of(1, 1));
        assertThat(step.end().orElseThrow().message()).contains("second derivatives are not finite");
    }
}
