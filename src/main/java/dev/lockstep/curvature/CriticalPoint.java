package dev.lockstep.curvature;

import dev.lockstep.linalg.Vector;
import java.util.Locale;

/**
 * What kind of point this is: the test by second derivatives.
 *
 * <pre>
 *   not critical   ||gradient|| &gt; gradientThreshold = tolerance * L * max(1, ||point||),     L = max |lambda|
 *   saddle         lambdaMin &lt; -e and lambdaMax &gt; e,     e = 1e-6 L
 *   maximum        lambdaMin &lt; -e only
 *   minimum        otherwise
 * </pre>
 *
 * <p>The first threshold is a length: the step of gradient descent at the best rate 1/L moves the point by less than the
 * tolerance, relative to its norm. It does not change when the objective is multiplied by a factor. Eigenvalues up to the
 * second threshold count as 0, so a minimum may be flat in some directions, as those of large networks are; whether the
 * objective falls along such a direction, second derivatives do not tell.
 *
 * <p>Source: Nocedal, Wright, Numerical Optimization, 2nd ed., theorems 2.3 and 2.4, doi:10.1007/978-0-387-40065-5.
 *
 * @param kind the answer
 * @param gradientNorm of the objective with its penalty
 * @param gradientThreshold up to which it counts as 0
 * @param eigenvalueThreshold up to which an eigenvalue's magnitude counts as 0
 */
public record CriticalPoint(Kind kind, double gradientNorm, double gradientThreshold, double eigenvalueThreshold) {
    /** Of the gradient's threshold, where nothing else is asked for. */
    public static final double DEFAULT_TOLERANCE = 1e-6;

    private static final double ZERO = 1e-6;

    /** The kinds. */
    public enum Kind {
        /** No direction bends down. */
        MINIMUM,
        /** Some directions bend down, some up. */
        SADDLE,
        /** Some directions bend down, none up. */
        MAXIMUM,
        /** There is a slope. */
        NOT_CRITICAL;

        /** The word in a report. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * @param gradientNorm of the objective at the point
     * @param lambdaMin the Hessian's smallest eigenvalue
     * @param lambdaMax its largest
     * @param tolerance on the gradient, positive
     */
    public static CriticalPoint of(
            Vector point, double gradientNorm, double lambdaMin, double lambdaMax, double tolerance) {
        double size = Math.max(Math.abs(lambdaMin), Math.abs(lambdaMax));
        double zero = eigenvalueThreshold(lambdaMin, lambdaMax);
        double slope = tolerance * size * Math.max(1, point.norm());
        Kind kind = !(gradientNorm <= slope)
                ? Kind.NOT_CRITICAL
                : !(lambdaMin < -zero) ? Kind.MINIMUM : lambdaMax > zero ? Kind.SADDLE : Kind.MAXIMUM;
        return new CriticalPoint(kind, gradientNorm, slope, zero);
    }

    /** Up to which magnitude an eigenvalue counts as 0: a millionth of the largest one. */
    public static double eigenvalueThreshold(double lambdaMin, double lambdaMax) {
        return ZERO * Math.max(Math.abs(lambdaMin), Math.abs(lambdaMax));
    }
}
