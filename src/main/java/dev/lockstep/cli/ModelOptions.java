package dev.lockstep.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import dev.lockstep.Settings;
import dev.lockstep.data.Column;
import dev.lockstep.data.Sources;
import dev.lockstep.observe.SavedModel;
import java.util.List;
import picocli.CommandLine.Option;

/** Flags of commands that use a saved model on a data set. */
final class ModelOptions {
    /** Formats whose features have numbers for names; they say nothing of the columns of a table. */
    private static final List<String> NUMBERED = List.of("libsvm", "idx");

    @Option(names = "--model", required = true, paramLabel = "RUN", description = "A run folder that train wrote.")
    private String model;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "SOURCE",
            description =
                    "A source without its braces, such as 'format=csv,path=new.csv'; of keys that are left out, those of "
                            + "the training source hold if the format is the same.")
    private String data;

    /** The run folder as it was given. */
    String folder() {
        return model;
    }

    /** The model, read before Spark is started. */
    SavedModel load(CommonOptions options) {
        return SavedModel.load(model, Session.hadoop(options));
    }

    /**
     * The source of the command line, filled up from the training source where the format is the same. Files are never taken
     * over, nor a column of weights or ranges of good numbers: metrics are of the rows as they are given.
     *
     * @param labelled whether rows have a label; else they are to be predicted, and keys of labels are without effect
     */
    DataDesign.Input input(SavedModel saved, CommonOptions options, boolean labelled) {
        return input(saved, options, labelled, List.of("path", "table", "images", "labels", "weight", "ranges"));
    }

    /** The same for rows as they are learnt from: the column of weights and ranges are taken over. */
    DataDesign.Input asTrained(SavedModel saved, CommonOptions options) {
        return input(saved, options, true, List.of("path", "table", "images", "labels"));
    }

    private DataDesign.Input input(
            SavedModel saved, CommonOptions options, boolean labelled, List<String> notTakenOver) {
        Config given = Settings.inline(data, "--data");
        Config trained = ConfigFactory.parseString(
                saved.source(), ConfigParseOptions.defaults().setOriginDescription("--data"));
        for (String key : notTakenOver) {
            trained = trained.withoutPath(key);
        }
        String before = trained.hasPath("format") ? trained.getString("format") : "";
        String format = given.hasPath("format") ? given.getString("format") : before;
        boolean same = format.equals(before) && !before.isEmpty();
        if (Sources.isTable(before)) {
            trained = byName(trained, saved);
        }
        Config merged = given.withFallback(same ? trained : Sources.isTable(format) ? common(trained) : given);
        if (Sources.isTable(format) && !NUMBERED.contains(before)) {
            merged = merged.withFallback(columns(saved));
        }
        if (!labelled) {
            merged = merged.withoutPath("label").withoutPath("weight");
        }
        for (String override : options.overrides) {
            merged = Settings.inline(override, "--set").withFallback(merged);
        }
        Settings settings = Settings.of(merged);
        DataDesign.Input input = DataDesign.Input.read(settings, DataDesign.Faults.REFUSED, labelled);
        settings.refuseUnknown();
        return input;
    }

    /** What one table has in common with one of another format. */
    private static Config common(Config trained) {
        Config common = ConfigFactory.empty("--data");
        for (String key : List.of("label", "missing", "unknown-category")) {
            common = trained.hasPath(key) ? common.withValue(key, trained.getValue(key)) : common;
        }
        return common;
    }

    /**
     * A training table's columns by their names: as numbers, such as -1 for the last, they would mean others in a table with
     * more columns, one that was predicted say.
     */
    private static Config byName(Config trained, SavedModel saved) {
        return trained.withoutPath("features")
                .withoutPath("categorical")
                .withValue("label", ConfigValueFactory.fromIterable(saved.targets(), "--data"));
    }

    /** The columns that the network was trained on. */
    private static Config columns(SavedModel saved) {
        List<String> categorical = saved.encoding().columns().stream()
                .filter(column -> column.kind() == Column.Kind.CATEGORY)
                .map(Column::name)
                .toList();
        return ConfigFactory.empty("--data")
                .withValue("features", ConfigValueFactory.fromIterable(saved.columns(), "--data"))
                .withValue("categorical", ConfigValueFactory.fromIterable(categorical, "--data"));
    }
}
