package dev.lockstep.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/** Threads that wait and help. */
class HandsTest {
    private final AtomicBoolean done = new AtomicBoolean();

    /** Runs something while another thread waits nearby. */
    private void helped(Runnable what) throws InterruptedException {
        Thread waiting = new Thread(() -> Hands.lend(done::get, Long.MAX_VALUE));
        waiting.start();
        while (!Hands.areThere()) {
            Thread.onSpinWait();
        }
        try {
            what.run();
        } finally {
            done.set(true);
            waiting.join();
        }
        assertThat(Hands.areThere()).isFalse();
    }

    @Test
    void each_piece_runs_once_and_both_threads_take_some() throws InterruptedException {
        AtomicIntegerArray runs = new AtomicIntegerArray(50);
        AtomicInteger byOthers = new AtomicInteger();
        Thread me = Thread.currentThread();
        helped(() -> Hands.run(50, piece -> {
            runs.incrementAndGet(piece);
            if (Thread.currentThread() != me) {
                byOthers.incrementAndGet();
            }
            while (byOthers.get() == 0) {
                Thread.onSpinWait();
            }
        }));
        for (int i = 0; i < 50; i++) {
            assertThat(runs.get(i)).isEqualTo(1);
        }
        assertThat(byOthers.get()).isPositive();
    }

    @Test
    void a_piece_that_fails_fails_the_loop_once_all_others_are_done() throws InterruptedException {
        AtomicInteger ran = new AtomicInteger();
        helped(() -> assertThatThrownBy(() -> Hands.run(20, piece -> {
                    ran.incrementAndGet();
                    if (piece == 7) {
                        throw new ArithmeticException("seven");
                    }
                }))
                .isInstanceOf(ArithmeticException.class)
                .hasMessage("seven"));
        assertThat(ran.get()).isEqualTo(20);
    }

    @Test
    void whoever_waits_too_long_goes() {
        Hands.lend(() -> false, 1);
        assertThat(Hands.areThere()).isFalse();
    }

    @Test
    void vectors_have_the_bits_that_they_have_alone() throws InterruptedException {
        for (int size : new int[] {32_767, 32_768, 65_537, 203_530, 400_001}) {
            Random random = new Random(size);
            double[] x = random.doubles(size, -1, 1).toArray();
            double[] y = random.doubles(size, -1, 1).toArray();
            double[] alone = results(x, y);
            done.set(false);
            double[][] shared = new double[1][];
            helped(() -> shared[0] = results(x, y));
            assertThat(shared[0]).as("%d entries", size).isEqualTo(alone);
        }
    }

    private static double[] results(double[] x, double[] y) {
        Vector a = Vector.of(x);
        Vector b = Vector.of(y);
        Vector scaled = Vector.ofSumTimes(x, y, 1.0 / 3);
        float[] rounded = new float[x.length];
        b.roundTo(rounded);
        double floats = 0;
        for (float value : rounded) {
            floats += value;
        }
        double[] sums = {
            a.dot(b),
            a.norm(),
            a.distance(b),
            scaled.norm(),
            a.norm(5, x.length - 3),
            a.combined(2, 3, b).norm(),
            floats
        };
        double[] entries = a.combined(0.5, -0.25, b).toArray();
        double[] all = Arrays.copyOf(sums, sums.length + entries.length);
        System.arraycopy(entries, 0, all, sums.length, entries.length);
        return all;
    }
}
