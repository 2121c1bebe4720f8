package dev.lockstep.optimize;

import dev.lockstep.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** The schedules by name: adding one takes its file and one line here. */
public final class Schedules {
    private static final Map<String, BiFunction<Settings, Span, Schedule>> READERS = new LinkedHashMap<>();

    static {
        READERS.put("constant", ConstantRate::read);
        READERS.put("linear", LinearDecay::read);
        READERS.put("quadratic", QuadraticDecay::read);
        READERS.put("exponential", ExponentialDecay::read);
        READERS.put("step", StepDecay::read);
        READERS.put("multi-step", MultiStepDecay::read);
        READERS.put("cosine", CosineDecay::read);
        READERS.put("polynomial", PolynomialDecay::read);
        READERS.put("one-cycle", OneCycle::read);
        READERS.put("plateau", (own, span) -> Plateau.read(own));
        READERS.put("warmup", Warmup::read);
    }

    private Schedules() {}

    /** The names that {@code schedule} may have, in the order in which they are told. */
    public static List<String> names() {
        return List.copyOf(READERS.keySet());
    }

    /**
     * Reads a learning rate that must be there: a positive number, or an object such as
     * <code>{ schedule = exponential, initial = 0.1, decay = 0.05, per = epoch }</code>.
     *
     * <p>A length that is not given is the run's own, where {@code stop} and {@code batch} beside the rate tell it.
     *
     * @throws dev.lockstep.InputException if it is missing, names no schedule, a number is outside its range, or a
     *     length is neither given nor known
     */
    public static Schedule read(Settings root, String key) {
        return read(root, key, Span.whole(root));
    }

    /** Reads a learning rate that need not be there. */
    static Schedule read(Settings root, String key, double otherwise) {
        return root.has(key) ? given(root, key, Span.whole(root)) : new ConstantRate(root.number(key, otherwise));
    }

    /** Reads the learning rate of a part of a run, which must be there. */
    static Schedule read(Settings owner, String key, Span span) {
        if (!owner.has(key)) {
            throw owner.wrong(
                    key, "expected a positive number, or a schedule such as { schedule = linear, initial = 0.1 }");
        }
        return given(owner, key, span);
    }

    private static Schedule given(Settings owner, String key, Span span) {
        if (!owner.isObject(key)) {
            return new ConstantRate(Range.POSITIVE.read(owner, key));
        }
        Settings own = owner.child(key);
        return READERS.get(Optimizers.registered(own, "schedule", READERS.keySet()))
                .apply(own, span);
    }
}
