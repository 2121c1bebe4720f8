package dev.lockstep.train;

/** Looks at a run while it goes on, and never touches it. */
public interface TrainingListener {
    /** A step was taken. */
    default void step(StepRecord step) {}

    /** An epoch ended. */
    default void epoch(EpochRecord epoch) {}
}
