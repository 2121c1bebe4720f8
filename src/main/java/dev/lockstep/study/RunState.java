package dev.lockstep.study;

import java.util.Locale;

/** Where a run of a study stands. */
public enum RunState {
    WAITING,
    RUNNING,
    FINISHED,
    /** Left the finite numbers. */
    DIVERGED,
    /** Its optimizer was the wrong one for the point that it had come to. */
    REFUSED,
    /** Ended by a mistake or an error. */
    FAILED,
    /** Told to stop, and can go on. */
    STOPPED;

    /** The word in {@code summary.json}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing more will come of it; a run that was told to stop can go on. */
    public boolean ended() {
        return this != WAITING && this != RUNNING && this != STOPPED;
    }

    /** Whether it lost, whatever it had reached before. */
    public boolean lost() {
        return this == DIVERGED || this == FAILED;
    }

    /** The state of a run that ended by a rule of {@code run.json}. */
    public static RunState ofStopReason(String rule) {
        return switch (rule) {
            case "diverged" -> DIVERGED;
            case "refused" -> REFUSED;
            case "told" -> STOPPED;
            default -> FINISHED;
        };
    }
}
