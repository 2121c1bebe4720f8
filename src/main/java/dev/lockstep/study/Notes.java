package dev.lockstep.study;

import java.util.ArrayList;
import java.util.List;

/** What must be said beside the answer: targets out of reach, runs that lost and why, what the numbers mean. */
final class Notes {
    private static final int NAMED = 5;

    private Notes() {}

    /** The notes on a comparison, a sentence or two each. */
    static List<String> of(Comparison comparison) {
        List<String> notes = new ArrayList<>();
        comparison
                .unreached()
                .forEach(target -> notes.add("No run reached " + target.label()
                        + comparison
                                .nearest(target)
                                .map(run -> "; nearest came " + run.key().name() + ", with "
                                        + Shown.number(run.nearest().get(target.id())))
                                .orElse("")
                        + "."));
        addEndings(notes, comparison, RunState.FAILED);
        addEndings(notes, comparison, RunState.REFUSED);
        if (comparison.count(RunState.DIVERGED) + comparison.count(RunState.FAILED) > 0) {
            notes.add("Runs that diverged or failed count as having reached nothing, and come last.");
        }
        boolean severalSeeds = comparison.methods().stream()
                .anyMatch(method -> method.best().runs().size() > 1);
        if (severalSeeds) {
            notes.add("Medians are over seeds, the lower of the two in the middle where their number is even;"
                    + " bands reach from the lowest to the highest.");
        }
        boolean fractions =
                comparison.runs().stream().anyMatch(run -> run.key().varied().containsKey(RunKey.FRACTION));
        if (fractions) {
            notes.add(
                    "Methods are compared at the largest share of the rows; the smaller ones make the learning curve.");
        }
        notes.add("Seconds are training time; loading and validation are left out.");
        return notes;
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
