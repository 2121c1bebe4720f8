package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.curvature.CurvatureMatrix;
import dev.lockstep.curvature.EigenPair;
import dev.lockstep.curvature.LargestPairs;
import dev.lockstep.curvature.Plane;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Network;
import dev.lockstep.observe.PathFile;
import dev.lockstep.optimize.Evaluation;
import dev.lockstep.optimize.Objective;
import java.util.List;
import java.util.Locale;

/**
 * The plane of {@code jobs/curvature --slice}.
 *
 * @param kind which directions: one of {@link #KINDS}
 * @param plane through the model's weights
 * @param axes what each direction is
 * @param pairs eigenvalues and residuals of the sharpest directions, shares of the path's principal components; none of
 *     random directions
 * @param reach how far one wants to see along each direction, whatever the path
 */
record SliceDirections(String kind, Plane plane, List<String> axes, List<Pair> pairs, List<Double> reach) {
    static final String SHARPEST = "sharpest";
    static final String RANDOM = "random";
    static final String PATH = "path";
    static final List<String> KINDS = List.of(SHARPEST, RANDOM, PATH);

    /** Most Lanczos steps for a principal component. */
    private static final int PATH_STEPS = 100;

    /** A second principal component of a smaller share is rounding. */
    private static final double STRAIGHT = 1e-20;

    /**
     * What belongs to a direction.
     *
     * @param value the eigenvalue of the curvature, or the share of the path's spread
     * @param residual how far it may be off
     */
    record Pair(double value, double residual) {}

    /**
     * The eigenvectors of the two largest eigenvalues. Along each one sees as far as the eigenvalue's parabola takes to rise by
     * what the objective is worth.
     *
     * @param here value and gradient at the weights
     * @param seed of the starts
     */
    static SliceDirections sharpest(
            Objective objective, CurvatureReport.Setting setting, Vector point, Evaluation here, long seed) {
        CurvatureMatrix matrix = new CurvatureMatrix(objective, setting.matrix(), point);
        List<EigenPair> pairs = LargestPairs.of(
                point.size(),
                direction -> matrix.times(List.of(direction)).get(0),
                2,
                setting.precision() == Precision.FLOAT64 ? 1e-6 : 1e-4,
                QuickCurvature.steps(point.size()),
                seed);
        return new SliceDirections(
                SHARPEST,
                new Plane(point, pairs.get(0).vector(), pairs.get(1).vector()),
                List.of(axis("sharpest", pairs.get(0)), axis("next sharpest", pairs.get(1))),
                pairs.stream()
                        .map(pair -> new Pair(pair.value(), pair.residual()))
                        .toList(),
                pairs.stream()
                        .map(pair -> reach(here.value(), pair.value(), point))
                        .toList());
    }

    private static String axis(String which, EigenPair pair) {
        return String.format(Locale.ROOT, "along the %s direction (lambda = %.3g)", which, pair.value());
    }

    private static double reach(double value, double eigenvalue, Vector point) {
        double reach = Math.sqrt(2 * Math.abs(value / eigenvalue));
        return Double.isFinite(reach) && reach > 0 ? reach : Math.max(1, point.norm());
    }

    /**
     * Two random directions of the network's own proportions: each row of a weight tensor, the weights into one unit, has the
     * norm of the network's row; biases stand still (Li and others 2018, arXiv:1712.09913). One sees as far as the network is
     * large: from -1 to 1.
     */
    static SliceDirections random(Network network, Vector point, long seed) {
        try {
            Plane plane = new Plane(
                    point, normalized(network, point, seed, "slice x"), normalized(network, point, seed, "slice y"));
            return new SliceDirections(
                    RANDOM,
                    plane,
                    List.of("along a random direction, filter-normalized", "along another one"),
                    List.of(),
                    List.of(1.0, 1.0));
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    "--directions random: the network's weights, biases left out, do not span a plane: too few of them, or all"
                            + " are 0; take --directions sharpest",
                    e);
        }
    }

    private static Vector normalized(Network network, Vector point, long seed, String purpose) {
        double[] direction = new double[point.size()];
        for (Network.Tensor tensor : network.tensors()) {
            int width = tensor.isWeight() ? tensor.shape().get(1) : tensor.size();
            for (int from = tensor.from(); tensor.isWeight() && from < tensor.from() + tensor.size(); from += width) {
                double square = 0;
                for (int i = from; i < from + width; i++) {
                    direction[i] = Mixing.normal(Mixing.mix(Mixing.key(seed, purpose), i));
                    square += direction[i] * direction[i];
                }
                double factor = point.norm(from, from + width) / Math.sqrt(square);
                for (int i = from; i < from + width; i++) {
                    direction[i] *= factor;
                }
            }
        }
        return Vector.wrap(direction);
    }

    /**
     * The two principal components of the path's points around the weights.
     *
     * @throws InputException if the path is none, or straight
     */
    static SliceDirections ofPath(List<PathFile.Point> path, Vector point, long seed) {
        List<Vector> differences =
                path.stream().map(place -> place.weights().minus(point)).toList();
        double total = differences.stream().mapToDouble(each -> each.dot(each)).sum();
        if (!(total > 0) || !Double.isFinite(total)) {
            throw new InputException(
                    "--directions path: the run has left no path: no path.jsonl, and no checkpoint away"
                            + " from its last weights; train with observe.path = 1, or take --directions sharpest");
        }
        List<EigenPair> pairs = LargestPairs.of(point.size(), x -> spread(differences, x), 2, 1e-10, PATH_STEPS, seed);
        if (!(pairs.get(1).value() > STRAIGHT * total)) {
            throw new InputException("--directions path: the path is straight, so it has one direction only; take"
                    + " --directions sharpest");
        }
        return new SliceDirections(
                PATH,
                new Plane(point, pairs.get(0).vector(), pairs.get(1).vector()),
                List.of(component("first", pairs.get(0), total), component("second", pairs.get(1), total)),
                pairs.stream()
                        .map(pair -> new Pair(pair.value() / total, pair.residual() / total))
                        .toList(),
                List.of(0.0, 0.0));
    }

    private static String component(String which, EigenPair pair, double total) {
        return String.format(
                Locale.ROOT,
                "along the path's %s component (%.3g %% of its spread)",
                which,
                100 * pair.value() / total);
    }

    /** sum_i d_i (d_i' x). */
    private static Vector spread(List<Vector> differences, Vector x) {
        Vector sum = Vector.zeros(x.size());
        for (Vector difference : differences) {
            sum = sum.plus(difference.dot(x), difference);
        }
        return sum;
    }
}
