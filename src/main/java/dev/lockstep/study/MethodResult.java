package dev.lockstep.study;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A method, which is an optimizer with its own keys, and its settings.
 *
 * @param label of the optimizer
 * @param settings those over all rows, best first; at least one
 * @param everySetting those over fewer rows as well, where data.fraction varies, in the plan's order
 */
record MethodResult(String label, List<SettingResult> settings, List<SettingResult> everySetting) {

    /**
     * The results of one method.
     *
     * @param runs all of its runs, in the plan's order
     * @param hardest the target that settings are compared by
     */
    static MethodResult of(String label, List<RunResult> runs, Optional<Target> hardest) {
        Map<Map<String, String>, List<RunResult>> bySetting = new LinkedHashMap<>();
        runs.forEach(run -> bySetting
                .computeIfAbsent(run.key().setting(), setting -> new ArrayList<>())
                .add(run));
        List<SettingResult> every = bySetting.entrySet().stream()
                .map(entry -> new SettingResult(entry.getKey(), entry.getValue()))
                .toList();
        long mostRows =
                runs.stream().mapToLong(run -> run.key().trainingRows()).max().orElseThrow();
        boolean fractions = every.stream().anyMatch(setting -> setting.values().containsKey(RunKey.FRACTION));
        List<SettingResult> whole = every.stream()
                .filter(setting -> !fractions || setting.runs().get(0).key().trainingRows() == mostRows)
                .sorted(SettingResult.order(hardest))
                .toList();
        return new MethodResult(label, whole, every);
    }

    /** The setting that reaches most, soonest. */
    SettingResult best() {
        return settings.get(0);
    }

    /** All runs, in the plan's order. */
    List<RunResult> runs() {
        return everySetting.stream().flatMap(setting -> setting.runs().stream()).toList();
    }

    boolean takesLearningRate() {
        return best().runs().get(0).key().takesLearningRate();
    }

    /** Whether it was run with several learning rates. */
    boolean variesLearningRate() {
        return learningRates().length > 1;
    }

    /** Runs in a state. */
    int count(RunState state) {
        return (int) runs().stream().filter(run -> run.state() == state).count();
    }

    /** For people: the label, and the best setting in brackets. */
    String text() {
        String setting = best().text();
        return setting.isEmpty() ? label : label + " (" + setting + ")";
    }

    /** Runs of which more may come. */
    int open() {
        return (int) runs().stream().filter(run -> !run.state().ended()).count();
    }

    /** Learning rates that were tried, ascending; empty for an optimizer without. */
    double[] learningRates() {
        return takesLearningRate()
                ? settings.stream()
                        .flatMapToDouble(setting -> setting.learningRate().stream())
                        .sorted()
                        .distinct()
                        .toArray()
                : new double[0];
    }

    /** Whether the best of several learning rates, is the lowest or the highest tried; not before all have ended. */
    Optional<String> edge() {
        double[] rates = learningRates();
        if (rates.length < 2 || open() > 0 || best().learningRate().isEmpty() || best().counting() == 0) {
            return Optional.empty();
        }
        double rate = best().learningRate().getAsDouble();
        return rate == rates[0]
                ? Optional.of("lowest")
                : rate == rates[rates.length - 1] ? Optional.of("highest") : Optional.empty();
    }

    /** The rate of convergence of the best setting: the median of its runs' rates of the commonest kind. */
    Optional<ConvergenceRate> rate() {
        Map<ConvergenceRate.Kind, List<ConvergenceRate>> byKind = new LinkedHashMap<>();
        best().runs().stream()
                .filter(RunResult::counts)
                .flatMap(run -> run.rate().stream())
                .forEach(rate -> byKind.computeIfAbsent(rate.kind(), kind -> new ArrayList<>())
                        .add(rate));
        List<ConvergenceRate> commonest = List.of();
        for (List<ConvergenceRate> rates : byKind.values()) {
            commonest = rates.size() > commonest.size() ? rates : commonest;
        }
        return ConvergenceRate.median(commonest);
    }
}
