package dev.lockstep.study;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One setting of a method: its runs that differ by the seed alone.
 *
 * @param values of every varied key but optimizer and seed, where it has one
 * @param runs one a seed, in the plan's order; at least one
 */
record SettingResult(Map<String, String> values, List<RunResult> runs) {

    /**
     * Which of two settings is better: the one that reaches the target on more seeds; then in fewer passes, the
     * median of those that reach it; then the one with the lower median final loss. Runs that diverged or failed
     * count for nothing.
     *
     * @param target the hardest one; empty to compare final losses alone
     */
    static Comparator<SettingResult> order(Optional<Target> target) {
        Comparator<SettingResult> byLoss = Comparator.comparingDouble(
                setting -> lastIfNone(setting.finalLoss().median()));
        return target.map(hardest -> Comparator.<SettingResult>comparingInt(setting -> -setting.reached(hardest))
                        .thenComparingDouble(
                                setting -> lastIfNone(setting.passes(hardest).median()))
                        .thenComparing(byLoss))
                .orElse(byLoss);
    }

    private static double lastIfNone(double value) {
        return Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
    }

    /** Runs that reached a target. */
    int reached(Target target) {
        return (int)
                runs.stream().filter(run -> run.reached(target).isPresent()).count();
    }

    /** Passes to a target, over the runs that reached it. */
    Spread passes(Target target) {
        return Spread.of(
                runs,
                run -> run.reached(target).map(TargetWatch.Reached::passes).orElse(Double.NaN));
    }

    /** Seconds to a target, over the runs that reached it. */
    Spread seconds(Target target) {
        return Spread.of(
                runs,
                run -> run.reached(target).map(TargetWatch.Reached::seconds).orElse(Double.NaN));
    }

    /** Final training losses of the runs that count. */
    Spread finalLoss() {
        return Spread.of(runs, RunResult::comparedLoss);
    }

    /** Best values of a validation metric of the runs that count. */
    Spread validation(String metric) {
        return Spread.of(
                runs,
                run -> run.counts() && run.validation().containsKey(metric)
                        ? run.validation().get(metric).best()
                        : Double.NaN);
    }

    /** Runs that lost by leaving the finite numbers. */
    int diverged() {
        return (int)
                runs.stream().filter(run -> run.state() == RunState.DIVERGED).count();
    }

    OptionalDouble learningRate() {
        return runs.get(0).key().learningRate();
    }

    /** The learning rate as the configuration has it, so that it is found in {@code runs.csv}. */
    String learningRateText() {
        return values.getOrDefault(
                RunKey.LEARNING_RATE,
                learningRate().isPresent() ? Shown.number(learningRate().getAsDouble()) : "");
    }

    /** For people: {@code learning rate 0.1, batch 256}; empty if nothing varies. */
    String text() {
        return String.join(
                ", ",
                values.entrySet().stream()
                        .map(entry -> entry.getKey().replace('-', ' ') + " " + entry.getValue())
                        .toList());
    }
}
