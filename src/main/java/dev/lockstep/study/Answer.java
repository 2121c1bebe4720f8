package dev.lockstep.study;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The answer in three sentences: who reached the hardest target in the fewest passes, who in the fewest seconds,
 * and what went wrong or how much the learning rate matters.
 *
 * <p>Every figure is a number of {@code runs.csv}: passes and seconds as they are printed there, losses rounded to
 * six significant digits, learning rates and targets from its columns. So medians are lower medians, nothing is
 * divided or subtracted, and counts are words.
 *
 * @param comparison of the runs
 * @param running whether there is more to come
 */
record Answer(Comparison comparison, boolean running) {
    private static final int NAMED = 3;

    /** Three sentences, fewer where there is less to say. */
    List<String> sentences() {
        List<RunResult> counting =
                comparison.runs().stream().filter(RunResult::counts).toList();
        if (counting.isEmpty()) {
            return List.of(nothing());
        }
        if (comparison.runs().size() == 1) {
            return ofOneRun();
        }
        List<String> sentences = new ArrayList<>();
        sentences.add(finished(running ? "so far " + first() : first()));
        sentences.add(finished(second()));
        sentences.add(finished(third()));
        return sentences;
    }

    private static String finished(String clause) {
        return Shown.sentence(clause) + ".";
    }

    private String nothing() {
        int lost = comparison.count(RunState.DIVERGED) + comparison.count(RunState.FAILED);
        return lost < comparison.runs().size() ? "No run has taken a step yet." : finished(losses());
    }

    // ---- passes

    private String first() {
        if (comparison.hardest().isPresent()) {
            return reachedFirst(comparison.hardest().get());
        }
        List<Target> unreached = comparison.unreached();
        return unreached.isEmpty() ? lowestLoss() : nearest(unreached.get(0));
    }

    private String reachedFirst(Target target) {
        List<MethodResult> methods = comparison.methods();
        SettingResult best = methods.get(0).best();
        List<MethodResult> winners = methods.stream()
                .filter(method -> method.best().reached(target) == best.reached(target)
                        && method.best().passes(target).median()
                                == best.passes(target).median())
                .toList();
        Optional<MethodResult> quicker = methods.stream()
                .filter(method -> method.best().passes(target).median()
                        < best.passes(target).median())
                .min(Comparator.comparingDouble(
                        method -> method.best().passes(target).median()));
        String names = Shown.list(winners.stream().map(MethodResult::text).toList(), NAMED, "optimizers");
        return names + (winners.size() == 2 ? " both" : "") + " reached " + target.label()
                + (quicker.isPresent() ? " most reliably, in " : " first, in ") + passes(best, target)
                + " over the data"
                + seeds(best, target)
                + quicker.map(method -> quicker(method, target)).orElse("")
                + next(winners, quicker, target);
    }

    private static String quicker(MethodResult method, Target target) {
        return "; " + method.text() + " was quicker where it got there, in " + passes(method.best(), target) + ", but"
                + on(method.best(), target) + " only";
    }

    private String next(List<MethodResult> winners, Optional<MethodResult> quicker, Target target) {
        Optional<MethodResult> next = comparison.methods().stream()
                .filter(method -> !winners.contains(method)
                        && !quicker.filter(method::equals).isPresent())
                .filter(method -> method.best().reached(target) > 0)
                .findFirst();
        if (next.isPresent()) {
            return "; next came " + next.get().text() + ", in "
                    + passes(next.get().best(), target) + seeds(next.get().best(), target);
        }
        if (comparison.methods().size() > winners.size()) {
            return quicker.isPresent() ? "" : "; no other optimizer reached it";
        }
        return comparison.methods().get(0).settings().stream()
                .skip(1)
                .filter(setting -> winners.size() == 1 && setting.reached(target) > 0)
                .findFirst()
                .map(setting -> "; its next best setting, " + setting.text() + ", took " + passes(setting, target)
                        + seeds(setting, target))
                .orElse("");
    }

    private static String passes(SettingResult setting, Target target) {
        return Shown.passes(setting.passes(target).median());
    }

    private static String seeds(SettingResult setting, Target target) {
        int all = setting.runs().size();
        if (all == 1) {
            return "";
        }
        return setting.reached(target) == all
                ? " (median of " + Shown.count(all) + " seeds)"
                : " (" + on(setting, target).strip() + ")";
    }

    private static String on(SettingResult setting, Target target) {
        return " on " + Shown.count(setting.reached(target)) + " of "
                + Shown.count(setting.runs().size()) + (setting.runs().size() == 1 ? " seed" : " seeds");
    }

    private String nearest(Target target) {
        return "no run reached "
                + (comparison.targets().all().size() == 1 ? target.label() : "any target, not even " + target.label())
                + comparison
                        .nearest(target)
                        .map(run -> "; nearest came " + run.key().name() + ", with " + target.words() + " "
                                + Shown.number(run.nearest().get(target.id())))
                        .orElse("");
    }

    private String lowestLoss() {
        List<MethodResult> methods = comparison.methods();
        String first = methods.get(0).text() + " came to the lowest training loss, "
                + loss(methods.get(0).best());
        return methods.size() > 1 && !methods.get(1).best().finalLoss().isNone()
                ? first + "; next came " + methods.get(1).text() + ", with "
                        + loss(methods.get(1).best())
                : first;
    }

    private static String loss(SettingResult setting) {
        int count = setting.runs().size();
        return Shown.number(setting.finalLoss().median())
                + (count == 1 ? "" : " (median of " + Shown.count(count) + " seeds)");
    }

    // ---- seconds

    private String second() {
        MethodResult top = comparison.methods().get(0);
        List<MethodResult> bySeconds = comparison.methods().stream()
                .filter(method -> !Double.isNaN(seconds(method)) && sameSeeds(method, top))
                .sorted(Comparator.comparingDouble(this::seconds))
                .toList();
        MethodResult fastest = bySeconds.get(0);
        String what = comparison.hardest().isPresent() ? "" : "a run of ";
        String first = comparison.hardest().isPresent()
                ? "in seconds " + fastest.text() + (fastest.equals(top) ? " was first as well" : " was first")
                : "in seconds a run of " + fastest.text() + " was the shortest";
        String clause = first + ", with " + Shown.number(seconds(fastest)) + " s of training";
        Optional<MethodResult> other =
                fastest.equals(top) ? bySeconds.stream().skip(1).findFirst() : Optional.of(top);
        return clause
                + other.map(method -> "; " + what + method.text() + " took " + Shown.number(seconds(method)) + " s")
                        .orElse("");
    }

    private boolean sameSeeds(MethodResult method, MethodResult top) {
        return comparison
                .hardest()
                .map(target -> method.best().reached(target) == top.best().reached(target))
                .orElse(true);
    }

    /** Median seconds to the hardest target, or of whole runs. */
    private double seconds(MethodResult method) {
        return comparison
                .hardest()
                .map(target -> method.best().seconds(target))
                .orElseGet(() -> Spread.of(
                        method.best().runs(), run -> run.counts() ? run.totals().seconds() : Double.NaN))
                .median();
    }

    // ---- what went wrong, and how much the rate matters

    private String third() {
        return losses()
                + learningRates()
                        .or(this::overSeeds)
                        .map(clause -> "; " + clause)
                        .orElse("");
    }

    private String losses() {
        List<String> clauses = new ArrayList<>();
        for (RunState state : List.of(RunState.DIVERGED, RunState.FAILED)) {
            int lost = comparison.count(state);
            if (lost > 0) {
                List<String> labels = comparison.methods().stream()
                        .filter(method -> method.count(state) > 0)
                        .map(MethodResult::label)
                        .toList();
                clauses.add(Shown.count(lost) + " of "
                        + Shown.count(comparison.runs().size())
                        + (comparison.runs().size() == 1 ? " run " : " runs ")
                        + state.key() + " (" + Shown.list(labels, NAMED, "optimizers") + ")");
            }
        }
        return clauses.isEmpty() ? "no run diverged or failed" : Shown.list(clauses);
    }

    /** Who bears the widest range of learning rates and who the narrowest; the better method of several. */
    private Optional<String> learningRates() {
        List<MethodResult> methods = comparison.methods().stream()
                .filter(method -> sensitivity(method)
                        .filter(own -> own.target().equals(comparison.hardest()))
                        .isPresent())
                .toList();
        Comparator<MethodResult> byDecades = Comparator.comparingDouble(this::decades);
        return methods.stream().min(byDecades.reversed()).map(least -> {
            MethodResult most = methods.stream().min(byDecades).orElseThrow();
            String clause =
                    least.label() + " " + sensitivity(least).orElseThrow().text();
            return decades(most) < decades(least)
                    ? clause + ", and " + most.label() + ", the most sensitive, "
                            + sensitivity(most).orElseThrow().range()
                    : clause;
        });
    }

    private double decades(MethodResult method) {
        return sensitivity(method).orElseThrow().decades();
    }

    private Optional<Sensitivity> sensitivity(MethodResult method) {
        return Sensitivity.of(method, comparison);
    }

    private Optional<String> overSeeds() {
        SettingResult best = comparison.methods().get(0).best();
        return comparison
                .hardest()
                .filter(target -> best.reached(target) > 1)
                .map(target -> best.passes(target))
                .map(passes -> passes.low() == passes.high()
                        ? comparison.methods().get(0).label() + " needed as many passes with every seed"
                        : comparison.methods().get(0).label() + " needed from " + Shown.number(passes.low()) + " to "
                                + Shown.passes(passes.high()) + ", depending on the seed");
    }

    // ---- a single run

    /** One or two sentences on the only run. */
    List<String> ofOneRun() {
        RunResult run = comparison.runs().get(0);
        RunResult.Totals totals = run.totals();
        if (totals.steps() == 0) {
            return List.of(run.state() == RunState.FAILED ? "The run failed." : "The run has not taken a step yet.");
        }
        List<String> sentences = new ArrayList<>();
        List<String> reached = comparison.targets().all().stream()
                .filter(target -> run.targets().containsKey(target.id()))
                .map(target -> target.label() + " in "
                        + Shown.passes(run.targets().get(target.id()).passes()) + " and "
                        + Shown.number(run.targets().get(target.id()).seconds()) + " s")
                .toList();
        if (!reached.isEmpty()) {
            sentences.add("The run reached " + Shown.list(reached) + ".");
        }
        String where = Shown.passes(totals.passes()) + " over the data and " + Shown.number(totals.seconds())
                + " s of training";
        String loss =
                Double.isNaN(totals.finalLoss()) ? "" : ", with training loss " + Shown.number(totals.finalLoss());
        String accuracy = run.validation().containsKey("accuracy")
                ? " and validation accuracy "
                        + Shown.number(run.validation().get("accuracy").best()) + " at best"
                : "";
        String verb = switch (run.state()) {
            case DIVERGED -> "The run diverged after ";
            case FAILED -> "The run failed after ";
            case RUNNING, WAITING -> "So far the run has taken ";
            default -> "The run ended after ";
        };
        sentences.add(verb + where + loss + accuracy + ".");
        return sentences;
    }
}
