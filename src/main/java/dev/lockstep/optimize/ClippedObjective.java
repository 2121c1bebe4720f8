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
        Evaluation evaluation = objective.evaluate(point);
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
    public Vector hessianVector(Vector point, Vector direction) {
        return objective.hessianVector(point, direction);
    }
}
