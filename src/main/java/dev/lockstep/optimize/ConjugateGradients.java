package dev.lockstep.optimize;

import dev.lockstep.linalg.Vector;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Linear conjugate gradients for a quadratic that is to be lowered, not solved: they stop when an iteration gains little.
 *
 * <pre>
 *   phi(x) = x'B x / 2 + g'x,  from x_0;   r_i = -(g + B x_i),  z_i = r_i / M,  d_0 = z_0
 *   x_(i+1) = x_i + a d_i,  a = r_i'z_i / d_i'B d_i;   d_(i+1) = z_(i+1) + (r_(i+1)'z_(i+1) / r_i'z_i) d_i
 * </pre>
 *
 * Source: Hestenes, Stiefel 1952, doi:10.6028/jres.049.044; when to stop: Martens 2010, section 4.4.
 *
 * @param product B times a direction
 * @param weights M, the preconditioner, a diagonal of positive entries
 * @param tolerance of the relative progress for an iteration
 * @param most iterations
 */
record ConjugateGradients(UnaryOperator<Vector> product, Vector weights, double tolerance, long most) {
    /**
     * Where it ended.
     *
     * @param x the last point
     * @param curvature x'B x
     * @param iterations products but for that of the start
     */
    record Solution(Vector x, double curvature, long iterations) {}

    /**
     * Lowers phi.
     *
     * @param gradient g
     * @param start x_0; one that is no better than 0 is passed over
     */
    Solution minimize(Vector gradient, Vector start) {
        Vector x = start;
        Vector r = gradient.times(-1);
        double phi = 0;
        if (start.maxAbs() > 0) {
            r = r.minus(product.apply(start));
            phi = phi(x, r, gradient);
            if (!(phi < 0)) {
                x = start.times(0);
                r = gradient.times(-1);
                phi = 0;
            }
        }
        Vector z = r.zip(weights, (entry, weight) -> entry / weight);
        Vector d = z;
        double rz = r.dot(z);
        List<Double> values = new ArrayList<>();
        values.add(phi);
        int i = 0;
        while (i < most && rz > 0) {
            Vector image = product.apply(d);
            double curvature = d.dot(image);
            if (!(curvature > 0)) {
                // Down without end: the first direction is better than none.
                if (i == 0 && x.maxAbs() == 0) {
                    return new Solution(d, curvature, 0);
                }
                break;
            }
            double a = rz / curvature;
            x = x.plus(a, d);
            r = r.plus(-a, image);
            i++;
            values.add(phi(x, r, gradient));
            if (gainsLittle(values)) {
                break;
            }
            z = r.zip(weights, (entry, weight) -> entry / weight);
            double next = r.dot(z);
            d = z.plus(next / rz, d);
            rz = next;
        }
        // x'B x = -x'(r + g)
        return new Solution(x, -(x.dot(r) + x.dot(gradient)), i);
    }

    /** phi(x) = (g'x - r'x) / 2 */
    private static double phi(Vector x, Vector r, Vector gradient) {
        return (gradient.dot(x) - r.dot(x)) / 2;
    }

    private boolean gainsLittle(List<Double> values) {
        int i = values.size() - 1;
        int m = Math.max(10, i / 10);
        double now = values.get(i);
        return i > m && now < 0 && (now - values.get(i - m)) / now < m * tolerance;
    }
}
