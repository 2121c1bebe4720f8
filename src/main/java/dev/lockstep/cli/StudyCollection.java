package dev.lockstep.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.Counted;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.FolderLock;
import dev.lockstep.study.StudyPlan;
import java.io.File;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All studies of a folder, one after the other on one Spark session, and one page of their claims. Studies that are in
 * the output folder already go on there, so that what has ended is not run again.
 */
final class StudyCollection {
    private static final Logger LOG = LoggerFactory.getLogger(StudyCollection.class);

    /** Title and introduction of the page; what begins so is no study. */
    private static final String ABOUT = "_collection.conf";

    private final String directory;
    private final CommonOptions options;
    private final List<String> files;
    private final String output;

    /** Whether all of the folder's studies are wanted. */
    private final boolean isWhole;

    /**
     * @param directory with configurations
     * @param only ids of claims, or names of files without their ending; empty for all
     * @param output folder for all; null for one below runs/
     * @throws InputException if there is none
     */
    StudyCollection(String directory, List<String> only, String output, CommonOptions options) {
        this.directory = directory.replaceFirst("/+$", "");
        this.options = options;
        this.files = files(this.directory, only);
        this.isWhole = only.isEmpty();
        this.output = output != null ? output : "runs/" + new File(this.directory).getName();
    }

    private static List<String> files(String directory, List<String> only) {
        File[] found = new File(directory).listFiles((in, name) -> name.endsWith(".conf") && !name.startsWith("_"));
        if (found == null || found.length == 0) {
            throw new InputException(directory + ": no configurations *.conf there; --all takes a folder of studies");
        }
        for (String wanted : only) {
            if (Arrays.stream(found).noneMatch(file -> isCalled(file, wanted))) {
                throw new InputException("--only " + wanted + ": no such study in " + directory + "; there are "
                        + String.join(
                                ", ",
                                Arrays.stream(found)
                                        .map(StudyCollection::id)
                                        .sorted(Comparator.naturalOrder())
                                        .toList()));
            }
        }
        return Arrays.stream(found)
                .filter(file -> only.isEmpty() || only.stream().anyMatch(wanted -> isCalled(file, wanted)))
                .sorted(Comparator.comparing((File file) -> id(file).replaceAll("\\d+$", ""))
                        .thenComparingInt(StudyCollection::number)
                        .thenComparing(File::getName))
                .map(file -> directory + "/" + file.getName())
                .toList();
    }

    /** What stands before the first dash: B10 of B10-memory.conf. */
    private static String id(File file) {
        return name(file).replaceFirst("-.*$", "");
    }

    private static String name(File file) {
        return file.getName().replaceFirst("\\.conf$", "");
    }

    private static int number(File file) {
        String digits = id(file).replaceFirst("^\\D*", "");
        return digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(Character::isDigit)
                ? 0
                : Integer.parseInt(digits);
    }

    private static boolean isCalled(File file, String wanted) {
        return id(file).equalsIgnoreCase(wanted) || name(file).equalsIgnoreCase(wanted);
    }

    /**
     * Makes all studies; mistakes in any of them are found before the first begins.
     *
     * @return exit code: 0 if all ended and all claims came out as expected
     */
    int run(boolean overwrite) {
        Configuration hadoop = Session.hadoop(options);
        ClaimsReport report = report();
        List<PreparedStudy> studies = new ArrayList<>();
        // The page is one for all of them, so nobody else may be at work on another part.
        try (FolderLock lock = FolderLock.take(Folder.of(output, hadoop), "collection")) {
            Function<StudyPlan, String> place = plan -> output + "/" + plan.name();
            for (String file : files) {
                studies.add(
                        overwrite
                                ? PreparedStudy.read(file, options, place, true, hadoop)
                                : PreparedStudy.goOn(file, options, place, hadoop));
            }
            return run(studies, report);
        } finally {
            studies.forEach(PreparedStudy::close);
        }
    }

    private int run(List<PreparedStudy> studies, ClaimsReport report) {
        long begun = System.nanoTime();
        try (Session session = Session.start(
                        "lockstep studies of " + directory,
                        options,
                        studies.get(0).observed());
                Interruption interruption = new Interruption()) {
            RunConfiguration first = studies.get(0).runs().get(0).configuration();
            session.announce(first.blas());
            Folder into = Folder.of(output, session.spark().hadoopConfiguration());
            if (!isWhole) {
                report.keep(into, names());
            }
            for (PreparedStudy study : studies) {
                one(session, interruption, study, report);
                if (interruption.isTold()) {
                    report.write(session, first, into, "stopped", TrainCommand.seconds(begun));
                    System.err.println("told to stop; to go on: the same command again");
                    return Complaints.EXIT_FAILED;
                }
                report.write(session, first, into, "running", TrainCommand.seconds(begun));
            }
            report.write(session, first, into, "finished", TrainCommand.seconds(begun));
            System.out.print(report.text());
            System.out.printf(
                    Locale.ROOT,
                    "%s, %s in %.0f s; report: %s/%s%n",
                    Counted.of(studies.size(), "study", "studies"),
                    Counted.of(
                            studies.stream()
                                    .mapToInt(study -> study.runs().size())
                                    .sum(),
                            "run"),
                    TrainCommand.seconds(begun),
                    into,
                    ClaimsReport.PAGE);
            return report.complain(into + "/" + ClaimsReport.PAGE);
        }
    }

    /** Of all studies of the folder. */
    private List<String> names() {
        return files(directory, List.of()).stream()
                .map(file -> name(new File(file)))
                .toList();
    }

    /** With the title and the introduction of the folder, if it has them. */
    private ClaimsReport report() {
        String command = CommonOptions.command("jobs/study " + directory + " --all", options);
        String file = directory + "/" + ABOUT;
        if (!new File(file).exists()) {
            return new ClaimsReport("The studies of " + directory, List.of(), command);
        }
        Settings about = Settings.read(file, List.of());
        String title = about.text("title");
        List<String> introduction = about.texts("introduction");
        about.refuseUnknown();
        return new ClaimsReport(title, introduction, command);
    }

    private void one(Session session, Interruption interruption, PreparedStudy study, ClaimsReport report) {
        long begun = System.nanoTime();
        LOG.info("{}: {}", study.plan().name(), Counted.of(study.runs().size(), "run"));
        String name = study.plan().name();
        boolean hadEnded = study.hasEnded();
        try {
            study.begin(session);
            String text = study.run(session, interruption, options.quiet, false);
            if (interruption.isTold()) {
                return;
            }
            Optional<ObjectNode> claim = study.judge(session, StudyCommand.taken(hadEnded, begun), false);
            claim.ifPresentOrElse(judged -> report.add(judged, name), () -> System.out.print(text));
            claim.ifPresent(
                    judged -> LOG.info("{}: {}", name, judged.path("verdict").asText()));
        } catch (InputException e) {
            study.failed();
            if (interruption.caused(e)) {
                return;
            }
            LOG.warn("{}: {}", name, e.getMessage());
            study.failed(e.getMessage()).ifPresent(judged -> report.add(judged, name));
        } catch (Throwable e) {
            study.failed();
            if (!interruption.caused(e)) {
                throw e;
            }
        }
    }
}
