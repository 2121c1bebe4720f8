package dev.lockstep.train;

import dev.lockstep.Settings;

/**
 * What is written and shown of a run beside its lines of steps and epochs.
 *
 * @param steps whether lines of steps say what the step did: see {@link Motion}
 * @param tensorboard whether event files for TensorBoard are written
 * @param prometheus whether gauges are registered with Spark's metrics system
 * @param path steps from one writing down of the weights to the next; 0 for none
 */
public record ObserveRules(boolean steps, boolean tensorboard, boolean prometheus, int path) {
    /** Nothing beside the lines. */
    public static final ObserveRules NONE = new ObserveRules(false, false, false, 0);

    /** The step and the one before it, each as it is and of length 1, and a copy of the step sizes. */
    private static final long LIVE_VECTORS = 5;

    /** A line of weights, about 20 characters each, in a buffer that doubles. */
    private static final long LINE_VECTORS = 6;

    /** Reads {@code observe { … }} of a run's configuration. */
    public static ObserveRules read(Settings root) {
        Settings own = root.child("observe");
        return new ObserveRules(
                own.flag("steps", NONE.steps),
                own.flag("tensorboard", NONE.tensorboard),
                own.flag("prometheus", NONE.prometheus),
                own.integer("path", NONE.path, 0, Integer.MAX_VALUE));
    }

    /** The most vectors of P doubles that are kept alive for it, the gradient of the step before among them. */
    public long liveVectors() {
        return (steps ? LIVE_VECTORS + 1 : 0) + (path > 0 ? LINE_VECTORS : 0);
    }

    /** Whether the weights before a step are written down. */
    boolean pathDue(long step) {
        return path > 0 && step % path == 0;
    }
}
