package dev.lockstep.optimize;

import dev.lockstep.linalg.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Predicate;

/** Runs an optimizer and keeps every step. */
final class Trajectory {
    private Trajectory() {}

    /** All steps with one objective; full batches, so epoch and step are the same. */
    static <S extends Record> List<Step<S>> steps(
            Optimizer<S> optimizer, Objective objective, Vector start, int count) {
        return steps(optimizer, k -> objective, start, count);
    }

    /** All steps, each with an objective of its own. */
    static <S extends Record> List<Step<S>> steps(
            Optimizer<S> optimizer, LongFunction<Objective> objective, Vector start, int count) {
        List<Step<S>> steps = new ArrayList<>();
        Vector point = start;
        S state = optimizer.start(start);
        for (long k = 0; k < count; k++) {
            Step<S> step = optimizer.step(Iteration.fullBatch(k), point, state, objective.apply(k));
            steps.add(step);
            point = step.point();
            state = step.state();
        }
        return steps;
    }

    /** The start and the point after each step. */
    static List<Vector> points(Optimizer<?> optimizer, Objective objective, Vector start, int count) {
        List<Vector> points = new ArrayList<>();
        points.add(start);
        steps(optimizer, objective, start, count).forEach(step -> points.add(step.point()));
        return points;
    }

    /** The point after so many steps. */
    static Vector end(Optimizer<?> optimizer, Objective objective, Vector start, int count) {
        return points(optimizer, objective, start, count).get(count);
    }

    /** How many steps it takes until the point satisfies the condition; at most so many. */
    static <S extends Record> int iterationsUntil(
            Predicate<Vector> condition, Optimizer<S> optimizer, Objective objective, Vector start, int most) {
        Vector point = start;
        S state = optimizer.start(start);
        int k = 0;
        while (!condition.test(point) && k < most) {
            Step<S> step = optimizer.step(Iteration.fullBatch(k), point, state, objective);
            point = step.point();
            state = step.state();
            k++;
        }
        return k;
    }

    /** The evaluations that it takes until the gradient's norm is at most so much, with the steps; at most 1000. */
    static <S extends Record> Effort effort(
            Optimizer<S> optimizer, Objective objective, Vector start, double gradientNorm) {
        int[] evaluations = {0};
        Objective counting = Objective.of(objective.dimension(), w -> {
            evaluations[0]++;
            return objective.evaluate(w);
        });
        Predicate<Vector> level = w -> objective.evaluate(w).gradientNorm() <= gradientNorm;
        int steps = iterationsUntil(level, optimizer, counting, start, 1000);
        return new Effort(steps, evaluations[0]);
    }

    /** What a descent took. */
    record Effort(int steps, int evaluations) {}
}
