package dev.lockstep.curvature;

import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.Objective;
import java.util.List;

/**
 * The symmetric P x P matrix of an objective's curvature at a point, known by its products. Counts them.
 *
 * <p>Cost: as many products as directions, one scan a call.
 */
public final class CurvatureMatrix {
    private final Objective objective;
    private final Curvature which;
    private final Vector point;
    private int products;

    /**
     * @param which the Hessian, or the Gauss-Newton matrix
     * @param point P parameters
     */
    public CurvatureMatrix(Objective objective, Curvature which, Vector point) {
        if (point.size() != objective.dimension()) {
            throw new IllegalArgumentException(
                    "expected a point of " + objective.dimension() + " parameters, got one of " + point.size());
        }
        this.objective = objective;
        this.which = which;
        this.point = point;
    }

    /** The number P of rows, and of columns. */
    public int size() {
        return point.size();
    }

    /** The products with several directions of P entries each, with one scan. */
    public List<Vector> times(List<Vector> directions) {
        products += directions.size();
        return objective.products(which, point, directions);
    }

    /** How many products were asked for. */
    public int products() {
        return products;
    }
}
