package dev.lockstep.network;

import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Mixing;
import java.io.Serializable;

/**
 * Which hidden units are set to 0 in a step: a function of the seed, the step, the row, the layer and the unit, so the
 * same on every machine (Srivastava and others 2014, the inverted form: what is kept is divided by 1 - share).
 *
 * @param key mixed from the seed and the step
 * @param share probability of a unit to be set to 0, in (0, 1)
 */
public record Dropout(long key, double share) implements Serializable {
    /** The dropout of a step. */
    public static Dropout of(long seed, long step, double share) {
        return new Dropout(Mixing.mix(Mixing.key(seed, "dropout"), step), share);
    }

    /**
     * Writes the factors of a layer's units, 0 or 1 / (1 - share).
     *
     * @param layer number of the layer from 0
     * @param rowNumbers number of each row in the training set
     * @param factors receives [rows, width]
     */
    void factors(int layer, long[] rowNumbers, int rows, int width, Buffer factors) {
        double kept = 1.0 / (1.0 - share);
        long layerKey = Mixing.mix(key, layer);
        for (int i = 0; i < rows; i++) {
            long rowKey = Mixing.mix(layerKey, rowNumbers[i]);
            for (int j = 0; j < width; j++) {
                factors.set(i * width + j, Mixing.uniform(Mixing.mix(rowKey ^ j)) < share ? 0.0 : kept);
            }
        }
    }
}
