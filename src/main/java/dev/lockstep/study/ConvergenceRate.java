package dev.lockstep.study;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

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
 * {@link TrendLine}'s interval. A power law with an exponent above {@link #STEEPEST} is none: over a few steps any
 * fast fall looks like one, and the line stands instead. Where the norm may as well not fall, by its interval, there is no
 * rate.
 *
 * @param kind which of the three
 * @param value rate, exponent or order
 * @param low lower end of the 95 % interval; of an order, which has no interval, the lower of its last two estimates
 * @param high upper end; of an order, the higher of the two, one of which is the value
 * @param isClear whether the other fit is clearly worse, or no law at all and not better; an order is always clear
 * @param theory the rate that the curvature predicts, where it is known and the kind is linear
 */
record ConvergenceRate(
        Kind kind, double value, double low, double high, boolean isClear, Optional<TheoreticalRate> theory) {
    private static final int FEWEST = 8;

    /** Gradients of degenerate minima fall as step^-1 to step^-3. */
    private static final double STEEPEST = 4;

    /** How much smaller the squares of a clearly better fit are. */
    private static final double CLEARLY = 0.5;

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
                        ? rate.with(TheoreticalRate.of(summary.path("configuration"), lines.epochs()))
                        : rate);
    }

    private ConvergenceRate with(Optional<TheoreticalRate> known) {
        return new ConvergenceRate(kind, value, low, high, isClear, known);
    }

    /**
     * The rate in the middle of several of one kind; of two in the middle their mean, with an interval that holds
     * both, and the theory of the lower one.
     */
    static Optional<ConvergenceRate> median(List<ConvergenceRate> rates) {
        if (rates.isEmpty()) {
            return Optional.empty();
        }
        List<ConvergenceRate> sorted = rates.stream()
                .sorted(Comparator.comparingDouble(ConvergenceRate::value))
                .toList();
        ConvergenceRate lower = sorted.get((sorted.size() - 1) / 2);
        ConvergenceRate upper = sorted.get(sorted.size() / 2);
        return Optional.of(
                lower.equals(upper)
                        ? lower
                        : new ConvergenceRate(
                                lower.kind,
                                (lower.value + upper.value) / 2,
                                Math.min(lower.low, upper.low),
                                Math.max(lower.high, upper.high),
                                lower.isClear && upper.isClear,
                                lower.theory));
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
        boolean isPower = -sublinear.slope() <= STEEPEST;
        boolean isLinear = linear.residualSquares() <= sublinear.residualSquares() || !isPower;
        TrendLine better = isLinear ? linear : sublinear;
        TrendLine other = isLinear ? sublinear : linear;
        if (better.slope() + better.halfWidth() >= 0) {
            return Optional.empty();
        }
        double allowed = isPower ? CLEARLY : 1;
        boolean isClear = better.residualSquares() <= allowed * other.residualSquares();
        return Optional.of(isLinear ? ofLinear(better, isClear) : ofSublinear(better, isClear));
    }

    private static ConvergenceRate ofLinear(TrendLine line, boolean isClear) {
        return new ConvergenceRate(
                Kind.LINEAR,
                Math.exp(line.slope()),
                Math.exp(line.slope() - line.halfWidth()),
                Math.exp(line.slope() + line.halfWidth()),
                isClear,
                Optional.empty());
    }

    private static ConvergenceRate ofSublinear(TrendLine line, boolean isClear) {
        return new ConvergenceRate(
                Kind.SUBLINEAR,
                -line.slope(),
                -line.slope() - line.halfWidth(),
                -line.slope() + line.halfWidth(),
                isClear,
                Optional.empty());
    }

    /**
     * Looks for three successive ratios that fall faster and faster, the last of them the smallest of all and below a
     * tenth, after which there is at most one more step to the lowest decade; steps must be neighbours. The order is
     * log ratio(k) / log ratio(k-1), of the last two ratios; of those before if the last may have been cut short by
     * the floor of rounding. Beside it stands the one that the ratios before say.
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
        if (Math.min(last / before, before / first) <= LEAST_ORDER) {
            return Optional.empty();
        }
        boolean cutShort = steepest < n - 1 && logs[steepest] <= decade;
        double order = cutShort ? before / first : last / before;
        double earlier = cutShort ? orderBefore(logs, steepest - 2, first, order) : before / first;
        return Optional.of(new ConvergenceRate(
                Kind.SUPERLINEAR, order, Math.min(order, earlier), Math.max(order, earlier), true, Optional.empty()));
    }

    /** The order that the ratio at a step and the one before it say; without such a one, another. */
    private static double orderBefore(double[] logs, int step, double ratio, double otherwise) {
        return step >= 2 && logs[step - 1] < logs[step - 2] ? ratio / (logs[step - 1] - logs[step - 2]) : otherwise;
    }

    /** For people. */
    String text() {
        String interval = " (" + shown(low) + " to " + shown(high) + ")";
        String law = switch (kind) {
            case LINEAR -> "gradient norm shrinks by a factor of " + shown(value) + interval + " a step";
            case SUBLINEAR -> "gradient norm falls as step^-" + shown(value) + interval;
            case SUPERLINEAR ->
                "gradient norm falls superlinearly, of order " + shown(value)
                        + (low == high ? "" : " (a step before: " + shown(value == low ? high : low) + ")");
        };
        return law
                + (isClear ? "" : "; roughly: neither a factor a step nor a power of the step fits clearly better")
                + theory.filter(rate -> !rate.isResolved())
                        .map(rate -> "; theory: " + rate.bound())
                        .orElse("");
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
        node.put("clear", isClear);
        Json.put(
                node,
                "theory",
                theory.filter(TheoreticalRate::isResolved)
                        .map(TheoreticalRate::value)
                        .orElse(Double.NaN));
        theory.filter(rate -> !rate.isResolved()).ifPresent(rate -> {
            Json.put(node, "theoryAtLeast", rate.value());
            node.put("theoryProducts", rate.products());
        });
        return node;
    }
}
