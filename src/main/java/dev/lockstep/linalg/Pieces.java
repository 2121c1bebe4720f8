package dev.lockstep.linalg;

import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;

/**
 * A long loop over entries, cut into pieces that run at the same time on the JVM's common pool. What is computed for an
 * entry must not depend on the cut; then neither do the bits.
 */
final class Pieces {
    /**
     * Below twice this length a loop is not worth a second thread: 200,000 doubles, out of the cache, take two threads
     * longer than one.
     */
    static final int LEAST = 1 << 17;

    private Pieces() {}

    /** A loop over the entries from {@code from} to {@code to} (exclusive). */
    interface Loop {
        void run(int from, int to);
    }

    /** Runs the loop over the entries from 0 to {@code size}; returns when all are done. */
    static void run(int size, Loop loop) {
        if (size < 2 * LEAST) {
            loop.run(0, size);
        } else {
            new Piece(0, size, loop).invoke();
        }
    }

    /** Runs both at the same time; returns when both are done. */
    static void both(Runnable first, Runnable second) {
        ForkJoinTask.invokeAll(ForkJoinTask.adapt(first), ForkJoinTask.adapt(second));
    }

    private static final class Piece extends RecursiveAction {
        private static final long serialVersionUID = 1;

        private final int from;
        private final int to;
        private final transient Loop loop;

        Piece(int from, int to, Loop loop) {
            this.from = from;
            this.to = to;
            this.loop = loop;
        }

        @Override
        protected void compute() {
            if (to - from < 2 * LEAST) {
                loop.run(from, to);
            } else {
                int middle = (from + to) >>> 1;
                invokeAll(new Piece(from, middle, loop), new Piece(middle, to, loop));
            }
        }
    }
}
