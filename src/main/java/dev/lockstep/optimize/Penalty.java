package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * What is added to the mean loss so that weights stay small: ridge (l2) and lasso (l1).
 *
 * <pre>
 *   value    = (l2/2) sum_i w_i^2 + l1 sum_i |w_i|         over the weights; over biases too if biases = true
 *   gradient = l2 w_i + l1 sgn(w_i)                        sgn(0) = 0, a subgradient; 0 where nothing is penalized
 * </pre>
 *
 * Both are sums over parameters, never divided by the number of rows, and are added once, on the driver. Sums are
 * pairwise in an order that the number of parameters alone decides. Cost: none over the data.
 *
 * <p>Unlike an optimizer's {@code weight-decay} it belongs to the objective: the logged value and norm include it.
 * Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 2nd ed., section 3.4,
 * doi:10.1007/978-0-387-84858-7.
 *
 * @param l2 at least 0
 * @param l1 at least 0
 * @param biases whether biases are penalized as well
 * @param weights P entries: not 0 where the parameter is a weight, 0 where it is a bias
 */
public record Penalty(double l2, double l1, boolean biases, Vector weights) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code l2} or {@code l1} is negative or not finite
     */
    public Penalty {
        Range.NOT_NEGATIVE.check("penalty.l2", l2);
        Range.NOT_NEGATIVE.check("penalty.l1", l1);
    }

    /** Reads {@code penalty { l2 = 0, l1 = 0, biases = false }} of a run's configuration; nothing given is no penalty. */
    public static Penalty read(Settings root, Vector weights) {
        Settings own = root.child("penalty");
        return new Penalty(
                Range.NOT_NEGATIVE.read(own, "l2", 0),
                Range.NOT_NEGATIVE.read(own, "l1", 0),
                own.flag("biases", false),
                weights);
    }

    /** Whether nothing is ever added. */
    public boolean isNone() {
        return l2 == 0 && l1 == 0;
    }

    /** What is added to the loss at a point. */
    public double value(Vector point) {
        if (isNone()) {
            return 0;
        }
        Vector penalized = penalized(point);
        return l2 / 2 * penalized.dot(penalized) + l1 * penalized.map(Math::abs).sum();
    }

    /** What is added to the gradient at a point, P entries. */
    public Vector gradient(Vector point) {
        return isNone() ? Vector.zeros(point.size()) : penalized(point).map(w -> l2 * w + l1 * Math.signum(w));
    }

    private Vector penalized(Vector point) {
        return biases ? point : point.zip(weights, (w, isWeight) -> isWeight == 0 ? 0 : w);
    }
}
