package dev.lockstep.train;

import dev.lockstep.linalg.Vector;

/**
 * How a run ended.
 *
 * @param reason why
 * @param last the last finite weights
 * @param best the weights of the best epoch, where there were a validation set and patience; else the last
 * @param bestEpoch the epoch that {@code best} is of; -1 if it is the last weights
 * @param steps steps taken
 * @param epochs epochs completed
 * @param evaluations requests over a batch, for steps
 * @param rowsTouched rows of these requests
 * @param bestLoss lowest loss of an epoch that was logged; NaN if no epoch ended
 * @param seconds of training, validation left out
 * @param validationSeconds of validation
 * @param optimizerSeconds of training that were not spent in the engine
 */
public record Outcome(
        StopReason reason,
        Vector last,
        Vector best,
        long bestEpoch,
        long steps,
        long epochs,
        long evaluations,
        long rowsTouched,
        double bestLoss,
        double seconds,
        double validationSeconds,
        double optimizerSeconds) {}
