package dev.lockstep.observe;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.Version;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Network;
import dev.lockstep.train.CheckpointRules;
import dev.lockstep.train.Keeper;
import dev.lockstep.train.Snapshot;
import dev.lockstep.train.Standing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The checkpoints of one run: {@code checkpoints/step-00000500/} and so on, the newest of them.
 *
 * <p>A checkpoint is written into a hidden folder that is renamed when all is there; {@code checkpoint.json}, written last,
 * has the sizes and the check sums of the other files, for file systems that do not rename in one move. Vectors are
 * safetensors files with the network's names and shapes, so that any of them can be looked at with PyTorch.
 */
public final class Checkpoints implements Keeper {
    static final int FORMAT = 1;
    static final String FOLDER = "checkpoints";
    static final String JSON = "checkpoint.json";
    private static final String WRITING = ".writing";
    private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})");

    private final Folder folder;
    private final CheckpointRules rules;
    private final Network network;
    private final ObjectNode belongs;
    private final Runnable flush;
    private long last = System.nanoTime();

    /**
     * @param run the run's folder
     * @param network whose parameters they are
     * @param belongs to what: what {@link StoredCheckpoint#belongs()} will give back
     * @param flush brings all that was told of steps to the disk
     */
    public Checkpoints(Folder run, CheckpointRules rules, Network network, ObjectNode belongs, Runnable flush) {
        this.folder = run.child(FOLDER);
        this.rules = rules;
        this.network = network;
        this.belongs = belongs;
        this.flush = flush;
    }

    @Override
    public boolean wants(Standing standing, boolean epochEnded) {
        return rules.due(standing, epochEnded, (System.nanoTime() - last) * 1e-9);
    }

    @Override
    public synchronized void keep(Snapshot<?> snapshot) {
        if (rules.keep() == 0) {
            return;
        }
        String name = name(snapshot.standing().steps());
        if (folder.child(name).exists()) {
            if (StoredCheckpoint.intact(folder.child(name)).isPresent()) {
                return;
            }
            folder.child(name).delete();
        }
        flush.run();
        folder.create();
        Folder writing = folder.child(WRITING);
        writing.delete();
        writing.create();
        write(writing, snapshot);
        writing.moveTo(folder.child(name));
        prune(snapshot.standing().steps());
        last = System.nanoTime();
    }

    /** Keeps the newest up to this step; what lies ahead of it was left torn by an earlier process. */
    private void prune(long steps) {
        List<String> kept = new ArrayList<>();
        for (String name : names(folder)) {
            if (step(name) > steps) {
                folder.child(name).delete();
            } else {
                kept.add(name);
            }
        }
        for (String old : kept.subList(0, Math.max(0, kept.size() - rules.keep()))) {
            folder.child(old).delete();
        }
    }

    private void write(Folder writing, Snapshot<?> snapshot) {
        ObjectNode json = Json.object();
        json.put("format", FORMAT);
        json.put("lockstep", Version.project());
        json.put("step", snapshot.standing().steps());
        json.set("standing", Json.MAPPER.valueToTree(snapshot.standing()));
        ObjectNode files = Json.object();
        vector(writing, files, "weights", snapshot.point());
        vector(writing, files, "before", snapshot.before());
        if (snapshot.gradient() != null) {
            vector(writing, files, "gradient", snapshot.gradient());
        }
        if (snapshot.best() != null) {
            vector(writing, files, "best", snapshot.best());
        }
        ObjectNode state = json.putObject("state");
        snapshot.stateEntries().forEach((name, value) -> {
            if (value instanceof Vector vector) {
                state.put(name, vector.size() == 0 ? "empty" : "vector");
                if (vector.size() > 0) {
                    vector(writing, files, stateFile(name), vector);
                }
            } else if (value instanceof List<?> vectors) {
                state.putObject(name).put("vectors", vectors.size());
                for (int i = 0; i < vectors.size(); i++) {
                    vector(writing, files, stateFile(name) + "-" + i, (Vector) vectors.get(i));
                }
            } else {
                state.set(name, Json.MAPPER.valueToTree(value));
            }
        });
        json.set("belongs", belongs);
        json.set("files", files);
        writing.write(JSON, Json.pretty(json));
    }

    private void vector(Folder writing, ObjectNode files, String name, Vector vector) {
        byte[] content = Safetensors.write(network, vector);
        writing.write(name + ".safetensors", content);
        files.putObject(name + ".safetensors").put("bytes", content.length).put("crc32c", checkSum(content));
    }

    static String stateFile(String component) {
        return "state-" + component;
    }

    static long checkSum(byte[] content) {
        CRC32C sum = new CRC32C();
        sum.update(content);
        return sum.getValue();
    }

    private static String name(long step) {
        return String.format(Locale.ROOT, "step-%08d", step);
    }

    /** The names of checkpoints in a folder, the oldest first. */
    static List<String> names(Folder folder) {
        return folder.names().stream()
                .filter(name -> NAME.matcher(name).matches())
                .sorted(Comparator.comparingLong(Checkpoints::step))
                .toList();
    }

    private static long step(String name) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }
}
