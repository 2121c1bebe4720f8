package dev.lockstep.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.Version;
import dev.lockstep.cli.Comparison.Bound;
import dev.lockstep.distributed.Engines;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.Tables;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What {@code jobs/benchmark} prints and writes, out of the figures of its JVMs. */
final class BenchmarkReport {
    private final BenchmarkPlan plan;
    private final Instant begun = Instant.now();
    private final Map<Run, Figures> figures = new LinkedHashMap<>();
    private final Map<Run, String> failures = new LinkedHashMap<>();
    private final List<Comparison> comparisons = new ArrayList<>();

    /**
     * An item on a master.
     *
     * @param item what is measured
     * @param master where
     */
    record Run(BenchmarkItem item, String master) {
        @Override
        public String toString() {
            return item.key() + " on " + master;
        }
    }

    BenchmarkReport(BenchmarkPlan plan) {
        this.plan = plan;
    }

    void add(Run run, Figures measured) {
        figures.put(run, measured);
    }

    void failed(Run run, String why) {
        failures.put(run, why);
    }

    /** Compares what is there so far. */
    void compare() {
        comparisons.clear();
        figures.forEach((run, measured) -> {
            switch (run.item()) {
                case FULL_RELU, FULL_DEEP -> fullBatch(run, measured, "relu");
                case FULL_TANH -> fullBatch(run, measured, "tanh");
                case MLLIB_OPENBLAS, MLLIB_JAVA -> mllib(run, measured);
                case MINI_LOCAL, MINI_CLUSTER -> miniBatches(run, measured);
                case SCALING -> scaling(run, measured);
                case STUDY -> study(run, measured);
            }
        });
    }

    private void put(Run run, String what, Figures.Times figure, String against, Figures.Times other, Bound bound) {
        comparisons.add(new Comparison(run.item().key(), what, figure, against, other, bound));
    }

    private void fullBatch(Run run, Figures measured, String activation) {
        Figures.Times same = measured.times("products");
        Figures.Times large = measured.times("products in large blocks");
        boolean isSame = same.median() <= large.median();
        put(
                run,
                "full-batch step, " + measured.text("network") + " " + activation,
                measured.times("step"),
                isSame ? "its large products, same blocks" : "its large products, larger blocks",
                isSame ? same : large,
                Bound.atLeast(1));
    }

    private void mllib(Run run, Figures measured) {
        String what = "pass of MLlib, " + measured.text("network") + ", " + measured.text("mllib products");
        put(run, what, measured.times("pass of MLlib"), "full-batch step, relu", measured.times("step"), Bound.NONE);
        put(
                run,
                what,
                measured.times("pass of MLlib"),
                "full-batch step, sigmoid",
                measured.times("step, sigmoid"),
                Bound.NONE);
    }

    private void miniBatches(Run run, Figures measured) {
        for (int batch : Measurements.BATCHES) {
            for (Engines engine : Measurements.ENGINES) {
                String name = Measurements.stepName(batch, engine);
                String answered = measured.text(name + ", engine");
                put(
                        run,
                        name + (answered.equals(engine.key()) ? "" : " (answered by " + answered + ")") + ", "
                                + run.master(),
                        measured.times(name),
                        "empty job",
                        measured.times("empty job"),
                        Bound.NONE);
            }
        }
    }

    private void study(Run run, Figures measured) {
        for (Engines engine : Measurements.ENGINES) {
            String together = Measurements.studyName(engine, true);
            String alone = Measurements.studyName(engine, false);
            put(run, together, measured.times(together), alone, measured.times(alone), Bound.NONE);
            put(
                    run,
                    together,
                    measured.times(together),
                    Measurements.STUDY_PRODUCTS,
                    measured.times(Measurements.STUDY_PRODUCTS),
                    Bound.NONE);
        }
    }

    /** One core against this many. */
    private void scaling(Run run, Figures measured) {
        Run one = new Run(run.item(), "local[1]");
        if (run.equals(one) || !figures.containsKey(one)) {
            return;
        }
        List<String> names = new ArrayList<>(List.of("step"));
        Measurements.BATCHES.forEach(batch -> names.add(Measurements.stepName(batch)));
        for (String name : names) {
            put(
                    run,
                    (name.equals("step") ? "full-batch step" : name) + ", local[1]",
                    figures.get(one).times(name),
                    run.master(),
                    measured.times(name),
                    Bound.atMost(measured.number("slots")));
        }
    }

    String text() {
        StringBuilder text = new StringBuilder("\n");
        if (plan.quick()) {
            text.append("a quick run: it shows that all works, its numbers mean nothing\n");
        }
        text.append(String.format(
                Locale.ROOT,
                "%s, %d cores; medians in ms, minima in parentheses, ratios of medians%n",
                Session.cpu(),
                Runtime.getRuntime().availableProcessors()));
        if (!comparisons.isEmpty()) {
            text.append(Tables.of(
                            List.of("what", "ms", "against", "ms", "ratio", "bound"),
                            comparisons.stream().map(Comparison::row).toList()))
                    .append('\n');
        }
        List<List<String>> moved = moved();
        if (!moved.isEmpty()) {
            text.append(Tables.of(List.of("bytes moved a step", "weights out", "sums back"), moved))
                    .append('\n');
        }
        failures.forEach((run, why) -> text.append("not measured: ")
                .append(run)
                .append(": ")
                .append(why)
                .append('\n'));
        return text.toString();
    }

    private List<List<String>> moved() {
        List<List<String>> rows = new ArrayList<>();
        figures.forEach((run, measured) -> {
            for (int batch : Measurements.BATCHES) {
                for (Engines engine : Measurements.ENGINES) {
                    String name = Measurements.stepName(batch, engine);
                    if (!Double.isNaN(measured.number(name + ", bytes down"))) {
                        rows.add(List.of(
                                name + ", " + run.master(),
                                String.format(Locale.ROOT, "%,.0f", measured.number(name + ", bytes down")),
                                String.format(Locale.ROOT, "%,.0f", measured.number(name + ", bytes up"))));
                    }
                }
            }
        });
        return rows;
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("date", begun.toString());
        json.put("quick", plan.quick());
        ObjectNode machine = json.putObject("machine");
        machine.put("cpu", Session.cpu());
        machine.put("cores", Runtime.getRuntime().availableProcessors());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system) {
            machine.put("memoryBytes", system.getTotalMemorySize());
        }
        machine.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        machine.put("architecture", System.getProperty("os.arch"));
        ObjectNode versions = json.putObject("versions");
        versions.put("lockstep", Version.project());
        versions.put("spark", org.apache.spark.package$.MODULE$.SPARK_VERSION());
        versions.put("java", System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"));
        ObjectNode settings = json.putObject("settings");
        settings.put("data", plan.data());
        settings.put("shards", plan.wide("relu").shards().orElse(plan.shards()));
        settings.put("blockRows", plan.wide("relu").blockRows());
        ArrayNode overrides = settings.putArray("set");
        plan.overrides().forEach(overrides::add);
        ArrayNode compared = json.putArray("comparisons");
        comparisons.forEach(comparison -> compared.add(comparison.json()));
        ArrayNode runs = json.putArray("runs");
        figures.forEach((run, measured) -> {
            ObjectNode one = runs.addObject();
            one.put("item", run.item().key());
            one.put("master", run.master());
            one.setAll(measured.json());
        });
        failures.forEach((run, why) -> runs.addObject()
                .put("item", run.item().key())
                .put("master", run.master())
                .put("failed", why));
        return json;
    }

    /** Where a result that is worth keeping belongs. */
    String suggestedFile() {
        String cpu = Session.cpu().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        return "src/test/benchmarks/" + LocalDate.ofInstant(begun, ZoneOffset.UTC) + "-" + cpu.replaceAll("^-|-$", "")
                + "-" + Runtime.getRuntime().availableProcessors() + "-cores.json";
    }
}
