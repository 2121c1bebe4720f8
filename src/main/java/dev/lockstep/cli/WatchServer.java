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
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A page that can be looked at while a study runs: on this machine only, and only by who has the address, which holds a
 * token. Pages are made when they are asked for.
 */
final class WatchServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchServer.class);
    private static final int TOKEN_BYTES = 16;

    /** Whoever looks asks again within this time, and should see how it ended. */
    private static final long LAST_LOOK_MILLIS = 4000;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "lockstep-watch");
        thread.setDaemon(true);
        return thread;
    });
    private final String token;
    private final Map<String, Page> pages;
    private volatile long lastAsked = Long.MIN_VALUE;

    /**
     * Something that can be asked for.
     *
     * @param type of its content
     * @param content made anew each time
     */
    record Page(String type, Supplier<String> content) {}

    /**
     * @param port on the loopback interface; 0 for any that is free
     * @param pages by the last part of their address; the empty one is the first
     * @throws InputException if the port is taken
     */
    WatchServer(int port, Map<String, Page> pages) {
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        this.token = HexFormat.of().formatHex(random);
        this.pages = pages;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (IOException e) {
            throw new InputException(
                    "--watch=" + port + ": the port cannot be opened (" + e.getMessage()
                            + "); give another one, or none for any that is free",
                    e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    /** Where to look. */
    String address() {
        return "http://" + server.getAddress().getAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/" + token + "/";
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String prefix = "/" + token + "/";
            Page page = path.startsWith(prefix) ? pages.get(path.substring(prefix.length())) : null;
            if (page == null || !exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            lastAsked = System.nanoTime();
            byte[] content = page.content().get().getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", page.type() + "; charset=utf-8");
            exchange.getResponseHeaders().set("Cache-Control", "no-store");
            exchange.sendResponseHeaders(200, content.length);
            exchange.getResponseBody().write(content);
        } catch (RuntimeException e) {
            LOG.warn("the page to watch could not be made: {}", Complaints.oneLine(e.toString()));
            LOG.debug("--watch", e);
        }
    }

    /** Waits for a last look if somebody has looked lately, and stops. */
    @Override
    public void close() {
        if (lastAsked != Long.MIN_VALUE && System.nanoTime() - lastAsked < 3 * LAST_LOOK_MILLIS * 1_000_000L) {
            Session.pause(LAST_LOOK_MILLIS);
        }
        server.stop(0);
        threads.shutdownNow();
    }
}
