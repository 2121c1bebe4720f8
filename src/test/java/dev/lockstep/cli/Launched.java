package dev.lockstep.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A job as a process of its own, through its launcher.
 *
 * @param exitCode of the process
 * @param out its standard output
 * @param err its standard error
 */
record Launched(int exitCode, String out, String err) {
    /** The environment of processes that end before it pays to compile much. */
    static final Map<String, String> QUICK = Map.of("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1");

    private static final long MOST_MINUTES = 4;

    /** Runs {@code jobs/NAME arguments more -- submit} in a folder, on the embedded Spark. */
    static Launched job(Path folder, String name, List<String> arguments, List<String> more, List<String> submit)
            throws IOException {
        return job(folder, name, arguments, more, submit, Map.of());
    }

    /** The same with variables of the environment. */
    static Launched job(
            Path folder,
            String name,
            List<String> arguments,
            List<String> more,
            List<String> submit,
            Map<String, String> environment)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of("jobs", name).toAbsolutePath().toString());
        command.addAll(arguments);
        command.addAll(more);
        if (!submit.isEmpty()) {
            command.add("--");
            command.addAll(submit);
        }
        return process(folder, name, command, environment);
    }

    /** Runs a command of any kind. */
    static Launched process(Path folder, String name, List<String> command, Map<String, String> environment)
            throws IOException {
        Path out = Files.createTempFile(folder, name, ".out");
        Path err = Files.createTempFile(folder, name, ".err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().remove("SPARK_HOME");
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            if (!process.waitFor(MOST_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException(
                        name + " did not end within " + MOST_MINUTES + " minutes: " + Files.readString(err));
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            throw new IOException(e);
        }
        return new Launched(process.exitValue(), Files.readString(out), Files.readString(err));
    }
}
