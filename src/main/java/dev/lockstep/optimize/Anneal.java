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
     * The value on the way; both ends are met exactly, and small ends lose no digits to large ones.
     *
     * @param way how far it is gone, from 0 to {@code whole}
     * @param whole positive
     */
    double between(double from, double to, double way, double whole) {
        boolean falls = from > to;
        double share = (falls ? whole - way : way) / whole;
        if (this == COSINE) {
            // (1 - cos(pi share)) / 2 without its cancellation
            double sine = StrictMath.sin(share * (Math.PI / 2));
            share = sine * sine;
        }
        return falls ? mixed(to, from, share) : mixed(from, to, share);
    }

    /** (1 - share) a + share b; exactly a for 0, b for 1, and both where they are equal. */
    static double mixed(double a, double b, double share) {
        return share < 0.5 ? a + share * (b - a) : b - (1 - share) * (b - a);
    }
}
