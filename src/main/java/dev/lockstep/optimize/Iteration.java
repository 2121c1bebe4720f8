package dev.lockstep.optimize;

/**
 * Which step this is, in which epoch it falls, and how often the run has come to rest. All count from 0.
 *
 * <p>The loop knows how many steps make an epoch, and what {@link Plateau} saw of the epochs before; schedules need to be
 * told, and nothing else does.
 *
 * @param step k, the number of steps already taken
 * @param epoch the number of epochs already completed
 * @param reductions how often a plateau was met
 */
public record Iteration(long step, long epoch, long reductions) {
    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public Iteration {
        if (step < 0 || epoch < 0 || reductions < 0) {
            throw new IllegalArgumentException("step, epoch and reductions count from 0, got step " + step + ", epoch "
                    + epoch + ", " + reductions + " reductions");
        }
    }

    /** A step of a run that no plateau governs. */
    public Iteration(long step, long epoch) {
        this(step, epoch, 0);
    }

    /** Step k of a run with full batches: each step is an epoch. */
    public static Iteration fullBatch(long k) {
        return new Iteration(k, k);
    }
}
