package dev.lockstep.curvature;

import dev.lockstep.linalg.Lanczos;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Vector;
import java.util.ArrayList;
import java.util.List;

/**
 * The largest eigenvalue of a block on the diagonal of the curvature matrix: the sharpness of one layer while the others
 * stand still.
 *
 * <pre>
 *   lambdaMax of A_bb,     A_bb x = (A (0, …, x, …, 0)')_b
 * </pre>
 *
 * <p>The sharpness of the whole is at least that of every block, since a block's eigenvector, filled up with zeros, has the
 * same quotient; for a positive semidefinite matrix it is at most the sum of the blocks'. Cost: a product of each block a
 * step of Lanczos, one scan for all blocks.
 *
 * @param from the block's first parameter
 * @param to after its last one
 * @param lambdaMax its largest eigenvalue
 * @param residual bound on its distance from an eigenvalue of the block
 */
public record BlockSharpness(int from, int to, double lambdaMax, double residual) {
    /**
     * @param bounds where the blocks begin, ascending, and at the end where the last one ends
     * @param tolerance on the residual, relative to the block's largest magnitude
     * @param most steps
     * @param seed of the starts
     */
    public static List<BlockSharpness> of(
            CurvatureMatrix matrix, List<Integer> bounds, double tolerance, int most, long seed) {
        List<Vector> starts = new ArrayList<>();
        List<Lanczos.Limits> limits = new ArrayList<>();
        for (int b = 0; b + 1 < bounds.size(); b++) {
            int size = bounds.get(b + 1) - bounds.get(b);
            starts.add(Mixing.signs(size, Mixing.mix(Mixing.key(seed, "curvature block"), b)));
            limits.add(Lanczos.Limits.until(Lanczos.Ends.LARGEST, tolerance, most));
        }
        List<Lanczos.Result> results = Lanczos.run(
                (blocks, directions) -> {
                    List<Vector> filled = new ArrayList<>();
                    for (int k = 0; k < blocks.size(); k++) {
                        filled.add(filled(matrix.size(), bounds.get(blocks.get(k)), directions.get(k)));
                    }
                    List<Vector> products = matrix.times(filled);
                    List<Vector> parts = new ArrayList<>();
                    for (int k = 0; k < blocks.size(); k++) {
                        int b = blocks.get(k);
                        parts.add(Vector.wrap(products.get(k).slice(bounds.get(b), bounds.get(b + 1))));
                    }
                    return parts;
                },
                starts,
                limits);
        List<BlockSharpness> blocks = new ArrayList<>();
        for (int b = 0; b < results.size(); b++) {
            Lanczos.Result result = results.get(b);
            int last = result.steps() - 1;
            blocks.add(new BlockSharpness(
                    bounds.get(b), bounds.get(b + 1), result.values().get(last), result.residual(last)));
        }
        return blocks;
    }

    private static Vector filled(int parameters, int from, Vector part) {
        double[] entries = new double[parameters];
        System.arraycopy(part.toArray(), 0, entries, from, part.size());
        return Vector.wrap(entries);
    }
}
