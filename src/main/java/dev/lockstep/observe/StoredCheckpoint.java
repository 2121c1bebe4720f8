package dev.lockstep.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.InputException;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Network;
import dev.lockstep.optimize.Optimizer;
import dev.lockstep.train.Snapshot;
import dev.lockstep.train.Standing;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A checkpoint that was found whole.
 *
 * @param folder where it lies
 * @param json what {@code checkpoint.json} says
 */
public record StoredCheckpoint(Folder folder, JsonNode json) {
    private static final Logger LOG = LoggerFactory.getLogger(StoredCheckpoint.class);

    /**
     * The newest whole checkpoint of a run; torn ones are passed over with a word.
     *
     * @throws InputException if there is none, or it is of another format
     */
    public static StoredCheckpoint newest(Folder run) {
        if (!run.exists()) {
            throw new InputException(run + ": no such run folder");
        }
        Folder all = run.child(Checkpoints.FOLDER);
        List<String> names = all.exists() ? Checkpoints.names(all) : List.of();
        for (int i = names.size() - 1; i >= 0; i--) {
            Optional<StoredCheckpoint> found = intact(all.child(names.get(i)));
            if (found.isPresent()) {
                return found.get();
            }
            LOG.warn("{}/{} was not written to its end and is passed over", all, names.get(i));
        }
        throw new InputException(run + ": no checkpoint to go on from; begin again with jobs/train CONF --overwrite");
    }

    /**
     * The weights of all whole checkpoints of a run, the oldest first.
     *
     * @param network whose parameters they are
     */
    public static List<PathFile.Point> path(Folder run, Network network) {
        Folder all = run.child(Checkpoints.FOLDER);
        List<String> names = all.exists() ? Checkpoints.names(all) : List.of();
        return names.stream()
                .flatMap(name -> intact(all.child(name)).stream())
                .map(found -> new PathFile.Point(found.standing().steps(), found.vector("weights", network)))
                .toList();
    }

    /** Whether a run has left any, whole or torn. */
    public static boolean hasAny(Folder run) {
        return run.child(Checkpoints.FOLDER).exists();
    }

    /** The checkpoint in a folder if all its files are there as they were written. */
    static Optional<StoredCheckpoint> intact(Folder folder) {
        if (!folder.has(Checkpoints.JSON)) {
            return Optional.empty();
        }
        JsonNode json;
        try {
            json = Json.read(folder.read(Checkpoints.JSON));
        } catch (IOException e) {
            return Optional.empty();
        }
        if (json == null) {
            return Optional.empty();
        }
        if (json.path("format").asInt(-1) != Checkpoints.FORMAT) {
            throw new InputException(folder + ": a checkpoint of format " + json.path("format")
                    + ", but this version reads format " + Checkpoints.FORMAT
                    + "; go on with the version that wrote it, "
                    + json.path("lockstep").asText("unknown"));
        }
        if (!json.path("files").isObject()) {
            return Optional.empty();
        }
        for (Map.Entry<String, JsonNode> file : json.path("files").properties()) {
            if (!folder.has(file.getKey())) {
                return Optional.empty();
            }
            byte[] content = folder.read(file.getKey());
            if (content.length != file.getValue().path("bytes").asLong(-1)
                    || Checkpoints.checkSum(content)
                            != file.getValue().path("crc32c").asLong(-1)) {
                return Optional.empty();
            }
        }
        return Optional.of(new StoredCheckpoint(folder, json));
    }

    /** What the checkpoint belongs to, as it was said when it was written. */
    public JsonNode belongs() {
        return json.path("belongs");
    }

    /** Where the run stood. */
    public Standing standing() {
        try {
            return Json.MAPPER
                    .readerFor(Standing.class)
                    .with(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .readValue(json.path("standing"));
        } catch (IOException e) {
            throw damaged("standing", e);
        }
    }

    /**
     * The run as it was, for an optimizer whose states are of the kind that was written.
     *
     * @param network whose parameters they are
     */
    public <S extends Record> Snapshot<S> snapshot(Network network, Optimizer<S> optimizer) {
        Vector weights = vector("weights", network);
        return new Snapshot<>(
                weights,
                vector("before", network),
                optional("gradient", network),
                optional("best", network),
                state(network, optimizer.start(weights)),
                standing());
    }

    /** A state of the same kind as another one, with the values that were written. */
    @SuppressWarnings("unchecked")
    private <S extends Record> S state(Network network, S like) {
        RecordComponent[] components = like.getClass().getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            String name = components[i].getName();
            JsonNode stored = json.path("state").path(name);
            Class<?> type = components[i].getType();
            if (type == Vector.class) {
                values[i] = stored.asText().equals("empty")
                        ? Vector.zeros(0)
                        : vector(Checkpoints.stateFile(name), network);
            } else if (type == List.class) {
                values[i] = IntStream.range(0, stored.path("vectors").asInt())
                        .mapToObj(k -> vector(Checkpoints.stateFile(name) + "-" + k, network))
                        .toList();
            } else {
                values[i] = number(stored, name, type);
            }
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        try {
            return (S) like.getClass().getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object number(JsonNode stored, String name, Class<?> type) {
        try {
            return Json.MAPPER.treeToValue(stored, type);
        } catch (JsonProcessingException e) {
            throw damaged("state." + name, e);
        }
    }

    /** Null if it was not written. */
    private Vector optional(String name, Network network) {
        return json.path("files").has(name + ".safetensors") ? vector(name, network) : null;
    }

    private Vector vector(String name, Network network) {
        String file = name + ".safetensors";
        return Safetensors.readAny(folder + "/" + file, folder.read(file), network);
    }

    private InputException damaged(String what, IOException e) {
        return new InputException(
                folder + "/" + Checkpoints.JSON + ": " + what + " cannot be read: "
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                e);
    }
}
