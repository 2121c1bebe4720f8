package dev.lockstep.optimize;

import dev.lockstep.InputException;
import dev.lockstep.linalg.SymmetricMatrix;
import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The whole curvature matrix of a small network, column by column.
 *
 * <pre>
 *   column_j = A e_j,     matrix = (A + A') / 2,     asymmetry = max_ij |a_ij - a_ji| / 2
 * </pre>
 *
 * In exact arithmetic the asymmetry is 0; what it is says how well the products are rounded, and no eigenvalue is further
 * off than P times that. Cost: P products in as few scans as the budget allows, 8 P^2 bytes.
 *
 * @param matrix the mean of both triangles
 * @param asymmetry the largest difference from that mean
 */
public record DenseCurvature(SymmetricMatrix matrix, double asymmetry) {
    /** More of them make a matrix of over 200 MB, and take minutes to be factored into eigenvectors. */
    public static final int MOST_PARAMETERS = 5000;

    /** Budget for the products of a step, which are on the driver at a time. */
    private static final long STEP_BYTES = 1 << 25;

    /**
     * The matrix that products stand for.
     *
     * @param n rows and columns, at most {@link #MOST_PARAMETERS}
     * @param products with several directions, with one scan
     * @param bytes budget for directions and products of one scan, of which there is at least one
     * @return nothing if an entry is not finite
     * @throws IllegalArgumentException if there are more parameters
     */
    public static Optional<DenseCurvature> of(int n, UnaryOperator<List<Vector>> products, long bytes) {
        if (n > MOST_PARAMETERS) {
            throw new IllegalArgumentException(
                    "expected at most " + MOST_PARAMETERS + " parameters for a dense matrix, got " + n);
        }
        int together = (int) Math.max(1, Math.min(n, bytes / (2L * Double.BYTES * n)));
        double[] entries = new double[n * n];
        for (int from = 0; from < n; from += together) {
            List<Vector> units = IntStream.range(from, Math.min(n, from + together))
                    .mapToObj(j -> unit(n, j))
                    .toList();
            List<Vector> columns = products.apply(units);
            for (int k = 0; k < columns.size(); k++) {
                if (!columns.get(k).isFinite()) {
                    return Optional.empty();
                }
                System.arraycopy(columns.get(k).toArray(), 0, entries, (from + k) * n, n);
            }
        }
        double asymmetry = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double mean = entries[i * n + j] / 2 + entries[j * n + i] / 2;
                asymmetry = Math.max(asymmetry, Math.abs(entries[i * n + j] - mean));
                entries[i * n + j] = mean;
                entries[j * n + i] = mean;
            }
        }
        return Optional.of(new DenseCurvature(SymmetricMatrix.wrap(n, entries), asymmetry));
    }

    /** The matrix of an objective at a point, for a step of an optimizer; nothing if an entry is not finite. */
    static Optional<SymmetricMatrix> at(Objective objective, Curvature which, Vector point) {
        return of(point.size(), units -> objective.products(which, point, units), STEP_BYTES)
                .map(DenseCurvature::matrix);
    }

    /** The entries on the diagonal. */
    public Vector diagonal() {
        return matrix.diagonal();
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

    /** Why a step cannot be taken where the matrix is not finite. */
    static Step.End notFinite() {
        return new Step.End(
                true, "the second derivatives are not finite", "standardize the data, or set precision = float64");
    }

    private static Vector unit(int size, int at) {
        double[] values = new double[size];
        values[at] = 1;
        return Vector.wrap(values);
    }

    /**
     * Refuses more parameters than a dense matrix can have.
     *
     * @throws InputException names the optimizer, the number, and what to use
     */
    static void check(String optimizer, int parameters) {
        if (parameters > MOST_PARAMETERS) {
            throw new InputException(String.format(
                    Locale.ROOT,
                    "optimizer.name = %s: it needs the whole matrix of second derivatives, for at most %,d parameters, and"
                            + " the network has %,d; use newton-cg or lbfgs, which do without",
                    optimizer,
                    MOST_PARAMETERS,
                    parameters));
        }
    }

    /** Vectors of P doubles that are alive with a dense matrix: it, a changed one, and twice in the hands of LAPACK. */
    public static long vectors(long parameters) {
        return 4 * Math.min(parameters, MOST_PARAMETERS);
    }
}
