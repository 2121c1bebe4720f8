package dev.lockstep.data;

import dev.lockstep.Settings;
import java.util.Arrays;
import java.util.List;

/**
 * Rows to be learnt from themselves: targets are the features, and the mean of x transposed(x) is diagonal. Under a
 * linear network with a narrow hidden layer and without biases all critical points are known (Baldi, Hornik 1989,
 * doi:10.1016/0893-6080(89)90014-2).
 *
 * <p>For n eigenvalues the 2 n rows are sqrt(n eigenvalue_i) e_i, then their negatives.
 *
 * @param eigenvalues of the mean of x transposed(x), at least 0
 */
record Autoencoder(double[] eigenvalues) implements Generator {
    private static final int MOST_DIMENSIONS = 2000;

    static Autoencoder read(Settings settings) {
        List<Double> given =
                settings.has("eigenvalues") ? settings.numbers("eigenvalues") : List.of(4.0, 3.0, 2.0, 1.0);
        if (given.isEmpty() || given.size() > MOST_DIMENSIONS || given.stream().anyMatch(value -> value < 0)) {
            throw settings.wrong(
                    "eigenvalues", "expected a list of up to " + MOST_DIMENSIONS + " numbers of at least 0");
        }
        return new Autoencoder(given.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Override
    public int features() {
        return eigenvalues.length;
    }

    @Override
    public long rows() {
        return 2L * eigenvalues.length;
    }

    @Override
    public int classes() {
        return 0;
    }

    @Override
    public int targets() {
        return eigenvalues.length;
    }

    @Override
    public double make(long row, double[] values) {
        int n = eigenvalues.length;
        int axis = (int) (row % n);
        Arrays.fill(values, 0);
        values[axis] = (row < n ? 1 : -1) * StrictMath.sqrt(n * eigenvalues[axis]);
        return values[0];
    }

    @Override
    public void targets(long row, double[] features, double label, double[] targets) {
        System.arraycopy(features, 0, targets, 0, targets.length);
    }
}
