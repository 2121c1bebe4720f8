package dev.lockstep.curvature;

import dev.lockstep.linalg.Lanczos;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.Objective;
import java.util.List;

/**
 * Both ends of a spectrum and nothing else: what one wants to see along a run.
 *
 * <p>Cost: one product for each Lanczos step, one scan each.
 *
 * @param lambdaMax the largest eigenvalue
 * @param maxResidual no further than that from an eigenvalue
 * @param lambdaMin the smallest
 * @param minResidual likewise
 * @param converged whether the ends that were waited for are as close as was asked
 * @param products that it took
 */
public record Sharpness(
        double lambdaMax, double maxResidual, double lambdaMin, double minResidual, boolean converged, int products) {
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
}
