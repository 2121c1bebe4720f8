package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * Heavy-ball momentum in the lecture's form: the learning rate is applied inside the accumulation.
 *
 * <pre>
 *   g(k)   = grad E(w(k)) + weightDecay w(k)
 *   v(k+1) = beta v(k) - eta(k) g(k)            v(0) = 0,  k = 0, 1, …
 *   w(k+1) = w(k) + v(k+1)
 * </pre>
 *
 * With a constant eta this is PyTorch's form; under a schedule the two differ, as there eta also scales past gradients.
 *
 * <p>On a quadratic with eigenvalues in [m, L] it converges for eta in (0, 2(1 + beta)/L); the best constants give the
 * rate (sqrt L - sqrt m)/(sqrt L + sqrt m), which {@code ConvergenceRateTest} measures. Beyond quadratics it need not
 * converge. Cost: one pass per step; state P doubles. Source: Polyak 1964, doi:10.1016/0041-5553(64)90137-5.
 *
 * @param learningRate eta(k), positive
 * @param momentum beta in [0, 1), where the schedule does not govern it; 0 is gradient descent
 * @param weightDecay coupled, on every parameter, at least 0; not part of what is logged
 */
public record Momentum(Schedule learningRate, double momentum, double weightDecay)
        implements ScheduledOptimizer<Momentum.State> {
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
    public Momentum {
        Range.FROM_ZERO_BELOW_ONE.check("momentum", momentum);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static Momentum read(Settings own, Schedule learningRate) {
        return new Momentum(
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
        Evaluation here = objective.evaluate(point);
        double eta = learningRate.at(k);
        double beta = learningRate.momentum(k).orElse(momentum);
        Vector velocity = state.velocity().combined(beta, -eta, here.decayedGradient(weightDecay, point));
        return new Step<>(point.plus(velocity), new State(velocity), here);
    }

    @Override
    public int liveVectors() {
        return 6;
    }
}
