package dev.lockstep.optimize;

/**
 * The step to the vertex of the parabola that has the objective's slope and curvature along the direction.
 *
 * <pre>
 *   t = -g'p / p'Hp
 * </pre>
 *
 * On a quadratic that is the least value along the ray. Elsewhere it is a Newton step in one dimension, which must do
 * no harm: if the value there is above phi(0) + c1 t phi'(0) by more than 1e-12 |phi(0)|, the step shrinks by
 * {@link Backtracking}. Where p'Hp is not positive there is no vertex, but still a way down: backtracking then begins
 * with the first step as other searches do.
 *
 * <p>Cost: one Hessian-vector product, and one evaluation of the new point, which the next step would ask for anyway.
 * Source: Nocedal, Wright 2006, equation 3.55 with section 7.1, doi:10.1007/978-0-387-40065-5.
 *
 * @param otherwise what follows where the parabola leads astray
 */
public record ExactStep(Backtracking otherwise) implements LineSearch {
    static final String KEY = "exact";

    private static final double ROUNDING = 1e-12;

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public int liveVectors() {
        // the product
        return otherwise.liveVectors() + 1;
    }

    @Override
    public Found search(Ray ray, double first) {
        double curvature = ray.direction().dot(ray.objective().hessianVector(ray.point(), ray.direction()));
        double step = -ray.slope() / curvature;
        if (!(curvature > 0) || !Double.isFinite(step)) {
            return otherwise.search(ray, first);
        }
        Ray.Trial vertex = ray.trial(step);
        double limit = ray.here().value()
                + otherwise.sufficientDecrease() * step * ray.slope()
                + ROUNDING * Math.abs(ray.here().value());
        return vertex.isFinite() && vertex.value() <= limit && ray.gains(vertex)
                ? Found.of(ray, vertex, Outcome.FOUND)
                : otherwise.shorter(ray, step, this);
    }
}
