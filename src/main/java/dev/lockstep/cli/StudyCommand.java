package dev.lockstep.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.InputException;
import dev.lockstep.observe.Json;
import dev.lockstep.study.StudyPlan;
import java.io.File;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    private static final Logger LOG = LoggerFactory.getLogger(StudyCommand.class);

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

    @Option(
            names = "--all",
            description = "CONF is a folder: all its studies, one after the other, and one page of their claims.")
    private boolean all;

    @Option(
            names = "--only",
            paramLabel = "ID",
            split = ",",
            description =
                    "With --all: these studies only, by the beginning of their files' names up to the first dash.")
    private List<String> only = List.of();

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description =
                    "With --all: the folder for all studies and the page; runs/ and the name of CONF's folder if not given.")
    private String output;

    @Override
    public Integer call() {
        if ((file == null) == (resume == null)) {
            throw new InputException(
                    file == null
                            ? "no configuration; give jobs/study CONF, or --resume STUDY to go on with a study; --help"
                                    + " lists all"
                            : "--resume goes on with the configuration of its study, so " + file + " is not wanted");
        }
        if (resume != null && (overwrite || all || !options.overrides.isEmpty())) {
            throw new InputException("--resume goes on with the study as it was: "
                    + (overwrite ? "--overwrite" : all ? "--all" : "--set " + options.overrides.get(0))
                    + " is not wanted");
        }
        if (all) {
            if (watch != null) {
                throw new InputException("--watch shows one study; leave out --all or --watch");
            }
            return new StudyCollection(file, only, output, options).run(overwrite);
        }
        if (!only.isEmpty()) {
            throw new InputException("--only chooses some of a folder's studies; give --all and the folder");
        }
        if (output != null) {
            throw new InputException("--output is for --all; a study's own folder is study.output");
        }
        if (file != null && new File(file).isDirectory()) {
            throw new InputException(
                    file + ": is a folder; give one of its configurations, or --all to run all of them");
        }
        Configuration hadoop = Session.hadoop(options);
        try (PreparedStudy study = resume == null
                        ? PreparedStudy.read(file, options, StudyPlan::output, overwrite, hadoop)
                        : PreparedStudy.resume(resume, hadoop);
                Session session = Session.start("lockstep study " + study.plan().name(), options, study.observed())) {
            session.announce(study.runs().get(0).configuration().blas());
            return run(session, study);
        }
    }

    private int run(Session session, PreparedStudy study) {
        boolean hadEnded = study.hasEnded();
        study.begin(session);
        try (Interruption interruption = new Interruption();
                WatchServer server = watch == null ? null : watch(study.report())) {
            int exitCode = run(session, study, interruption, hadEnded);
            if (server != null && !interruption.isTold()) {
                server.end();
            }
            return exitCode;
        } catch (Throwable e) {
            study.failed();
            throw e;
        }
    }

    private int run(Session session, PreparedStudy study, Interruption interruption, boolean hadEnded) {
        long begun = System.nanoTime();
        try {
            System.out.print(study.run(session, interruption, options.quiet, true));
            if (interruption.isTold()) {
                return told(study);
            }
            return study.judge(session, taken(hadEnded, begun), true)
                    .map(claim -> report(session, study, claim, TrainCommand.seconds(begun)))
                    .orElse(0);
        } catch (Throwable e) {
            if (!interruption.caused(e)) {
                throw e;
            }
            LOG.debug("told to stop, which broke off", e);
            study.failed();
            return told(study);
        }
    }

    private static int told(PreparedStudy study) {
        System.err.println(
                study.folder().folder().exists()
                        ? "told to stop; to go on: jobs/study --resume " + study.folder()
                        : "told to stop before the first run began");
        return Complaints.EXIT_FAILED;
    }

    /** Writes and prints what came out of a study's claim, and gives the exit code. */
    private static int report(Session session, PreparedStudy study, ObjectNode claim, double seconds) {
        ClaimsReport report = new ClaimsReport(study.plan().name(), List.of(), study.command());
        report.add(claim, "");
        RunConfiguration first = study.runs().get(0).configuration();
        report.write(session, first, study.folder().folder(), "finished", seconds);
        String page = study.folder() + "/" + ClaimsReport.PAGE;
        System.out.print(report.text());
        System.out.println("claim: " + page);
        return report.complain(page);
    }

    /** What runs took; of runs that had ended before nobody knows here. */
    static OptionalDouble taken(boolean hadEnded, long begun) {
        return hadEnded ? OptionalDouble.empty() : OptionalDouble.of(TrainCommand.seconds(begun));
    }

    private WatchServer watch(StudyReport report) {
        WatchServer server = new WatchServer(watch, report::page, () -> Json.line(report.summary()));
        System.err.println("watch it at " + server.address());
        return server;
    }
}
