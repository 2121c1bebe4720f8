package dev.lockstep.study;

import dev.lockstep.observe.Folder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code runs.csv}: a row for each run, in the plan's order.
 *
 * <p>Passes and seconds have six significant digits, exactly as the report's sentences print them. Losses and
 * metrics are doubles that parsing gives back; the sentences round them to six significant digits. What is not
 * known is empty. Columns that hold times have "seconds" in their names, whatever its case: without them two runs
 * of the same study give the same file. So bytes are those of one copy of the weights and of the sums for each
 * evaluation of a run that has ended; in how many copies they went depends on the cluster, and stands in {@code
 * run.json}.
 */
public final class RunsCsv {
    private RunsCsv() {}

    /**
     * Writes the file into the study's folder.
     *
     * @param targets of the study
     * @param runs in the plan's order
     */
    public static void write(Folder study, Targets targets, List<RunReader> runs) {
        study.write("runs.csv", text(targets, Summary.results(runs)));
    }

    static String text(Targets targets, List<RunResult> runs) {
        Set<String> varied = new LinkedHashSet<>();
        runs.forEach(run -> varied.addAll(run.key().varied().keySet()));
        Collection<String> metrics = MethodJson.metrics(runs);
        boolean norms = targets.has(Target.GRADIENT_NORM);
        StringBuilder text = new StringBuilder(Csv.line(header(targets, varied, metrics, norms)));
        for (RunResult run : runs) {
            text.append(Csv.line(row(run, targets, varied, metrics, norms)));
        }
        return text.toString();
    }

    private static List<String> header(
            Targets targets, Collection<String> varied, Collection<String> metrics, boolean norms) {
        List<String> header = new ArrayList<>(List.of("run"));
        header.addAll(varied);
        header.addAll(List.of(
                "state",
                "stopReason",
                "steps",
                "epochs",
                "passes",
                "seconds",
                "bytes",
                "finalLoss",
                "bestLoss",
                "firstLoss"));
        if (norms) {
            header.add("lowestGradientNorm");
        }
        for (String metric : metrics) {
            String name = Shown.sentence(Quantity.validation(metric));
            header.add("final" + name);
            header.add("best" + name);
        }
        for (Target target : targets.all()) {
            header.add("passesTo:" + target.id());
            header.add("secondsTo:" + target.id());
        }
        return header;
    }

    private static List<String> row(
            RunResult run, Targets targets, Collection<String> varied, Collection<String> metrics, boolean norms) {
        RunResult.Totals totals = run.totals();
        List<String> row = new ArrayList<>(List.of(run.key().name()));
        varied.forEach(key -> row.add(run.key().varied().getOrDefault(key, "")));
        row.add(run.state().key());
        row.add(run.ending().reason());
        row.add(Long.toString(totals.steps()));
        row.add(Long.toString(totals.epochs()));
        row.add(Shown.number(totals.passes()));
        row.add(Shown.number(totals.seconds()));
        row.add(Shown.exact(run.bytes()));
        row.add(Shown.exact(totals.finalLoss()));
        row.add(Shown.exact(totals.bestLoss()));
        row.add(Shown.exact(run.firstLoss()));
        if (norms) {
            row.add(Shown.exact(totals.lowestNorm()));
        }
        Map<String, RunResult.Metric> validation = run.validation();
        for (String metric : metrics) {
            row.add(
                    validation.containsKey(metric)
                            ? Shown.exact(validation.get(metric).last())
                            : "");
            row.add(
                    validation.containsKey(metric)
                            ? Shown.exact(validation.get(metric).best())
                            : "");
        }
        for (Target target : targets.all()) {
            TargetWatch.Reached when = run.targets().get(target.id());
            row.add(when == null ? "" : Shown.number(when.passes()));
            row.add(when == null ? "" : Shown.number(when.seconds()));
        }
        return row;
    }
}
