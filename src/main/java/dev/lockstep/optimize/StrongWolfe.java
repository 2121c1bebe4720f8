package dev.lockstep.optimize;

import dev.lockstep.Settings;

/**
 * A search for the strong Wolfe conditions: the value falls enough, and the slope becomes flat enough.
 *
 * <pre>
 *   phi(t)    &lt;= phi(0) + c1 t phi'(0)         c1 = sufficientDecrease
 *   |phi'(t)| &lt;= c2 |phi'(0)|                  c2 = curvature
 * </pre>
 *
 * From the first step on, steps grow until the minimum is passed: to the vertex of the cubic through values and slopes
 * of the last two, held to t + (t - t_before)/100 … 10 t. Then the bracket shrinks: to the cubic's vertex, or, if that
 * comes to within a tenth of an end for the second time running or to the end itself, to that tenth. A value that is
 * not finite has no cubic: the bracket shrinks to its tenth, or half if its lower end is not the beginning.
 *
 * <p>It goes the way of PyTorch's {@code strong_wolfe} where that finds a step; PyTorch may lose the bracket, as it
 * prefers lower values that have not fallen enough, and where values are not finite. With the conditions s'y &gt; 0
 * holds, so that a quasi-Newton method can learn from the step. c2 = 0.9 suits such methods, 0.1 conjugate gradients.
 *
 * <p>Cost: an evaluation for each trial, often one. Source: Nocedal, Wright 2006, algorithms 3.5 and 3.6,
 * doi:10.1007/978-0-387-40065-5; limits as in Schmidt's minFunc.
 *
 * @param sufficientDecrease c1, in (0, 0.5)
 * @param curvature c2, in (0, 1), at least c1
 * @param minBracket the search ends if the parameters differ by less from end to end of the bracket; at least 0
 * @param maxTrials the most evaluations, at least 1
 */
public record StrongWolfe(double sufficientDecrease, double curvature, double minBracket, int maxTrials)
        implements LineSearch {
    static final String KEY = "strong-wolfe";

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if a number is outside its range
     */
    public StrongWolfe {
        Range.BETWEEN_ZERO_AND_HALF.check("sufficient-decrease", sufficientDecrease);
        Range.BETWEEN_ZERO_AND_ONE.check("curvature", curvature);
        Range.NOT_NEGATIVE.check("min-bracket", minBracket);
        Range.AT_LEAST_ONE.check("max-trials", maxTrials);
        if (curvature < sufficientDecrease) {
            throw new IllegalArgumentException(
                    "curvature must be at least sufficient-decrease, got " + curvature + " < " + sufficientDecrease);
        }
    }

    /** With c1 = 1e-4 and PyTorch's limits: brackets down to 1e-9, at most 25 trials. */
    public static StrongWolfe of(double curvature) {
        return new StrongWolfe(1e-4, curvature, 1e-9, 25);
    }

    static StrongWolfe read(Settings own, double curvature) {
        double decrease = Range.BETWEEN_ZERO_AND_HALF.read(own, "sufficient-decrease", 1e-4);
        double flat = Range.BETWEEN_ZERO_AND_ONE.read(own, "curvature", curvature);
        if (flat < decrease) {
            throw own.wrong("curvature", "expected at least sufficient-decrease = " + decrease);
        }
        return new StrongWolfe(
                decrease,
                flat,
                Range.NOT_NEGATIVE.read(own, "min-bracket", 1e-9),
                own.integer("max-trials", 25, 1, Integer.MAX_VALUE));
    }

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Found search(Ray ray, double first) {
        Ray.Trial before = ray.start();
        Ray.Trial trial = ray.trial(first);
        for (int trials = 1; ; trials++) {
            if (!ray.fallsEnough(trial, sufficientDecrease) || (trials > 1 && trial.value() >= before.value())) {
                return shrink(ray, new Bracket(before, trial), trials);
            }
            if (isFlat(ray, trial)) {
                return Found.of(ray, trial, Outcome.FOUND);
            }
            if (trial.slope() >= 0) {
                return shrink(ray, new Bracket(trial, before), trials);
            }
            if (trials >= maxTrials) {
                return best(ray, trial, trials, trial);
            }
            double t = trial.step();
            double next = vertex(before, trial, t + 0.01 * (t - before.step()), 10 * t);
            before = trial;
            trial = ray.trial(next);
        }
    }

    @Override
    public int liveVectors() {
        // a trial point, three gradients
        return 4;
    }

    private Found shrink(Ray ray, Bracket bracket, int before) {
        double longest = ray.direction().maxAbs();
        Ray.Trial trial = bracket.high;
        int trials = before;
        for (; trials < maxTrials && bracket.width() * longest >= minBracket; trials++) {
            trial = ray.trial(bracket.next());
            if (!ray.fallsEnough(trial, sufficientDecrease) || trial.value() >= bracket.low.value()) {
                bracket.high = trial;
            } else if (isFlat(ray, trial)) {
                return Found.of(ray, trial, Outcome.FOUND);
            } else {
                bracket.replaceLow(trial);
            }
        }
        return best(ray, bracket.low, trials, trial);
    }

    private Found best(Ray ray, Ray.Trial low, int trials, Ray.Trial last) {
        return low.step() > 0 && low.value() < ray.here().value()
                ? Found.of(ray, low, Outcome.LOWER)
                : Found.nothingLower(
                        ray,
                        this,
                        trials,
                        last.step(),
                        trials < maxTrials ? ", when the bracket was below optimizer.min-bracket = " + minBracket : "");
    }

    private boolean isFlat(Ray ray, Ray.Trial trial) {
        return Math.abs(trial.slope()) <= -curvature * ray.slope();
    }

    /** Where the cubic through values and slopes at both points is least, within limits; their middle if nowhere. */
    private static double vertex(Ray.Trial a, Ray.Trial b, double least, double most) {
        boolean ascending = a.step() <= b.step();
        Ray.Trial left = ascending ? a : b;
        Ray.Trial right = ascending ? b : a;
        double width = right.step() - left.step();
        double mean = left.slope() + right.slope() - 3 * (right.value() - left.value()) / width;
        double root = Math.sqrt(mean * mean - left.slope() * right.slope());
        double share = (right.slope() + root - mean) / (right.slope() - left.slope() + 2 * root);
        double vertex = right.step() - width * share;
        return Double.isNaN(vertex) ? (least + most) / 2 : Math.min(Math.max(vertex, least), most);
    }

    /** Two steps with an acceptable one between them. */
    private static final class Bracket {
        /** The lowest of those whose values have fallen enough; its slope goes down into the bracket. */
        private Ray.Trial low;

        /** The other end; may be not finite. */
        private Ray.Trial high;

        /** Whether the last vertex came close to an end. */
        private boolean close;

        Bracket(Ray.Trial low, Ray.Trial high) {
            this.low = low;
            this.high = high;
        }

        double width() {
            return Math.abs(high.step() - low.step());
        }

        void replaceLow(Ray.Trial trial) {
            if (trial.slope() * (high.step() - low.step()) >= 0) {
                high = low;
            }
            low = trial;
        }

        double next() {
            if (!high.isFinite()) {
                return low.step() + (low.step() == 0 ? 0.1 : 0.5) * (high.step() - low.step());
            }
            double least = Math.min(low.step(), high.step());
            double most = Math.max(low.step(), high.step());
            double vertex = vertex(low, high, least, most);
            double margin = 0.1 * (most - least);
            boolean near = Math.min(most - vertex, vertex - least) < margin;
            boolean moved = near && (close || vertex >= most || vertex <= least);
            close = near && !moved;
            if (!moved) {
                return vertex;
            }
            return most - vertex < vertex - least ? most - margin : least + margin;
        }
    }
}
