package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.linalg.Blas;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Spark application of one command: started with sensible settings, stopped at the end. */
final class Session implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Session.class);
    private static final long PATIENCE_SECONDS = 60;
    private static final long SETTLED_MILLIS = 1500;

    private final JavaSparkContext spark;
    private final boolean ours;

    private Session(JavaSparkContext spark, boolean ours) {
        this.spark = spark;
        this.ours = ours;
    }

    /** Starts Spark, or joins the application that this JVM has already. */
    static Session start(String name, CommonOptions options) {
        boolean ours = SparkEnv.get() == null;
        SparkContext context = ours ? SparkContext.getOrCreate(conf(name, options)) : SparkContext.getOrCreate();
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(context);
        if (ours) {
            spark.setLogLevel(options.verbose ? "INFO" : options.quiet ? "ERROR" : "WARN");
        }
        logAsAsked(options);
        awaitExecutors(spark);
        return new Session(spark, ours);
    }

    /** Lets this project say as much as the user wants to hear. */
    static void logAsAsked(CommonOptions options) {
        Configurator.setLevel("dev.lockstep", options.verbose ? Level.DEBUG : options.quiet ? Level.WARN : Level.INFO);
    }

    /** Hadoop's configuration as Spark would have it, before Spark is started. */
    static Configuration hadoop(CommonOptions options) {
        return SparkHadoopUtil.get().newConfiguration(conf("check", options));
    }

    private static SparkConf conf(String name, CommonOptions options) {
        SparkConf conf = new SparkConf();
        conf.setIfMissing("spark.app.name", name);
        if (options.master != null) {
            conf.setMaster(options.master);
        }
        conf.setIfMissing("spark.master", "local[*]");
        // The progress of a run is ours to show.
        conf.set("spark.ui.showConsoleProgress", "false");
        // Or the first executor to register takes every task.
        conf.setIfMissing("spark.scheduler.minRegisteredResourcesRatio", "1.0");
        // Gradients are larger than half of G1's regions in a heap of a few GB, which makes each of them a special
        // case:
        // with the parallel collector a step of two executors took a third less. A collector that the user chose stays.
        // JDK 17's G1 can throw a spurious OutOfMemoryError while native code pins arrays: the other option is against
        // that.
        boolean chosen = conf.get("spark.executor.extraJavaOptions", "").matches("(?s).*-XX:\\+Use\\w+GC\\b.*");
        conf.setIfMissing(
                "spark.executor.defaultJavaOptions",
                (chosen ? "" : "-XX:+UseParallelGC ")
                        + "-XX:+UnlockDiagnosticVMOptions -XX:GCLockerRetryAllocationCount=100");
        return conf;
    }

    /** Waits until executors have registered and their number has settled, so that shards are shared out evenly. */
    private static void awaitExecutors(JavaSparkContext spark) {
        if (spark.isLocal()) {
            return;
        }
        long begun = System.nanoTime();
        long settledSince = begun;
        int known = 0;
        while (known == 0 || System.nanoTime() - settledSince < SETTLED_MILLIS * 1_000_000L) {
            int now = spark.sc().statusTracker().getExecutorInfos().length - 1;
            if (now != known) {
                known = now;
                settledSince = System.nanoTime();
            }
            if (known == 0 && System.nanoTime() - begun > PATIENCE_SECONDS * 1_000_000_000L) {
                throw new InputException("no executor registered with " + spark.master() + " within " + PATIENCE_SECONDS
                        + " seconds; does the cluster have free cores and the memory of spark.executor.memory?");
            }
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for executors", e);
            }
        }
    }

    JavaSparkContext spark() {
        return spark;
    }

    /** Says once what computes, and where. */
    void announce(Blas.Kind kind) {
        LOG.info(
                "Spark {} on {}, {} tasks at a time; {}, {}",
                spark.version(),
                spark.master(),
                slots(),
                products(kind),
                cpu());
    }

    private static String products(Blas.Kind kind) {
        return "matrix products by " + Blas.of(kind).kernel();
    }

    /** Tasks that can run at the same time. */
    int slots() {
        return Math.max(1, spark.defaultParallelism());
    }

    /** The CPU of the driver, as the operating system names it. */
    static String cpu() {
        try {
            return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch");
        }
    }

    @Override
    public void close() {
        if (ours) {
            spark.stop();
        }
    }
}
