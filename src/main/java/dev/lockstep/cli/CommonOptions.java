package dev.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Flags that every command has. */
final class CommonOptions {
    @Option(
            names = "--master",
            paramLabel = "URL",
            description =
                    "Spark master, such as local[4] or spark://host:7077 (default: local[*], or what spark-submit says).")
    String master;

    @Option(
            names = "--set",
            paramLabel = "KEY.PATH=VALUE",
            description = "Overrides a key of the configuration; may be repeated.")
    List<String> overrides = new ArrayList<>();

    @Option(names = "--quiet", description = "No progress, results only.")
    boolean quiet;

    @Option(names = "--verbose", description = "More about what happens, and stack traces.")
    boolean verbose;

    /** A command with its overrides, as a user types it. */
    static String command(String command, CommonOptions options) {
        StringBuilder whole = new StringBuilder(command);
        options.overrides.forEach(
                override -> whole.append(" --set '").append(override).append('\''));
        return whole.toString();
    }
}
