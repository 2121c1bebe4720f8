package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a running sum of moves does, for momentum and for Nesterov's look-ahead. */
class MomentumTest {
    /** On w^2/2 with rate 1/2 and beta 1/2, then 1/4; the optimizer's own 0.9 takes no part. */
    @Test
    void a_schedule_may_govern_momentum() {
        Schedule schedule = new Schedule() {
            @Override
            public double at(Iteration k) {
                return 0.5;
            }

            @Override
            public OptionalDouble momentum(Iteration k) {
                return OptionalDouble.of(k.step() == 0 ? 0.5 : 0.25);
            }
        };
        Objective parabola = Problems.quadratic(1);
        assertThat(Trajectory.end(new Momentum(schedule, 0.9, 0), parabola, Vector.of(1), 2))
                .isEqualTo(Vector.of(0.125));
        assertThat(Trajectory.end(new Nesterov(schedule, 0.9, 0), parabola, Vector.of(1), 2))
                .isEqualTo(Vector.of(0.1875));
    }

    /** dW = beta dW - eta g by hand: eta = 1/2 then 1/4 (linear decay), beta = 1/2, E = w^2/2 from 1. */
    @Test
    void two_steps_by_hand_with_the_rate_inside_the_sum() {
        Objective objective = Problems.quadratic(1);
        Schedule schedule = new LinearDecay(0.5, Per.STEP);
        // v = -1/2, w = 1/2; v = -1/4 - 1/8, w = 1/8
        assertThat(Trajectory.points(new Momentum(schedule, 0.5, 0), objective, Vector.of(1), 2))
                .containsExactly(Vector.of(1), Vector.of(0.5), Vector.of(0.125));
        // v = -1/2, w = 1/2; q = 1/4, v = -1/4 - 1/16, w = 3/16
        assertThat(Trajectory.points(new Nesterov(schedule, 0.5, 0), objective, Vector.of(1), 2))
                .containsExactly(Vector.of(1), Vector.of(0.5), Vector.of(0.1875));
    }

    @Test
    void nesterov_reports_the_look_ahead() {
        List<Step<Nesterov.State>> steps =
                Trajectory.steps(new Nesterov(new ConstantRate(0.5), 0.5, 0), Problems.quadratic(1), Vector.of(1), 2);
        // q(1) = 1/2 - 1/4
        assertThat(steps.get(1).evaluation()).isEqualTo(new Evaluation(0.03125, Vector.of(0.25), 0.25));
    }

    @ParameterizedTest(name = "beta = {0}")
    @CsvSource({"0.9", "0.5", "0.99"})
    void moves_grow_where_the_slope_keeps_its_sign_and_shrink_where_it_flips(double beta) {
        Schedule eta = new ConstantRate(0.1);
        for (Optimizer<?> optimizer : List.of(new Momentum(eta, beta, 0), new Nesterov(eta, beta, 0))) {
            assertThat(lastMove(optimizer, false)).isCloseTo(0.1 / (1 - beta), within(1e-10));
            assertThat(lastMove(optimizer, true)).isCloseTo(0.1 / (1 + beta), within(1e-10));
        }
    }

    private static <S extends Record> double lastMove(Optimizer<S> optimizer, boolean flips) {
        int count = 4000;
        List<Step<S>> steps =
                Trajectory.steps(optimizer, k -> Problems.slope(flips && k % 2 == 1 ? -1 : 1), Vector.of(0), count);
        return steps.get(count - 1).point().minus(steps.get(count - 2).point()).norm();
    }

    /** Lessard, Recht, Packard 2016, section 4.6, doi:10.1137/15M1009597: strongly convex and smooth, yet a cycle. */
    @Test
    void the_heavy_ball_can_circle_for_ever_where_gradient_descent_and_nesterov_arrive() {
        Objective objective = Objective.of(1, w -> {
            double x = w.get(0);
            double slope = x < 1 ? 25 * x : x < 2 ? x + 24 : 25 * x - 24;
            return new Evaluation(0, Vector.of(slope));
        });
        Schedule rate = new ConstantRate(1.0 / 9);
        Vector start = Vector.of(3.3);
        List<Vector> circle = Trajectory.points(new Momentum(rate, 4.0 / 9, 0), objective, start, 302);
        assertThat(circle.subList(300, 303).stream().map(w -> w.get(0)).sorted().toList())
                .usingElementComparator((x, y) -> Math.abs(x - y) < 1e-12 ? 0 : Double.compare(x, y))
                .containsExactly(-2208.0 / 1225, 792.0 / 1225, 2592.0 / 1225);
        Schedule smaller = new ConstantRate(1.0 / 25);
        assertThat(Trajectory.end(new GradientDescent(smaller, 0), objective, start, 300)
                        .maxAbs())
                .isLessThan(1e-12);
        assertThat(Trajectory.end(new Nesterov(smaller, 4.0 / 9, 0), objective, start, 300)
                        .maxAbs())
                .isLessThan(1e-12);
    }

    @Test
    void without_momentum_both_are_gradient_descent_to_the_bit() {
        Schedule rate = new ExponentialDecay(0.001, 0.01, Per.STEP);
        Vector start = Vector.of(-1.2, 1);
        List<Vector> descent = Trajectory.points(new GradientDescent(rate, 0.1), Problems.rosenbrock(), start, 200);
        assertThat(Trajectory.points(new Momentum(rate, 0, 0.1), Problems.rosenbrock(), start, 200))
                .isEqualTo(descent);
        assertThat(Trajectory.points(new Nesterov(rate, 0, 0.1), Problems.rosenbrock(), start, 200))
                .isEqualTo(descent);
    }

    @Test
    void nesterov_decays_the_look_ahead() {
        // E = 0, decay 1: g = q; w = 1, v = -1/2, w = 1/2; q = 1/4, v = -1/4 - 1/8
        List<Vector> points =
                Trajectory.points(new Nesterov(new ConstantRate(0.5), 0.5, 1), Problems.slope(0), Vector.of(1), 2);
        assertThat(points).containsExactly(Vector.of(1), Vector.of(0.5), Vector.of(0.125));
    }

    /**
     * b = beta b + (1 - dampening) g, w -= eta b by hand: beta = dampening = 1/2, eta = 1/2 then 1/4, E = w^2/2 from
     * 1.
     */
    @Test
    void two_steps_by_hand_with_the_rate_outside_the_sum() {
        Schedule schedule = new LinearDecay(0.5, Per.STEP);
        // b = 1, w = 1/2; b = 1/2 + 1/4, w = 1/2 - 3/16
        assertThat(Trajectory.points(outside(schedule, 0.5, 0.5), Problems.quadratic(1), Vector.of(1), 2))
                .containsExactly(Vector.of(1), Vector.of(0.5), Vector.of(0.3125));
        // b = 1, q = 1 - 1/2 (1 + 1/2) = 1/4; b = 1/2 + 1/4, q = 1/4 - 1/4 (1/4 + 3/8)
        Optimizer<?> nesterov = new Nesterov(schedule, 0.5, 0, false, Momentum.Form.OUTSIDE);
        assertThat(Trajectory.points(nesterov, Problems.quadratic(1), Vector.of(1), 2))
                .containsExactly(Vector.of(1), Vector.of(0.25), Vector.of(0.09375));
    }

    @Test
    void the_first_step_is_not_dampened_whenever_it_comes() {
        Optimizer<Momentum.State> optimizer = outside(new ConstantRate(1), 0.5, 0.75);
        Momentum.State state = optimizer.start(Vector.of(0));
        for (long k : new long[] {0, 1, 100}) {
            Step<Momentum.State> step = optimizer.step(Iteration.fullBatch(k), Vector.of(0), state, Problems.slope(1));
            assertThat(step.point()).isEqualTo(Vector.of(-1));
            // b = 1/2 + 1/4
            assertThat(optimizer
                            .step(Iteration.fullBatch(0), step.point(), step.state(), Problems.slope(1))
                            .point())
                    .isEqualTo(Vector.of(-1.75));
        }
    }

    @Test
    void a_momentum_of_the_schedule_takes_the_place_of_the_optimizers_own() {
        Schedule both = new Schedule() {
            @Override
            public double at(Iteration k) {
                return 0.5;
            }

            @Override
            public OptionalDouble momentum(Iteration k) {
                return OptionalDouble.of(k.step() == 1 ? 0.25 : 0);
            }
        };
        // v = -1/2, w = 1/2; v = -1/8 - 1/4, w = 1/8; v = -1/16
        List<Vector> expected = List.of(Vector.of(1), Vector.of(0.5), Vector.of(0.125), Vector.of(0.0625));
        assertThat(Trajectory.points(new Momentum(both, 0.9, 0), Problems.quadratic(1), Vector.of(1), 3))
                .isEqualTo(expected);
        // a constant rate: both forms are the same
        assertThat(Trajectory.points(outside(both, 0.9, 0), Problems.quadratic(1), Vector.of(1), 3))
                .isEqualTo(expected);
        // v = -1/2, w = 1/2; q = 3/8, v = -1/8 - 3/16, w = 3/16; v = -3/32
        assertThat(Trajectory.points(new Nesterov(both, 0.9, 0), Problems.quadratic(1), Vector.of(1), 3))
                .containsExactly(Vector.of(1), Vector.of(0.5), Vector.of(0.1875), Vector.of(0.09375));
        // b = 1, q = 1/2 (no momentum yet); b = 1/4 + 1/2, q = 1/2 - 1/2 (1/2 + 3/16); q - q/2
        Optimizer<?> nesterov = new Nesterov(both, 0.9, 0, false, Momentum.Form.OUTSIDE);
        assertThat(Trajectory.points(nesterov, Problems.quadratic(1), Vector.of(1), 3))
                .containsExactly(Vector.of(1), Vector.of(0.5), Vector.of(0.15625), Vector.of(0.078125));
    }

    /**
     * Where there is no slope: w(k+1) = (1 - eta(k) decay) w(k), whatever the momentum; coupled, the decay gathers
     * speed.
     */
    @Test
    void decoupled_decay_does_not_enter_the_velocity() {
        Schedule schedule = new LinearDecay(0.5, Per.STEP);
        for (Momentum.Form form : Momentum.Form.values()) {
            for (Optimizer<?> optimizer : List.of(
                    new Momentum(schedule, 0.5, 1, true, form, 0), new Nesterov(schedule, 0.5, 1, true, form))) {
                assertThat(Trajectory.points(optimizer, Problems.slope(0), Vector.of(1), 2))
                        .containsExactly(Vector.of(1), Vector.of(0.5), Vector.of(0.375));
            }
            assertThat(Trajectory.end(
                            new Momentum(schedule, 0.5, 1, false, form, 0), Problems.slope(0), Vector.of(1), 2))
                    .isNotEqualTo(Vector.of(0.375));
        }
        // E = w^2/2 by hand, eta = 1/2, beta = 1/2, decay 1/2: v = -1/2, w = 3/4 - 1/2; v = -1/4 - 1/8, w = 3/16 - 3/8
        Optimizer<?> momentum = new Momentum(new ConstantRate(0.5), 0.5, 0.5, true, Momentum.Form.INSIDE, 0);
        assertThat(Trajectory.points(momentum, Problems.quadratic(1), Vector.of(1), 2))
                .containsExactly(Vector.of(1), Vector.of(0.25), Vector.of(-0.1875));
    }

    @Test
    void dampening_is_for_the_form_outside() {
        assertThatThrownBy(() -> new Momentum(new ConstantRate(1), 0.5, 0, false, Momentum.Form.INSIDE, 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("dampening must be 0 with form inside, got 0.5");
    }

    private static Momentum outside(Schedule learningRate, double momentum, double dampening) {
        return new Momentum(learningRate, momentum, 0, false, Momentum.Form.OUTSIDE, dampening);
    }
}
