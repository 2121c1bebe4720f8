package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;

/**
 * Adadelta: the root mean square of past moves over that of past gradients is each coordinate's own rate.
 *
 * <pre>
 *   g(k)   = grad E(w(k)) + weightDecay w(k)
 *   v(k+1) = decay v(k) + (1 - decay) g(k)^2                      v(0) = 0,  k = 0, 1, …; per coordinate
 *   d(k)   = sqrt(u(k) + epsilon) / sqrt(v(k+1) + epsilon) g(k)
 *   u(k+1) = decay u(k) + (1 - decay) d(k)^2                      u(0) = 0
 *   w(k+1) = w(k) - eta(k) d(k)
 * </pre>
 *
 * A move has the units of the parameters whatever those of the objective, so that a learning rate of 1 is the rule. The
 * first moves are of the size of sqrt(epsilon) and have to grow from there: it starts slowly. PyTorch's {@code Adadelta}.
 *
 * <p>Cost: one pass per step; state 2 P doubles. Source: Zeiler 2012, arXiv:1212.5701.
 *
 * @param learningRate eta(k), positive; 1 if none is given
 * @param decay of both averages, in [0, 1)
 * @param epsilon positive
 * @param weightDecay coupled, on every parameter, at least 0; not part of what is logged
 */
public record Adadelta(Schedule learningRate, double decay, double epsilon, double weightDecay)
        implements ScheduledOptimizer<Adadelta.State> {
    /**
     * What is remembered from step to step.
     *
     * @param squaredGradients v(k), P entries
     * @param squaredMoves u(k), P entries
     */
    public record State(Vector squaredGradients, Vector squaredMoves) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Adadelta {
        Range.FROM_ZERO_BELOW_ONE.check("decay", decay);
        Range.POSITIVE.check("epsilon", epsilon);
        Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    }

    static Adadelta read(Settings own, Schedule learningRate) {
        return new Adadelta(
                learningRate,
                Range.FROM_ZERO_BELOW_ONE.read(own, "decay", 0.9),
                Range.POSITIVE.read(own, "epsilon", 1e-6),
                Range.NOT_NEGATIVE.read(own, "weight-decay", 0));
    }

    @Override
    public State start(Vector point) {
        return new State(Vector.zeros(point.size()), Vector.zeros(point.size()));
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        Vector g = here.decayedGradient(weightDecay, point);
        int size = point.size();
        Vector u = state.squaredMoves();
        Vector v = Vector.of(size, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = decay * state.squaredGradients().get(i) + (1 - decay) * (g.get(i) * g.get(i));
            }
        });
        Vector move = Vector.of(size, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = Math.sqrt(u.get(i) + epsilon) / Math.sqrt(v.get(i) + epsilon) * g.get(i);
            }
        });
        Vector moves = Vector.of(size, (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = decay * u.get(i) + (1 - decay) * (move.get(i) * move.get(i));
            }
        });
        return new Step<>(point.plus(-learningRate.at(k), move), new State(v, moves), here);
    }

    @Override
    public int liveVectors() {
        // w, u, v, the gradient without and with weight decay, v', the move, u', w'
        return 9;
    }
}
