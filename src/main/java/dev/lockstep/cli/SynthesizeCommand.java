package dev.lockstep.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValueFactory;
import dev.lockstep.Settings;
import dev.lockstep.data.SyntheticTable;
import dev.lockstep.data.TableWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes the rows of a generator as a data set on disk: the same files for every cluster. */
@Command(
        name = "synthesize",
        description = "Makes rows by a generator and writes them as CSV, Parquet or LIBSVM.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class SynthesizeCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(SynthesizeCommand.class);

    @Option(
            names = "--generator",
            required = true,
            paramLabel = "NAME",
            completionCandidates = Generators.class,
            description = "One of ${COMPLETION-CANDIDATES}.")
    private String generator;

    @Parameters(
            paramLabel = "KEY=VALUE",
            description = "Keys of the generator, such as rows=1000000 features=20 seed=2; --set does the same.")
    private List<String> keys = new ArrayList<>();

    @Option(
            names = "--output",
            required = true,
            paramLabel = "PATH",
            description = "The folder of part files; its ending says the format: .csv, .parquet, .libsvm or .svm.")
    private String output;

    @Option(
            names = "--rows-per-file",
            paramLabel = "N",
            description = "Rows in every part file but the last (default: a million, fewer if rows are wide).")
    private Long rowsPerFile;

    @Option(names = "--overwrite", description = "Replaces the output if it is a data set.")
    private boolean overwrite;

    @Mixin
    private CommonOptions options;

    /** The words of {@code --generator}, for the help. */
    static final class Generators implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return SyntheticTable.generators().iterator();
        }
    }

    @Override
    public Integer call() {
        Settings settings = settings();
        SyntheticTable table = SyntheticTable.read(settings);
        settings.refuseUnknown();
        TableWriter.checkWithLibsvm(output, overwrite, Session.hadoop(options));
        long rowsOfFile = rowsPerFile != null ? rowsPerFile : table.usualRowsOfFile();
        table.check(output, rowsOfFile);
        try (Session session = Session.start("lockstep synthesize " + generator, options)) {
            session.logNoFailures(options);
            LOG.info("writing {} rows into {}", number(table.rows()), output);
            int files = table.write(session.spark(), output, overwrite, rowsOfFile);
            System.out.print(report(table, files));
            return 0;
        }
    }

    private Settings settings() {
        String where = "--generator " + generator;
        Config config = ConfigFactory.empty(where)
                .withValue("generator", ConfigValueFactory.fromAnyRef(generator, "--generator"));
        for (String key : keys) {
            config = Settings.inline(key, where).withFallback(config);
        }
        for (String override : options.overrides) {
            config = Settings.inline(override, "--set").withFallback(config);
        }
        return Settings.of(config);
    }

    /** What was written, and how to read it. */
    private String report(SyntheticTable table, int files) {
        List<String> source = new ArrayList<>(table.sourceKeys(output));
        source.add(1, "path=" + (output.matches("[\\w./:-]+") ? output : ConfigUtil.quoteString(output)));
        String data = String.join(",", source);
        return output + ": " + number(table.rows()) + " rows, " + number(table.features()) + " features, labels are "
                + (table.hasClasses() ? "classes" : "numbers") + ", " + files + (files == 1 ? " file" : " files")
                + "\nread it with --data '" + data + "'\n     or with train { "
                + String.join(", ", source).replaceFirst("path=([^\",]+)", "path=\"$1\"") + " }\n";
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }
}
