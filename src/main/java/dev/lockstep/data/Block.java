package dev.lockstep.data;

import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Nonzeros;
import java.io.Serializable;

/**
 * Some rows, packed: one array for all features, labels or targets and weights beside it, no object a row.
 *
 * @param rows number of rows n; arrays may be longer
 * @param features [n, inputs], row by row
 * @param labels class number of each row, 0 … C-1; null where targets are numbers
 * @param targets [n, outputs], row by row; null where there are classes
 * @param weights weight of each row, at least 0; null means that every weight is 1
 * @param nonzeros of the features, where enough of these are zero to make that worth knowing; else null
 */
public record Block(int rows, Buffer features, int[] labels, double[] targets, double[] weights, Nonzeros nonzeros)
        implements Serializable {

    /** One whose zeros nobody knows. */
    public Block(int rows, Buffer features, int[] labels, double[] targets, double[] weights) {
        this(rows, features, labels, targets, weights, null);
    }

    /** This block, with the zeros of its features known. */
    Block withNonzeros(int inputs) {
        return new Block(rows, features, labels, targets, weights, Nonzeros.of(rows, inputs, features));
    }

    /** The weight of a row. */
    public double weight(int row) {
        return weights == null ? 1.0 : weights[row];
    }
}
