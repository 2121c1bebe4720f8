package dev.lockstep.linalg;

import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets scalar forms work until their vector forms are compiled. Vector code is very slow until then, so a thread in the
 * background runs it, once there has been enough to do, until it is the faster one. Both have the same bits.
 *
 * @param <F> the forms
 */
final class Gate<F> {
    private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
    private static final long MOST_WARM_UP_NANOS = 10_000_000_000L;

    private final String what;
    private final F scalar;
    private final Supplier<F> find;
    private final Supplier<ToLongFunction<F>> timer;
    private final long worthwhile;
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
        this.what = what;
        this.scalar = scalar;
        this.find = find;
        this.timer = timer;
        this.worthwhile = worthwhile;
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
        long begin = System.nanoTime();
        ToLongFunction<F> nanos = timer.get();
        while (found != scalar && System.nanoTime() - begin < MOST_WARM_UP_NANOS) {
            long scalarNanos = nanos.applyAsLong(scalar);
            if (nanos.applyAsLong(found) < scalarNanos) {
                current = found;
                LOG.debug("vector forms of {} are compiled after {} ms", what, (System.nanoTime() - begin) / 1_000_000);
                return;
            }
        }
        LOG.debug("{} stay scalar", what);
    }
}
