package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Resilient propagation: each coordinate has its own step, which the signs of its last two derivatives govern.
 *
 * <pre>
 *   s = g(k) p(k)                               per coordinate; p(0) = 0, d(0) = initialStep, m(0) = 0, k = 0, 1, …
 *   d(k+1) = clamp(f d(k), minStep, maxStep)    f = increase if s &gt; 0, decrease if s &lt; 0, else 1
 *   m(k+1) = -sgn(g(k)) d(k+1)                  sgn(0) = 0; s &lt; 0: the variant's move
 *   p(k+1) = g(k)                               s &lt; 0: 0, but for rprop-minus
 *   w(k+1) = w(k) + m(k+1)
 * </pre>
 *
 * Signs alone decide: scaling the objective, or one coordinate of it, changes no bit (irprop-plus also compares values,
 * in which a coordinate's scale counts) unless s under- or overflows. {@code irprop-minus} equals PyTorch's
 * {@code Rprop} to the bit; but a NaN derivative moves its coordinate to NaN instead of being passed over in silence.
 *
 * <p>Cost: one pass per step, always over the full batch; state 2 P doubles, 3 P with backtracking. Source: Riedmiller,
 * Braun 1993, doi:10.1109/ICNN.1993.298623; variants: Igel, Hüsken 2003, doi:10.1016/S0925-2312(01)00700-7.
 *
 * @param variant what to do where the derivative changed its sign
 * @param initialStep d(0), positive; outside [minStep, maxStep] it is clamped in the first step
 * @param minStep at least 0; the error settles at about this size
 * @param maxStep at least minStep
 * @param increase above 1
 * @param decrease in (0, 1)
 */
public record Rprop(
        Variant variant, double initialStep, double minStep, double maxStep, double increase, double decrease)
        implements Optimizer<Rprop.State> {
    /** What happens where the derivative changed its sign, after the step was reduced. */
    public enum Variant {
        /** No move, and the derivative is forgotten: the next step goes on with d unchanged. PyTorch's. */
        IRPROP_MINUS,
        /** As rprop-plus if the objective rose since the step before, else as irprop-minus. */
        IRPROP_PLUS,
        /** A move of the reduced size along the new sign; nothing is forgotten. */
        RPROP_MINUS,
        /** The last move is undone, and the derivative forgotten. The undoing counts as the last move. */
        RPROP_PLUS,
        /**
         * The lecture's slide with sign and magnitude kept apart; as it stands there, a coordinate on its way up runs
         * off. Each coordinate keeps the direction of its first derivative other than 0 for ever, p only following
         * while the sign is the same. Where it is not, the last move is undone and a smaller one made in the same
         * direction: m(k+1) = sgn(p(k)) (d(k) - d(k+1)). For teaching only: on separable functions it converges, but
         * a coordinate can never turn back, so that it stalls where coordinates depend on each other, as on a
         * quadratic along the diagonals whose condition is 10. A derivative of exactly 0 counts as another sign.
         */
        SLIDE,
        /**
         * The lecture's slide to the letter: the step carries the sign of the first derivative, dw(1) = sgn(g(0))
         * d(0), and floor and ceiling are those of signed numbers.
         *
         * <pre>
         *   same sign as p(k):  dw(k+1) = min(increase dw(k), maxStep),   m(k+1) = -dw(k+1),          p(k+1) = g(k)
         *   another:            dw(k+1) = max(decrease dw(k), minStep),   m(k+1) = dw(k) - dw(k+1),   p(k+1) = p(k)
         * </pre>
         *
         * The first change of sign of a coordinate on its way up turns its step into +minStep, and it runs off: on w^2
         * from -1 with d(0) = 0.1 to -1037 in 120 steps, while it converges from +1. To show that, and for nothing
         * else.
         */
        SLIDE_LITERAL;

        /** The name in a configuration. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        boolean backtracks() {
            return this == IRPROP_PLUS || this == RPROP_PLUS;
        }
    }

    /**
     * What is remembered from step to step.
     *
     * @param steps d(k), at least 0, P entries; for slide-literal dw(k), with its sign
     * @param gradient p(k), the last gradient, 0 where it is forgotten, P entries; for the slide, literal or not, the
     *     last one of the first one's sign
     * @param move m(k), the last move, P entries; empty for variants that do not backtrack
     * @param value the last value of the objective; at first the greatest double, above which no value lies
     */
    public record State(Vector steps, Vector gradient, Vector move, double value) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Rprop {
        Range.POSITIVE.check("initial-step", initialStep);
        Range.NOT_NEGATIVE.check("min-step", minStep);
        Range.POSITIVE.check("max-step", maxStep);
        Range.ABOVE_ONE.check("increase", increase);
        Range.BETWEEN_ZERO_AND_ONE.check("decrease", decrease);
        if (minStep > maxStep) {
            throw new IllegalArgumentException("min-step must be at most max-step, got " + minStep + " > " + maxStep);
        }
    }

    /** A variant with PyTorch's defaults: steps from 0.01 in [1e-6, 50], increase 1.2, decrease 0.5. */
    public static Rprop of(Variant variant) {
        return new Rprop(variant, 0.01, 1e-6, 50, 1.2, 0.5);
    }

    static Rprop read(Settings own) {
        List<String> keys = Arrays.stream(Variant.values()).map(Variant::key).toList();
        String key = own.choice("variant", Variant.IRPROP_MINUS.key(), keys);
        Rprop defaults = of(Variant.values()[keys.indexOf(key)]);
        double minStep = Range.NOT_NEGATIVE.read(own, "min-step", defaults.minStep);
        double maxStep = Range.POSITIVE.read(own, "max-step", defaults.maxStep);
        if (minStep > maxStep) {
            throw own.wrong(
                    own.has("min-step") ? "min-step" : "max-step",
                    "expected min-step <= max-step, got " + minStep + " > " + maxStep);
        }
        return new Rprop(
                defaults.variant,
                Range.POSITIVE.read(own, "initial-step", defaults.initialStep),
                minStep,
                maxStep,
                Range.ABOVE_ONE.read(own, "increase", defaults.increase),
                Range.BETWEEN_ZERO_AND_ONE.read(own, "decrease", defaults.decrease));
    }

    @Override
    public State start(Vector point) {
        int size = point.size();
        return new State(
                Vector.filled(size, initialStep),
                Vector.zeros(size),
                Vector.zeros(variant.backtracks() ? size : 0),
                Double.MAX_VALUE);
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        if (variant == Variant.SLIDE_LITERAL) {
            return literally(point, state, here);
        }
        boolean rose = here.value() > state.value();
        int size = point.size();
        double[] steps = new double[size];
        double[] gradient = here.gradient().toArray();
        double[] move = new double[size];
        for (int i = 0; i < size; i++) {
            double before = state.gradient().get(i);
            double agreement = agreement(gradient[i], before);
            double factor = agreement > 0 ? increase : agreement < 0 ? decrease : 1;
            steps[i] = Math.min(Math.max(state.steps().get(i) * factor, minStep), maxStep);
            if (agreement < 0 && variant == Variant.SLIDE) {
                move[i] = Math.signum(before) * (state.steps().get(i) - steps[i]);
                gradient[i] = before;
            } else if (agreement < 0 && variant != Variant.RPROP_MINUS) {
                boolean undo = variant == Variant.RPROP_PLUS || (variant == Variant.IRPROP_PLUS && rose);
                move[i] = undo ? -state.move().get(i) : 0;
                gradient[i] = 0;
            } else {
                move[i] = -Math.signum(gradient[i]) * steps[i];
            }
        }
        Vector moved = Vector.wrap(move);
        State next = new State(
                Vector.wrap(steps), Vector.wrap(gradient), variant.backtracks() ? moved : state.move(), here.value());
        return new Step<>(point.plus(moved), next, here);
    }

    private Step<State> literally(Vector point, State state, Evaluation here) {
        int size = point.size();
        boolean first = state.value() == Double.MAX_VALUE;
        double[] steps = new double[size];
        double[] gradient = here.gradient().toArray();
        double[] move = new double[size];
        for (int i = 0; i < size; i++) {
            double sign = Math.signum(gradient[i]);
            double step = state.steps().get(i);
            double before = state.gradient().get(i);
            if (first) {
                steps[i] = sign * Math.min(Math.max(step, minStep), maxStep);
                move[i] = -steps[i];
            } else if (sign == Math.signum(before)) {
                steps[i] = Math.min(increase * step, maxStep);
                move[i] = -steps[i];
            } else {
                steps[i] = Math.max(decrease * step, minStep);
                // a derivative that is no number has no sign, and must not pass in silence
                move[i] = Double.isNaN(sign) ? sign : step - steps[i];
                gradient[i] = before;
            }
        }
        return new Step<>(
                point.plus(Vector.wrap(move)),
                new State(Vector.wrap(steps), Vector.wrap(gradient), state.move(), here.value()),
                here);
    }

    /** Positive where the sign stayed, negative where it changed, 0 where nothing is known of it. */
    private double agreement(double now, double before) {
        if (variant == Variant.SLIDE) {
            return before != 0 && now == 0 ? -1 : Math.signum(now) * Math.signum(before);
        }
        // the floating product, as PyTorch forms it: two derivatives of 1e-200 count as no information
        return now * before;
    }

    @Override
    public Optional<Vector> stepSizes(State next) {
        return Optional.of(variant == Variant.SLIDE_LITERAL ? next.steps().map(Math::abs) : next.steps());
    }

    @Override
    public int liveVectors() {
        return variant.backtracks() ? 9 : 8;
    }

    @Override
    public boolean fullBatchOnly() {
        return true;
    }
}
