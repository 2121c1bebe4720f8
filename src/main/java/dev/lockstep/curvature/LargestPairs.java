package dev.lockstep.curvature;

import dev.lockstep.linalg.Lanczos;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The largest eigenvalues of a symmetric matrix A, with eigenvectors, one after the other.
 *
 * <pre>
 *   (lambda_k, v_k) = the largest pair of  Q A Q  among the vectors x = Q x,     Q = I - v_1 v_1' - … - v_(k-1) v_(k-1)'
 * </pre>
 *
 * <p>Each is found by a Lanczos process of its own that begins, and stays, at right angles to the vectors that are known; so
 * an eigenvalue that is there twice is found twice, which one process alone cannot see. Cost: a product for each step of
 * each process, and one for each pair to measure its residual.
 *
 * <p>Source: deflation, Saad, Numerical Methods for Large Eigenvalue Problems, 4.2.3, doi:10.1137/1.9781611970739.
 */
public final class LargestPairs {
    private LargestPairs() {}

    /**
     * Finds them.
     *
     * @param size rows of A, at least {@code count}
     * @param operator x to A x
     * @param count how many pairs
     * @param tolerance on the residual of each process, relative to its largest magnitude
     * @param most steps of each
     * @param seed of the starts
     * @return descending as far as they are found, vectors of norm 1 at right angles
     * @throws IllegalArgumentException if there are fewer rows than pairs
     * @throws ArithmeticException if a product is not finite
     */
    public static List<EigenPair> of(
            int size, UnaryOperator<Vector> operator, int count, double tolerance, int most, long seed) {
        if (count < 1 || size < count) {
            throw new IllegalArgumentException("expected 1 to " + size + " eigenpairs, got " + count);
        }
        List<EigenPair> pairs = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            List<EigenPair> known = List.copyOf(pairs);
            Vector start = without(known, normal(size, Mixing.mix(Mixing.key(seed, "largest pairs"), k)));
            Lanczos.Result result = Lanczos.run(
                    x -> without(known, operator.apply(x)),
                    start,
                    Lanczos.Limits.until(Lanczos.Ends.LARGEST, tolerance, Math.min(most, size - k)));
            Vector vector = without(known, result.vector(result.steps() - 1));
            Vector unit = vector.times(1 / vector.norm());
            pairs.add(EigenPair.of(unit, operator.apply(unit)));
        }
        return List.copyOf(pairs);
    }

    /** A vector less its part along those that are known; twice, so that what is left is at right angles to rounding. */
    private static Vector without(List<EigenPair> known, Vector vector) {
        Vector rest = vector;
        for (int pass = 0; pass < 2; pass++) {
            for (EigenPair pair : known) {
                rest = rest.plus(-rest.dot(pair.vector()), pair.vector());
            }
        }
        return rest;
    }

    private static Vector normal(int size, long key) {
        return Vector.of(size, (values, from, to) -> {
            for (int i = from; i < to; i++) {
                values[i] = Mixing.normal(Mixing.mix(key, i));
            }
        });
    }
}
