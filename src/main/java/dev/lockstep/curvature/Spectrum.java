package dev.lockstep.curvature;

import dev.lockstep.linalg.Lanczos;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.SymmetricMatrix;
import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.DenseCurvature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What is known of the eigenvalues of a curvature matrix: both ends, the density, traces, the sharpness of layers.
 *
 * <p>Estimated ({@link #estimate}): Lanczos processes from vectors of random signs run in lockstep, one scan for a step of
 * all. Their first products give the traces, their quadratures the density, their extreme Ritz pairs the ends; one process
 * goes on until the ends are found. Cost: about probes * steps + layers * 20 products, and as many scans as the longest
 * process has steps, twice.
 *
 * <p>Exact ({@link #exact}): the dense matrix and all eigenvalues. Cost: P products.
 *
 * @param density how the eigenvalues are spread
 * @param trace of the whole and of the tensors
 * @param largest the largest eigenvalue, lambdaMax
 * @param smallest the smallest, lambdaMin: the most negative one if there are any
 * @param layers the sharpness of each layer
 * @param converged whether the ends are as close as was asked
 * @param eigenvalues all, ascending, if they are exact
 * @param asymmetry of the dense matrix; 0 where there is none
 */
public record Spectrum(
        SpectralDensity density,
        TraceEstimate trace,
        EigenPair largest,
        EigenPair smallest,
        List<BlockSharpness> layers,
        boolean converged,
        Optional<Vector> eigenvalues,
        double asymmetry) {
    private static final double BLOCK_TOLERANCE = 1e-4;

    /**
     * How much is spent.
     *
     * @param probes vectors of signs, at least 1
     * @param steps of each probe's process, at least 1
     * @param most steps of the one that goes on until the ends are found
     * @param tolerance on the ends' residuals, relative to the largest magnitude
     * @param seed of the signs
     * @param tensors where those begin whose traces are wanted, ascending from 0, and at the end P
     * @param layers where those blocks begin whose sharpness is wanted, and at the end P
     * @param bytes budget for the vectors that are held at a time; at least one process of {@code steps} is run
     */
    public record Plan(
            int probes,
            int steps,
            int most,
            double tolerance,
            long seed,
            List<Integer> tensors,
            List<Integer> layers,
            long bytes) {}

    /** A ratio of eigenvalues. */
    public record Condition(double value, Of of) {
        /** Which eigenvalues it is of. */
        public enum Of {
            /** lambdaMax / lambdaMin of a positive definite matrix. */
            EXTREMES,
            /** Largest over smallest magnitude that is told from 0: of a matrix that is not positive definite. */
            RESOLVED
        }
    }

    /** By Lanczos' processes. */
    public static Spectrum estimate(CurvatureMatrix matrix, Plan plan) {
        int parameters = matrix.size();
        List<Vector> probes = IntStream.range(0, plan.probes())
                .mapToObj(i -> Mixing.signs(parameters, Mixing.mix(Mixing.key(plan.seed(), "curvature probe"), i)))
                .toList();
        int steps = Math.min(plan.steps(), parameters);
        long held = Math.max(steps, plan.bytes() / ((long) Double.BYTES * parameters));
        int together = (int) Math.max(1, Math.min(plan.probes(), held / steps));
        int most = (int) Math.max(steps, Math.min(plan.most(), held - (long) (together - 1) * steps));

        List<Vector> products = new ArrayList<>();
        List<SpectralDensity.Probe> nodes = new ArrayList<>();
        Ends ends = new Ends();
        for (int from = 0; from < probes.size(); from += together) {
            List<Vector> some = probes.subList(from, Math.min(probes.size(), from + together));
            Lanczos.Limits[] limits = new Lanczos.Limits[some.size()];
            Arrays.fill(limits, Lanczos.Limits.steps(steps));
            if (from == 0) {
                limits[0] = new Lanczos.Limits(steps, most, Lanczos.Ends.BOTH, plan.tolerance());
            }
            double norm = Math.sqrt(parameters);
            int known = products.size();
            List<Lanczos.Result> results = Lanczos.run(
                    (processes, directions) -> {
                        List<Vector> answers = matrix.times(directions);
                        if (products.size() == known) {
                            answers.forEach(answer -> products.add(answer.times(norm)));
                        }
                        return answers;
                    },
                    some,
                    Arrays.asList(limits));
            for (Lanczos.Result result : results) {
                nodes.add(SpectralDensity.Probe.of(result));
                ends.take(result);
            }
        }
        List<Vector> vectors = List.of(ends.smallestVector, ends.largestVector);
        List<Vector> verified = matrix.times(vectors);
        EigenPair smallest = EigenPair.of(vectors.get(0), verified.get(0));
        EigenPair largest = EigenPair.of(vectors.get(1), verified.get(1));
        double size = Math.max(Math.abs(smallest.value()), Math.abs(largest.value()));
        return new Spectrum(
                new SpectralDensity(List.copyOf(nodes)),
                TraceEstimate.of(probes, products, plan.tensors()),
                largest,
                smallest,
                BlockSharpness.of(
                        matrix, plan.layers(), BLOCK_TOLERANCE, (int) Math.min(plan.most(), held), plan.seed()),
                Math.max(smallest.residual(), largest.residual()) <= plan.tolerance() * size,
                Optional.empty(),
                0);
    }

    /** The outermost Ritz pairs of several processes: none of them is outside the spectrum. */
    private static final class Ends {
        private double smallest = Double.POSITIVE_INFINITY;
        private double largest = Double.NEGATIVE_INFINITY;
        private Vector smallestVector;
        private Vector largestVector;

        void take(Lanczos.Result result) {
            int last = result.steps() - 1;
            if (result.values().get(0) < smallest) {
                smallest = result.values().get(0);
                smallestVector = result.vector(0);
            }
            if (result.values().get(last) > largest) {
                largest = result.values().get(last);
                largestVector = result.vector(last);
            }
        }
    }

    /**
     * By the dense matrix.
     *
     * @param plan its seed, tensors, layers and budget
     * @throws IllegalArgumentException if there are more than {@link DenseCurvature#MOST_PARAMETERS}
     */
    public static Spectrum exact(CurvatureMatrix matrix, Plan plan) {
        DenseCurvature dense = DenseCurvature.of(matrix.size(), matrix::times, plan.bytes())
                .orElseThrow(() -> new ArithmeticException("a column of the curvature is not finite"));
        SymmetricMatrix whole = dense.matrix();
        Vector eigenvalues = whole.eigenvalues();
        int n = eigenvalues.size();
        // Eigenvectors of all eigenvalues would take six times as long; only those of the ends are wanted.
        Lanczos.Result ends = Lanczos.run(
                whole::times,
                Mixing.signs(n, Mixing.key(plan.seed(), "curvature ends")),
                Lanczos.Limits.until(Lanczos.Ends.BOTH, 1e-12, Math.min(n, 500)));
        EigenPair smallest = pair(whole, eigenvalues.get(0), ends.vector(0));
        EigenPair largest = pair(whole, eigenvalues.get(n - 1), ends.vector(ends.steps() - 1));
        List<BlockSharpness> layers = new ArrayList<>();
        for (int b = 0; b + 1 < plan.layers().size(); b++) {
            int from = plan.layers().get(b);
            int to = plan.layers().get(b + 1);
            Vector own = to - from == n ? eigenvalues : dense.block(from, to).eigenvalues();
            layers.add(new BlockSharpness(from, to, own.get(own.size() - 1), 0));
        }
        return new Spectrum(
                SpectralDensity.ofEigenvalues(eigenvalues),
                TraceEstimate.exact(dense.diagonal(), eigenvalues.dot(eigenvalues), plan.tensors()),
                largest,
                smallest,
                List.copyOf(layers),
                true,
                Optional.of(eigenvalues),
                dense.asymmetry());
    }

    private static EigenPair pair(SymmetricMatrix matrix, double value, Vector vector) {
        return new EigenPair(value, matrix.times(vector).plus(-value, vector).norm(), vector);
    }

    /** Up to which magnitude an eigenvalue counts as 0. */
    public double threshold() {
        return CriticalPoint.eigenvalueThreshold(smallest.value(), largest.value());
    }

    /** The share of eigenvalues that are negative beyond the threshold, in [0, 1]. */
    public double negativeShare() {
        return density.below(-threshold());
    }

    /** Its standard error; 0 if it is exact, NaN if there is one probe only. */
    public double negativeShareError() {
        return eigenvalues.isPresent() ? 0 : density.belowError(-threshold());
    }

    /** Between which shares the negative ones are as the probes see them; both are the share itself if it is exact. */
    public SpectralDensity.Bounds negativeShareBounds() {
        return density.belowBounds(-threshold());
    }

    /** How many eigenvalues are negative beyond the threshold: the index of a saddle; estimated unless they are exact. */
    public long index() {
        return Math.round(negativeShare() * trace.diagonal().size());
    }

    /** Largest over smallest; of an estimated spectrum that is not positive definite a lower bound. */
    public Condition condition() {
        double zero = threshold();
        if (smallest.value() > zero) {
            return new Condition(largest.value() / smallest.value(), Condition.Of.EXTREMES);
        }
        double size = Math.max(Math.abs(smallest.value()), Math.abs(largest.value()));
        return new Condition(size / density.smallestMagnitude(zero), Condition.Of.RESOLVED);
    }
}
