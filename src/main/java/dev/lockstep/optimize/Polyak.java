package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.OptionalDouble;

/**
 * Polyak's step size: gradient descent that goes where the tangent plane meets the least value, which is known.
 *
 * <pre>
 *   eta(k) = min(cap(k), max(0, E(w(k)) - minimum) / ||g(k)||^2)  k = 0, 1, …; 0 where g(k) = 0
 *   w(k+1) = w(k) - eta(k) g(k)
 * </pre>
 *
 * Without the cap it is the projection onto the half-space in which the tangent plane is at most {@code minimum},
 * where a convex E has its minima: the distance to each of them falls. A point whose value is {@code minimum} or
 * below lies in it already and stays; a run that rests with a rate of 0 was given a {@code minimum} that is too high.
 * One that is too low makes steps that are too long, up to the cap.
 *
 * <p>On a quadratic with one curvature the error halves in each step. For a convex E whose gradient has the constant
 * L, the least of k values exceeds the minimum by at most 2 L ||w(0) - w*||^2 / k; if only ||g|| &lt;= G is known, by
 * at most G ||w(0) - w*|| / sqrt k. With mini-batches {@code minimum} is that of each batch. Norms are those before
 * clipping. State: one number. Cost: one pass per step. Source: Polyak 1969, doi:10.1016/0041-5553(69)90061-5; Hazan,
 * Kakade 2019, arXiv:1905.00313; with mini-batches and a cap: Loizou et al. 2021, arXiv:2002.10542.
 *
 * @param learningRate cap(k), positive
 * @param minimum of the objective, its penalty included; finite
 */
public record Polyak(Schedule learningRate, double minimum) implements ScheduledOptimizer<Polyak.State> {
    /**
     * What is remembered, to be told.
     *
     * @param rate eta(k-1), that of the last step; 0 before the first
     */
    public record State(double rate) {}

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code minimum} is not finite
     */
    public Polyak {
        Range.FINITE.check("minimum", minimum);
    }

    static Polyak read(Settings own, Schedule learningRate) {
        return new Polyak(learningRate, Range.FINITE.read(own, "minimum", 0));
    }

    @Override
    public State start(Vector point) {
        return new State(0);
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        double norm = here.gradientNorm();
        // Divided twice: the square of a small norm would be 0.
        double rate = norm == 0 ? 0 : Math.min(learningRate.at(k), Math.max(0, here.value() - minimum) / norm / norm);
        return new Step<>(point.plus(-rate, here.gradient()), new State(rate), here);
    }

    /** The rate that was used, which the cap only bounds. */
    @Override
    public OptionalDouble learningRate(Iteration k, State next) {
        return OptionalDouble.of(next.rate());
    }

    @Override
    public int liveVectors() {
        return 3;
    }
}
