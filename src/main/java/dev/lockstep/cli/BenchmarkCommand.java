package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.cli.BenchmarkReport.Run;
import dev.lockstep.observe.Json;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures steps on this machine, as ratios. This JVM starts no Spark: every item is measured in a JVM of its own, one at a
 * time.
 */
@Command(
        name = "benchmark",
        description =
                "Measures training steps on this machine, in one run and as ratios: against their matrix products, "
                        + "MLlib's perceptron, empty Spark jobs, and one core.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class BenchmarkCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(BenchmarkCommand.class);
    private static final String TWO_EXECUTORS = "local-cluster[2,1,1024]";
    private static final int EXIT_INPUT = 2;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "NAME",
            description = "Some items: full-relu, full-tanh, full-deep, mllib-openblas, mllib-java, mini-local, "
                    + "mini-cluster, scaling; full, mllib and mini mean all that begin so (default: all).")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--data",
            paramLabel = "SOURCE",
            description =
                    "A source without its braces, such as 'format=idx,images=…,labels=…' (default: rows that are made, "
                            + "with 784 features and 10 classes).")
    private String data;

    @Option(names = "--rows", paramLabel = "N", description = "Number of rows that are made (default: 60000).")
    private Integer rows;

    @Option(names = "--quick", description = "Few rows and repetitions, to see that all works.")
    private boolean quick;

    @Option(
            names = {"--output", "--json"},
            paramLabel = "FILE",
            description = "Writes machine, versions and all figures to a JSON file.")
    private Path output;

    @Option(names = "--overwrite", description = "Replaces the file if it exists.")
    private boolean overwrite;

    @Option(names = "--part", hidden = true, description = "Measures one item in this JVM and prints its figures.")
    private String part;

    @Mixin
    private CommonOptions options;

    @Override
    public Integer call() throws IOException {
        BenchmarkPlan plan = BenchmarkPlan.of(data, rows, quick, options.overrides);
        if (part != null) {
            return measure(BenchmarkItem.of(part), plan);
        }
        Set<BenchmarkItem> items = EnumSet.noneOf(BenchmarkItem.class);
        only.forEach(word -> items.addAll(BenchmarkItem.named(word)));
        if (items.isEmpty()) {
            items.addAll(EnumSet.allOf(BenchmarkItem.class));
        }
        // All that can be wrong with the configurations is wrong before anything is measured.
        plan.wide("tanh");
        plan.deep();
        Measurements.BATCHES.forEach(plan::mini);
        checkOutput();
        Session.logAsAsked(options);
        return report(new BenchmarkReport(plan), plan, runs(items));
    }

    private int measure(BenchmarkItem item, BenchmarkPlan plan) {
        BenchmarkJvm.endWithParent();
        String application;
        try (Session session = Session.start("lockstep benchmark " + item.key(), options)) {
            application = session.spark().sc().applicationId();
            System.out.println(Json.line(Measurements.of(item, session, plan).json()));
        }
        // Executors of local-cluster leave their copies of the application's jar behind.
        String home = System.getenv("SPARK_HOME");
        if (home != null && new SparkConf().get("spark.master", "").startsWith("local-cluster")) {
            FileUtil.fullyDelete(new File(home, "work/" + application));
        }
        return 0;
    }

    private void checkOutput() {
        if (output == null) {
            return;
        }
        if (Files.exists(output) && (!overwrite || !Files.isRegularFile(output))) {
            throw new InputException("--output " + output + " exists; give another name, or --overwrite for a file");
        }
        Path folder = output.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder)) {
            throw new InputException("--output " + output + ": there is no folder " + folder + "; make it first");
        }
    }

    /** Every item with its masters. A cluster that the user names takes the place of two executors of ours. */
    private List<Run> runs(Set<BenchmarkItem> items) {
        String given = options.master != null ? options.master : new SparkConf().get("spark.master", "local[*]");
        boolean isLocal = given.equals("local") || given.startsWith("local[");
        String local = isLocal ? given : "local[*]";
        String cluster = isLocal ? TWO_EXECUTORS : given;
        List<Run> runs = new ArrayList<>();
        for (BenchmarkItem item : items) {
            switch (item.place()) {
                case LOCAL -> runs.add(new Run(item, local));
                case CLUSTER -> runs.add(new Run(item, cluster));
                case EVERYWHERE -> {
                    int cores = Runtime.getRuntime().availableProcessors();
                    for (int some = 1; some < cores; some *= 2) {
                        runs.add(new Run(item, "local[" + some + "]"));
                    }
                    runs.add(new Run(item, "local[" + cores + "]"));
                    runs.add(new Run(item, cluster));
                }
            }
        }
        return runs;
    }

    private int report(BenchmarkReport report, BenchmarkPlan plan, List<Run> runs) throws IOException {
        List<String> arguments = new ArrayList<>(plan.arguments());
        arguments.add(options.verbose ? "--verbose" : "--quiet");
        boolean failed = false;
        for (Run run : runs) {
            LOG.info("{} …", run);
            long begun = System.nanoTime();
            try {
                report.add(run, BenchmarkJvm.measure(run.item(), run.master(), arguments));
                LOG.info("{}: {} s", run, Math.round(TrainCommand.seconds(begun)));
            } catch (BenchmarkJvm.Failed e) {
                boolean isCluster = !run.master().startsWith("local[");
                if (e.exitCode() == EXIT_INPUT && !isCluster) {
                    return EXIT_INPUT;
                }
                // A machine on which no executors can be started still has the other figures.
                failed |= !isCluster;
                report.failed(run, e.getMessage());
                LOG.warn("{}: {}", run, e.getMessage());
            }
            report.compare();
            if (output != null) {
                // After each run, so that a benchmark that is broken off has not measured for nothing.
                Files.writeString(output, Json.pretty(report.json()));
            }
        }
        System.out.print(report.text());
        System.out.println(
                output != null ? "figures: " + output : "to keep the figures: --output " + report.suggestedFile());
        return failed ? 1 : 0;
    }
}
