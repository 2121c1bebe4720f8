package dev.lockstep.study;

import java.util.Optional;

/** Looks for the first moment at which a run has a target, and keeps the best value that it ever had. */
final class TargetWatch {
    private final Target target;
    private Reached reached;
    private double best = Double.NaN;

    /**
     * When a target was reached.
     *
     * @param passes over the training rows
     * @param seconds of training, validation left out
     */
    record Reached(double passes, double seconds) {}

    TargetWatch(Target target) {
        this.target = target;
    }

    /** Offers a value of some measure; others than the target's are not looked at. */
    void offer(String measure, double value, double passes, double seconds) {
        if (!target.measure().equals(measure) || Double.isNaN(value)) {
            return;
        }
        best = target.better(best, value);
        if (reached == null && target.reachedBy(value)) {
            reached = new Reached(passes, seconds);
        }
    }

    Optional<Reached> reached() {
        return Optional.ofNullable(reached);
    }

    /** The best value so far; NaN if there was none. */
    double best() {
        return best;
    }
}
