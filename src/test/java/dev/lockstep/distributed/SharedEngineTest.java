package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.InputException;
import dev.lockstep.data.Batch;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.network.Sums;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that share an engine: one scan for all, the bits that each gets alone, and nobody waits for who has left. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedEngineTest {
    private static final Network NETWORK = new Network(
            List.of(new Layer(3, 4, Activation.TANH, true), new Layer(4, 2, Activation.IDENTITY, true)),
            ClassLoss.CROSS_ENTROPY,
            0);

    /** Remembers how many requests each list had, and may fail; gives the same arrays again and again. */
    private static final class Counting implements Engine {
        private final Engine engine = InMemory.engine(NETWORK);
        private final List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
        private final List<double[]> arrays = new ArrayList<>();
        private boolean closed;

        @Override
        public synchronized List<Sums> answer(List<Request> requests) {
            sizes.add(requests.size());
            if (requests.stream()
                    .anyMatch(request -> Double.isNaN(request.point().get(0)))) {
                throw new InputException("NaN is no point");
            }
            List<Sums> sums = new ArrayList<>();
            for (Sums one : engine.answer(requests)) {
                if (one.gradient() == null) {
                    sums.add(one);
                    continue;
                }
                while (arrays.size() <= sums.size()) {
                    arrays.add(new double[one.gradient().length]);
                }
                double[] array = arrays.get(sums.size());
                System.arraycopy(one.gradient(), 0, array, 0, array.length);
                sums.add(one.withGradient(array));
            }
            return sums;
        }

        @Override
        public List<Costs> lastCosts() {
            return Collections.nCopies(sizes.get(sizes.size() - 1), new Costs(1, 1, 2, 2, 3, 4, 1, 5, 6));
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** Gradient descent by hand, with a loss in every third step: some points of the way. */
    private static List<Vector> descend(Engine engine, int steps, double rate, long seed) {
        List<Vector> path = new ArrayList<>();
        Vector point = Vector.filled(NETWORK.parameters(), 0.01 * seed);
        for (int k = 0; k < steps; k++) {
            Batch batch = new Batch(InMemory.ROWS, k % 5, k % 5 + 12, seed, true);
            Sums sums = engine.answer(List.of(new Request(RowSet.TRAINING, batch, point, true, false, null)))
                    .get(0);
            point = point.minus(sums.gradientTimes(rate / sums.weight()));
            path.add(point);
            if (k % 3 == 0) {
                Sums all = engine.answer(List.of(Request.metrics(RowSet.VALIDATION, InMemory.ROWS, point)))
                        .get(0);
                path.add(Vector.filled(1, all.loss()));
            }
        }
        return path;
    }

    private static <T> List<Future<T>> start(List<Callable<T>> tasks) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            return threads.invokeAll(tasks, 20, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest(name = "{0} processors")
    @ValueSource(ints = {1, 2, 16})
    void runs_of_different_lengths_get_the_bits_that_they_get_alone_with_one_list_a_round(int processors)
            throws Exception {
        Counting counting = new Counting();
        assertBits(counting, processors, List.of(7, 1, 20, 12), List.of(1L, 2L, 3L, 4L));
        assertThat(counting.closed).isTrue();
        // As many rounds as the longest run asks: 20 steps and 7 losses.
        assertThat(counting.sizes).hasSize(27);
        assertThat(counting.sizes.stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(7 + 3 + 1 + 1 + 20 + 7 + 12 + 4);
        assertThat(counting.sizes.get(0)).isEqualTo(4);
    }

    /** Two lists at a time; the first of each shift are answered only once both are asked. */
    private static final class InShifts implements Engine {
        private final List<Counting> shifts = List.of(new Counting(), new Counting());
        private final List<List<Request>> asked = Collections.synchronizedList(new ArrayList<>());
        private final CountDownLatch both = new CountDownLatch(2);

        @Override
        public List<Sums> answer(List<Request> requests) {
            throw new AssertionError("asked at no shift");
        }

        @Override
        public int shifts() {
            return 2;
        }

        @Override
        public Engine shift(int index) {
            return requests -> {
                asked.add(requests);
                both.countDown();
                try {
                    assertThat(both.await(10, TimeUnit.SECONDS))
                            .as("the other shift is asked meanwhile")
                            .isTrue();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                return shifts.get(index).answer(requests);
            };
        }
    }

    private static void assertBits(Engine engine, int processors, List<Integer> steps, List<Long> seeds)
            throws Exception {
        List<Callable<List<Vector>>> tasks = new ArrayList<>();
        try (SharedEngine shared = new SharedEngine(engine, NETWORK.parameters(), processors)) {
            for (int i = 0; i < steps.size(); i++) {
                int run = i;
                SharedEngine.Seat seat = shared.seat();
                tasks.add(() -> {
                    try (seat) {
                        seat.begin();
                        return descend(seat, steps.get(run), 0.1 * (run + 1), seeds.get(run));
                    }
                });
            }
            List<Future<List<Vector>>> ends = start(tasks);
            for (int i = 0; i < steps.size(); i++) {
                assertThat(ends.get(i).get())
                        .isEqualTo(descend(InMemory.engine(NETWORK), steps.get(i), 0.1 * (i + 1), seeds.get(i)));
            }
        }
    }

    @Test
    void many_runs_go_in_two_shifts_which_are_asked_at_the_same_time() throws Exception {
        InShifts engine = new InShifts();
        assertBits(engine, 2, List.of(7, 1, 20, 12, 3, 9, 9, 2, 15), Collections.nCopies(9, 4L));
        // As many rounds as the longest run of each asks: 20 steps and 7 losses, 12 steps and 4 losses.
        assertThat(engine.shifts).extracting(shift -> shift.sizes.size()).containsExactly(27, 16);
        assertThat(engine.shifts).extracting(shift -> shift.sizes.get(0)).containsExactly(5, 4);
    }

    @Test
    void runs_that_want_the_same_rows_are_in_the_same_shift() throws Exception {
        InShifts engine = new InShifts();
        assertBits(engine, 2, Collections.nCopies(9, 5), List.of(1L, 1L, 2L, 2L, 3L, 3L, 1L, 2L, 3L));
        assertThat(engine.shifts).extracting(shift -> shift.sizes.get(0)).containsExactlyInAnyOrder(6, 3);
        assertThat(engine.asked.stream().limit(2))
                .as("rows of the shifts' first lists")
                .allSatisfy(list ->
                        assertThat(list.stream().map(Request::batch).distinct()).hasSize(list.size() / 3));
    }

    @Test
    void a_run_that_fails_leaves_the_others_alone() throws Exception {
        Counting counting = new Counting();
        SharedEngine shared = new SharedEngine(counting, NETWORK.parameters(), 2);
        SharedEngine.Seat good = shared.seat();
        SharedEngine.Seat bad = shared.seat();
        SharedEngine.Seat silent = shared.seat();
        List<Callable<List<Vector>>> tasks = List.of(
                () -> {
                    try (good) {
                        good.begin();
                        return descend(good, 9, 0.3, 1);
                    }
                },
                () -> {
                    try (bad) {
                        bad.begin();
                        return descend(bad, 9, Double.NaN, 2);
                    }
                },
                () -> {
                    try (silent) {
                        throw new IllegalStateException("before the first question");
                    }
                });
        List<Future<List<Vector>>> ends = start(tasks);
        assertThat(ends.get(0).get()).isEqualTo(descend(InMemory.engine(NETWORK), 9, 0.3, 1));
        assertThatThrownBy(() -> ends.get(1).get())
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("NaN is no point");
        assertThatThrownBy(() -> ends.get(2).get()).hasRootCauseMessage("before the first question");
    }

    /** Spark's exceptions are checked and come undeclared; an error is none that a run could catch either. */
    @ParameterizedTest
    @ValueSource(classes = {IOException.class, OutOfMemoryError.class, IllegalStateException.class})
    void whatever_an_engine_throws_every_run_hears_of_it(Class<? extends Throwable> kind) throws Exception {
        Throwable failure = kind.getDeclaredConstructor(String.class).newInstance("broken");
        Engine broken = requests -> {
            SharedEngineTest.<RuntimeException>undeclared(failure);
            return List.of();
        };
        SharedEngine shared = new SharedEngine(broken, NETWORK.parameters(), 2);
        List<Callable<List<Vector>>> tasks = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            int run = i;
            SharedEngine.Seat seat = shared.seat();
            tasks.add(() -> {
                try (seat) {
                    seat.begin();
                    return descend(seat, 3, 0.1, run);
                }
            });
        }
        for (Future<List<Vector>> end : start(tasks)) {
            assertThatThrownBy(end::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isExactlyInstanceOf(kind)
                    .hasMessage("broken");
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void undeclared(Throwable thrown) throws E {
        throw (E) thrown;
    }

    @Test
    void answers_that_would_be_too_large_together_take_turns() throws Exception {
        Counting counting = new Counting();
        // As if each gradient were a third of what one scan may answer.
        SharedEngine shared = new SharedEngine(counting, (1 << 22) / 3, 2);
        List<Callable<List<Vector>>> tasks = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            int run = i;
            SharedEngine.Seat seat = shared.seat();
            tasks.add(() -> {
                try (seat) {
                    seat.begin();
                    return descend(seat, 10, 0.2, run);
                }
            });
        }
        List<Future<List<Vector>>> ends = start(tasks);
        for (int i = 0; i < 7; i++) {
            assertThat(ends.get(i).get()).isEqualTo(descend(InMemory.engine(NETWORK), 10, 0.2, i));
        }
        assertThat(counting.sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(7 * 14);
        assertThat(Collections.max(counting.sizes)).isLessThanOrEqualTo(7);
        assertThat(counting.sizes.get(0)).isEqualTo(3);
    }

    /** So that what requests share depends on the runs alone. */
    @Test
    void lists_and_their_order_are_the_same_whichever_thread_is_faster() throws Exception {
        List<List<Vector>> expected = lists(16);
        for (int processors : new int[] {1, 2, 16, 16, 16}) {
            assertThat(lists(processors)).isEqualTo(expected);
        }
    }

    /** The points of every list, of runs of several lengths that take turns. */
    private static List<List<Vector>> lists(int processors) throws Exception {
        List<List<Vector>> lists = Collections.synchronizedList(new ArrayList<>());
        Engine engine = InMemory.engine(NETWORK);
        Engine remembering = requests -> {
            lists.add(requests.stream().map(Request::point).toList());
            return engine.answer(requests);
        };
        SharedEngine shared = new SharedEngine(remembering, (1 << 22) / 3, processors);
        List<Callable<List<Vector>>> tasks = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            int run = i;
            SharedEngine.Seat seat = shared.seat();
            tasks.add(() -> {
                try (seat) {
                    seat.begin();
                    return descend(seat, 3 + run * 5 % 8, 0.2, run);
                }
            });
        }
        for (Future<List<Vector>> end : start(tasks)) {
            end.get();
        }
        return List.copyOf(lists);
    }

    @Test
    void a_run_s_clock_shows_its_own_time_and_its_costs_are_its_own() {
        Counting counting = new Counting();
        SharedEngine shared = new SharedEngine(counting, NETWORK.parameters(), 1);
        try (SharedEngine.Seat seat = shared.seat()) {
            seat.begin();
            long begun = seat.nanoTime();
            descend(seat, 3, 0.1, 1);
            // The engine says that an answer costs 10 ns, but took longer; the run's own work is left.
            assertThat(seat.nanoTime() - begun).isPositive();
            assertThat(seat.costs()).isEqualTo(new Costs(3, 3, 6, 6, 9, 12, 1, 15, 18));
        }
    }

    @ParameterizedTest(name = "{0} processors")
    @ValueSource(ints = {1, 2, 3})
    void no_more_runs_compute_at_a_time_than_there_are_processors(int processors) throws Exception {
        SharedEngine shared = new SharedEngine(InMemory.engine(NETWORK), NETWORK.parameters(), processors);
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            int run = i;
            SharedEngine.Seat seat = shared.seat();
            tasks.add(() -> {
                try (seat) {
                    seat.begin();
                    for (int k = 0; k < 20 + run; k++) {
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        Vector point = Vector.filled(NETWORK.parameters(), 0.01 * k);
                        Thread.onSpinWait();
                        now.decrementAndGet();
                        seat.answer(List.of(Request.metrics(RowSet.VALIDATION, InMemory.ROWS, point)));
                    }
                    return run;
                }
            });
        }
        for (Future<Integer> end : start(tasks)) {
            end.get();
        }
        assertThat(most.get()).isBetween(1, processors);
    }

    /** One is interrupted while it waits for the others, one while it waits for its first processor. */
    @Test
    void nobody_waits_for_a_run_that_was_interrupted() throws Exception {
        SharedEngine shared = new SharedEngine(InMemory.engine(NETWORK), NETWORK.parameters(), 1);
        SharedEngine.Seat first = shared.seat();
        SharedEngine.Seat second = shared.seat();
        SharedEngine.Seat last = shared.seat();
        assertInterrupted(first, () -> descend(first, 3, 0.1, 1));
        last.begin();
        assertInterrupted(second, () -> List.of());
        try (last) {
            assertThat(descend(last, 9, 0.3, 2)).isEqualTo(descend(InMemory.engine(NETWORK), 9, 0.3, 2));
        }
    }

    private static void assertInterrupted(SharedEngine.Seat seat, Callable<List<Vector>> run) throws Exception {
        FutureTask<List<Vector>> end = new FutureTask<>(() -> {
            try (seat) {
                seat.begin();
                return run.call();
            }
        });
        Thread thread = new Thread(end);
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        thread.interrupt();
        assertThatThrownBy(end::get).hasRootCauseMessage("interrupted while waiting for the other runs");
        thread.join();
    }
}
