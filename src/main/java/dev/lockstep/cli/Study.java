package dev.lockstep.cli;

import dev.lockstep.Counted;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.data.Scan;
import dev.lockstep.distributed.Engines;
import dev.lockstep.distributed.JobEngine;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.distributed.SharedEngine;
import dev.lockstep.network.Network;
import dev.lockstep.study.PlannedRun;
import dev.lockstep.study.RunState;
import dev.lockstep.train.TrainingListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of a study on Spark. Those that train one network on the same packed rows go in lockstep; such groups take
 * turns, and so do the parts of a group that would not fit into the driver's memory together.
 */
final class Study {
    private static final Logger LOG = LoggerFactory.getLogger(Study.class);

    private static final String DATA = "data";

    private final Session session;
    private final List<StudyRun> runs;
    private final TrainingListener progress;
    private final Interruption interruption;
    private final BiConsumer<DataSets, Network> learn;

    /** What runs in lockstep have in common beside their rows. */
    private record Arithmetic(Network network, String settings) {}

    /**
     * What a first pass over the sources of some runs found.
     *
     * @param scans of each set's source
     * @param seconds that it took
     */
    private record Scanned(Map<RowSet, Scan> scans, double seconds) {}

    /**
     * @param progress is told of every step
     * @param learn is told of rows and network before runs begin with them
     */
    Study(
            Session session,
            List<StudyRun> runs,
            TrainingListener progress,
            Interruption interruption,
            BiConsumer<DataSets, Network> learn) {
        this.session = session;
        this.learn = learn;
        this.runs = runs;
        this.progress = progress;
        this.interruption = interruption;
    }

    /**
     * Makes all runs that have not ended yet, or as many as there are until it is told to stop.
     *
     * @throws InputException if a run's rows are not there, or are too few for it: before the first run begins
     */
    void run() {
        Map<String, Scanned> bySource = scans();
        Map<String, List<StudyRun>> byRows = new LinkedHashMap<>();
        for (StudyRun run : runs) {
            if (!run.hasEnded()) {
                byRows.computeIfAbsent(rows(run), key -> new ArrayList<>()).add(run);
            }
        }
        for (List<StudyRun> group : byRows.values()) {
            if (interruption.isTold()) {
                return;
            }
            try {
                onSameRows(group, bySource.get(sources(group.get(0))));
            } catch (RuntimeException e) {
                if (interruption.caused(e)) {
                    LOG.debug("told to stop, which broke off", e);
                    return;
                }
                // Before the first run has begun, the study is the mistake; later, only these runs are.
                if (runs.stream().allMatch(run -> run.state() == RunState.WAITING)) {
                    throw e;
                }
                group.stream().filter(run -> !run.hasEnded()).forEach(run -> run.failed(e));
            }
        }
    }

    /** Looks through the sources of all runs that are to be made, each once, and at what they want of their rows. */
    private Map<String, Scanned> scans() {
        Map<String, Scanned> bySource = new HashMap<>();
        for (StudyRun run : runs) {
            if (run.hasEnded() || interruption.isTold()) {
                continue;
            }
            RunConfiguration configuration = run.configuration();
            Scanned scanned =
                    checked(run, DATA, () -> bySource.computeIfAbsent(sources(run), key -> scanned(configuration)));
            long rows = checked(run, DATA, () -> DataSets.trainingRows(configuration, scanned.scans));
            checked(run, "batch", () -> {
                DataSets.checkBatch(configuration, rows);
                return rows;
            });
            checked(run, "shards", () -> DataSets.shards(configuration.shards(), rows));
            checked(run, "network", () -> network(configuration, scanned.scans.get(RowSet.TRAINING)));
        }
        return bySource;
    }

    private Scanned scanned(RunConfiguration run) {
        long begun = System.nanoTime();
        return new Scanned(DataSets.scans(session, run), TrainCommand.seconds(begun));
    }

    /** A user's mistake is told with the place of a key and with the run. */
    private static <T> T checked(StudyRun run, String key, Supplier<T> check) {
        try {
            return check.get();
        } catch (RuntimeException e) {
            String line = Complaints.of(e)
                    .filter(complaint -> complaint.exitCode() == Complaints.EXIT_INPUT)
                    .orElseThrow(() -> e)
                    .line();
            Settings configuration = Settings.of(run.planned().configuration());
            String place = key.equals(DATA) ? placeOfPath(configuration.child(DATA), line) : configuration.place(key);
            throw new InputException(place + line + ofRun(run.planned()), e);
        }
    }

    /** Where the path stands with which a complaint about data begins; empty if it begins otherwise. */
    private static String placeOfPath(Settings data, String line) {
        return Stream.of("train", "validation", "test")
                .filter(data::isObject)
                .map(data::child)
                .filter(source -> source.has("path") && line.startsWith(String.join(",", source.texts("path"))))
                .map(source -> source.place("path"))
                .findFirst()
                .orElse("");
    }

    private static String ofRun(PlannedRun run) {
        return " (run " + run.name() + " of the study)";
    }

    /** What decides which sources a run has, and how their rows are looked at. */
    private static String sources(StudyRun run) {
        DataDesign data = run.configuration().data();
        return Stream.of(Optional.of(data.train()), data.validation(), data.test())
                        .map(input ->
                                input.map(one -> one.json() + one.faults()).orElse(""))
                        .collect(Collectors.joining("\n"))
                + run.configuration().network().loss().forClasses();
    }

    /** What decides which rows a run sees, and how they are packed. */
    static String rows(StudyRun run) {
        RunConfiguration configuration = run.configuration();
        DataDesign data = configuration.data();
        boolean drawn = data.validationFraction() > 0 || data.fraction() < 1;
        return String.join(
                "\n",
                run.planned().configuration().getValue("data").toString(),
                configuration.shards().toString(),
                Integer.toString(configuration.blockRows()),
                configuration.network().precision().key(),
                Boolean.toString(configuration.network().loss().forClasses()),
                drawn ? Long.toString(configuration.seed()) : "");
    }

    private void onSameRows(List<StudyRun> group, Scanned scanned) {
        long begun = System.nanoTime();
        DataSets data = DataSets.read(session, group.get(0).configuration(), scanned.scans);
        double readingSeconds = scanned.seconds + TrainCommand.seconds(begun);
        try {
            Map<Arithmetic, List<StudyRun>> byNetwork = new LinkedHashMap<>();
            for (StudyRun run : group) {
                byNetwork
                        .computeIfAbsent(arithmetic(run.configuration(), data), key -> new ArrayList<>())
                        .add(run);
            }
            byNetwork.forEach((arithmetic, some) -> {
                some.forEach(run -> run.learn(data.rows(RowSet.TRAINING)));
                learn.accept(data, arithmetic.network);
                inLockstep(some, data, arithmetic.network, readingSeconds);
            });
        } finally {
            data.release();
        }
    }

    private static Arithmetic arithmetic(RunConfiguration run, DataSets data) {
        return new Arithmetic(network(run, data.train()), run.blas() + " " + run.allowMixedCpus() + " " + run.engine());
    }

    private static Network network(RunConfiguration run, Scan train) {
        return run.network().build(train.features().size(), train.classesOrTargets());
    }

    private void inLockstep(List<StudyRun> group, DataSets data, Network network, double readingSeconds) {
        RunConfiguration first = group.get(0).configuration();
        JobEngine jobs = TrainCommand.jobs(session, first, data, network);
        List<List<StudyRun>> parts = fitting(group, data, network);
        FirstWeights firstWeights = new FirstWeights();
        LOG.info(
                "{} in lockstep{}: {}, {} parameters; {} training rows in {} shards",
                Counted.of(group.size(), "run"),
                parts.size() > 1 ? ", in " + parts.size() + " parts for want of memory" : "",
                network.widths(),
                String.format("%,d", network.parameters()),
                String.format("%,d", data.rows(RowSet.TRAINING)),
                data.sets().get(RowSet.TRAINING).plan().shards());
        for (List<StudyRun> part : parts) {
            if (interruption.isTold()) {
                return;
            }
            int processors = Runtime.getRuntime().availableProcessors();
            try (SharedEngine engine = new SharedEngine(engine(group).over(jobs), network.parameters(), processors)) {
                List<SharedEngine.Seat> seats =
                        part.stream().map(run -> engine.seat()).toList();
                ExecutorService threads = Executors.newFixedThreadPool(part.size());
                List<Future<?>> ends = new ArrayList<>();
                for (int i = 0; i < part.size(); i++) {
                    StudyRun run = part.get(i);
                    SharedEngine.Seat seat = seats.get(i);
                    ends.add(threads.submit(() -> run.run(
                            session, data, network, firstWeights, seat, progress, interruption, readingSeconds)));
                }
                threads.shutdown();
                ends.forEach(Study::await);
            }
        }
    }

    /** What would be measured at the start, with all runs at work, says nothing of later rounds with fewer of them. */
    private static Engines engine(List<StudyRun> group) {
        Engines choice = group.get(0).configuration().engine();
        boolean anyMiniBatch =
                group.stream().anyMatch(run -> run.configuration().batchRows().isPresent());
        return choice == Engines.AUTO && anyMiniBatch ? Engines.RESIDENT : choice;
    }

    private static void await(Future<?> end) {
        try {
            end.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while runs go on", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Parts of a group whose vectors fit into the driver's memory together; a run that does not alone has failed. */
    private List<List<StudyRun>> fitting(List<StudyRun> group, DataSets data, Network network) {
        long heap = Runtime.getRuntime().maxMemory();
        List<List<StudyRun>> parts = new ArrayList<>();
        List<StudyRun> part = new ArrayList<>();
        long vectors = 0;
        Map<StudyRun, InputException> tooLarge = new LinkedHashMap<>();
        for (StudyRun run : group) {
            DriverMemory alone = TrainCommand.memory(session, run.configuration(), data, network);
            try {
                alone.check(heap);
            } catch (InputException e) {
                tooLarge.put(run, e);
                continue;
            }
            if (!part.isEmpty() && !alone.with(vectors, part.size()).fits(heap)) {
                parts.add(part);
                part = new ArrayList<>();
                vectors = 0;
            }
            part.add(run);
            vectors += alone.optimizerVectors();
        }
        if (!part.isEmpty()) {
            parts.add(part);
        }
        if (parts.isEmpty()) {
            throw tooLarge.values().iterator().next();
        }
        tooLarge.forEach(StudyRun::failed);
        return parts;
    }

    /** Reads and checks the configurations of all runs. */
    static List<StudyRun> of(List<PlannedRun> planned, String output) {
        List<StudyRun> runs = new ArrayList<>();
        for (PlannedRun one : planned) {
            try {
                RunConfiguration configuration = RunConfiguration.read(Settings.of(one.configuration()), one.name());
                runs.add(new StudyRun(one, configuration.withOutput(output + "/runs/" + one.name())));
            } catch (InputException e) {
                throw new InputException(e.getMessage() + ofRun(one), e);
            }
        }
        return runs;
    }
}
