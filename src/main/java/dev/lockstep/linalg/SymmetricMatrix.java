package dev.lockstep.linalg;

import breeze.linalg.DenseMatrix;
import breeze.linalg.DenseMatrix$mcD$sp;
import breeze.linalg.NotConvergedException;
import breeze.linalg.cholesky;
import java.util.List;
import java.util.Optional;

/** A small dense symmetric matrix on the driver, in breeze's hands. */
public final class SymmetricMatrix {
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
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                if (values[j * n + i] != values[i * n + j]) {
                    throw new IllegalArgumentException(
                            "entries (" + i + ", " + j + ") and (" + j + ", " + i + ") differ");
                }
            }
        }
        return new SymmetricMatrix(new DenseMatrix$mcD$sp(n, n, values));
    }

    /** The number of rows, and of columns. */
    public int size() {
        return matrix.rows();
    }

    /**
     * The rows of the lower triangle L with L * transposed(L) = this (Golub and Van Loan, Matrix Computations, 4.2), or
     * nothing if the matrix is not positive definite.
     */
    public Optional<double[][]> choleskyFactor() {
        try {
            DenseMatrix<Object> lower = cholesky.ImplCholesky_DM$.MODULE$.apply(matrix);
            int n = size();
            double[][] rows = new double[n][n];
            for (int i = 0; i < n; i++) {
                for (int j = 0; j <= i; j++) {
                    rows[i][j] = (Double) lower.apply(i, j);
                }
            }
            return Optional.of(rows);
        } catch (NotConvergedException e) {
            return Optional.empty();
        }
    }
}
