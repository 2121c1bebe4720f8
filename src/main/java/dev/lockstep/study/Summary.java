package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the report says, as data: {@code summary.json}.
 *
 * <pre>
 *   RunReader, … ──► RunResult, … ──► Comparison ──► MethodResult, Band, Sensitivity, PerformanceProfile, LearningCurve
 *   a run folder     one run so far   best settings       └──► Answer: three sentences, and notes
 * </pre>
 */
public final class Summary {
    private Summary() {}

    /**
     * The summary of what was read so far.
     *
     * @param facts what is not measured
     * @param targets of the study
     * @param runs in the plan's order, {@link RunReader#update updated}
     */
    public static ObjectNode of(StudyFacts facts, Targets targets, List<RunReader> runs) {
        return of(facts, Comparison.of(targets, results(runs)));
    }

    static List<RunResult> results(List<RunReader> runs) {
        return runs.stream().map(RunReader::result).toList();
    }

    static ObjectNode of(StudyFacts facts, Comparison comparison) {
        ObjectNode node = Json.object();
        node.put("kind", facts.kind());
        node.put("name", facts.name());
        node.put("state", facts.state());
        ObjectNode progress = node.putObject("progress");
        progress.put("runs", comparison.runs().size());
        progress.put("ended", (int)
                comparison.runs().stream().filter(run -> run.state().ended()).count());
        node.set("asked", asked(facts, comparison.targets()));
        Answer answer = new Answer(comparison, facts.isRunning());
        boolean single = facts.kind().equals(StudyFacts.RUN);
        (single ? answer.ofOneRun() : answer.sentences()).forEach(node.putArray("answer")::add);
        ArrayNode notes = node.putArray("notes");
        facts.notes().forEach(notes::add);
        double mostPasses = facts.asked().at("/budget/passes").asDouble(Double.NaN);
        Notes.of(comparison, mostPasses).forEach(notes::add);
        putMethods(node, comparison);
        ArrayNode runs = node.putArray("runs");
        comparison.ranked().forEach(run -> runs.add(RunJson.of(run, comparison)));
        if (!single) {
            putComparisons(node, comparison);
        }
        node.set("repeat", facts.repeat());
        return node;
    }

    private static ObjectNode asked(StudyFacts facts, Targets targets) {
        ObjectNode asked = facts.asked().deepCopy();
        ArrayNode list = asked.putArray("targets");
        for (Target target : targets.all()) {
            ObjectNode one = list.addObject();
            one.put("id", target.id());
            one.put("measure", target.measure());
            one.put("value", target.value());
            one.put("label", target.label());
        }
        return asked;
    }

    private static void putMethods(ObjectNode node, Comparison comparison) {
        ArrayNode methods = node.putArray("methods");
        for (int i = 0; i < comparison.methods().size(); i++) {
            methods.add(MethodJson.of(i, comparison));
        }
    }

    private static void putComparisons(ObjectNode node, Comparison comparison) {
        ArrayNode bands = node.putArray("bands");
        ArrayNode rates = node.putArray("learningRates");
        List<ObjectNode> curves = new ArrayList<>();
        for (int i = 0; i < comparison.methods().size(); i++) {
            int number = i;
            MethodResult method = comparison.methods().get(i);
            ObjectNode band = bands.addObject();
            band.put("method", i);
            Band.of(method.best().runs()).put(band);
            if (method.variesLearningRate()) {
                rates.add(MethodJson.learningRates(i, comparison));
            }
            LearningCurve.of(method).ifPresent(curve -> curves.add(curve.json(number)));
        }
        ArrayNode profiles = node.putArray("profiles");
        PerformanceProfile.of(comparison).forEach(profile -> profiles.add(profile.json()));
        Optional.of(curves).filter(some -> !some.isEmpty()).ifPresent(some -> {
            ObjectNode curve = node.putObject("learningCurve");
            curve.put("key", RunKey.FRACTION);
            curve.put("text", some.get(0).path("text").asText());
            curve.putArray("methods").addAll(some);
        });
    }
}
