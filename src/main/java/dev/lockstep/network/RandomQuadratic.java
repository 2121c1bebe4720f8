package dev.lockstep.network;

import dev.lockstep.data.Block;
import dev.lockstep.linalg.Mixing;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The loss z' H z / 2 with random symmetric matrices: critical points as they would be if second derivatives were drawn.
 *
 * <p>The outputs minus the targets are cut into pieces of {@code size}; each has a matrix of its own of the Gaussian orthogonal
 * ensemble: entries off the diagonal normal with variance 1 / size, on the diagonal 2 / size, and {@code shift} added on the
 * diagonal. The eigenvalues of a large one fill [shift - 2, shift + 2] under Wigner's semicircle.
 *
 * @param size of each matrix, positive
 * @param shift on the diagonal
 * @param seed draws the matrices
 */
public record RandomQuadratic(int size, double shift, long seed) implements Loss {
    /** The word in a configuration. */
    public static final String KEY = "random-quadratic";

    /** Matrices stay where they were drawn, for drawing takes many times as long as multiplying. */
    private static final int MOST_KEPT = 8;

    private static final Map<Drawn, double[]> KEPT = new LinkedHashMap<>();

    /** Which matrices, and how many. */
    private record Drawn(RandomQuadratic law, int outputs) {}

    public RandomQuadratic {
        if (size < 1) {
            throw new IllegalArgumentException("the size must be positive, got " + size);
        }
    }

    /**
     * Refuses a number of outputs that are not whole pieces.
     *
     * @throws IllegalArgumentException says what is expected
     */
    void check(int outputs) {
        if (outputs % size != 0) {
            throw new IllegalArgumentException("the loss " + KEY + " has matrices of size " + size + ", got " + outputs
                    + " outputs; give a multiple of " + size + " target columns");
        }
    }

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public boolean forClasses() {
        return false;
    }

    @Override
    public int outputs(int targets) {
        return targets;
    }

    /** All matrices, one after the other, row by row. */
    private double[] matrices(int outputs) {
        synchronized (KEPT) {
            Drawn drawn = new Drawn(this, outputs);
            double[] kept = KEPT.get(drawn);
            if (kept == null) {
                if (KEPT.size() >= MOST_KEPT) {
                    KEPT.clear();
                }
                kept = draw(outputs / size);
                KEPT.put(drawn, kept);
            }
            return kept;
        }
    }

    private double[] draw(int pieces) {
        double[] all = new double[pieces * size * size];
        long key = Mixing.key(seed, "random quadratic");
        for (int piece = 0; piece < pieces; piece++) {
            long own = Mixing.mix(key, piece);
            for (int i = 0; i < size; i++) {
                for (int j = 0; j <= i; j++) {
                    double scale = StrictMath.sqrt((i == j ? 2.0 : 1.0) / size);
                    double entry = scale * Mixing.normal(Mixing.mix(own, i, j)) + (i == j ? shift : 0);
                    all[(piece * size + i) * size + j] = entry;
                    all[(piece * size + j) * size + i] = entry;
                }
            }
        }
        return all;
    }

    /** The product of the matrices with a row of outputs. */
    private void multiply(double[] matrices, double[] x, int from, int width, double[] product) {
        for (int i = 0; i < width; i++) {
            int first = from + i / size * size;
            double sum = 0;
            for (int j = 0; j < size; j++) {
                sum += matrices[i * size + j] * x[first + j];
            }
            product[i] = sum;
        }
    }

    @Override
    public int evaluate(double[] outputs, int width, Block block, double[] derivatives, double[] values) {
        double[] matrices = matrices(width);
        double[] z = new double[width];
        double[] product = new double[width];
        for (int i = 0; i < block.rows(); i++) {
            for (int j = 0; j < width; j++) {
                z[j] = outputs[i * width + j] - block.targets()[i * width + j];
            }
            multiply(matrices, z, 0, width, product);
            double sum = 0;
            for (int j = 0; j < width; j++) {
                sum += z[j] * product[j];
                derivatives[i * width + j] = product[j];
            }
            values[i] = sum / 2;
        }
        return 0;
    }

    @Override
    public void curve(double[] outputs, int width, Block block, double[] directions) {
        double[] matrices = matrices(width);
        double[] product = new double[width];
        for (int i = 0; i < block.rows(); i++) {
            multiply(matrices, directions, i * width, width, product);
            System.arraycopy(product, 0, directions, i * width, width);
        }
    }

    @Override
    public void curvature(double[] outputs, int width, Block block, double[] diagonal) {
        double[] matrices = matrices(width);
        for (int i = 0; i < block.rows(); i++) {
            for (int j = 0; j < width; j++) {
                diagonal[i * width + j] = matrices[j * size + j % size];
            }
        }
    }
}
