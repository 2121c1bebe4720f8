package dev.lockstep.study;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Loss;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The targets of a study, in the order of measures below and, within a measure, in the configuration's.
 *
 * @param all the targets; may be empty
 */
public record Targets(List<Target> all) {
    private static final List<String> OF_CLASSES = List.of("accuracy", "macroF1", "errors");
    private static final List<String> OF_NUMBERS = List.of("rmse", "mae", "r2");

    /** Keeps the order. */
    public Targets {
        all = List.copyOf(all);
    }

    /**
     * Reads {@code targets { training-loss = [0.3, 0.1], validation-accuracy = 0.97 }}.
     *
     * @param study the settings that hold the key {@code targets}; it may be missing
     * @param hasValidation whether there is a validation set
     * @param loss of the network
     * @throws InputException if nobody can reach a target, it is there twice, or its name is unknown
     */
    public static Targets read(Settings study, boolean hasValidation, Loss loss) {
        Settings settings = study.child("targets");
        List<Target> targets = new ArrayList<>();
        for (String measure : measures()) {
            for (double value : settings.numbers(measure)) {
                Target target = new Target(measure, value);
                impossible(target, hasValidation, loss).ifPresent(why -> {
                    throw settings.wrong(measure, why);
                });
                if (targets.contains(target)) {
                    throw settings.wrong(measure, "a target is there twice; expected different numbers");
                }
                targets.add(target);
            }
        }
        settings.refuseUnknown();
        return new Targets(targets);
    }

    /** The names that a target may have, in the order in which they are told. */
    static List<String> measures() {
        List<String> measures = new ArrayList<>(List.of(Target.TRAINING_LOSS, Target.GRADIENT_NORM));
        measures.add(Target.VALIDATION + "loss");
        OF_CLASSES.forEach(metric -> measures.add(Target.VALIDATION + metric));
        OF_NUMBERS.forEach(metric -> measures.add(Target.VALIDATION + metric));
        return measures;
    }

    /** Why nobody can reach it, and what to write instead. */
    private static Optional<String> impossible(Target target, boolean hasValidation, Loss loss) {
        String metric = target.measure().startsWith(Target.VALIDATION)
                ? target.measure().substring(Target.VALIDATION.length())
                : "";
        if (!metric.isEmpty() && !hasValidation) {
            return Optional.of("there is no validation set; set data.validation, or choose another target");
        }
        if (OF_CLASSES.contains(metric) && !loss.forClasses()) {
            return Optional.of("the loss " + loss.key() + " is one for numbers; expected " + named(OF_NUMBERS));
        }
        if (OF_NUMBERS.contains(metric) && loss.forClasses()) {
            return Optional.of("the loss " + loss.key() + " is one for classes; expected " + named(OF_CLASSES));
        }
        return outOfRange(target.measure(), metric, target.value(), loss);
    }

    private static Optional<String> outOfRange(String measure, String metric, double value, Loss loss) {
        if (metric.equals("accuracy") || metric.equals("macroF1")) {
            return unless(value > 0 && value <= 1, "nobody can reach that; expected a share above 0 and at most 1");
        }
        if (metric.equals("r2")) {
            return unless(value <= 1, "nobody can reach that; expected at most 1");
        }
        if (metric.equals("errors")) {
            return unless(
                    value >= 0 && value == Math.rint(value), "nobody can reach that; expected a whole number from 0");
        }
        if (metric.equals("rmse") || metric.equals("mae") || measure.equals(Target.GRADIENT_NORM)) {
            return unless(value > 0, "expected a positive number");
        }
        if (loss == ClassLoss.CROSS_ENTROPY || loss == ClassLoss.BINARY_CROSS_ENTROPY) {
            return unless(value > 0, loss.key() + " is always above 0; expected a positive number");
        }
        return unless(value >= 0, loss.key() + " is never below 0; expected at least 0");
    }

    private static Optional<String> unless(boolean possible, String why) {
        return possible ? Optional.empty() : Optional.of(why);
    }

    private static String named(List<String> metrics) {
        return String.join(
                ", ", metrics.stream().map(metric -> Target.VALIDATION + metric).toList());
    }

    /** A watch over each target, by its name in files. */
    Map<String, TargetWatch> watches() {
        Map<String, TargetWatch> watches = new LinkedHashMap<>();
        all.forEach(target -> watches.put(target.id(), new TargetWatch(target)));
        return watches;
    }

    /** Whether some target looks at a measure. */
    boolean has(String measure) {
        return all.stream().anyMatch(target -> target.measure().equals(measure));
    }
}
