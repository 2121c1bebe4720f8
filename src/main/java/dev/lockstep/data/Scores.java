package dev.lockstep.data;

import dev.lockstep.linalg.Mixing;

/** Labels out of scores, one score a class. */
final class Scores {
    private Scores() {}

    /** The place of the largest score, the first one of equals. */
    static int largest(double[] scores) {
        int best = 0;
        for (int c = 1; c < scores.length; c++) {
            if (scores[c] > scores[best]) {
                best = c;
            }
        }
        return best;
    }

    /**
     * The label of a row with these scores: the class of the largest one, or the only one itself.
     *
     * @param scores changed: noise is added
     * @param noise its standard deviation
     * @param key of the row
     * @param classes number of classes; 0 if the label is a number
     */
    static double label(double[] scores, double noise, long key, int classes) {
        if (noise > 0) {
            long noiseKey = Mixing.key(key, "noise");
            for (int c = 0; c < scores.length; c++) {
                scores[c] += noise * Mixing.normal(Mixing.mix(noiseKey, c));
            }
        }
        return classes == 0 ? scores[0] : largest(scores);
    }
}
