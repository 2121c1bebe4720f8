package dev.lockstep.curvature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.SymmetricMatrix;
import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.DenseCurvature;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Estimates against the spectrum that a matrix was built with. */
class SpectrumTest {
    private static final int N = 160;
    private static final double[] EIGENVALUES = sorted(Quadratics.likeANetwork(N));
    private static final SymmetricMatrix MATRIX = Quadratics.turned(EIGENVALUES);
    private static final List<Integer> TENSORS = List.of(0, 40, 50, 130, N);
    private static final List<Integer> LAYERS = List.of(0, 50, N);

    private static double[] sorted(double[] values) {
        Arrays.sort(values);
        return values;
    }

    private static Spectrum.Plan plan(int probes, int steps, long seed) {
        return new Spectrum.Plan(probes, steps, 300, 1e-8, seed, TENSORS, LAYERS, 1 << 26);
    }

    private static CurvatureMatrix matrix(Quadratics.Counted objective) {
        return new CurvatureMatrix(objective, Curvature.HESSIAN, Vector.zeros(objective.dimension()));
    }

    private static Spectrum estimate(Spectrum.Plan plan) {
        return Spectrum.estimate(matrix(new Quadratics.Counted(MATRIX)), plan);
    }

    private static final Spectrum EXACT = Spectrum.exact(matrix(new Quadratics.Counted(MATRIX)), plan(1, 1, 1));

    private static Spectrum exact() {
        return EXACT;
    }

    @Test
    void both_ends_with_their_residuals() {
        Spectrum spectrum = estimate(plan(3, 30, 1));
        assertThat(spectrum.converged()).isTrue();
        assertThat(spectrum.largest().value()).isCloseTo(EIGENVALUES[N - 1], within(1e-12));
        assertThat(spectrum.smallest().value()).isCloseTo(EIGENVALUES[0], within(1e-12));
        for (EigenPair pair : List.of(spectrum.largest(), spectrum.smallest())) {
            assertThat(pair.vector().norm()).isCloseTo(1, within(1e-13));
            assertThat(MATRIX.times(pair.vector())
                            .plus(-pair.value(), pair.vector())
                            .norm())
                    .isCloseTo(pair.residual(), within(1e-13));
            assertThat(pair.residual()).isLessThan(1e-8 * 20.05);
        }
    }

    @Test
    void too_few_steps_are_told() {
        Spectrum spectrum = Spectrum.estimate(
                matrix(new Quadratics.Counted(MATRIX)), new Spectrum.Plan(2, 4, 4, 1e-8, 1, TENSORS, LAYERS, 1 << 26));
        assertThat(spectrum.converged()).isFalse();
        for (EigenPair pair : List.of(spectrum.largest(), spectrum.smallest())) {
            double distance = Arrays.stream(EIGENVALUES)
                    .map(e -> Math.abs(e - pair.value()))
                    .min()
                    .orElseThrow();
            assertThat(distance).isLessThan(pair.residual());
        }
    }

    /** The truth within four standard errors, for the whole and for each tensor. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void the_trace_and_its_error(long seed) {
        TraceEstimate exact = exact().trace();
        assertThat(exact.value()).isCloseTo(Arrays.stream(EIGENVALUES).sum(), within(1e-11));
        TraceEstimate trace = estimate(plan(16, 5, seed)).trace();
        assertThat(trace.value()).isCloseTo(exact.value(), within(4 * trace.standardError()));
        for (int b = 0; b < 4; b++) {
            assertThat(trace.blocks().get(b))
                    .isCloseTo(
                            exact.blocks().get(b),
                            within(4 * trace.blockErrors().get(b)));
        }
        assertThat(trace.blocks().stream().mapToDouble(Double::doubleValue).sum())
                .isCloseTo(trace.value(), within(1e-12 * N));
        assertThat(trace.diagonal().sum()).isCloseTo(trace.value(), within(1e-12 * N));
        assertThat(trace.squares()).isCloseTo(exact.squares(), within(0.5 * exact.squares()));
        // Of one probe: a bound from the matrix's norm.
        TraceEstimate single = estimate(plan(1, 5, seed)).trace();
        assertThat(single.value()).isCloseTo(exact.value(), within(4 * single.standardError()));
    }

    /** The formula 2 (||H||_F^2 - sum h_ii^2) / probes against the spread that is measured. */
    @Test
    void the_variance_of_the_trace_is_what_the_formula_says() {
        TraceEstimate exact = exact().trace();
        int probes = 1000;
        TraceEstimate measured = estimate(plan(probes, 1, 1)).trace();
        double formula = 2 * (exact.squares() - exact.diagonal().dot(exact.diagonal())) / probes;
        assertThat(measured.standardError() * measured.standardError()).isCloseTo(formula, within(0.15 * formula));
    }

    @Test
    void the_density_integrates_to_one_and_its_quantiles_are_those_of_the_eigenvalues() {
        for (Spectrum spectrum : List.of(exact(), estimate(plan(10, 60, 1)))) {
            SpectralDensity density = spectrum.density();
            double width = 0.2;
            double sum = 0;
            for (double x = -4; x < 25; x += 0.02) {
                sum += 0.02 * density.density(x, width);
            }
            assertThat(sum).isCloseTo(1, within(1e-9));
            for (SpectralDensity.Probe probe : density.probes()) {
                assertThat(probe.weights().sum()).isCloseTo(1, within(1e-12));
            }
            assertThat(density.cumulative(100)).isCloseTo(1, within(1e-12));
            assertThat(density.cumulative(-100)).isZero();
            double allowed = spectrum.eigenvalues().isPresent() ? 1e-9 : 0.03;
            for (double share : new double[] {0.7, 0.8, 0.9, 0.95}) {
                double x = EIGENVALUES[(int) Math.round(share * N) - 1] + 1e-6;
                assertThat(density.below(x)).as("below %s", x).isCloseTo(share, within(allowed));
                double quantile = density.quantile(share);
                long upTo = Arrays.stream(EIGENVALUES)
                        .filter(e -> e <= quantile + 1e-9)
                        .count();
                assertThat((double) upTo / N).as("quantile %s", share).isCloseTo(share, within(allowed));
            }
        }
    }

    @Test
    void negative_eigenvalues_are_counted_beyond_a_threshold() {
        long negative = Arrays.stream(EIGENVALUES).filter(e -> e < 0).count();
        Spectrum exact = exact();
        assertThat(exact.index()).isEqualTo(negative).isEqualTo(N / 8);
        assertThat(exact.negativeShare()).isCloseTo((double) negative / N, within(1e-12));
        assertThat(exact.negativeShareError()).isZero();
        Spectrum estimate = estimate(plan(20, 60, 1));
        assertThat(estimate.negativeShare())
                .isCloseTo((double) negative / N, within(4 * estimate.negativeShareError()));
        assertThat(estimate.negativeShareError()).isBetween(1e-3, 0.02);
        assertThat(estimate(plan(1, 10, 1)).negativeShareError()).isNaN();
    }

    /** Chebyshev, Markov and Stieltjes: the truth is between them, whether the estimate is near it or not. */
    @Test
    void bounds_on_a_share_hold_and_close() {
        double truth = 1.0 / 8;
        double before = 1;
        for (int steps : new int[] {1, 5, 10, 20, 40, 80, N}) {
            Spectrum spectrum = estimate(plan(20, steps, 1));
            SpectralDensity.Bounds bounds = spectrum.negativeShareBounds();
            double allowed = 4 * spectrum.negativeShareError();
            assertThat(bounds.low()).as("%d steps", steps).isLessThanOrEqualTo(truth + allowed);
            assertThat(bounds.high()).as("%d steps", steps).isGreaterThanOrEqualTo(truth - allowed);
            assertThat(spectrum.negativeShare()).isBetween(bounds.low(), bounds.high());
            assertThat(bounds.high() - bounds.low()).isLessThanOrEqualTo(before + 0.05);
            before = bounds.high() - bounds.low();
        }
        assertThat(before).isLessThan(1e-9);
        SpectralDensity.Bounds exact = exact().negativeShareBounds();
        assertThat(exact.low()).isCloseTo(truth, within(1e-12));
        assertThat(exact.high()).isCloseTo(truth, within(1e-12));
        // By hand: nodes -1, 0, 2 with weights 1/2, 1/4, 1/4.
        SpectralDensity byHand = new SpectralDensity(List.of(
                new SpectralDensity.Probe(Vector.of(-1, 0, 2), Vector.of(0.5, 0.25, 0.25), Vector.of(0.1, 0.1, 0.1))));
        assertThat(byHand.belowBounds(1)).isEqualTo(new SpectralDensity.Bounds(0.5, 1));
        assertThat(byHand.belowBounds(-0.5)).isEqualTo(new SpectralDensity.Bounds(0, 0.75));
        assertThat(byHand.belowBounds(-2)).isEqualTo(new SpectralDensity.Bounds(0, 0.5));
        assertThat(byHand.belowBounds(3)).isEqualTo(new SpectralDensity.Bounds(0.75, 1));
    }

    @Test
    void layers_have_a_sharpness_of_their_own() {
        Spectrum exact = exact();
        Spectrum estimate = estimate(plan(2, 10, 1));
        for (int layer = 0; layer < 2; layer++) {
            BlockSharpness found = estimate.layers().get(layer);
            double truth = exact.layers().get(layer).lambdaMax();
            assertThat(found.lambdaMax()).isCloseTo(truth, within(1e-6 * truth));
            assertThat(found.residual()).isLessThan(1e-4 * truth);
            assertThat(truth).isLessThan(exact.largest().value());
            assertThat(found.from()).isEqualTo(LAYERS.get(layer));
            assertThat(found.to()).isEqualTo(LAYERS.get(layer + 1));
        }
    }

    @Test
    void the_condition_says_what_it_is_of() {
        double[] positive = IntStream.rangeClosed(1, 30).mapToDouble(i -> i).toArray();
        Quadratics.Counted objective = new Quadratics.Counted(Quadratics.turned(positive));
        Spectrum.Plan plan = new Spectrum.Plan(2, 30, 30, 1e-8, 1, List.of(0, 30), List.of(0, 30), 1 << 26);
        Spectrum.Condition definite = Spectrum.estimate(matrix(objective), plan).condition();
        assertThat(definite.of()).isEqualTo(Spectrum.Condition.Of.EXTREMES);
        assertThat(definite.value()).isCloseTo(30, within(1e-10));
        double[] mixed = {-4, 0, 0, 0, 0.5, 1, 2, 3, 0, 0};
        Quadratics.Counted other = new Quadratics.Counted(Quadratics.turned(mixed));
        Spectrum.Plan small = new Spectrum.Plan(2, 10, 10, 1e-8, 1, List.of(0, 10), List.of(0, 10), 1 << 26);
        for (Spectrum spectrum :
                List.of(Spectrum.estimate(matrix(other), small), Spectrum.exact(matrix(other), small))) {
            assertThat(spectrum.condition().of()).isEqualTo(Spectrum.Condition.Of.RESOLVED);
            assertThat(spectrum.condition().value()).isCloseTo(8, within(1e-9));
        }
    }

    @Test
    void exact_eigenvalues_in_as_few_scans_as_the_budget_allows() {
        Quadratics.Counted objective = new Quadratics.Counted(MATRIX);
        CurvatureMatrix matrix = matrix(objective);
        Spectrum.Plan tight = new Spectrum.Plan(1, 1, 1, 0, 1, TENSORS, LAYERS, 2L * 8 * N * 50);
        Spectrum spectrum = Spectrum.exact(matrix, tight);
        assertThat(objective.scans).isEqualTo(4);
        assertThat(objective.largestScan).isEqualTo(50);
        assertThat(matrix.products()).isEqualTo(N);
        for (int i = 0; i < N; i++) {
            assertThat(spectrum.eigenvalues().orElseThrow().get(i)).isCloseTo(EIGENVALUES[i], within(1e-12));
        }
        assertThat(spectrum.asymmetry()).isZero();
        assertThat(spectrum.largest().residual()).isLessThan(1e-11);
        assertThat(spectrum.smallest().residual()).isLessThan(1e-9);
    }

    @Test
    void one_scan_serves_all_probes_and_layers_and_a_tight_budget_only_divides_it() {
        Quadratics.Counted objective = new Quadratics.Counted(MATRIX);
        CurvatureMatrix matrix = matrix(objective);
        Spectrum together = Spectrum.estimate(matrix, plan(6, 20, 1));
        assertThat(objective.largestScan).isEqualTo(6);
        assertThat(objective.scans).isLessThan(100);
        assertThat(matrix.products()).isBetween(6 * 20, 6 * 20 + 150);
        Quadratics.Counted divided = new Quadratics.Counted(MATRIX);
        Spectrum.Plan tight = new Spectrum.Plan(6, 20, 300, 1e-8, 1, TENSORS, LAYERS, 8L * N * 50);
        Spectrum apart = Spectrum.estimate(matrix(divided), tight);
        assertThat(divided.largestScan).isEqualTo(2);
        assertThat(apart.trace()).isEqualTo(together.trace());
        for (int i = 1; i < 6; i++) {
            assertThat(apart.density().probes().get(i))
                    .isEqualTo(together.density().probes().get(i));
        }
    }

    @Test
    void one_parameter() {
        Quadratics.Counted objective = new Quadratics.Counted(SymmetricMatrix.wrap(1, new double[] {-3}));
        Spectrum.Plan plan = new Spectrum.Plan(4, 10, 20, 1e-8, 1, List.of(0, 1), List.of(0, 1), 1 << 20);
        for (Spectrum spectrum :
                List.of(Spectrum.estimate(matrix(objective), plan), Spectrum.exact(matrix(objective), plan))) {
            assertThat(spectrum.largest().value()).isEqualTo(-3);
            assertThat(spectrum.smallest().value()).isEqualTo(-3);
            assertThat(spectrum.trace().value()).isEqualTo(-3);
            assertThat(spectrum.trace().standardError()).isZero();
            assertThat(spectrum.negativeShare()).isEqualTo(1);
            assertThat(spectrum.index()).isEqualTo(1);
        }
    }

    @Test
    void too_large_a_matrix_is_refused() {
        assertThatThrownBy(() -> DenseCurvature.of(5001, units -> units, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected at most 5000 parameters for a dense matrix, got 5001");
    }

    /** Of the two negative eigenvalues one lies within a millionth of the largest. */
    @Test
    void a_look_at_all_eigenvalues_counts_the_negative_ones() {
        double[] expected = {-3, -1e-7, 0, 1e-3, 9};
        Quadratics.Counted objective = new Quadratics.Counted(Quadratics.turned(expected));
        Sharpness all = Sharpness.exact(objective, Curvature.HESSIAN, Vector.zeros(5));
        for (int i = 0; i < 5; i++) {
            assertThat(all.eigenvalues().orElseThrow().get(i)).isCloseTo(expected[i], within(1e-13));
        }
        assertThat(all.index()).isEqualTo(1);
        assertThat(all.lambdaMin()).isCloseTo(-3, within(1e-13));
        assertThat(all.lambdaMax()).isCloseTo(9, within(1e-13));
        assertThat(all.maxResidual()).isBetween(0.0, 1e-13);
        assertThat(all.products()).isEqualTo(5);
        assertThat(objective.scans).isEqualTo(1);
    }
}
