package dev.lockstep.study;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;

/**
 * The training loss of one setting over its seeds, on a common grid of passes.
 *
 * <p>The grid has at most 200 equal cells from 0 to the most passes of any run, and no more cells than steps. In a
 * cell a run has the mean of its steps' losses; where it has no step there but has some on both sides, that of the
 * cell before. After its last step a run that ended keeps its last mean, one that diverged or failed is infinite, and
 * of one that goes on nothing is known.
 *
 * @param passes the ends of the cells
 * @param losses a spread over the runs for each cell
 */
record Band(double[] passes, Spread[] losses) {
    private static final int MOST = 200;

    /** The band of runs, those that lost included as far as they came. */
    static Band of(List<RunResult> runs) {
        double most = runs.stream()
                .mapToDouble(run -> run.steps().last(Quantity.PASSES))
                .filter(passes -> !Double.isNaN(passes))
                .max()
                .orElse(0);
        int steps = runs.stream().mapToInt(run -> run.steps().size()).max().orElse(0);
        int cells = Math.min(MOST, steps);
        double[][] losses =
                runs.stream().map(run -> cellMeans(run, most, cells)).toArray(double[][]::new);
        double[] passes = new double[cells];
        Spread[] spreads = new Spread[cells];
        for (int i = 0; i < cells; i++) {
            int cell = i;
            passes[i] = most * (i + 1) / cells;
            spreads[i] = Spread.of(
                    Arrays.stream(losses).mapToDouble(run -> run[cell]).toArray());
        }
        return new Band(passes, spreads);
    }

    private static double[] cellMeans(RunResult run, double most, int cells) {
        double[] passes = run.steps().column(Quantity.PASSES);
        double[] losses = run.steps().column(Quantity.LOSS);
        double[] sums = new double[cells];
        int[] counts = new int[cells];
        int last = -1;
        for (int i = 0; i < passes.length; i++) {
            // A point at a cell's end belongs to it, in spite of rounding.
            int cell = Math.max(0, Math.min(cells - 1, (int) Math.ceil(passes[i] / most * cells - 1e-9) - 1));
            if (Double.isFinite(losses[i])) {
                sums[cell] += losses[i];
                counts[cell]++;
            }
            last = Math.max(last, cell);
        }
        double[] means = new double[cells];
        for (int i = 0; i < cells; i++) {
            double before = i == 0 ? Double.NaN : means[i - 1];
            means[i] = counts[i] > 0 ? sums[i] / counts[i] : i > last ? after(run, before) : before;
        }
        return means;
    }

    private static double after(RunResult run, double last) {
        return run.state().lost() ? Double.POSITIVE_INFINITY : run.state().ended() ? last : Double.NaN;
    }

    /** What is infinite is null; where a band is open, both of its ends are. */
    void put(ObjectNode node) {
        Numbers.put(node, Quantity.PASSES, passes);
        ObjectNode loss = node.putObject(Quantity.LOSS);
        Numbers.put(
                loss,
                "median",
                Arrays.stream(losses).mapToDouble(Spread::median).toArray());
        Numbers.put(
                loss,
                "low",
                Arrays.stream(losses).mapToDouble(each -> each.closed().low()).toArray());
        Numbers.put(
                loss,
                "high",
                Arrays.stream(losses).mapToDouble(each -> each.closed().high()).toArray());
    }
}
