package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Performance profiles: for each method the share of problems that it solves within tau times what the best method
 * on that problem needed. Source: Dolan and More 2002, doi:10.1007/s101070100263.
 *
 * <p>A problem is a target and a seed; a method takes part with its best setting. Problems that nobody solved say
 * nothing of anybody and are left out.
 *
 * @param measure what is compared: passes or seconds
 * @param problems how many problems somebody solved
 * @param tau the factors at which a share changes, ascending from 1
 * @param shares for each method its share at each factor
 */
record PerformanceProfile(String measure, int problems, double[] tau, List<double[]> shares) {

    /**
     * The profiles of costs.
     *
     * @param costs for each method the cost of each problem, infinite if not solved
     */
    static PerformanceProfile of(String measure, List<double[]> costs) {
        int all = costs.isEmpty() ? 0 : costs.get(0).length;
        List<double[]> ratios = new ArrayList<>();
        for (int problem = 0; problem < all; problem++) {
            int which = problem;
            double[] of = costs.stream().mapToDouble(cost -> cost[which]).toArray();
            double least = Arrays.stream(of).min().orElseThrow();
            if (Double.isFinite(least)) {
                ratios.add(Arrays.stream(of)
                        .map(cost -> cost == least ? 1 : cost / least)
                        .toArray());
            }
        }
        double[] tau = ratios.stream()
                .flatMapToDouble(Arrays::stream)
                .filter(Double::isFinite)
                .sorted()
                .distinct()
                .toArray();
        List<double[]> shares = new ArrayList<>();
        for (int method = 0; method < costs.size(); method++) {
            int which = method;
            shares.add(Arrays.stream(tau)
                    .map(factor -> ratios.stream()
                                    .filter(ratio -> ratio[which] <= factor)
                                    .count()
                            / (double) ratios.size())
                    .toArray());
        }
        return new PerformanceProfile(measure, ratios.size(), tau, shares);
    }

    /** The profiles of a study: for passes and for seconds; none where nobody solved anything. */
    static List<PerformanceProfile> of(Comparison comparison) {
        return List.of(
                        of(Quantity.PASSES, costs(comparison, TargetWatch.Reached::passes)),
                        of(Quantity.SECONDS, costs(comparison, TargetWatch.Reached::seconds)))
                .stream()
                .filter(profile -> profile.problems > 0)
                .toList();
    }

    private static List<double[]> costs(Comparison comparison, ToDoubleFunction<TargetWatch.Reached> cost) {
        long[] seeds = comparison.runs().stream()
                .mapToLong(run -> run.key().seed())
                .distinct()
                .toArray();
        List<double[]> costs = new ArrayList<>();
        for (MethodResult method : comparison.methods()) {
            Map<Long, RunResult> bySeed = new LinkedHashMap<>();
            method.best().runs().forEach(run -> bySeed.put(run.key().seed(), run));
            costs.add(comparison.targets().all().stream()
                    .flatMapToDouble(target -> Arrays.stream(seeds)
                            .mapToDouble(seed -> bySeed.containsKey(seed)
                                    ? bySeed.get(seed)
                                            .reached(target)
                                            .map(cost::applyAsDouble)
                                            .orElse(Double.POSITIVE_INFINITY)
                                    : Double.POSITIVE_INFINITY))
                    .toArray());
        }
        return costs;
    }

    ObjectNode json() {
        ObjectNode node = Json.object();
        node.put("measure", measure);
        node.put("problems", problems);
        Numbers.put(node, "tau", tau);
        ArrayNode methods = node.putArray("methods");
        for (int i = 0; i < shares.size(); i++) {
            ObjectNode method = methods.addObject();
            method.put("method", i);
            Numbers.put(method, "share", shares.get(i));
        }
        return node;
    }
}
