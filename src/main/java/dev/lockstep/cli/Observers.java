package dev.lockstep.cli;

import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Sums;
import dev.lockstep.observe.EventFile;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Metrics;
import dev.lockstep.observe.PathFile;
import dev.lockstep.train.EpochRecord;
import dev.lockstep.train.Standing;
import dev.lockstep.train.StepRecord;
import dev.lockstep.train.TrainingListener;
import java.util.Optional;
import java.util.function.Function;

/**
 * Who looks at a run beside its folder, as {@code observe} of the configuration asks: event files for TensorBoard, gauges
 * for Prometheus, the path of the weights. Closed at the run's end.
 *
 * @param events where they are wanted
 * @param gauges where they are wanted
 * @param path where it is wanted
 */
record Observers(Optional<EventFile> events, Optional<RunGauges> gauges, Optional<PathFile> path)
        implements TrainingListener, AutoCloseable {
    /**
     * The observers of one run.
     *
     * @param folder the run's
     * @param from where it begins or goes on
     * @param measure makes validation metrics of sums
     */
    static Observers of(RunConfiguration run, Folder folder, Standing from, Function<Sums, Metrics> measure) {
        Optional<EventFile> events = run.observe().tensorboard()
                ? Optional.of(EventFile.begin(folder, from.steps(), measure))
                : Optional.empty();
        Optional<RunGauges> gauges = run.observe().prometheus()
                ? Optional.of(RunGauges.register(run.name(), measure, from.nanos() * 1e-9))
                : Optional.empty();
        Optional<PathFile> path = run.observe().path() > 0
                ? Optional.of(PathFile.begin(folder, from.steps(), run.observe().path()))
                : Optional.empty();
        return new Observers(events, gauges, path);
    }

    @Override
    public void step(StepRecord step) {
        events.ifPresent(file -> file.step(step));
        gauges.ifPresent(gauge -> gauge.step(step));
    }

    @Override
    public void weights(long step, Vector weights) {
        path.ifPresent(file -> file.weights(step, weights));
    }

    @Override
    public void epoch(EpochRecord epoch) {
        events.ifPresent(file -> file.epoch(epoch));
        gauges.ifPresent(gauge -> gauge.epoch(epoch));
    }

    /** Brings what was told of steps to where it outlives this process. */
    void flush() {
        events.ifPresent(EventFile::flush);
        path.ifPresent(PathFile::flush);
    }

    @Override
    public void close() {
        gauges.ifPresent(RunGauges::close);
        events.ifPresent(EventFile::close);
        path.ifPresent(PathFile::close);
    }
}
