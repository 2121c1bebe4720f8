package dev.lockstep.curvature;

import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Evaluation;
import dev.lockstep.optimize.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * An objective's own derivatives against differences of its values, and its Hessian-vector product against differences of
 * its gradients.
 *
 * <pre>
 *   gradient:  (8 (E(w + h e_i) - E(w - h e_i)) - (E(w + 2h e_i) - E(w - 2h e_i))) / 12 h          some parameters of each tensor
 *   product:   the same of gradients, along a random direction                                     all parameters
 * </pre>
 *
 * Each difference is taken with two steps h. Where they disagree there is a kink within reach, as ReLU has them, and nothing
 * is said of the parameter. The objective had better compute in double precision.
 *
 * <p>Cost: 8 values for each parameter that is looked at, 9 gradients and a product.
 */
public final class DerivativeCheck {
    /** A relative error up to this is what differences allow. */
    public static final double TOLERANCE = 1e-6;

    /** Points that are asked for with one scan. */
    private static final int TOGETHER = 64;

    private static final double[] STEPS = {1e-3, 2.5e-4};
    /** Of differences of gradients, which have more digits to lose. */
    private static final double[] GRADIENT_STEPS = {1e-5, 2.5e-6};

    /** Up to this two differences agree. */
    private static final double SETTLED = 1e-7;

    private final Objective objective;
    private final Vector point;
    private final Evaluation here;

    private DerivativeCheck(Objective objective, Vector point) {
        this.objective = objective;
        this.point = point;
        this.here = objective.evaluate(point);
    }

    /**
     * What was found for the parameters of one tensor.
     *
     * @param tensor its number
     * @param checked how many parameters were compared
     * @param unsettled how many of them lie at a kink
     * @param worst index of the parameter with the largest error among all parameters, -1 if none was settled
     * @param exact its derivative, as it is computed
     * @param difference as differences have it
     * @param error |exact - difference| / (|exact| + |difference| + a millionth of the largest derivative)
     */
    public record Finding(
            int tensor, int checked, int unsettled, int worst, double exact, double difference, double error) {
        /** Whether the error is one of differences. */
        public boolean holds() {
            return error <= TOLERANCE;
        }
    }

    /**
     * Both comparisons.
     *
     * @param gradient a finding for each tensor
     * @param product a finding for each tensor
     */
    public record Report(List<Finding> gradient, List<Finding> product) {
        /** How many parameters were compared and lie at no kink. */
        public int settled() {
            return Stream.concat(gradient.stream(), product.stream())
                    .mapToInt(finding -> finding.checked() - finding.unsettled())
                    .sum();
        }

        /** Whether nothing is wrong. */
        public boolean holds() {
            return gradient.stream().allMatch(Finding::holds)
                    && product.stream().allMatch(Finding::holds);
        }
    }

    /**
     * Compares.
     *
     * @param point where, P parameters
     * @param perTensor how many parameters of each tensor's gradient are looked at: the one with the largest derivative, and
     *     others at random
     * @param seed decides which, and the direction
     */
    public static Report of(Objective objective, Vector point, int perTensor, long seed) {
        DerivativeCheck check = new DerivativeCheck(objective, point);
        return new Report(check.gradient(perTensor, seed), check.product(seed));
    }

    private List<Finding> gradient(int perTensor, long seed) {
        List<Integer> bounds = objective.tensors();
        List<Integer> chosen = new ArrayList<>();
        for (int tensor = 0; tensor + 1 < bounds.size(); tensor++) {
            chosen.addAll(choose(bounds.get(tensor), bounds.get(tensor + 1), perTensor, Mixing.mix(seed, tensor)));
        }
        double[][] differences = new double[STEPS.length][chosen.size()];
        int together = Math.max(1, TOGETHER / (4 * STEPS.length));
        for (int from = 0; from < chosen.size(); from += together) {
            List<Integer> some = chosen.subList(from, Math.min(chosen.size(), from + together));
            List<Vector> points = new ArrayList<>();
            for (int parameter : some) {
                for (double h : STEPS) {
                    for (double factor : new double[] {h, -h, 2 * h, -2 * h}) {
                        points.add(moved(parameter, factor));
                    }
                }
            }
            double[] values = objective.values(points);
            for (int i = 0; i < some.size(); i++) {
                for (int s = 0; s < STEPS.length; s++) {
                    int at = (i * STEPS.length + s) * 4;
                    differences[s][from + i] =
                            (8 * (values[at] - values[at + 1]) - (values[at + 2] - values[at + 3])) / (12 * STEPS[s]);
                }
            }
        }
        double[] exact = new double[chosen.size()];
        for (int i = 0; i < exact.length; i++) {
            exact[i] = here.gradient().get(chosen.get(i));
        }
        // A value's rounding, seen through a difference.
        double noise = 1e-15 * Math.abs(here.value()) / STEPS[1] / TOLERANCE;
        return findings(
                chosen, exact, differences, Math.max(1e-6 * here.gradient().maxAbs(), noise));
    }

    private static List<Integer> all(int size) {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            all.add(i);
        }
        return all;
    }

    private SortedSet<Integer> choose(int from, int to, int count, long key) {
        SortedSet<Integer> chosen = new TreeSet<>();
        int largest = from;
        for (int i = from; i < to; i++) {
            largest =
                    Math.abs(here.gradient().get(i)) > Math.abs(here.gradient().get(largest)) ? i : largest;
        }
        chosen.add(largest);
        for (long i = 0; chosen.size() < Math.min(count, to - from); i++) {
            chosen.add(from + (int) (Mixing.uniform(Mixing.mix(key, i)) * (to - from)));
        }
        return chosen;
    }

    private Vector moved(int parameter, double by) {
        double[] values = point.toArray();
        values[parameter] += by;
        return Vector.wrap(values);
    }

    private List<Finding> product(long seed) {
        Vector direction = Vector.of(point.size(), (values, from, to) -> {
            for (int i = from; i < to; i++) {
                values[i] = Mixing.normal(Mixing.mix(seed, i));
            }
        });
        direction = direction.times(1 / direction.norm());
        Vector exact = objective.hessianVector(point, direction);
        double[][] differences = new double[GRADIENT_STEPS.length][];
        for (int s = 0; s < GRADIENT_STEPS.length; s++) {
            double h = GRADIENT_STEPS[s];
            List<Evaluation> around = objective.evaluate(List.of(
                    point.plus(h, direction),
                    point.plus(-h, direction),
                    point.plus(2 * h, direction),
                    point.plus(-2 * h, direction)));
            Vector near = around.get(0).gradient().minus(around.get(1).gradient());
            Vector far = around.get(2).gradient().minus(around.get(3).gradient());
            differences[s] = near.combined(8 / (12 * h), -1 / (12 * h), far).toArray();
        }
        double noise = 1e-15 * here.gradient().maxAbs() / GRADIENT_STEPS[1] / TOLERANCE;
        return findings(all(point.size()), exact.toArray(), differences, Math.max(1e-6 * exact.maxAbs(), noise));
    }

    /** @param floor derivatives below it are compared with it */
    private List<Finding> findings(List<Integer> chosen, double[] exact, double[][] differences, double floor) {
        List<Integer> bounds = objective.tensors();
        List<Finding> findings = new ArrayList<>();
        int i = 0;
        for (int tensor = 0; tensor + 1 < bounds.size(); tensor++) {
            int checked = 0;
            int unsettled = 0;
            int worst = -1;
            double most = -1;
            for (; i < exact.length && chosen.get(i) < bounds.get(tensor + 1); i++) {
                checked++;
                double error = error(exact[i], differences[1][i], floor);
                double apart = error(differences[0][i], differences[1][i], floor);
                boolean settled = apart <= SETTLED || Double.isInfinite(apart);
                if (!settled && error > TOLERANCE) {
                    unsettled++;
                } else if (error > most) {
                    most = error;
                    worst = i;
                }
            }
            findings.add(new Finding(
                    tensor,
                    checked,
                    unsettled,
                    worst < 0 ? -1 : chosen.get(worst),
                    worst < 0 ? 0 : exact[worst],
                    worst < 0 ? 0 : differences[1][worst],
                    Math.max(0, most)));
        }
        return findings;
    }

    /** Infinite where one of them is not finite. */
    private static double error(double one, double other, double floor) {
        double error = Math.abs(one - other) / (Math.abs(one) + Math.abs(other) + floor);
        return Double.isFinite(error) ? error : Double.POSITIVE_INFINITY;
    }
}
