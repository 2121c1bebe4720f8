package dev.lockstep.optimize;

import dev.lockstep.linalg.Vector;

/** What Adam and its kin keep of past gradients: running averages of them and of their squares, both from 0. */
final class Moments {
    private Moments() {}

    /** decay m + (1 - decay) g */
    static Vector first(double decay, Vector m, Vector g) {
        return m.combined(decay, 1 - decay, g);
    }

    /** decay v + (1 - decay) g^2, per coordinate */
    static Vector second(double decay, Vector v, Vector g) {
        return Vector.of(v.size(), (result, from, to) -> {
            for (int i = from; i < to; i++) {
                result[i] = decay * v.get(i) + (1 - decay) * (g.get(i) * g.get(i));
            }
        });
    }

    /**
     * The sum of the weights that an average gives to the gradients so far, 1 - decay^(k+1): through it the average is
     * free of the bias towards 0.
     */
    static double weight(double decay, Iteration k) {
        return 1 - StrictMath.pow(decay, (double) (k.step() + 1));
    }
}
