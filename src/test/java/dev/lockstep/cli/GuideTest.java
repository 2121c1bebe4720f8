package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigUtil;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.data.Sources;
import dev.lockstep.data.SyntheticTable;
import dev.lockstep.network.Activation;
import dev.lockstep.network.Loss;
import dev.lockstep.optimize.Optimizers;
import dev.lockstep.optimize.Schedules;
import dev.lockstep.study.StudyPlan;
import dev.lockstep.study.Targets;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The guide's tables of keys against the keys that the code asks for, in both directions, and the defaults that the code
 * names. A section of the guide is a heading with a table under it: key, default, meaning. In a default's cell, what
 * stands in backticks is the code's literal; without one there are words.
 */
class GuideTest {
    private static final Path GUIDE = Path.of("src/site/markdown/configuration.md");
    private static final Pattern HEADING = Pattern.compile("#+ +(.*)");
    private static final Pattern ROW = Pattern.compile("\\| *`([a-zA-Z0-9.-]+)` *\\|([^|]*)\\|(.*)\\|");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");

    /** What code works out, and no table of {@link Settings} tells: section and key, and the value. */
    private static final Map<String, String> WORKED_OUT = Map.of(
            "the run shards",
            Integer.toString(RunConfiguration.DEFAULT_SHARDS),
            "network activation",
            Activation.RELU.key(),
            "stop epochs",
            "20");

    /** Keys that some optimizers share. */
    private static final Set<String> LINE_SEARCH = Set.of(
            "line-search",
            "sufficient-decrease",
            "curvature",
            "min-bracket",
            "max-trials",
            "contraction",
            "trials-per-scan");

    /** Of each section the default's cell of each key. */
    private static final Map<String, Map<String, String>> SECTIONS = new LinkedHashMap<>();

    /** Of each section the literal defaults of each key that the code asks for. */
    private static final Map<String, Map<String, Set<String>>> ASKED = new TreeMap<>();

    /** Section and key of what a run cannot do without. */
    private static final Set<String> NEEDED = new TreeSet<>();

    @BeforeAll
    static void read() throws IOException {
        readGuide();
        // Each is as short as it can be: what is left out shows its default.
        String loss = "network.loss = cross-entropy, ";
        String rprop = "optimizer = rprop, ";
        String csv = "data.train { format = csv, path = x, label = y }, ";
        for (String format : Sources.formats()) {
            for (String generator : format.equals("synthetic") ? SyntheticTable.generators() : List.of("")) {
                String source = generator.isEmpty() ? sourceOf(format) : "generator = " + generator + rowsOf(generator);
                read(loss + rprop + "data.train { format = " + format + ", " + source + " }", format, generator);
            }
        }
        for (String optimizer : Optimizers.names()) {
            String rate = Optimizers.takesLearningRate(optimizer) ? "learning-rate = 1, " : "";
            String own = optimizer.equals("perceptron") ? "network.loss = perceptron, " : loss;
            read(own + csv + rate + "optimizer { name = " + optimizer + " }", "csv", "");
        }
        for (String search : List.of("strong-wolfe", "backtracking", "exact", "none")) {
            read(loss + csv + "learning-rate = 1, optimizer { name = lbfgs, line-search = " + search + " }", "csv", "");
        }
        for (String schedule : Schedules.names()) {
            String rate = "learning-rate { schedule = " + schedule + ", " + numbersOf(schedule) + " }";
            read(loss + csv + "optimizer = momentum, " + rate, "csv", "");
        }
        for (String other : Loss.keys()) {
            String landscape = other.equals("landscape") ? "network.landscape = quartic, " : "";
            read("network.loss = " + other + ", " + landscape + csv + rprop, "csv", "");
        }
        for (String more : List.of(
                "network { hidden = [2] }",
                "network { hidden = [2], activation = tanh }",
                "network.init = uniform",
                "network.init { from = x }",
                "network.init.values = [1, 2]",
                "data.validation.fraction = 0.5",
                "clip.norm = 1",
                "curvature.every-epochs = 1",
                "clip.value = 1",
                "stop.steps = 1")) {
            read(loss + csv + rprop + more, "csv", "");
        }
        readStudy();
    }

    private static void readStudy() {
        Settings root = Settings.of(ConfigFactory.parseString("study.base.optimizer = rprop"));
        StudyPlan.read(root, "NAME.conf");
        Targets.read(root.child("study"), true, Loss.of("cross-entropy", 1));
        Map<String, Set<String>> asked = ASKED.computeIfAbsent("study", section -> new TreeMap<>());
        root.child("study").known().forEach((path, used) -> {
            Set<String> literals = asked.computeIfAbsent(path, key -> new TreeSet<>());
            used.ifPresent(value -> literals.add(literal(value)));
        });
        NEEDED.add("study base");
    }

    private static String numbersOf(String schedule) {
        return switch (schedule) {
            case "exponential" -> "initial = 1, decay = 1";
            case "step" -> "initial = 1, every = 1";
            case "multi-step" -> "initial = 1, milestones = [1]";
            case "one-cycle" -> "max = 1";
            case "warmup" -> "length = 1, then { schedule = exponential, initial = 1, decay = 1 }";
            default -> "initial = 1";
        };
    }

    private static String sourceOf(String format) {
        return switch (format) {
            case "libsvm" -> "path = x";
            case "idx" -> "images = x, labels = y";
            case "table" -> "table = x, label = y";
            default -> "path = x, label = y";
        };
    }

    /** What a generator cannot do without. */
    private static String rowsOf(String generator) {
        return generator.equals("points") ? ", features = [[0], [1]], labels = [0, 1]" : "";
    }

    private static void readGuide() throws IOException {
        List<String> sections = List.of();
        for (String line : Files.readAllLines(GUIDE)) {
            Matcher heading = HEADING.matcher(line);
            Matcher row = ROW.matcher(line);
            if (heading.matches()) {
                sections = List.of(heading.group(1)
                        .replace("`", "")
                        .toLowerCase(Locale.ROOT)
                        .split(", ", -1));
            } else if (row.matches()) {
                for (String section : sections) {
                    String twice = SECTIONS.computeIfAbsent(section, s -> new LinkedHashMap<>())
                            .put(row.group(1), row.group(2).strip());
                    assertThat(twice)
                            .as("%s: %s stands once", section, row.group(1))
                            .isNull();
                    assertThat(row.group(3))
                            .as("%s: what %s means", section, row.group(1))
                            .isNotBlank();
                }
            }
        }
    }

    private static void read(String text, String format, String generator) {
        Config config = ConfigFactory.parseString(text);
        Settings settings = Settings.of(config);
        RunConfiguration.read(settings, "NAME.conf");
        settings.known().forEach((path, used) -> note(path, used, format, generator, config));
        config.entrySet().forEach(entry -> {
            List<String> names = ConfigUtil.splitPath(entry.getKey());
            for (int i = 1; i <= names.size(); i++) {
                noteIfNeeded(ConfigUtil.joinPath(names.subList(0, i)), format, generator, config);
            }
        });
    }

    private static void noteIfNeeded(String path, String format, String generator, Config config) {
        // Without its fraction it would be a source; to clip by either is enough, and so are labels or targets of
        // points.
        if (path.equals("data.validation.fraction")
                || path.startsWith("clip.")
                || (generator.equals("points") && path.endsWith(".labels"))) {
            return;
        }
        try {
            RunConfiguration.read(Settings.of(config.withoutPath(path)), "NAME.conf");
        } catch (InputException e) {
            NEEDED.add(place(path, format, generator, config));
        }
    }

    private static void note(String path, Optional<Object> used, String format, String generator, Config config) {
        String place = place(path, format, generator, config);
        int end = place.lastIndexOf(' ');
        Set<String> literals = ASKED.computeIfAbsent(place.substring(0, end), section -> new TreeMap<>())
                .computeIfAbsent(place.substring(end + 1), key -> new TreeSet<>());
        used.ifPresent(value -> literals.add(literal(value)));
        if (WORKED_OUT.containsKey(place)) {
            literals.add(WORKED_OUT.get(place));
        }
    }

    /** The section of a path of a configuration, and its key there. */
    private static String place(String path, String format, String generator, Config config) {
        List<String> names = ConfigUtil.splitPath(path);
        String first = names.get(0);
        String last = names.get(names.size() - 1);
        if (names.size() == 1) {
            return "the run " + first;
        }
        return switch (first) {
            case "data" -> data(names, format, generator);
            case "network" -> names.size() == 2 ? "network " + last : "network.init " + last;
            case "optimizer" -> {
                String section = LINE_SEARCH.contains(last) ? "line search" : nameOf(config, "optimizer", "name");
                yield last.equals("name") ? "optimizer name" : section + " " + last;
            }
            case "learning-rate" -> {
                String owner = names.size() == 2 ? "learning-rate" : "learning-rate.then";
                yield Set.of("schedule", "initial", "per").contains(last)
                        ? "learning-rate " + last
                        : nameOf(config, owner, "schedule") + " " + last;
            }
            default -> first + " " + last;
        };
    }

    private static String data(List<String> names, String format, String generator) {
        String last = names.get(names.size() - 1);
        if (names.size() == 2) {
            return "data " + last;
        }
        if (Set.of("format", "on-bad-row", "bad-row-limit", "missing", "unknown-category")
                .contains(last)) {
            return "every source " + last;
        }
        if (names.get(1).equals("validation")) {
            return "data validation." + last;
        }
        boolean ofAll = Set.of("generator", "label-values", "copies").contains(last);
        return (generator.isEmpty() || ofAll ? format : generator) + " " + last;
    }

    private static String nameOf(Config config, String key, String inner) {
        return config.hasPath(key + "." + inner) ? config.getString(key + "." + inner) : config.getString(key);
    }

    /** A value as a configuration would have it; numbers in one way of writing. */
    private static String literal(Object value) {
        String text = value.toString();
        if (value instanceof Number) {
            return new BigDecimal(text).stripTrailingZeros().toPlainString();
        }
        return text.matches("[\\w/.-]+") ? text : ConfigUtil.quoteString(text);
    }

    private static Set<String> literals(String cell) {
        return QUOTED.matcher(cell)
                .results()
                .map(found -> found.group(1))
                .map(text -> text.matches("-?[0-9.]+([eE]-?[0-9]+)?")
                        ? new BigDecimal(text).stripTrailingZeros().toPlainString()
                        : text)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void every_key_that_the_code_asks_for_is_in_the_guide_and_no_other() {
        assertThat(SECTIONS.keySet()).containsExactlyInAnyOrderElementsOf(ASKED.keySet());
        ASKED.forEach((section, keys) -> assertThat(SECTIONS.get(section).keySet())
                .as(section)
                .containsExactlyInAnyOrderElementsOf(keys.keySet()));
    }

    @Test
    void defaults_are_those_of_the_code() {
        SECTIONS.forEach((section, keys) -> keys.forEach((key, cell) -> assertThat(literals(cell))
                .as("default of %s: %s", section, key)
                .isEqualTo(ASKED.get(section).get(key))));
    }

    @Test
    void what_a_run_cannot_do_without_is_called_required() {
        Set<String> required = new LinkedHashSet<>();
        SECTIONS.forEach((section, keys) -> keys.forEach((key, cell) -> {
            if (cell.equals("required")) {
                required.add(section + " " + key);
            }
        }));
        assertThat(required).containsExactlyInAnyOrderElementsOf(NEEDED);
    }

    @Test
    void defaults_that_the_code_works_out_are_so() {
        Settings settings = Settings.of(ConfigFactory.parseString("network { hidden = [2], loss = cross-entropy }, "
                + "optimizer = rprop, data.train { format = csv, path = x, label = y }"));
        RunConfiguration run = RunConfiguration.read(settings, "NAME.conf");
        assertThat(run.stop().epochs()).isEqualTo(OptionalLong.of(20));
        assertThat(run.network().activations()).containsExactly(Activation.RELU);
        assertThat(run.shards()).isEmpty();
    }
}
