package dev.lockstep.distributed;

import dev.lockstep.data.Batch;
import dev.lockstep.network.Sums;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * One engine for several runs, which go in lockstep: each run, in a thread of its own, has a {@link Seat} and waits there
 * for its answer; when all of them wait, their requests are answered by one scan. A run that has ended leaves its seat.
 *
 * <p>Each request gets the bits that it would get alone, so nobody can tell whom he shares with. They are answered in the
 * same lists and in the same order each time, whichever thread was faster. Only so many runs compute at a time as there
 * are processors, so that the time a run takes for its own work is its own.
 *
 * <pre>
 *   run 1 ──► Seat ─┐  all wait                      ┌─► run 1's next step
 *   run 2 ──► Seat ─┼──────────► Engine: one scan ───┼─► run 2's next step
 *   run 3 ──► Seat ─┘                                └─► run 3's next step
 * </pre>
 *
 * <p>Where the engine can have two lists at work, many runs go in two shifts: one takes its steps while the other's scan is
 * at work, so that executors do not wait for the driver. A shift waits for its own runs only.
 */
public final class SharedEngine implements AutoCloseable {
    /** Of all answers of one scan: 32 MB a task, for each shift. Runs that would make it more wait for the next scan. */
    private static final long MOST_NUMBERS = 1L << 22;

    /** So many runs share enough in each of two shifts. */
    private static final int FEWEST_FOR_SHIFTS = 8;

    private final Engine engine;
    private final long parameters;
    private final int processors;
    private final List<Asked> waiting = new ArrayList<>();
    /** Seats that want a processor. */
    private final List<Seat> ready = new ArrayList<>();
    /** Processors that no seat has. */
    private final Deque<Integer> free = new ArrayDeque<>();

    /** Those that runs have not left. */
    private final List<Seat> open = new ArrayList<>();
    /** All seats that there ever were. */
    private int places;

    private long rounds;
    /** Made when all wait for the first time. */
    private List<Shift> shifts = List.of();

    /** Runs that are answered together. */
    private static final class Shift {
        private final Engine engine;
        private boolean answering;

        Shift(Engine engine) {
            this.engine = engine;
        }
    }

    /** What a seat's thread is to do once it need not wait any more. */
    private enum Turn {
        COMPUTE,
        ANSWER
    }

    /** What a run waits for; answers or failure are filled in when it is answered. */
    private static final class Asked {
        private List<Sums> answers;
        private Throwable failure;
        private List<Costs> costs = List.of();
        private final List<Request> requests;
        private final Seat seat;

        Asked(List<Request> requests, Seat seat) {
            this.requests = requests;
            this.seat = seat;
        }
    }

    /**
     * @param engine answers; is closed with this one
     * @param parameters P of the network that all runs train
     * @param processors runs that may compute at the same time
     */
    public SharedEngine(Engine engine, long parameters, int processors) {
        this.engine = engine;
        this.parameters = parameters;
        this.processors = processors;
        for (int i = 0; i < processors; i++) {
            free.add(i);
        }
    }

    /** A place for one more run. All places have to be taken before the first run asks: who comes late is not waited for. */
    public synchronized Seat seat() {
        Seat seat = new Seat(places, places++ % processors);
        open.add(seat);
        return seat;
    }

    /** One run's engine. To be used by one thread, and closed by it when the run has ended. */
    public final class Seat implements Engine {
        private final int place;
        private Shift shift;
        /** When it was answered last. */
        private long round;

        private long notMine;
        /** Whether it takes a processor to go on. */
        private boolean computes;
        /** The one that it has, or had last. */
        private int processor;

        private Costs costs = Costs.NONE;
        private List<Costs> last = List.of();
        private volatile Thread thread;
        private volatile Turn turn;

        private Seat(int place, int processor) {
            this.place = place;
            this.processor = processor;
        }

        /** Waits for a processor; a run calls it before its first work. */
        public void begin() {
            thread = Thread.currentThread();
            List<Seat> next;
            synchronized (SharedEngine.this) {
                computes = true;
                ready.add(this);
                next = goOn();
            }
            next.forEach(Seat::wake);
            await();
        }

        @Override
        public List<Sums> answer(List<Request> requests) {
            long begun = System.nanoTime();
            thread = Thread.currentThread();
            Asked asked = new Asked(requests, this);
            List<Seat> next;
            synchronized (SharedEngine.this) {
                if (shift == null && !shifts.isEmpty()) {
                    shift = shifts.get(0);
                }
                waiting.add(asked);
                letGo(this);
                next = goOn();
            }
            next.forEach(Seat::wake);
            while (await() == Turn.ANSWER) {
                answerNext(this);
            }
            last = asked.costs;
            if (!last.isEmpty()) {
                Costs mine = Costs.together(last);
                notMine += Math.max(0, System.nanoTime() - begun - mine.nanos());
                costs = Costs.count(requests) ? costs.plus(mine) : costs;
            }
            if (asked.failure != null) {
                SharedEngine.<RuntimeException>rethrow(asked.failure);
            }
            return asked.answers;
        }

        private void wake() {
            if (thread != Thread.currentThread()) {
                LockSupport.unpark(thread);
            }
        }

        private Turn await() {
            while (turn == null) {
                LockSupport.park(SharedEngine.this);
                if (Thread.interrupted()) {
                    giveUp(this);
                    Thread.currentThread().interrupt();
                    throw new IllegalStateException("interrupted while waiting for the other runs");
                }
            }
            Turn taken = turn;
            turn = null;
            return taken;
        }

        @Override
        public long nanoTime() {
            return System.nanoTime() - notMine;
        }

        @Override
        public Costs costs() {
            return costs;
        }

        @Override
        public List<Costs> lastCosts() {
            return last;
        }

        @Override
        public String name() {
            return engine.name();
        }

        @Override
        public Map<String, String> kernels() {
            return engine.kernels();
        }

        /** Leaves: the others go on without this run. */
        @Override
        public void close() {
            List<Seat> next;
            synchronized (SharedEngine.this) {
                open.remove(this);
                letGo(this);
                computes = false;
                next = goOn();
            }
            next.forEach(Seat::wake);
        }
    }

    /**
     * Gives the free processors to those who want one, and lets somebody answer if nobody does and all wait. Each thread is
     * woken for its own turn only, and by one that is about to wait: a processor changes hands without falling asleep.
     *
     * @return whose turn it is now, to be woken once others can get in here
     */
    private synchronized List<Seat> goOn() {
        List<Seat> next = new ArrayList<>();
        while (!free.isEmpty() && !ready.isEmpty()) {
            int processor = free.removeFirst();
            Seat seat = nextOn(processor);
            ready.remove(seat);
            seat.processor = processor;
            seat.turn = Turn.COMPUTE;
            next.add(seat);
        }
        if (shifts.isEmpty() && waiting.size() == open.size()) {
            makeShifts();
        }
        for (Shift shift : shifts) {
            List<Asked> ours = waiting(shift);
            if (!shift.answering
                    && !ours.isEmpty()
                    && ours.size()
                            == open.stream().filter(seat -> seat.shift == shift).count()) {
                shift.answering = true;
                Seat seat = ours.get(ours.size() - 1).seat;
                seat.turn = Turn.ANSWER;
                next.add(seat);
            }
        }
        return next;
    }

    /** Runs that want the same rows go in the same shift, if that leaves some for the other one. */
    private void makeShifts() {
        int count = open.size() < FEWEST_FOR_SHIFTS ? 1 : Math.min(2, engine.shifts());
        shifts = IntStream.range(0, count)
                .mapToObj(index -> new Shift(count > 1 ? engine.shift(index) : engine))
                .toList();
        Map<Batch, List<Seat>> byRows = new LinkedHashMap<>();
        waiting.stream()
                .sorted(Comparator.comparingInt(asked -> asked.seat.place))
                .forEach(asked -> byRows.computeIfAbsent(asked.requests.get(0).batch(), rows -> new ArrayList<>())
                        .add(asked.seat));
        List<List<Seat>> parts = new ArrayList<>(byRows.values());
        if (parts.size() == 1) {
            parts = parts.get(0).stream().map(List::of).toList();
        }
        int[] sizes = new int[count];
        for (List<Seat> part : parts) {
            int smallest = count > 1 && sizes[1] < sizes[0] ? 1 : 0;
            part.forEach(seat -> seat.shift = shifts.get(smallest));
            sizes[smallest] += part.size();
        }
    }

    private List<Asked> waiting(Shift shift) {
        return waiting.stream().filter(asked -> asked.seat.shift == shift).toList();
    }

    /** Of those that are ready, rather one that had this processor before: that is where its thread will be woken. */
    private Seat nextOn(int processor) {
        for (Seat seat : ready) {
            if (seat.processor == processor) {
                return seat;
            }
        }
        return ready.get(0);
    }

    private void letGo(Seat seat) {
        if (seat.computes) {
            free.addFirst(seat.processor);
        }
    }

    /** Nobody waits for a seat whose thread was interrupted; what was its turn is the next one's. */
    private void giveUp(Seat seat) {
        List<Seat> next;
        synchronized (this) {
            waiting.removeIf(asked -> asked.seat == seat);
            ready.remove(seat);
            if (seat.turn == Turn.ANSWER) {
                seat.shift.answering = false;
            } else if (seat.turn == Turn.COMPUTE) {
                letGo(seat);
            }
            seat.turn = null;
            seat.computes = false;
            next = goOn();
        }
        next.forEach(Seat::wake);
    }

    /** On the thread of one of those who wait: answers as many as one scan may. */
    private void answerNext(Seat seat) {
        List<Asked> together = next(seat.shift);
        List<Seat> next = new ArrayList<>();
        try {
            answer(together);
        } finally {
            synchronized (this) {
                seat.shift.answering = false;
                for (Asked asked : together) {
                    if (!asked.seat.computes) {
                        asked.seat.turn = Turn.COMPUTE;
                        next.add(asked.seat);
                    } else if (asked.seat == seat) {
                        ready.add(0, seat);
                    } else {
                        ready.add(asked.seat);
                    }
                }
                next.addAll(goOn());
            }
            next.forEach(Seat::wake);
        }
    }

    /**
     * Takes as many of those who wait, and these are all, as one scan may answer: the longest waiting first, by rounds and
     * not by the clock, then by their seats.
     */
    private synchronized List<Asked> next(Shift shift) {
        waiting.sort(
                Comparator.<Asked>comparingLong(asked -> asked.seat.round).thenComparingInt(asked -> asked.seat.place));
        rounds++;
        List<Asked> together = new ArrayList<>();
        long numbers = 0;
        for (Asked asked : waiting(shift)) {
            long more = parameters
                    * asked.requests.stream().mapToLong(Request::vectors).sum();
            if (!together.isEmpty() && numbers + more > MOST_NUMBERS) {
                break;
            }
            numbers += more;
            asked.seat.round = rounds;
            together.add(asked);
        }
        waiting.removeAll(together);
        return together;
    }

    /** Whatever goes wrong, Spark's checked exceptions included: nobody is left without an answer. */
    private void answer(List<Asked> together) {
        try {
            answerAtOnce(together);
        } catch (Throwable e) {
            if (together.size() == 1) {
                together.get(0).failure = e;
                return;
            }
            // One of them may be the reason: the others are not to suffer for it.
            for (Asked one : together) {
                try {
                    answerAtOnce(List.of(one));
                    // The engine may fill its arrays again for the next one.
                    one.answers = one.answers.stream().map(SharedEngine::copy).toList();
                } catch (Throwable ofOne) {
                    one.failure = ofOne;
                }
            }
        }
    }

    /** A failure to be thrown by whoever asked, as the engine threw it; Spark's are checked and declared nowhere. */
    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void rethrow(Throwable failure) throws E {
        throw (E) failure;
    }

    private static Sums copy(Sums sums) {
        return sums.gradient() == null
                ? sums
                : sums.withGradient(sums.gradient().clone());
    }

    private void answerAtOnce(List<Asked> together) {
        Engine door = together.get(0).seat.shift.engine;
        List<Request> all = new ArrayList<>();
        together.forEach(asked -> all.addAll(asked.requests));
        List<Sums> sums = door.answer(all);
        List<Costs> costs = door.lastCosts();
        int from = 0;
        for (Asked asked : together) {
            int to = from + asked.requests.size();
            asked.costs = costs.isEmpty() ? List.of() : List.copyOf(costs.subList(from, to));
            asked.answers = List.copyOf(sums.subList(from, to));
            from = to;
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
