package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.OptionalDouble;

/**
 * What bounds a gradient: its Euclidean norm or each of its entries, or nothing.
 *
 * <pre>
 *   norm:  g  if ||g|| &lt;= norm,  else  (norm / ||g||) g           the direction stays
 *   value: g_i clamped to [-value, value]
 * </pre>
 *
 * PyTorch's {@code clip_grad_norm_} divides by ||g|| + 1e-6 instead; by value it is {@code clip_grad_value_}. A
 * gradient without a finite norm stays as it is, so that the divergence is seen; PyTorch clamps infinite entries.
 *
 * <p>Source: Pascanu, Mikolov, Bengio 2013, On the difficulty of training recurrent neural networks, algorithm 1, PMLR
 * 28(3):1310-1318.
 *
 * @param norm the greatest norm (up to rounding), positive
 * @param value the greatest magnitude of an entry, positive; not together with {@code norm}
 */
public record Clipping(OptionalDouble norm, OptionalDouble value) {
    /** Gradients stay as they are. */
    public static final Clipping NONE = new Clipping(OptionalDouble.empty(), OptionalDouble.empty());

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is not positive and finite, or both are there
     */
    public Clipping {
        norm.ifPresent(most -> Range.POSITIVE.check("clip.norm", most));
        value.ifPresent(most -> Range.POSITIVE.check("clip.value", most));
        if (norm.isPresent() && value.isPresent()) {
            throw new IllegalArgumentException("clip.norm and clip.value exclude each other, got " + norm.getAsDouble()
                    + " and " + value.getAsDouble());
        }
    }

    /** By the norm. */
    public static Clipping byNorm(double most) {
        return new Clipping(OptionalDouble.of(most), OptionalDouble.empty());
    }

    /** Entry by entry. */
    public static Clipping byValue(double most) {
        return new Clipping(OptionalDouble.empty(), OptionalDouble.of(most));
    }

    /** Reads {@code clip { norm = … }} or {@code clip { value = … }} of a run's configuration, if it is there. */
    public static Clipping read(Settings root) {
        if (!root.has("clip")) {
            return NONE;
        }
        Settings own = root.child("clip");
        boolean byNorm = own.has("norm");
        boolean byValue = own.has("value");
        if (byNorm && byValue) {
            throw own.wrong("value", "clip.norm is there too; expected one of both");
        }
        if (byValue) {
            return byValue(Range.POSITIVE.read(own, "value"));
        }
        return byNorm(Range.POSITIVE.read(own, "norm"));
    }

    /** The objective with its gradient clipped; the objective itself if nothing is. */
    public Objective over(Objective objective) {
        return norm.isEmpty() && value.isEmpty() ? objective : new ClippedObjective(objective, this);
    }

    /** The gradient after clipping, P entries. */
    Vector clipped(Vector gradient) {
        double length = gradient.norm();
        if (!Double.isFinite(length)) {
            return gradient;
        }
        if (value.isPresent()) {
            double most = value.getAsDouble();
            return gradient.map(g -> Math.min(Math.max(g, -most), most));
        }
        return norm.isPresent() && length > norm.getAsDouble() ? gradient.times(norm.getAsDouble() / length) : gradient;
    }
}
