package dev.lockstep.distributed;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exchange between processes: Spark's RPC for the short messages, and for weights and sums a socket of our own from
 * each executor, which passes them several times as fast: through a buffer that stays in the cache, where Spark's RPC copies
 * a message whole about six times.
 *
 * <p>The socket is neither authenticated nor encrypted beyond a secret that came with the task: where the application asks
 * for either there is none, and none where an executor cannot reach it. Everything goes by RPC then.
 */
final class SocketExchange implements Exchange {
    private static final Logger LOG = LoggerFactory.getLogger(SocketExchange.class);
    private static final int SECRET_BYTES = 32;
    private static final int CONNECT_MILLIS = 2000;
    private static final int SECRET_MILLIS = 5000;
    private static final int KEEPER_MILLIS = 1000;
    /** On the driver's side: it answers, or is no longer there. */
    private static final long PATIENCE_NANOS = Long.MAX_VALUE;

    private final Exchange rpc;
    private final Listener listener;
    private final ServerSocketChannel server;
    private final Door door;
    private final Set<SocketChannel> connections = ConcurrentHashMap.newKeySet();
    /** Accepts connections until the server is closed. */
    private Thread keeper;

    /**
     * Where the driver listens.
     *
     * @param host and
     * @param port as the executors see them
     * @param secret that a task shows first
     */
    record Door(String host, int port, byte[] secret) implements Serializable {}

    private SocketExchange(Exchange rpc, Listener listener, ServerSocketChannel server, Door door) {
        this.rpc = rpc;
        this.listener = listener;
        this.server = server;
        this.door = door;
    }

    /**
     * Opens the driver's end.
     *
     * @param rpc the same driver's end of Spark's RPC
     * @param bind address to listen on
     * @param host the same as the executors know it
     * @param port 0 for any that is free
     * @return the RPC alone if the port cannot be had
     */
    static Exchange open(Exchange rpc, Listener listener, String bind, String host, int port) {
        try {
            ServerSocketChannel server = ServerSocketChannel.open();
            try {
                server.bind(new InetSocketAddress(bind, port));
            } catch (IOException | RuntimeException e) {
                server.close();
                throw e;
            }
            byte[] secret = new byte[SECRET_BYTES];
            new SecureRandom().nextBytes(secret);
            SocketExchange exchange = new SocketExchange(
                    rpc, listener, server, new Door(host, server.socket().getLocalPort(), secret));
            exchange.keeper = daemon(exchange::accept, "lockstep-door");
            return exchange;
        } catch (IOException | RuntimeException e) {
            LOG.warn("no port for resident tasks at {}:{} ({}): weights and sums go by Spark's RPC", bind, port, e);
            return rpc;
        }
    }

    /** A task's line for long messages: the given one where there is no other. */
    static Line connect(Address address, Line rpc) {
        if (address.socket() == null) {
            return rpc;
        }
        Door door = address.socket();
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            channel.socket().connect(new InetSocketAddress(door.host(), door.port()), CONNECT_MILLIS);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ByteBuffer secret = ByteBuffer.wrap(door.secret());
            while (secret.hasRemaining()) {
                channel.write(secret);
            }
            return new SocketLine(channel);
        } catch (IOException | RuntimeException e) {
            LOG.warn("no way to {}:{} ({}): weights and sums go by Spark's RPC", door.host(), door.port(), e);
            shut(channel);
            return rpc;
        }
    }

    private record SocketLine(ByteChannel channel, Wire wire) implements Line {
        SocketLine(ByteChannel channel) {
            this(channel, Wire.over(channel));
        }

        @Override
        public Message.Reply ask(Message.Call call) throws IOException, InterruptedException {
            try {
                wire.write(call);
                return (Message.Reply) wire.read();
            } catch (AsynchronousCloseException e) {
                InterruptedException interrupted = new InterruptedException("the task was told to stop");
                interrupted.initCause(e);
                throw interrupted;
            }
        }

        @Override
        public void close() {
            shut(channel);
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                connections.add(channel);
                if (!server.isOpen()) {
                    shut(channel);
                }
                daemon(() -> serve(channel), "lockstep-line-" + channel.socket().getPort());
            }
        } catch (IOException e) {
            LOG.debug("the door of resident tasks is shut", e);
        }
    }

    /** One executor's questions, one after the other. */
    private void serve(SocketChannel channel) {
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (!knowsTheSecret(channel)) {
                LOG.warn("somebody without this run's secret was turned away: {}", channel.getRemoteAddress());
                return;
            }
            Wire wire = Wire.over(channel);
            while (true) {
                Slot slot = new Slot();
                listener.asked((Message.Call) wire.read(), slot);
                wire.write(slot.await(PATIENCE_NANOS, 0));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            // The task is gone, or the run has ended; who lost it hears of it from Spark.
            LOG.debug("a line of resident tasks ends", e);
        } finally {
            shut(channel);
            connections.remove(channel);
        }
    }

    private boolean knowsTheSecret(SocketChannel channel) throws IOException {
        channel.socket().setSoTimeout(SECRET_MILLIS);
        byte[] shown = channel.socket().getInputStream().readNBytes(SECRET_BYTES);
        return MessageDigest.isEqual(shown, door.secret());
    }

    private static Thread daemon(Runnable work, String name) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void shut(Closeable channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("closing a line", e);
        }
    }

    @Override
    public Address address() {
        return new Address(rpc.address().name(), door);
    }

    @Override
    public long patienceNanos() {
        return rpc.patienceNanos();
    }

    @Override
    public void close() {
        shut(server);
        try {
            // The system lets callers in as long as somebody still waits for them.
            keeper.join(KEEPER_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        connections.forEach(SocketExchange::shut);
        rpc.close();
    }
}
