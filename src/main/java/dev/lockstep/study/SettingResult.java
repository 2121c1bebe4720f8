package dev.lockstep.study;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * One setting of a method: its runs that differ by the seed alone.
 *
 * @param values of every varied key but optimizer and seed, where it has one
 * @param runs one a seed, in the plan's order; at least one
 */
record SettingResult(Map<String, String> values, List<RunResult> runs) {

    /**
     * Which of two settings is better: the one that reaches the target on more seeds; then in fewer passes, the
     * median over all seeds, or over those that reach it where fewer than half do; then the one with the lower median
     * final loss, and of those without a finite one the one that lost fewer runs. Runs that diverged or failed have
     * reached nothing, and their losses are infinite.
     *
     * @param target the hardest one; empty to compare final losses alone
     */
    static Comparator<SettingResult> order(Optional<Target> target) {
        Comparator<SettingResult> byLoss = Comparator.<SettingResult>comparingDouble(
                        setting -> lastIfNone(setting.finalLoss().median()))
                .thenComparingInt(setting -> -setting.counting())
                .thenComparingDouble(
                        setting -> lastIfNone(Spread.of(setting.finiteLosses()).median()));
        return target.map(hardest -> Comparator.<SettingResult>comparingInt(setting -> -setting.reached(hardest))
                        .thenComparingDouble(setting -> lastIfNone(setting.typicalPasses(hardest)))
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

    /** Passes to a target, over all runs; infinite where one did not reach it. */
    Spread passes(Target target) {
        return Spread.of(all(target, TargetWatch.Reached::passes));
    }

    /** Seconds to a target, over all runs; infinite where one did not reach it. */
    Spread seconds(Target target) {
        return Spread.of(all(target, TargetWatch.Reached::seconds));
    }

    private double[] all(Target target, ToDoubleFunction<TargetWatch.Reached> cost) {
        return runs.stream()
                .mapToDouble(run -> run.reached(target).map(cost::applyAsDouble).orElse(Double.POSITIVE_INFINITY))
                .sorted()
                .toArray();
    }

    /** The two seeds in the middle, twice the same one of an odd number: passes whose mean {@link #typicalPasses} is. */
    double[] middlePasses(Target target) {
        return middle(target, TargetWatch.Reached::passes);
    }

    /** The same of seconds. */
    double[] middleSeconds(Target target) {
        return middle(target, TargetWatch.Reached::seconds);
    }

    private double[] middle(Target target, ToDoubleFunction<TargetWatch.Reached> cost) {
        double[] all = all(target, cost);
        return Double.isFinite(all[all.length / 2]) ? Spread.middle(all) : Spread.middle(reached(target, cost));
    }

    /** The same of final losses; infinite where a run lost. */
    double[] middleLosses() {
        return Spread.middle(
                runs.stream().mapToDouble(RunResult::comparedLoss).sorted().toArray());
    }

    /** Passes of the runs that reached a target, fewest first. */
    double[] reachedPasses(Target target) {
        return reached(target, TargetWatch.Reached::passes);
    }

    /** Seconds of the runs that reached a target, fewest first. */
    double[] reachedSeconds(Target target) {
        return reached(target, TargetWatch.Reached::seconds);
    }

    /** The median of the passes to a target; over those that reached it alone, where there is none over all. */
    double typicalPasses(Target target) {
        return typical(passes(target), reachedPasses(target));
    }

    /** The same in seconds. */
    double typicalSeconds(Target target) {
        return typical(seconds(target), reachedSeconds(target));
    }

    /**
     * Passes to a target for people: {@code 5}, {@code 5 (2 of 3)}, {@code never (1 of 2: 3)} with the passes of those
     * that reached it; {@code not yet} in the place of never where more may come.
     */
    String cost(Target target) {
        int reached = reached(target);
        String of = reached + " of " + runs.size();
        Spread passes = passes(target);
        if (Double.isFinite(passes.median())) {
            return Shown.number(passes.median()) + (reached < runs.size() ? " (" + of + ")" : "");
        }
        String each = reached == 0 ? "" : ": " + Shown.numbers(reachedPasses(target));
        return (open() > 0 ? "not yet" : "never") + (runs.size() > 1 ? " (" + of + each + ")" : "");
    }

    private double[] reached(Target target, ToDoubleFunction<TargetWatch.Reached> cost) {
        return runs.stream()
                .flatMap(run -> run.reached(target).stream())
                .mapToDouble(cost)
                .sorted()
                .toArray();
    }

    private static double typical(Spread all, double[] reached) {
        return Double.isFinite(all.median()) ? all.median() : Spread.of(reached).median();
    }

    /** Final training losses; infinite where a run lost. */
    Spread finalLoss() {
        return Spread.of(runs, RunResult::comparedLoss);
    }

    private double[] finiteLosses() {
        return runs.stream()
                .mapToDouble(RunResult::comparedLoss)
                .filter(Double::isFinite)
                .toArray();
    }

    /** Best values of a validation metric; infinitely bad where a run lost. */
    Spread validation(String metric) {
        double worst = Target.isLargerBetter(metric) ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        return Spread.of(
                runs,
                run -> run.state().lost()
                        ? worst
                        : run.counts() && run.validation().containsKey(metric)
                                ? run.validation().get(metric).best()
                                : Double.NaN);
    }

    /** Runs that took a step and neither diverged nor failed. */
    int counting() {
        return (int) runs.stream().filter(RunResult::counts).count();
    }

    /** Runs that diverged or failed. */
    int lost() {
        return (int) runs.stream().filter(run -> run.state().lost()).count();
    }

    /** Runs of which more may come. */
    int open() {
        return (int) runs.stream().filter(run -> !run.state().ended()).count();
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
