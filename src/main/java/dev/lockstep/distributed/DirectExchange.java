package dev.lockstep.distributed;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The exchange within one process, for local mode: a call of the driver's listener by the task's own thread. The driver's
 * thread does one task's work itself instead of waiting for it.
 */
final class DirectExchange implements Exchange {
    private static final Map<String, Listener> OPEN = new ConcurrentHashMap<>();
    private static final long PATIENCE_NANOS = 60_000_000_000L;
    /** Longer than the driver takes for a step of a small network; to wake a processor takes a tenth of this. */
    private static final long SPIN_NANOS = 1_000_000;

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final AtomicInteger LINES = new AtomicInteger();

    private final String name;

    private DirectExchange(String name) {
        this.name = name;
    }

    static Exchange open(String name, Listener listener) {
        OPEN.put(name, listener);
        return new DirectExchange(name);
    }

    /** A task's line to the driver that opened this name in this process, or null if none did. */
    static Line connect(Address address) {
        Listener listener = OPEN.get(address.name());
        if (listener == null) {
            return null;
        }
        LINES.incrementAndGet();
        return new DirectLine(listener);
    }

    private record DirectLine(Listener listener) implements Line {
        @Override
        public Message.Reply ask(Message.Call call) throws IOException, InterruptedException {
            Slot slot = new Slot();
            listener.asked(call, slot);
            return slot.await(PATIENCE_NANOS, 0);
        }

        @Override
        public Message.Reply ask(Message.Report report, Worker worker) throws IOException, InterruptedException {
            WorkSlot slot = new WorkSlot(listener, worker);
            listener.asked(report, slot);
            // One of the lines needs no processor while the driver's thread has one; of several runs, the driver has
            // more.
            boolean shared = report.parts() != null && report.parts().size() > 1;
            return slot.await(Long.MAX_VALUE, LINES.get() <= PROCESSORS && !shared ? SPIN_NANOS : 0);
        }

        @Override
        public void close() {
            LINES.decrementAndGet();
        }
    }

    /** Where a reply is put down, or work is done. */
    private static final class WorkSlot extends Slot {
        private final Listener listener;
        private final Worker worker;

        WorkSlot(Listener listener, Worker worker) {
            this.listener = listener;
            this.worker = worker;
        }

        @Override
        public boolean doOrSend(Message.Work work) {
            try {
                listener.asked(worker.report(work), this);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                fail(e);
            } catch (Throwable e) {
                // Whatever it is, it is the task's failure.
                fail(e);
            }
            return true;
        }
    }

    @Override
    public Address address() {
        return new Address(name, null);
    }

    @Override
    public long patienceNanos() {
        return PATIENCE_NANOS;
    }

    @Override
    public void close() {
        OPEN.remove(name);
    }
}
