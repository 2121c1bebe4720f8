package dev.lockstep.curvature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.curvature.CriticalPoint.Kind;
import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.Evaluation;
import dev.lockstep.optimize.Objective;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CriticalPointTest {
    /** x^3 - 3x + sum over the others of s_i y_i^2 / 2: critical where x = 1 (curvature 6) and x = -1 (curvature -6). */
    private static Objective cubic(double... s) {
        return new Objective() {
            @Override
            public int dimension() {
                return s.length + 1;
            }

            @Override
            public Evaluation evaluate(Vector w) {
                double x = w.get(0);
                double value = x * x * x - 3 * x;
                double[] gradient = new double[s.length + 1];
                gradient[0] = 3 * x * x - 3;
                for (int i = 0; i < s.length; i++) {
                    value += s[i] * w.get(i + 1) * w.get(i + 1) / 2;
                    gradient[i + 1] = s[i] * w.get(i + 1);
                }
                return new Evaluation(value, Vector.wrap(gradient));
            }

            @Override
            public List<Vector> products(Curvature matrix, Vector point, List<Vector> directions) {
                return directions.stream()
                        .map(v -> Vector.of(s.length + 1, (result, from, to) -> {
                            for (int i = from; i < to; i++) {
                                result[i] = (i == 0 ? 6 * point.get(0) : s[i - 1]) * v.get(i);
                            }
                        }))
                        .toList();
            }
        };
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2, 3, minimum, 0",
        "1, 2, 0, minimum, 0",
        "1, 2, -3, saddle, 1",
        "-1, 2, -3, saddle, 2",
        "-1, -2, -3, maximum, 3",
        "-1, 0, -3, maximum, 2",
        "0, 2, 3, not-critical, 0",
        "1.001, 2, 3, not-critical, 0",
        "1.00000001, 2, 3, minimum, 0",
        "1, 2, -1e-9, minimum, 0",
        "1, 2, -1e-4, saddle, 1"
    })
    void kinds(double x, double s, double t, String kind, int index) {
        Objective objective = cubic(s, t);
        Vector point = Vector.of(x, 0, 0);
        Evaluation here = objective.evaluate(point);
        Spectrum spectrum = Spectrum.exact(
                new CurvatureMatrix(objective, Curvature.HESSIAN, point),
                new Spectrum.Plan(1, 3, 3, 1e-9, 1, List.of(0, 3), List.of(0, 3), 1000));
        CriticalPoint found = CriticalPoint.of(
                point,
                here.gradientNorm(),
                spectrum.smallest().value(),
                spectrum.largest().value(),
                CriticalPoint.DEFAULT_TOLERANCE);
        assertThat(found.kind().key()).isEqualTo(kind);
        assertThat(spectrum.index()).isEqualTo(index);
        assertThat(found.eigenvalueThreshold()).isEqualTo(spectrum.threshold());
    }

    @Test
    void what_cannot_be_compared_is_not_critical() {
        assertThat(CriticalPoint.of(Vector.of(1), Double.NaN, 1, 1, 1e-6).kind())
                .isEqualTo(Kind.NOT_CRITICAL);
        assertThat(CriticalPoint.of(Vector.of(1), 1e-3, 0, 0, 1e-6).kind()).isEqualTo(Kind.NOT_CRITICAL);
        assertThat(CriticalPoint.of(Vector.of(1), 0, 0, 0, 1e-6).kind()).isEqualTo(Kind.MINIMUM);
    }

    /** Steps on lambda x^2 / 2 shrink just below a limit and grow just above it: tried out with the recurrences. */
    @ParameterizedTest
    @CsvSource({"0.9", "0.5", "0"})
    void limits_are_where_steps_begin_to_grow(double beta) {
        double lambda = 7;
        StabilityLimits limits = new StabilityLimits(lambda, beta);
        assertThat(limits.limits().keySet()).containsExactly("gradient-descent", "momentum", "nesterov");
        assertThat(limits.bestLearningRate()).isEqualTo(1 / lambda);
        for (String name : limits.limits().keySet()) {
            for (double factor : new double[] {0.99, 1.01}) {
                double eta = factor * limits.limits().get(name);
                double x = 1;
                double v = 0;
                for (int k = 0; k < 5000; k++) {
                    double at = name.equals("nesterov") ? x + beta * v : x;
                    v = (name.equals("gradient-descent") ? 0 : beta) * v - eta * lambda * at;
                    x += v;
                }
                assertThat(Math.abs(x) < 1).as(name + " " + factor).isEqualTo(factor < 1);
            }
        }
        assertThat(new StabilityLimits(-1, beta).limits().get("momentum")).isInfinite();
        assertThatThrownBy(() -> new StabilityLimits(1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void along_an_eigenvector_the_parabola_is_exact_for_a_quadratic_and_not_for_a_cubic() {
        Objective objective = cubic(2, -3);
        Vector point = Vector.of(0.5, 0.25, 0.125);
        Evaluation here = objective.evaluate(point);
        EigenPair quadratic = new EigenPair(-3, 0, Vector.of(0, 0, 1));
        EigenPair cubic = new EigenPair(3, 0, Vector.of(1, 0, 0));
        List<LossAlong> profiles = LossAlong.of(objective, point, here, List.of(quadratic, cubic));
        double reach = Math.sqrt(2 * Math.abs(here.value()) / 3);
        LossAlong first = profiles.get(0);
        assertThat(first.distances()).hasSize(11);
        assertThat(first.distances().get(10)).isCloseTo(reach, within(1e-15));
        for (int i = 0; i < 11; i++) {
            double t = first.distances().get(i);
            assertThat(first.parabola().get(i)).isCloseTo(first.values().get(i), within(1e-14));
            double difference =
                    profiles.get(1).values().get(i) - profiles.get(1).parabola().get(i);
            assertThat(difference).isCloseTo(t * t * t, within(1e-14));
        }
        assertThat(first.values().get(5)).isEqualTo(here.value());
    }
}
