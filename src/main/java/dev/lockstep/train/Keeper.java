package dev.lockstep.train;

/** Keeps snapshots of a run, so that it can go on elsewhere. */
public interface Keeper {
    /** Keeps nothing. */
    Keeper NONE = new Keeper() {
        @Override
        public boolean wants(Standing standing, boolean epochEnded) {
            return false;
        }

        @Override
        public void keep(Snapshot<?> snapshot) {}
    };

    /**
     * Whether a snapshot is wanted now; asked after every step.
     *
     * @param epochEnded whether the step was the last of its epoch
     */
    boolean wants(Standing standing, boolean epochEnded);

    /** Keeps a snapshot: one that was wanted, the last of a run, or the last good one before something went wrong. */
    void keep(Snapshot<?> snapshot);
}
