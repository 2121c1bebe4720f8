package dev.lockstep.optimize;

import dev.lockstep.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** The schedules by name: adding one takes its file and one line here. */
public final class Schedules {
    private static final Map<String, Function<Settings, Schedule>> READERS = new LinkedHashMap<>();

    static {
        READERS.put("constant", ConstantRate::read);
        READERS.put("linear", LinearDecay::read);
        READERS.put("quadratic", QuadraticDecay::read);
        READERS.put("exponential", ExponentialDecay::read);
        READERS.put("plateau", Plateau::read);
    }

    private static final Set<String> LATER =
            Set.of("step", "multi-step", "cosine", "warmup", "one-cycle", "polynomial");

    private Schedules() {}

    /** The names that {@code schedule} may have, in the order in which they are told. */
    public static List<String> names() {
        return List.copyOf(READERS.keySet());
    }

    /**
     * Reads a learning rate that must be there: a positive number, or an object such as
     * <code>{ schedule = exponential, initial = 0.1, decay = 0.05, per = epoch }</code>.
     *
     * @throws dev.lockstep.InputException if it is missing, names no schedule, or a number is outside its range
     */
    public static Schedule read(Settings root, String key) {
        if (!root.has(key)) {
            throw root.wrong(
                    key, "expected a positive number, or a schedule such as { schedule = linear, initial = 0.1 }");
        }
        return given(root, key);
    }

    /** Reads a learning rate that need not be there. */
    static Schedule read(Settings root, String key, double otherwise) {
        return root.has(key) ? given(root, key) : new ConstantRate(root.number(key, otherwise));
    }

    private static Schedule given(Settings root, String key) {
        if (!root.isObject(key)) {
            return new ConstantRate(Range.POSITIVE.read(root, key));
        }
        Settings own = root.child(key);
        return READERS.get(Optimizers.registered(own, "schedule", READERS.keySet(), LATER))
                .apply(own);
    }
}
