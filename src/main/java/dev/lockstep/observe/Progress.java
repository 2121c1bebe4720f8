package dev.lockstep.observe;

import dev.lockstep.train.EpochRecord;
import dev.lockstep.train.StepRecord;
import dev.lockstep.train.TrainingListener;
import java.io.Closeable;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How far a run is: a bar on a terminal, elsewhere a log line every few seconds. Both show epoch, step, loss, rows per
 * second and the time left.
 */
public abstract class Progress implements TrainingListener, Closeable {
    /** From one log line to the next. */
    public static final long LINE_NANOS = 5_000_000_000L;

    private final OptionalLong mostSteps;
    private final long begun = System.nanoTime();
    private long rows;

    private Progress(OptionalLong mostSteps) {
        this.mostSteps = mostSteps;
    }

    /**
     * A progress for standard error.
     *
     * @param terminal whether a terminal shows it
     * @param mostSteps steps that there will be at the most, if that is known
     */
    public static Progress of(boolean terminal, OptionalLong mostSteps) {
        return terminal ? new Bar(mostSteps) : new Lines(mostSteps);
    }

    /**
     * A bar on standard error.
     *
     * @param task what is done
     * @param most where the bar ends; -1 where that is not known
     */
    public static ProgressBar bar(String task, long most) {
        return new ProgressBarBuilder()
                .setTaskName(task)
                .setInitialMax(most)
                .setStyle(ProgressBarStyle.UNICODE_BLOCK)
                .setUpdateIntervalMillis(200)
                .setConsumer(new ConsoleProgressBarConsumer(System.err))
                .build();
    }

    /** Says nothing. */
    public static Progress none() {
        return new Progress(OptionalLong.empty()) {
            @Override
            void show(StepRecord step) {}

            @Override
            public void close() {}
        };
    }

    abstract void show(StepRecord step);

    @Override
    public abstract void close();

    @Override
    public final void step(StepRecord step) {
        rows += step.rows();
        show(step);
    }

    private double seconds() {
        return Math.max(1e-9, (System.nanoTime() - begun) * 1e-9);
    }

    private String state(StepRecord step) {
        return String.format(
                Locale.ROOT,
                "epoch %,d, step %,d, loss %.6g, %,.0f rows/s",
                step.epoch() + 1,
                step.step() + 1,
                step.loss(),
                rows / seconds());
    }

    private String left(StepRecord step) {
        if (mostSteps.isEmpty()) {
            return "";
        }
        double seconds = seconds() / (step.step() + 1) * (mostSteps.getAsLong() - step.step() - 1);
        Duration left = Duration.ofSeconds(Math.round(seconds));
        return String.format(", at most %d:%02d:%02d left", left.toHours(), left.toMinutesPart(), left.toSecondsPart());
    }

    private static final class Bar extends Progress {
        private final ProgressBar bar;

        Bar(OptionalLong mostSteps) {
            super(mostSteps);
            bar = bar("training", mostSteps.orElse(-1));
        }

        @Override
        void show(StepRecord step) {
            bar.stepTo(step.step() + 1);
            bar.setExtraMessage(" " + super.state(step));
        }

        @Override
        public void close() {
            bar.close();
        }
    }

    private static final class Lines extends Progress {
        private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
        private long last = System.nanoTime();
        private StepRecord step;

        Lines(OptionalLong mostSteps) {
            super(mostSteps);
        }

        @Override
        void show(StepRecord now) {
            step = now;
            if (System.nanoTime() - last >= LINE_NANOS) {
                last = System.nanoTime();
                LOG.info("{}{}", super.state(step), super.left(step));
            }
        }

        @Override
        public void epoch(EpochRecord epoch) {
            LOG.debug("epoch {} ended, loss {}", epoch.epoch() + 1, epoch.loss());
        }

        @Override
        public void close() {
            if (step != null) {
                LOG.info("{}", super.state(step));
            }
        }
    }
}
