package dev.lockstep.cli;

import dev.lockstep.Counted;
import dev.lockstep.observe.Progress;
import dev.lockstep.study.RunState;
import dev.lockstep.train.StepRecord;
import dev.lockstep.train.TrainingListener;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import me.tongfei.progressbar.ProgressBar;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How far a study is: a bar of its runs on a terminal, elsewhere a log line every few seconds. */
final class StudyProgress implements TrainingListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StudyProgress.class);

    private final List<StudyRun> runs;
    private final ProgressBar bar;
    private final boolean quiet;
    private final AtomicLong steps = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();
    private final AtomicLong last = new AtomicLong(System.nanoTime());
    private final long begun = System.nanoTime();

    /**
     * @param terminal whether a terminal shows it
     * @param quiet whether nothing is to be shown
     */
    StudyProgress(List<StudyRun> runs, boolean terminal, boolean quiet) {
        this.runs = runs;
        this.quiet = quiet;
        this.bar = terminal && !quiet ? Progress.bar("runs", runs.size()) : null;
    }

    /** Of any run, in its thread. */
    @Override
    public void step(StepRecord step) {
        steps.incrementAndGet();
        rows.addAndGet(step.rows());
        long before = last.get();
        long now = System.nanoTime();
        if (quiet
                || now - before < (bar == null ? Progress.LINE_NANOS : Progress.LINE_NANOS / 10)
                || !last.compareAndSet(before, now)) {
            return;
        }
        if (bar == null) {
            LOG.info("{} of {} ended, {}", ended(), Counted.of(runs.size(), "run"), state(step));
        } else {
            bar.stepTo(ended());
            bar.setExtraMessage(" " + state(step));
        }
    }

    private long ended() {
        return runs.stream().filter(StudyRun::hasEnded).count();
    }

    private String state(StepRecord step) {
        double seconds = Math.max(1e-9, (System.nanoTime() - begun) * 1e-9);
        return String.format(
                Locale.ROOT,
                "%,d at work, epoch %,d; %,.0f steps/s and %,.0f rows/s of all together",
                runs.stream().filter(run -> run.state() == RunState.RUNNING).count(),
                step.epoch() + 1,
                steps.get() / seconds,
                rows.get() / seconds);
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
    }
}
