package dev.lockstep.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What is done about a row that lacks a feature. */
public enum Missing {
    /** The row is bad. */
    FAIL,
    /** The row is left out. */
    SKIP,
    /** The mean of the feature over the training rows stands for it. */
    MEAN;

    /** The word in a configuration. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The words of all. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(Missing::key).toList();
    }

    /** That of a word. */
    public static Missing of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
