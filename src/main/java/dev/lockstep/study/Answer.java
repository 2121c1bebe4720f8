package dev.lockstep.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The answer in three sentences: who reached the hardest target in the fewest passes, who in the fewest seconds,
 * and what went wrong or how much the learning rate matters. Where runs have not ended, a sentence before them says
 * so, and what such a run has not reached it has not reached yet.
 *
 * <p>Every figure is a number of {@code runs.csv}, or the mean of two of a column, where a median is one: passes as
 * they are printed there, losses rounded to six significant digits, seconds to three, learning rates and targets from
 * its columns. Counts are words.
 *
 * @param comparison of the runs
 * @param running whether there is more to come
 */
record Answer(Comparison comparison, boolean running) {
    private static final int NAMED = 3;

    /** Seconds that are closer than this do not tell methods apart, nor do fewer of them than one. */
    private static final double APART = 1.2;

    private static final double FEWEST_SECONDS = 1;
    private static final double SAME_DECADES = 1e-9;

    /** Three sentences, fewer where there is less to say. */
    List<String> sentences() {
        if (comparison.runs().stream().noneMatch(RunResult::counts)) {
            return List.of(nothing());
        }
        if (comparison.runs().size() == 1) {
            return ofOneRun();
        }
        List<String> sentences = new ArrayList<>();
        boolean isOpen = comparison.open() > 0;
        if (isOpen) {
            sentences.add(finished(open()));
        }
        sentences.add(finished(running || isOpen ? "so far " + first() : first()));
        sentences.add(finished(second()));
        sentences.add(finished(third()));
        return sentences;
    }

    private static String finished(String clause) {
        return Shown.sentence(clause) + ".";
    }

    private String nothing() {
        int lost = comparison.count(RunState.DIVERGED) + comparison.count(RunState.FAILED);
        if (lost == 0) {
            return "No run has taken a step yet.";
        }
        return finished(losses() + (lost < comparison.runs().size() ? "; no other run has taken a step yet" : ""));
    }

    private String open() {
        int all = comparison.runs().size();
        int ended = all - comparison.open();
        String some = (ended == 0 ? "none" : Shown.count(ended)) + " of " + Shown.count(all) + " runs "
                + (ended == 1 ? "has" : "have") + " ended";
        return running
                ? some + "; what follows may change"
                : "the study was stopped before its end: only " + some + ", and the others count as far as they came";
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
                .filter(method -> isAsGood(method.best(), best, target))
                .toList();
        Optional<MethodResult> quicker = methods.stream()
                .filter(method -> method.best().reached(target) > 0
                        && method.best().reached(target) < best.reached(target)
                        && ofThose(method.best(), target) < best.typicalPasses(target))
                .min(Comparator.comparingDouble(method -> ofThose(method.best(), target)));
        String names = Shown.list(winners.stream().map(MethodResult::text).toList(), NAMED, "optimizers");
        return names + (winners.size() == 2 ? " both" : "") + " reached " + target.label()
                + (quicker.isPresent() ? " most reliably, in " : " first, in ") + passes(best, target)
                + " over the data"
                + seeds(best, target)
                + quicker.map(method -> quicker(method, target)).orElse("")
                + next(winners, quicker, target);
    }

    /** As many seeds, and the same median; where fewer than half the seeds have it, the same passes. */
    private static boolean isAsGood(SettingResult setting, SettingResult best, Target target) {
        return setting.reached(target) == best.reached(target)
                && setting.typicalPasses(target) == best.typicalPasses(target)
                && (Double.isFinite(best.passes(target).median())
                        || Arrays.equals(setting.reachedPasses(target), best.reachedPasses(target)));
    }

    /** The median of those that reached it. */
    private static double ofThose(SettingResult setting, Target target) {
        return Spread.of(setting.reachedPasses(target)).median();
    }

    private static String quicker(MethodResult method, Target target) {
        double[] reached = method.best().reachedPasses(target);
        return "; " + method.text() + " was quicker where it got there, in " + passes(reached) + ", but"
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
            boolean isOpen =
                    comparison.methods().stream().anyMatch(method -> !winners.contains(method) && method.open() > 0);
            return quicker.isPresent()
                    ? ""
                    : isOpen ? "; no other optimizer has reached it yet" : "; no other optimizer reached it";
        }
        return comparison.methods().get(0).settings().stream()
                .skip(1)
                .filter(setting -> winners.size() == 1 && setting.reached(target) > 0)
                .findFirst()
                .map(setting -> "; its next best setting, " + setting.text() + ", took " + passes(setting, target)
                        + seeds(setting, target))
                .orElse("");
    }

    /** The middle of all seeds; the passes of those that got there, where that is not finite. */
    private static String passes(SettingResult setting, Target target) {
        double[] middle = setting.middlePasses(target);
        return Double.isFinite(setting.passes(target).median())
                ? Shown.passes(middle[0], middle[1])
                : passes(setting.reachedPasses(target));
    }

    private static String passes(double[] ascending) {
        return ascending[0] == ascending[ascending.length - 1]
                ? Shown.passes(ascending[0])
                : Shown.numbers(ascending) + " passes";
    }

    private static String seeds(SettingResult setting, Target target) {
        int all = setting.runs().size();
        int missing = all - setting.reached(target);
        if (all == 1) {
            return "";
        }
        if (!Double.isFinite(setting.passes(target).median())) {
            return " (" + on(setting, target).strip() + (setting.open() > 0 ? " so far)" : " only)");
        }
        return " (" + middle(all, setting.middlePasses(target)) + Shown.count(all) + " seeds"
                + (missing == 0
                        ? ""
                        : ", " + Shown.count(missing) + " of which "
                                + (setting.open() == 0
                                        ? "did not reach it"
                                        : (missing == 1 ? "has" : "have") + " not reached it yet"))
                + ")";
    }

    /** What two numbers, or one, are of all seeds. */
    private static String middle(int all, double[] two) {
        boolean isOne = two[0] == two[1];
        return isOne ? "median of " : all == 2 ? "" : "the middle two of ";
    }

    private static String on(SettingResult setting, Target target) {
        return " on " + Shown.count(setting.reached(target)) + " of "
                + Shown.count(setting.runs().size()) + (setting.runs().size() == 1 ? " seed" : " seeds");
    }

    private String nearest(Target target) {
        return (comparison.open() > 0 ? "no run has reached " : "no run reached ")
                + (comparison.targets().all().size() == 1 ? target.label() : "any target, not even " + target.label())
                + (comparison.open() > 0 ? " yet" : "")
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
        int lost = setting.lost();
        Spread loss = setting.finalLoss();
        if (!Double.isFinite(loss.median())) {
            return Shown.number(loss.low()) + " at best (" + Shown.count(lost) + " of " + Shown.count(count)
                    + " seeds diverged or failed)";
        }
        double[] middle = setting.middleLosses();
        return Shown.range(Shown.number(middle[0]), Shown.number(middle[1]))
                + (count == 1
                        ? ""
                        : " (" + middle(count, middle) + Shown.count(count) + " seeds"
                                + (lost == 0 ? "" : ", " + Shown.count(lost) + " of which diverged or failed")
                                + ")");
    }

    // ---- seconds

    private String second() {
        MethodResult top = comparison.methods().get(0);
        List<MethodResult> bySeconds = comparison.methods().stream()
                .filter(method -> Double.isFinite(seconds(method)) && sameSeeds(method, top))
                .sorted(Comparator.comparingDouble(this::seconds))
                .toList();
        MethodResult fastest = bySeconds.get(0);
        List<MethodResult> alike = bySeconds.stream()
                .filter(method -> method.equals(fastest) || !isApart(fastest, method))
                .toList();
        String what = comparison.hardest().isPresent() ? "" : "a run of ";
        Optional<MethodResult> other = alike.contains(top)
                ? bySeconds.stream().filter(method -> !alike.contains(method)).findFirst()
                : Optional.of(top);
        String rest = other.map(method -> "; " + what + method.text() + " took " + secondsText(method))
                .orElse("");
        if (alike.size() > 1) {
            return "seconds do not tell "
                    + Shown.list(alike.stream().map(MethodResult::text).toList(), NAMED, "optimizers") + " apart, with "
                    + range(middleSeconds(fastest)[0], middleSeconds(alike.get(alike.size() - 1))[1]) + " of training"
                    + rest;
        }
        if (bySeconds.size() == 1) {
            return what + fastest.text() + " took " + secondsText(fastest) + " of training"
                    + (what.isEmpty() ? " to get there" : "");
        }
        String first = comparison.hardest().isPresent()
                ? "in seconds " + fastest.text() + (fastest.equals(top) ? " was first as well" : " was first")
                : "in seconds a run of " + fastest.text() + " was the shortest";
        return first + ", with " + secondsText(fastest) + " of training" + rest;
    }

    /** Whether a method is slower than another: by much, by more than seeds differ, and in a second or more. */
    private boolean isApart(MethodResult fast, MethodResult slow) {
        return seconds(slow) >= FEWEST_SECONDS
                && seconds(slow) >= APART * seconds(fast)
                && spread(slow).low() > spread(fast).high();
    }

    private static String range(double low, double high) {
        String text = Shown.seconds(low, high);
        return text.equals(Shown.seconds(high)) ? text + " each" : text;
    }

    private boolean sameSeeds(MethodResult method, MethodResult top) {
        return comparison
                .hardest()
                .map(target -> method.best().reached(target) == top.best().reached(target))
                .orElse(true);
    }

    /** Seconds to the hardest target, or of whole runs. */
    private Spread spread(MethodResult method) {
        return comparison
                .hardest()
                .map(target -> Spread.of(method.best().reachedSeconds(target)))
                .orElseGet(() -> Spread.of(
                        method.best().runs(), run -> run.counts() ? run.totals().seconds() : Double.NaN));
    }

    private String secondsText(MethodResult method) {
        double[] middle = middleSeconds(method);
        return Shown.seconds(middle[0], middle[1]);
    }

    /** Of the seeds in the middle: seconds to the hardest target, or of whole runs. */
    private double[] middleSeconds(MethodResult method) {
        return comparison
                .hardest()
                .map(target -> method.best().middleSeconds(target))
                .orElseGet(() -> Spread.middle(method.best().runs().stream()
                        .filter(RunResult::counts)
                        .mapToDouble(run -> run.totals().seconds())
                        .sorted()
                        .toArray()));
    }

    /** Median seconds to the hardest target, or of whole runs. */
    private double seconds(MethodResult method) {
        return comparison
                .hardest()
                .map(target -> method.best().typicalSeconds(target))
                .orElseGet(() -> spread(method).median());
    }

    // ---- what went wrong, and how much the rate matters

    private String third() {
        return losses()
                + risen()
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
                clauses.add(some(lost) + state.key() + of(method -> method.count(state) > 0));
            }
        }
        return clauses.isEmpty()
                ? "no run " + (comparison.open() > 0 ? "has diverged or failed" : "diverged or failed")
                : Shown.list(clauses);
    }

    /** Runs that stayed in the finite numbers and are worse off than at their start. */
    private String risen() {
        int risen = (int)
                comparison.runs().stream().filter(RunResult::endedAboveItsStart).count();
        return risen == 0
                ? ""
                : "; " + some(risen) + "ended with a loss above " + (risen == 1 ? "its" : "their") + " first one"
                        + of(method -> method.runs().stream().anyMatch(RunResult::endedAboveItsStart));
    }

    private String some(int count) {
        return Shown.count(count) + " of " + Shown.count(comparison.runs().size())
                + (comparison.runs().size() == 1 ? " run " : " runs ");
    }

    private String of(Predicate<MethodResult> which) {
        List<String> labels = comparison.methods().stream()
                .filter(which)
                .map(MethodResult::label)
                .toList();
        return " (" + Shown.list(labels, NAMED, "optimizers") + ")";
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
            double fewest = methods.stream().mapToDouble(this::decades).min().orElseThrow();
            List<MethodResult> most = methods.stream()
                    .filter(method -> decades(method) <= fewest + SAME_DECADES)
                    .toList();
            String clause = least.label() + " " + known(least).text();
            if (!most.contains(least)) {
                return clause + ", and " + narrowest(most);
            }
            return most.size() == 1 || !known(least).isOne() ? clause : allNarrow(most, known(least));
        });
    }

    /** The methods of the narrowest range: the most sensitive, if rates were tried on both sides of it. */
    private String narrowest(List<MethodResult> most) {
        boolean isCut = most.stream().anyMatch(method -> known(method).isCut());
        String names = Shown.list(most.stream().map(MethodResult::label).toList(), NAMED, "optimizers");
        Sensitivity first = known(most.get(0));
        String range = most.size() == 1
                ? first.range()
                : first.isOne() ? "only at one learning rate each" : "for as narrow a range each";
        return isCut
                ? names + " " + range + ", which may be wider: "
                        + (most.size() == 1 ? "no rate was tried beyond it" : "beyond some of them no rate was tried")
                : names + ", the most sensitive, " + range;
    }

    private static String allNarrow(List<MethodResult> methods, Sensitivity one) {
        return Shown.list(methods.stream().map(MethodResult::label).toList(), NAMED, "optimizers")
                + one.target()
                        .map(target -> " reach " + target.label() + " within twice their fewest passes")
                        .orElse(" end within twice their lowest training loss")
                + " only at one learning rate each";
    }

    private double decades(MethodResult method) {
        return known(method).decades();
    }

    private Sensitivity known(MethodResult method) {
        return sensitivity(method).orElseThrow();
    }

    private Optional<Sensitivity> sensitivity(MethodResult method) {
        return Sensitivity.of(method, comparison);
    }

    private Optional<String> overSeeds() {
        MethodResult method = comparison.methods().get(0);
        SettingResult best = method.best();
        return comparison.hardest().filter(target -> best.runs().size() > 1).map(target -> {
            int missing = best.runs().size() - best.reached(target);
            if (missing > 0) {
                return method.label() + (best.open() > 0 ? " has not yet reached " : " did not reach ") + target.label()
                        + " on "
                        + Shown.count(missing) + " of "
                        + Shown.count(best.runs().size()) + " seeds";
            }
            Spread passes = best.passes(target);
            return passes.low() == passes.high()
                    ? method.label() + " needed as many passes with every seed"
                    : method.label() + " needed from " + Shown.number(passes.low()) + " to "
                            + Shown.passes(passes.high()) + ", depending on the seed";
        });
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
                        + Shown.seconds(run.targets().get(target.id()).seconds()))
                .toList();
        if (!reached.isEmpty()) {
            sentences.add("The run reached " + Shown.list(reached) + ".");
        }
        String where = Shown.passes(totals.passes()) + " over the data and " + Shown.seconds(totals.seconds())
                + " of training";
        String loss =
                Double.isNaN(totals.finalLoss()) ? "" : ", with training loss " + Shown.number(totals.finalLoss());
        String accuracy = run.validation().containsKey("accuracy")
                ? " and validation accuracy "
                        + Shown.number(run.validation().get("accuracy").best()) + " at best"
                : "";
        String verb = switch (run.state()) {
            case DIVERGED -> "The run diverged after ";
            case FAILED -> "The run failed after ";
            case STOPPED -> "The run was stopped after ";
            case RUNNING, WAITING -> "So far the run has taken ";
            default -> "The run ended after ";
        };
        sentences.add(verb + where + loss + accuracy + ".");
        return sentences;
    }
}
