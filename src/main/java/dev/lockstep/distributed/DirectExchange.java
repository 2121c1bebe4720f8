package dev.lockstep.distributed;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** The exchange within one process, for local mode: a call of the driver's listener by the task's own thread. */
final class DirectExchange implements Exchange {
    private static final Map<String, Listener> OPEN = new ConcurrentHashMap<>();
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final String name;

    private DirectExchange(String name) {
        this.name = name;
    }

    static Exchange open(String name, Listener listener) {
        OPEN.put(name, listener);
        return new DirectExchange(name);
    }

    /** A task's line to the driver that opened this name in this process, or null if none did. */
    static Line connect(String name) {
        Listener listener = OPEN.get(name);
        return listener == null
                ? null
                : call -> {
                    Slot slot = new Slot(Thread.currentThread());
                    listener.asked(call, slot);
                    return slot.await();
                };
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long patienceNanos() {
        return PATIENCE_NANOS;
    }

    @Override
    public void close() {
        OPEN.remove(name);
    }

    /** Where one reply is put down and picked up. */
    private static final class Slot implements ReplyTo {
        private final Thread waiter;
        private volatile Message.Reply reply;

        Slot(Thread waiter) {
            this.waiter = waiter;
        }

        @Override
        public void send(Message.Reply sent) {
            reply = sent;
            LockSupport.unpark(waiter);
        }

        Message.Reply await() throws IOException, InterruptedException {
            long begun = System.nanoTime();
            while (reply == null) {
                LockSupport.parkNanos(this, PATIENCE_NANOS);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (reply == null && System.nanoTime() - begun > PATIENCE_NANOS) {
                    throw new IOException("the driver did not reply");
                }
            }
            return reply;
        }
    }
}
