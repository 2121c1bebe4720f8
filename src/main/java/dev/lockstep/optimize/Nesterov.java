package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * Nesterov's accelerated gradient in the lecture's form: first extend by the last move, then take the gradient there.
 *
 * <pre>
 *   q(k)   = w(k) + beta v(k)                   v(0) = 0,  k = 0, 1, …
 *   g(k)   = grad E(q(k)) + weightDecay q(k)
 *   v(k+1) = beta v(k) - eta(k) g(k)
 *   w(k+1) = w(k) + v(k+1)
 * </pre>
 *
 * The evaluation that a step reports is that of q(k), the look-ahead. PyTorch stores q where this stores w: with a
 * constant eta its iterates are these q(k).
 *
 * <p>On a quadratic with eigenvalues in [m, L], kappa = L/m, eta = 1/L and beta = (sqrt kappa - 1)/(sqrt kappa + 1) give
 * the rate 1 - 1/sqrt kappa; it converges for eta in (0, 2(1 + beta)/((1 + 2 beta) L)). Cost: one pass per step; state P
 * doubles. Source: Nesterov 1983, Soviet Math. Dokl. 27:372-376; this form: Sutskever et al. 2013, PMLR 28(3):1139-1147.
 *
 * @param learningRate eta(k), positive
 * @param momentum beta in [0, 1), where the schedule does not govern it; 0 is gradient descent
 * @param weightDecay coupled, on every parameter, at least 0; not part of what is logged
 */
public record Nesterov(Schedule learningRate, double momentum, double weightDecay)
        implements ScheduledOptimizer<Nesterov.State> {
    /**
     * What is remembered from step to step.
     *
     * @param velocity v(k), the last move, P entries
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

    static Nesterov read(Settings own, Schedule learningRate) {
        return new Nesterov(
                learningRate,
                Range.FROM_ZERO_BELOW_ONE.read(own, "momentum", 0.9),
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0));
    }

    @Override
    public State start(Vector point) {
        return new State(Vector.zeros(point.size()));
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        double beta = learningRate.momentum(k).orElse(momentum);
        Vector lookAhead = point.plus(beta, state.velocity());
        Evaluation ahead = objective.evaluate(lookAhead);
        double eta = learningRate.at(k);
        Vector velocity = state.velocity().combined(beta, -eta, ahead.decayedGradient(weightDecay, lookAhead));
        return new Step<>(point.plus(velocity), new State(velocity), ahead);
    }

    @Override
    public int liveVectors() {
        return 7;
    }
}
