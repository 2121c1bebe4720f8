package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * Nesterov's accelerated gradient, by default in the lecture's form: extend by the last move, take the gradient there.
 *
 * <pre>
 *   g(k)   = grad E(q(k)) + weightDecay q(k),  c = 1
 *            decoupled: grad E(q(k)),           c = 1 - eta(k) weightDecay
 *   inside:  q(k)   = w(k) + beta v(k)                    v(0) = 0,  k = 0, 1, …
 *            w(k+1) = prox(c w(k) + beta v(k) - eta(k) g(k), eta(k))
 *            v(k+1) = w(k+1) - c w(k)
 *   outside: b(k+1) = beta b(k) + g(k)                    b(1) = g(0)
 *            q(k+1) = c q(k) - eta(k) (g(k) + beta b(k+1))
 * </pre>
 *
 * The evaluation that a step reports is that of q(k), the look-ahead. Outside is PyTorch's {@code SGD} with
 * {@code nesterov}: its point is q, where inside it is w. With a constant eta both have the same q(k). The proximal
 * step is FISTA's, whose beta(k) a schedule can give.
 *
 * <p>On a quadratic with eigenvalues in [m, L], kappa = L/m, eta = 1/L and beta = (sqrt kappa - 1)/(sqrt kappa + 1) give
 * the rate 1 - 1/sqrt kappa; it converges for eta in (0, 2(1 + beta)/((1 + 2 beta) L)). Cost: one pass per step; state P
 * doubles. Source: Nesterov 1983, Soviet Math. Dokl. 27:372-376; this form: Sutskever et al. 2013, PMLR
 * 28(3):1139-1147; FISTA: Beck, Teboulle 2009, doi:10.1137/080716542; decoupled decay: Loshchilov, Hutter 2019,
 * arXiv:1711.05101.
 *
 * @param learningRate eta(k), positive; if it governs a momentum as well, that takes the place of {@code momentum}
 * @param momentum beta in [0, 1); 0 is gradient descent
 * @param weightDecay on every parameter, at least 0; not part of what is logged
 * @param decoupledWeightDecay whether the decay shrinks the point instead of being added to the gradient
 * @param form where the learning rate is applied
 */
public record Nesterov(
        Schedule learningRate, double momentum, double weightDecay, boolean decoupledWeightDecay, Momentum.Form form)
        implements ScheduledOptimizer<Nesterov.State> {
    /**
     * What is remembered from step to step.
     *
     * @param velocity v(k), the last move, or b(k), P entries; no entries before the first step of the form outside
     */
    public record State(Vector velocity) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code momentum} or {@code weightDecay} is outside its range
     */
    public Nesterov {
        Range.FROM_ZERO_BELOW_ONE.check("momentum", momentum);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    /** The lecture's form with coupled weight decay. */
    public Nesterov(Schedule learningRate, double momentum, double weightDecay) {
        this(learningRate, momentum, weightDecay, false, Momentum.Form.INSIDE);
    }

    static Nesterov read(Settings own, Schedule learningRate) {
        double momentum = Range.FROM_ZERO_BELOW_ONE.read(own, "momentum", 0.9);
        double weightDecay = Range.NOT_NEGATIVE.read(own, "weight-decay", 0);
        boolean decoupled = own.flag("decoupled-weight-decay", false);
        Momentum.Form form = Momentum.Form.read(own);
        if (own.number("dampening", 0) != 0) {
            throw own.wrong("dampening", "nesterov has no dampening, as in PyTorch; expected 0, or name = momentum");
        }
        return new Nesterov(learningRate, momentum, weightDecay, decoupled, form);
    }

    @Override
    public State start(Vector point) {
        return new State(form.start(point.size()));
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        double eta = learningRate.at(k);
        double beta = learningRate.momentum(k).orElse(momentum);
        Vector lookAhead = form == Momentum.Form.INSIDE ? point.plus(beta, state.velocity()) : point;
        Evaluation ahead = objective.evaluate(lookAhead);
        Vector gradient = decoupledWeightDecay ? ahead.gradient() : ahead.decayedGradient(weightDecay, lookAhead);
        Vector from = decoupledWeightDecay ? point.times(1 - eta * weightDecay) : point;
        if (form == Momentum.Form.OUTSIDE) {
            Vector velocity =
                    state.velocity().size() == 0 ? gradient : state.velocity().combined(beta, 1, gradient);
            return new Step<>(from.plus(-eta, gradient.plus(beta, velocity)), new State(velocity), ahead);
        }
        Vector velocity = state.velocity().combined(beta, -eta, gradient);
        Vector moved = from.plus(velocity);
        Vector next = objective.proximal(moved, eta);
        return new Step<>(next, new State(next.equals(moved) ? velocity : next.minus(from)), ahead);
    }

    @Override
    public boolean proximal() {
        return form == Momentum.Form.INSIDE;
    }

    @Override
    public int liveVectors() {
        // w, v, q, the gradient, the decayed w or gradient, v', w', what the proximal step makes of it, the move
        return 9;
    }
}
