package dev.lockstep.curvature;

import dev.lockstep.linalg.Vector;
import dev.lockstep.optimize.Objective;
import java.util.ArrayList;
import java.util.List;

/**
 * An objective over a window of a plane.
 *
 * <p>Cost: a value for each point of the grid, as many with one scan as the budget has room for.
 *
 * @param plane where it was looked at
 * @param x places along the first direction, ascending
 * @param y places along the second
 * @param values a row for each y with an entry for each x; need not be finite
 */
public record LossSlice(Plane plane, double[] x, double[] y, double[][] values) {
    /** Points that are asked for with one scan. */
    private static final int TOGETHER = 64;

    /** Budget for them on the driver. */
    private static final long BYTES = 1 << 25;

    /**
     * A part of the plane, in multiples of its directions.
     *
     * @param left the least x
     * @param right the largest, above {@code left}
     * @param bottom the least y
     * @param top the largest, above {@code bottom}
     */
    public record Window(double left, double right, double bottom, double top) {
        /**
         * Checks that there is something to be seen.
         *
         * @throws IllegalArgumentException if the window is empty or not finite
         */
        public Window {
            if (!(right > left && top > bottom) || !Double.isFinite(right - left) || !Double.isFinite(top - bottom)) {
                throw new IllegalArgumentException(
                        "expected a window, got x from " + left + " to " + right + ", y from " + bottom + " to " + top);
            }
        }

        /**
         * A window about the origin that shows a path as well, with a fifth of its extent on every side.
         *
         * @param reachX how far it goes at least to the left and to the right, not negative
         * @param reachY likewise down and up
         */
        public static Window around(List<Plane.Place> path, double reachX, double reachY) {
            double[] x = path.stream().mapToDouble(Plane.Place::x).toArray();
            double[] y = path.stream().mapToDouble(Plane.Place::y).toArray();
            double[] across = side(x, reachX);
            double[] up = side(y, reachY);
            return new Window(across[0], across[1], up[0], up[1]);
        }

        private static double[] side(double[] places, double reach) {
            double least = 0;
            double most = 0;
            for (double place : places) {
                least = Math.min(least, place);
                most = Math.max(most, place);
            }
            double margin = (most - least) / 5;
            return new double[] {Math.min(-reach, least - margin), Math.max(reach, most + margin)};
        }
    }

    /**
     * Looks at it.
     *
     * @param points of the grid on each side, at least 2
     */
    public static LossSlice of(Objective objective, Plane plane, Window window, int points) {
        double[] x = places(window.left(), window.right(), points);
        double[] y = places(window.bottom(), window.top(), points);
        int together = (int) Math.max(
                1,
                Math.min(TOGETHER, BYTES / ((long) Double.BYTES * plane.origin().size())));
        double[][] values = new double[points][points];
        int all = points * points;
        for (int from = 0; from < all; from += together) {
            List<Vector> some = new ArrayList<>();
            for (int i = from; i < Math.min(all, from + together); i++) {
                some.add(plane.at(x[i % points], y[i / points]));
            }
            double[] found = objective.values(some);
            for (int i = 0; i < found.length; i++) {
                values[(from + i) / points][(from + i) % points] = found[i];
            }
        }
        return new LossSlice(plane, x, y, values);
    }

    /** Evenly spaced, both ends included. */
    private static double[] places(double from, double to, int points) {
        double[] places = new double[points];
        for (int i = 0; i < points; i++) {
            double share = (double) i / (points - 1);
            places[i] = from * (1 - share) + to * share;
        }
        return places;
    }
}
