package dev.lockstep.data;

import dev.lockstep.Settings;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** The registry of formats: one line each. */
public final class Sources {
    private static final Map<String, Format> FORMATS = new LinkedHashMap<>();
    private static final Set<String> TABLES = new HashSet<>();

    static {
        files("csv", (settings, use) -> new CsvTable(settings));
        files("parquet", (settings, use) -> ColumnarTable.parquet(settings));
        files("orc", (settings, use) -> ColumnarTable.orc(settings));
        files("json", JsonTable::new);
        table("table", (settings, use) -> new CatalogTable(settings));
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
    public record Use(boolean labelled, Missing missing) {
        /** Rows to learn from, or to measure on. */
        public static final Use LABELLED = new Use(true, Missing.FAIL);
    }

    /** How a source is read from its settings. */
    private interface Format {
        Source read(Settings settings, Use use);
    }

    private static void table(String name, BiFunction<Settings, Use, Table> table) {
        FORMATS.put(name, (settings, use) -> new TableSource(settings, table.apply(settings, use), use));
        TABLES.add(name);
    }

    private static void files(String name, BiFunction<Settings, Use, Table> table) {
        table(name, (settings, use) -> FolderTable.over(table.apply(settings, use), settings));
    }

    private Sources() {}

    /** The words that {@code format} takes. */
    public static List<String> formats() {
        return List.copyOf(FORMATS.keySet());
    }

    /** Whether a format is a table: rows of cells under columns, which label, features and categorical name. */
    public static boolean isTable(String format) {
        return TABLES.contains(format);
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
