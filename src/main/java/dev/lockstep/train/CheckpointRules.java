package dev.lockstep.train;

import dev.lockstep.Settings;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * When a run is written down, whichever comes first; besides, at its end and when it is told to stop.
 *
 * @param everyEpochs epochs from one checkpoint to the next
 * @param everySteps steps likewise
 * @param everySeconds seconds likewise, by the clock on the wall
 * @param keep how many of them stay, the newest; 0 writes none at all
 */
public record CheckpointRules(
        OptionalLong everyEpochs, OptionalLong everySteps, OptionalDouble everySeconds, int keep) {
    private static final double DEFAULT_SECONDS = 60;
    private static final int DEFAULT_KEEP = 3;

    /** Reads {@code checkpoint { … }} of a run's configuration; nothing given is every minute. */
    public static CheckpointRules read(Settings root) {
        Settings own = root.child("checkpoint");
        OptionalLong epochs = StopRules.count(own, "every-epochs");
        OptionalLong steps = StopRules.count(own, "every-steps");
        OptionalDouble seconds = StopRules.positive(own, "every-seconds");
        if (epochs.isEmpty() && steps.isEmpty() && seconds.isEmpty()) {
            seconds = OptionalDouble.of(own.number("every-seconds", DEFAULT_SECONDS));
        }
        return new CheckpointRules(epochs, steps, seconds, own.integer("keep", DEFAULT_KEEP, 0, 1_000_000));
    }

    /**
     * Whether one is due.
     *
     * @param standing after the step that was taken last
     * @param epochEnded whether that step was the last of its epoch
     * @param seconds since the last checkpoint, or since the run began or went on
     */
    public boolean due(Standing standing, boolean epochEnded, double seconds) {
        boolean byEpochs = epochEnded && everyEpochs.isPresent() && standing.epochs() % everyEpochs.getAsLong() == 0;
        boolean bySteps = everySteps.isPresent() && standing.steps() % everySteps.getAsLong() == 0;
        boolean byClock = everySeconds.isPresent() && seconds >= everySeconds.getAsDouble();
        return keep > 0 && (byEpochs || bySteps || byClock);
    }
}
