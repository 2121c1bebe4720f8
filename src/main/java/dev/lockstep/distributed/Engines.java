package dev.lockstep.distributed;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The engines that a configuration can ask for. All give the same bits. */
public enum Engines {
    /** Measures both at the start of the run and stays with the faster. */
    AUTO,
    /** A Spark job for each request. */
    JOBS,
    /** Tasks that stay, where they are to be had; else jobs. */
    RESIDENT;

    /** The word in a configuration. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The words, in the order of the constants. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(Engines::key).toList();
    }

    /** The constant of a word. */
    public static Engines of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }

    /**
     * The engine itself.
     *
     * @param jobs over the run's data; answers whenever resident tasks cannot
     */
    public Engine over(JobEngine jobs) {
        return switch (this) {
            case AUTO -> new MeasuringEngine(jobs);
            case JOBS -> jobs;
            case RESIDENT -> ResidentEngine.over(jobs);
        };
    }
}
