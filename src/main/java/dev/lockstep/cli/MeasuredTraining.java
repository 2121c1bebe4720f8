package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.distributed.Costs;
import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.Engines;
import dev.lockstep.distributed.JobEngine;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Network;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.train.CurvatureRules;
import dev.lockstep.train.Keeper;
import dev.lockstep.train.ObserveRules;
import dev.lockstep.train.Outcome;
import dev.lockstep.train.StepRecord;
import dev.lockstep.train.StopRules;
import dev.lockstep.train.Trainer;
import dev.lockstep.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Training as {@code jobs/train} does it, a number of steps at a time, with the time of each step kept. */
final class MeasuredTraining {
    private final Session session;
    private final DataSets data;
    private final RunConfiguration run;
    private final Network network;
    private final JobEngine jobs;
    private Vector point;

    private MeasuredTraining(Session session, DataSets data, RunConfiguration run) {
        this.session = session;
        this.data = data;
        this.run = run;
        this.network =
                run.network().build(data.train().features().size(), data.train().classesOrTargets());
        this.jobs = TrainCommand.jobs(session, run, data, network);
        this.point = run.network().initialization().draw(network, run.seed());
    }

    /** Reads the run's rows. */
    static MeasuredTraining of(Session session, RunConfiguration run) {
        return new MeasuredTraining(session, DataSets.read(session, run), run);
    }

    /** Another run over the same rows. */
    MeasuredTraining sharing(RunConfiguration other) {
        return new MeasuredTraining(session, data, other);
    }

    /**
     * What some steps took.
     *
     * @param seconds of each step
     * @param engine the one that answered in the end
     * @param costs of these steps
     */
    record Steps(List<Double> seconds, String engine, Costs costs) {
        /** Bytes of weights that went out, a step. */
        double bytesDown() {
            return (double) costs.bytesDown() / Math.max(1, costs.answers());
        }

        /** Bytes of sums that came back, a step. */
        double bytesUp() {
            return (double) costs.bytesUp() / Math.max(1, costs.answers());
        }

        /** The times without the first ones. */
        List<Double> after(int warmUp) {
            return seconds.subList(warmUp, seconds.size());
        }
    }

    /** Goes on for some steps with the engine that the configuration names; {@code between} runs after each, untimed. */
    Steps steps(int count, Runnable between) {
        return steps(run.engine(), count, between);
    }

    /** Goes on for some steps with another engine. */
    Steps steps(Engines choice, int count, Runnable between) {
        List<Double> seconds = new ArrayList<>();
        TrainingListener clock = new TrainingListener() {
            private double before;

            @Override
            public void step(StepRecord step) {
                seconds.add(step.seconds() - before);
                before = step.seconds();
                between.run();
            }
        };
        Trainer.Plan all = TrainingRun.plan(run, data, network);
        Trainer.Plan plan = new Trainer.Plan(
                all.name(),
                all.batches(),
                0,
                all.penalty(),
                all.clip(),
                all.dropout(),
                all.seed(),
                all.tensors(),
                stopAfter(count),
                CurvatureRules.NONE,
                ObserveRules.NONE);
        long jobsBefore = jobs.costs().answers();
        long downBefore = jobs.costs().bytesDown();
        long upBefore = jobs.costs().bytesUp();
        try (Engine engine = choice.over(jobs)) {
            train(engine, plan, run.optimizer(), clock);
            Costs costs = engine.costs();
            if (engine == jobs) {
                costs = new Costs(
                        costs.answers() - jobsBefore,
                        0,
                        0,
                        0,
                        0,
                        0,
                        costs.tasks(),
                        costs.bytesDown() - downBefore,
                        costs.bytesUp() - upBefore);
            }
            return new Steps(seconds, engine.name(), costs);
        }
    }

    private static StopRules stopAfter(int steps) {
        return new StopRules(
                OptionalLong.empty(),
                OptionalLong.of(steps),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalLong.empty());
    }

    private <S extends Record> void train(
            Engine engine, Trainer.Plan plan, Optimizer<S> optimizer, TrainingListener clock) {
        Outcome outcome = new Trainer<>(engine, plan, optimizer, List.of(clock), Keeper.NONE).run(point);
        if (outcome.reason().isDiverged()) {
            throw new InputException("training diverged, so its steps say nothing: "
                    + outcome.reason().message() + "; scale the features with --set data.scale=…");
        }
        point = outcome.last();
    }

    Session session() {
        return session;
    }

    RunConfiguration run() {
        return run;
    }

    Network network() {
        return network;
    }

    /** The rows that it trains on. */
    dev.lockstep.data.Dataset rows() {
        return data.sets().get(RowSet.TRAINING);
    }
}
