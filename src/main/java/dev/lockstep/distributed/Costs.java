package dev.lockstep.distributed;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the time of training requests went, summed over the answers.
 *
 * @param answers number of lists of requests that were answered
 * @param encodeNanos rounding the weights and getting them on their way
 * @param computeNanos of the slowest task of each answer
 * @param workNanos of all tasks of all answers
 * @param exchangeNanos scheduling, transport and waiting: what is left between the first task asked and the last answer
 * @param sumNanos adding the tasks' sums on the driver
 * @param tasks that the last answer took
 * @param bytesDown weights that left the driver, one copy for each of its receivers
 * @param bytesUp sums that came back
 */
public record Costs(
        long answers,
        long encodeNanos,
        long computeNanos,
        long workNanos,
        long exchangeNanos,
        long sumNanos,
        int tasks,
        long bytesDown,
        long bytesUp) {
    /** Nothing was asked. */
    public static final Costs NONE = new Costs(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Whether these are requests of a step; metrics are not. */
    static boolean count(List<Request> requests) {
        return requests.get(0).set() == Request.RowSet.TRAINING
                && requests.get(0).vectors() > 0;
    }

    /** Takes the times of one answer as its parts end. */
    static final class Clock {
        private final long begun = System.nanoTime();
        private long encoded;
        /** When the last task was asked. */
        private long asked;

        private long answered;
        private long summed;
        private List<Taken> taken = List.of();

        void encoded() {
            encoded = System.nanoTime();
            asked = encoded;
        }

        /** Tasks were at other work until then. */
        void waitedUntil(long nanoTime) {
            asked = Math.max(asked, nanoTime);
        }

        void answered(List<Taken> times) {
            answered = System.nanoTime();
            taken = times;
        }

        void summed() {
            summed = System.nanoTime();
        }

        private long slowest() {
            return taken.stream().mapToLong(Taken::nanos).max().orElse(0);
        }

        private long exchange() {
            return Math.max(0, answered - asked - slowest());
        }
    }

    /**
     * What each of the requests that were answered together costs, about as if it had been alone: its own work, its part
     * of what grows with the number of requests, and the whole way there and back.
     *
     * @param receivers how many copies of the weights left the driver
     * @param senders how many sums came back for each request
     */
    static List<Costs> each(
            Clock clock, List<Request> requests, ShardTask.Setting setting, int receivers, int senders) {
        int count = requests.size();
        long parameters = setting.network().parameters();
        List<Costs> each = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            long slowest = 0;
            long work = 0;
            for (Taken task : clock.taken) {
                slowest = Math.max(slowest, task.ofQuestion(i));
                work += task.ofQuestion(i);
            }
            long down = 1L + requests.get(i).directions().size();
            each.add(new Costs(
                    1,
                    (clock.encoded - clock.begun) / count,
                    slowest,
                    work,
                    clock.exchange(),
                    (clock.summed - clock.answered) / count,
                    clock.taken.size(),
                    receivers * down * parameters * setting.precision().bytes(),
                    (long) senders * requests.get(i).vectors() * parameters * Double.BYTES));
        }
        return each;
    }

    /** What the requests of one run cost that were answered together: one way there and back for all of them. */
    static Costs together(List<Costs> each) {
        Costs all = NONE;
        for (Costs one : each) {
            all = all.plus(one);
        }
        return new Costs(
                1,
                all.encodeNanos,
                all.computeNanos,
                all.workNanos,
                all.exchangeNanos / each.size(),
                all.sumNanos,
                all.tasks,
                all.bytesDown,
                all.bytesUp);
    }

    /** Of the driver and the slowest tasks together. */
    long nanos() {
        return encodeNanos + computeNanos + exchangeNanos + sumNanos;
    }

    /**
     * These costs with those of one more answer.
     *
     * @param receivers how many copies of the weights left the driver
     * @param senders how many sums came back for each request
     */
    Costs plus(Clock clock, List<Request> requests, ShardTask.Setting setting, int receivers, int senders) {
        long parameters = setting.network().parameters();
        long up = requests.stream().mapToLong(Request::vectors).sum();
        long down = requests.stream()
                .mapToLong(request -> 1 + request.directions().size())
                .sum();
        return new Costs(
                answers + 1,
                encodeNanos + clock.encoded - clock.begun,
                computeNanos + clock.slowest(),
                workNanos + clock.taken.stream().mapToLong(Taken::nanos).sum(),
                exchangeNanos + clock.exchange(),
                sumNanos + clock.summed - clock.answered,
                clock.taken.size(),
                bytesDown
                        + (long) receivers
                                * down
                                * parameters
                                * setting.precision().bytes(),
                bytesUp + senders * up * parameters * Double.BYTES);
    }

    /** The sums of both; the number of tasks is that of the other. */
    public Costs plus(Costs other) {
        return new Costs(
                answers + other.answers,
                encodeNanos + other.encodeNanos,
                computeNanos + other.computeNanos,
                workNanos + other.workNanos,
                exchangeNanos + other.exchangeNanos,
                sumNanos + other.sumNanos,
                Math.max(tasks, other.tasks),
                bytesDown + other.bytesDown,
                bytesUp + other.bytesUp);
    }
}
