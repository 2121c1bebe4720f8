package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.data.Scan;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.StoredCheckpoint;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;

/**
 * A run that goes on: its newest checkpoint, and the configuration that it was written under.
 *
 * @param checkpoint where it goes on
 * @param run what it is, with what the command line changed
 */
record Resumption(StoredCheckpoint checkpoint, RunConfiguration run) {
    private static final String CONFIGURATION = "configuration";
    private static final String FINGERPRINTS = "fingerprints";
    private static final String WIDTHS = "network";

    /** What may be other than it was: the bits of a step do not depend on it, or the rows themselves are compared. */
    private static final Pattern FREE = Pattern.compile(
            "(name|output|engine|allow-mixed-cpus|observe\\.(tensorboard|prometheus)|(stop|checkpoint|curvature)(\\..*)?"
                    + "|data\\.(train|validation|test)\\.(path|images|labels)|data\\.test(\\..*)?)");

    /** What checkpoints of a run say that they belong to. */
    static ObjectNode belongs(RunConfiguration run, DataSets data, Network network) {
        ObjectNode node = Json.object();
        node.put("name", run.name());
        node.put(WIDTHS, network.widths());
        ObjectNode fingerprints = node.putObject(FINGERPRINTS);
        data.scans().forEach((set, scan) -> {
            if (set != RowSet.TEST) {
                fingerprints.put(key(set), scan.fingerprint());
            }
        });
        try {
            node.set(CONFIGURATION, Json.MAPPER.readTree(run.json()));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return node;
    }

    /**
     * Reads the newest checkpoint of a run folder.
     *
     * @param overrides what the command line sets
     * @throws InputException if there is none, or something is set that would make it another run
     */
    static Resumption of(String folder, List<String> overrides, Configuration hadoop) {
        StoredCheckpoint checkpoint = StoredCheckpoint.newest(Folder.of(folder, hadoop));
        JsonNode belongs = checkpoint.belongs();
        String before = Json.line(belongs.path(CONFIGURATION));
        Settings settings = Settings.parse(before, checkpoint.folder().toString(), overrides);
        RunConfiguration run =
                RunConfiguration.read(settings, belongs.path("name").asText());
        if (settings.has("output") && overrides.stream().anyMatch(set -> set.startsWith("output="))) {
            throw settings.wrong(
                    "output", "--resume goes on in the run's own folder; leave this out, or copy " + folder);
        }
        // Read as this version reads it: a key that an earlier one did not know had its default's meaning.
        String same = RunConfiguration.read(
                        Settings.parse(before, checkpoint.folder().toString(), List.of()), run.name())
                .json();
        refuseChanges(folder, ConfigFactory.parseString(same), ConfigFactory.parseString(run.json()));
        return new Resumption(checkpoint, run.withOutput(folder));
    }

    private static void refuseChanges(String folder, Config before, Config now) {
        Map<String, ConfigValue> was = new TreeMap<>();
        before.entrySet().forEach(entry -> was.put(entry.getKey(), entry.getValue()));
        Map<String, ConfigValue> is = new TreeMap<>();
        now.entrySet().forEach(entry -> is.put(entry.getKey(), entry.getValue()));
        Map<String, ConfigValue> all = new TreeMap<>(was);
        all.putAll(is);
        for (String key : all.keySet()) {
            if (!FREE.matcher(key).matches()
                    && !String.valueOf(text(was.get(key))).equals(text(is.get(key)))) {
                throw new InputException(folder + ": goes on with " + key + " = " + text(was.get(key)) + ", not "
                        + text(is.get(key)) + "; another " + key + " is another run: jobs/train CONF");
            }
        }
    }

    private static String text(ConfigValue value) {
        return value == null ? "nothing" : String.valueOf(value.unwrapped());
    }

    /**
     * Refuses other rows or another network than those of the checkpoint.
     *
     * @throws InputException names what differs
     */
    void check(DataSets data, Network network) {
        JsonNode belongs = checkpoint.belongs();
        if (!belongs.path(WIDTHS).asText().equals(network.widths())) {
            throw new InputException(
                    run.output() + ": the network was " + belongs.path(WIDTHS).asText() + ", now it is "
                            + network.widths() + "; a run goes on with the network that it began with");
        }
        for (Map.Entry<RowSet, Scan> entry : data.scans().entrySet()) {
            String was = belongs.path(FINGERPRINTS).path(key(entry.getKey())).asText("");
            if (entry.getKey() != RowSet.TEST && !was.equals(entry.getValue().fingerprint())) {
                throw new InputException(run.output() + ": the " + key(entry.getKey())
                        + " rows are others than those that it began with (fingerprint " + was + ", now "
                        + entry.getValue().fingerprint() + "); give the same rows, or begin a new run");
            }
        }
    }

    private static String key(RowSet set) {
        return set.name().toLowerCase(Locale.ROOT);
    }
}
