package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * L-BFGS: Newton's direction with an inverse Hessian that the last moves and changes of the gradient describe.
 *
 * <pre>
 *   s = w(k) - w(k-1),  y = g(k) - g(k-1)                  remembered if y's &gt; 1e-10; the last {@code history} of them
 *   H = gamma I, gamma = s'y / y'y of the last pair; then, for each pair, the oldest first, rho = 1 / y's:
 *   H = (I - rho s y') H (I - rho y s') + rho s s'
 *   p = -H g(k),   w(k+1) = w(k) + t p                     t from the line search, which first tries
 *   first = eta(k) min(1, 1 / ||g||_1)                     where nothing is remembered, else eta(k)
 * </pre>
 *
 * One step is one iteration. PyTorch's {@code LBFGS} with {@code max_iter = 1}, but that the line search is strong-wolfe
 * unless another one is given: PyTorch's default is none. What it calls tolerances is for the run's stop rules.
 *
 * <p>If the line search finds nothing lower the point stays, the memory is dropped, and the next step is steepest
 * descent; if that finds nothing either, the step says that it was the last one.
 *
 * <p>Cost: the evaluations of the line search, often one: with an objective that stays the same the point that it found
 * is not evaluated again. 6 history P multiplications, state (2 history + 3) P doubles. Source: Liu, Nocedal 1989,
 * doi:10.1007/BF01589116; Nocedal, Wright 2006, algorithms 7.4 and 7.5.
 *
 * @param learningRate eta(k), positive, the first trial of the line search: 1 is Newton's own step
 * @param history how many pairs are remembered, at least 1
 * @param lineSearch along p
 */
public record Lbfgs(Schedule learningRate, long history, LineSearch lineSearch)
        implements ScheduledOptimizer<Lbfgs.State> {
    private static final double LEAST_CURVATURE = 1e-10;

    /**
     * What is remembered from step to step.
     *
     * @param moves s, the oldest first, P entries each
     * @param changes y that belong to them
     * @param scale gamma; 1 without pairs
     * @param move w(k) - w(k-1), not yet in {@code moves}; empty where there is nothing to learn from
     * @param gradient g(k-1) for it; empty with it
     * @param rate t of the last step, 0 if it failed
     * @param knownValue E(w(k)), if known
     * @param knownGradient g(k), if known; else empty
     * @param knownNorm its norm as it is logged
     */
    public record State(
            List<Vector> moves,
            List<Vector> changes,
            double scale,
            Vector move,
            Vector gradient,
            double rate,
            double knownValue,
            Vector knownGradient,
            double knownNorm) {
        /** The state of a method that is to begin again. */
        private static State afresh(Evaluation known) {
            Vector none = Vector.zeros(0);
            return new State(
                    List.of(), List.of(), 1, none, none, 0, known.value(), known.gradient(), known.gradientNorm());
        }
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code history} is below 1
     */
    public Lbfgs {
        Range.AT_LEAST_ONE.check("history", (double) history);
    }

    static Lbfgs read(Settings own, Schedule learningRate) {
        return new Lbfgs(learningRate, Range.count(own, "history", 100), LineSearch.read(own, StrongWolfe.KEY, 0.9));
    }

    @Override
    public State start(Vector point) {
        return State.afresh(Known.NOTHING);
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = Known.at(point, state.knownValue, state.knownGradient, state.knownNorm, objective);
        if (!here.isFinite()) {
            return new Step<>(point, state, here);
        }
        boolean afresh = state.move.size() == 0;
        Pairs pairs = Pairs.of(state, here.gradient(), history);
        double first = learningRate.at(k) * (afresh ? LineSearch.shortened(here.gradient()) : 1);
        Vector direction = pairs.direction(here.gradient());
        LineSearch.Found found = lineSearch.along(Ray.of(objective, point, here, direction), first);
        Evaluation known = Known.after(found, objective);
        if (!found.succeeded()) {
            return new Step<>(point, State.afresh(known), here, found.end(afresh));
        }
        State next = new State(
                pairs.moves,
                pairs.changes,
                pairs.scale,
                direction.times(found.step()),
                here.gradient(),
                found.step(),
                known.value(),
                known.gradient(),
                known.gradientNorm());
        return new Step<>(found.point(), next, here);
    }

    /** Moves, changes of the gradient and gamma, as in the state, with which a direction is found. */
    private record Pairs(List<Vector> moves, List<Vector> changes, double scale) {
        /** Those of a state, with what the last move has taught. */
        static Pairs of(State state, Vector gradient, long history) {
            Pairs before = new Pairs(state.moves, state.changes, state.scale);
            if (state.move.size() == 0) {
                return before;
            }
            Vector change = gradient.minus(state.gradient);
            double curvature = change.dot(state.move);
            return curvature > LEAST_CURVATURE
                    ? new Pairs(
                            appended(state.moves, state.move, history),
                            appended(state.changes, change, history),
                            curvature / change.dot(change))
                    : before;
        }

        private static List<Vector> appended(List<Vector> vectors, Vector last, long most) {
            List<Vector> all = new ArrayList<>(vectors);
            all.add(last);
            return List.copyOf(all.size() > most ? all.subList(1, all.size()) : all);
        }

        /** -H g by the two loops over the pairs. */
        Vector direction(Vector gradient) {
            double[] inverse = new double[moves.size()];
            double[] alpha = new double[moves.size()];
            Vector r = gradient.times(-1);
            for (int i = moves.size() - 1; i >= 0; i--) {
                inverse[i] = 1 / changes.get(i).dot(moves.get(i));
                alpha[i] = inverse[i] * moves.get(i).dot(r);
                r = r.plus(-alpha[i], changes.get(i));
            }
            r = r.times(scale);
            for (int i = 0; i < moves.size(); i++) {
                double beta = inverse[i] * changes.get(i).dot(r);
                r = r.plus(alpha[i] - beta, moves.get(i));
            }
            return r;
        }
    }

    /** The t of the line search. */
    @Override
    public OptionalDouble learningRate(Iteration k, State next) {
        return OptionalDouble.of(next.rate());
    }

    @Override
    public int liveVectors() {
        // pairs; w, the last move, g(k-1), the gradient, y, p; what the search needs, or w', its gradient, the move
        return (int) Math.min(Integer.MAX_VALUE, 2 * history + 6 + Math.max(3, lineSearch.liveVectors()));
    }

    @Override
    public boolean fullBatchOnly() {
        return true;
    }

    @Override
    public boolean needsOneFunction() {
        return true;
    }
}
