package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Lanczos.Ends;
import dev.lockstep.linalg.Lanczos.Limits;
import dev.lockstep.linalg.Lanczos.Result;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against matrices whose spectrum is known in closed form. */
class LanczosTest {
    private static Vector start(int n) {
        return Vector.of(n, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = Mixing.normal(Mixing.mix(5, i));
            }
        });
    }

    /** The second difference with zero ends: 2 on the diagonal, -1 beside it. */
    private static UnaryOperator<Vector> laplacian(int n) {
        return x -> Vector.of(n, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = 2 * x.get(i) - (i > 0 ? x.get(i - 1) : 0) - (i + 1 < n ? x.get(i + 1) : 0);
            }
        });
    }

    /** Its eigenvalue k of 1 … n, ascending: 2 - 2 cos(k pi / (n + 1)). */
    private static double laplacianEigenvalue(int k, int n) {
        return 2 - 2 * StrictMath.cos(k * Math.PI / (n + 1));
    }

    /** A diagonal matrix, turned by a reflection so that nothing is aligned with the axes. */
    private static UnaryOperator<Vector> turned(double... eigenvalues) {
        int n = eigenvalues.length;
        Vector normal = Vector.of(n, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = Mixing.normal(i + 77);
            }
        });
        UnaryOperator<Vector> reflect = x -> x.plus(-2 * normal.dot(x) / normal.dot(normal), normal);
        return x -> reflect.apply(reflect.apply(x).zip(Vector.of(eigenvalues), (a, b) -> a * b));
    }

    private static void assertOrthonormal(List<Vector> basis, double tolerance) {
        for (int i = 0; i < basis.size(); i++) {
            for (int j = 0; j <= i; j++) {
                assertThat(basis.get(i).dot(basis.get(j))).isCloseTo(i == j ? 1 : 0, within(tolerance));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 10, 60, 200})
    void the_whole_spectrum_of_the_laplacian(int n) {
        Result result = Lanczos.run(laplacian(n), start(n), Limits.steps(n));
        assertThat(result.steps()).isEqualTo(n);
        assertThat(result.remainder()).isZero();
        for (int k = 1; k <= n; k++) {
            assertThat(result.values().get(k - 1)).isCloseTo(laplacianEigenvalue(k, n), within(1e-13));
            assertThat(result.residual(k - 1)).isZero();
        }
        assertOrthonormal(result.basis(), 1e-12);
    }

    @Test
    void an_eigenvalue_lies_within_the_residual_of_every_ritz_value() {
        int n = 300;
        for (int m : new int[] {1, 2, 5, 20, 80, 150}) {
            Result result = Lanczos.run(laplacian(n), start(n), Limits.steps(m));
            assertThat(result.steps()).isEqualTo(m);
            for (int i = 0; i < m; i++) {
                double theta = result.values().get(i);
                double distance = IntStream.rangeClosed(1, n)
                        .mapToDouble(k -> Math.abs(laplacianEigenvalue(k, n) - theta))
                        .min()
                        .orElseThrow();
                assertThat(distance).as("%d steps, %d", m, i).isLessThanOrEqualTo(result.residual(i) + 1e-14);
                Vector y = result.vector(i);
                assertThat(y.norm()).isCloseTo(1, within(1e-13));
                assertThat(laplacian(n).apply(y).plus(-theta, y).norm()).isCloseTo(result.residual(i), within(1e-13));
            }
        }
    }

    @Test
    void ends_are_found_to_the_tolerance_and_no_further() {
        double[] eigenvalues = new double[500];
        Arrays.setAll(eigenvalues, i -> i < 490 ? Mixing.uniform(Mixing.mix(i)) : 3.0 * (i - 485));
        eigenvalues[0] = -7;
        Result both = Lanczos.run(turned(eigenvalues), start(500), Limits.until(Ends.BOTH, 1e-9, 100));
        assertThat(both.converged()).isTrue();
        assertThat(both.steps()).isLessThan(45);
        assertThat(both.values().get(0)).isCloseTo(-7, within(1e-12));
        assertThat(both.values().get(both.steps() - 1)).isCloseTo(42, within(1e-12));
        assertThat(both.residual(0)).isBetween(0.0, 42e-9);
        assertThat(both.residual(both.steps() - 1)).isBetween(0.0, 42e-9);
        Result largest = Lanczos.run(turned(eigenvalues), start(500), Limits.until(Ends.LARGEST, 1e-3, 100));
        assertThat(largest.steps()).isLessThan(both.steps());
        Result tooShort = Lanczos.run(turned(eigenvalues), start(500), Limits.until(Ends.BOTH, 1e-9, 5));
        assertThat(tooShort.converged()).isFalse();
        assertThat(tooShort.steps()).isEqualTo(5);
    }

    /** Without orthogonalization copies of the isolated eigenvalue 1000 come back after some 15 steps. */
    @Test
    void an_isolated_eigenvalue_has_no_copies() {
        double[] eigenvalues = new double[200];
        Arrays.setAll(eigenvalues, i -> i / 200.0);
        eigenvalues[199] = 1000;
        Result result = Lanczos.run(turned(eigenvalues), start(200), Limits.steps(120));
        assertThat(Arrays.stream(result.values().toArray()).filter(value -> value > 500))
                .hasSize(1);
        assertThat(result.values().get(119)).isCloseTo(1000, within(1e-11));
        assertOrthonormal(result.basis(), 1e-12);
    }

    @Test
    void clusters_and_zeros_end_early_at_an_invariant_subspace() {
        double[] eigenvalues = new double[100];
        Arrays.setAll(eigenvalues, i -> i < 50 ? 0 : i < 80 ? 2 : i < 99 ? 5 : -1);
        Result result = Lanczos.run(turned(eigenvalues), start(100), Limits.steps(100));
        List<Double> heavy = new ArrayList<>();
        for (int i = 0; i < result.steps(); i++) {
            if (Math.abs(result.firstComponent(i)) > 1e-6) {
                heavy.add(result.values().get(i));
            }
        }
        assertThat(heavy).hasSize(4);
        double[] expected = {-1, 0, 2, 5};
        for (int i = 0; i < 4; i++) {
            assertThat(heavy.get(i)).isCloseTo(expected[i], within(1e-12));
        }
        assertThat(result.steps()).isLessThan(10);
    }

    @Test
    void zero_and_identity_take_one_step() {
        Result zero = Lanczos.run(x -> Vector.zeros(7), start(7), Limits.until(Ends.BOTH, 0, 5));
        assertThat(zero.values()).isEqualTo(Vector.of(0));
        assertThat(zero.converged()).isTrue();
        Result identity = Lanczos.run(x -> x, start(7), Limits.until(Ends.BOTH, 0, 5));
        assertThat(identity.steps()).isEqualTo(1);
        assertThat(identity.values().get(0)).isCloseTo(1, within(1e-15));
    }

    /** Golub and Welsch: q' f(A) q for polynomials of degree up to 2m - 1. */
    @Test
    void first_components_are_weights_of_a_quadrature() {
        int n = 40;
        Result result = Lanczos.run(laplacian(n), start(n), Limits.steps(4));
        Vector q = result.basis().get(0);
        Vector power = q;
        for (int degree = 0; degree <= 7; degree++) {
            double sum = 0;
            for (int i = 0; i < 4; i++) {
                sum += result.firstComponent(i)
                        * result.firstComponent(i)
                        * StrictMath.pow(result.values().get(i), degree);
            }
            double exact = q.dot(power);
            assertThat(sum).as("degree %d", degree).isCloseTo(exact, within(1e-12 * (1 + Math.abs(exact))));
            power = laplacian(n).apply(power);
        }
    }

    @Test
    void in_lockstep_each_process_gives_the_bits_that_it_gives_alone() {
        List<Vector> starts = List.of(start(30), start(10), start(20));
        List<Limits> limits =
                List.of(Limits.steps(9), Limits.until(Ends.LARGEST, 1e-3, 10), Limits.until(Ends.BOTH, 1e-2, 20));
        List<Integer> calls = new ArrayList<>();
        List<Result> together = Lanczos.run(
                (processes, directions) -> {
                    calls.add(processes.size());
                    return IntStream.range(0, processes.size())
                            .mapToObj(i -> laplacian(directions.get(i).size()).apply(directions.get(i)))
                            .toList();
                },
                starts,
                limits);
        int longest = 0;
        int products = 0;
        for (int i = 0; i < 3; i++) {
            assertThat(together.get(i))
                    .isEqualTo(Lanczos.run(laplacian(starts.get(i).size()), starts.get(i), limits.get(i)));
            longest = Math.max(longest, together.get(i).steps());
            products += together.get(i).steps();
        }
        assertThat(calls).hasSize(longest);
        assertThat(calls.stream().mapToInt(Integer::intValue).sum()).isEqualTo(products);
    }

    @Test
    void what_is_not_finite_stops_it() {
        assertThatThrownBy(() -> Lanczos.run(x -> x.times(Double.NaN), start(3), Limits.steps(2)))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("product 1 of Lanczos' process is not finite");
        assertThatThrownBy(() -> Lanczos.run(x -> x, Vector.zeros(3), Limits.steps(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a start that is finite and not 0, got one of norm 0.0");
        assertThatThrownBy(() -> new Limits(3, 2, Ends.BOTH, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
