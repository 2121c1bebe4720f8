package dev.lockstep.optimize;

import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Rosenblatt's rule for threshold units: whoever answers wrongly is turned towards the right answer.
 *
 * <pre>
 *   s z &lt;= 0:  w = w + eta s x         s = +1 or -1 the answer wanted, z = x w, x with a 1 for the bias
 *   else:      w stays
 *   as a step: w(k+1) = w(k) - eta(k) grad E(w(k)),   E the mean of max(0, -s z), whose derivative at z = 0 is -s
 * </pre>
 *
 * With batches of one row in their own order this is the textbook's rule; with larger ones, the mean over the rows
 * that were mistaken, 0 for the others. Each output is a unit of its own: one against the rest for several classes.
 *
 * <p>From w(0) = 0, and eta constant (whose size is then without effect), row by row: if some u of norm 1 has s x u
 * >= gamma for all rows and no x is longer than R, there are at most (R / gamma)^2 mistakes. Otherwise w wanders for
 * ever, and {@link Variant#POCKET} or {@link Variant#AVERAGED} say what to keep of that: {@link #answer}.
 *
 * <p>Cost: one pass per step, with {@code mixing} two; state P doubles with {@code pocket} and {@code averaged},
 * else none.
 * Source: Rosenblatt 1958, doi:10.1037/h0042519; the bound: Novikoff 1962, On convergence proofs on perceptrons,
 * Symposium on the Mathematical Theory of Automata 12:615-622.
 *
 * @param learningRate eta(k), positive; the textbook's is 1
 * @param variant what is made of the rule
 */
public record Perceptron(Schedule learningRate, Variant variant) implements ScheduledOptimizer<Perceptron.State> {
    /** What is made of the rule. */
    public enum Variant {
        /** The last w counts. */
        ROSENBLATT,
        /**
         * The best w(k) counts: that with the longest run of right steps, the first of equals. A step is right if
         * E(w(k)) and its gradient are 0 and w(k) is not. Row by row this is Gallant's pocket, for which rows should
         * come in random order. As long as no step was right, as with full batches of what cannot be separated, the
         * w(k) with the least E(w(k)) / ||w(k)|| counts: the mean distance by which rows lie on the wrong side. E
         * alone would praise small w, and w = 0 most of all. Gallant 1990, doi:10.1109/72.80230.
         */
        POCKET,
        /**
         * The mean of w(1), …, w(k) counts: each w as often as it was kept or made by a step. Freund, Schapire 1999,
         * doi:10.1023/A:1007662407062; Collins 2002, doi:10.3115/1118693.1118694.
         */
        AVERAGED,
        /**
         * Each part of the rows follows the rule on its own, row by row from w(k), and w(k+1) is the mean of where
         * they end: {@link Objective#mixed}. On rows that can be separated, mistakes weighted by the parts' shares
         * are at most (R / gamma)^2. Iterative parameter mixing: McDonald, Hall, Mann 2010,
         * https://aclanthology.org/N10-1069/.
         */
        MIXING;

        /** The name in a configuration. */
        public String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What is remembered from step to step.
     *
     * @param kept pocket: the best w so far; averaged: the sum of w(1), …, w(k); P entries, else empty
     * @param distance pocket: the least E / ||w|| so far; at first the greatest double, above which no distance lies
     * @param run pocket: for how many steps in a row the current w has been right
     * @param longest pocket: the run of the best w
     * @param visits averaged: k
     */
    public record State(Vector kept, double distance, long run, long longest, long visits) {}

    static Perceptron read(Settings own, Schedule learningRate) {
        List<String> keys = Arrays.stream(Variant.values()).map(Variant::key).toList();
        String key = own.choice("variant", Variant.ROSENBLATT.key(), keys);
        return new Perceptron(learningRate, Variant.values()[keys.indexOf(key)]);
    }

    @Override
    public State start(Vector point) {
        Vector kept = switch (variant) {
            case ROSENBLATT, MIXING -> Vector.zeros(0);
            case POCKET -> point;
            case AVERAGED -> Vector.zeros(point.size());
        };
        return new State(kept, Double.MAX_VALUE, 0, 0, 0);
    }

    @Override
    public Step<State> step(Iteration k, Vector point, State state, Objective objective) {
        Evaluation here = objective.evaluate(point);
        double eta = learningRate.at(k);
        Vector next = variant == Variant.MIXING ? mixed(point, eta, objective) : point.plus(-eta, here.gradient());
        State after = switch (variant) {
            case ROSENBLATT, MIXING -> state;
            case POCKET -> pocket(point, here, state);
            case AVERAGED -> new State(state.kept().plus(next), state.distance(), 0, 0, state.visits() + 1);
        };
        return new Step<>(next, after, here);
    }

    /** A schedule may have sunk to 0, with which nothing moves. */
    private static Vector mixed(Vector point, double eta, Objective objective) {
        return eta > 0 ? objective.mixed(point, eta) : point;
    }

    private static State pocket(Vector point, Evaluation here, State state) {
        double norm = point.norm();
        boolean right = here.value() == 0 && here.gradientNorm() == 0 && norm > 0;
        long run = right ? state.run() + 1 : 0;
        if (run > state.longest()) {
            return new State(point, 0, run, run, 0);
        }
        double distance = here.value() / norm;
        if (state.longest() == 0 && distance < state.distance()) {
            return new State(point, distance, run, 0, 0);
        }
        return new State(state.kept(), state.distance(), run, state.longest(), 0);
    }

    @Override
    public Vector answer(Vector point, State state) {
        return switch (variant) {
            case ROSENBLATT, MIXING -> point;
            case POCKET -> state.kept();
            case AVERAGED -> state.visits() == 0 ? point : state.kept().map(sum -> sum / (double) state.visits());
        };
    }

    @Override
    public int liveVectors() {
        // w, its gradient, the new w; and what was kept; and the new sum
        return switch (variant) {
            case ROSENBLATT, MIXING -> 3;
            case POCKET -> 4;
            case AVERAGED -> 5;
        };
    }

    @Override
    public boolean fullBatchOnly() {
        return variant == Variant.MIXING;
    }
}
