package dev.lockstep.optimize;

import dev.lockstep.linalg.Vector;
import java.util.List;

/**
 * An objective whose gradient is clipped. The value and the logged {@link Evaluation#gradientNorm()} are those before
 * clipping; Hessian-vector products and proximal steps are the objective's own.
 *
 * <p>Cost: none over the data.
 *
 * @param objective whose gradient is clipped, its penalty included
 * @param clipping what is done to it
 */
public record ClippedObjective(Objective objective, Clipping clipping) implements Objective {
    @Override
    public int dimension() {
        return objective.dimension();
    }

    @Override
    public Evaluation evaluate(Vector point) {
        return clipped(objective.evaluate(point));
    }

    private Evaluation clipped(Evaluation evaluation) {
        Vector clipped = clipping.clipped(evaluation.gradient());
        return new Evaluation(evaluation.value(), clipped, evaluation.gradientNorm());
    }

    @Override
    public List<Integer> tensors() {
        return objective.tensors();
    }

    @Override
    public Vector proximal(Vector point, double eta) {
        return objective.proximal(point, eta);
    }

    @Override
    public List<Evaluation> evaluate(List<Vector> points) {
        return objective.evaluate(points).stream().map(this::clipped).toList();
    }

    @Override
    public double[] values(List<Vector> points) {
        return objective.values(points);
    }

    @Override
    public boolean isFixed() {
        return objective.isFixed();
    }

    @Override
    public List<Vector> products(Curvature matrix, Vector point, List<Vector> directions) {
        return objective.products(matrix, point, directions);
    }

    @Override
    public Vector diagonal(Diagonal which, Vector point) {
        return objective.diagonal(which, point);
    }
}
