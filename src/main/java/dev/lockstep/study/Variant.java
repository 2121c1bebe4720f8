package dev.lockstep.study;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One of a study's {@code variants}: keys of a run that belong together, such as a data set and the network for it.
 *
 * <p>What a variant says is merged into the base run; where the base run has one of several kinds (an optimizer, a schedule,
 * a source of rows, first weights), the variant's takes its place.
 *
 * @param values for tables: {@value #KEY}, its name, and then its own columns
 * @param keys of a run
 */
record Variant(Map<String, ConfigValue> values, Config keys) {
    /** The column of its name. */
    static final String KEY = "variant";

    private static final String NAME = "name";
    private static final String COLUMNS = "columns";

    /** Objects whose keys depend on one of them. */
    private static final List<String> WHOLE = List.of(
            Axis.OPTIMIZER, Axis.RATE, "network.init", "data.train", "data.validation", "data.test", Axis.BATCH);

    /**
     * The variants of a study; none if it has none.
     *
     * @param axes whose keys no variant may have
     */
    static List<Variant> all(Settings study, List<Axis> axes) {
        List<Variant> variants = new ArrayList<>();
        Set<String> names = new HashSet<>();
        if (!study.has("variants")) {
            return variants;
        }
        for (Settings element : study.elements("variants")) {
            Config one = element.config();
            Config keys = one.withoutPath(NAME).withoutPath(COLUMNS);
            if (!one.hasPath(NAME)) {
                throw study.wrong("variants", "expected a name in each of the variants, as in { name = small, … }");
            }
            for (Axis axis : axes) {
                if (keys.hasPath(axis.key())) {
                    throw new InputException("study.variants: " + Axis.text(one.getValue(NAME)) + " has " + axis.key()
                            + ", which varies in study.vary; take it out of one of them");
                }
            }
            String name = Axis.text(one.getValue(NAME));
            if (!names.add(name)) {
                throw element.wrong(NAME, "another variant is called so; give each a name of its own");
            }
            variants.add(new Variant(values(one), keys));
        }
        if (variants.isEmpty()) {
            throw study.wrong("variants", "no variant, so there is no run; give at least one");
        }
        return variants;
    }

    private static Map<String, ConfigValue> values(Config one) {
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        values.put(KEY, ConfigValueFactory.fromAnyRef(Axis.text(one.getValue(NAME))));
        if (one.hasPath(COLUMNS) && one.getValue(COLUMNS) instanceof ConfigObject columns) {
            values.putAll(new TreeMap<>(columns));
        }
        return values;
    }

    /** What it is called. */
    String name() {
        return Axis.text(values.get(KEY));
    }

    /** What it makes of the base run. */
    Combination of(Config base) {
        Config rest = base;
        for (String key : WHOLE) {
            rest = keys.hasPath(key) ? rest.withoutPath(key) : rest;
        }
        Config whole = keys.withFallback(rest);
        return new Combination(values, OwnOptimizer.of(whole), whole);
    }
}
