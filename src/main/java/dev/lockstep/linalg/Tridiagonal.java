package dev.lockstep.linalg;

/**
 * A symmetric tridiagonal m x m matrix T.
 *
 * <pre>
 *   T_ii = diagonal_i,     T_(i, i+1) = T_(i+1, i) = offDiagonal_i
 * </pre>
 *
 * @param diagonal m entries, m at least 1
 * @param offDiagonal m - 1 entries
 */
public record Tridiagonal(Vector diagonal, Vector offDiagonal) {
    /**
     * Checks the sizes, and that every entry is finite.
     *
     * @throws IllegalArgumentException if they are of another size, or not finite
     */
    public Tridiagonal {
        if (diagonal.size() < 1 || offDiagonal.size() != diagonal.size() - 1) {
            throw new IllegalArgumentException(
                    "expected a diagonal of at least 1 entry and one entry less beside it, got " + diagonal.size()
                            + " and " + offDiagonal.size());
        }
        if (!diagonal.isFinite() || !offDiagonal.isFinite()) {
            throw new IllegalArgumentException("expected finite entries, got " + diagonal + ", " + offDiagonal);
        }
    }

    /** The order m. */
    public int size() {
        return diagonal.size();
    }

    /**
     * Eigenvalues and eigenvectors by implicit QL and QR iterations (Golub and Van Loan, Matrix Computations, 8.3), the same
     * bits on every machine.
     *
     * @throws ArithmeticException if the iteration does not converge
     */
    public Eigen eigen() {
        double[] values = diagonal.toArray();
        return Eigen.of(values, Lapack.tridiagonal(values, offDiagonal.toArray()));
    }
}
