package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.types.StructType;

/**
 * A table whose files lie in folders such as {@code year=2024/city=Berlin}, as Spark writes them: what a folder's name says is the
 * same in all rows below it. Such a column is read where the configuration names it and the files themselves lack it.
 * Numbers of columns count those of the files alone; rows, their order and their positions are those of the files.
 */
final class FolderTable implements Table {
    private final Table files;

    /** The columns that the configuration names. */
    private final Set<String> named = new LinkedHashSet<>();

    /** The columns that are in the folders' names, and what they hold; set on the driver by {@link #look}. */
    private Map<String, FolderValue.Kind> folders = Map.of();

    /** How many columns the files have; set on the driver by {@link #look}. */
    private int own;

    /** Of the files; set on the driver by {@link #look}. */
    private StructType schema;

    /** Of each selected column, its place among those that are read from the files; for a column of the folders -1. */
    private int[] places;

    /** The selected columns of the folders, by place; null for one of the files. */
    private String[] keys;

    private FolderTable(Table files) {
        this.files = files;
    }

    /** The table of files, with what the folders' names say of the columns that the settings name. */
    static Table over(Table files, Settings settings) {
        FolderTable table = new FolderTable(files);
        for (String role : List.of("label", "features", "categorical", "weight")) {
            table.named.addAll(settings.texts(role));
        }
        table.named.addAll(settings.names("ranges"));
        return table;
    }

    @Override
    public String place() {
        return files.place();
    }

    @Override
    public Layout look(Configuration hadoop, Source.Cut cut) throws IOException {
        Layout layout = files.look(hadoop, cut);
        own = layout.fields().size();
        schema = files.schema(layout);
        folders = new LinkedHashMap<>();
        Map<String, Map<String, String>> byFile = new LinkedHashMap<>();
        layout.slices().forEach(slice -> byFile.computeIfAbsent(slice.file(), FolderTable::said));
        List<Field> fields = new ArrayList<>(layout.fields());
        List<String> names = fields.stream().map(Field::name).toList();
        for (String name : named) {
            boolean isSaid = byFile.values().stream().anyMatch(said -> said.containsKey(name));
            if (isSaid && !names.contains(name)) {
                refuseLack(name, byFile);
                FolderValue.Kind kind = FolderValue.Kind.of(
                        byFile.values().stream().map(said -> said.get(name)).toList());
                folders.put(name, kind);
                fields.add(new Field(name, kind.type(), 1, kind.word()));
            }
        }
        return new Layout(fields, layout.named(), layout.slices(), own);
    }

    private static void refuseLack(String name, Map<String, Map<String, String>> byFile) {
        byFile.forEach((file, said) -> {
            if (!said.containsKey(name)) {
                throw new InputException(Files.local(file) + ": no folder on its path says \"" + name + "\", as " + name
                        + "=… does for another file; give files of one kind");
            }
        });
    }

    /** What the folders on a file's path say; null for no value. */
    private static Map<String, String> said(String file) {
        Map<String, String> said = new LinkedHashMap<>();
        for (Path folder = new Path(file).getParent(); folder != null; folder = folder.getParent()) {
            String name = folder.getName();
            int equals = name.indexOf('=');
            if (equals > 0) {
                String value = ExternalCatalogUtils.unescapePathName(name.substring(equals + 1));
                said.putIfAbsent(
                        ExternalCatalogUtils.unescapePathName(name.substring(0, equals)),
                        value.equals(ExternalCatalogUtils.DEFAULT_PARTITION_NAME()) ? null : value);
            }
        }
        return said;
    }

    @Override
    public StructType schema(Layout layout) {
        StructType whole = schema;
        for (Map.Entry<String, FolderValue.Kind> folder : folders.entrySet()) {
            whole = whole.add(folder.getKey(), folder.getValue().spark());
        }
        return whole;
    }

    @Override
    public void select(int[] columns, boolean all) {
        List<String> names = List.copyOf(folders.keySet());
        places = new int[columns.length];
        keys = new String[columns.length];
        int next = 0;
        for (int i = 0; i < columns.length; i++) {
            boolean isOwn = columns[i] < own;
            places[i] = isOwn ? next++ : -1;
            keys[i] = isOwn ? null : names.get(columns[i] - own);
        }
        files.select(Arrays.stream(columns).filter(column -> column < own).toArray(), all);
    }

    @Override
    public Cells open(Slice slice, Configuration hadoop) throws IOException {
        Cells cells = files.open(slice, hadoop);
        if (folders.isEmpty()) {
            return cells;
        }
        Map<String, String> said = said(slice.file());
        FolderValue[] values = Arrays.stream(keys)
                .map(key -> key == null ? null : FolderValue.of(said.get(key), folders.get(key)))
                .toArray(FolderValue[]::new);
        return new FolderCells(cells, places, values);
    }

    @Override
    public String describe(String file, long position, Configuration hadoop) throws IOException {
        return files.describe(file, position, hadoop);
    }
}
