package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.data.Batch;
import dev.lockstep.data.ShardTest;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.Diagonal;
import dev.lockstep.optimize.Evaluation;
import dev.lockstep.optimize.Objective;
import dev.lockstep.optimize.Penalty;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a penalty does to the objective: six rows, one layer of six weights and six biases. */
class BatchObjectiveTest {
    private static final int ROWS = 6;
    private static final Network NETWORK =
            new Network(List.of(new Layer(1, ROWS, Activation.IDENTITY, true)), ClassLoss.CROSS_ENTROPY, 0);
    private static final Vector WEIGHTS = Vector.of(1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0);
    private static final Vector POINT = Vector.of(0.5, -0.25, 0, 0, 1, -1, 0, 3, -3, 0.5, 0, 1);

    private static Objective objective(Penalty penalty) {
        Engine engine = new MemoryEngine(
                ShardTest.shards(ROWS, 2, 3, Precision.FLOAT64),
                new JobEngine.Arithmetic(NETWORK, ROWS, Precision.FLOAT64, Blas.Kind.JAVA, 3, false));
        return new BatchObjective(engine, 0, Batch.all(ROWS), null, penalty, List.of(0, WEIGHTS.size()));
    }

    @Test
    void l1_by_proximal_steps_is_logged_and_left_out_of_the_gradient() {
        Evaluation plain = objective(new Penalty(0, 0, false, WEIGHTS)).evaluate(POINT);
        double l1 = 0.4;
        Evaluation lasso = objective(new Penalty(0, l1, Penalty.L1By.PROXIMAL, false, WEIGHTS))
                .evaluate(POINT);
        assertThat(lasso.gradient()).isEqualTo(plain.gradient());
        assertThat(lasso.value()).isCloseTo(plain.value() + l1 * 2.75, within(1e-15));
        double square = 0;
        int rest = 0;
        for (int i = 0; i < 12; i++) {
            double g = plain.gradient().get(i);
            double w = POINT.get(i);
            if (i >= 6) {
                square += g * g;
            } else if (w != 0) {
                square += (g + (w > 0 ? l1 : -l1)) * (g + (w > 0 ? l1 : -l1));
            } else if (Math.abs(g) > l1) {
                square += (Math.abs(g) - l1) * (Math.abs(g) - l1);
            } else {
                rest++;
            }
        }
        assertThat(rest).isEqualTo(1);
        assertThat(lasso.gradientNorm()).isCloseTo(Math.sqrt(square), within(1e-15));
    }

    @Test
    void the_proximal_step_is_the_penaltys() {
        Objective lasso = objective(new Penalty(0, 0.4, Penalty.L1By.PROXIMAL, false, WEIGHTS));
        assertThat(lasso.proximal(POINT, 1.25)).isEqualTo(Vector.of(0, 0, 0, 0, 0.5, -0.5, 0, 3, -3, 0.5, 0, 1));
        assertThat(objective(new Penalty(1, 0.4, false, WEIGHTS)).proximal(POINT, 1.25))
                .isSameAs(POINT);
    }

    @Test
    void l1_by_subgradients_is_in_both_as_is_l2() {
        Evaluation plain = objective(new Penalty(0, 0, false, WEIGHTS)).evaluate(POINT);
        Evaluation both = objective(new Penalty(2, 0.5, false, WEIGHTS)).evaluate(POINT);
        Vector added = Vector.of(1.5, -1, 0, 0, 2.5, -2.5, 0, 0, 0, 0, 0, 0);
        assertThat(both.gradient()).isEqualTo(plain.gradient().plus(added));
        assertThat(both.gradientNorm()).isEqualTo(both.gradient().norm());
        assertThat(both.value()).isCloseTo(plain.value() + 2.3125 + 1.375, within(1e-15));
    }

    @Test
    void products_are_differences_of_gradients_with_the_penalty() {
        Objective ridge = objective(new Penalty(0.7, 0, false, WEIGHTS));
        Vector v = POINT.map(x -> 1 - x);
        double h = 1e-4;
        Vector difference = ridge.evaluate(POINT.plus(h, v))
                .gradient()
                .minus(ridge.evaluate(POINT.plus(-h, v)).gradient())
                .times(0.5 / h);
        List<Vector> products = ridge.products(Curvature.HESSIAN, POINT, List.of(WEIGHTS, v));
        assertThat(products.get(1).minus(difference).norm()).isLessThan(1e-7);
        assertThat(products.get(1)).isEqualTo(ridge.hessianVector(POINT, v));
        // One layer: nothing is left out.
        assertThat(ridge.products(Curvature.GAUSS_NEWTON, POINT, List.of(v))
                        .get(0)
                        .minus(products.get(1))
                        .norm())
                .isLessThan(1e-15);
        Vector diagonal = ridge.diagonal(Diagonal.HESSIAN, POINT);
        for (int i = 0; i < diagonal.size(); i++) {
            int at = i;
            Vector unit = WEIGHTS.map(w -> 0)
                    .zip(
                            Vector.of(12, (values, from, to) -> {
                                for (int k = from; k < to; k++) {
                                    values[k] = k == at ? 1 : 0;
                                }
                            }),
                            Double::sum);
            assertThat(diagonal.get(i))
                    .isCloseTo(ridge.hessianVector(POINT, unit).get(i), within(1e-15));
        }
    }

    @Test
    void values_are_those_of_evaluations_and_each_counts() {
        Objective ridge = objective(new Penalty(0.7, 0.1, false, WEIGHTS));
        List<Vector> points = List.of(POINT, WEIGHTS, POINT.times(2));
        double[] values = ridge.values(points);
        List<Evaluation> evaluations = ridge.evaluate(points);
        for (int i = 0; i < 3; i++) {
            assertThat(values[i]).isEqualTo(evaluations.get(i).value());
            assertThat(evaluations.get(i).gradient())
                    .isEqualTo(ridge.evaluate(points.get(i)).gradient());
        }
        ridge.products(Curvature.HESSIAN, POINT, points);
        ridge.diagonal(Diagonal.GAUSS_NEWTON, POINT);
        assertThat(((BatchObjective) ridge).evaluations()).isEqualTo(3 + 3 + 3 + 3 + 1);
    }
}
