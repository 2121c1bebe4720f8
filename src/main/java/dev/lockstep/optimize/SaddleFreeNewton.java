package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Lanczos;
import dev.lockstep.linalg.SymmetricMatrix;
import dev.lockstep.linalg.Vector;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Newton's method with the magnitudes of the Hessian's eigenvalues: it goes down along every eigenvector, so that it leaves
 * the saddle that Newton's method goes to.
 *
 * <pre>
 *   p = -(|H(w(k))| + damping I)^-1 g(k),   |H| = Q |L| transposed(Q) for H = Q L transposed(Q)
 *   w(k+1) = w(k) + t p,   t = eta(k), or what a line search finds from there
 * </pre>
 *
 * With up to {@code exact-up-to} parameters H is dense and |H| exact. With more, |H| is taken within the Krylov space of
 * {@code krylov} dimensions that Lanczos builds from the gradient: g, H g, H^2 g, …; the gradient lies in it, so p is that
 * of H's projection. On a saddle the escaping coordinate doubles each step, whatever its eigenvalue.
 *
 * <p>Cost: one pass for the gradient and P products a step, or {@code krylov} products; a line search's passes beside that.
 * State: the evaluation at the point where a line search found it. Source: Dauphin and others 2014, arXiv:1406.2572.
 *
 * @param learningRate eta(k)
 * @param damping added to the magnitudes, positive
 * @param exactUpTo parameters
 * @param krylov dimensions, at least 1
 * @param lineSearch how far to go along p
 */
public record SaddleFreeNewton(
        Schedule learningRate, double damping, long exactUpTo, long krylov, LineSearch lineSearch)
        implements ScheduledOptimizer<SaddleFreeNewton.State> {
    /**
     * What is remembered from step to step.
     *
     * @param value E at the point, if it is known
     * @param gradient there, P entries; empty if it is not known
     * @param norm the gradient's
     * @param rate the last step's t
     */
    public record State(double value, Vector gradient, double norm, double rate) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code damping} is not positive, {@code exactUpTo} negative or above what is
     *     possible, or {@code krylov} below 1
     */
    public SaddleFreeNewton {
        Range.POSITIVE.check("damping", damping);
        if (exactUpTo < 0 || exactUpTo > DenseCurvature.MOST_PARAMETERS) {
            throw new IllegalArgumentException(
                    "exact-up-to must be from 0 to " + DenseCurvature.MOST_PARAMETERS + ", got " + exactUpTo);
        }
        if (krylov < 1) {
            throw new IllegalArgumentException("krylov must be at least 1, got " + krylov);
        }
    }

    static SaddleFreeNewton read(Settings own, Schedule learningRate) {
        return new SaddleFreeNewton(
                learningRate,
                Range.POSITIVE.read(own, "damping", 1e-3),
                own.integer("exact-up-to", 300, 0, DenseCurvature.MOST_PARAMETERS),
                own.integer("krylov", 30, 1, 1000),
                LineSearch.read(own, Backtracking.KEY, 0.9));
    }

    @Override
    public State start(Vector point) {
        return new State(0, Vector.zeros(0), 0, 0);
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = Known.at(point, state.value(), state.gradient(), state.norm(), objective);
        if (!here.isFinite() || here.gradient().maxAbs() == 0) {
            return new Step<>(point, state, here);
        }
        Optional<Vector> solved =
                point.size() <= exactUpTo ? exact(point, here, objective) : projected(point, here, objective);
        if (solved.isEmpty()) {
            return new Step<>(point, state, here, Optional.of(DenseCurvature.notFinite()));
        }
        Vector direction = solved.get();
        LineSearch.Found found = lineSearch.along(Ray.of(objective, point, here, direction), learningRate.at(k));
        Evaluation known = found.succeeded() ? Known.after(found, objective) : here;
        State next = new State(known.value(), known.gradient(), known.gradientNorm(), found.step());
        return new Step<>(found.point(), next, here, found.end(true));
    }

    private Optional<Vector> exact(Vector point, Evaluation here, Objective objective) {
        return DenseCurvature.at(objective, Curvature.HESSIAN, point)
                .map(SymmetricMatrix::eigen)
                .map(eigen -> eigen.map(here.gradient(), value -> -1 / (Math.abs(value) + damping)));
    }

    private Optional<Vector> projected(Vector point, Evaluation here, Objective objective) {
        Lanczos.Limits limits = Lanczos.Limits.steps((int) Math.min(krylov, point.size()));
        Lanczos.Result space;
        try {
            space = Lanczos.run(direction -> objective.hessianVector(point, direction), here.gradient(), limits);
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
        Vector direction = Vector.zeros(point.size());
        // The gradient is its norm times the first basis vector.
        double norm = here.gradient().norm();
        for (int i = 0; i < space.values().size(); i++) {
            double factor =
                    -norm * space.firstComponent(i) / (Math.abs(space.values().get(i)) + damping);
            direction = direction.plus(factor, space.vector(i));
        }
        return Optional.of(direction);
    }

    @Override
    public OptionalDouble learningRate(Iteration k, State next) {
        return OptionalDouble.of(next.rate());
    }

    @Override
    public int liveVectors() {
        return 8 + lineSearch.liveVectors();
    }

    @Override
    public long liveVectors(long parameters) {
        return liveVectors()
                + (parameters <= exactUpTo ? DenseCurvature.vectors(parameters) : Math.min(krylov, parameters) + 2);
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
