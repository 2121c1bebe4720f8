package dev.lockstep.data;

import dev.lockstep.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The registry of formats: one line each. */
public final class Sources {
    private static final Map<String, Format> FORMATS = new LinkedHashMap<>();

    static {
        FORMATS.put("csv", Format.of(CsvTable::new));
        FORMATS.put("parquet", Format.of(ColumnarTable::parquet));
        FORMATS.put("orc", Format.of(ColumnarTable::orc));
        FORMATS.put("json", Format.of(JsonTable::new));
        FORMATS.put("libsvm", LibsvmSource::new);
        FORMATS.put("idx", IdxSource::new);
        FORMATS.put("synthetic", (settings, use) -> new SyntheticSource(settings));
    }

    /**
     * What a source is for.
     *
     * @param labelled whether rows shall have a label; else they are to be predicted, and none is looked for
     * @param missing what is done about a missing feature where the source's own settings do not say
     */
    public record Use(boolean labelled, String missing) {
        /** Rows to learn from, or to measure on. */
        public static final Use LABELLED = new Use(true, "fail");
    }

    /** How a source is read from its settings. */
    private interface Format {
        Source read(Settings settings, Use use);

        static Format of(Function<Settings, Table> table) {
            return (settings, use) -> new TableSource(settings, table.apply(settings), use);
        }
    }

    private Sources() {}

    /** The words that {@code format} takes. */
    public static List<String> formats() {
        return List.copyOf(FORMATS.keySet());
    }

    /** The source that an object with a {@code format} describes, for rows with labels. */
    public static Source read(Settings settings) {
        return read(settings, Use.LABELLED);
    }

    /**
     * The source that an object with a {@code format} describes.
     *
     * @throws dev.lockstep.InputException if a key is missing or its value makes no sense
     */
    public static Source read(Settings settings, Use use) {
        if (!settings.has("format")) {
            throw settings.wrong("format", "expected one of " + String.join(", ", formats()));
        }
        return FORMATS.get(settings.choice("format", null, FORMATS.keySet())).read(settings, use);
    }
}
