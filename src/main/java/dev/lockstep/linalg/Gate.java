package dev.lockstep.linalg;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets scalar forms work until their vector forms are compiled. Vector code is very slow until then, so a thread in the
 * background runs it, once there has been enough to do, until it is the faster one: without a break at first, and then now
 * and again for as long as the JVM lives, since beside other work of the machine a compiler may take long. Both have the
 * same bits. Between the attempts the {@link Rehearsal} goes on, so that C2 knows more than the one loop.
 *
 * @param <F> the forms
 */
final class Gate<F> {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final Duration WITHOUT_BREAK = Duration.ofSeconds(10);
    private static final Duration FIRST_BREAK = Duration.ofSeconds(1);
    private static final Duration LONGEST_BREAK = Duration.ofMinutes(1);

    private final String what;
    private final F scalar;
    private final Supplier<F> find;
    private final Supplier<ToLongFunction<F>> timer;
    private final long worthwhile;
    private final Duration withoutBreak;
    private final Duration firstBreak;
    private volatile F current;
    // Threads may overwrite each other's counts: then the vectors come a little later.
    private long asked;
    private boolean begun;

    /**
     * @param what for the log
     * @param find gives the vector forms, or the scalar ones where there are none
     * @param timer makes what runs a sample and gives its nanoseconds
     * @param worthwhile so much is done the scalar way before vectors are thought of
     */
    Gate(String what, F scalar, Supplier<F> find, Supplier<ToLongFunction<F>> timer, long worthwhile) {
        this(what, scalar, find, timer, worthwhile, WITHOUT_BREAK, FIRST_BREAK);
    }

    /**
     * @param withoutBreak so long the vectors are tried one time after the other
     * @param firstBreak until they are tried again after that; each further one is twice as long, up to a minute
     */
    Gate(
            String what,
            F scalar,
            Supplier<F> find,
            Supplier<ToLongFunction<F>> timer,
            long worthwhile,
            Duration withoutBreak,
            Duration firstBreak) {
        this.what = what;
        this.scalar = scalar;
        this.find = find;
        this.timer = timer;
        this.worthwhile = worthwhile;
        this.withoutBreak = withoutBreak;
        this.firstBreak = firstBreak;
        this.current = scalar;
    }

    /** The forms to be used for so much more. */
    F of(long count) {
        if (asked < worthwhile) {
            asked += count;
            if (asked >= worthwhile) {
                begin();
            }
        }
        return current;
    }

    private synchronized void begin() {
        if (!begun) {
            begun = true;
            Thread thread = new Thread(this::warmUp, "lockstep-warm-up");
            thread.setDaemon(true);
            thread.start();
        }
    }

    private void warmUp() {
        F found = find.get();
        if (found == scalar) {
            LOG.debug("{} stay scalar: there are no vectors", what);
            return;
        }
        long begin = System.nanoTime();
        ToLongFunction<F> nanos = timer.get();
        Duration pause = firstBreak;
        while (nanos.applyAsLong(scalar) <= nanos.applyAsLong(found)) {
            Rehearsal.goOn();
            if (System.nanoTime() - begin >= withoutBreak.toNanos()) {
                LOG.debug("{} stay scalar for {} more", what, pause);
                if (!sleep(pause)) {
                    return;
                }
                pause = pause.multipliedBy(2);
                pause = pause.compareTo(LONGEST_BREAK) > 0 ? LONGEST_BREAK : pause;
            }
        }
        current = found;
        LOG.debug("vector forms of {} are compiled after {} ms", what, (System.nanoTime() - begin) / 1_000_000);
    }

    private static boolean sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
