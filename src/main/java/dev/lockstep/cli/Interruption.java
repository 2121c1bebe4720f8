package dev.lockstep.cli;

import dev.lockstep.train.Trainer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.hadoop.util.Shell;
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

    /** How long a signal that somebody else got already may be under way. */
    private static final long MOST_WAITING_SECONDS = 2;

    /** How commands end on SIGHUP, SIGINT and SIGTERM. */
    private static final Set<Integer> SIGNALS = Set.of(129, 130, 143);

    /** How Java tells that the same signals ended a command before it had begun. */
    private static final Pattern NOT_BEGUN = Pattern.compile("spawn helper: pid: \\d+, signal: (1|2|15)\\b");

    private final Set<Trainer<?>> trainers = ConcurrentHashMap.newKeySet();
    private volatile boolean told;
    private final CountDownLatch signal = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Runnable hook = this::tell;

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

    /**
     * Whether something went wrong because of the signal. A terminal's Ctrl-C ends the commands that a file system has
     * started as well, and that may be known here before the signal is.
     */
    boolean caused(Throwable wrong) {
        try {
            return told || (endedBySignal(wrong) && signal.await(MOST_WAITING_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return told;
        }
    }

    private static boolean endedBySignal(Throwable wrong) {
        return Complaints.chain(wrong).stream()
                .anyMatch(cause -> cause instanceof Shell.ExitCodeException end
                        ? SIGNALS.contains(end.getExitCode())
                        : NOT_BEGUN.matcher(String.valueOf(cause.getMessage())).find());
    }

    /** The signal has come. */
    void tell() {
        told = true;
        signal.countDown();
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
