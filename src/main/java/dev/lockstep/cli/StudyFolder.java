package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.FolderLock;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.RunFolder;
import dev.lockstep.study.RunState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** The folder of a study: {@code study.json}, the report, and below {@code runs/} a folder for each run. */
final class StudyFolder implements AutoCloseable {
    static final String RUNS = "runs";
    private static final String STUDY = "study.json";
    private static final String RUN = "run.json";
    private static final String WHAT = "study";
    private static final String CONFIGURATION = "configuration";
    static final String COMMAND = "command";

    private final Folder folder;
    /** What is to be replaced, set aside until a run has begun; null if there is nothing. */
    private Folder replaced;

    /** Against a second process. */
    private final FolderLock lock;

    private final boolean resumed;
    private final boolean overwrite;

    private StudyFolder(Folder folder, FolderLock lock, boolean overwrite, boolean resumed) {
        this.folder = folder;
        this.lock = lock;
        this.overwrite = overwrite;
        this.resumed = resumed;
    }

    /**
     * Refuses a folder that is there already, unless it may be overwritten and is a study's, and one that cannot be
     * written. Leaves nothing behind.
     */
    static StudyFolder check(String path, boolean overwrite, Configuration hadoop) {
        Folder folder = Folder.of(path, hadoop);
        FolderLock lock = FolderLock.take(folder, WHAT);
        try {
            check(folder, path, overwrite);
        } catch (InputException e) {
            lock.close();
            throw e;
        }
        return new StudyFolder(folder, lock, overwrite, false);
    }

    private static void check(Folder folder, String path, boolean overwrite) {
        if (folder.exists() && !folder.has(STUDY)) {
            throw new InputException(path + ": exists and is no study's folder"
                    + (RunFolder.isRun(folder) ? " but a single run's" : "")
                    + ", so it is left alone; set study.output to another");
        }
        if (folder.exists() && !overwrite) {
            throw new InputException(path + ": the study's folder exists; --resume " + path
                    + " goes on with it, --overwrite replaces it, study.output names another");
        }
        try {
            folder.checkWritable();
        } catch (InputException e) {
            throw new InputException(e.getMessage() + "; set study.output to another folder", e);
        }
    }

    /**
     * The folder of a study that goes on; its runs that have ended are told so.
     *
     * @throws InputException if it is no study's
     */
    static StudyFolder resume(String path, List<StudyRun> runs, Configuration hadoop) {
        Folder folder = Folder.of(path, hadoop);
        // Before anybody looks at which runs have ended.
        FolderLock lock = FolderLock.take(folder, WHAT);
        for (StudyRun run : runs) {
            summary(folder, run)
                    .ifPresent(summary -> run.endedBefore(
                            summary.path("stopReason").asText(),
                            summary.at("/data/training/rows").asLong(0)));
        }
        return new StudyFolder(folder, lock, false, true);
    }

    /**
     * Keeps other processes away from the folder of a run that is trained by itself; if it is one of a study's, from the
     * study's.
     *
     * @throws InputException if one is at work there
     */
    static FolderLock lockRun(String path, Configuration hadoop) {
        Folder run = Folder.of(path, hadoop);
        return run.above()
                .filter(above -> above.name().equals(RUNS))
                .flatMap(Folder::above)
                .filter(above -> above.has(STUDY))
                .map(study -> FolderLock.take(study, WHAT))
                .orElseGet(() -> FolderLock.take(run, "run"));
    }

    /** The summary of a run, if it has ended. */
    private static Optional<JsonNode> summary(Folder folder, StudyRun run) {
        Folder own = folder.child(RUNS).child(run.name());
        if (!own.has(RUN)) {
            return Optional.empty();
        }
        try {
            JsonNode summary = Json.MAPPER.readTree(own.read(RUN));
            return summary.path("stopReason").isTextual() ? Optional.of(summary) : Optional.empty();
        } catch (IOException e) {
            // Cut off while it was written: the run goes on from its last checkpoint.
            return Optional.empty();
        }
    }

    /** Whether a folder is a study's. */
    static boolean isStudy(String path, Configuration hadoop) {
        return Folder.of(path, hadoop).has(STUDY);
    }

    /** The configuration that a study was begun with. */
    static Settings configuration(String path, Configuration hadoop) {
        Folder folder = Folder.of(path, hadoop);
        if (!folder.has(STUDY)) {
            throw new InputException(path + ": no " + STUDY + " there, so it is no study's folder; give the folder that"
                    + " jobs/study wrote");
        }
        String name = path + "/" + STUDY;
        JsonNode configuration = read(folder, name).path(CONFIGURATION);
        if (!configuration.path("study").isObject()) {
            throw new InputException(name + ": no key " + CONFIGURATION + ".study; it was written by something else");
        }
        return Settings.parse(Json.line(configuration), name, List.of());
    }

    /** The command that a study was begun with, if it says so. */
    static Optional<String> command(String path, Configuration hadoop) {
        JsonNode command = read(Folder.of(path, hadoop), path + "/" + STUDY).path(COMMAND);
        return command.isTextual() ? Optional.of(command.asText()) : Optional.empty();
    }

    private static JsonNode read(Folder folder, String name) {
        try {
            return Json.MAPPER.readTree(folder.read(STUDY));
        } catch (IOException e) {
            throw new InputException(
                    name + ": not JSON: " + e.getMessage().lines().findFirst().orElse(""), e);
        }
    }

    /** What an earlier process learnt of rows and network. */
    ObjectNode known() {
        ObjectNode known = Json.object();
        if (folder.has(STUDY)) {
            try {
                JsonNode study = Json.MAPPER.readTree(folder.read(STUDY));
                for (String key : List.of("data", "network")) {
                    if (study.has(key)) {
                        known.set(key, study.get(key));
                    }
                }
            } catch (IOException e) {
                throw new InputException(folder + "/" + STUDY + ": not JSON", e);
            }
        }
        return known;
    }

    /** Makes the folder; what is to be replaced is set aside. */
    void begin() {
        if (!resumed) {
            replaced = overwrite && folder.exists() ? folder.setAside() : null;
            folder.create();
            folder.child(RUNS).create();
        }
    }

    /** What the study is, before its runs begin and again when it has ended. */
    void write(ObjectNode study) {
        folder.write(STUDY, Json.pretty(study));
    }

    /** Rows are read, runs begin: what was replaced is not needed any more. */
    void commit() {
        if (replaced != null) {
            replaced.delete();
            replaced = null;
        }
    }

    /** The study ended before its first run began: all is as it was. */
    void discard(List<StudyRun> runs) {
        if (!resumed && runs.stream().allMatch(run -> run.state() == RunState.WAITING)) {
            folder.discard();
            if (replaced != null) {
                replaced.moveTo(folder);
            }
        }
    }

    Folder folder() {
        return folder;
    }

    /** Lets others at it. */
    @Override
    public void close() {
        lock.close();
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
