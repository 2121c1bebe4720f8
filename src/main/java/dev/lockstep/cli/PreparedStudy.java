package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.observe.Json;
import dev.lockstep.study.Chart;
import dev.lockstep.study.ChartPicture;
import dev.lockstep.study.Claim;
import dev.lockstep.study.StudyPlan;
import dev.lockstep.train.ObserveRules;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A study whose configuration is read and checked, and whose folder can be written: all that can be known of it before
 * Spark is there.
 *
 * @param plan its runs
 * @param runs the same, with what becomes of them
 * @param report what it leaves
 * @param folder where
 * @param claim what it is to find out, if it says so
 * @param command that a user types to repeat it
 * @param text its configuration for people
 */
record PreparedStudy(
        StudyPlan plan,
        List<StudyRun> runs,
        StudyReport report,
        StudyFolder folder,
        Optional<Claim> claim,
        String command,
        String text)
        implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PreparedStudy.class);

    /**
     * A new study.
     *
     * @param file configuration
     * @param output path of its folder, by the plan
     * @param overwrite whether a folder that is there is replaced
     */
    static PreparedStudy read(
            String file,
            CommonOptions options,
            Function<StudyPlan, String> output,
            boolean overwrite,
            Configuration hadoop) {
        Settings settings = Settings.read(file, options.overrides);
        String command = CommonOptions.command("jobs/study " + file, options);
        StudyPlan plan = StudyPlan.read(settings, new File(file).getName());
        return of(
                settings,
                plan,
                command,
                output.apply(plan),
                runs -> StudyFolder.check(output.apply(plan), overwrite, hadoop),
                text(file));
    }

    /** A study that goes on in its folder, as it was begun. */
    static PreparedStudy resume(String folder, Configuration hadoop) {
        Settings settings = StudyFolder.configuration(folder, hadoop);
        StudyPlan plan = StudyPlan.read(settings, folder);
        return of(
                settings,
                plan,
                StudyFolder.command(folder, hadoop).orElse("jobs/study --resume " + folder),
                folder,
                runs -> StudyFolder.resume(folder, runs, hadoop),
                HoconText.of("{ \"study\": " + plan.json() + " }"));
    }

    /**
     * A study of a file that goes on in its folder, if that has it; else a new one.
     *
     * @throws InputException if the folder's study is another one
     */
    static PreparedStudy goOn(
            String file, CommonOptions options, Function<StudyPlan, String> output, Configuration hadoop) {
        Settings settings = Settings.read(file, options.overrides);
        StudyPlan plan = StudyPlan.read(settings, new File(file).getName());
        String folder = output.apply(plan);
        if (!StudyFolder.isStudy(folder, hadoop)) {
            return read(file, options, output, false, hadoop);
        }
        Settings begun = StudyFolder.configuration(folder, hadoop);
        if (!json(StudyPlan.read(begun, new File(file).getName()).json()).equals(json(plan.json()))) {
            throw new InputException(
                    folder + ": holds the study of another configuration than " + file + "; --overwrite replaces it");
        }
        String command = CommonOptions.command("jobs/study " + file, options);
        return of(settings, plan, command, folder, runs -> StudyFolder.resume(folder, runs, hadoop), text(file));
    }

    private static PreparedStudy of(
            Settings settings,
            StudyPlan plan,
            String command,
            String output,
            Function<List<StudyRun>, StudyFolder> folder,
            String text) {
        List<StudyRun> runs = Study.of(plan.runs(), output);
        Optional<Claim> claim = Claim.read(settings);
        StudyReport report = StudyReport.read(settings, plan, runs, command, json(settings, claim));
        settings.refuseUnknown();
        claim.ifPresent(one -> StudyTables.check(one.id(), one.questions()));
        return new PreparedStudy(plan, runs, report, folder.apply(runs), claim, command, text);
    }

    /** The claim as configured: a study that goes on has it too. */
    private static Optional<JsonNode> json(Settings settings, Optional<Claim> claim) {
        return claim.map(one -> json(settings.child("claim").json()));
    }

    private static JsonNode json(String text) {
        try {
            return Json.MAPPER.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read", e);
        }
    }

    /** What a session must have for all runs. */
    ObserveRules observed() {
        return runs.stream()
                .map(run -> run.configuration().observe())
                .filter(ObserveRules::prometheus)
                .findFirst()
                .orElse(runs.get(0).configuration().observe());
    }

    /**
     * Makes the runs and writes the report.
     *
     * @param pictures whether plots are drawn beside it
     * @return what is printed
     */
    String run(Session session, Interruption interruption, boolean quiet, boolean pictures) {
        try (StudyProgress progress = new StudyProgress(runs, TrainCommand.isTerminal(), quiet)) {
            new Study(session, runs, progress, interruption, report::learn).run();
        }
        return report.write(interruption.isTold() ? "stopped" : "finished", pictures);
    }

    /** Something went wrong: a study that ends before its first run begins leaves nothing behind. */
    void failed() {
        folder.discard(runs);
    }

    /** Makes the folder. */
    void begin(Session session) {
        folder.begin();
        report.open(session, folder);
    }

    /** Whether all runs had ended before this process, so that there is nothing to run. */
    boolean hasEnded() {
        return runs.stream().allMatch(StudyRun::hasEnded);
    }

    /**
     * Looks at what the runs have come to.
     *
     * @param seconds that the runs took; empty where that is not known
     * @param pictures whether the claim's charts are drawn beside the report
     */
    Optional<ObjectNode> judge(Session session, OptionalDouble seconds, boolean pictures) {
        return claim.map(one -> {
            StudyTables tables = StudyTables.of(session, runs, folder.folder(), one.questions());
            Claim.Judgement judged = one.judge(tables);
            if (pictures) {
                draw(judged.charts());
            }
            return described(one.json(judged), seconds);
        });
    }

    /** All else is written by now: pictures that cannot be drawn must not cost it. */
    private void draw(List<Chart> charts) {
        try {
            for (int i = 0; i < charts.size(); i++) {
                ChartPicture.draw(charts.get(i), folder.folder().child("plots"), "claim-" + (i + 1) + ".png");
            }
        } catch (InputException | UncheckedIOException | IllegalStateException e) {
            LOG.warn("no pictures of the claim: {}", Complaints.oneLine(e.toString()));
        }
    }

    /** Other processes may have the folder. */
    @Override
    public void close() {
        folder.close();
    }

    /** What is said of the claim where there is no run to look at. */
    Optional<ObjectNode> failed(String message) {
        return claim.map(
                one -> described(one.json(Claim.Judgement.failed(List.of(), message)), OptionalDouble.empty()));
    }

    private ObjectNode described(ObjectNode node, OptionalDouble seconds) {
        node.put("runs", runs.size());
        seconds.ifPresent(some -> node.put("seconds", some));
        node.put("command", command);
        node.put("configuration", text);
        return node;
    }
}
