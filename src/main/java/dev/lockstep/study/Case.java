package dev.lockstep.study;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One of a study's {@code cases}: keys of a run that belong together, such as a data set and the network for it.
 *
 * <p>What a case says is merged into the base run; where the base run has one of several kinds (an optimizer, a schedule,
 * a source of rows, first weights), the case's takes its place.
 *
 * @param values for tables: {@value #KEY}, its name, and then its own columns
 * @param keys of a run
 */
record Case(Map<String, ConfigValue> values, Config keys) {
    /** The column of its name. */
    static final String KEY = "case";

    private static final String NAME = "name";
    private static final String COLUMNS = "columns";

    /** Objects whose keys depend on one of them. */
    private static final List<String> WHOLE = List.of(
            Axis.OPTIMIZER, Axis.RATE, "network.init", "data.train", "data.validation", "data.test", Axis.BATCH);

    /**
     * The cases of a study; none if it has none.
     *
     * @param axes whose keys no case may have
     */
    static List<Case> all(Settings study, List<Axis> axes) {
        List<Case> cases = new ArrayList<>();
        if (!study.has("cases")) {
            return cases;
        }
        for (Settings element : study.elements("cases")) {
            Config one = element.config();
            Config keys = one.withoutPath(NAME).withoutPath(COLUMNS);
            if (!one.hasPath(NAME)) {
                throw study.wrong("cases", "expected a name in each of the cases, as in { name = small, … }");
            }
            for (Axis axis : axes) {
                if (keys.hasPath(axis.key())) {
                    throw new InputException("study.cases: " + Axis.text(one.getValue(NAME)) + " has " + axis.key()
                            + ", which varies in study.vary; take it out of one of them");
                }
            }
            cases.add(new Case(values(one), keys));
        }
        if (cases.isEmpty()) {
            throw study.wrong("cases", "no case, so there is no run; give at least one");
        }
        return cases;
    }

    private static Map<String, ConfigValue> values(Config one) {
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        values.put(KEY, ConfigValueFactory.fromAnyRef(Axis.text(one.getValue(NAME))));
        if (one.hasPath(COLUMNS) && one.getValue(COLUMNS) instanceof ConfigObject columns) {
            values.putAll(new TreeMap<>(columns));
        }
        return values;
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
