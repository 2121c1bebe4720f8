package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.LinePlot;
import dev.lockstep.optimize.Iteration;
import dev.lockstep.optimize.ScheduledOptimizer;
import dev.lockstep.study.Page;
import dev.lockstep.study.RunKey;
import dev.lockstep.study.RunReader;
import dev.lockstep.study.StudyFacts;
import dev.lockstep.study.Summary;
import dev.lockstep.study.Targets;
import dev.lockstep.train.StopRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The report's page of one run, {@code report.html} in its folder: what a study has of many, smaller. */
final class RunPage {
    private static final Logger LOG = LoggerFactory.getLogger(RunPage.class);

    private static final String SCHEDULE = "schedule";

    private RunPage() {}

    /**
     * Writes the page of a run that has ended. The run is written by now: a page that cannot be made must not cost it.
     *
     * @param summary what {@code run.json} says
     * @param command that a user types to repeat the run
     */
    static void write(RunConfiguration run, Folder folder, ObjectNode summary, String command) {
        try {
            RunReader reader = new RunReader(key(run, summary), folder, new Targets(List.of()));
            reader.update();
            StudyFacts facts = new StudyFacts(
                    StudyFacts.RUN,
                    run.name(),
                    "finished",
                    asked(run, summary),
                    repeat(run, summary, command),
                    List.of());
            folder.write(StudyReport.PAGE, Page.html(Summary.of(facts, new Targets(List.of()), List.of(reader))));
        } catch (RuntimeException e) {
            LOG.warn("no {}: {}", StudyReport.PAGE, Complaints.oneLine(e.toString()));
            LOG.debug("{}", StudyReport.PAGE, e);
        }
    }

    private static RunKey key(RunConfiguration run, JsonNode summary) {
        String optimizer = run.optimizerName();
        OptionalDouble rate = learningRate(run);
        return new RunKey(
                run.name(),
                Map.of(),
                optimizer,
                rate.isPresent(),
                rate,
                run.seed(),
                summary.at("/data/training/rows").asLong(1),
                Double.NaN);
    }

    /** The rate of a run's first step, if it has one. */
    static OptionalDouble learningRate(RunConfiguration run) {
        return run.optimizer() instanceof ScheduledOptimizer<?> scheduled
                ? OptionalDouble.of(scheduled.learningRate().at(new Iteration(0, 0)))
                : OptionalDouble.empty();
    }

    private static ObjectNode asked(RunConfiguration run, JsonNode summary) {
        ObjectNode asked = Json.object();
        asked.put("sentence", run.optimizerName() + ", seed " + run.seed());
        asked.putArray("varied");
        asked.putObject("budget");
        try {
            putRules(asked, Json.MAPPER.readTree(run.json()), run.stop());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        StudyReport.putTask(asked, summary, run.network().loss().key(), StudyReport.batch(run), summary.path("data"));
        return asked;
    }

    /** The learning rate, where the optimizer has one, and what stops the run, in the configuration's words. */
    static void putRules(ObjectNode asked, JsonNode configuration, StopRules rules) {
        if (configuration.has("learning-rate")) {
            asked.put("learningRate", words(configuration.get("learning-rate")));
        }
        String stop = words(configuration.path("stop"));
        asked.put("stop", stop.isEmpty() ? "epochs " + rules.epochs().orElse(0) : stop);
    }

    /** A value, or the keys of an object with their values, a schedule's name before them. */
    private static String words(JsonNode value) {
        if (!value.isObject()) {
            return value.isNumber()
                    ? LinePlot.number(value.asDouble())
                    : value.isArray() ? value.toString() : value.asText();
        }
        List<String> parts = new ArrayList<>();
        if (value.has(SCHEDULE)) {
            parts.add(value.get(SCHEDULE).asText());
        }
        for (Map.Entry<String, JsonNode> entry : value.properties()) {
            if (!entry.getKey().equals(SCHEDULE)) {
                parts.add(entry.getKey().replace('-', ' ') + " " + words(entry.getValue()));
            }
        }
        return String.join(", ", parts);
    }

    private static ObjectNode repeat(RunConfiguration run, JsonNode summary, String command) {
        ObjectNode repeat = Json.object();
        repeat.put("command", command);
        repeat.put("configuration", HoconText.of(run.json()));
        repeat.putArray("seeds").add(run.seed());
        repeat.set("versions", StudyReport.flat(summary.path("versions")));
        repeat.set("data", StudyReport.rows(summary.path("data")));
        repeat.set("master", summary.path("master"));
        repeat.set("engine", summary.path("engine"));
        return repeat;
    }
}
