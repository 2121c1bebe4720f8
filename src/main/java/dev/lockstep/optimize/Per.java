package dev.lockstep.optimize;

import dev.lockstep.Settings;
import java.util.List;

/** What a schedule counts. */
public enum Per {
    /** k is the number of steps taken before. */
    STEP,
    /** k is the number of epochs completed before: all steps of an epoch have the same learning rate. */
    EPOCH;

    /** The key {@code per} of a schedule: {@code step}, the default, or {@code epoch}. */
    static Per read(Settings own) {
        return own.choice("per", "step", List.of("step", "epoch")).equals("step") ? STEP : EPOCH;
    }

    /** k of an iteration, from 0. */
    long count(Iteration k) {
        return this == STEP ? k.step() : k.epoch();
    }
}
