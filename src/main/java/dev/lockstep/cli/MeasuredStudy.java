package dev.lockstep.cli;

import dev.lockstep.distributed.Engine;
import dev.lockstep.distributed.Engines;
import dev.lockstep.distributed.JobEngine;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.distributed.SharedEngine;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Network;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.train.Keeper;
import dev.lockstep.train.Outcome;
import dev.lockstep.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The runs of a study, one after the other and in lockstep; loading, files and validation left out. */
final class MeasuredStudy implements AutoCloseable {
    private final Session session;
    private final DataSets data;
    private final List<RunConfiguration> runs;
    private final Network network;
    private final JobEngine jobs;

    /**
     * Reads the rows.
     *
     * @param runs of one network on the same rows
     */
    MeasuredStudy(Session session, List<RunConfiguration> runs) {
        this.session = session;
        this.runs = runs;
        RunConfiguration first = runs.get(0);
        this.data = DataSets.read(session, first);
        this.network = first.network()
                .build(data.train().features().size(), data.train().classesOrTargets());
        this.jobs = TrainCommand.jobs(session, first, data, network);
    }

    /**
     * What all runs took and came to.
     *
     * @param seconds by the clock on the wall
     * @param evaluations of all runs
     * @param exchangeSeconds of an answer, between the driver and the tasks
     * @param points at the end
     */
    record Took(double seconds, long evaluations, double exchangeSeconds, List<Vector> points) {}

    /** One run after the other. */
    Took alone(Engines choice) {
        long begun = System.nanoTime();
        long evaluations = 0;
        double exchange = 0;
        List<Vector> points = new ArrayList<>();
        for (RunConfiguration run : runs) {
            try (Engine engine = choice.over(jobs)) {
                Outcome outcome = train(run, run.optimizer(), engine, new FirstWeights());
                evaluations += outcome.evaluations();
                exchange += 1e-9
                        * engine.costs().exchangeNanos()
                        / Math.max(1, engine.costs().answers());
                points.add(outcome.last());
            }
        }
        return new Took(TrainCommand.seconds(begun), evaluations, exchange / runs.size(), points);
    }

    /** All at once. */
    Took together(Engines choice) {
        long begun = System.nanoTime();
        FirstWeights firstWeights = new FirstWeights();
        ExecutorService threads = Executors.newFixedThreadPool(runs.size());
        try (SharedEngine shared = new SharedEngine(
                choice.over(jobs), network.parameters(), Runtime.getRuntime().availableProcessors())) {
            List<SharedEngine.Seat> seats =
                    runs.stream().map(run -> shared.seat()).toList();
            List<Future<Outcome>> ends = new ArrayList<>();
            for (int i = 0; i < runs.size(); i++) {
                RunConfiguration run = runs.get(i);
                SharedEngine.Seat seat = seats.get(i);
                ends.add(threads.submit(() -> {
                    try (seat) {
                        seat.begin();
                        return train(run, run.optimizer(), seat, firstWeights);
                    }
                }));
            }
            long evaluations = 0;
            List<Vector> points = new ArrayList<>();
            for (Future<Outcome> end : ends) {
                evaluations += end.get().evaluations();
                points.add(end.get().last());
            }
            return new Took(TrainCommand.seconds(begun), evaluations, 0, points);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while runs were measured", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a run failed", e);
        } finally {
            threads.shutdownNow();
        }
    }

    private <S extends Record> Outcome train(
            RunConfiguration run, Optimizer<S> optimizer, Engine engine, FirstWeights firstWeights) {
        Vector start = firstWeights.of(run, network, session.spark().hadoopConfiguration());
        return new Trainer<>(engine, TrainingRun.plan(run, data, network), optimizer, List.of(), Keeper.NONE)
                .run(start);
    }

    /** The large products of one pass over the rows, in the blocks of a step. */
    LargeProducts products() {
        RunConfiguration run = runs.get(0);
        var plan = data.sets().get(RowSet.TRAINING).plan();
        long batch = run.batchRows().orElse(data.rows(RowSet.TRAINING));
        int blockRows = (int) Math.max(1, Math.min(run.blockRows(), batch / plan.shards()));
        return new LargeProducts(
                network,
                run.network().precision(),
                Blas.of(run.blas()),
                data.rows(RowSet.TRAINING),
                plan,
                blockRows,
                session.slots());
    }

    Network network() {
        return network;
    }

    long rows() {
        return data.rows(RowSet.TRAINING);
    }

    @Override
    public void close() {
        data.release();
    }
}
