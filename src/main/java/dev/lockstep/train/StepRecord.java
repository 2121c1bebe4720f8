package dev.lockstep.train;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of one step.
 *
 * @param step its number, from 0
 * @param epoch the epoch that it belongs to, from 0
 * @param loss the objective where the step's gradient was taken, penalty included
 * @param gradientNorm of the objective's gradient there, before clipping
 * @param stepNorm length of the step
 * @param learningRate what was used; empty where there is none
 * @param rows rows of its batch
 * @param evaluations requests over a batch so far, this step's included
 * @param seconds of training so far, validation left out
 * @param motion what the step did beside the one before it, where that is wanted
 */
public record StepRecord(
        long step,
        long epoch,
        double loss,
        double gradientNorm,
        double stepNorm,
        OptionalDouble learningRate,
        long rows,
        long evaluations,
        double seconds,
        Optional<Motion> motion) {}
