package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.OptionalDouble;

/**
 * An objective whose gradient is scaled down to at most a given Euclidean norm; its direction stays.
 *
 * <pre>
 *   g  if ||g|| &lt;= norm,  else  (norm / ||g||) g
 * </pre>
 *
 * The value and the logged {@link Evaluation#gradientNorm()} are those before clipping. PyTorch's
 * {@code clip_grad_norm_} divides by ||g|| + 1e-6 instead. A gradient without a finite norm stays as it is, so that the
 * divergence is seen. Hessian-vector products are the objective's own.
 *
 * <p>Cost: none over the data. Source: Pascanu, Mikolov, Bengio 2013, On the difficulty of training recurrent neural
 * networks, algorithm 1, PMLR 28(3):1310-1318.
 *
 * @param objective whose gradient is clipped, its penalty included
 * @param norm the greatest norm (up to rounding), positive
 */
public record ClippedObjective(Objective objective, double norm) implements Objective {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if {@code norm} is not positive and finite
     */
    public ClippedObjective {
        Range.POSITIVE.check("clip.norm", norm);
    }

    /** The value of {@code clip { norm = … }} in a run's configuration, if it is there. */
    public static OptionalDouble readNorm(Settings root) {
        return root.has("clip")
                ? OptionalDouble.of(Range.POSITIVE.read(root.child("clip"), "norm"))
                : OptionalDouble.empty();
    }

    @Override
    public int dimension() {
        return objective.dimension();
    }

    @Override
    public Evaluation evaluate(Vector point) {
        Evaluation evaluation = objective.evaluate(point);
        double length = evaluation.gradient().norm();
        if (!(length > norm) || !Double.isFinite(length)) {
            return evaluation;
        }
        Vector clipped = evaluation.gradient().times(norm / length);
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
