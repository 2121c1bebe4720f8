package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A method as {@code summary.json} has it. */
final class MethodJson {
    private MethodJson() {}

    static ObjectNode of(int number, Comparison comparison) {
        MethodResult method = comparison.methods().get(number);
        SettingResult best = method.best();
        ObjectNode node = Json.object();
        node.put("id", number);
        node.put("label", method.label());
        node.put("takesLearningRate", method.takesLearningRate());
        Json.put(node, "bestLearningRate", best.learningRate().orElse(Double.NaN));
        method.edge()
                .ifPresentOrElse(
                        edge -> node.put("bestLearningRateIs", edge + " tried"),
                        () -> node.putNull("bestLearningRateIs"));
        putNames(node, "runs", method.runs());
        putNames(node, "best", best.runs());
        ObjectNode setting = node.putObject("bestSetting");
        best.values().forEach(setting::put);
        best.finalLoss().put(node, "finalLoss");
        ObjectNode validation = node.putObject("validation");
        metrics(best.runs()).forEach(metric -> best.validation(metric).put(validation, metric));
        ObjectNode targets = node.putObject("targets");
        comparison.targets().all().forEach(target -> targets.set(target.id(), reached(best, target)));
        Sensitivity.of(method, comparison)
                .ifPresentOrElse(
                        sensitivity -> node.set("sensitivity", sensitivity.json()), () -> node.putNull("sensitivity"));
        method.rate().ifPresentOrElse(rate -> node.set("rate", rate.json()), () -> node.putNull("rate"));
        node.put("diverged", method.count(RunState.DIVERGED));
        node.put("failed", method.count(RunState.FAILED));
        return node;
    }

    private static void putNames(ObjectNode node, String name, List<RunResult> runs) {
        ArrayNode names = node.putArray(name);
        runs.forEach(run -> names.add(run.key().name()));
    }

    /** The validation metrics that some run has, by name. */
    static Set<String> metrics(Collection<RunResult> runs) {
        Set<String> metrics = new TreeSet<>();
        runs.forEach(run -> metrics.addAll(run.validation().keySet()));
        return metrics;
    }

    private static ObjectNode reached(SettingResult setting, Target target) {
        ObjectNode node = Json.object();
        node.put("reached", setting.reached(target));
        node.put("of", setting.runs().size());
        node.put("open", setting.open());
        node.put("text", setting.cost(target));
        setting.passes(target).put(node, Quantity.PASSES);
        setting.seconds(target).put(node, Quantity.SECONDS);
        return node;
    }

    /** What each learning rate of a method comes to, in its best setting. */
    static ObjectNode learningRates(int number, Comparison comparison) {
        ObjectNode node = Json.object();
        node.put("method", number);
        ArrayNode points = node.putArray("points");
        for (SettingResult setting :
                Sensitivity.byLearningRate(comparison.methods().get(number), comparison.hardest())) {
            ObjectNode point = points.addObject();
            Json.put(point, Quantity.LEARNING_RATE, setting.learningRate().getAsDouble());
            setting.finalLoss().closed().put(point, "finalLoss");
            ObjectNode passes = point.putObject(Quantity.PASSES);
            comparison.targets().all().forEach(target -> setting.passes(target).put(passes, target.id()));
            point.put("diverged", setting.diverged());
            point.put("lost", setting.lost());
            point.put("of", setting.runs().size());
            putNames(point, "runs", setting.runs());
        }
        return node;
    }
}
