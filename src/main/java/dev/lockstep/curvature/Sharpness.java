package dev.lockstep.curvature;

import dev.lockstep.linalg.Lanczos;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.DenseCurvature;
import dev.lockstep.optimize.Objective;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Both ends of a spectrum: what one wants to see along a run. All eigenvalues, where a small network allows it.
 *
 * <p>Cost: one product for each Lanczos step, one scan each; of all eigenvalues P products in few scans, and LAPACK's time.
 *
 * @param lambdaMax the largest eigenvalue
 * @param maxResidual no further than that from an eigenvalue
 * @param lambdaMin the smallest
 * @param minResidual likewise
 * @param converged whether the ends that were waited for are as close as was asked
 * @param products that it took
 * @param eigenvalues all, ascending, if they were asked for
 */
public record Sharpness(
        double lambdaMax,
        double maxResidual,
        double lambdaMin,
        double minResidual,
        boolean converged,
        int products,
        Optional<Vector> eigenvalues) {
    /** Budget for the columns that are on the driver at a time. */
    private static final long STEP_BYTES = 1 << 25;

    /** The ends alone. */
    public Sharpness(
            double lambdaMax,
            double maxResidual,
            double lambdaMin,
            double minResidual,
            boolean converged,
            int products) {
        this(lambdaMax, maxResidual, lambdaMin, minResidual, converged, products, Optional.empty());
    }

    /**
     * By Lanczos' process from a vector of random signs.
     *
     * @param which the Hessian, or the Gauss-Newton matrix
     * @param point P parameters
     * @param ends which of them are waited for; the other one is as close as it is by then
     * @param tolerance on the residuals, relative to the largest magnitude
     * @param most products
     * @param seed of the signs
     */
    public static Sharpness of(
            Objective objective,
            Curvature which,
            Vector point,
            Lanczos.Ends ends,
            double tolerance,
            int most,
            long seed) {
        CurvatureMatrix matrix = new CurvatureMatrix(objective, which, point);
        Lanczos.Result result = Lanczos.run(
                direction -> matrix.times(List.of(direction)).get(0),
                Mixing.signs(point.size(), Mixing.key(seed, "sharpness")),
                Lanczos.Limits.until(ends, tolerance, Math.min(most, point.size())));
        int last = result.steps() - 1;
        return new Sharpness(
                result.values().get(last),
                result.residual(last),
                result.values().get(0),
                result.residual(0),
                result.converged(),
                matrix.products());
    }

    /**
     * All eigenvalues, of the dense matrix. The residuals are P times its asymmetry: what the products' rounding can move.
     *
     * @param which the Hessian, or the Gauss-Newton matrix
     * @param point P parameters
     * @throws IllegalArgumentException if there are more than {@link DenseCurvature#MOST_PARAMETERS}
     * @throws ArithmeticException if a product is not finite
     */
    public static Sharpness exact(Objective objective, Curvature which, Vector point) {
        CurvatureMatrix matrix = new CurvatureMatrix(objective, which, point);
        DenseCurvature dense = DenseCurvature.of(matrix.size(), matrix::times, STEP_BYTES)
                .orElseThrow(() -> new ArithmeticException("a column of the curvature is not finite"));
        Vector eigenvalues = dense.matrix().eigenvalues();
        double residual = matrix.size() * dense.asymmetry();
        return new Sharpness(
                eigenvalues.get(matrix.size() - 1),
                residual,
                eigenvalues.get(0),
                residual,
                true,
                matrix.products(),
                Optional.of(eigenvalues));
    }

    /**
     * How many eigenvalues are negative beyond {@link CriticalPoint#eigenvalueThreshold}: the index of a saddle.
     *
     * @throws java.util.NoSuchElementException if only the ends are known
     */
    public long index() {
        double zero = CriticalPoint.eigenvalueThreshold(lambdaMin, lambdaMax);
        return Arrays.stream(eigenvalues.orElseThrow().toArray())
                .filter(eigenvalue -> eigenvalue < -zero)
                .count();
    }
}
