package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What is added to the mean loss so that weights stay small: ridge (l2) and lasso (l1).
 *
 * <pre>
 *   value    = (l2/2) sum_i w_i^2 + l1 sum_i |w_i|         over the weights; over biases too if biases = true
 *   gradient = l2 w_i + l1 sgn(w_i)                        sgn(0) = 0, a subgradient; 0 where nothing is penalized
 * </pre>
 *
 * With {@code l1-by = proximal} the gradient leaves l1 out, and the optimizer ends each step with {@link #proximal}:
 * weights become exactly 0, where subgradients leave them to flutter around it.
 *
 * <p>Both are sums over parameters, never divided by the number of rows, and are added once, on the driver. Sums are
 * pairwise in an order that the number of parameters alone decides. Cost: none over the data.
 *
 * <p>Unlike an optimizer's {@code weight-decay} it belongs to the objective: the logged value and norm include it.
 * Source: Hastie, Tibshirani, Friedman, The Elements of Statistical Learning, 2nd ed., section 3.4,
 * doi:10.1007/978-0-387-84858-7; proximal: Parikh, Boyd 2014, doi:10.1561/2400000003.
 *
 * @param l2 at least 0
 * @param l1 at least 0
 * @param l1By who brings l1 into a step
 * @param biases whether biases are penalized as well
 * @param weights P entries: not 0 where the parameter is a weight, 0 where it is a bias
 */
public record Penalty(double l2, double l1, L1By l1By, boolean biases, Vector weights) {
    /** How l1, which has no derivative at 0, comes into a step. */
    public enum L1By {
        /** As part of the gradient. */
        SUBGRADIENT,
        /** By a proximal step behind that of the gradient, for optimizers that make it. */
        PROXIMAL;

        /** The word in a configuration. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code l2} or {@code l1} is negative or not finite
     */
    public Penalty {
        Range.NOT_NEGATIVE.check("penalty.l2", l2);
        Range.NOT_NEGATIVE.check("penalty.l1", l1);
    }

    /** With l1 as part of the gradient. */
    public Penalty(double l2, double l1, boolean biases, Vector weights) {
        this(l2, l1, L1By.SUBGRADIENT, biases, weights);
    }

    /**
     * Reads {@code penalty { l2 = 0, l1 = 0, l1-by = subgradient, biases = false }} of a run's configuration; nothing
     * given is no penalty.
     */
    public static Penalty read(Settings root, Vector weights) {
        Settings own = root.child("penalty");
        List<String> ways = Arrays.stream(L1By.values()).map(L1By::key).toList();
        return new Penalty(
                Range.NOT_NEGATIVE.read(own, "l2", 0),
                Range.NOT_NEGATIVE.read(own, "l1", 0),
                L1By.values()[ways.indexOf(own.choice("l1-by", L1By.SUBGRADIENT.key(), ways))],
                own.flag("biases", false),
                weights);
    }

    /** The same penalty on the weights of a network. */
    public Penalty on(Vector networkWeights) {
        return new Penalty(l2, l1, l1By, biases, networkWeights);
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

    /** What is added to the gradient at a point, P entries; without l1 where that is left to the proximal step. */
    public Vector gradient(Vector point) {
        if (isNone()) {
            return Vector.zeros(point.size());
        }
        return leavesOut() ? penalized(point).times(l2) : penalized(point).map(w -> l2 * w + l1 * Math.signum(w));
    }

    /** What is added to the product of the Hessian with a direction, P entries; l1 has none. */
    public Vector product(Vector direction) {
        return penalized(direction).times(l2);
    }

    /** Whether {@link #gradient} leaves a part out, which {@link #proximal} makes up for. */
    private boolean leavesOut() {
        return l1By == L1By.PROXIMAL && l1 > 0;
    }

    /**
     * The proximal step of what {@link #gradient} leaves out: soft thresholding of what is penalized.
     *
     * <pre>
     *   w_i - eta l1 if w_i &gt; eta l1,   w_i + eta l1 if w_i &lt; -eta l1,   else 0
     * </pre>
     *
     * @param point P parameters
     * @param eta not negative
     * @return the point itself if nothing is left out
     */
    public Vector proximal(Vector point, double eta) {
        double threshold = eta * l1;
        if (!leavesOut() || threshold == 0) {
            return point;
        }
        return point.zip(
                weights,
                (w, isWeight) ->
                        !biases && isWeight == 0 ? w : Math.abs(w) <= threshold ? 0 : w - Math.copySign(threshold, w));
    }

    /**
     * The norm of the objective's gradient; where l1 is left out of that, of its least subgradient, which is 0
     * exactly at a minimum.
     *
     * <pre>
     *   g_i + l1 sgn(w_i) where w_i != 0,   else g_i softly thresholded by l1
     * </pre>
     *
     * @param point P parameters
     * @param gradient g at the point, with what {@link #gradient} adds
     */
    public double norm(Vector point, Vector gradient) {
        if (!leavesOut()) {
            return gradient.norm();
        }
        Vector least = Vector.of(point.size(), (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = !biases && weights.get(i) == 0 ? gradient.get(i) : least(gradient.get(i), point.get(i));
            }
        });
        return least.norm();
    }

    private double least(double g, double w) {
        if (w == 0) {
            return Math.abs(g) <= l1 ? 0 : g - Math.copySign(l1, g);
        }
        return g + l1 * Math.signum(w);
    }

    private Vector penalized(Vector point) {
        return biases ? point : point.zip(weights, (w, isWeight) -> isWeight == 0 ? 0 : w);
    }
}
