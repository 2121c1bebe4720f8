package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.SymmetricMatrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Least-squares rows whose objective is a quadratic of choice: under a network without hidden layers and bias, with
 * squared error, the Hessian has exactly the eigenvalues that were asked for, and the minimum is 0 at the optimum.
 *
 * <p>For a factor H = A transposed(A) with columns a_0 … a_(d-1), row i has the features x = ± sqrt(d) a_(i mod d) and the
 * target x · optimum; the sign changes every d rows, so features have mean 0. The mean of x transposed(x) is H. A bias
 * would add the eigenvalue 1. Axis-aligned, a_j = sqrt(eigenvalue_j) e_j; rotated, e_j is turned by a product of d random
 * reflections; for a given {@code hessian}, A is its Cholesky factor.
 *
 * @param rows a multiple of 2 d
 * @param factor rows of A
 * @param optimum where the objective is 0
 */
record Quadratic(long rows, double[][] factor, double[] optimum) implements Generator {
    private static final int MOST_DIMENSIONS = 2000;

    static Quadratic read(Settings settings) {
        boolean rotated = settings.flag("rotated", false);
        long seed = settings.integer("seed", 1);
        List<List<Double>> hessian = settings.rows("hessian");
        double[] eigenvalues = eigenvalues(settings);
        double[][] factor = hessian.isEmpty() ? factor(eigenvalues, rotated, seed) : cholesky(settings, hessian);
        int d = factor.length;
        long rows = settings.integer("rows", 2L * d);
        if (rows <= 0 || rows % (2L * d) != 0) {
            throw settings.wrong("rows", "expected a multiple of " + 2 * d + ", twice the number of dimensions");
        }
        double[] optimum = optimum(settings, d, rotated && hessian.isEmpty(), seed);
        return new Quadratic(rows, factor, optimum);
    }

    private static double[] eigenvalues(Settings settings) {
        List<Double> given = settings.numbers("eigenvalues");
        int dimensions = settings.integer("dimensions", given.isEmpty() ? 2 : given.size(), 1, MOST_DIMENSIONS);
        double condition = settings.number("condition", 10.0);
        if (!(condition >= 1)) {
            throw settings.wrong("condition", "expected a number of at least 1");
        }
        if (given.isEmpty()) {
            double[] spaced = new double[dimensions];
            for (int i = 0; i < dimensions; i++) {
                double share = dimensions == 1 ? 0 : (double) i / (dimensions - 1);
                spaced[i] = StrictMath.pow(condition, -share);
            }
            return spaced;
        }
        if (given.size() != dimensions || given.stream().anyMatch(value -> value < 0)) {
            throw settings.wrong("eigenvalues", "expected one number of at least 0 for each dimension");
        }
        return given.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double[][] factor(double[] eigenvalues, boolean rotated, long seed) {
        int d = eigenvalues.length;
        double[][] factor = new double[d][d];
        for (int j = 0; j < d; j++) {
            double[] direction = direction(j, d, rotated, seed);
            for (int i = 0; i < d; i++) {
                factor[i][j] = StrictMath.sqrt(eigenvalues[j]) * direction[i];
            }
        }
        return factor;
    }

    private static double[][] cholesky(Settings settings, List<List<Double>> hessian) {
        if (settings.has("eigenvalues") || settings.has("condition") || settings.flag("rotated", false)) {
            throw settings.wrong("hessian", "give either a Hessian, or eigenvalues or a condition with rotated");
        }
        try {
            return SymmetricMatrix.of(hessian)
                    .choleskyFactor()
                    .orElseThrow(() -> settings.wrong("hessian", "expected a positive definite matrix"));
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    settings.describe("hessian") + ": expected a symmetric matrix: " + e.getMessage(), e);
        }
    }

    /** An eigenvector of the Hessian: e_j, turned by d reflections in random directions if rotated. */
    private static double[] direction(int j, int d, boolean rotated, long seed) {
        double[] direction = new double[d];
        direction[j] = 1.0;
        if (rotated) {
            for (int reflection = 0; reflection < d; reflection++) {
                reflect(direction, Mixing.mix(Mixing.key(seed, "rotation"), reflection));
            }
        }
        return direction;
    }

    private static void reflect(double[] x, long key) {
        double[] normal = new double[x.length];
        double square = 0;
        double product = 0;
        for (int i = 0; i < x.length; i++) {
            normal[i] = Mixing.normal(Mixing.mix(key, i));
            square += normal[i] * normal[i];
            product += normal[i] * x[i];
        }
        for (int i = 0; i < x.length; i++) {
            x[i] -= 2 * product / square * normal[i];
        }
    }

    /** The given optimum, or the sum of all eigenvectors: distance 1 from 0 along each of them. */
    private static double[] optimum(Settings settings, int d, boolean rotated, long seed) {
        List<Double> given = settings.numbers("optimum");
        if (!given.isEmpty()) {
            if (given.size() != d) {
                throw settings.wrong("optimum", "expected " + d + " numbers, one for each dimension");
            }
            return given.stream().mapToDouble(Double::doubleValue).toArray();
        }
        List<double[]> directions = new ArrayList<>();
        for (int j = 0; j < d; j++) {
            directions.add(direction(j, d, rotated, seed));
        }
        double[] sum = new double[d];
        for (double[] direction : directions) {
            Arrays.setAll(sum, i -> sum[i] + direction[i]);
        }
        return sum;
    }

    @Override
    public int features() {
        return factor.length;
    }

    @Override
    public int classes() {
        return 0;
    }

    @Override
    public double make(long row, double[] features) {
        int d = factor.length;
        int column = (int) (row % d);
        double scale = (row / d % 2 == 0 ? 1 : -1) * StrictMath.sqrt(d);
        double target = 0;
        for (int i = 0; i < d; i++) {
            features[i] = scale * factor[i][column];
            target += features[i] * optimum[i];
        }
        return target;
    }
}
