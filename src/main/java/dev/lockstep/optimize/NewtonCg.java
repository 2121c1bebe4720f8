package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Newton's method without its matrix, "Hessian-free": the system is solved by conjugate gradients, which ask for products
 * only.
 *
 * <pre>
 *   B = G(w(k)) + lambda I,  or H(w(k)) + lambda I
 *   p: conjugate gradients on phi(x) = x'B x / 2 + g'x from warm-start * p(k-1),
 *      until i &gt; m and phi(x_i) &lt; 0 and (phi(x_i) - phi(x_(i-m))) / phi(x_i) &lt; tolerance * m,  m = max(10, i / 10),
 *      or iterations are used up, or p'B p is not positive: then what was found so far
 *   w(k+1) = w(k) + t p, backtracking from t = eta(k)
 *   rho = (E(w(k)) - E(w(k) + t p)) / -(t g'p + t^2 p'B p / 2):
 *      lambda *= 3/2 if rho &lt; 1/4 or t &lt; eta,  else lambda *= 2/3 if rho &gt; 3/4
 * </pre>
 *
 * Conjugate gradients run with the preconditioner {@code (diag(mean of squared row gradients) + lambda)^(3/4)}, unless {@code
 * preconditioned = false}. For a convex loss and G there is a way down from everywhere, so G is the default.
 *
 * <p>Cost: one product for each iteration of conjugate gradients and one for the warm start, a diagonal for the
 * preconditioner, and the line search's passes. State: lambda, p(k-1), and the evaluation at the point. Source: Martens 2010,
 * Deep learning via Hessian-free optimization, ICML, sections 4.1 to 4.8, whose constants the defaults are.
 *
 * @param learningRate eta(k)
 * @param matrix which matrix
 * @param damping lambda(0), not negative
 * @param warmStart share of the last solution that conjugate gradients begin with, in [0, 1]
 * @param tolerance of the relative progress for an iteration, positive
 * @param maxIterations of conjugate gradients in a step, at least 1
 * @param preconditioned whether there is a preconditioner
 * @param lineSearch how far to go along p
 */
public record NewtonCg(
        Schedule learningRate,
        Curvature matrix,
        double damping,
        double warmStart,
        double tolerance,
        long maxIterations,
        boolean preconditioned,
        LineSearch lineSearch)
        implements ScheduledOptimizer<NewtonCg.State> {
    private static final double EXPONENT = 0.75;
    private static final double LEAST_WEIGHT = 1e-9;

    /**
     * What is remembered from step to step.
     *
     * @param lambda the damping of the next step
     * @param solution p(k-1), P entries; 0 before the first step
     * @param value E at the point, if it is known
     * @param gradient there, P entries; empty if it is not known
     * @param norm the gradient's
     * @param rate the last step's t
     * @param iterations of conjugate gradients in the last step
     */
    public record State(
            double lambda, Vector solution, double value, Vector gradient, double norm, double rate, long iterations) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public NewtonCg {
        Range.NOT_NEGATIVE.check("damping", damping);
        Range.FROM_ZERO_TO_ONE.check("warm-start", warmStart);
        Range.POSITIVE.check("tolerance", tolerance);
        if (maxIterations < 1) {
            throw new IllegalArgumentException("max-iterations must be at least 1, got " + maxIterations);
        }
    }

    static NewtonCg read(Settings own, Schedule learningRate) {
        return new NewtonCg(
                learningRate,
                Curvature.read(own, Curvature.GAUSS_NEWTON),
                Range.NOT_NEGATIVE.read(own, "damping", 1),
                Range.FROM_ZERO_TO_ONE.read(own, "warm-start", 0.95),
                Range.POSITIVE.read(own, "tolerance", 5e-4),
                own.integer("max-iterations", 250, 1, 100_000),
                own.flag("preconditioned", true),
                LineSearch.read(own, Backtracking.KEY, 0.9));
    }

    @Override
    public State start(Vector point) {
        return new State(damping, Vector.zeros(point.size()), 0, Vector.zeros(0), 0, 0, 0);
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = Known.at(point, state.value(), state.gradient(), state.norm(), objective);
        if (!here.isFinite() || here.gradient().maxAbs() == 0) {
            return new Step<>(point, state, here);
        }
        double lambda = state.lambda();
        Vector weights = preconditioned ? preconditioner(objective, point, lambda) : Vector.filled(point.size(), 1);
        ConjugateGradients.Solution solution = new ConjugateGradients(
                        direction -> product(objective, point, direction, lambda), weights, tolerance, maxIterations)
                .minimize(here.gradient(), state.solution().times(warmStart));
        Vector direction = solution.x();
        double rate = learningRate.at(k);
        LineSearch.Found found = lineSearch.along(Ray.of(objective, point, here, direction), rate);
        boolean afresh = state.solution().maxAbs() == 0;
        if (!found.succeeded()) {
            State next = new State(
                    lambda * 1.5,
                    Vector.zeros(point.size()),
                    here.value(),
                    here.gradient(),
                    here.gradientNorm(),
                    0,
                    solution.iterations());
            return new Step<>(point, next, here, found.end(afresh));
        }
        Evaluation known = Known.after(found, objective);
        double step = found.step();
        double promised = -(step * here.gradient().dot(direction) + step * step * solution.curvature() / 2);
        double next = found.evaluation()
                .map(there -> damped(lambda, (here.value() - there.value()) / promised, step < rate))
                .orElse(lambda);
        return new Step<>(
                found.point(),
                new State(
                        next,
                        direction,
                        known.value(),
                        known.gradient(),
                        known.gradientNorm(),
                        step,
                        solution.iterations()),
                here);
    }

    private static Vector preconditioner(Objective objective, Vector point, double lambda) {
        Vector weights = objective
                .diagonal(Diagonal.SQUARED_GRADIENTS, point)
                .map(square -> Math.pow(Math.max(0, square) + lambda, EXPONENT));
        double largest = weights.maxAbs();
        // Parameters that no row moves would be divided by 0.
        return largest > 0 && Double.isFinite(largest)
                ? weights.map(weight -> Math.max(weight, LEAST_WEIGHT * largest))
                : Vector.filled(point.size(), 1);
    }

    private Vector product(Objective objective, Vector point, Vector direction, double lambda) {
        return objective.products(matrix, point, List.of(direction)).get(0).plus(lambda, direction);
    }

    /** A step that had to be shortened may gain what the model promises of the short one; of the whole one it did not. */
    private static double damped(double lambda, double rho, boolean shortened) {
        return shortened || rho < 0.25 ? lambda * 3 / 2 : rho > 0.75 ? lambda * 2 / 3 : lambda;
    }

    @Override
    public OptionalDouble learningRate(Iteration k, State next) {
        return OptionalDouble.of(next.rate());
    }

    @Override
    public int liveVectors() {
        // w, g, p(k-1), the preconditioner, x, residual, preconditioned, direction, product, w', g'
        return 12 + lineSearch.liveVectors();
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
