package dev.lockstep.curvature;

import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.SymmetricMatrix;
import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.Evaluation;
import dev.lockstep.optimize.Objective;
import java.util.List;
import java.util.stream.IntStream;

/** Objectives w' H w / 2 whose spectrum is known. */
final class Quadratics {
    private Quadratics() {}

    /** With a given matrix; counts the scans. */
    static final class Counted implements Objective {
        private final SymmetricMatrix matrix;
        int scans;
        int largestScan;

        Counted(SymmetricMatrix matrix) {
            this.matrix = matrix;
        }

        @Override
        public int dimension() {
            return matrix.size();
        }

        @Override
        public Evaluation evaluate(Vector point) {
            Vector gradient = matrix.times(point);
            return new Evaluation(gradient.dot(point) / 2, gradient);
        }

        @Override
        public List<Vector> products(Curvature which, Vector point, List<Vector> directions) {
            scans++;
            largestScan = Math.max(largestScan, directions.size());
            return directions.stream().map(matrix::times).toList();
        }
    }

    /** Q D Q' with the eigenvalues D and a product Q of three reflections. */
    static SymmetricMatrix turned(double... eigenvalues) {
        int n = eigenvalues.length;
        double[][] columns = new double[n][n];
        for (int j = 0; j < n; j++) {
            columns[j][j] = 1;
            for (int reflection = 0; reflection < 3; reflection++) {
                double[] normal = new double[n];
                double product = 0;
                double square = 0;
                for (int i = 0; i < n; i++) {
                    normal[i] = Mixing.normal(Mixing.mix(reflection, i, n));
                    product += normal[i] * columns[j][i];
                    square += normal[i] * normal[i];
                }
                for (int i = 0; i < n; i++) {
                    columns[j][i] -= 2 * product / square * normal[i];
                }
            }
        }
        double[] entries = new double[n * n];
        for (int i = 0; i < n; i++) {
            for (int k = 0; k <= i; k++) {
                int row = i;
                int column = k;
                double sum = IntStream.range(0, n)
                        .mapToDouble(j -> eigenvalues[j] * columns[j][row] * columns[j][column])
                        .sum();
                entries[i * n + k] = sum;
                entries[k * n + i] = sum;
            }
        }
        return SymmetricMatrix.wrap(n, entries);
    }

    /** As a network's: many eigenvalues near 0, a decaying tail, some negative ones. */
    static double[] likeANetwork(int n) {
        double[] eigenvalues = new double[n];
        for (int i = 0; i < n; i++) {
            eigenvalues[i] = i < n / 8
                    ? -0.3 * StrictMath.exp(-i / 4.0) - 0.02
                    : i < n / 2 ? 1e-4 * Mixing.uniform(Mixing.mix(i)) : 20 * StrictMath.exp(-(n - 1 - i) / 6.0) + 0.05;
        }
        return eigenvalues;
    }
}
