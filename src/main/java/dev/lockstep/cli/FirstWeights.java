package dev.lockstep.cli;

import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Initialization;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Safetensors;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.conf.Configuration;

/** Where runs begin: drawn, or read, once for all that begin with the same weights. Any thread's. */
final class FirstWeights {
    private final Map<Start, Vector> drawn = new ConcurrentHashMap<>();

    /** Equal for runs that begin with the same weights. */
    private record Start(Network network, Initialization initialization, Optional<String> path, long seed) {}

    /** The first weights of a run. */
    Vector of(RunConfiguration run, Network network, Configuration hadoop) {
        Start start =
                new Start(network, run.network().initialization(), run.network().initialWeights(), run.seed());
        return drawn.computeIfAbsent(start, key -> draw(key, hadoop));
    }

    private static Vector draw(Start start, Configuration hadoop) {
        if (start.path.isEmpty()) {
            return start.initialization.draw(start.network, start.seed);
        }
        String path = start.path.get();
        int slash = path.lastIndexOf('/');
        Folder folder = Folder.of(slash < 0 ? "." : path.substring(0, Math.max(1, slash)), hadoop);
        return Safetensors.read(path, folder.read(path.substring(slash + 1)), start.network);
    }
}
