package dev.lockstep.study;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Values of the keys that vary, as far as they are chosen, and the configuration that they make of the base run.
 *
 * @param values by key
 * @param optimizer the run's, and what goes with it alone
 * @param configuration of the run
 */
record Combination(Map<String, ConfigValue> values, OwnOptimizer optimizer, Config configuration) {
    /** With one of several values of a key in the place of the base run's. */
    Combination with(String key, ConfigValue value) {
        Map<String, ConfigValue> more = new LinkedHashMap<>(values);
        more.put(key, value);
        return new Combination(more, optimizer, configuration.withoutPath(key).withValue(key, value));
    }

    /** With one of several optimizers in the place of the base run's. */
    Combination with(OwnOptimizer own) {
        Map<String, ConfigValue> more = new LinkedHashMap<>(values);
        more.put(Axis.OPTIMIZER, ConfigValueFactory.fromAnyRef(own.label()));
        return new Combination(
                more, own, configuration.withoutPath(Axis.OPTIMIZER).withValue(Axis.OPTIMIZER, own.keys()));
    }

    /** The value of a key, varied or the base run's; empty where this run has none. */
    String text(String key) {
        if (values.containsKey(key)) {
            return Axis.text(values.get(key));
        }
        return configuration.hasPath(key) ? Axis.text(configuration.getValue(key)) : "";
    }
}
