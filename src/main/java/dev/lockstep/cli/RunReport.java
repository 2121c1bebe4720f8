package dev.lockstep.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.Counted;
import dev.lockstep.Version;
import dev.lockstep.data.Scan;
import dev.lockstep.distributed.BatchObjective;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.Purpose;
import dev.lockstep.distributed.Request;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Network;
import dev.lockstep.network.Sums;
import dev.lockstep.observe.CostReport;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.Metrics;
import dev.lockstep.observe.Tables;
import dev.lockstep.train.Outcome;
import dev.lockstep.train.Trainer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The end of a run: metrics of its final weights on every set, as {@code run.json} and as a table.
 *
 * @param json what {@code run.json} says
 * @param text what is printed
 */
record RunReport(ObjectNode json, String text) {

    static RunReport of(
            Session session,
            RunConfiguration run,
            DataSets data,
            Engine engine,
            Network network,
            Trainer.Plan plan,
            Outcome outcome,
            double readingSeconds,
            long begun) {
        long evaluationBegun = System.nanoTime();
        double finalLoss = Double.NaN;
        Map<RowSet, Metrics> metrics = new TreeMap<>();
        for (RowSet set : data.sets().keySet()) {
            Vector point = outcome.best();
            Sums sums = answer(engine, run, set, data.rows(set), point);
            metrics.put(set, data.metrics(sums));
            if (set == RowSet.TRAINING) {
                Sums last =
                        point.equals(outcome.last()) ? sums : answer(engine, run, set, data.rows(set), outcome.last());
                finalLoss = BatchObjective.meanLoss(last, plan.penalty(), outcome.last());
            }
        }
        double evaluationSeconds = TrainCommand.seconds(evaluationBegun);

        ObjectNode json = Json.object();
        json.put("name", run.name());
        json.put("seed", run.seed());
        json.put("output", run.output());
        json.put("stopReason", outcome.reason().rule());
        json.put("stopMessage", outcome.reason().message());
        json.put("advice", outcome.reason().advice());
        json.put("steps", outcome.steps());
        json.put("epochs", outcome.epochs());
        json.put("evaluations", outcome.evaluations());
        Json.put(json, "passes", (double) outcome.rowsTouched() / data.rows(RowSet.TRAINING));
        Json.put(json, "finalLoss", finalLoss);
        Json.put(json, "bestLoss", outcome.bestLoss());
        json.put("weights", outcome.bestEpoch() < 0 ? "last" : "best");
        if (outcome.bestEpoch() >= 0) {
            json.put("bestEpoch", outcome.bestEpoch());
        }
        ObjectNode metricsNode = json.putObject("metrics");
        metrics.forEach((set, values) -> metricsNode.set(name(set), values.json()));
        json.put("parameters", network.parameters());
        json.put("widths", network.widths());
        putData(json, data);
        putArithmetic(json, session, run, data, engine);
        ObjectNode seconds = json.putObject("seconds");
        seconds.put("reading", readingSeconds);
        seconds.put("training", outcome.seconds());
        seconds.put("optimizer", outcome.optimizerSeconds());
        seconds.put("validation", outcome.validationSeconds());
        seconds.put("evaluation", evaluationSeconds);
        seconds.put("total", TrainCommand.seconds(begun));
        CostReport cost = new CostReport(
                engine.name(),
                engine.costs(),
                outcome.optimizerSeconds() * engine.costs().answers() / Math.max(1, outcome.evaluations()),
                outcome.validationSeconds(),
                network.parameters(),
                run.network().precision().bytes(),
                data.sets().get(RowSet.TRAINING).plan().shards());
        json.set("cost", cost.json());
        try {
            json.set("configuration", Json.MAPPER.readTree(run.json()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return new RunReport(
                json, text(run, network, outcome, metrics, cost, readingSeconds, evaluationSeconds, begun));
    }

    private static Sums answer(Engine engine, RunConfiguration run, RowSet set, long rows, Vector point) {
        Purpose purpose = new Purpose(run.name(), "metrics of the " + name(set) + " rows");
        return engine.answer(List.of(Request.metrics(set, rows, point).withPurpose(purpose)))
                .get(0);
    }

    private static String name(RowSet set) {
        return set.name().toLowerCase(Locale.ROOT);
    }

    static void putData(ObjectNode json, DataSets data) {
        ObjectNode node = json.putObject("data");
        for (RowSet set : data.sets().keySet()) {
            ObjectNode entry = node.putObject(name(set));
            entry.put("rows", data.rows(set));
            Scan scan = data.scans().get(set);
            if (scan != null) {
                entry.put("sourceRows", scan.rows());
                entry.put("skippedRows", scan.skipped());
                scan.skippedSamples().forEach(entry.putArray("skippedSamples")::add);
                entry.put("missingRows", scan.leftOut());
                entry.put("fingerprint", scan.fingerprint());
            }
        }
        node.put("features", data.train().features().size());
        data.train().targets().forEach(node.putArray("targets")::add);
        if (data.train().classes() != null) {
            data.train().classes().names().forEach(node.putArray("classes")::add);
        }
        double[] classWeights = data.preparation().classWeights();
        if (classWeights != null) {
            Arrays.stream(classWeights).forEach(node.putArray("classWeights")::add);
        }
    }

    private static void putArithmetic(
            ObjectNode json, Session session, RunConfiguration run, DataSets data, Engine engine) {
        json.put("precision", run.network().precision().key());
        json.put("shards", data.sets().get(RowSet.TRAINING).plan().shards());
        json.put("tasks", data.sets().get(RowSet.TRAINING).plan().tasks());
        json.put("blockRows", run.blockRows());
        json.put("engine", engine.name());
        json.set("versions", versions(session, run, engine.kernels()));
        json.put("master", session.spark().master());
        json.put("slots", session.slots());
    }

    /** Of all that decides on bits and speed. */
    static ObjectNode versions(Session session, RunConfiguration run, Map<String, String> kernelHosts) {
        ObjectNode versions = Json.object();
        versions.put("lockstep", Version.project());
        versions.put("java", System.getProperty("java.vm.version"));
        versions.put("spark", session.spark().version());
        versions.put("scala", scala.util.Properties.versionNumberString());
        versions.put("blas", Blas.of(run.blas()).name());
        ObjectNode kernels = versions.putObject("kernels");
        kernelHosts.forEach(kernels::put);
        versions.put("cpu", Session.cpu());
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return versions;
    }

    private static String text(
            RunConfiguration run,
            Network network,
            Outcome outcome,
            Map<RowSet, Metrics> metrics,
            CostReport cost,
            double reading,
            double evaluation,
            long begun) {
        List<String> header = new ArrayList<>(List.of("", "rows", "loss"));
        metrics.get(RowSet.TRAINING).values().keySet().forEach(header::add);
        List<List<String>> rows = new ArrayList<>();
        metrics.forEach((set, values) -> rows.add(Tables.metricsRow(name(set), values)));
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "%n%s: %s, %s%n%s after %s, %s: %s%n",
                run.name(),
                network.widths(),
                Counted.of(network.parameters(), "parameter"),
                outcome.reason().isDiverged() ? "DIVERGED" : outcome.reason().isRefused() ? "REFUSED" : "stopped",
                Counted.of(outcome.steps(), "step"),
                Counted.of(outcome.epochs(), "epoch"),
                outcome.reason().message()));
        if (outcome.bestEpoch() >= 0) {
            text.append(String.format(Locale.ROOT, "weights of the best epoch, %,d%n", outcome.bestEpoch() + 1));
        }
        text.append(Tables.of(header, rows)).append('\n');
        text.append(String.format(
                Locale.ROOT,
                "%.1f s: reading %.1f, training %.1f (%.2f ms a step, %.0f %% of it on the driver), validation %.1f, "
                        + "evaluation %.1f%n",
                TrainCommand.seconds(begun),
                reading,
                outcome.seconds(),
                1000 * outcome.seconds() / Math.max(1, outcome.steps()),
                100 * outcome.optimizerSeconds() / Math.max(1e-9, outcome.seconds()),
                outcome.validationSeconds(),
                evaluation));
        text.append(cost.text()).append('\n');
        text.append(outcome.reason().isDiverged() ? "to mend it: " : "next: ")
                .append(outcome.reason().advice())
                .append('\n');
        text.append("run folder: ").append(run.output()).append('\n');
        return text.toString();
    }
}
