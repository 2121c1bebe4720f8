package dev.lockstep.train;

import dev.lockstep.linalg.Vector;

/** Looks at a run while it goes on, and never touches it. */
public interface TrainingListener {
    /** A step was taken. */
    default void step(StepRecord step) {}

    /**
     * Where the run stands, where {@code observe.path} asks for it: before a step that was taken, and at the run's end.
     *
     * @param step steps taken so far
     * @param weights P parameters: the point from which the step goes, for Nesterov's method not the look-ahead point
     */
    default void weights(long step, Vector weights) {}

    /** An epoch ended. */
    default void epoch(EpochRecord epoch) {}
}
