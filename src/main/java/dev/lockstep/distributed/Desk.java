package dev.lockstep.distributed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Where the resident tasks of one executor meet: one of them, the leader, puts the driver's work there and takes away
 * what all of them computed, so that an executor has one exchange with the driver, however many tasks it runs.
 */
final class Desk {
    private static final Map<String, Desk> OPEN = new HashMap<>();
    private static final long GLANCE_MILLIS = 1000;

    private final String key;
    private final int members;
    private int present;
    private Message.Work work;
    private List<List<Partial>> parts;
    private final List<Taken> taken = new ArrayList<>();
    private String closed;

    private Desk(String key, int members) {
        this.key = key;
        this.members = members;
    }

    /**
     * Takes a seat.
     *
     * @param key of the run, its generation and this executor
     * @param members how many tasks share the desk
     */
    static Desk join(String key, int members) {
        synchronized (OPEN) {
            Desk desk = OPEN.computeIfAbsent(key, k -> new Desk(k, members));
            desk.present++;
            return desk;
        }
    }

    /** Gives the seat back; a desk that somebody has left is closed for all. */
    void quit(String reason) {
        close(reason);
        synchronized (OPEN) {
            if (--present == 0) {
                OPEN.remove(key, this);
            }
        }
    }

    synchronized void close(String reason) {
        if (closed == null) {
            closed = reason;
        }
        notifyAll();
    }

    /** The leader's: here is work for everybody. */
    synchronized void publish(Message.Work next) {
        parts = new ArrayList<>();
        next.questions().forEach(question -> parts.add(new ArrayList<>()));
        taken.clear();
        work = next;
        notifyAll();
    }

    /**
     * Waits for work after a step.
     *
     * @return null if the desk was closed
     */
    synchronized Message.Work await(long step, BooleanSupplier killed) throws InterruptedException {
        while (closed == null && (work == null || work.step() <= step)) {
            check(killed);
            wait(GLANCE_MILLIS);
        }
        return closed == null ? work : null;
    }

    /** What one task computed: for each question the nodes of its shards. */
    synchronized void deposit(List<List<Partial>> own, Taken time) {
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).addAll(own.get(i));
        }
        taken.add(time);
        if (taken.size() == members) {
            notifyAll();
        }
    }

    /**
     * The leader's: waits until all have deposited.
     *
     * @return for each question what the tasks' shards make up; null if the desk was closed
     */
    List<List<Partial>> collect(int shards, BooleanSupplier killed) throws InterruptedException {
        synchronized (this) {
            while (closed == null && taken.size() < members) {
                check(killed);
                wait(GLANCE_MILLIS);
            }
            if (closed != null) {
                return null;
            }
        }
        return parts.stream().map(nodes -> SumTree.join(shards, nodes)).toList();
    }

    /** The time of each task that has deposited. */
    synchronized List<Taken> taken() {
        return new ArrayList<>(taken);
    }

    synchronized String closed() {
        return closed;
    }

    private static void check(BooleanSupplier killed) throws InterruptedException {
        if (killed.getAsBoolean()) {
            throw new InterruptedException("the task was told to stop");
        }
    }
}
