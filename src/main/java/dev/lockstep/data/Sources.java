package dev.lockstep.data;

import dev.lockstep.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The registry of formats: one line each. */
public final class Sources {
    private static final Map<String, Function<Settings, Source>> FORMATS = new LinkedHashMap<>();

    static {
        FORMATS.put("csv", CsvSource::new);
        FORMATS.put("idx", IdxSource::new);
        FORMATS.put("synthetic", SyntheticSource::new);
    }

    private Sources() {}

    /** The words that {@code format} takes. */
    public static List<String> formats() {
        return List.copyOf(FORMATS.keySet());
    }

    /**
     * The source that an object with a {@code format} describes.
     *
     * @throws dev.lockstep.InputException if a key is missing or its value makes no sense
     */
    public static Source read(Settings settings) {
        if (!settings.has("format")) {
            throw settings.wrong("format", "expected one of " + String.join(", ", formats()));
        }
        return FORMATS.get(settings.choice("format", null, FORMATS.keySet())).apply(settings);
    }
}
