package dev.lockstep.linalg;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * Threads that wait a moment without letting go of their processor, and take pieces of somebody's long loop meanwhile: in
 * local mode the tasks of a step while the driver takes it. Nobody has to be woken, so that pieces of some microseconds
 * are worth sharing; where no thread waits, whoever has the loop runs it alone.
 */
public final class Hands {
    private static final AtomicInteger LENT = new AtomicInteger();
    private static final AtomicReference<Work> WORK = new AtomicReference<>();

    private Hands() {}

    /**
     * Waits on the calling thread, which helps others meanwhile.
     *
     * @param done is asked again and again, until it says yes
     * @param nanos how long to wait with nothing to do
     */
    public static void lend(BooleanSupplier done, long nanos) {
        LENT.incrementAndGet();
        try {
            long idle = System.nanoTime();
            while (!done.getAsBoolean()) {
                Work work = WORK.get();
                if (work != null && work.takeLast()) {
                    idle = System.nanoTime();
                } else if (System.nanoTime() - idle > nanos) {
                    return;
                } else {
                    Thread.onSpinWait();
                }
            }
        } finally {
            LENT.decrementAndGet();
        }
    }

    /** Whether somebody waits who could help. */
    static boolean areThere() {
        return LENT.get() > 0;
    }

    /** Runs the pieces 0 to {@code count} - 1, each once, on this thread and on those that help; returns when all are done. */
    static void run(int count, IntConsumer piece) {
        Work work = new Work(count, piece);
        if (!areThere() || !WORK.compareAndSet(null, work)) {
            for (int i = 0; i < count; i++) {
                piece.accept(i);
            }
            return;
        }
        for (int i = 0; work.take(i); i++) {
            // One after the other.
        }
        WORK.compareAndSet(work, null);
        work.awaitOthers();
    }

    private static final class Work {
        private final int count;
        private final IntConsumer piece;
        private final AtomicInteger taken = new AtomicInteger();
        private final AtomicInteger takenFromEnd = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private volatile Throwable failure;

        Work(int count, IntConsumer piece) {
            this.count = count;
            this.piece = piece;
        }

        /**
         * Runs a piece, if any are left, for whoever has the loop and begins at the front. Others begin at the end: so the same
         * thread mostly meets the same entries in one loop after the other, and has them in its cache.
         */
        boolean take(int index) {
            if (taken.getAndIncrement() >= count) {
                return false;
            }
            run(index);
            return true;
        }

        /** Runs the last of the pieces that are left; whether there was one. */
        boolean takeLast() {
            if (taken.get() >= count || taken.getAndIncrement() >= count) {
                return false;
            }
            run(count - 1 - takenFromEnd.getAndIncrement());
            return true;
        }

        private void run(int index) {
            try {
                piece.accept(index);
            } catch (RuntimeException | Error e) {
                failure = e;
            }
            done.incrementAndGet();
        }

        void awaitOthers() {
            while (done.get() < count) {
                Thread.onSpinWait();
            }
            if (failure instanceof Error error) {
                throw error;
            }
            if (failure instanceof RuntimeException exception) {
                throw exception;
            }
        }
    }
}
