package dev.lockstep.train;

import dev.lockstep.data.Batch;
import dev.lockstep.distributed.BatchObjective;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.Request;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Dropout;
import dev.lockstep.network.Sums;
import dev.lockstep.optimize.Clipping;
import dev.lockstep.optimize.Iteration;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.optimize.Penalty;
import dev.lockstep.optimize.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The synchronous loop of one run: objective of the next batch, one step of the optimizer, stop rules; validation at the
 * end of an epoch.
 *
 * @param <S> the optimizer's state
 */
public final class Trainer<S extends Record> {
    private final Engine engine;
    private final Plan plan;
    private final Optimizer<S> optimizer;
    private final List<TrainingListener> listeners;

    private long steps;
    private long epochs;
    private long evaluations;
    private long rowsTouched;
    private long nanos;
    private long engineNanos;
    private long validationNanos;
    private double epochLoss;
    private double epochNorm;
    private long epochRows;
    private double bestMonitored = Double.POSITIVE_INFINITY;
    private double bestLoss = Double.NaN;
    private Vector best;
    private long bestEpoch = -1;
    private long epochsWithoutBetter;

    /**
     * What is to be trained.
     *
     * @param batches which rows each step sees
     * @param validationRows number of rows of the validation set; 0 for none
     * @param penalty added to the mean loss
     * @param clip what bounds a gradient
     * @param dropout share of hidden units, 0 for none
     * @param seed decides dropout
     * @param stop when to stop
     */
    public record Plan(
            BatchPlan batches,
            long validationRows,
            Penalty penalty,
            Clipping clip,
            double dropout,
            long seed,
            StopRules stop) {}

    public Trainer(Engine engine, Plan plan, Optimizer<S> optimizer, List<TrainingListener> listeners) {
        this.engine = engine;
        this.plan = plan;
        this.optimizer = optimizer;
        this.listeners = new ArrayList<>(listeners);
    }

    /** Trains from a point on until a stop rule holds. To be called once. */
    public Outcome run(Vector start) {
        Vector good = start;
        Vector point = start;
        S state = optimizer.start(start);
        while (true) {
            long begun = System.nanoTime();
            Iteration iteration = new Iteration(steps, plan.batches().epoch(steps));
            Batch batch = plan.batches().batch(steps);
            BatchObjective objective = objective(batch);
            Step<S> step = optimizer.step(iteration, point, state, plan.clip().over(objective));
            evaluations += objective.evaluations();
            rowsTouched += objective.evaluations() * batch.rows();
            double stepNorm = step.point().distance(point);
            nanos += System.nanoTime() - begun;
            if (!step.evaluation().isFinite() || !Double.isFinite(stepNorm)) {
                Vector last = step.evaluation().isFinite() ? point : good;
                return outcome(StopReason.diverged(steps, whatIsNotFinite(step)), last);
            }
            log(iteration, step, stepNorm, batch);
            good = point;
            point = step.point();
            state = step.state();
            Optional<StopReason> reason = afterStep(step, batch, point);
            if (reason.isPresent()) {
                return outcome(reason.get(), point);
            }
        }
    }

    private BatchObjective objective(Batch batch) {
        Dropout dropout = plan.dropout() > 0 ? Dropout.of(plan.seed(), steps, plan.dropout()) : null;
        return new BatchObjective(this::timed, steps, batch, dropout, plan.penalty());
    }

    private List<Sums> timed(List<Request> requests) {
        long begun = System.nanoTime();
        List<Sums> answers = engine.answer(requests);
        engineNanos += System.nanoTime() - begun;
        return answers;
    }

    private static String whatIsNotFinite(Step<?> step) {
        if (!Double.isFinite(step.evaluation().value())) {
            return "the loss became " + step.evaluation().value();
        }
        return step.evaluation().isFinite() ? "the step left the finite numbers" : "the gradient is not finite";
    }

    private void log(Iteration iteration, Step<S> step, double stepNorm, Batch batch) {
        StepRecord record = new StepRecord(
                steps,
                iteration.epoch(),
                step.evaluation().value(),
                step.evaluation().gradientNorm(),
                stepNorm,
                optimizer.learningRate(iteration, step.state()),
                batch.rows(),
                evaluations,
                nanos * 1e-9);
        listeners.forEach(listener -> listener.step(record));
    }

    private Optional<StopReason> afterStep(Step<S> step, Batch batch, Vector point) {
        double loss = step.evaluation().value();
        double norm = step.evaluation().gradientNorm();
        epochLoss += loss * batch.rows();
        epochNorm += norm * batch.rows();
        epochRows += batch.rows();
        boolean epochEnds = plan.batches().endsEpoch(steps);
        steps++;
        double ruleLoss = Double.NaN;
        double ruleNorm = Double.NaN;
        if (epochEnds) {
            // The mean of one full batch is its own value, to the bit.
            ruleLoss = plan.batches().isFull() ? loss : epochLoss / epochRows;
            ruleNorm = plan.batches().isFull() ? norm : epochNorm / epochRows;
            endEpoch(ruleLoss, point);
        }
        return plan.stop()
                .check(new StopRules.State(steps, epochs, nanos * 1e-9, ruleLoss, ruleNorm, epochsWithoutBetter));
    }

    private void endEpoch(double loss, Vector point) {
        Sums validation = null;
        double monitored = loss;
        if (plan.validationRows() > 0) {
            long begun = System.nanoTime();
            Request request = Request.metrics(Request.RowSet.VALIDATION, plan.validationRows(), point);
            validation = engine.answer(List.of(request)).get(0);
            monitored = BatchObjective.meanLoss(validation);
            validationNanos += System.nanoTime() - begun;
        }
        boolean better = monitored < bestMonitored;
        if (better) {
            bestMonitored = monitored;
            epochsWithoutBetter = 0;
            if (validation != null && plan.stop().patience().isPresent()) {
                best = point;
                bestEpoch = epochs;
            }
        } else {
            epochsWithoutBetter++;
        }
        if (!(bestLoss <= loss)) {
            bestLoss = loss;
        }
        EpochRecord record = new EpochRecord(epochs, steps, loss, validation, nanos * 1e-9, better);
        listeners.forEach(listener -> listener.epoch(record));
        epochs++;
        epochLoss = 0;
        epochNorm = 0;
        epochRows = 0;
    }

    private Outcome outcome(StopReason reason, Vector last) {
        return new Outcome(
                reason,
                last,
                best == null ? last : best,
                bestEpoch,
                steps,
                epochs,
                evaluations,
                rowsTouched,
                bestLoss,
                nanos * 1e-9,
                validationNanos * 1e-9,
                (nanos - engineNanos) * 1e-9);
    }
}
