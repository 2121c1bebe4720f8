package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * How wide the range of a method's good learning rates is.
 *
 * <p>A rate is good if, in its best setting, all seeds reach the target, in a median number of passes of at most
 * {@link #WITHIN} times the fewest of all rates. The target is the hardest one of the study, or the last that the
 * method reaches with all seeds; without one, a good rate's median final loss is within that factor of the lowest,
 * and none of its runs lost. The range is that of good rates next to each other, about the best. Where it ends at the
 * lowest or the highest rate that was tried, it may be wider.
 *
 * @param target what is to be reached; empty for the final loss
 * @param low the lowest good rate beside the best
 * @param high the highest
 * @param isLowest whether no lower rate was tried
 * @param isHighest whether no higher rate was tried
 */
record Sensitivity(
        Optional<Target> target, SettingResult low, SettingResult high, boolean isLowest, boolean isHighest) {
    /** How much worse than the best a good learning rate may be. */
    static final double WITHIN = 2;

    /** Fewer rates say nothing of a range. */
    private static final int FEWEST = 3;

    /** Empty with fewer than three learning rates, before all runs of the method ended, and if no rate is good. */
    static Optional<Sensitivity> of(MethodResult method, Comparison comparison) {
        if (method.learningRates().length < FEWEST || method.open() > 0) {
            return Optional.empty();
        }
        Optional<Target> target = target(method, comparison);
        List<SettingResult> byRate = byLearningRate(method, target);
        double[] costs =
                byRate.stream().mapToDouble(setting -> cost(setting, target)).toArray();
        int best = -1;
        for (int i = 0; i < costs.length; i++) {
            if (!Double.isNaN(costs[i]) && (best < 0 || costs[i] < costs[best])) {
                best = i;
            }
        }
        if (best < 0) {
            return Optional.empty();
        }
        int low = best;
        while (low > 0 && costs[low - 1] <= WITHIN * costs[best]) {
            low--;
        }
        int high = best;
        while (high < costs.length - 1 && costs[high + 1] <= WITHIN * costs[best]) {
            high++;
        }
        return Optional.of(
                new Sensitivity(target, byRate.get(low), byRate.get(high), low == 0, high == costs.length - 1));
    }

    private static Optional<Target> target(MethodResult method, Comparison comparison) {
        List<Target> candidates = new ArrayList<>(comparison.targets().all());
        comparison.hardest().ifPresent(candidates::add);
        Target last = null;
        for (Target target : candidates) {
            last = method.settings().stream().anyMatch(setting -> isSolved(setting, target)) ? target : last;
        }
        return Optional.ofNullable(last);
    }

    /** The best setting of each learning rate, by the rate. */
    static List<SettingResult> byLearningRate(MethodResult method, Optional<Target> target) {
        List<SettingResult> chosen = new ArrayList<>();
        method.settings().stream()
                .filter(setting -> setting.learningRate().isPresent())
                .sorted(Comparator.<SettingResult>comparingDouble(
                                setting -> setting.learningRate().getAsDouble())
                        .thenComparing(SettingResult.order(target)))
                .forEach(setting -> {
                    boolean first = chosen.isEmpty()
                            || !chosen.get(chosen.size() - 1).learningRate().equals(setting.learningRate());
                    if (first) {
                        chosen.add(setting);
                    }
                });
        return chosen;
    }

    private static boolean isSolved(SettingResult setting, Target target) {
        return setting.reached(target) == setting.runs().size();
    }

    /** NaN if the setting is no good at all. */
    private static double cost(SettingResult setting, Optional<Target> target) {
        return target.map(which ->
                        isSolved(setting, which) ? setting.passes(which).median() : Double.NaN)
                .orElseGet(() -> Double.isFinite(setting.finalLoss().high())
                        ? setting.finalLoss().median()
                        : Double.NaN);
    }

    /** Decades from the lowest good rate to the highest. */
    double decades() {
        return Math.log10(high.learningRate().getAsDouble() / low.learningRate().getAsDouble());
    }

    /** For people, to go on after the method's name. */
    String text() {
        String what = target.map(which -> "reaches " + which.label() + " within twice its fewest passes")
                .orElse("ends within twice its lowest training loss");
        return what + " " + range();
    }

    /** The range for people: {@code for learning rates from 0.01 to 0.1}, and whether the rates tried end there. */
    String range() {
        if (isLowest && isHighest) {
            return "for all learning rates that were tried, " + low.learningRateText() + " to "
                    + high.learningRateText();
        }
        return isOne()
                ? "only at learning rate " + low.learningRateText()
                        + (isLowest ? " (the lowest tried)" : isHighest ? " (the highest tried)" : "")
                : "for learning rates from " + low.learningRateText()
                        + (isLowest ? " (the lowest tried)" : "") + " to " + high.learningRateText()
                        + (isHighest ? " (the highest tried)" : "");
    }

    /** Whether one rate alone is good. */
    boolean isOne() {
        return low.equals(high);
    }

    /** Whether the rates that were tried end inside it, so that it may be wider. */
    boolean isCut() {
        return isLowest || isHighest;
    }

    ObjectNode json() {
        ObjectNode node = Json.object();
        node.put("within", WITHIN);
        target.ifPresentOrElse(which -> node.put("target", which.id()), () -> node.putNull("target"));
        Json.put(node, "low", low.learningRate().getAsDouble());
        Json.put(node, "high", high.learningRate().getAsDouble());
        Json.put(node, "decades", decades());
        node.put("isLowest", isLowest);
        node.put("isHighest", isHighest);
        node.put("text", text());
        return node;
    }
}
