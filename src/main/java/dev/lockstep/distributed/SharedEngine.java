package dev.lockstep.distributed;

import dev.lockstep.network.Sums;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;

/**
 * One engine for several runs, which go in lockstep: each run, in a thread of its own, has a {@link Seat} and waits there
 * for its answer; when all of them wait, their requests are answered by one scan. A run that has ended leaves its seat.
 *
 * <p>Each request gets the bits that it would get alone, so nobody can tell whom he shares with. They are answered in the
 * same lists and in the same order each time, whichever thread was faster. Only so many runs compute at a time as there are processors, so that the time a run takes for its own
 * work is its own.
 *
 * <pre>
 *   run 1 ──► Seat ─┐  all wait                      ┌─► run 1's next step
 *   run 2 ──► Seat ─┼──────────► Engine: one scan ───┼─► run 2's next step
 *   run 3 ──► Seat ─┘                                └─► run 3's next step
 * </pre>
 */
public final class SharedEngine implements AutoCloseable {
    /** Of all answers of one scan: 32 MB a task. Runs that would make it more wait for the next scan. */
    private static final long MOST_NUMBERS = 1L << 22;

    private final Engine engine;
    private final long parameters;
    private final Semaphore processors;
    private final List<Asked> waiting = new ArrayList<>();
    private int seats;
    /** All seats that there ever were. */
    private int places;

    private long rounds;
    private boolean answering;

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

        boolean isAnswered() {
            return answers != null || failure != null;
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
        this.processors = new Semaphore(processors, true);
    }

    /** A place for one more run. All places have to be taken before the first run asks: who comes late is not waited for. */
    public synchronized Seat seat() {
        seats++;
        return new Seat(places++);
    }

    /** One run's engine. To be used by one thread, and closed by it when the run has ended. */
    public final class Seat implements Engine {
        private final int place;
        /** When it was answered last. */
        private long round;

        private long notMine;
        private boolean computes;
        private Costs costs = Costs.NONE;
        private List<Costs> last = List.of();

        private Seat(int place) {
            this.place = place;
        }

        /** Waits for a processor; a run calls it before its first work. */
        public void begin() {
            processors.acquireUninterruptibly();
            computes = true;
        }

        @Override
        public List<Sums> answer(List<Request> requests) {
            long begun = System.nanoTime();
            if (computes) {
                processors.release();
            }
            Asked asked = new Asked(requests, this);
            try {
                await(asked);
            } finally {
                if (computes) {
                    processors.acquireUninterruptibly();
                }
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
            if (computes) {
                processors.release();
            }
            leave();
        }
    }

    private synchronized void leave() {
        seats--;
        notifyAll();
    }

    private void await(Asked asked) {
        synchronized (this) {
            waiting.add(asked);
            notifyAll();
        }
        for (List<Asked> together = turn(asked); !together.isEmpty(); together = turn(asked)) {
            try {
                answer(together);
            } finally {
                synchronized (this) {
                    answering = false;
                    notifyAll();
                }
            }
        }
    }

    /**
     * Waits until a request is answered, or all wait and nobody answers.
     *
     * @return what the caller is to answer for all; nothing once his own request is answered
     */
    private synchronized List<Asked> turn(Asked asked) {
        try {
            while (!asked.isAnswered()) {
                if (!answering && waiting.size() == seats) {
                    answering = true;
                    return next();
                }
                wait();
            }
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            waiting.remove(asked);
            throw new IllegalStateException("interrupted while waiting for the other runs", e);
        }
    }

    /**
     * Takes as many of those who wait, and these are all, as one scan may answer: the longest waiting first, by rounds and
     * not by the clock, then by their seats.
     */
    private List<Asked> next() {
        waiting.sort(
                Comparator.<Asked>comparingLong(asked -> asked.seat.round).thenComparingInt(asked -> asked.seat.place));
        rounds++;
        List<Asked> together = new ArrayList<>();
        long numbers = 0;
        for (Asked asked : waiting) {
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
        List<Request> all = new ArrayList<>();
        together.forEach(asked -> all.addAll(asked.requests));
        List<Sums> sums = engine.answer(all);
        List<Costs> costs = engine.lastCosts();
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
