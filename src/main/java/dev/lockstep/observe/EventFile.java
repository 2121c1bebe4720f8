package dev.lockstep.observe;

import dev.lockstep.InputException;
import dev.lockstep.network.Sums;
import dev.lockstep.observe.events.Event;
import dev.lockstep.observe.events.SessionLog;
import dev.lockstep.observe.events.Summary;
import dev.lockstep.train.EpochRecord;
import dev.lockstep.train.StepRecord;
import dev.lockstep.train.TrainingListener;
import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A run as TensorBoard reads it: {@code tensorboard/events.out.tfevents.SECOND.lockstep} in the run's folder, numbers by
 * tag, as floats. Those of an epoch stand at the number of its last step, so that all tags share one axis.
 *
 * <p>A run that goes on begins a new file, whose name sorts behind the others. It says first from which step on records of
 * the others do not count any more: steps that were taken after the checkpoint are taken again.
 */
public final class EventFile implements TrainingListener, Closeable {
    static final String FOLDER = "tensorboard";
    private static final String VERSION = "brain.Event:2";
    private static final Pattern NAME = Pattern.compile("events\\.out\\.tfevents\\.(\\d{10,18})\\.lockstep");

    private final RecordFile file;
    private final Function<Sums, Metrics> measure;
    private final Clock clock;

    private EventFile(RecordFile file, Function<Sums, Metrics> measure, Clock clock) {
        this.file = file;
        this.measure = measure;
        this.clock = clock;
    }

    /**
     * Begins a file.
     *
     * @param run the run's folder
     * @param steps that were taken before: what earlier files say of later ones does not count
     * @param measure makes validation metrics of sums
     * @throws InputException if nothing can be written there
     */
    public static EventFile begin(Folder run, long steps, Function<Sums, Metrics> measure) {
        return begin(run, steps, measure, Clock.systemUTC());
    }

    static EventFile begin(Folder run, long steps, Function<Sums, Metrics> measure, Clock clock) {
        Folder folder = run.child(FOLDER);
        folder.create();
        long newest = folder.names().stream()
                .map(NAME::matcher)
                .filter(Matcher::matches)
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .max()
                .orElse(-1);
        // TensorBoard reads files in the order of their names, whatever the clocks of two machines say.
        long second = Math.max(clock.instant().getEpochSecond(), newest + 1);
        try {
            RecordFile file = new RecordFile(
                    folder.write(String.format(Locale.ROOT, "events.out.tfevents.%010d.lockstep", second)));
            EventFile events = new EventFile(file, measure, clock);
            events.write(events.event(0).setFileVersion(VERSION));
            if (steps > 0) {
                events.write(events.event(steps)
                        .setSessionLog(SessionLog.newBuilder().setStatus(SessionLog.SessionStatus.START)));
            }
            return events;
        } catch (IOException e) {
            throw new InputException(folder + ": nothing can be written there: " + e.getMessage(), e);
        }
    }

    @Override
    public void step(StepRecord step) {
        Summary.Builder summary = Summary.newBuilder();
        add(summary, "loss", step.loss());
        add(summary, "gradient norm", step.gradientNorm());
        add(summary, "step norm", step.stepNorm());
        step.learningRate().ifPresent(rate -> add(summary, "learning rate", rate));
        step.motion().ifPresent(motion -> {
            motion.signChanges().ifPresent(share -> add(summary, "sign changes", share));
            motion.cosine().ifPresent(cosine -> add(summary, "cosine", cosine));
        });
        write(event(step.step()).setSummary(summary));
    }

    @Override
    public void epoch(EpochRecord epoch) {
        Summary.Builder summary = Summary.newBuilder();
        add(summary, "epoch loss", epoch.loss());
        if (epoch.validation() != null) {
            Metrics metrics = measure.apply(epoch.validation());
            add(summary, "validation/loss", metrics.loss());
            metrics.values().forEach((name, value) -> add(summary, "validation/" + name, value));
        }
        epoch.sharpness().ifPresent(sharpness -> add(summary, "sharpness", sharpness.lambdaMax()));
        write(event(epoch.steps() - 1).setSummary(summary));
    }

    private static void add(Summary.Builder summary, String tag, double value) {
        summary.addValue(Summary.Value.newBuilder().setTag(tag).setSimpleValue((float) value));
    }

    private Event.Builder event(long step) {
        return Event.newBuilder().setWallTime(clock.millis() * 1e-3).setStep(step);
    }

    private void write(Event.Builder event) {
        file.write(event.build().toByteArray());
    }

    /** Brings all events to where they outlive this process. */
    public void flush() {
        file.flush();
    }

    @Override
    public void close() {
        file.close();
    }
}
