package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.observe.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import scala.Tuple2;

/**
 * A JVM of its own for one item on one master: started as this one was, through Spark's own entry, with this JVM's options
 * and class path. It writes its figures as one line of JSON on standard output; its standard error is ours.
 *
 * <p>It cannot outlive its purpose: it is ended after its time limit and when this JVM ends in order, and it ends by itself
 * when this JVM is gone.
 */
final class BenchmarkJvm {
    private static final List<String> NOT_HANDED_ON =
            List.of("spark.master", "spark.app.name", "spark.app.submitTime", "spark.jars", "spark.repl.local.jars");
    private static final String LOOPBACK = "127.0.0.1";

    private BenchmarkJvm() {}

    /** Why there are no figures. */
    static final class Failed extends Exception {
        private static final long serialVersionUID = 1;
        private final int exitCode;

        Failed(String message, int exitCode) {
            super(message);
            this.exitCode = exitCode;
        }

        int exitCode() {
            return exitCode;
        }
    }

    /** Has an item measured. */
    static Figures measure(BenchmarkItem item, String master, List<String> arguments) throws Failed {
        try {
            return run(item, master, arguments);
        } catch (IOException e) {
            throw new Failed("its JVM did not start: " + e.getMessage(), 1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failed("interrupted", 1);
        }
    }

    private static Figures run(BenchmarkItem item, String master, List<String> arguments)
            throws IOException, InterruptedException, Failed {
        ProcessBuilder builder =
                new ProcessBuilder(command(item, master, arguments)).redirectError(ProcessBuilder.Redirect.INHERIT);
        if (master.startsWith("local")) {
            builder.environment().put("SPARK_LOCAL_IP", LOOPBACK);
        }
        Process process = builder.start();
        process.getOutputStream().close();
        Thread end = new Thread(() -> destroy(process), "benchmark-end");
        Runtime.getRuntime().addShutdownHook(end);
        ScheduledExecutorService limit = Executors.newSingleThreadScheduledExecutor();
        try {
            var deadline = limit.schedule(() -> destroy(process), item.mostMinutes(), TimeUnit.MINUTES);
            // One that does not end in order is ended anyhow.
            var grace = limit.schedule(process::destroyForcibly, item.mostMinutes() + 1L, TimeUnit.MINUTES);
            String line = lastObject(process);
            int exitCode = process.waitFor();
            grace.cancel(false);
            if (deadline.isDone()) {
                throw new Failed("it did not end within " + item.mostMinutes() + " minutes", 1);
            }
            if (exitCode != 0 || line == null) {
                throw new Failed("its JVM ended with exit code " + exitCode, exitCode);
            }
            JsonNode json = Json.MAPPER.readTree(line);
            return Figures.of(json);
        } finally {
            limit.shutdownNow();
            destroy(process);
            Runtime.getRuntime().removeShutdownHook(end);
        }
    }

    private static String lastObject(Process process) throws IOException {
        String last = null;
        try (BufferedReader out = process.inputReader()) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith("{")) {
                    last = line;
                }
            }
        }
        return last;
    }

    private static void destroy(Process process) {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
    }

    private static List<String> command(BenchmarkItem item, String master, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            // Two JVMs cannot listen on one debugger's or monitor's port.
            if (!option.startsWith("-agentlib") && !option.startsWith("-Dcom.sun.management")) {
                command.add(option);
            }
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.apache.spark.deploy.SparkSubmit"));
        command.addAll(List.of("--master", master, "--class", Main.class.getName()));
        String jar = jar();
        for (Tuple2<String, String> setting : new SparkConf().getAll()) {
            if (!NOT_HANDED_ON.contains(setting._1()) && !setting._1().startsWith("spark.submit.")) {
                command.addAll(List.of("--conf", setting._1() + "=" + setting._2()));
            }
        }
        command.add(jar);
        command.addAll(List.of("benchmark", "--part", item.key()));
        command.addAll(arguments);
        return command;
    }

    /** The application's jar; classes in folders, as of a build, need none in the driver's JVM. */
    private static String jar() {
        try {
            Path home = Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return home.toFile().isFile() ? home.toString() : "spark-internal";
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In the other JVM: ends it when the one that started it is gone. */
    static void endWithParent() {
        ProcessHandle.current().parent().ifPresent(parent -> {
            var unused = parent.onExit().thenRun(() -> System.exit(1));
        });
    }
}
