package dev.lockstep.distributed;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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
    static Line connect(Address address) {
        Listener listener = OPEN.get(address.name());
        return listener == null
                ? null
                : call -> {
                    Slot slot = new Slot();
                    listener.asked(call, slot);
                    return slot.await(PATIENCE_NANOS);
                };
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
