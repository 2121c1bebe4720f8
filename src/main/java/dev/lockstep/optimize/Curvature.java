package dev.lockstep.optimize;

import dev.lockstep.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A symmetric P x P matrix that says how an objective bends. */
public enum Curvature {
    /** H, the second derivatives. */
    HESSIAN,
    /**
     * G = mean of transposed(J) H_L J, with J the outputs' derivatives and H_L the loss's Hessian for the outputs: the
     * part of H that stays where the network is linear in its parameters. Positive semidefinite for a convex loss. The
     * penalty's part is its own Hessian. Source: Schraudolph 2002, doi:10.1162/08997660260028683.
     */
    GAUSS_NEWTON;

    /** The word in a configuration. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The words, in the order of the constants. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(Curvature::key).toList();
    }

    /** Reads the key {@code matrix} of an optimizer. */
    static Curvature read(Settings own, Curvature otherwise) {
        return values()[keys().indexOf(own.choice("matrix", otherwise.key(), keys()))];
    }
}
