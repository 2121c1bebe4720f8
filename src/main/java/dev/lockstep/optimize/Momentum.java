package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Heavy-ball momentum, by default in the lecture's form: the learning rate is applied inside the accumulation.
 *
 * <pre>
 *   g(k)   = grad E(w(k)) + weightDecay w(k),  c = 1
 *            decoupled: grad E(w(k)),           c = 1 - eta(k) weightDecay
 *   inside:  w(k+1) = prox(c w(k) + beta v(k) - eta(k) g(k), eta(k))
 *            v(k+1) = w(k+1) - c w(k)                     v(0) = 0,  k = 0, 1, …
 *   outside: b(k+1) = beta b(k) + (1 - dampening) g(k)    b(1) = g(0)
 *            w(k+1) = c w(k) - eta(k) b(k+1)
 * </pre>
 *
 * With a constant eta and no dampening both are the same; under a schedule they differ, as outside eta also scales
 * past gradients. Outside is PyTorch's {@code SGD}. The proximal step is iPiano's: what is remembered is the move
 * really made.
 *
 * <p>On a quadratic with eigenvalues in [m, L] it converges for eta in (0, 2(1 + beta)/L); the best constants give the
 * rate (sqrt L - sqrt m)/(sqrt L + sqrt m), which {@code ConvergenceRateTest} measures. Beyond quadratics it need not
 * converge. With a proximal step: eta below 2(1 - beta)/L. Cost: one pass per step; state P doubles. Source: Polyak
 * 1964, doi:10.1016/0041-5553(64)90137-5; Ochs et al. 2014, doi:10.1137/130942954; decay: Loshchilov, Hutter,
 * arXiv:1711.05101.
 *
 * @param learningRate eta(k), positive; if it governs a momentum as well, that takes the place of {@code momentum}
 * @param momentum beta in [0, 1); 0 is gradient descent
 * @param weightDecay on every parameter, at least 0; not part of what is logged
 * @param decoupledWeightDecay whether the decay shrinks the point instead of being added to the gradient
 * @param form where the learning rate is applied
 * @param dampening in [0, 1); 0 with the form inside
 */
public record Momentum(
        Schedule learningRate,
        double momentum,
        double weightDecay,
        boolean decoupledWeightDecay,
        Form form,
        double dampening)
        implements ScheduledOptimizer<Momentum.State> {
    /** Where the learning rate is applied. */
    public enum Form {
        /** The lecture's: to each gradient as it enters the velocity. */
        INSIDE,
        /** PyTorch's: to the velocity as a whole. */
        OUTSIDE;

        /** The word in a configuration. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Form read(Settings own) {
            List<String> keys = Arrays.stream(values()).map(Form::key).toList();
            return values()[keys.indexOf(own.choice("form", INSIDE.key(), keys))];
        }

        /** No velocity yet: zeros, or a vector without entries where the first one is a gradient as it is. */
        Vector start(int size) {
            return Vector.zeros(this == INSIDE ? size : 0);
        }
    }

    /**
     * What is remembered from step to step.
     *
     * @param velocity v(k), the last move, or b(k), P entries; no entries before the first step of the form outside
     */
    public record State(Vector velocity) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range, or there is dampening with the form inside
     */
    public Momentum {
        Range.FROM_ZERO_BELOW_ONE.check("momentum", momentum);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
        Range.FROM_ZERO_BELOW_ONE.check("dampening", dampening);
        if (form == Form.INSIDE && dampening != 0) {
            throw new IllegalArgumentException("dampening must be 0 with form inside, got " + dampening);
        }
    }

    /** The lecture's form with coupled weight decay. */
    public Momentum(Schedule learningRate, double momentum, double weightDecay) {
        this(learningRate, momentum, weightDecay, false, Form.INSIDE, 0);
    }

    static Momentum read(Settings own, Schedule learningRate) {
        double momentum = Range.FROM_ZERO_BELOW_ONE.read(own, "momentum", 0.9);
        double weightDecay = Range.NOT_NEGATIVE.read(own, "weight-decay", 0);
        boolean decoupled = own.flag("decoupled-weight-decay", false);
        Form form = Form.read(own);
        double dampening = Range.FROM_ZERO_BELOW_ONE.read(own, "dampening", 0);
        if (form == Form.INSIDE && dampening != 0) {
            throw own.wrong("dampening", "only form = outside has dampening; expected 0, or that form");
        }
        return new Momentum(learningRate, momentum, weightDecay, decoupled, form, dampening);
    }

    @Override
    public State start(Vector point) {
        return new State(form.start(point.size()));
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        double eta = learningRate.at(k);
        double beta = learningRate.momentum(k).orElse(momentum);
        Vector gradient = decoupledWeightDecay ? here.gradient() : here.decayedGradient(weightDecay, point);
        Vector from = decoupledWeightDecay ? point.times(1 - eta * weightDecay) : point;
        if (form == Form.OUTSIDE) {
            Vector velocity =
                    state.velocity().size() == 0 ? gradient : state.velocity().combined(beta, 1 - dampening, gradient);
            return new Step<>(from.plus(-eta, velocity), new State(velocity), here);
        }
        Vector velocity = state.velocity().combined(beta, -eta, gradient);
        Vector moved = from.plus(velocity);
        Vector next = objective.proximal(moved, eta);
        return new Step<>(next, new State(next.equals(moved) ? velocity : next.minus(from)), here);
    }

    @Override
    public boolean proximal() {
        return form == Form.INSIDE;
    }

    @Override
    public int liveVectors() {
        // w, v, the gradient, the decayed w or gradient, v', w', what the proximal step makes of it, the move
        return 8;
    }
}
