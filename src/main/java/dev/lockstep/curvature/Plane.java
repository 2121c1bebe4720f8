package dev.lockstep.curvature;

import dev.lockstep.linalg.Vector;
import java.util.List;

/**
 * A plane through a point of the space of parameters.
 *
 * <pre>
 *   w(x, y) = origin + x first + y second
 * </pre>
 *
 * <p>The directions need not have norm 1, nor be at right angles.
 *
 * @param origin P parameters
 * @param first P entries
 * @param second P entries
 */
public record Plane(Vector origin, Vector first, Vector second) {
    /** The least square of a sine between directions. */
    private static final double PARALLEL = 1e-12;

    /**
     * Checks that the directions span a plane.
     *
     * @throws IllegalArgumentException if sizes differ, a direction is 0 or not finite, or both are parallel
     */
    public Plane {
        if (first.size() != origin.size() || second.size() != origin.size()) {
            throw new IllegalArgumentException("expected directions of " + origin.size() + " entries, got "
                    + first.size() + " and " + second.size());
        }
        double a = first.dot(first);
        double b = first.dot(second);
        double c = second.dot(second);
        if (!(a * c - b * b > PARALLEL * a * c) || !Double.isFinite(a * c)) {
            throw new IllegalArgumentException("expected two directions that span a plane, got norms of " + first.norm()
                    + " and " + second.norm() + " and a product of " + b);
        }
    }

    /**
     * Where a point lies that is projected onto the plane at right angles.
     *
     * @param x along the first direction, in multiples of it
     * @param y along the second
     * @param distance from the plane, in parameters
     */
    public record Place(double x, double y, double distance) {}

    /**
     * A path that is projected.
     *
     * @param places of its points
     * @param share of its length that lies in the plane, in [0, 1]: the projected path's length over the path's own; NaN if
     *     that is 0
     */
    public record Shadow(List<Place> places, double share) {}

    /** The point at a place of the plane, P parameters. */
    public Vector at(double x, double y) {
        return origin.plus(x, first).plus(y, second);
    }

    /** The projection of a point of P parameters. */
    public Place project(Vector point) {
        Vector difference = point.minus(origin);
        double[] place = coordinates(difference);
        Vector rest = difference.plus(-place[0], first).plus(-place[1], second);
        return new Place(place[0], place[1], rest.norm());
    }

    /** The projection of a path, point by point. */
    public Shadow project(List<Vector> path) {
        double whole = 0;
        double inPlane = 0;
        for (int i = 1; i < path.size(); i++) {
            Vector step = path.get(i).minus(path.get(i - 1));
            double[] place = coordinates(step);
            whole += step.norm();
            inPlane += first.times(place[0]).plus(place[1], second).norm();
        }
        return new Shadow(path.stream().map(this::project).toList(), Math.min(1, inPlane / whole));
    }

    /** The multiples of the directions nearest to a vector: its normal equations, solved by Cramer's rule. */
    private double[] coordinates(Vector vector) {
        double a = first.dot(first);
        double b = first.dot(second);
        double c = second.dot(second);
        double d = vector.dot(first);
        double e = vector.dot(second);
        double determinant = a * c - b * b;
        return new double[] {(d * c - e * b) / determinant, (e * a - d * b) / determinant};
    }
}
