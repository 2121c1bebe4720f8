package dev.lockstep.cli;

import dev.lockstep.InputException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The master that an application is to have, by its URL.
 *
 * @param url as Spark takes it
 */
record Master(String url) {
    private static final Logger LOG = LoggerFactory.getLogger(Master.class);
    private static final int PROBE_MILLIS = 2000;
    private static final int PAUSE_MILLIS = 500;

    private static final String ADDRESS = "[^,:/\\s]+:\\d{1,5}";
    private static final Pattern STANDALONE = Pattern.compile("spark://" + ADDRESS + "(," + ADDRESS + ")*");
    private static final Pattern OTHERS = Pattern.compile("local|local\\[([1-9]\\d*|\\*)\\s*(,\\s*\\d+\\s*)?]"
            + "|local-cluster\\[\\s*\\d+\\s*,\\s*\\d+\\s*,\\s*\\d+\\s*]|yarn|k8s://\\S+");

    /** Refuses what is no master, or one whose executors could not be had. */
    Master {
        if (url.startsWith("sc://")) {
            throw connect(url);
        }
        if (!STANDALONE.matcher(url).matches() && !OTHERS.matcher(url).matches()) {
            throw new InputException("master " + url
                    + ": Spark has no such master; expected local[N], spark://HOST:PORT, yarn or k8s://URL");
        }
    }

    /**
     * The master of a configuration.
     *
     * @param environment variables of this process
     */
    static Master of(SparkConf conf, Map<String, String> environment) {
        String remote = conf.get("spark.remote", environment.getOrDefault("SPARK_REMOTE", ""));
        if (!remote.isBlank()) {
            throw connect(remote);
        }
        return new Master(conf.get("spark.master"));
    }

    private static InputException connect(String url) {
        return new InputException("Spark Connect at " + url + " runs no tasks of ours; give a classic master, such as "
                + "--master spark://HOST:7077, and unset spark.remote and SPARK_REMOTE");
    }

    boolean isStandalone() {
        return STANDALONE.matcher(url).matches();
    }

    /**
     * Waits until a standalone master listens: Spark itself would try for a minute and not say why.
     *
     * @throws InputException if nobody listens in time
     */
    void awaitListening(Duration most) {
        if (!isStandalone()) {
            return;
        }
        long deadline = System.nanoTime() + most.toNanos();
        boolean announced = false;
        while (true) {
            List<String> refusals = new ArrayList<>();
            for (String address : url.substring("spark://".length()).split(",", -1)) {
                String refusal = probe(address);
                if (refusal == null) {
                    return;
                }
                refusals.add(refusal);
            }
            if (System.nanoTime() >= deadline) {
                throw new InputException("no master listens at " + url + " (" + String.join("; ", refusals)
                        + "), tried for " + most.toSeconds()
                        + " s; is it running, and are these the host and port that its log and its page name?");
            }
            if (!announced) {
                LOG.info("no master listens at {} yet; waiting at most {} s", url, most.toSeconds());
                announced = true;
            }
            Session.pause(PAUSE_MILLIS);
        }
    }

    /** Why nobody listens at an address; null if somebody does. */
    private static String probe(String address) {
        int colon = address.lastIndexOf(':');
        int port = Integer.parseInt(address.substring(colon + 1));
        if (port > 0xFFFF) {
            return "no port " + port;
        }
        InetSocketAddress resolved = new InetSocketAddress(address.substring(0, colon), port);
        if (resolved.isUnresolved()) {
            return "unknown host " + resolved.getHostString();
        }
        try (Socket socket = new Socket()) {
            socket.connect(resolved, PROBE_MILLIS);
            return null;
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
