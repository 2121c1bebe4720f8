package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.util.VersionInfo;

/**
 * The one line that a user gets for what went wrong: from an exception of ours, or from how Spark tells of a mistake.
 * Spark hands a task's exception on as text, so most rules look for words.
 */
final class Complaints {
    static final int EXIT_FAILED = 1;
    static final int EXIT_INPUT = 2;

    /** An input error inside a task. */
    private static final Pattern REMOTE_INPUT = Pattern.compile("dev\\.lockstep\\.InputException: ([^\\n]*)");

    private static final Pattern TASK =
            Pattern.compile("Lost task \\S+ in stage \\S+ \\(TID \\d+\\) \\((\\S+) executor (\\S+?)\\)");
    private static final Pattern OTHER_CLASS = Pattern.compile("InvalidClassException: ([\\w.$]+)");
    private static final Pattern OTHER_LIBRARY = Pattern.compile(
            "(?:NoSuchMethodError|NoSuchFieldError|AbstractMethodError|IncompatibleClassChangeError): .*"
                    + "|(?:ClassNotFoundException|NoClassDefFoundError): (?:scala|org[./]apache[./]spark)[./][\\w./$]+");
    private static final Pattern NO_CLASS_OF_OURS =
            Pattern.compile("(?:ClassNotFoundException|NoClassDefFoundError): (dev[./]lockstep[./][\\w./$]+)");
    private static final Pattern NO_FILE_SYSTEM =
            Pattern.compile("ClassNotFoundException: Class (org\\.apache\\.hadoop\\.fs\\.\\S+) not found");
    private static final Pattern NO_CREDENTIALS =
            Pattern.compile("S3Exception: .*Status Code: 40[13]|NoAuthWithAWSException|NoAwsCredentialsException");

    private static final Pattern SAME_COLUMN = Pattern.compile("\\[COLUMN_ALREADY_EXISTS] The column (`[^`]+`)");
    private static final Pattern NO_TEXT =
            Pattern.compile("UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE] The CSV datasource doesn't support the column "
                    + "(`[^\\n]+`) of the type \"([^\\n]+)\"\\.");
    private static final Pattern OLD_JAVA = Pattern.compile("UnsupportedClassVersionError: [^\\n]*");
    private static final Pattern NO_FILE = Pattern.compile("(?:FileNotFoundException|NoSuchFileException): ([^\\n]+)");
    private static final Pattern FULL_DISK = Pattern.compile("No space left on device");
    private static final Pattern OUT_OF_MEMORY = Pattern.compile("(?:java\\.lang\\.OutOfMemoryError|"
            + "SparkOutOfMemoryError)(?:: [^\\n]*)?|exited with code 52|[Ee]xit (?:code|status):? 137|"
            + "exceeding (?:physical |virtual )?memory limits|OOMKilled");
    private static final Pattern LOST =
            Pattern.compile("ExecutorLostFailure[^\\n]*|MetadataFetchFailedException: [^\\n]*");
    private static final Pattern TOO_LITTLE_MEMORY = Pattern.compile("(\\d+) must be at least (\\d+)");

    /**
     * An answer to the user.
     *
     * @param line what, where, and how to mend it
     * @param exitCode of the command
     */
    record Complaint(String line, int exitCode) {}

    private Complaints() {}

    /** The complaint about an exception; empty if nobody foresaw it. */
    static Optional<Complaint> of(Throwable thrown) {
        List<Throwable> chain = chain(thrown);
        for (Throwable cause : chain) {
            if (cause instanceof InputException) {
                String line = oneLine(cause.getMessage());
                return input(line + remedyOfS3(line));
            }
        }
        StringBuilder told = new StringBuilder();
        chain.forEach(cause -> told.append(cause).append('\n'));
        String text = told.toString();
        Matcher same = SAME_COLUMN.matcher(text);
        if (same.find()) {
            return input("the output would have two columns " + same.group(1)
                    + ", but for capital letters, which Spark does not write as Parquet; write .csv");
        }
        Matcher nested = NO_TEXT.matcher(text);
        if (nested.find()) {
            return input(
                    "the column " + nested.group(1) + " is " + nested.group(2).toLowerCase(Locale.ROOT)
                            + ", which a cell of .csv does not hold; write .parquet");
        }
        Matcher remote = REMOTE_INPUT.matcher(text);
        if (remote.find()) {
            return input(remote.group(1));
        }
        Matcher task = TASK.matcher(text);
        boolean inTask = task.find();
        boolean onExecutor = inTask && !task.group(2).equals("driver");
        String host = inTask ? task.group(1) : "";
        return versions(text)
                .or(() -> inTask ? file(text, host) : Optional.empty())
                .or(() -> memory(text, onExecutor, host))
                .or(() -> FULL_DISK.matcher(text).find()
                        ? failed("a disk is full" + (onExecutor ? " on " + host : "")
                                + "; make room below the run folder and below spark.local.dir")
                        : Optional.empty());
    }

    /** Whether an exception is the user's mistake. */
    static boolean isInput(Throwable thrown) {
        return of(thrown)
                .filter(complaint -> complaint.exitCode() == EXIT_INPUT)
                .isPresent();
    }

    /** What it means that Spark did not start. */
    static InputException atStart(String master, Throwable thrown) {
        String text = chain(thrown).toString();
        Matcher memory = TOO_LITTLE_MEMORY.matcher(text);
        boolean ofExecutors = text.contains("xecutor memory");
        if (memory.find() && (ofExecutors || text.contains("System memory"))) {
            return new InputException(
                    (ofExecutors ? "spark.executor.memory gives executors " : "the driver has ")
                            + megabytes(memory.group(1)) + " of memory, but Spark needs " + megabytes(memory.group(2))
                            + "; add -- " + (ofExecutors ? "--conf spark.executor.memory=1g" : "--driver-memory 1g"),
                    thrown);
        }
        if (text.contains("stopped SparkContext") || text.contains("masters are unresponsive")) {
            return notTaken(master, thrown);
        }
        return new InputException(
                "Spark does not start on " + master + ": "
                        + oneLine(thrown.toString().replaceFirst("^[\\w.$]*\\.", ""))
                        + "; check --master and what stands after --",
                thrown);
    }

    /** What it means that an application was ended before it had an executor. */
    static InputException notTaken(String master, Throwable cause) {
        return new InputException(
                master
                        + " did not take the application, or ended it; its log says why: is that the port of a standalone "
                        + "master, is its Spark " + Platform.line(Version.spark())
                        + " with Scala 2.13, does it want spark.authenticate?",
                cause);
    }

    private static Optional<Complaint> versions(String text) {
        Matcher missing = NO_CLASS_OF_OURS.matcher(text);
        boolean isMissing = missing.find();
        if (isMissing || text.contains("cannot assign instance of java.lang.invoke.SerializedLambda")) {
            return input("the executors cannot load lockstep.jar"
                    + (isMissing ? " (no " + missing.group(1).replace('/', '.') + " there)" : "")
                    + "; start with a command in jobs/ or with spark-submit, which send it to them, or set "
                    + "spark.jars to it");
        }
        Matcher other = OTHER_CLASS.matcher(text);
        if (other.find()) {
            return input(
                    other.group(1).startsWith("dev.lockstep.")
                            ? "the executors load another version of lockstep.jar (" + other.group(1)
                                    + " differs); take the old one off their class path"
                            : otherSpark(other.group(1) + " differs"));
        }
        Matcher library = OTHER_LIBRARY.matcher(text);
        if (library.find()) {
            return input(otherSpark(library.group()));
        }
        Matcher system = NO_FILE_SYSTEM.matcher(text);
        if (system.find()) {
            return input("the code of a file system is not on the class path (" + system.group(1)
                    + "); add it, such as for s3a://: -- --packages org.apache.hadoop:hadoop-aws:"
                    + VersionInfo.getVersion());
        }
        Matcher java = OLD_JAVA.matcher(text);
        return java.find()
                ? input("the executors run a Java that is too old (" + java.group() + "); give them Java 17 or 21")
                : Optional.empty();
    }

    private static String otherSpark(String why) {
        return "the cluster runs another Spark or Scala than the driver (" + why + "); expected Spark "
                + Platform.line(Version.spark()) + " with Scala 2.13 everywhere";
    }

    private static Optional<Complaint> file(String text, String host) {
        Matcher file = NO_FILE.matcher(text);
        if (!file.find() || text.contains("blockmgr-") || text.contains("Too many open files")) {
            return Optional.empty();
        }
        return input(file.group(1) + ", says " + host
                + "; every executor must be able to read it there: use a file system that all of them share, or copy "
                + "it to each machine");
    }

    private static Optional<Complaint> memory(String text, boolean onExecutor, String host) {
        Matcher memory = OUT_OF_MEMORY.matcher(text);
        if (memory.find()) {
            return failed(
                    onExecutor || text.contains("ExecutorLostFailure")
                            ? "out of memory on an executor" + (host.isEmpty() ? "" : " on " + host) + " ("
                                    + memory.group() + "); raise it: -- --conf spark.executor.memory=… (1g if not set)"
                            : "out of memory on the driver (" + memory.group() + ", of "
                                    + megabytes(
                                            Long.toString(Runtime.getRuntime().maxMemory()))
                                    + "); raise it: -- --driver-memory …");
        }
        Matcher lost = LOST.matcher(text);
        return lost.find()
                ? failed("executors were lost again and again (" + lost.group()
                        + "), mostly for want of memory; raise it: -- --conf spark.executor.memory=… (1g if not set)")
                : Optional.empty();
    }

    /** What to do about a refusal of S3, whose client says what happened and no more; else nothing. */
    private static String remedyOfS3(String line) {
        return NO_CREDENTIALS.matcher(line).find()
                ? "; check spark.hadoop.fs.s3a.access.key and spark.hadoop.fs.s3a.secret.key"
                : line.contains("SdkClientException: Unable to execute HTTP request")
                        ? "; check spark.hadoop.fs.s3a.endpoint"
                        : "";
    }

    private static Optional<Complaint> input(String line) {
        return Optional.of(new Complaint(line, EXIT_INPUT));
    }

    private static Optional<Complaint> failed(String line) {
        return Optional.of(new Complaint(line, EXIT_FAILED));
    }

    /** An exception and what caused it. */
    static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        Set<Throwable> met = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable cause = thrown; cause != null && met.add(cause); cause = cause.getCause()) {
            chain.add(cause);
        }
        return chain;
    }

    /** The first line of a text. */
    static String oneLine(String text) {
        return text.strip().lines().findFirst().orElse("");
    }

    private static String megabytes(String bytes) {
        return Long.parseLong(bytes) / (1 << 20) + " MB";
    }
}
