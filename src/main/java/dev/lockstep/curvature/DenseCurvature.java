package dev.lockstep.curvature;

import dev.lockstep.linalg.SymmetricMatrix;
import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The whole curvature matrix of a small network, column by column.
 *
 * <pre>
 *   column_j = A e_j,     matrix = (A + A') / 2,     asymmetry = max_ij |a_ij - a_ji| / 2
 * </pre>
 *
 * <p>In exact arithmetic the asymmetry is 0; what it is says how well the products are rounded, and no eigenvalue is
 * further off than P times that. Cost: P products in as few scans as the budget allows, 8 P^2 bytes; the eigenvalues 4/3
 * P^3 operations and as much memory again.
 *
 * @param matrix the mean of both triangles
 * @param asymmetry the largest difference from that mean
 */
public record DenseCurvature(SymmetricMatrix matrix, double asymmetry) {
    /** Parameters whose eigenvalues are found within two minutes. */
    public static final int MOST_PARAMETERS = 5_000;

    /**
     * @param bytes budget for the products of one scan, of which there is at least one
     * @throws IllegalArgumentException if there are more than {@link #MOST_PARAMETERS}
     * @throws ArithmeticException if a product is not finite
     */
    public static DenseCurvature of(CurvatureMatrix matrix, long bytes) {
        int n = matrix.size();
        if (n > MOST_PARAMETERS) {
            throw new IllegalArgumentException(
                    "expected at most " + MOST_PARAMETERS + " parameters for a dense matrix, got " + n);
        }
        int together = (int) Math.max(1, Math.min(n, bytes / (2L * Double.BYTES * n)));
        double[] entries = new double[n * n];
        for (int from = 0; from < n; from += together) {
            int first = from;
            List<Vector> units = IntStream.range(from, Math.min(n, from + together))
                    .mapToObj(j -> unit(n, j))
                    .toList();
            List<Vector> columns = matrix.times(units);
            for (int k = 0; k < columns.size(); k++) {
                if (!columns.get(k).isFinite()) {
                    throw new ArithmeticException("column " + (first + k) + " of the curvature is not finite");
                }
                System.arraycopy(columns.get(k).toArray(), 0, entries, (first + k) * n, n);
            }
        }
        double asymmetry = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double mean = (entries[i * n + j] + entries[j * n + i]) / 2;
                asymmetry = Math.max(asymmetry, Math.abs(entries[i * n + j] - mean));
                entries[i * n + j] = mean;
                entries[j * n + i] = mean;
            }
        }
        return new DenseCurvature(SymmetricMatrix.wrap(n, entries), asymmetry);
    }

    private static Vector unit(int n, int j) {
        double[] entries = new double[n];
        entries[j] = 1;
        return Vector.wrap(entries);
    }

    /** The entries on the diagonal. */
    public Vector diagonal() {
        return Vector.wrap(IntStream.range(0, matrix.size())
                .mapToDouble(i -> matrix.get(i, i))
                .toArray());
    }

    /** The block of rows and columns from {@code from} to {@code to} (exclusive). */
    public SymmetricMatrix block(int from, int to) {
        int n = to - from;
        double[] entries = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                entries[i * n + j] = matrix.get(from + i, from + j);
            }
        }
        return SymmetricMatrix.wrap(n, entries);
    }
}
