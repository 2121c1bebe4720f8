package dev.lockstep.linalg;

import java.util.List;
import java.util.Locale;

/** The arithmetic of the executors. The driver computes in float64 always. */
public enum Precision {
    FLOAT32("float32", Float.BYTES),
    FLOAT64("float64", Double.BYTES);

    private final String key;
    private final int bytes;

    Precision(String key, int bytes) {
        this.key = key;
        this.bytes = bytes;
    }

    /** The word in a configuration. */
    public String key() {
        return key;
    }

    /** Bytes of one number. */
    public int bytes() {
        return bytes;
    }

    /** The words, in the order of the constants. */
    public static List<String> keys() {
        return List.of(FLOAT32.key, FLOAT64.key);
    }

    /** The precision of a word. */
    public static Precision of(String key) {
        return valueOf(key.toUpperCase(Locale.ROOT));
    }
}
