package dev.lockstep.optimize;

import dev.lockstep.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * Backtracking to Armijo's condition: steps that shrink by a factor until the value has fallen enough.
 *
 * <pre>
 *   t = first contraction^i,  i = 0, 1, …, maxTrials - 1: the first with
 *   phi(t) &lt;= phi(0) + sufficientDecrease t phi'(0)
 * </pre>
 *
 * Where rounding makes phi(t) and phi(0) equal, the slope must have become flatter: a plateau is not taken for a way
 * down. Nothing is known of the curvature: what a quasi-Newton method learns from such a step it must check itself.
 *
 * <p>Cost: one evaluation if the first step is good. If not, the next {@code trialsPerScan} are asked for together, with
 * one scan of the rows, and the longest good one is taken: reading rows is saved, not arithmetic. Source: Armijo 1966,
 * doi:10.2140/pjm.1966.16.1; Nocedal, Wright 2006, algorithm 3.1.
 *
 * @param sufficientDecrease c1, in (0, 0.5)
 * @param contraction in (0, 1)
 * @param trialsPerScan how many trials share a scan, at least 1
 * @param maxTrials the most evaluations, at least 1
 */
public record Backtracking(double sufficientDecrease, double contraction, int trialsPerScan, int maxTrials)
        implements LineSearch {
    static final String KEY = "backtracking";

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public Backtracking {
        Range.BETWEEN_ZERO_AND_HALF.check("sufficient-decrease", sufficientDecrease);
        Range.BETWEEN_ZERO_AND_ONE.check("contraction", contraction);
        Range.AT_LEAST_ONE.check("trials-per-scan", trialsPerScan);
        Range.AT_LEAST_ONE.check("max-trials", maxTrials);
    }

    /** With c1 = 1e-4, halving, four trials in a scan and at most 25. */
    public static Backtracking standard() {
        return new Backtracking(1e-4, 0.5, 4, 25);
    }

    static Backtracking read(Settings own) {
        Backtracking standard = standard();
        return new Backtracking(
                Range.BETWEEN_ZERO_AND_HALF.read(own, "sufficient-decrease", standard.sufficientDecrease),
                Range.BETWEEN_ZERO_AND_ONE.read(own, "contraction", standard.contraction),
                own.integer("trials-per-scan", standard.trialsPerScan, 1, Integer.MAX_VALUE),
                own.integer("max-trials", standard.maxTrials, 1, Integer.MAX_VALUE));
    }

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Found search(Ray ray, double first) {
        Ray.Trial trial = ray.trial(first);
        return isGood(ray, trial) ? Found.of(ray, trial, Outcome.FOUND) : shorter(ray, first, this);
    }

    @Override
    public int liveVectors() {
        // trial points and their gradients, the first trial's gradient
        return 2 * Math.min(trialsPerScan, maxTrials) + 1;
    }

    /** The search after its first trial, which was refused. */
    Found shorter(Ray ray, double first, LineSearch search) {
        double step = first;
        int trials = 1;
        while (trials < maxTrials) {
            List<Double> steps = new ArrayList<>();
            while (steps.size() < trialsPerScan && trials < maxTrials) {
                step *= contraction;
                steps.add(step);
                trials++;
            }
            for (Ray.Trial trial : ray.trials(steps)) {
                if (isGood(ray, trial)) {
                    return Found.of(ray, trial, Outcome.FOUND);
                }
            }
        }
        return Found.nothingLower(ray, search, trials, step, "");
    }

    private boolean isGood(Ray ray, Ray.Trial trial) {
        return ray.fallsEnough(trial, sufficientDecrease) && ray.gains(trial);
    }
}
