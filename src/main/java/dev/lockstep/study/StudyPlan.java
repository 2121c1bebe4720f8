package dev.lockstep.study;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.linalg.Permutation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A study as its configuration describes it: a base run, what varies, and so the runs.
 *
 * <p>The runs are the product of all variants and all values of all keys. An optimizer's object may hold what goes with it alone: a
 * {@code label}, its own values of {@code learning-rate}, and a {@code batch}. An optimizer without a learning rate has
 * one run where others have one for each rate.
 *
 * @param name of the study
 * @param output path of its folder
 * @param varied the keys that vary, in the order of their columns
 * @param runs in the order in which they are told, at least one
 * @param budget what bounds each run, by key of {@code stop}; empty where the base run says it
 * @param json the study's configuration as resolved
 */
public record StudyPlan(
        String name,
        String output,
        List<String> varied,
        List<PlannedRun> runs,
        Map<String, Double> budget,
        String json) {
    private static final List<String> LIMITS = List.of("passes", "epochs", "steps", "minutes");

    /** Of a run: they belong to the study. */
    private static final List<String> OF_THE_STUDY = List.of("name", "output");

    /** What steps did is part of every report, unless the base run says that it is not to be looked at. */
    private static final String LOOKS = "observe.steps";

    /** More would not fit into any report. */
    private static final int MOST_RUNS = 2000;

    /**
     * Reads {@code study { … }}; every run's configuration is made, and none is looked at.
     *
     * @throws InputException if there would be no run, or two of one name
     */
    public static StudyPlan read(Settings root, String fileName) {
        if (!root.isObject("study")) {
            throw root.wrong("study", "expected study { base = { include \"….conf\" }, vary { … } }");
        }
        Settings study = root.child("study");
        String name = study.text("name", fileName.replaceFirst("\\.[^.]*$", ""));
        if (!study.isObject("base")) {
            throw study.wrong("base", "expected a run's configuration, such as { include \"mnist.conf\" }");
        }
        Config base = study.config().getConfig("base");
        long seed = study.integer("seed", 1);
        List<Axis> axes = Axis.all(study, seed);
        List<Variant> variants = Variant.all(study, axes);
        Map<String, Double> budget = budget(study);
        for (String key : OF_THE_STUDY) {
            base = base.withoutPath(key);
            for (Axis axis : axes) {
                if (axis.key().equals(key)) {
                    throw axis.wrong("a run's " + key + " follows from what varies; take this out");
                }
            }
        }
        if (!budget.isEmpty()) {
            refuseBounds(axes, variants);
        }
        for (Map.Entry<String, Double> limit : budget.entrySet()) {
            for (String other : LIMITS) {
                base = budget.containsKey(other) ? base : base.withoutPath("stop." + other);
            }
            base = base.withValue("stop." + limit.getKey(), number(limit.getValue()));
        }
        if (!base.hasPath(LOOKS)) {
            base = base.withValue(LOOKS, ConfigValueFactory.fromAnyRef(true));
        }
        List<Combination> combinations = combinations(axes, variants, base, seed);
        if (study.has("sample")) {
            int wanted = study.integer("sample", 0, 0, Integer.MAX_VALUE);
            if (wanted < 1) {
                throw study.wrong("sample", "no run; expected a number of combinations of at least 1");
            }
            combinations = sample(combinations, wanted, seed);
        }
        // Said or not, every run has the bits that it has alone: no product is faster for giving them up.
        study.flag("exact", true);
        List<String> varied = varied(axes, variants, combinations);
        return new StudyPlan(
                name,
                study.text("output", "runs/" + name),
                varied,
                named(combinations, axes, varied),
                budget,
                study.resolved().root().render(ConfigRenderOptions.concise()));
    }

    /** A budget bounds all runs alike. */
    private static void refuseBounds(List<Axis> axes, List<Variant> variants) {
        String remedy =
                ": study.budget takes the place of stop's " + String.join(", ", LIMITS) + "; take one of the two out";
        for (Axis axis : axes) {
            if (axis.key().equals("stop")
                    || LIMITS.stream().anyMatch(key -> axis.key().equals("stop." + key))) {
                throw axis.wrong(remedy.substring(2));
            }
        }
        for (Variant variant : variants) {
            for (String key : LIMITS) {
                if (variant.keys().hasPath("stop." + key)) {
                    throw new InputException("study.variants: " + variant.name() + " has stop." + key + remedy);
                }
            }
        }
    }

    private static Map<String, Double> budget(Settings study) {
        Settings own = study.child("budget");
        Map<String, Double> budget = new LinkedHashMap<>();
        for (String key : LIMITS) {
            if (own.has(key)) {
                double limit = own.number(key);
                if (!(limit > 0)) {
                    throw own.wrong(key, "no run would take a step; expected a positive number");
                }
                budget.put(key, limit);
            }
        }
        return budget;
    }

    private static ConfigValue number(double value) {
        return ConfigValueFactory.fromAnyRef(
                value == Math.rint(value) && Math.abs(value) < 1L << 53 ? (Object) (long) value : (Object) value);
    }

    private static List<Combination> combinations(List<Axis> axes, List<Variant> variants, Config base, long seed) {
        List<Combination> combinations = variants.isEmpty()
                ? List.of(new Combination(Map.of(), OwnOptimizer.of(base), base))
                : variants.stream().map(one -> one.of(base)).toList();
        Optional<Axis> optimizers =
                axes.stream().filter(axis -> axis.key().equals(Axis.OPTIMIZER)).findFirst();
        if (optimizers.isPresent()) {
            List<OwnOptimizer> all = OwnOptimizer.all(optimizers.get(), seed);
            combinations = combinations.stream()
                    .flatMap(one -> all.stream().map(one::with))
                    .toList();
        }
        List<ConfigValue> rates = values(axes, Axis.RATE);
        List<ConfigValue> batches = values(axes, Axis.BATCH);
        combinations = combinations.stream()
                .flatMap(one -> withRates(one, rates))
                .flatMap(one -> with(
                        one, Axis.BATCH, one.optimizer().batch().map(List::of).orElse(batches)))
                .toList();
        for (Axis axis : axes) {
            if (!Set.of(Axis.OPTIMIZER, Axis.RATE, Axis.BATCH).contains(axis.key())) {
                combinations = combinations.stream()
                        .flatMap(one -> with(one, axis.key(), axis.values()))
                        .toList();
            }
            if (combinations.size() > MOST_RUNS) {
                throw new InputException("study.vary: more than " + MOST_RUNS
                        + " runs; leave out values, or set study.sample to a number of them");
            }
        }
        return combinations;
    }

    private static List<ConfigValue> values(List<Axis> axes, String key) {
        return axes.stream()
                .filter(axis -> axis.key().equals(key))
                .map(Axis::values)
                .findFirst()
                .orElse(List.of());
    }

    private static Stream<Combination> withRates(Combination one, List<ConfigValue> rates) {
        if (!one.optimizer().takesLearningRate()) {
            return Stream.of(new Combination(
                    one.values(), one.optimizer(), one.configuration().withoutPath(Axis.RATE)));
        }
        return with(one, Axis.RATE, one.optimizer().rates().orElse(rates));
    }

    private static Stream<Combination> with(Combination one, String key, List<ConfigValue> values) {
        return values.isEmpty() ? Stream.of(one) : values.stream().map(value -> one.with(key, value));
    }

    /** So many of the combinations, each with all of its seeds; in their order. */
    private static List<Combination> sample(List<Combination> all, int wanted, long seed) {
        List<Map<String, ConfigValue>> distinct =
                all.stream().map(StudyPlan::withoutSeed).distinct().toList();
        Permutation order = new Permutation(distinct.size(), seed);
        Set<Map<String, ConfigValue>> chosen = new HashSet<>();
        for (int i = 0; i < distinct.size(); i++) {
            if (order.at(i) < wanted) {
                chosen.add(distinct.get(i));
            }
        }
        return all.stream().filter(one -> chosen.contains(withoutSeed(one))).toList();
    }

    private static Map<String, ConfigValue> withoutSeed(Combination one) {
        Map<String, ConfigValue> values = new HashMap<>(one.values());
        values.remove(Axis.SEED);
        return values;
    }

    /** What variants are called and what their tables show, the keys of the axes, and those that optimizers bring along, in their order. */
    private static List<String> varied(List<Axis> axes, List<Variant> variants, List<Combination> combinations) {
        Set<String> keys = new LinkedHashSet<>();
        variants.forEach(one -> keys.addAll(one.values().keySet()));
        for (String first : List.of(Axis.OPTIMIZER, Axis.RATE, Axis.BATCH)) {
            if (axes.stream().anyMatch(axis -> axis.key().equals(first))
                    || combinations.stream().anyMatch(one -> one.values().containsKey(first))) {
                keys.add(first);
            }
        }
        axes.forEach(axis -> keys.add(axis.key()));
        return List.copyOf(keys);
    }

    private static List<PlannedRun> named(List<Combination> combinations, List<Axis> axes, List<String> varied) {
        List<String> shown =
                varied.stream().filter(key -> isShown(key, combinations, axes)).toList();
        List<PlannedRun> runs = new ArrayList<>();
        Set<String> names = new TreeSet<>();
        for (Combination one : combinations) {
            String name = name(one, shown);
            if (!names.add(name)) {
                throw twice(name, one, combinations, axes);
            }
            Map<String, String> values = new LinkedHashMap<>();
            varied.forEach(key -> values.put(key, one.text(key)));
            runs.add(new PlannedRun(
                    name,
                    one.optimizer().label(),
                    one.optimizer().takesLearningRate(),
                    values,
                    one.configuration().withValue("name", ConfigValueFactory.fromAnyRef(name))));
        }
        return runs;
    }

    /** Why two runs have one name: nothing else can be there twice by now. */
    private static InputException twice(String name, Combination one, List<Combination> combinations, List<Axis> axes) {
        Optional<Axis> optimizers =
                axes.stream().filter(axis -> axis.key().equals(Axis.OPTIMIZER)).findFirst();
        long called = optimizers.isEmpty()
                ? 0
                : OwnOptimizer.all(optimizers.get(), 0).stream()
                        .filter(own -> own.label().equals(one.optimizer().label()))
                        .count();
        if (called > 1) {
            return optimizers
                    .get()
                    .wrong(one.optimizer().label()
                            + " is there twice, which would be the same run; take one out, or give each a label");
        }
        return new InputException("study: " + combinations.size() + " runs, of which two have the same name " + name
                + ", as names hold letters, digits and . _ + - alone; change a value in which the two differ");
    }

    /** Whether a key is part of the names: what has one value is not, nor what an optimizer brings along but its rate. */
    private static boolean isShown(String key, List<Combination> combinations, List<Axis> axes) {
        if (key.equals(Variant.KEY)) {
            return true;
        }
        Optional<Axis> axis = axes.stream().filter(one -> one.key().equals(key)).findFirst();
        boolean differs =
                combinations.stream().map(one -> one.text(key)).distinct().count() > 1;
        return axis.isPresent() ? differs || axis.get().values().size() > 1 : differs && key.equals(Axis.RATE);
    }

    private static String name(Combination one, List<String> shown) {
        String name = shown.stream()
                .filter(key -> !one.text(key).isEmpty())
                .map(key -> Set.of(Variant.KEY, Axis.OPTIMIZER, Axis.RATE).contains(key)
                        ? one.text(key)
                        : ConfigUtil.splitPath(key)
                                        .get(ConfigUtil.splitPath(key).size() - 1) + "-" + one.text(key))
                .collect(Collectors.joining("-"));
        String plain = name.replaceAll("[\\[\\]{}]", "")
                .replaceAll("[^A-Za-z0-9._+-]+", "-")
                .replaceAll("^[-.]+|-+$", "");
        return plain.isEmpty() ? one.optimizer().label().replaceAll("[^A-Za-z0-9._+-]+", "-") : plain;
    }
}
