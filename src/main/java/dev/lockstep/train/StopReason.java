package dev.lockstep.train;

import dev.lockstep.Counted;
import dev.lockstep.optimize.Step;
import java.util.Locale;

/**
 * Why training stopped, and what to try.
 *
 * @param rule the key of the rule, or {@code optimizer}, {@code refused}, {@code diverged}, {@code told}
 * @param message what happened, with its numbers
 * @param advice what to try next
 */
public record StopReason(String rule, String message, String advice) {
    public static final String DIVERGED = "diverged";
    private static final String TOLD = "told";
    public static final String REFUSED = "refused";
    private static final String OPTIMIZER = "optimizer";

    static StopReason epochs(long epochs) {
        return new StopReason(
                "epochs",
                "all " + Counted.of(epochs, "epoch") + " done",
                "raise stop.epochs if the loss was still falling");
    }

    static StopReason steps(long steps) {
        return new StopReason(
                "steps",
                "all " + Counted.of(steps, "step") + " done",
                "raise stop.steps if the loss was still falling");
    }

    static StopReason passes(double passes) {
        return new StopReason(
                "passes",
                String.format(Locale.ROOT, "%s passes over the data done", passes),
                "raise stop.passes if the loss was still falling");
    }

    static StopReason minutes(double minutes) {
        return new StopReason(
                "minutes",
                String.format(Locale.ROOT, "%s minutes of training are over", minutes),
                "raise stop.minutes if the loss was still falling");
    }

    static StopReason targetLoss(double loss, double target) {
        return new StopReason(
                "target-loss",
                String.format(Locale.ROOT, "the loss %.6g reached the target %.6g", loss, target),
                "lower stop.target-loss to go further");
    }

    static StopReason gradientNorm(double norm, double target) {
        return new StopReason(
                "gradient-norm",
                String.format(Locale.ROOT, "the gradient's norm %.3g is at most %.3g", norm, target),
                "a critical point is near; lower stop.gradient-norm to come closer");
    }

    static StopReason patience(long epochs) {
        return new StopReason(
                "patience",
                "no better epoch in the last " + epochs,
                "if the training loss still falls, this is overfitting: more data, penalty.l2 or network.dropout");
    }

    static StopReason diverged(long step, String what) {
        return new StopReason(
                DIVERGED,
                what + " at step " + step + "; the last finite weights are kept",
                "lower the learning rate (a tenth is a good start), set clip { norm = 1 }, or standardize the data");
    }

    static StopReason told(long steps) {
        return new StopReason(TOLD, "told to stop after " + Counted.of(steps, "step"), "go on with --resume");
    }

    /** The optimizer cannot go on. */
    static StopReason optimizer(Step.End end, long step) {
        return new StopReason(end.refused() ? REFUSED : OPTIMIZER, end.message() + " at step " + step, end.advice());
    }

    /** Whether the optimizer was the wrong one for the point that the run had come to. */
    public boolean isRefused() {
        return rule.equals(REFUSED);
    }

    /** Whether the optimizer ended the run. */
    public boolean isOfOptimizer() {
        return rule.equals(OPTIMIZER) || isRefused();
    }

    /** Whether somebody told it to stop. */
    public boolean isTold() {
        return rule.equals(TOLD);
    }

    /** Whether training left the finite numbers. */
    public boolean isDiverged() {
        return rule.equals(DIVERGED);
    }
}
