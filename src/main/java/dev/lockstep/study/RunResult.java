package dev.lockstep.study;

import java.util.Map;
import java.util.Optional;

/**
 * What one run has come to, finished or not. Numbers that are not known are NaN.
 *
 * @param key which run
 * @param state where it stands
 * @param ending why it stopped
 * @param totals its numbers so far
 * @param validation of each metric the last and the best value
 * @param targets when it reached each target, by the target's name in files; those that it reached
 * @param nearest the best value that it had of each target's measure, by the target's name
 * @param steps its steps' numbers; {@link Quantity} has the names
 * @param epochs its epochs' numbers
 * @param bytesPerEvaluation bytes moved by a request
 * @param rate at which its gradient norm falls; only with full batches
 */
record RunResult(
        RunKey key,
        RunState state,
        Ending ending,
        Totals totals,
        Map<String, Metric> validation,
        Map<String, TargetWatch.Reached> targets,
        Map<String, Double> nearest,
        Series steps,
        Series epochs,
        double bytesPerEvaluation,
        Optional<ConvergenceRate> rate) {

    /**
     * Why a run stopped; texts that are not known are empty.
     *
     * @param reason the rule, as in {@code run.json}
     * @param message what happened
     * @param advice what to try next
     */
    record Ending(String reason, String message, String advice) {
        static final Ending NONE = new Ending("", "", "");
    }

    /**
     * A run's numbers so far.
     *
     * @param steps taken
     * @param epochs completed
     * @param passes over its training rows
     * @param seconds of training
     * @param finalLoss training loss at the last weights; before the end, the last one logged
     * @param bestLoss lowest loss of an epoch, or the final one where that is lower
     * @param lowestNorm lowest gradient norm of a step
     */
    record Totals(
            long steps,
            long epochs,
            double passes,
            double seconds,
            double finalLoss,
            double bestLoss,
            double lowestNorm) {}

    /**
     * A validation metric.
     *
     * @param last of the last epoch
     * @param best of all epochs: the lowest or the highest, whichever is better
     */
    record Metric(double last, double best) {}

    /** Whether it has taken a step and neither diverged nor failed. */
    boolean counts() {
        return totals.steps() > 0 && !state.lost();
    }

    /** When it reached a target; never, if it lost in the end. */
    Optional<TargetWatch.Reached> reached(Target target) {
        return counts() ? Optional.ofNullable(targets.get(target.id())) : Optional.empty();
    }

    /** The final loss of a run that counts; infinite if it lost, NaN if it has none yet. */
    double comparedLoss() {
        return state.lost() ? Double.POSITIVE_INFINITY : counts() ? totals.finalLoss() : Double.NaN;
    }

    /** The loss of its first step, over that step's rows; NaN before it. */
    double firstLoss() {
        return steps.first(Quantity.LOSS);
    }

    /** Whether it ended, in the finite numbers, above the loss that it began with. */
    boolean endedAboveItsStart() {
        return state.ended() && counts() && totals.finalLoss() > firstLoss();
    }

    /** Bytes moved so far; NaN if not known. */
    double bytes() {
        return steps.last(Quantity.EVALUATIONS) * bytesPerEvaluation;
    }
}
