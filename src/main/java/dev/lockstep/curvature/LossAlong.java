package dev.lockstep.curvature;

import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Evaluation;
import dev.lockstep.optimize.Objective;
import java.util.ArrayList;
import java.util.List;

/**
 * The objective along an eigenvector, beside the parabola that the eigenvalue promises.
 *
 * <pre>
 *   objective(point + t v)     against     value + t v'gradient + t^2 lambda / 2
 *   t = reach * (-1, -0.8, …, 1),     reach = sqrt(2 |value| / |lambda|)
 * </pre>
 *
 * <p>At the reach the parabola has risen, or fallen, by as much as the objective is worth. How far the two agree says how
 * far second derivatives can be trusted. Cost: 11 values for each direction, one scan for all.
 *
 * @param pair direction and curvature
 * @param distances t, ascending
 * @param values the objective
 * @param parabola what second derivatives promise
 */
public record LossAlong(EigenPair pair, List<Double> distances, List<Double> values, List<Double> parabola) {
    private static final int SIDE = 5;

    /**
     * @param here value and gradient at the point
     * @param pairs directions of norm 1; one with the eigenvalue 0 reaches as far as the point's norm
     */
    public static List<LossAlong> of(Objective objective, Vector point, Evaluation here, List<EigenPair> pairs) {
        List<Vector> points = new ArrayList<>();
        for (EigenPair pair : pairs) {
            for (double t : distances(point, here, pair)) {
                points.add(point.plus(t, pair.vector()));
            }
        }
        double[] values = objective.values(points);
        List<LossAlong> profiles = new ArrayList<>();
        int next = 0;
        for (EigenPair pair : pairs) {
            List<Double> distances = distances(point, here, pair);
            double slope = pair.vector().dot(here.gradient());
            List<Double> found = new ArrayList<>();
            List<Double> parabola = new ArrayList<>();
            for (double t : distances) {
                found.add(values[next++]);
                parabola.add(here.value() + t * slope + t * t * pair.value() / 2);
            }
            profiles.add(new LossAlong(pair, distances, found, parabola));
        }
        return profiles;
    }

    private static List<Double> distances(Vector point, Evaluation here, EigenPair pair) {
        double reach = Math.sqrt(2 * Math.abs(here.value() / pair.value()));
        if (!Double.isFinite(reach) || reach == 0) {
            reach = Math.max(1, point.norm());
        }
        List<Double> distances = new ArrayList<>();
        for (int i = -SIDE; i <= SIDE; i++) {
            distances.add(reach * i / SIDE);
        }
        return distances;
    }
}
