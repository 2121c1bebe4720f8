package dev.lockstep.distributed;

import dev.lockstep.InputException;
import dev.lockstep.data.Batch;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Dropout;
import dev.lockstep.network.Sums;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.Diagonal;
import dev.lockstep.optimize.Evaluation;
import dev.lockstep.optimize.Objective;
import dev.lockstep.optimize.Penalty;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

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
 * <p>The sums come from the engine; the division and the penalty happen here, once.
 */
public final class BatchObjective implements Objective {
    /** Of one task's answer to one question: 4 MB, so that those of 250 tasks stay below Spark's limit. */
    private static final int MOST_NUMBERS = 1 << 19;

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
        return evaluate(List.of(point)).get(0);
    }

    /**
     * {@inheritDoc}
     *
     * <p>In more scans than one if gradients would be more than {@value #MOST_NUMBERS} numbers.
     */
    @Override
    public List<Evaluation> evaluate(List<Vector> points) {
        int together = Math.max(1, MOST_NUMBERS / dimension());
        List<Evaluation> answered = new ArrayList<>();
        for (int from = 0; from < points.size(); from += together) {
            List<Vector> some = points.subList(from, Math.min(points.size(), from + together));
            List<Sums> answers = ask(some, true);
            for (int i = 0; i < some.size(); i++) {
                answered.add(evaluation(some.get(i), answers.get(i)));
            }
        }
        return answered;
    }

    private List<Sums> ask(List<Vector> points, boolean gradient) {
        evaluations += points.size();
        return engine.answer(points.stream()
                .map(point -> new Request(Request.RowSet.TRAINING, batch, point, gradient, false, dropout))
                .toList());
    }

    private Evaluation evaluation(Vector point, Sums sums) {
        Vector mean = sums.gradientTimes(1.0 / positiveWeight(sums, place()));
        Vector gradient = penalty.isNone() ? mean : mean.plus(penalty.gradient(point));
        double value = sums.loss() / sums.weight() + penalty.value(point);
        return new Evaluation(value, gradient, penalty.norm(point, gradient));
    }

    @Override
    public double[] values(List<Vector> points) {
        List<Sums> answers = ask(points, false);
        return IntStream.range(0, points.size())
                .mapToDouble(i ->
                        answers.get(i).loss() / positiveWeight(answers.get(i), place()) + penalty.value(points.get(i)))
                .toArray();
    }

    @Override
    public boolean isFixed() {
        return batch.isAll() && dropout == null;
    }

    /**
     * {@inheritDoc}
     *
     * <p>So many directions go in one scan that what the executors hold for them stays within {@value #MOST_NUMBERS}
     * numbers; each direction's bits are those that it would have alone.
     */
    @Override
    public List<Vector> products(Curvature matrix, Vector point, List<Vector> directions) {
        evaluations += directions.size();
        int parameters = dimension();
        int together = Math.max(1, MOST_NUMBERS / parameters);
        List<Vector> products = new ArrayList<>();
        for (int from = 0; from < directions.size(); from += together) {
            List<Vector> some = directions.subList(from, Math.min(directions.size(), from + together));
            Sums sums = engine.answer(List.of(Request.products(matrix, batch, point, some, dropout)))
                    .get(0);
            double factor = 1.0 / positiveWeight(sums, place());
            double[] all = sums.gradient();
            for (int k = 0; k < some.size(); k++) {
                int start = k * parameters;
                Vector mean = Vector.of(parameters, (result, first, to) -> {
                    for (int i = first; i < to; i++) {
                        result[i] = all[start + i] * factor;
                    }
                });
                products.add(penalty.isNone() ? mean : mean.plus(penalty.product(some.get(k))));
            }
        }
        return products;
    }

    @Override
    public Vector diagonal(Diagonal which, Vector point) {
        evaluations++;
        Sums sums = engine.answer(List.of(Request.diagonal(which, batch, point, dropout)))
                .get(0);
        Vector mean = sums.gradientTimes(1.0 / positiveWeight(sums, place()));
        return penalty.isNone() || which == Diagonal.SQUARED_GRADIENTS
                ? mean
                : mean.plus(penalty.product(Vector.filled(dimension(), 1)));
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

    private String place() {
        return "step " + step + ": ";
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

    /** How many values, gradients, products and diagonals this objective was asked for. */
    public int evaluations() {
        return evaluations;
    }
}
