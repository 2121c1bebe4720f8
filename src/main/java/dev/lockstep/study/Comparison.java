package dev.lockstep.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A study's runs, compared: methods at their best settings, best first.
 *
 * <p>Everything is compared by the hardest target that somebody reached; where there is none, by the final training
 * loss.
 *
 * @param targets of the study
 * @param runs in the plan's order
 * @param hardest the target that decides
 * @param methods best first; their index is their number in {@code summary.json}
 */
record Comparison(Targets targets, List<RunResult> runs, Optional<Target> hardest, List<MethodResult> methods) {

    static Comparison of(Targets targets, List<RunResult> runs) {
        Optional<Target> hardest = hardest(targets, runs);
        Map<String, List<RunResult>> byMethod = new LinkedHashMap<>();
        runs.forEach(run -> byMethod.computeIfAbsent(run.key().method(), label -> new ArrayList<>())
                .add(run));
        List<MethodResult> methods = byMethod.entrySet().stream()
                .map(entry -> MethodResult.of(entry.getKey(), entry.getValue(), hardest))
                .sorted(Comparator.comparing(MethodResult::best, SettingResult.order(hardest)))
                .toList();
        return new Comparison(targets, runs, hardest, methods);
    }

    /**
     * The target that the fewest runs over all rows reached, but at least one; of several, the one that took those
     * that reached it the most passes, in the median; of several, the last.
     */
    private static Optional<Target> hardest(Targets targets, List<RunResult> runs) {
        long mostRows =
                runs.stream().mapToLong(run -> run.key().trainingRows()).max().orElse(0);
        SettingResult whole = new SettingResult(
                Map.of(),
                runs.stream()
                        .filter(run -> run.key().trainingRows() == mostRows)
                        .toList());
        Comparator<Target> harder = Comparator.<Target>comparingInt(target -> -whole.reached(target))
                .thenComparingDouble(
                        target -> Spread.of(whole.reachedPasses(target)).median());
        return targets.all().stream()
                .filter(target -> whole.reached(target) > 0)
                .reduce((hardest, next) -> harder.compare(next, hardest) >= 0 ? next : hardest);
    }

    /** The runs, best first: by the hardest target, then by final loss; then those that wait, and those that lost. */
    List<RunResult> ranked() {
        Comparator<RunResult> order = Comparator.comparing(run -> run.state().lost());
        if (hardest.isPresent()) {
            order = order.thenComparingDouble(run ->
                    run.reached(hardest.get()).map(TargetWatch.Reached::passes).orElse(Double.POSITIVE_INFINITY));
        }
        return runs.stream()
                .sorted(order.thenComparingDouble(
                        run -> Double.isNaN(run.totals().finalLoss())
                                ? Double.POSITIVE_INFINITY
                                : run.totals().finalLoss()))
                .toList();
    }

    /** The number of a run's method. */
    int method(RunResult run) {
        for (int i = 0; i < methods.size(); i++) {
            if (methods.get(i).label().equals(run.key().method())) {
                return i;
            }
        }
        throw new IllegalArgumentException(
                "expected a run of this comparison, got " + run.key().name());
    }

    /** The targets that no run reached. */
    List<Target> unreached() {
        return targets.all().stream()
                .filter(target ->
                        runs.stream().noneMatch(run -> run.reached(target).isPresent()))
                .toList();
    }

    /** The run that came nearest to a target, if any has a value of its measure. */
    Optional<RunResult> nearest(Target target) {
        RunResult nearest = null;
        double least = Double.NaN;
        for (RunResult run : runs) {
            double best = run.nearest().getOrDefault(target.id(), Double.NaN);
            // The first of several that are as near.
            if (run.counts() && best != least && target.better(best, least) == best) {
                nearest = run;
                least = best;
            }
        }
        return Optional.ofNullable(nearest);
    }

    /** Runs of which more may come. */
    int open() {
        return (int) runs.stream().filter(run -> !run.state().ended()).count();
    }

    int count(RunState state) {
        return (int) runs.stream().filter(run -> run.state() == state).count();
    }
}
