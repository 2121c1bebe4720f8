package dev.lockstep.train;

import dev.lockstep.optimize.Plateau;

/**
 * Where a run stands after a step: all numbers that its rules, reports and schedules remember.
 *
 * @param steps steps taken
 * @param epochs epochs completed
 * @param evaluations requests over a batch, for steps
 * @param rowsTouched rows of these requests
 * @param nanos of training, validation left out
 * @param engineNanos of them spent in the engine
 * @param validationNanos of validation
 * @param epochLoss sum over the rows that this epoch's steps saw of the loss of their step
 * @param epochNorm likewise of the gradient's norm
 * @param epochRows rows that this epoch's steps saw
 * @param ruleLoss the loss that stop rules look at, if the last step brought one; else NaN
 * @param ruleNorm likewise the gradient's norm
 * @param bestMonitored the lowest validation loss of an epoch, or training loss where there is no validation set
 * @param epochsWithoutBetter epochs since then
 * @param bestLoss the lowest training loss of an epoch; NaN before the first
 * @param bestEpoch the epoch whose weights are kept as the best; -1 if none are
 * @param plateau what a plateau schedule remembers
 */
public record Standing(
        long steps,
        long epochs,
        long evaluations,
        long rowsTouched,
        long nanos,
        long engineNanos,
        long validationNanos,
        double epochLoss,
        double epochNorm,
        long epochRows,
        double ruleLoss,
        double ruleNorm,
        double bestMonitored,
        long epochsWithoutBetter,
        double bestLoss,
        long bestEpoch,
        Plateau.Memory plateau) {
    /** Before the first step. */
    public static final Standing START = new Standing(
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            Double.NaN,
            Double.NaN,
            Double.POSITIVE_INFINITY,
            0,
            Double.NaN,
            -1,
            Plateau.Memory.NONE);
}
