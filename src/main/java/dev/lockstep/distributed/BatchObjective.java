package dev.lockstep.distributed;

import dev.lockstep.InputException;
import dev.lockstep.data.Batch;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Dropout;
import dev.lockstep.network.Sums;
import dev.lockstep.optimize.Evaluation;
import dev.lockstep.optimize.Objective;
import dev.lockstep.optimize.Penalty;
import java.util.List;

/**
 * The objective over one batch of training rows.
 *
 * <pre>
 *   value    = sum_i(weight_i loss_i) / sum_i(weight_i) + penalty
 *   gradient = sum_i(weight_i d loss_i) / sum_i(weight_i) + d penalty
 * </pre>
 *
 * Where the penalty leaves l1 to the proximal step, the gradient is without it, and the logged norm is that of the
 * least subgradient.
 *
 * <p>The sums come from the engine; the division and the penalty happen here, once. Each evaluation is one pass over the
 * batch.
 */
public final class BatchObjective implements Objective {
    private final Engine engine;
    private final long step;
    private final Batch batch;
    private final Dropout dropout;
    private final Penalty penalty;
    private final List<Integer> tensors;
    private int evaluations;

    /**
     * @param step whose batch it is, for complaints
     * @param dropout null for none
     * @param tensors where the tensors of the parameters begin, and at the end P
     */
    public BatchObjective(
            Engine engine, long step, Batch batch, Dropout dropout, Penalty penalty, List<Integer> tensors) {
        this.engine = engine;
        this.step = step;
        this.batch = batch;
        this.dropout = dropout;
        this.penalty = penalty;
        this.tensors = tensors;
    }

    @Override
    public List<Integer> tensors() {
        return tensors;
    }

    @Override
    public int dimension() {
        return penalty.weights().size();
    }

    @Override
    public Evaluation evaluate(Vector point) {
        evaluations++;
        Sums sums = engine.answer(List.of(new Request(Request.RowSet.TRAINING, batch, point, true, false, dropout)))
                .get(0);
        Vector mean = sums.gradientTimes(1.0 / positiveWeight(sums, "step " + step + ": "));
        Vector gradient = penalty.isNone() ? mean : mean.plus(penalty.gradient(point));
        double value = sums.loss() / sums.weight() + penalty.value(point);
        return new Evaluation(value, gradient, penalty.norm(point, gradient));
    }

    @Override
    public Vector proximal(Vector point, double eta) {
        return penalty.proximal(point, eta);
    }

    /**
     * {@inheritDoc}
     *
     * <p>The parts are the shards, so that another number of them is another result. One more pass over the batch,
     * in which executors compute, and round, in their own precision.
     *
     * @throws UnsupportedOperationException if there is a penalty
     */
    @Override
    public Vector mixed(Vector point, double rate) {
        if (!penalty.isNone()) {
            throw new UnsupportedOperationException(
                    "rows have no penalty of their own; expected an objective without one");
        }
        evaluations++;
        Sums sums = engine.answer(List.of(Request.mixing(batch, point, dropout, rate)))
                .get(0);
        return sums.rows() == 0 ? point : sums.gradientTimes(1.0);
    }

    /** The mean loss over all rows of a set, with the penalty. */
    public static double meanLoss(Sums sums, Penalty penalty, Vector point) {
        return meanLoss(sums) + penalty.value(point);
    }

    /** The mean loss over all rows of a set, without penalty. */
    public static double meanLoss(Sums sums) {
        return sums.loss() / positiveWeight(sums, "");
    }

    private static double positiveWeight(Sums sums, String place) {
        if (!(sums.weight() > 0)) {
            throw new InputException(place + "the weights of " + sums.rows()
                    + " rows that are to be averaged sum to " + sums.weight()
                    + "; give rows positive weights, or a larger batch");
        }
        return sums.weight();
    }

    /** How often this objective was asked. */
    public int evaluations() {
        return evaluations;
    }
}
