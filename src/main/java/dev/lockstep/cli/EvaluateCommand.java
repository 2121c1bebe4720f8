package dev.lockstep.cli;

import dev.lockstep.data.Dataset;
import dev.lockstep.data.Packing;
import dev.lockstep.data.Scan;
import dev.lockstep.data.ShardPlan;
import dev.lockstep.distributed.JobEngine;
import dev.lockstep.distributed.Request;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.linalg.Blas;
import dev.lockstep.network.Sums;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.Metrics;
import dev.lockstep.observe.SavedModel;
import dev.lockstep.observe.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Metrics of a saved model on a data set. */
@Command(
        name = "evaluate",
        description = "Metrics of a saved model on a data set.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class EvaluateCommand implements Callable<Integer> {
    private static final int BLOCK_ROWS = RunConfiguration.DEFAULT_BLOCK_ROWS;

    @Mixin
    private ModelOptions model;

    @Option(names = "--json", description = "Prints one JSON object instead of a table.")
    private boolean json;

    @Mixin
    private CommonOptions options;

    @Override
    public Integer call() {
        SavedModel saved = model.load(options);
        DataDesign.Input input = model.input(saved, options, true);
        try (Session session = Session.start("lockstep evaluate", options)) {
            Metrics metrics = evaluate(session, saved, input);
            System.out.print(json ? Json.pretty(metrics.json()) : table(saved, metrics));
            return 0;
        }
    }

    private static Metrics evaluate(Session session, SavedModel saved, DataDesign.Input input) {
        Scan scan = DataSets.scan(
                session, input, saved.network().loss().forClasses(), new Scan.Known(saved.classes(), saved.encoding()));
        DataSets.checkTargets(saved.classes() != null, saved.targets(), scan.targets());
        int shards = DataSets.shards(OptionalInt.empty(), scan.rows());
        Packing.Format format = new Packing.Format(
                ShardPlan.forSlots(shards, session.slots()), BLOCK_ROWS, saved.precision(), saved.scale());
        Dataset set = Packing.whole(session.spark(), scan, format, saved.preparation());
        JobEngine engine = new JobEngine(
                session.spark(),
                new JobEngine.Arithmetic(
                        saved.network(), saved.classesOrTargets(), saved.precision(), Blas.Kind.JAVA, BLOCK_ROWS, true),
                Map.of(RowSet.TEST, set));
        Sums sums = engine.answer(List.of(Request.metrics(RowSet.TEST, scan.rows(), saved.weights())))
                .get(0);
        return Metrics.of(sums, saved.classNames(), saved.preparation().targets());
    }

    private static String table(SavedModel saved, Metrics metrics) {
        List<String> header = new ArrayList<>(List.of("", "rows", "loss"));
        header.addAll(metrics.values().keySet());
        StringBuilder text = new StringBuilder();
        text.append(Tables.of(header, List.of(Tables.metricsRow(saved.network().widths(), metrics))))
                .append('\n');
        if (!metrics.perClass().isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            metrics.perClass()
                    .forEach((name, one) -> rows.add(List.of(
                            name,
                            String.format(Locale.ROOT, "%,.0f", one.get("rows")),
                            Tables.number(one.get("precision")),
                            Tables.number(one.get("recall")),
                            Tables.number(one.get("f1")))));
            text.append(Tables.of(List.of("class", "rows", "precision", "recall", "f1"), rows))
                    .append('\n');
        }
        return text.toString();
    }
}
