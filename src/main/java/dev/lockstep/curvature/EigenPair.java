package dev.lockstep.curvature;

import dev.lockstep.linalg.Vector;

/**
 * An eigenvalue with its eigenvector, and how far they are from being a pair.
 *
 * <pre>
 *   residual = ||A v - value v||,     an eigenvalue of A is that close to value
 * </pre>
 *
 * <p>Where the gap to the other eigenvalues is large, the error is much smaller: at most residual^2 / gap (Parlett,
 * doi:10.1137/1.9781611971163, 11.7).
 *
 * @param value the eigenvalue, or an approximation
 * @param residual measured with a product of its own, so that rounding of the products is in it
 * @param vector v, P entries, of norm 1
 */
public record EigenPair(double value, double residual, Vector vector) {
    /** The Rayleigh quotient of a vector of norm 1, from its product. */
    static EigenPair of(Vector vector, Vector product) {
        double value = vector.dot(product);
        return new EigenPair(value, product.plus(-value, vector).norm(), vector);
    }
}
