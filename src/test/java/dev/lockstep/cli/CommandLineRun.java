package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.SharedSpark;
import dev.lockstep.observe.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A command as a user would type it, run in this JVM on the shared Spark.
 *
 * @param exitCode what the shell would see
 * @param out standard output
 * @param complaints lines of standard error, log lines left out
 */
record CommandLineRun(int exitCode, String out, List<String> complaints) {
    static CommandLineRun of(String... arguments) {
        SharedSpark.context();
        return captured(arguments);
    }

    /**
     * The same on a Spark of its own that ends with the command; for JVMs without the shared one. One at a time.
     *
     * @param properties what spark-submit would have set
     */
    static synchronized CommandLineRun alone(Map<String, String> properties, String... arguments) {
        Map<String, String> all = new HashMap<>(properties);
        all.put("spark.ui.enabled", "false");
        all.put("spark.driver.host", "127.0.0.1");
        all.forEach(System::setProperty);
        try {
            return captured(arguments);
        } finally {
            all.keySet().forEach(System::clearProperty);
        }
    }

    private static CommandLineRun captured(String... arguments) {
        PrintStream realOut = System.out;
        PrintStream realErr = System.err;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
            int exitCode = Main.run(arguments);
            return new CommandLineRun(
                    exitCode,
                    out.toString(StandardCharsets.UTF_8),
                    err.toString(StandardCharsets.UTF_8).lines().toList());
        } finally {
            System.setOut(realOut);
            System.setErr(realErr);
        }
    }

    /** Trains a configuration that is written to a folder first; {@code output} is the folder {@code run} there. */
    static CommandLineRun train(Path folder, String configuration, String... more) {
        try {
            Path file = folder.resolve("test.conf");
            Files.writeString(file, configuration);
            List<String> arguments = new ArrayList<>(
                    List.of("train", file.toString(), "--quiet", "--set", "output=" + folder.resolve("run")));
            arguments.addAll(List.of(more));
            return of(arguments.toArray(new String[0]));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One line of complaint with all these parts, exit code 2, and no result. */
    void assertRefused(String... parts) {
        assertThat(complaints).as("one line").hasSize(1);
        assertThat(complaints.get(0)).contains(parts);
        assertThat(exitCode).isEqualTo(2);
        assertThat(out).isEmpty();
    }

    static JsonNode json(Path file) {
        try {
            return Json.MAPPER.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> jsonLines(Path file) {
        try {
            List<JsonNode> nodes = new ArrayList<>();
            for (String line : Files.readAllLines(file)) {
                nodes.add(Json.MAPPER.readTree(line));
            }
            return nodes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of a table without quotes, without the columns of seconds. */
    static List<List<String>> withoutSeconds(Path table) throws IOException {
        List<String> lines = Files.readAllLines(table);
        List<String> header = List.of(lines.get(0).split(",", -1));
        List<List<String>> kept = new ArrayList<>();
        for (String line : lines) {
            String[] cells = line.split(",", -1);
            List<String> row = new ArrayList<>();
            for (int i = 0; i < cells.length; i++) {
                if (!header.get(i).toLowerCase(Locale.ROOT).contains("seconds")) {
                    row.add(cells[i]);
                }
            }
            kept.add(row);
        }
        return kept;
    }
}
