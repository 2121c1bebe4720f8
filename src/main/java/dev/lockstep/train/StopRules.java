package dev.lockstep.train;

import dev.lockstep.Settings;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * When to stop; whichever rule holds first. Nothing given means 20 epochs.
 *
 * @param epochs most epochs
 * @param steps most steps
 * @param passes most passes over the training rows: rows touched divided by their number
 * @param minutes most minutes of training, validation left out
 * @param targetLoss stops at or below it: the step's loss for a full batch, the epoch's for mini-batches
 * @param gradientNorm stops at or below it: the step's for a full batch, the epoch's mean for mini-batches
 * @param patience epochs without a better validation loss (training loss where there is no validation set)
 */
public record StopRules(
        OptionalLong epochs,
        OptionalLong steps,
        OptionalDouble passes,
        OptionalDouble minutes,
        OptionalDouble targetLoss,
        OptionalDouble gradientNorm,
        OptionalLong patience) {
    private static final long DEFAULT_EPOCHS = 20;

    /** Reads {@code stop { … }} of a run's configuration. */
    public static StopRules read(Settings root) {
        Settings stop = root.child("stop");
        StopRules rules = new StopRules(
                count(stop, "epochs"),
                count(stop, "steps"),
                positive(stop, "passes"),
                positive(stop, "minutes"),
                stop.has("target-loss") ? OptionalDouble.of(stop.number("target-loss")) : OptionalDouble.empty(),
                positive(stop, "gradient-norm"),
                count(stop, "patience"));
        return rules.isEmpty() ? rules.withEpochs(DEFAULT_EPOCHS) : rules;
    }

    static OptionalLong count(Settings stop, String key) {
        if (!stop.has(key)) {
            return OptionalLong.empty();
        }
        long count = stop.integer(key, 0);
        if (count < 1) {
            throw stop.wrong(key, "expected a whole number of at least 1");
        }
        return OptionalLong.of(count);
    }

    static OptionalDouble positive(Settings stop, String key) {
        if (!stop.has(key)) {
            return OptionalDouble.empty();
        }
        double value = stop.number(key);
        if (!(value > 0)) {
            throw stop.wrong(key, "expected a positive number");
        }
        return OptionalDouble.of(value);
    }

    private boolean isEmpty() {
        return epochs.isEmpty()
                && steps.isEmpty()
                && passes.isEmpty()
                && minutes.isEmpty()
                && targetLoss.isEmpty()
                && gradientNorm.isEmpty()
                && patience.isEmpty();
    }

    /** The same rules with another number of epochs. */
    public StopRules withEpochs(long most) {
        return new StopRules(OptionalLong.of(most), steps, passes, minutes, targetLoss, gradientNorm, patience);
    }

    /** Most steps that there will be, if epochs or steps are bounded. */
    public OptionalLong mostSteps(BatchPlan plan) {
        long most = Long.MAX_VALUE;
        if (epochs.isPresent()) {
            // Nobody will wait for more steps than fit into 53 bits.
            most = (long) Math.min(0x1p53, (double) epochs.getAsLong() * plan.stepsPerEpoch());
        }
        if (steps.isPresent()) {
            most = Math.min(most, steps.getAsLong());
        }
        if (passes.isPresent()) {
            // Each step touches its batch at least once.
            most = (long) Math.min((double) most, Math.ceil(passes.getAsDouble() * plan.stepsPerEpoch()));
        }
        return most == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(most);
    }

    /**
     * What the rules look at after a step.
     *
     * @param steps steps taken
     * @param epochs epochs completed
     * @param passes over the training rows
     * @param seconds of training
     * @param loss the step's for a full batch, the epoch's for mini-batches; NaN within an epoch
     * @param gradientNorm likewise
     * @param epochsWithoutBetter since the best epoch
     */
    record State(
            long steps,
            long epochs,
            double passes,
            double seconds,
            double loss,
            double gradientNorm,
            long epochsWithoutBetter) {}

    /** The first rule that holds, if one does. */
    Optional<StopReason> check(State state) {
        if (targetLoss.isPresent() && state.loss() <= targetLoss.getAsDouble()) {
            return Optional.of(StopReason.targetLoss(state.loss(), targetLoss.getAsDouble()));
        }
        if (gradientNorm.isPresent() && state.gradientNorm() <= gradientNorm.getAsDouble()) {
            return Optional.of(StopReason.gradientNorm(state.gradientNorm(), gradientNorm.getAsDouble()));
        }
        if (patience.isPresent() && state.epochsWithoutBetter() >= patience.getAsLong()) {
            return Optional.of(StopReason.patience(patience.getAsLong()));
        }
        if (epochs.isPresent() && state.epochs() >= epochs.getAsLong()) {
            return Optional.of(StopReason.epochs(epochs.getAsLong()));
        }
        if (steps.isPresent() && state.steps() >= steps.getAsLong()) {
            return Optional.of(StopReason.steps(steps.getAsLong()));
        }
        if (passes.isPresent() && state.passes() >= passes.getAsDouble()) {
            return Optional.of(StopReason.passes(passes.getAsDouble()));
        }
        if (minutes.isPresent() && state.seconds() >= 60 * minutes.getAsDouble()) {
            return Optional.of(StopReason.minutes(minutes.getAsDouble()));
        }
        return Optional.empty();
    }
}
