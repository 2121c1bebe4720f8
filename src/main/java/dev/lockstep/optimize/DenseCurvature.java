package dev.lockstep.optimize;

import dev.lockstep.InputException;
import dev.lockstep.linalg.SymmetricMatrix;
import dev.lockstep.linalg.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A whole P x P curvature matrix on the driver, for few parameters. */
public final class DenseCurvature {
    /** More of them make a matrix of over 200 MB. */
    public static final int MOST_PARAMETERS = 5000;

    /** Numbers of products that are on the driver at a time. */
    private static final int MOST_NUMBERS = 1 << 21;

    private DenseCurvature() {}

    /**
     * The matrix at a point, from P products; its two triangles are averaged, so that it is symmetric to the bit.
     *
     * @param objective of dimension P, at most {@link #MOST_PARAMETERS}
     * @return nothing if an entry is not finite
     */
    public static Optional<SymmetricMatrix> at(Objective objective, Curvature matrix, Vector point) {
        int n = point.size();
        double[] entries = new double[Math.multiplyExact(n, n)];
        int together = Math.max(1, MOST_NUMBERS / n);
        for (int from = 0; from < n; from += together) {
            int to = Math.min(n, from + together);
            List<Vector> units = new ArrayList<>();
            for (int i = from; i < to; i++) {
                units.add(unit(n, i));
            }
            List<Vector> products = objective.products(matrix, point, units);
            for (int i = from; i < to; i++) {
                System.arraycopy(products.get(i - from).toArray(), 0, entries, i * n, n);
            }
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double mean = entries[i * n + j] / 2 + entries[j * n + i] / 2;
                entries[i * n + j] = mean;
                entries[j * n + i] = mean;
            }
        }
        return Vector.wrap(entries).isFinite() ? Optional.of(SymmetricMatrix.wrap(n, entries)) : Optional.empty();
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

    /** Vectors of P doubles that a dense step keeps alive: the matrix, a copy to be factored, the factor. */
    static long vectors(long parameters) {
        return 3 * Math.min(parameters, MOST_PARAMETERS);
    }
}
