package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.Counted;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.linalg.Blas;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Json;
import dev.lockstep.study.CurvesCsv;
import dev.lockstep.study.Page;
import dev.lockstep.study.PlannedRun;
import dev.lockstep.study.Plots;
import dev.lockstep.study.RunKey;
import dev.lockstep.study.RunReader;
import dev.lockstep.study.RunsCsv;
import dev.lockstep.study.StudyFacts;
import dev.lockstep.study.StudyPlan;
import dev.lockstep.study.Summary;
import dev.lockstep.study.Targets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a study says of itself: {@code study.json} before and after, and from the folders of its runs {@code runs.csv},
 * {@code curves.csv}, {@code summary.json} and the report.
 */
final class StudyReport {
    private static final Logger LOG = LoggerFactory.getLogger(StudyReport.class);
    static final String PAGE = "report.html";

    private final StudyPlan plan;
    private final List<StudyRun> runs;
    private final Targets targets;
    private final String command;
    private final Optional<JsonNode> claim;
    private final Map<String, RunReader> readers = new HashMap<>();
    private Session session;
    private StudyFolder folder;
    private ObjectNode known = Json.object();
    private String state = "running";

    private StudyReport(
            StudyPlan plan, List<StudyRun> runs, Targets targets, String command, Optional<JsonNode> claim) {
        this.plan = plan;
        this.runs = runs;
        this.targets = targets;
        this.command = command;
        this.claim = claim;
    }

    /**
     * Reads what the report is to look at.
     *
     * @param command that a user types to repeat the study
     * @param claim as it was configured
     */
    static StudyReport read(
            Settings root, StudyPlan plan, List<StudyRun> runs, String command, Optional<JsonNode> claim) {
        RunConfiguration first = runs.get(0).configuration();
        boolean validates =
                runs.stream().allMatch(run -> run.configuration().data().validates());
        Targets targets =
                Targets.read(root.child("study"), validates, first.network().loss());
        return new StudyReport(plan, runs, targets, command, claim);
    }

    /** The study begins, or goes on, in its folder. */
    synchronized void open(Session opened, StudyFolder where) {
        session = opened;
        folder = where;
        known = where.known();
        where.write(study());
    }

    /** Rows are read and runs are about to begin. */
    synchronized void learn(DataSets data, Network network) {
        folder.commit();
        ObjectNode rows = Json.object();
        RunReport.putData(rows, data);
        if (known.at("/data/training/rows").asLong(0) < data.rows(RowSet.TRAINING)) {
            known.set("data", rows.get("data"));
        }
        Set<String> all = networks();
        ObjectNode trained = known.putObject("network");
        trained.put("widths", network.widths());
        trained.put("parameters", network.parameters());
        trained.put("loss", network.loss().key());
        all.add(network.widths());
        all.forEach(trained.putArray("all")::add);
        folder.write(study());
    }

    private ObjectNode study() {
        ObjectNode study = Json.object();
        study.put("name", plan.name());
        study.put(StudyFolder.COMMAND, command);
        study.set("versions", RunReport.versions(session, runs.get(0).configuration(), Map.of()));
        study.put("master", session.spark().master());
        study.put("slots", session.slots());
        seeds().forEach(study.putArray("seeds")::add);
        study.setAll(known);
        ArrayNode names = study.putArray("runs");
        runs.forEach(run -> names.add(run.name()));
        try {
            ObjectNode configuration = study.putObject("configuration");
            configuration.set("study", Json.MAPPER.readTree(plan.json()));
            claim.ifPresent(said -> configuration.set("claim", said));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return study;
    }

    private Set<Long> seeds() {
        Set<Long> seeds = new TreeSet<>();
        runs.forEach(run -> seeds.add(run.configuration().seed()));
        return seeds;
    }

    /** What the runs have come to so far. */
    synchronized ObjectNode summary() {
        return Summary.of(facts(), targets, update());
    }

    /** The page of it. */
    String page() {
        return Page.html(summary());
    }

    /** Reads what is new of all runs. */
    private List<RunReader> update() {
        List<RunReader> all = new ArrayList<>();
        for (StudyRun run : runs) {
            run.flush();
            // Before the rows are read there is nothing to read of the run.
            boolean isKnown = run.trainingRows() > 0;
            RunReader reader = isKnown
                    ? readers.computeIfAbsent(run.name(), name -> reader(run, run.trainingRows()))
                    : reader(run, 1);
            if (isKnown) {
                reader.update();
            }
            if (run.ownState()) {
                reader.ended(run.state(), run.message());
            }
            all.add(reader);
        }
        return all;
    }

    private RunReader reader(StudyRun run, long trainingRows) {
        PlannedRun planned = run.planned();
        RunConfiguration configuration = run.configuration();
        RunKey key = new RunKey(
                planned.name(),
                planned.varied(),
                planned.method(),
                planned.takesLearningRate(),
                RunPage.learningRate(configuration),
                configuration.seed(),
                trainingRows,
                Double.NaN);
        return new RunReader(key, folder.folder().child(StudyFolder.RUNS).child(run.name()), targets);
    }

    private StudyFacts facts() {
        List<String> notes = new ArrayList<>();
        notes.add(
                "Seconds are those of a run's own work: its steps on the driver, its tasks, and the way between them; what"
                        + " other runs took meanwhile is left out. The runs that go first also pay for the Java process"
                        + " warming up, some tenths of a second: of runs that short, seconds tell nothing.");
        return new StudyFacts(StudyFacts.STUDY, plan.name(), state, asked(), repeat(), notes);
    }

    private ObjectNode asked() {
        ObjectNode asked = Json.object();
        Map<String, Set<String>> values = new LinkedHashMap<>();
        for (String key : plan.varied()) {
            Set<String> seen = new LinkedHashSet<>();
            runs.forEach(run -> seen.add(run.planned().varied().get(key)));
            seen.remove("");
            values.put(key, byValue(seen));
        }
        asked.put("sentence", sentence(values));
        ArrayNode varied = asked.putArray("varied");
        values.forEach((key, seen) -> {
            ObjectNode one = varied.addObject();
            one.put("key", key);
            seen.forEach(one.putArray("values")::add);
        });
        ObjectNode budget = asked.putObject("budget");
        plan.budget().forEach(budget::put);
        String loss = runs.get(0).configuration().network().loss().key();
        Set<String> batches = new LinkedHashSet<>();
        runs.forEach(run -> batches.add(batch(run.configuration())));
        putTask(asked, known.path("network"), loss, String.join(" or ", batches), known.path("data"));
        if (values.containsKey("batch")) {
            asked.remove("batch");
        }
        if (networks().size() > 1) {
            asked.remove("parameters");
            asked.put("network", String.join(" or ", networks()));
        }
        return asked;
    }

    /** The widths of all networks that were learnt of. */
    private Set<String> networks() {
        Set<String> widths = new LinkedHashSet<>();
        known.at("/network/all").forEach(one -> widths.add(one.asText()));
        return widths;
    }

    /** Numbers by their size; what is not all numbers as it came. */
    private static Set<String> byValue(Set<String> values) {
        Map<Double, String> numbers = new TreeMap<>();
        try {
            values.forEach(value -> numbers.putIfAbsent(Double.parseDouble(value), value));
        } catch (NumberFormatException e) {
            return values;
        }
        return new LinkedHashSet<>(numbers.values());
    }

    /**
     * What runs are to learn, and from how many rows.
     *
     * @param network has {@code widths} and {@code parameters}, once they are known
     * @param batch in words
     * @param data the sets with their {@code rows}
     */
    static void putTask(ObjectNode asked, JsonNode network, String loss, String batch, JsonNode data) {
        asked.put("network", network.path("widths").asText());
        asked.put("parameters", network.path("parameters").asLong());
        asked.put("loss", loss);
        asked.put("batch", batch);
        asked.put("trainingRows", data.at("/training/rows").asLong());
        if (data.at("/validation/rows").isNumber()) {
            asked.put("validationRows", data.at("/validation/rows").asLong());
        }
    }

    private String sentence(Map<String, Set<String>> values) {
        List<String> parts = new ArrayList<>();
        values.forEach((key, seen) -> parts.add(seen.size() + " " + plural(key, seen.size())));
        String of = parts.isEmpty() ? "" : ": " + String.join(", ", parts);
        List<String> bounds = new ArrayList<>();
        plan.budget()
                .forEach((key, most) -> bounds.add(
                        (most == Math.rint(most) ? Long.toString(Math.round(most)) : most.toString()) + " " + key));
        return Counted.of(runs.size(), "run")
                + of
                + (bounds.isEmpty() ? "" : "; each at most " + String.join(" or ", bounds));
    }

    private static String plural(String key, int count) {
        String word = key.equals("network.hidden")
                ? "network"
                : key.replaceFirst("^.*\\.", "").replace('-', ' ');
        return count == 1 || word.endsWith("s") ? word : word.endsWith("ch") ? word + "es" : word + "s";
    }

    private ObjectNode repeat() {
        ObjectNode repeat = Json.object();
        repeat.put("command", command);
        repeat.put("configuration", HoconText.of("{ \"study\": " + plan.json() + " }"));
        seeds().forEach(repeat.putArray("seeds")::add);
        repeat.set("versions", flat(RunReport.versions(session, runs.get(0).configuration(), Map.of())));
        repeat.set("data", rows(known.path("data")));
        repeat.put("master", session.spark().master());
        repeat.put("engine", runs.get(0).configuration().engine().key());
        repeat.put("kernel", Blas.of(runs.get(0).configuration().blas()).kernel());
        return repeat;
    }

    /** All else is written by now: pictures that cannot be drawn must not cost it. */
    private static void draw(ObjectNode summary, Folder into) {
        try {
            Plots.draw(summary, into.child("plots"));
        } catch (InputException | UncheckedIOException | IllegalStateException e) {
            LOG.warn("no plots: {}", Complaints.oneLine(e.toString()));
        }
    }

    /** Rows and fingerprint of each set, of what {@code run.json} says of the data. */
    static ObjectNode rows(JsonNode said) {
        ObjectNode data = Json.object();
        said.properties().forEach(set -> {
            if (set.getValue().path("rows").isNumber()) {
                ObjectNode one = data.putObject(set.getKey());
                one.set("rows", set.getValue().get("rows"));
                if (set.getValue().has("fingerprint")) {
                    one.set("fingerprint", set.getValue().get("fingerprint"));
                }
            }
        });
        return data;
    }

    /** Versions without the hosts that have them. */
    static ObjectNode flat(JsonNode versions) {
        ObjectNode flat = versions.deepCopy();
        flat.remove("kernels");
        return flat;
    }

    /** A run's batch in words. */
    static String batch(RunConfiguration run) {
        return run.batchRows().isPresent()
                ? String.format(Locale.ROOT, "%,d", run.batchRows().getAsLong())
                : "full";
    }

    /**
     * Writes all files.
     *
     * @param ending finished or stopped
     * @param pictures whether plots are drawn as well, if it has finished
     * @return what is printed
     */
    synchronized String write(String ending, boolean pictures) {
        state = ending;
        Folder into = folder.folder();
        List<RunReader> read = update();
        RunsCsv.write(into, targets, read);
        CurvesCsv.write(into, read);
        ObjectNode summary = Summary.of(facts(), targets, read);
        into.write("summary.json", Json.pretty(summary));
        into.write(PAGE, Page.html(summary));
        if (pictures && ending.equals("finished")) {
            draw(summary, into);
        }
        return StudyText.of(summary, folder.toString());
    }
}
