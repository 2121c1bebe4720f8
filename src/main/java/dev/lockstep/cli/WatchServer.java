package dev.lockstep.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.InputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A page that can be looked at while a study runs: on this machine only, and only by who has the address, which holds a
 * token. The page and its data are made when they are asked for.
 */
final class WatchServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchServer.class);
    private static final String DATA = "data.json";
    private static final int TOKEN_BYTES = 16;

    /** Whoever looks asks again within this time, and should see how it ended. */
    private static final long LOOK_MILLIS = 4000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "lockstep-watch");
        thread.setDaemon(true);
        return thread;
    });
    private final String place;
    private final Supplier<String> page;
    private final Supplier<String> data;
    private volatile boolean looked;
    private volatile long lastLook;

    /**
     * @param port on the loopback interface; 0 for any that is free
     * @param page HTML
     * @param data JSON, which the page asks for again and again
     * @throws InputException if the port is taken
     */
    WatchServer(int port, Supplier<String> page, Supplier<String> data) {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        this.place = "/" + HexFormat.of().formatHex(random) + "/";
        this.page = page;
        this.data = data;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException | IllegalArgumentException e) {
            throw new InputException(
                    "--watch " + port + ": the port cannot be opened (" + e.getMessage()
                            + "); give another one, or none for any that is free",
                    e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /** Where to look. */
    String address() {
        InetSocketAddress at = server.getAddress();
        return "http://" + at.getAddress().getHostAddress() + ":" + at.getPort() + place;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String asked = exchange.getRequestURI().getPath();
            boolean isPage = asked.equals(place);
            if (!exchange.getRequestMethod().equals("GET") || !(isPage || asked.equals(place + DATA))) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            looked = true;
            lastLook = System.nanoTime();
            byte[] content;
            try {
                content = (isPage ? page : data).get().getBytes(StandardCharsets.UTF_8);
            } catch (RuntimeException e) {
                LOG.warn("the page to watch could not be made: {}", Complaints.oneLine(e.toString()));
                LOG.debug("--watch", e);
                exchange.sendResponseHeaders(500, -1);
                return;
            }
            exchange.getResponseHeaders()
                    .set("Content-Type", (isPage ? "text/html" : "application/json") + "; charset=utf-8");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        }
    }

    /** The study is at its end: waits for a last look of who has looked lately. */
    void end() {
        if (looked && System.nanoTime() - lastLook < 3 * LOOK_MILLIS * 1_000_000L) {
            Session.pause(LOOK_MILLIS);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
