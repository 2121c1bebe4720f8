package dev.lockstep.linalg;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The eigen-decomposition of a symmetric n x n matrix A.
 *
 * <pre>
 *   A v_i = lambda_i v_i,     v_i' v_j = 1 if i = j, else 0
 * </pre>
 *
 * <p>An eigenvector's sign is a convention: its largest entry, the first of equals, is positive.
 *
 * @param values lambda, n entries, ascending
 * @param vectors v_i of n entries each, in the order of the values
 */
public record Eigen(Vector values, List<Vector> vectors) {
    /** From LAPACK's layout, one vector after the other. */
    static Eigen of(double[] values, double[] columns) {
        int n = values.length;
        List<Vector> vectors = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            double largest = 0;
            for (int j = i * n; j < (i + 1) * n; j++) {
                largest = Math.abs(columns[j]) > Math.abs(largest) ? columns[j] : largest;
            }
            double sign = largest < 0 ? -1 : 1;
            double[] vector = new double[n];
            for (int j = 0; j < n; j++) {
                vector[j] = sign * columns[i * n + j];
            }
            vectors.add(Vector.wrap(vector));
        }
        return new Eigen(Vector.wrap(values), List.copyOf(vectors));
    }

    /** The order n. */
    public int size() {
        return values.size();
    }

    /**
     * A function of the matrix times a vector: sum_i f(lambda_i) (v_i'x) v_i.
     *
     * @param x n entries
     */
    public Vector map(Vector x, DoubleUnaryOperator f) {
        Vector sum = Vector.zeros(size());
        for (int i = 0; i < size(); i++) {
            Vector vector = vectors.get(i);
            sum = sum.plus(f.applyAsDouble(values.get(i)) * vector.dot(x), vector);
        }
        return sum;
    }
}
