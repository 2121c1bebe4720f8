package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A training run as a process of its own whose steps and log are read while they are written, so that a test can do
 * something at a certain step or after a certain line. Whoever waits is the one who looks.
 */
final class WatchedRun implements AutoCloseable {
    private static final long LOOK_NANOS = 2_000_000;
    /** How late a step may seem to have begun: a step's seconds leave the validation between steps out. */
    private static final long SLACK_NANOS = 2_000_000_000;

    private static final Pattern REGISTERED = Pattern.compile("Registered executor .* with ID (\\d+)");
    private static final Pattern LOST = Pattern.compile("Lost executor (\\d+) on");

    private final Process process;
    private final Path folder;
    private final Tail log;
    private final Tail steps;
    private final long deadline;
    private final Set<String> executors = new HashSet<>();
    private final List<Long> losses = new ArrayList<>();
    private final List<Span> withoutExecutors = new ArrayList<>();
    private final List<Write> writes = new ArrayList<>();

    /** In nanoseconds; the end of what goes on still is the end of time. */
    private record Span(long from, long to) {
        double seconds() {
            return (to - from) * 1e-9;
        }

        /** The seconds that two spans share. */
        double shared(Span other) {
            return Math.max(0, new Span(Math.max(from, other.from), Math.min(to, other.to)).seconds());
        }
    }

    /** When the beginning of a step's line was seen. */
    private record Write(long step, long nanos) {}

    /**
     * How long the run took to go on.
     *
     * @param longestStepSeconds the longest time between two steps
     * @param longestSeconds the longest time from Spark's line about a lost executor to the end of the step that it met
     * @param longestWithExecutors the same without the time in which the application had no executor at all
     */
    record Recovery(double longestStepSeconds, double longestSeconds, double longestWithExecutors) {}

    private WatchedRun(Process process, Path folder, Path log, long mostSeconds) {
        this.process = process;
        this.folder = folder;
        this.log = new Tail(log);
        this.steps = new Tail(folder.resolve("steps.jsonl"));
        this.deadline = System.nanoTime() + mostSeconds * 1_000_000_000L;
    }

    /**
     * Starts {@code jobs/train}.
     *
     * @param folder of the run, to be made by it
     * @param mostSeconds after which the run counts as hanging
     */
    static WatchedRun start(Path configuration, Path folder, String master, List<String> submit, long mostSeconds)
            throws IOException {
        Files.createDirectories(folder.getParent());
        Path log = folder.resolveSibling(folder.getFileName() + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of("jobs", "train").toAbsolutePath().toString(),
                configuration.toString(),
                "--set",
                "output=" + folder,
                "--master",
                master,
                "--"));
        command.addAll(submit);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(log.toFile());
        builder.environment().remove("SPARK_HOME");
        builder.environment()
                .put(
                        "SPARK_CONF_DIR",
                        settings(folder.resolveSibling("settings")).toString());
        return new WatchedRun(builder.start(), folder, log, mostSeconds);
    }

    /** Spark's settings as always, but a log that tells of executors that register. */
    private static Path settings(Path target) throws IOException {
        Path source = Path.of("conf", "spark");
        Files.createDirectories(target);
        for (String name : List.of("spark-defaults.conf", "log4j2.properties")) {
            Files.writeString(target.resolve(name), Files.readString(source.resolve(name)));
        }
        Files.writeString(target.resolve("log4j2.properties"), """

                logger.cluster.name = org.apache.spark.scheduler.cluster
                logger.cluster.level = info
                """, StandardOpenOption.APPEND);
        return target;
    }

    /** Waits until so many steps were written. */
    void awaitStep(long step) throws IOException {
        await("step " + step, () -> steps.lines >= step || !process.isAlive());
    }

    /** Waits until Spark has said so often that it lost an executor. */
    void awaitLosses(int number) throws IOException {
        await(number + " lost executors", () -> losses.size() >= number);
    }

    /** Waits for the end. */
    int awaitEnd() throws IOException {
        await("the end of the run", () -> !process.isAlive());
        look();
        return process.exitValue();
    }

    /** Looks on for some time. */
    void watch(long nanos) throws IOException {
        long until = System.nanoTime() + nanos;
        await("time to pass", () -> System.nanoTime() >= until);
    }

    private void await(String what, BooleanSupplier condition) throws IOException {
        look();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(
                        "the run hangs: waited for " + what + ", at step " + steps.lines + ":\n" + log());
            }
            LockSupport.parkNanos(LOOK_NANOS);
            look();
        }
    }

    private void look() throws IOException {
        String news = log.more();
        long now = System.nanoTime();
        for (String line : news.split("\n", -1)) {
            Matcher registered = REGISTERED.matcher(line);
            Matcher lost = LOST.matcher(line);
            if (registered.find()) {
                if (executors.isEmpty() && !withoutExecutors.isEmpty()) {
                    Span open = withoutExecutors.remove(withoutExecutors.size() - 1);
                    withoutExecutors.add(new Span(open.from(), now));
                }
                executors.add(registered.group(1));
            } else if (lost.find() && executors.remove(lost.group(1))) {
                losses.add(now);
                if (executors.isEmpty()) {
                    withoutExecutors.add(new Span(now, Long.MAX_VALUE));
                }
            }
        }
        if (!steps.more().isEmpty()) {
            writes.add(new Write(steps.lines, System.nanoTime()));
        }
    }

    /** How often Spark said that it lost an executor. */
    int losses() {
        return losses.size();
    }

    /**
     * After the end.
     *
     * <p>Steps come through a buffer, which the beginning of a line pushes out. So the moment of that line's step is known,
     * and the others' moments lie before it by what the steps say that they took.
     */
    Recovery recovery() {
        List<Span> spans = new ArrayList<>();
        List<JsonNode> lines = CommandLineRun.jsonLines(folder.resolve("steps.jsonl"));
        double[] ends = lines.stream()
                .mapToDouble(line -> line.get("seconds").asDouble())
                .toArray();
        double longestStep = 0;
        for (Write write : writes) {
            int pushed = (int) Math.min(write.step(), ends.length - 1);
            for (int i = spans.size() + 1; i <= pushed; i++) {
                long end = write.nanos() - (long) ((ends[pushed] - ends[i]) * 1e9);
                Span span = new Span(end - (long) ((ends[i] - ends[i - 1]) * 1e9), end);
                longestStep = Math.max(longestStep, span.seconds());
                spans.add(span);
            }
        }
        double longest = 0;
        double longestWithExecutors = 0;
        for (long loss : losses) {
            for (Span step : spans) {
                if (step.from() < loss + SLACK_NANOS && step.to() > loss) {
                    Span wait = new Span(loss, step.to());
                    double without =
                            withoutExecutors.stream().mapToDouble(wait::shared).sum();
                    longest = Math.max(longest, wait.seconds());
                    longestWithExecutors = Math.max(longestWithExecutors, wait.seconds() - without);
                }
            }
        }
        return new Recovery(longestStep, longest, longestWithExecutors);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    Path folder() {
        return folder;
    }

    /** All that the driver has said so far. */
    String log() throws IOException {
        return Files.readString(log.file);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** A file that grows. */
    private static final class Tail {
        private final Path file;
        private long read;
        private long lines;

        Tail(Path file) {
            this.file = file;
        }

        /** What was written since the last call. */
        String more() throws IOException {
            if (!Files.exists(file) || Files.size(file) == read) {
                return "";
            }
            try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
                open.seek(read);
                byte[] bytes = new byte[(int) (open.length() - read)];
                open.readFully(bytes);
                // A line counts when it is whole.
                int end = bytes.length;
                while (end > 0 && bytes[end - 1] != '\n') {
                    end--;
                }
                read += end;
                String text = new String(bytes, 0, end, StandardCharsets.UTF_8);
                lines += text.chars().filter(c -> c == '\n').count();
                return text;
            }
        }
    }
}
