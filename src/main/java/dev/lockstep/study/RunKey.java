package dev.lockstep.study;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Which run of a study it is: what a comparison must know before the run has begun.
 *
 * @param name of the run and of its folder
 * @param varied the value of every varied key, in the plan's order; an empty text where the run has none
 * @param method label of its optimizer, without learning rate, seed and other varied keys
 * @param takesLearningRate whether the optimizer takes one
 * @param learningRate the constant or initial one; empty where there is none
 * @param seed of weights, rows and dropout
 * @param trainingRows rows that it trains on, positive; a step over as many is one with a full batch
 * @param bytesPerEvaluation bytes moved by a request, down and up; NaN to take what {@code run.json} measured
 */
public record RunKey(
        String name,
        Map<String, String> varied,
        String method,
        boolean takesLearningRate,
        OptionalDouble learningRate,
        long seed,
        long trainingRows,
        double bytesPerEvaluation) {
    static final String OPTIMIZER = "optimizer";
    static final String SEED = "seed";
    static final String LEARNING_RATE = "learning-rate";
    static final String FRACTION = "data.fraction";

    /**
     * Keeps the order of the varied keys.
     *
     * @throws IllegalArgumentException if there are no training rows
     */
    public RunKey {
        if (trainingRows < 1) {
            throw new IllegalArgumentException("expected at least 1 training row, got " + trainingRows);
        }
        varied = Collections.unmodifiableMap(new LinkedHashMap<>(varied));
    }

    /** Every varied key that tells settings of a method apart: not the optimizer, not the seed, nothing empty. */
    Map<String, String> setting() {
        Map<String, String> setting = new LinkedHashMap<>(varied);
        setting.remove(OPTIMIZER);
        setting.remove(SEED);
        setting.values().removeIf(String::isEmpty);
        return setting;
    }
}
