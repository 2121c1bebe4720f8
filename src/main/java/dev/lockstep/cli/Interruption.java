package dev.lockstep.cli;

import dev.lockstep.train.Trainer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Ctrl-C and SIGTERM while runs are trained: each loop ends after the step that is being taken, a checkpoint is written,
 * and only then Spark is stopped, which has its own hook with less priority.
 */
final class Interruption implements AutoCloseable {
    /** Above Spark's, which stops the context. */
    private static final int PRIORITY = 100;

    /** A step that lasts longer is given up: the newest checkpoint is from before it. */
    private static final long MOST_SECONDS = 25;

    private final Set<Trainer<?>> trainers = ConcurrentHashMap.newKeySet();
    private volatile boolean told;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Runnable hook = this::run;

    Interruption() {
        ShutdownHookManager.get().addShutdownHook(hook, PRIORITY, MOST_SECONDS + 5, TimeUnit.SECONDS);
    }

    /** Names a loop that is to end; before there is one, nothing is lost. */
    void watch(Trainer<?> running) {
        trainers.add(running);
        if (told) {
            running.stop();
        }
    }

    /** Whether the signal came: nothing more is to begin. */
    boolean isTold() {
        return told;
    }

    private void run() {
        told = true;
        if (trainers.isEmpty()) {
            return;
        }
        trainers.forEach(Trainer::stop);
        try {
            if (!done.await(MOST_SECONDS, TimeUnit.SECONDS)) {
                trainers.forEach(Trainer::keepNow);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        done.countDown();
        if (!ShutdownHookManager.get().isShutdownInProgress()) {
            ShutdownHookManager.get().removeShutdownHook(hook);
        }
    }
}
