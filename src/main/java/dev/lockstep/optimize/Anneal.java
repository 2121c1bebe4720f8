package dev.lockstep.optimize;

import java.util.Locale;

/** How a schedule goes from one value to another. */
public enum Anneal {
    /** Along half a wave of the cosine: flat at both ends. */
    COSINE,
    /** Along a straight line. */
    LINEAR;

    /** The word in a configuration. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The value on the way; both ends are met exactly.
     *
     * @param left share of the way that is still ahead, in [0, 1]
     */
    double between(double from, double to, double left) {
        double share = left;
        if (this == COSINE) {
            // (1 + cos(pi (1 - left))) / 2, without the cancellation near the end
            double sine = StrictMath.sin(left * (Math.PI / 2));
            share = sine * sine;
        }
        return share * from + (1 - share) * to;
    }
}
