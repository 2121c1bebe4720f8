package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.observe.Json;
import dev.lockstep.study.StudyPlan;
import dev.lockstep.train.ObserveRules;
import java.io.File;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes many runs in lockstep over the same data and compares them. */
@Command(
        name = "study",
        description = "Makes many runs in lockstep over the same data, and one report that compares them.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
final class StudyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CONF", arity = "0..1", description = "Configuration of the study; conf/ has examples.")
    private String file;

    @Option(
            names = "--resume",
            paramLabel = "STUDY",
            description = "Goes on with the study of a folder: runs that have ended stay, others go on or begin.")
    private String resume;

    @Option(names = "--overwrite", description = "Replaces the study's folder if it exists.")
    private boolean overwrite;

    @Option(
            names = "--watch",
            paramLabel = "PORT",
            arity = "0..1",
            fallbackValue = "0",
            description =
                    "Serves the report while the study runs, on this machine only, at an address that is printed.")
    private Integer watch;

    @Mixin
    private CommonOptions options;

    @Override
    public Integer call() {
        if ((file == null) == (resume == null)) {
            throw new InputException(
                    file == null
                            ? "no configuration; give jobs/study CONF, or --resume STUDY to go on with a study; --help"
                                    + " lists all"
                            : "--resume goes on with the configuration of its study, so " + file + " is not wanted");
        }
        if (resume != null && (overwrite || !options.overrides.isEmpty())) {
            throw new InputException("--resume goes on with the study as it was: "
                    + (overwrite ? "--overwrite" : "--set " + options.overrides.get(0)) + " is not wanted");
        }
        Configuration hadoop = Session.hadoop(options);
        Settings settings =
                resume == null ? Settings.read(file, options.overrides) : StudyFolder.configuration(resume, hadoop);
        StudyPlan plan = StudyPlan.read(settings, file == null ? resume : new File(file).getName());
        String output = resume == null ? plan.output() : resume;
        List<StudyRun> runs = Study.of(plan.runs(), output);
        StudyReport report = StudyReport.read(settings, plan, runs, command());
        settings.refuseUnknown();
        StudyFolder folder = resume == null
                ? StudyFolder.check(output, overwrite, hadoop)
                : StudyFolder.resume(output, runs, hadoop);
        try (Session session = Session.start("lockstep study " + plan.name(), options, observed(runs))) {
            session.announce(runs.get(0).configuration().blas());
            return run(session, runs, report, folder);
        }
    }

    /** What a session must have for all runs. */
    private static ObserveRules observed(List<StudyRun> runs) {
        return runs.stream()
                .map(run -> run.configuration().observe())
                .filter(ObserveRules::prometheus)
                .findFirst()
                .orElse(runs.get(0).configuration().observe());
    }

    private String command() {
        return CommonOptions.command("jobs/study " + (file == null ? "--resume " + resume : file), options);
    }

    private int run(Session session, List<StudyRun> runs, StudyReport report, StudyFolder folder) {
        folder.begin();
        report.open(session, folder);
        try (Interruption interruption = new Interruption();
                WatchServer server = watch == null ? null : watch(report)) {
            try (StudyProgress progress = new StudyProgress(runs, TrainCommand.isTerminal(), options.quiet)) {
                new Study(session, runs, progress, interruption, report::learn).run();
            }
            boolean told = interruption.isTold();
            System.out.print(report.write(told ? "stopped" : "finished"));
            if (told) {
                System.err.println("told to stop; to go on: jobs/study --resume " + folder);
                return Complaints.EXIT_FAILED;
            }
            if (server != null) {
                server.end();
            }
            return 0;
        } catch (Throwable e) {
            folder.discard(runs);
            throw e;
        }
    }

    private WatchServer watch(StudyReport report) {
        WatchServer server = new WatchServer(watch, report::page, () -> Json.line(report.summary()));
        System.err.println("watch it at " + server.address());
        return server;
    }
}
