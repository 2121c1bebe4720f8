package dev.lockstep.optimize;

import dev.lockstep.Settings;
import java.util.List;
import java.util.Locale;

/** What a schedule counts. */
public enum Per {
    /** k is the number of steps taken before. */
    STEP,
    /** k is the number of epochs completed before: all steps of an epoch have the same learning rate. */
    EPOCH;

    /** The key {@code per} of a schedule: {@code step} or {@code epoch}, or a default. */
    static Per read(Settings own, Per otherwise) {
        return own.choice("per", otherwise.key(), List.of(STEP.key(), EPOCH.key()))
                        .equals(STEP.key())
                ? STEP
                : EPOCH;
    }

    /** The word in a configuration. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** k of an iteration, from 0. */
    long count(Iteration k) {
        return this == STEP ? k.step() : k.epoch();
    }
}
