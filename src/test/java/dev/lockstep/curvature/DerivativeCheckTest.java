package dev.lockstep.curvature;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.Evaluation;
import dev.lockstep.optimize.Objective;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A check that finds what is wrong, and only that. */
class DerivativeCheckTest {
    private static final Vector POINT = Vector.of(0.3, -0.7, 1.1, 0.2, -0.4);

    /** E = sum_i sin(i w_i + w_0), with mistakes at one parameter's derivative and one entry of the products. */
    private record Sines(int wrongDerivative, int wrongProduct, double kink) implements Objective {
        @Override
        public int dimension() {
            return POINT.size();
        }

        @Override
        public List<Integer> tensors() {
            return List.of(0, 2, 5);
        }

        @Override
        public Evaluation evaluate(Vector w) {
            double[] gradient = new double[w.size()];
            double value = 0;
            for (int i = 0; i < gradient.length; i++) {
                value += Math.sin(i * w.get(i) + w.get(0));
                double slope = Math.cos(i * w.get(i) + w.get(0));
                gradient[i] += i * slope;
                gradient[0] += slope;
            }
            // |w_4 - kink|
            value += Math.abs(w.get(4) - kink);
            gradient[4] += Math.signum(w.get(4) - kink);
            if (wrongDerivative >= 0) {
                gradient[wrongDerivative] *= 1 + 1e-5;
            }
            return new Evaluation(value, Vector.wrap(gradient));
        }

        @Override
        public List<Vector> products(Curvature matrix, Vector w, List<Vector> directions) {
            return directions.stream().map(v -> product(w, v)).toList();
        }

        private Vector product(Vector w, Vector v) {
            double[] product = new double[w.size()];
            for (int i = 0; i < product.length; i++) {
                double bend = -Math.sin(i * w.get(i) + w.get(0)) * (i * v.get(i) + v.get(0));
                product[i] += i * bend;
                product[0] += bend;
            }
            if (wrongProduct >= 0) {
                product[wrongProduct] += 1e-4;
            }
            return Vector.wrap(product);
        }
    }

    private static DerivativeCheck.Report check(int wrongDerivative, int wrongProduct, double kink) {
        return DerivativeCheck.of(new Sines(wrongDerivative, wrongProduct, kink), POINT, 3, 1);
    }

    @Test
    void right_derivatives_hold_to_nine_digits() {
        DerivativeCheck.Report report = check(-1, -1, 9);
        assertThat(report.holds()).isTrue();
        assertThat(report.gradient())
                .extracting(DerivativeCheck.Finding::checked)
                .containsExactly(2, 3);
        assertThat(report.product())
                .extracting(DerivativeCheck.Finding::checked)
                .containsExactly(2, 3);
        assertThat(report.gradient()).allMatch(finding -> finding.error() < 1e-9);
        assertThat(report.product()).allMatch(finding -> finding.error() < 1e-8);
    }

    @Test
    void a_wrong_derivative_is_named_with_both_numbers() {
        DerivativeCheck.Report report = check(3, -1, 9);
        assertThat(report.holds()).isFalse();
        DerivativeCheck.Finding finding = report.gradient().get(1);
        assertThat(finding.holds()).isFalse();
        assertThat(finding.worst()).isEqualTo(3);
        assertThat(finding.exact() / finding.difference()).isBetween(1 + 0.9e-5, 1 + 1.1e-5);
        assertThat(report.gradient().get(0).holds()).isTrue();
    }

    @Test
    void a_wrong_product_is_named() {
        DerivativeCheck.Report report = check(-1, 1, 9);
        assertThat(report.gradient()).allMatch(DerivativeCheck.Finding::holds);
        assertThat(report.product().get(0).worst()).isEqualTo(1);
        assertThat(report.product().get(0).holds()).isFalse();
        assertThat(report.product().get(1).holds()).isTrue();
    }

    @Test
    void nothing_is_said_of_a_parameter_at_a_kink() {
        DerivativeCheck.Report report = check(-1, -1, -0.4 + 1e-6);
        assertThat(report.holds()).isTrue();
        assertThat(report.gradient().get(1).unsettled()).isEqualTo(1);
    }
}
