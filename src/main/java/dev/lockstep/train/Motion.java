package dev.lockstep.train;

import dev.lockstep.linalg.Vector;
import java.util.Optional;
import java.util.OptionalDouble;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * What a step did, beside the step before it: whether the coordinates of the gradient keep their signs, and whether the
 * weights keep their direction. Costs a few passes over the parameters, on the driver, and none over the rows.
 *
 * @param signChanges share of coordinates whose derivative has another sign than in the step before, in [0, 1]; a
 *     derivative of 0 on either side is no change. Empty in the first step
 * @param cosine of the angle between this step and the one before, in [-1, 1]; empty where there is none before, or one
 *     of them is 0
 * @param stepSizes of the coordinates, where the optimizer keeps one for each
 */
public record Motion(OptionalDouble signChanges, OptionalDouble cosine, Optional<Sizes> stepSizes) {
    /**
     * How far coordinates go.
     *
     * @param min the shortest
     * @param median of an even number of coordinates the mean of the two in the middle
     * @param max the longest
     */
    public record Sizes(double min, double median, double max) {
        /** Of at least one size; exact, by selection. */
        static Sizes of(Vector sizes) {
            double min = sizes.get(0);
            double max = min;
            for (int i = 1; i < sizes.size(); i++) {
                min = Math.min(min, sizes.get(i));
                max = Math.max(max, sizes.get(i));
            }
            return new Sizes(min, new Median().evaluate(sizes.toArray()), max);
        }
    }

    /**
     * Compares a step with the one before it.
     *
     * @param gradient of this step, P entries, clipped if clipping is on
     * @param gradientBefore of the step before, P entries; null in the first step
     * @param step how far the weights went, P entries
     * @param stepBefore likewise in the step before; 0 in the first step
     * @param sizes of the coordinates' steps, where the optimizer keeps them
     */
    static Motion of(Vector gradient, Vector gradientBefore, Vector step, Vector stepBefore, Optional<Vector> sizes) {
        return new Motion(
                gradientBefore == null
                        ? OptionalDouble.empty()
                        : OptionalDouble.of(signChanges(gradient, gradientBefore)),
                cosine(step, stepBefore),
                sizes.map(Sizes::of));
    }

    private static double signChanges(Vector gradient, Vector before) {
        long changes = 0;
        for (int i = 0; i < gradient.size(); i++) {
            // By their bits: the product of two small numbers is 0, and a branch would be guessed wrongly half the
            // time.
            long now = Double.doubleToRawLongBits(gradient.get(i));
            long then = Double.doubleToRawLongBits(before.get(i));
            long nowSize = now << 1;
            long thenSize = then << 1;
            // x | -x is negative unless x is 0.
            changes += ((now ^ then) & (nowSize | -nowSize) & (thenSize | -thenSize)) >>> 63;
        }
        return (double) changes / gradient.size();
    }

    private static OptionalDouble cosine(Vector step, Vector before) {
        double product = 0;
        double square = 0;
        double squareBefore = 0;
        for (int i = 0; i < step.size(); i++) {
            double now = step.get(i);
            double then = before.get(i);
            product += now * then;
            square += now * now;
            squareBefore += then * then;
        }
        if (isSafe(square) && isSafe(squareBefore)) {
            return OptionalDouble.of(inRange(product / Math.sqrt(square) / Math.sqrt(squareBefore)));
        }
        double length = step.norm();
        double lengthBefore = before.norm();
        if (length == 0 || lengthBefore == 0) {
            return OptionalDouble.empty();
        }
        return OptionalDouble.of(inRange(step.map(x -> x / length).dot(before.map(x -> x / lengthBefore))));
    }

    /** Whether no square has come near the limits of a double. */
    private static boolean isSafe(double square) {
        return square < Double.MAX_VALUE && square > 0x1p-900;
    }

    private static double inRange(double cosine) {
        return Math.min(1, Math.max(-1, cosine));
    }
}
