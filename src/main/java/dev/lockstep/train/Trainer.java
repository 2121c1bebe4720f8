package dev.lockstep.train;

import dev.lockstep.InputException;
import dev.lockstep.curvature.Sharpness;
import dev.lockstep.curvature.StabilityLimits;
import dev.lockstep.data.Batch;
import dev.lockstep.distributed.BatchObjective;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.Purpose;
import dev.lockstep.distributed.Request;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Dropout;
import dev.lockstep.network.Sums;
import dev.lockstep.optimize.Clipping;
import dev.lockstep.optimize.Iteration;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.optimize.Penalty;
import dev.lockstep.optimize.Plateau;
import dev.lockstep.optimize.ScheduledOptimizer;
import dev.lockstep.optimize.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The synchronous loop of one run: objective of the next batch, one step of the optimizer, stop rules; validation at the
 * end of an epoch; a snapshot where the keeper wants one. Begins anywhere: with a start, or with a snapshot of a run that
 * was cut off.
 *
 * @param <S> the optimizer's state
 */
public final class Trainer<S extends Record> {
    private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

    private final Engine engine;
    private final Plan plan;
    private final Optimizer<S> optimizer;
    private final Optional<Plateau> plateau;
    private final List<TrainingListener> listeners;
    private final Keeper keeper;
    private volatile boolean told;
    /** The run before the step that is being taken. */
    private volatile Snapshot<S> safe;

    /** Gradient of the last step, which the loop has no more use for. */
    private Vector spent;

    private Vector good;
    private Vector gradient;
    private Vector point;
    private S state;
    private Vector best;

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
    private OptionalDouble lastRate = OptionalDouble.empty();
    private double ruleLoss;
    private double ruleNorm;
    private double bestMonitored;
    private double bestLoss;
    private long bestEpoch;
    private long epochsWithoutBetter;
    private Plateau.Memory rest;

    /**
     * What is to be trained.
     *
     * @param name of the run, for the descriptions of jobs
     * @param batches which rows each step sees
     * @param validationRows number of rows of the validation set; 0 for none
     * @param penalty added to the mean loss
     * @param clip what bounds a gradient
     * @param dropout share of hidden units, 0 for none
     * @param seed decides dropout
     * @param tensors where the tensors of the parameters begin, and at the end P
     * @param stop when to stop
     * @param curvature when to look at it
     * @param observe what is told of steps
     */
    public record Plan(
            String name,
            BatchPlan batches,
            long validationRows,
            Penalty penalty,
            Clipping clip,
            double dropout,
            long seed,
            List<Integer> tensors,
            StopRules stop,
            CurvatureRules curvature,
            ObserveRules observe) {}

    /**
     * @param listeners are told of every step and epoch
     * @param keeper is offered snapshots
     */
    public Trainer(Engine engine, Plan plan, Optimizer<S> optimizer, List<TrainingListener> listeners, Keeper keeper) {
        this.engine = engine;
        this.plan = plan;
        this.optimizer = optimizer;
        this.plateau = optimizer instanceof ScheduledOptimizer<S> scheduled
                ? scheduled.learningRate().plateau()
                : Optional.empty();
        this.listeners = new ArrayList<>(listeners);
        this.keeper = keeper;
    }

    /** Asks the loop, from another thread, to end after the step that is being taken. */
    public void stop() {
        told = true;
    }

    /** Keeps the run as it was before the step that is being taken; for another thread that cannot wait for it. */
    public void keepNow() {
        Snapshot<S> now;
        synchronized (this) {
            now = safe;
            if (now == null || now.standing().steps() == 0) {
                return;
            }
            now.kept();
        }
        keeper.keep(now);
    }

    /** Whoever goes on from here needs what the run has now; what it had before and has no more, nobody needs. */
    private synchronized void beginStep() {
        Snapshot<S> before = safe;
        safe = snapshot();
        if (before == null || point.size() < Vector.LEAST_RELEASED) {
            return;
        }
        Set<Vector> alive = Collections.newSetFromMap(new IdentityHashMap<>());
        alive.addAll(safe.vectors());
        List<Vector> gone = before.vectors();
        gone.add(spent);
        gone.stream().filter(vector -> !alive.contains(vector)).forEach(Vector::release);
    }

    /** Trains from a point on until a stop rule holds. To be called once. */
    public Outcome run(Vector start) {
        return run(Snapshot.start(optimizer, start));
    }

    /** Goes on from a snapshot until a stop rule holds. To be called once. */
    public Outcome run(Snapshot<S> from) {
        restore(from.kept());
        Optional<StopReason> reason = steps == 0 ? Optional.empty() : stopReason();
        try {
            while (reason.isEmpty()) {
                beginStep();
                reason = step();
            }
        } catch (RuntimeException | Error e) {
            keepAfter(e);
            throw e;
        } finally {
            Vector.clearReleased();
        }
        if (plan.observe().path() > 0 && !reason.get().isDiverged()) {
            tellWeights();
        }
        if (reason.get().isOfOptimizer()) {
            // Whoever goes on from there comes to the same end.
            keepNow();
        } else if (!reason.get().isDiverged()) {
            keeper.keep(snapshot().kept());
        }
        return outcome(reason.get());
    }

    /** What was reached is worth keeping; what went wrong comes first. */
    private void keepAfter(Throwable wrong) {
        try {
            keepNow();
        } catch (RuntimeException e) {
            wrong.addSuppressed(e);
        }
    }

    private Optional<StopReason> step() {
        long begun = engine.nanoTime();
        Iteration iteration = new Iteration(steps, plan.batches().epoch(steps), rest.reductions());
        Batch batch = plan.batches().batch(steps);
        BatchObjective objective = objective(batch);
        Step<S> step = optimizer.step(iteration, point, state, plan.clip().over(objective));
        evaluations += objective.evaluations();
        rowsTouched += objective.evaluations() * batch.rows();
        double stepNorm = step.point().distance(point);
        nanos += engine.nanoTime() - begun;
        if (!step.evaluation().isFinite() || !Double.isFinite(stepNorm)) {
            if (plan.observe().path() > 0) {
                tellWeights();
            }
            point = step.evaluation().isFinite() ? point : good;
            return Optional.of(StopReason.diverged(steps, whatIsNotFinite(step)));
        }
        log(iteration, step, stepNorm, batch);
        good = point;
        spent = step.evaluation().gradient();
        point = step.point();
        state = step.state();
        boolean epochEnded =
                afterStep(step.evaluation().value(), step.evaluation().gradientNorm(), batch);
        long taken = steps - 1;
        Optional<StopReason> reason = step.end()
                // With the next step's rows there may be a way on.
                .filter(end -> end.refused() || objective.isFixed())
                .map(end -> StopReason.optimizer(end, taken))
                .or(this::stopReason);
        if (reason.isEmpty() && keeper.wants(standing(), epochEnded)) {
            keeper.keep(snapshot().kept());
        }
        return reason;
    }

    private Optional<StopReason> stopReason() {
        Optional<StopReason> rule = plan.stop()
                .check(new StopRules.State(
                        steps,
                        epochs,
                        (double) rowsTouched / plan.batches().rows(),
                        nanos * 1e-9,
                        ruleLoss,
                        ruleNorm,
                        epochsWithoutBetter));
        return rule.isEmpty() && told ? Optional.of(StopReason.told(steps)) : rule;
    }

    private BatchObjective objective(Batch batch) {
        Dropout dropout = plan.dropout() > 0 ? Dropout.of(plan.seed(), steps, plan.dropout()) : null;
        return new BatchObjective(this::timed, steps, batch, dropout, plan.penalty(), plan.tensors());
    }

    private List<Sums> timed(List<Request> requests) {
        long begun = engine.nanoTime();
        List<Sums> answers = ask("step " + steps, requests);
        engineNanos += engine.nanoTime() - begun;
        return answers;
    }

    /** Asks the engine, with a word on what for. */
    private List<Sums> ask(String what, List<Request> requests) {
        Purpose purpose = new Purpose(plan.name(), "epoch " + epochs + ", " + what);
        return engine.answer(
                requests.stream().map(request -> request.withPurpose(purpose)).toList());
    }

    private static String whatIsNotFinite(Step<?> step) {
        if (!Double.isFinite(step.evaluation().value())) {
            return "the loss became " + step.evaluation().value();
        }
        return step.evaluation().isFinite() ? "the step left the finite numbers" : "the gradient is not finite";
    }

    private void log(Iteration iteration, Step<S> step, double stepNorm, Batch batch) {
        Optional<Motion> motion = plan.observe().steps() ? Optional.of(motion(step)) : Optional.empty();
        lastRate = optimizer.learningRate(iteration, step.state());
        StepRecord record = new StepRecord(
                steps,
                iteration.epoch(),
                step.evaluation().value(),
                step.evaluation().gradientNorm(),
                stepNorm,
                lastRate,
                batch.rows(),
                evaluations,
                nanos * 1e-9,
                motion);
        listeners.forEach(listener -> listener.step(record));
        if (plan.observe().pathDue(steps)) {
            tellWeights();
        }
    }

    /** Not counted as training, as validation is not. */
    private void tellWeights() {
        long begun = engine.nanoTime();
        point.keep();
        listeners.forEach(listener -> listener.weights(steps, point));
        validationNanos += engine.nanoTime() - begun;
    }

    /** Not counted as training, as validation is not. */
    private Motion motion(Step<S> step) {
        long begun = engine.nanoTime();
        Vector now = step.evaluation().gradient();
        Motion motion = Motion.of(
                now, gradient, step.point().minus(point), point.minus(good), optimizer.stepSizes(step.state()));
        gradient = now;
        validationNanos += engine.nanoTime() - begun;
        return motion;
    }

    /** Whether the step was the last of its epoch. */
    private boolean afterStep(double loss, double norm, Batch batch) {
        epochLoss += loss * batch.rows();
        epochNorm += norm * batch.rows();
        epochRows += batch.rows();
        boolean epochEnds = plan.batches().endsEpoch(steps);
        steps++;
        ruleLoss = Double.NaN;
        ruleNorm = Double.NaN;
        if (epochEnds) {
            // The mean of one full batch is its own value, to the bit.
            ruleLoss = plan.batches().isFull() ? loss : epochLoss / epochRows;
            ruleNorm = plan.batches().isFull() ? norm : epochNorm / epochRows;
            endEpoch(ruleLoss);
        }
        return epochEnds;
    }

    private void endEpoch(double loss) {
        Sums validation = null;
        double monitored = loss;
        Vector answer = optimizer.answer(point, state);
        if (plan.validationRows() > 0) {
            long begun = engine.nanoTime();
            Request request = Request.metrics(Request.RowSet.VALIDATION, plan.validationRows(), answer);
            validation = ask("validation", List.of(request)).get(0);
            monitored = BatchObjective.meanLoss(validation);
            validationNanos += engine.nanoTime() - begun;
        }
        boolean better = monitored < bestMonitored;
        if (better) {
            bestMonitored = monitored;
            epochsWithoutBetter = 0;
            if (validation != null && plan.stop().patience().isPresent()) {
                best = answer;
                bestEpoch = epochs;
            }
        } else {
            epochsWithoutBetter++;
        }
        if (!(bestLoss <= loss)) {
            bestLoss = loss;
        }
        if (plateau.isPresent()) {
            double watched = switch (plateau.get().monitor()) {
                case TRAINING_LOSS -> loss;
                case VALIDATION_LOSS -> monitored;
                case ACCURACY -> (double) validation.correct() / validation.rows();
            };
            rest = plateau.get().after(rest, watched);
        }
        Optional<Sharpness> sharpness = sharpness();
        OptionalDouble limit = sharpness.isPresent() && lastRate.isPresent()
                ? StabilityLimits.sharpest(optimizer, lastRate.getAsDouble())
                : OptionalDouble.empty();
        EpochRecord record = new EpochRecord(epochs, steps, loss, validation, nanos * 1e-9, sharpness, limit, better);
        listeners.forEach(listener -> listener.epoch(record));
        epochs++;
        epochLoss = 0;
        epochNorm = 0;
        epochRows = 0;
    }

    /** Of the point behind the epoch's last step; not counted as training, as validation is not. */
    private Optional<Sharpness> sharpness() {
        if (!plan.curvature().due(epochs + 1)) {
            return Optional.empty();
        }
        long begun = engine.nanoTime();
        try {
            return Optional.of(plan.curvature()
                    .look(
                            asked -> ask("curvature", asked),
                            plan.batches().rows(),
                            plan.penalty(),
                            plan.tensors(),
                            point,
                            plan.seed()));
        } catch (ArithmeticException | InputException e) {
            LOG.warn("no curvature after epoch {}: {}", epochs + 1, e.getMessage());
            return Optional.empty();
        } finally {
            validationNanos += engine.nanoTime() - begun;
        }
    }

    private Standing standing() {
        return new Standing(
                steps,
                epochs,
                evaluations,
                rowsTouched,
                nanos,
                engineNanos,
                validationNanos,
                epochLoss,
                epochNorm,
                epochRows,
                ruleLoss,
                ruleNorm,
                bestMonitored,
                epochsWithoutBetter,
                bestLoss,
                bestEpoch,
                rest);
    }

    private Snapshot<S> snapshot() {
        return new Snapshot<>(point, good, gradient, best, state, standing());
    }

    private void restore(Snapshot<S> from) {
        point = from.point();
        good = from.before();
        gradient = from.gradient();
        best = from.best();
        state = from.state();
        Standing standing = from.standing();
        steps = standing.steps();
        epochs = standing.epochs();
        evaluations = standing.evaluations();
        rowsTouched = standing.rowsTouched();
        nanos = standing.nanos();
        engineNanos = standing.engineNanos();
        validationNanos = standing.validationNanos();
        epochLoss = standing.epochLoss();
        epochNorm = standing.epochNorm();
        epochRows = standing.epochRows();
        ruleLoss = standing.ruleLoss();
        ruleNorm = standing.ruleNorm();
        bestMonitored = standing.bestMonitored();
        epochsWithoutBetter = standing.epochsWithoutBetter();
        bestLoss = standing.bestLoss();
        bestEpoch = standing.bestEpoch();
        rest = standing.plateau();
    }

    private Outcome outcome(StopReason reason) {
        Vector last = optimizer.answer(point, state);
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
