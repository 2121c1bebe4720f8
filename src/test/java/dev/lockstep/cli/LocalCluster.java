package dev.lockstep.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A standalone Spark cluster of real processes on the loopback interface, out of the jars that Maven resolved. */
final class LocalCluster implements AutoCloseable {
    private static final Path SPARK = Path.of("target", "spark").toAbsolutePath();

    private final List<Process> processes = new ArrayList<>();
    private final int port;
    private final Map<String, String> environment;

    private LocalCluster(int port, Map<String, String> environment) {
        this.port = port;
        this.environment = environment;
    }

    /** A master and workers of one core each, for little work. */
    static LocalCluster start(Path folder, int workers) throws IOException {
        return start(folder, workers, 1, Launched.QUICK);
    }

    /**
     * Starts a master and workers; returns when the master listens.
     *
     * @param cores of each worker
     * @param environment of them and of their executors
     */
    static LocalCluster start(Path folder, int workers, int cores, Map<String, String> environment) throws IOException {
        Files.createDirectories(folder);
        int port = freePort();
        LocalCluster cluster = new LocalCluster(port, environment);
        cluster.launch(
                folder,
                "master",
                List.of(
                        "org.apache.spark.deploy.master.Master",
                        "--host",
                        "127.0.0.1",
                        "--port",
                        Integer.toString(port),
                        "--webui-port",
                        Integer.toString(freePort())));
        cluster.awaitMaster();
        for (int i = 0; i < workers; i++) {
            cluster.launch(
                    folder,
                    "worker" + i,
                    List.of(
                            "org.apache.spark.deploy.worker.Worker",
                            "--host",
                            host(i),
                            "--cores",
                            Integer.toString(cores),
                            "--memory",
                            "2g",
                            "--webui-port",
                            Integer.toString(freePort()),
                            "--work-dir",
                            folder.resolve("work" + i).toString(),
                            cluster.master()));
        }
        return cluster;
    }

    /** An address of its own for each worker, where the system has them: to Spark these are different machines. */
    private static String host(int worker) {
        String own = "127.0.0." + (worker + 2);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(own))) {
            return socket.getInetAddress().getHostAddress();
        } catch (IOException e) {
            return "127.0.0.1";
        }
    }

    /** The processes of the executors that live now. A worker replaces one that dies, as long as its application lives. */
    List<ProcessHandle> executors() {
        return processes.stream()
                .skip(1)
                .flatMap(worker -> worker.toHandle().descendants())
                .filter(process -> process.info()
                        .commandLine()
                        .orElse("")
                        .contains("org.apache.spark.executor.CoarseGrainedExecutorBackend"))
                .toList();
    }

    private void launch(Path folder, String name, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx512m");
        command.addAll(List.of(org.apache.spark.launcher.JavaModuleOptions.defaultModuleOptions()
                .split(" ", -1)));
        command.addAll(List.of("-cp", SPARK.resolve("jars") + "/*"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment()
                .putAll(Map.of(
                        "SPARK_HOME", SPARK.toString(), "SPARK_SCALA_VERSION", "2.13", "SPARK_LOCAL_IP", "127.0.0.1"));
        builder.environment().putAll(environment);
        processes.add(builder.start());
    }

    private void awaitMaster() throws IOException {
        IOException last = null;
        for (int attempt = 0; attempt < 300; attempt++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.isConnected()) {
                    return;
                }
            } catch (IOException e) {
                last = e;
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
        close();
        throw new IOException("the master did not listen within 30 seconds", last);
    }

    String master() {
        return "spark://127.0.0.1:" + port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        // Workers first, so that they end their executors.
        for (int i = processes.size() - 1; i >= 0; i--) {
            processes.get(i).destroy();
        }
        for (Process process : processes) {
            process.onExit()
                    .orTimeout(20, java.util.concurrent.TimeUnit.SECONDS)
                    .join();
        }
    }
}
