package dev.lockstep.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What must be said beside the answer: targets out of reach, runs that lost and why, what the numbers mean. */
final class Notes {
    private static final int NAMED = 5;
    private static final double ROUNDING = 1 + 1e-9;

    private Notes() {}

    /**
     * The notes on a comparison, a sentence or two each.
     *
     * @param mostPasses the budget of a run; NaN without one
     */
    static List<String> of(Comparison comparison, double mostPasses) {
        List<String> notes = new ArrayList<>();
        comparison
                .unreached()
                .forEach(target -> notes.add((comparison.open() > 0 ? "No run has reached " : "No run reached ")
                        + target.label() + (comparison.open() > 0 ? " yet" : "")
                        + comparison
                                .nearest(target)
                                .map(run -> "; nearest came " + run.key().name() + ", with "
                                        + Shown.number(run.nearest().get(target.id())))
                                .orElse("")
                        + "."));
        addEndings(notes, comparison, RunState.FAILED);
        addEndings(notes, comparison, RunState.REFUSED);
        addLosses(notes, comparison);
        addEdges(notes, comparison);
        addExcess(notes, comparison, mostPasses);
        boolean severalSeeds = comparison.methods().stream()
                .anyMatch(method -> method.best().runs().size() > 1);
        if (severalSeeds) {
            notes.add("Medians are over all seeds, the mean of the two in the middle where their number is even; a seed"
                    + " that did not reach a target, or whose run diverged or failed, counts as infinite. Bands reach"
                    + " from the lowest to the highest.");
        }
        boolean fractions =
                comparison.runs().stream().anyMatch(run -> run.key().varied().containsKey(RunKey.FRACTION));
        if (fractions) {
            notes.add(
                    "Methods are compared at the largest share of the rows; the smaller ones make the learning curve.");
            comparison.methods().stream()
                    .flatMap(method -> LearningCurve.of(method).stream())
                    .findFirst()
                    .ifPresent(curve -> notes.add(curve.text()));
        }
        notes.add("Seconds are training time; loading and validation are left out.");
        return notes;
    }

    private static void addLosses(List<String> notes, Comparison comparison) {
        if (comparison.count(RunState.DIVERGED) + comparison.count(RunState.FAILED) == 0) {
            return;
        }
        notes.add("Runs that diverged or failed count as having reached nothing, and come last.");
        List<String> some = new ArrayList<>();
        for (MethodResult method : comparison.methods()) {
            method.settings().stream()
                    .filter(setting -> setting.lost() > 0
                            && setting.lost() < setting.runs().size())
                    .forEach(setting -> some.add(method.label() + " (" + setting.text() + "): " + setting.lost()
                            + " of " + setting.runs().size()));
        }
        if (!some.isEmpty()) {
            notes.add(
                    "Settings with which some seeds diverged or failed: " + Shown.list(some, NAMED, "settings") + ".");
        }
    }

    /** Best learning rates at an end of those that were tried: a better one may lie beyond. */
    private static void addEdges(List<String> notes, Comparison comparison) {
        for (String edge : List.of("lowest", "highest")) {
            List<String> at = comparison.methods().stream()
                    .filter(method -> method.edge().filter(edge::equals).isPresent())
                    .map(method -> method.label() + " (" + method.best().learningRateText() + ")")
                    .toList();
            if (!at.isEmpty()) {
                notes.add("The best learning rate is the " + edge + " tried of " + Shown.list(at, NAMED, "optimizers")
                        + ": try " + (edge.equals("lowest") ? "lower." : "higher."));
            }
        }
    }

    /** Runs that took more passes than they were to: a step is taken whole. */
    private static void addExcess(List<String> notes, Comparison comparison, double mostPasses) {
        List<String> over = comparison.methods().stream()
                .flatMap(method -> method.runs().stream()
                        .max(Comparator.comparingDouble(run -> run.totals().passes()))
                        .filter(run -> run.totals().passes() > mostPasses * ROUNDING)
                        .map(run -> method.label() + " ended at "
                                + Shown.number(run.totals().passes()))
                        .stream())
                .toList();
        if (!over.isEmpty()) {
            notes.add("Of at most " + Shown.passes(mostPasses) + ", " + Shown.list(over, NAMED, "optimizers")
                    + ": a step, with its line search, is not cut off.");
        }
    }

    private static void addEndings(List<String> notes, Comparison comparison, RunState state) {
        List<RunResult> runs =
                comparison.runs().stream().filter(run -> run.state() == state).toList();
        runs.stream()
                .limit(NAMED)
                .forEach(run -> notes.add("%s %s: %s"
                        .formatted(run.key().name(), verb(state), run.ending().message())));
        if (runs.size() > NAMED) {
            notes.add(Shown.sentence(Shown.count(runs.size() - NAMED)) + " other runs "
                    + (state == RunState.FAILED ? "failed." : "were refused by their optimizers."));
        }
    }

    private static String verb(RunState state) {
        return state == RunState.FAILED ? "failed" : "was refused by its optimizer";
    }
}
