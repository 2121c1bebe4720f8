package dev.lockstep.optimize;

import dev.lockstep.Settings;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The optimizers by name: adding one takes its file and one line here. */
public final class Optimizers {
    private static final String LEARNING_RATE = "learning-rate";
    private static final Map<String, BiFunction<Settings, Settings, Optimizer<?>>> READERS = new LinkedHashMap<>();
    private static final Set<String> WITHOUT_RATE = new LinkedHashSet<>();

    static {
        withRate("gradient-descent", GradientDescent::read);
        withRate("momentum", Momentum::read);
        withRate("nesterov", Nesterov::read);
        withRate("adagrad", Adagrad::read);
        withRate("adadelta", 1, Adadelta::read);
        withRate("rmsprop", RmsProp::read);
        withRate("adam", Adam::read);
        withRate("adamw", AdamW::read);
        withRate("nadam", NAdam::read);
        withRate("radam", RAdam::read);
        withRate("adamax", Adamax::read);
        withRate("asgd", Asgd::read);
        withRate("lion", Lion::read);
        withRate("lars", Lars::read);
        withRate("lamb", Lamb::read);
        withoutRate("rprop", Rprop::read);
        withRate("quickprop", QuickProp::read);
        withoutRate("barzilai-borwein", BarzilaiBorwein::read);
        withRate("polyak", Polyak::read);
        withRate("lbfgs", 1, Lbfgs::read);
        withRate("conjugate-gradient", 1, ConjugateGradient::read);
        withRate("newton", 1, Newton::read);
        withRate("gauss-newton", 1, GaussNewton::read);
        withRate("newton-cg", 1, NewtonCg::read);
        withRate("saddle-free-newton", 1, SaddleFreeNewton::read);
        withRate("diagonal-newton", 1, DiagonalNewton::read);
        withRate("perceptron", Perceptron::read);
    }

    private Optimizers() {}

    /** The names that an optimizer may have, in the order in which they are told. */
    public static List<String> names() {
        return List.copyOf(READERS.keySet());
    }

    /**
     * Whether the optimizer of that name takes a learning rate; if not, giving one is an error.
     *
     * @throws IllegalArgumentException if there is no such optimizer
     */
    public static boolean takesLearningRate(String name) {
        if (!READERS.containsKey(name)) {
            throw new IllegalArgumentException(
                    "optimizer must be one of " + String.join(", ", names()) + ", got " + name);
        }
        return !WITHOUT_RATE.contains(name);
    }

    /**
     * Reads the keys {@code optimizer}, a name or an object with a {@code name}, and {@code learning-rate} of a run's
     * configuration. Unknown keys inside either show when the caller asks {@link Settings#refuseUnknown()}.
     *
     * @throws dev.lockstep.InputException if there is no such optimizer or schedule, a number is outside its range, or
     *     the learning rate is missing or is not wanted
     */
    public static Optimizer<?> read(Settings root) {
        if (!root.has("optimizer")) {
            throw root.wrong("optimizer", "expected one of " + String.join(", ", names()));
        }
        Settings own = root.childOrValue("optimizer", "name");
        String name = registered(own, "name", READERS.keySet());
        return READERS.get(name).apply(root, own);
    }

    private static void withRate(String name, BiFunction<Settings, Schedule, Optimizer<?>> reader) {
        READERS.put(name, (root, own) -> reader.apply(own, Schedules.read(root, LEARNING_RATE)));
    }

    /** The learning rate need not be given. */
    private static void withRate(String name, double otherwise, BiFunction<Settings, Schedule, Optimizer<?>> reader) {
        READERS.put(name, (root, own) -> reader.apply(own, Schedules.read(root, LEARNING_RATE, otherwise)));
    }

    private static void withoutRate(String name, Function<Settings, Optimizer<?>> reader) {
        WITHOUT_RATE.add(name);
        READERS.put(name, (root, own) -> {
            if (root.has(LEARNING_RATE)) {
                throw root.wrong(
                        LEARNING_RATE,
                        name + " has no learning rate; remove it, and set optimizer.initial-step instead");
            }
            return reader.apply(own);
        });
    }

    /** The word under a key that must be there and be the name of something registered. */
    static String registered(Settings own, String key, Collection<String> names) {
        String known = String.join(", ", names);
        String word = own.optionalText(key).orElseThrow(() -> own.wrong(key, "expected one of " + known));
        return own.choice(key, word, names);
    }
}
