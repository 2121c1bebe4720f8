package dev.lockstep.linalg;

import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;

/**
 * A long loop over entries, cut into pieces that run at the same time: on threads that wait nearby ({@link Hands}), or on
 * the JVM's common pool. What is computed for an entry must not depend on the cut; then neither do the bits.
 */
final class Pieces {
    /**
     * Below twice this length a loop is not worth a thread that has to be woken: 200,000 doubles, out of the cache, take
     * two threads longer than one.
     */
    private static final int LEAST = 1 << 17;

    /** Of a piece for a thread that waits nearby. */
    private static final int NEAR = 1 << 14;

    private Pieces() {}

    /** A loop over the entries from {@code from} to {@code to} (exclusive). */
    interface Loop {
        void run(int from, int to);
    }

    /** A sum over the entries from {@code from} to {@code to} (exclusive). */
    interface Term {
        double of(int from, int to);
    }

    /** Runs the loop over the entries from 0 to {@code size}; returns when all are done. */
    static void run(int size, Loop loop) {
        if (size >= 2 * NEAR && Hands.areThere()) {
            Hands.run(
                    (size + NEAR - 1) / NEAR,
                    piece -> loop.run(piece * NEAR, (int) Math.min(size, (piece + 1L) * NEAR)));
        } else if (size >= 2 * LEAST) {
            new Piece(0, size, loop).invoke();
        } else {
            loop.run(0, size);
        }
    }

    /**
     * The pairwise sum of the entries from 0 to {@code size}: what the halves give is added, and so on in each half until it
     * is short enough for {@code term}. The order depends on the lengths alone.
     *
     * @param shortEnough most entries that {@code term} is given
     */
    static double sum(int size, int shortEnough, Term term) {
        if (size >= 2 * NEAR && Hands.areThere()) {
            double[] sums = new double[leaves(size)];
            Hands.run(sums.length, leaf -> {
                int from = 0;
                int to = size;
                for (int half = sums.length >> 1; half > 0; half >>= 1) {
                    int middle = (from + to) >>> 1;
                    if ((leaf & half) == 0) {
                        to = middle;
                    } else {
                        from = middle;
                    }
                }
                sums[leaf] = sumHere(from, to, shortEnough, term);
            });
            for (int count = sums.length >> 1; count > 0; count >>= 1) {
                for (int i = 0; i < count; i++) {
                    sums[i] = sums[2 * i] + sums[2 * i + 1];
                }
            }
            return sums[0];
        }
        return sum(0, size, shortEnough, term);
    }

    /** A power of two, so many that each is no longer than two pieces and longer than half a one. */
    private static int leaves(int size) {
        return Integer.highestOneBit(size / NEAR);
    }

    private static double sum(int from, int to, int shortEnough, Term term) {
        if (to - from < 2 * LEAST) {
            return sumHere(from, to, shortEnough, term);
        }
        int middle = (from + to) >>> 1;
        double[] halves = new double[2];
        ForkJoinTask.invokeAll(
                ForkJoinTask.adapt(() -> {
                    halves[0] = sum(from, middle, shortEnough, term);
                }),
                ForkJoinTask.adapt(() -> {
                    halves[1] = sum(middle, to, shortEnough, term);
                }));
        return halves[0] + halves[1];
    }

    private static double sumHere(int from, int to, int shortEnough, Term term) {
        if (to - from <= shortEnough) {
            return term.of(from, to);
        }
        int middle = (from + to) >>> 1;
        return sumHere(from, middle, shortEnough, term) + sumHere(middle, to, shortEnough, term);
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
