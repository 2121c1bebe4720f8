package dev.lockstep.study;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.linalg.Mixing;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;

/**
 * One key of a run's configuration and the values that it takes in a study.
 *
 * <pre>
 *   seed          = [1, 2, 3]                                 a list
 *   learning-rate = { log-grid = [1e-3, 1], points = 10 }     equal ratios; grid: equal distances
 *   learning-rate = { log-uniform = [1e-3, 1], points = 10 }  drawn at random, by the study's seed; uniform likewise
 * </pre>
 *
 * Numbers of grids and draws are rounded to four digits: what a table shows is what was used.
 *
 * @param key its path, such as {@code network.hidden}
 * @param values at least one
 */
record Axis(String key, List<ConfigValue> values) {
    static final String OPTIMIZER = "optimizer";
    static final String RATE = "learning-rate";
    static final String BATCH = "batch";
    static final String SEED = "seed";

    /** Before a key, where complaints name it. */
    static final String WHERE = "study.vary.";

    private static final List<String> GRIDS = List.of("grid", "log-grid", "uniform", "log-uniform");
    private static final String POINTS = "points";
    private static final MathContext DIGITS = new MathContext(4);

    /** Draws for each value, before it is given up to find others. */
    private static final int MOST_DRAWS = 100;

    /** Most values of one key: a slip of the pen, not a study, has more. */
    private static final int MOST = 10_000;

    /**
     * The keys under {@code vary}: optimizers first, then learning rates, batches, the others by name, seeds last.
     *
     * @param seed decides what is drawn
     */
    static List<Axis> all(Settings study, long seed) {
        List<Axis> axes = new ArrayList<>();
        if (study.has("vary")) {
            if (!study.isObject("vary")) {
                throw study.wrong("vary", "expected keys of a run in braces, each with its values");
            }
            collect("", (ConfigObject) study.config().getValue("vary"), seed, axes);
        }
        axes.sort(Comparator.comparingInt((Axis axis) -> rank(axis.key)).thenComparing(Axis::key));
        return axes;
    }

    private static int rank(String key) {
        int place = List.of(OPTIMIZER, RATE, BATCH).indexOf(key);
        return place >= 0 ? place : key.equals(SEED) ? 4 : 3;
    }

    private static void collect(String path, ConfigObject object, long seed, List<Axis> axes) {
        for (Map.Entry<String, ConfigValue> entry : object.entrySet()) {
            String quoted = ConfigUtil.joinPath(entry.getKey());
            String key = path.isEmpty() ? quoted : path + "." + quoted;
            String where = WHERE + key;
            if (entry.getValue() instanceof ConfigObject inner && !isGrid(inner)) {
                refuseMisspelt(where, inner);
                collect(key, inner, seed, axes);
            } else if (entry.getValue().valueType() != ConfigValueType.NULL) {
                List<ConfigValue> values = values(where, entry.getValue(), seed);
                // Two optimizers of one name may differ in what else they say.
                if (!key.equals(OPTIMIZER)) {
                    refuseTwice(where, entry.getValue(), values);
                }
                axes.add(new Axis(key, values));
            }
        }
    }

    /** What would be taken for keys of a run, each with its values, though it is meant for a grid. */
    private static void refuseMisspelt(String where, ConfigObject object) {
        boolean hasPoints = object.containsKey(POINTS) && !(object.get(POINTS) instanceof ConfigList);
        String meant = object.entrySet().stream()
                .filter(entry -> entry.getValue() instanceof ConfigList)
                .map(entry -> Settings.near(entry.getKey(), GRIDS))
                .collect(Collectors.joining());
        if (hasPoints || !meant.isEmpty()) {
            throw wrong(where, object, "expected one of " + String.join(", ", GRIDS) + ", each = [from, to]" + meant);
        }
    }

    /** Refuses one value that is there twice: two runs would be one. */
    static void refuseTwice(String where, ConfigValue said, List<ConfigValue> values) {
        Set<String> seen = new HashSet<>();
        for (ConfigValue value : values) {
            if (!seen.add(text(value))) {
                throw wrong(where, said, text(value) + " is there twice, which would be the same run; take one out");
            }
        }
    }

    private static boolean isGrid(ConfigObject object) {
        return object.keySet().stream().anyMatch(GRIDS::contains);
    }

    /**
     * The values that one says.
     *
     * @param where the key, for complaints
     */
    static List<ConfigValue> values(String where, ConfigValue said, long seed) {
        if (said instanceof ConfigList list) {
            if (list.isEmpty()) {
                throw wrong(where, said, "no value, so there is no run; give at least one");
            }
            return List.copyOf(list);
        }
        if (said instanceof ConfigObject object && isGrid(object)) {
            return numbers(where, object, seed);
        }
        return List.of(said);
    }

    private static List<ConfigValue> numbers(String where, ConfigObject object, long seed) {
        Settings own = Settings.of(object.toConfig(), where);
        String form =
                object.keySet().stream().filter(GRIDS::contains).findFirst().orElseThrow();
        List<Double> ends = own.numbers(form);
        int points = own.integer(POINTS, 0, 0, MOST);
        own.refuseUnknown();
        boolean logarithmic = form.startsWith("log-");
        String expected = "expected " + form + " = [from, to]";
        if (ends.size() != 2) {
            throw wrong(where, object, expected);
        }
        if (logarithmic && !(ends.get(0) > 0 && ends.get(1) > 0)) {
            throw wrong(where, object, expected + ", both positive");
        }
        if (ends.get(0) > ends.get(1)) {
            throw wrong(where, object, expected + " with the smaller number first");
        }
        if (points < 1) {
            throw wrong(where, object, "no points, so there is no run; give points = 1 or more");
        }
        double low = logarithmic ? Math.log10(ends.get(0)) : ends.get(0);
        double high = logarithmic ? Math.log10(ends.get(1)) : ends.get(1);
        DoubleUnaryOperator back = logarithmic ? x -> Math.pow(10, x) : x -> x;
        boolean drawn = form.endsWith("uniform");
        List<Double> values = new ArrayList<>();
        for (int i = 0; values.size() < points && i < (long) MOST_DRAWS * points; i++) {
            double share = drawn
                    ? Mixing.uniform(Mixing.mix(Mixing.key(seed, where), i))
                    : points == 1 ? 0.5 : (double) i / (points - 1);
            double value = back.applyAsDouble(low + share * (high - low));
            double rounded = new BigDecimal(value).round(DIGITS).doubleValue();
            // Two draws that are rounded to the same would be the same run.
            if (!drawn || !values.contains(rounded)) {
                values.add(rounded);
            }
        }
        return values.stream()
                .map(value -> ConfigValueFactory.fromAnyRef(value).withOrigin(object.origin()))
                .toList();
    }

    /** A complaint about the key: place, key, values, and what was expected. */
    InputException wrong(String expected) {
        ConfigValue all = values.size() == 1
                ? values.get(0)
                : ConfigValueFactory.fromIterable(values)
                        .withOrigin(values.get(0).origin());
        return wrong(WHERE + key, all, expected);
    }

    /** A complaint about what a key of the study says: place, key, value, and what was expected. */
    static InputException wrong(String where, ConfigValue value, String expected) {
        int line = value.origin().lineNumber();
        String file = value.origin().description().replaceFirst(": [0-9-]+$", "");
        return new InputException(file + (line > 0 ? ", line " + line : "") + ": " + where + " = "
                + value.render(ConfigRenderOptions.concise()) + ": " + expected);
    }

    /** A value as tables and names show it. */
    static String text(ConfigValue value) {
        return value.valueType() == ConfigValueType.STRING || value.valueType() == ConfigValueType.NUMBER
                ? plain(value)
                : value.render(ConfigRenderOptions.concise()).replace("\"", "");
    }

    private static String plain(ConfigValue value) {
        Object plain = value.unwrapped();
        if (!(plain instanceof Double number)) {
            return String.valueOf(plain);
        }
        // 1.0E-4 is 1e-4 to everybody but Java.
        String text =
                new BigDecimal(Double.toString(number)).stripTrailingZeros().toPlainString();
        return text.length() <= 10
                ? text
                : Double.toString(number).replace("E", "e").replace(".0e", "e");
    }
}
