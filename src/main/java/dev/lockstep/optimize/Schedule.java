package dev.lockstep.optimize;

/**
 * A learning rate as a function of the iteration: pure, so that a resumed run sees the rates it would have seen.
 *
 * <p>The schedules are records, one file each; {@link Schedules} lists them.
 */
@FunctionalInterface
public interface Schedule {
    /** The learning rate of an iteration; finite and not negative. */
    double at(Iteration k);
}
