package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What the report says of a study and does not measure.
 *
 * @param kind {@code study}, or {@code run} for a single run
 * @param name of the study or run
 * @param state running, finished or stopped
 * @param asked what was asked for; the targets are put into it by {@link Summary}
 * @param repeat how to repeat it
 * @param notes what must be said besides, a sentence each
 */
public record StudyFacts(
        String kind, String name, String state, ObjectNode asked, ObjectNode repeat, List<String> notes) {
    public static final String STUDY = "study";
    public static final String RUN = "run";
    static final String RUNNING = "running";

    /** Keeps the notes. */
    public StudyFacts {
        notes = List.copyOf(notes);
    }

    boolean isRunning() {
        return state.equals(RUNNING);
    }
}
