package dev.lockstep.linalg;

import breeze.linalg.DenseMatrix;
import breeze.linalg.DenseMatrix$mcD$sp;
import breeze.linalg.NotConvergedException;
import breeze.linalg.cholesky;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A small dense symmetric matrix on the driver, in breeze's hands.
 *
 * <p>Eigenvalues are computed in Java, with the same bits on every machine. For factors and systems breeze takes the LAPACK
 * that netlib has chosen in this JVM: Java's too wherever this class comes first. If something else has touched netlib's
 * LAPACK before (a Spark session that a user brought along, say) or a user has set {@code
 * dev.ludovic.netlib.lapack.nativeLibPath}, it is a native library, picked by machine, and the last bits are its own; the
 * log says so once.
 *
 * <p>LAPACK answers entries that are not finite with finite eigenvalues and no complaint; so they are refused here.
 */
public final class SymmetricMatrix {
    private static final Logger LOG = LoggerFactory.getLogger(SymmetricMatrix.class);

    static {
        if (!Lapack.chosen().startsWith("F2j")) {
            LOG.info("Cholesky factors by {}, the machine's own LAPACK", Lapack.chosen());
        }
    }

    private final DenseMatrix<Object> matrix;

    private SymmetricMatrix(DenseMatrix<Object> matrix) {
        this.matrix = matrix;
    }

    /**
     * @param rows the entries, row by row
     * @throws IllegalArgumentException if the rows are not those of a symmetric matrix
     */
    public static SymmetricMatrix of(List<List<Double>> rows) {
        int n = rows.size();
        double[] values = new double[n * n];
        for (int i = 0; i < n; i++) {
            if (rows.get(i).size() != n) {
                throw new IllegalArgumentException(
                        "row " + i + " has " + rows.get(i).size() + " entries, expected " + n);
            }
            for (int j = 0; j < n; j++) {
                values[j * n + i] = rows.get(i).get(j);
            }
        }
        return wrap(n, values);
    }

    /**
     * The matrix over this array, which the caller gives away: nobody may write to it any more.
     *
     * @param n at least 1
     * @param entries n * n of them, row by row
     * @throws IllegalArgumentException if the entries are not finite, or not those of a symmetric matrix
     */
    public static SymmetricMatrix wrap(int n, double[] entries) {
        if (n < 1 || entries.length != (long) n * n) {
            throw new IllegalArgumentException(
                    "expected n * n entries with n at least 1, got n = " + n + " and " + entries.length + " of them");
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j <= i; j++) {
                double entry = entries[i * n + j];
                if (entry != entries[j * n + i] || !Double.isFinite(entry)) {
                    throw new IllegalArgumentException("entries (" + i + ", " + j + ") and (" + j + ", " + i + ") "
                            + (Double.isFinite(entry) && Double.isFinite(entries[j * n + i])
                                    ? "differ"
                                    : "are not both finite"));
                }
            }
        }
        return new SymmetricMatrix(new DenseMatrix$mcD$sp(n, n, entries));
    }

    /** The number of rows, and of columns. */
    public int size() {
        return matrix.rows();
    }

    /** The entry in a row and a column. */
    public double get(int row, int column) {
        return matrix.data$mcD$sp()[row * size() + column];
    }

    /** The diagonal, n entries. */
    public Vector diagonal() {
        double[] entries = matrix.data$mcD$sp();
        int n = size();
        return Vector.of(n, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = entries[i * n + i];
            }
        });
    }

    /** This matrix with a vector of n entries added to its diagonal. */
    public SymmetricMatrix plusDiagonal(Vector added) {
        int n = size();
        double[] entries = matrix.data$mcD$sp().clone();
        for (int i = 0; i < n; i++) {
            entries[i * n + i] += added.get(i);
        }
        return new SymmetricMatrix(new DenseMatrix$mcD$sp(n, n, entries));
    }

    /** The product with a vector of n entries. */
    public Vector times(Vector x) {
        int n = size();
        if (x.size() != n) {
            throw new IllegalArgumentException("expected a vector of size " + n + ", got one of size " + x.size());
        }
        double[] entries = matrix.data$mcD$sp();
        return Vector.of(n, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                double sum = 0;
                for (int j = 0; j < n; j++) {
                    sum += entries[i * n + j] * x.get(j);
                }
                result[i] = sum;
            }
        });
    }

    /**
     * The rows of the lower triangle L with L * transposed(L) = this (Golub and Van Loan, Matrix Computations, 4.2), or
     * nothing if the matrix is not positive definite.
     */
    public Optional<double[][]> choleskyFactor() {
        try {
            DenseMatrix<Object> lower = cholesky.ImplCholesky_DM$.MODULE$.apply(matrix);
            int n = size();
            double[] columns = lower.data$mcD$sp();
            double[][] rows = new double[n][n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    rows[i][j] = columns[j * n + i];
                }
            }
            return Optional.of(rows);
        } catch (NotConvergedException e) {
            return Optional.empty();
        }
    }

    /**
     * The x with this * x = right, by Cholesky's factor and two triangular systems: n^3 / 3 operations.
     *
     * @param right n entries
     * @return nothing if the matrix is not positive definite, or so nearly singular that x is not finite
     */
    public Optional<Vector> solve(Vector right) {
        int n = size();
        if (right.size() != n) {
            throw new IllegalArgumentException("expected a vector of size " + n + ", got one of size " + right.size());
        }
        return choleskyFactor().map(lower -> substitute(lower, right.toArray())).filter(Vector::isFinite);
    }

    /** L y = x, then transposed(L) x = y, in place. */
    private static Vector substitute(double[][] lower, double[] x) {
        int n = x.length;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                x[i] -= lower[i][j] * x[j];
            }
            x[i] /= lower[i][i];
        }
        for (int i = n - 1; i >= 0; i--) {
            x[i] /= lower[i][i];
            for (int j = 0; j < i; j++) {
                x[j] -= lower[i][j] * x[i];
            }
        }
        return Vector.wrap(x);
    }

    /**
     * The eigenvalues, ascending, by reduction to a tridiagonal matrix and its QL and QR iterations (LAPACK's dsyev, as in
     * breeze's eigSym): 4/3 n^3 operations, a copy of the matrix. The same bits on every machine.
     *
     * @throws ArithmeticException if the iteration does not converge
     */
    public Vector eigenvalues() {
        return Vector.wrap(Lapack.symmetric(size(), matrix.data$mcD$sp().clone(), false));
    }

    /**
     * Eigenvalues and eigenvectors; 9 n^3 operations, two copies of the matrix. The same bits on every machine.
     *
     * @throws ArithmeticException if the iteration does not converge
     */
    public Eigen eigen() {
        double[] entries = matrix.data$mcD$sp().clone();
        double[] values = Lapack.symmetric(size(), entries, true);
        return Eigen.of(values, entries);
    }
}
