package dev.lockstep.optimize;

/**
 * Which step this is, and in which epoch it falls. Both count from 0.
 *
 * <p>The loop knows how many steps make an epoch; schedules that count epochs need to be told, and nothing else does.
 *
 * @param step k, the number of steps already taken
 * @param epoch the number of epochs already completed
 */
public record Iteration(long step, long epoch) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if either is negative
     */
    public Iteration {
        if (step < 0 || epoch < 0) {
            throw new IllegalArgumentException("step and epoch count from 0, got step " + step + ", epoch " + epoch);
        }
    }

    /** Step k of a run with full batches: each step is an epoch. */
    public static Iteration fullBatch(long k) {
        return new Iteration(k, k);
    }
}
