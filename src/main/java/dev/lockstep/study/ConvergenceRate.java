package dev.lockstep.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How fast the gradient norm of a run with full batches falls at its end.
 *
 * <ul>
 *   <li>linear: norm(k) ~ r^k; the value is r, per step
 *   <li>sublinear: norm(k) ~ k^-p; the value is the exponent p
 *   <li>superlinear: norm(k+1) ~ norm(k)^q, q above 1; the value is the order q
 * </ul>
 *
 * <p>Steps after the norm has come to rest at the floor of rounding are left out ({@link RoundingFloor}). What is
 * left is called superlinear where its last ratios norm(k+1)/norm(k) fall towards 0. Else the second half of it is
 * fitted twice, the logarithm of the norm against k and against log k, and the better fit decides; its slope has
 * {@link TrendLine}'s interval. Where the norm may as well not fall, by that interval, there is no rate.
 *
 * @param kind which of the three
 * @param value rate, exponent or order
 * @param low lower end of the 95 % interval; of an order, the lower of the last two
 * @param high upper end
 * @param theory the rate that the curvature predicts, where it is known and the kind is linear
 */
record ConvergenceRate(Kind kind, double value, double low, double high, OptionalDouble theory) {
    private static final int FEWEST = 8;
    private static final double SMALL_RATIO = 0.1;
    private static final double LEAST_ORDER = 1.2;
    private static final int DIGITS = 4;

    /** How a norm falls. */
    enum Kind {
        LINEAR("linear", "step"),
        SUBLINEAR("sublinear", "exponent"),
        SUPERLINEAR("superlinear", "order");

        final String key;

        /** What the value is, or is per. */
        final String per;

        Kind(String key, String per) {
            this.key = key;
            this.per = per;
        }
    }

    /**
     * The rate of a run.
     *
     * @param lines what was read of it
     * @param summary what {@code run.json} says, for the theory; may be null
     */
    static Optional<ConvergenceRate> of(RunLines lines, JsonNode summary) {
        return of(lines.steps().column(Quantity.STEP), lines.steps().column(Quantity.GRADIENT_NORM))
                .map(rate -> rate.kind == Kind.LINEAR && summary != null
                        ? new ConvergenceRate(
                                rate.kind,
                                rate.value,
                                rate.low,
                                rate.high,
                                TheoreticalRate.of(summary.path("configuration"), lines.epochs()))
                        : rate);
    }

    /**
     * The rate of a sequence.
     *
     * @param steps ascending, from 0
     * @param norms one for each step; nothing is made of a sequence with norms that are not positive before its floor
     */
    static Optional<ConvergenceRate> of(double[] steps, double[] norms) {
        int positive = 0;
        while (positive < norms.length && norms[positive] > 0 && Double.isFinite(norms[positive])) {
            positive++;
        }
        double[] logs = Arrays.stream(norms, 0, positive).map(Math::log).toArray();
        Optional<ConvergenceRate> superlinear = superlinear(steps, logs);
        if (superlinear.isPresent()) {
            return superlinear;
        }
        int end = RoundingFloor.start(logs);
        int begin = end / 2;
        if (end - begin < FEWEST) {
            return Optional.empty();
        }
        double[] y = Arrays.copyOfRange(logs, begin, end);
        TrendLine linear = TrendLine.of(Arrays.copyOfRange(steps, begin, end), y);
        TrendLine sublinear = TrendLine.of(
                Arrays.stream(steps, begin, end).map(step -> Math.log(step + 1)).toArray(), y);
        boolean isLinear = linear.residualSquares() <= sublinear.residualSquares();
        TrendLine better = isLinear ? linear : sublinear;
        if (better.slope() + better.halfWidth() >= 0) {
            return Optional.empty();
        }
        return Optional.of(isLinear ? ofLinear(better) : ofSublinear(better));
    }

    private static ConvergenceRate ofLinear(TrendLine line) {
        return new ConvergenceRate(
                Kind.LINEAR,
                Math.exp(line.slope()),
                Math.exp(line.slope() - line.halfWidth()),
                Math.exp(line.slope() + line.halfWidth()),
                OptionalDouble.empty());
    }

    private static ConvergenceRate ofSublinear(TrendLine line) {
        return new ConvergenceRate(
                Kind.SUBLINEAR,
                -line.slope(),
                -line.slope() - line.halfWidth(),
                -line.slope() + line.halfWidth(),
                OptionalDouble.empty());
    }

    /**
     * Looks for three successive ratios that fall faster and faster, the last of them the smallest of all and below a
     * tenth, after which there is at most one more step to the lowest decade; steps must be neighbours. The order is
     * log ratio(k) / log ratio(k-1), of the last two ratios; of those before if the last may have been cut short by
     * the floor of rounding.
     */
    private static Optional<ConvergenceRate> superlinear(double[] steps, double[] logs) {
        int n = logs.length;
        int steepest = 1;
        for (int k = 2; k < n; k++) {
            if (logs[k] - logs[k - 1] < logs[steepest] - logs[steepest - 1]) {
                steepest = k;
            }
        }
        if (n < 4 || steepest < 3 || steps[steepest] - steps[steepest - 3] != 3) {
            return Optional.empty();
        }
        double decade = Arrays.stream(logs).min().orElseThrow() - Math.log(SMALL_RATIO);
        double last = logs[steepest] - logs[steepest - 1];
        double before = logs[steepest - 1] - logs[steepest - 2];
        double first = logs[steepest - 2] - logs[steepest - 3];
        boolean atEnd = logs[Math.min(steepest + 1, n - 1)] <= decade;
        if (!(atEnd && first < 0 && last < Math.log(SMALL_RATIO))) {
            return Optional.empty();
        }
        double low = Math.min(last / before, before / first);
        double high = Math.max(last / before, before / first);
        boolean cutShort = steepest < n - 1 && logs[steepest] <= decade;
        double order = cutShort ? before / first : last / before;
        return low > LEAST_ORDER
                ? Optional.of(new ConvergenceRate(Kind.SUPERLINEAR, order, low, high, OptionalDouble.empty()))
                : Optional.empty();
    }

    /** For people. */
    String text() {
        String interval = " (" + shown(low) + " to " + shown(high) + ")";
        return switch (kind) {
            case LINEAR -> "gradient norm shrinks by a factor of " + shown(value) + interval + " a step";
            case SUBLINEAR -> "gradient norm falls as step^-" + shown(value) + interval;
            case SUPERLINEAR -> "gradient norm falls superlinearly, of order " + shown(value);
        };
    }

    private static String shown(double value) {
        return Shown.number(value, DIGITS);
    }

    ObjectNode json() {
        ObjectNode node = Json.object();
        node.put("kind", kind.key);
        Json.put(node, "value", value);
        Json.put(node, "low", low);
        Json.put(node, "high", high);
        node.put("per", kind.per);
        node.put("text", text());
        Json.put(node, "theory", theory.orElse(Double.NaN));
        return node;
    }
}
