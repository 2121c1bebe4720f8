package dev.lockstep.study;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import dev.lockstep.optimize.Optimizers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An optimizer and what goes with it alone.
 *
 * @param label in tables
 * @param keys of the optimizer, a name or an object with one
 * @param rates its own learning rates, if it has any of its own
 * @param batch its own
 */
record OwnOptimizer(String label, ConfigValue keys, Optional<List<ConfigValue>> rates, Optional<ConfigValue> batch) {
    private static final String LABEL = "label";
    private static final String NAME = "name";

    static OwnOptimizer of(Config base) {
        ConfigValue keys = base.hasPath(Axis.OPTIMIZER)
                ? base.getValue(Axis.OPTIMIZER)
                : ConfigFactory.empty().root();
        return new OwnOptimizer(name(keys), keys, Optional.empty(), Optional.empty());
    }

    static List<OwnOptimizer> all(Axis axis, long seed) {
        Map<String, Long> counts =
                axis.values().stream().collect(Collectors.groupingBy(OwnOptimizer::name, Collectors.counting()));
        List<OwnOptimizer> all = new ArrayList<>();
        for (ConfigValue value : axis.values()) {
            if (!(value instanceof ConfigObject object)) {
                all.add(new OwnOptimizer(name(value), value, Optional.empty(), Optional.empty()));
                continue;
            }
            ConfigObject keys = object.withoutKey(LABEL).withoutKey(Axis.RATE).withoutKey(Axis.BATCH);
            String label = object.containsKey(LABEL)
                    ? Axis.text(object.get(LABEL))
                    : counts.get(name(value)) > 1 ? described(keys) : name(value);
            all.add(new OwnOptimizer(
                    label,
                    keys,
                    Optional.ofNullable(object.get(Axis.RATE)).map(said -> rates(said, seed)),
                    Optional.ofNullable(object.get(Axis.BATCH))));
        }
        return all;
    }

    private static List<ConfigValue> rates(ConfigValue said, long seed) {
        String where = Axis.WHERE + Axis.OPTIMIZER + "." + Axis.RATE;
        List<ConfigValue> rates = Axis.values(where, said, seed);
        Axis.refuseTwice(where, said, rates);
        return rates;
    }

    private static String name(ConfigValue keys) {
        ConfigValue name = keys instanceof ConfigObject object ? object.get(NAME) : keys;
        return name == null ? "no optimizer" : Axis.text(name);
    }

    /** The name with the other keys, where the name alone would not tell. */
    private static String described(ConfigObject keys) {
        return Stream.concat(
                        Stream.of(name(keys)),
                        keys.entrySet().stream()
                                .filter(entry -> !entry.getKey().equals(NAME))
                                .sorted(Map.Entry.comparingByKey())
                                .map(entry -> entry.getKey() + "=" + Axis.text(entry.getValue())))
                .collect(Collectors.joining(" "));
    }

    /** Where nobody knows the optimizer, whoever reads the run's configuration will say so. */
    boolean takesLearningRate() {
        String name = name(keys);
        return !Optimizers.names().contains(name) || Optimizers.takesLearningRate(name);
    }
}
