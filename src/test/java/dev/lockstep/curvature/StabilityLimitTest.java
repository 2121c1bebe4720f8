package dev.lockstep.curvature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.distributed.InMemory;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.network.NumberLoss;
import dev.lockstep.optimize.ConstantRate;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.DenseCurvature;
import dev.lockstep.optimize.FixedStep;
import dev.lockstep.optimize.GradientDescent;
import dev.lockstep.optimize.Iteration;
import dev.lockstep.optimize.Lion;
import dev.lockstep.optimize.Momentum;
import dev.lockstep.optimize.Nesterov;
import dev.lockstep.optimize.Newton;
import dev.lockstep.optimize.Objective;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.optimize.Schedule;
import dev.lockstep.optimize.Step;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The declared limits against learning rates found by bisection: below, what is wrong shrinks; above, it grows. */
class StabilityLimitTest {
    private static final double BETA = 0.9;

    private static final Network TANH = new Network(
            List.of(new Layer(InMemory.INPUTS, 4, Activation.TANH, true), new Layer(4, 2, Activation.IDENTITY, true)),
            new NumberLoss(NumberLoss.Kind.SQUARED_ERROR, 1),
            0);

    /** PyTorch 1.13, {@code src/test/python/newton_references.py}: near a minimum, and of the Hessian there. */
    private static final Vector NEAR_THE_MINIMUM = Vector.of(
            -0.87, -0.75, -0.42, 0.75, 1.20, -0.79, -0.82, -0.18, -0.89, 0.16, -0.15, 0.58, 1.09, 0.87, -0.93, -0.23,
            -2.29, -1.51, 1.21, -0.01, -0.46, -0.04, -0.50, 1.55, 2.30, 0.28);

    private static final double NORM = 0x1.46d328fa6f3adp+2;
    private static final double LOSS = 0x1.370e8340417e6p-3;
    private static final double LARGEST_EIGENVALUE = 0x1.49ca672164292p+2;

    private static Optimizer<?> optimizer(String name, double eta) {
        Schedule rate = new ConstantRate(eta);
        return switch (name) {
            case "momentum" -> new Momentum(rate, BETA, 0);
            case "nesterov" -> new Nesterov(rate, BETA, 0);
            default -> new GradientDescent(rate, 0);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"gradient-descent", "momentum", "nesterov"})
    void on_a_quadratic(String name) {
        double[] eigenvalues = {0.5, 1, 1.5, 2, 3, 5, 8, 13};
        Objective bowl = new Quadratics.Counted(Quadratics.turned(eigenvalues));
        double declared = new StabilityLimits(13, BETA).limits().get(name);
        double measured = limit(name, bowl, Vector.zeros(8), 1000, declared);
        assertThat(measured).isCloseTo(declared, within(0.005 * declared));
        assertThat(StabilityLimits.sharpest(optimizer(name, measured), measured).orElseThrow())
                .isCloseTo(13, within(0.005 * 13));
    }

    @Test
    void what_a_rate_bears_is_not_known_of_every_optimizer() {
        Schedule rate = new ConstantRate(0.1);
        assertThat(StabilityLimits.sharpest(new Momentum(rate, BETA, 0, false, Momentum.Form.OUTSIDE, 0.5), 0.1))
                .isEmpty();
        assertThat(StabilityLimits.sharpest(new Lion(rate, 0.9, 0.99, 0), 0.1)).isEmpty();
        assertThat(StabilityLimits.sharpest(new GradientDescent(rate, 0), 0)).isEmpty();
        assertThat(StabilityLimits.sharpest(new GradientDescent(rate, 0), Double.NaN))
                .isEmpty();
        assertThat(StabilityLimits.sharpest(new GradientDescent(rate, 0), 0.25)).hasValue(8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gradient-descent", "momentum", "nesterov"})
    void near_the_minimum_of_a_network(String name) {
        Objective network = InMemory.objective(TANH, 0x1p-7);
        Newton newton = new Newton(new ConstantRate(1), 0, Newton.Indefinite.REFUSE, new FixedStep());
        Vector minimum = end(newton, network, NEAR_THE_MINIMUM, 5);
        assertThat(network.evaluate(minimum).value()).isCloseTo(LOSS, within(1e-14));
        assertThat(minimum.norm()).isCloseTo(NORM, within(1e-12));
        double largest = DenseCurvature.of(
                        minimum.size(), units -> network.products(Curvature.HESSIAN, minimum, units), 1 << 20)
                .orElseThrow()
                .matrix()
                .eigenvalues()
                .get(minimum.size() - 1);
        assertThat(largest).isCloseTo(LARGEST_EIGENVALUE, within(1e-11));

        double declared = new StabilityLimits(LARGEST_EIGENVALUE, BETA).limits().get(name);
        double measured = limit(name, network, minimum, 200, declared);
        assertThat(measured).isCloseTo(declared, within(0.02 * declared));
    }

    /** By bisection from half to twice what was declared, down to a two-hundredth of it. */
    private static double limit(String name, Objective objective, Vector minimum, int steps, double declared) {
        Vector error = Vector.of(minimum.size(), (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = i % 2 == 0 ? 1e-6 : -1e-6;
            }
        });
        double stable = declared / 2;
        double unstable = declared * 2;
        while (unstable - stable > 5e-3 * declared) {
            double middle = (stable + unstable) / 2;
            Vector end = end(optimizer(name, middle), objective, minimum.plus(error), steps);
            if (end.distance(minimum) < error.norm()) {
                stable = middle;
            } else {
                unstable = middle;
            }
        }
        return (stable + unstable) / 2;
    }

    private static <S extends Record> Vector end(Optimizer<S> optimizer, Objective objective, Vector start, int steps) {
        Vector point = start;
        S state = optimizer.start(start);
        for (int k = 0; k < steps && point.isFinite(); k++) {
            Step<S> step = optimizer.step(Iteration.fullBatch(k), point, state, objective);
            point = step.point();
            state = step.state();
        }
        return point;
    }
}
