package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.linalg.Blas;
import dev.lockstep.train.ObserveRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
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
    /** Of Spark's configuration: how long a master that does not listen is waited for. */
    private static final String MASTER_WAIT = "spark.lockstep.master.wait";

    /** Of Spark's configuration: how long the first executor is waited for. */
    private static final String EXECUTOR_WAIT = "spark.lockstep.executor.wait";

    private static final String UI_KEY = "spark.ui.enabled";

    /** Of Spark's configuration: whether there is a page of Spark's where nobody asks for one or against it. */
    private static final String UI_DEFAULT = "spark.lockstep.ui";

    /** Of Spark's configuration: what shows gauges on its page. */
    private static final String GAUGES = "spark.metrics.conf.*.sink.prometheusServlet";

    /** What Spark allows itself to register with a standalone master; not to be configured. */
    private static final int REGISTRATION_SECONDS = 60;

    private static final long UNANNOUNCED_MILLIS = 1000;
    private static final long SETTLED_MILLIS = 1500;

    /** Loggers of Spark that tell of a failed start at length. */
    private static final List<String> STARTING = List.of(
            "org.apache.spark.SparkContext",
            "org.apache.spark.metrics.MetricsSystem",
            "org.apache.spark.deploy.client.StandaloneAppClient$ClientEndpoint",
            "org.apache.spark.scheduler.cluster.StandaloneSchedulerBackend");

    /** Who tells of a failure while a table is written. */
    private static final List<String> WRITING = List.of(
            "org.apache.spark.executor.Executor",
            "org.apache.spark.scheduler.TaskSetManager",
            "org.apache.spark.sql.execution.datasources",
            "org.apache.spark.util.Utils");

    private final JavaSparkContext spark;
    private final boolean ours;

    private Session(JavaSparkContext spark, boolean ours) {
        this.spark = spark;
        this.ours = ours;
    }

    /** Starts Spark, or joins the application that this JVM has already. */
    static Session start(String name, CommonOptions options) {
        return start(name, options, ObserveRules.NONE);
    }

    /**
     * As {@link #start(String, CommonOptions)}, for a run.
     *
     * @throws InputException also if its numbers are wanted on Spark's page, and there is to be none
     */
    static Session start(String name, CommonOptions options, ObserveRules observe) {
        logAsAsked(options);
        SparkConf conf = conf(name, options);
        if (observe.prometheus()) {
            showGauges(conf);
        } else {
            conf.setIfMissing(UI_KEY, conf.get(UI_DEFAULT, "true"));
        }
        Master master = Master.of(conf, System.getenv());
        Duration masterWait = wait(conf, MASTER_WAIT, "20s");
        Duration executorWait = wait(conf, EXECUTOR_WAIT, "60s");
        boolean ours = SparkEnv.get() == null;
        JavaSparkContext spark;
        if (ours) {
            master.awaitListening(masterWait);
            spark = start(master, conf, options);
        } else {
            spark = JavaSparkContext.fromSparkContext(SparkContext.getOrCreate());
        }
        Session session = new Session(spark, ours);
        try {
            awaitExecutors(spark, executorWait);
            if (observe.prometheus() && spark.sc().uiWebUrl().isDefined()) {
                LOG.info(
                        "gauges for Prometheus: {}/metrics/prometheus/",
                        spark.sc().uiWebUrl().get());
            }
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private static JavaSparkContext start(Master master, SparkConf conf, CommonOptions options) {
        if (master.isStandalone()) {
            LOG.info("registering with {}, which takes at most {} s", master.url(), REGISTRATION_SECONDS);
        }
        // What goes wrong here is said in one line of ours.
        STARTING.forEach(logger -> Configurator.setLevel(logger, options.verbose ? Level.INFO : Level.OFF));
        try {
            SparkContext context = SparkContext.getOrCreate(conf);
            JavaSparkContext spark = JavaSparkContext.fromSparkContext(context);
            // Registration may have been given up while the context was made.
            context.statusTracker().getExecutorInfos();
            spark.setLogLevel(options.verbose ? "INFO" : options.quiet ? "ERROR" : "WARN");
            logAsAsked(options);
            return spark;
        } catch (Exception e) {
            throw Complaints.atStart(master.url(), e);
        } finally {
            STARTING.forEach(logger -> Configurator.setLevel(logger, (Level) null));
        }
    }

    private static void showGauges(SparkConf conf) {
        if (!conf.getBoolean(UI_KEY, true)) {
            throw new InputException("observe.prometheus = true: Spark's page shows the numbers, and " + UI_KEY
                    + " = false takes it away; leave one of them out");
        }
        conf.setIfMissing(GAUGES + ".class", "org.apache.spark.metrics.sink.PrometheusServlet");
        conf.setIfMissing(GAUGES + ".path", "/metrics/prometheus");
    }

    private static Duration wait(SparkConf conf, String key, String otherwise) {
        try {
            return Duration.ofSeconds(conf.getTimeAsSeconds(key, otherwise));
        } catch (NumberFormatException e) {
            throw new InputException(key + " = " + conf.get(key) + ": expected a time such as " + otherwise, e);
        }
    }

    /** Lets this project say as much as the user wants to hear. */
    static void logAsAsked(CommonOptions options) {
        Configurator.setLevel("dev.lockstep", options.verbose ? Level.DEBUG : options.quiet ? Level.WARN : Level.INFO);
    }

    /** Leaves it to the command to say why a table could not be written; Spark's parts would say it first, each its own way. */
    void logNoFailures(CommonOptions options) {
        if (!options.verbose) {
            WRITING.forEach(logger -> Configurator.setLevel(logger, Level.OFF));
        }
    }

    /** Hadoop's configuration as Spark would have it, before Spark is started. */
    static Configuration hadoop(CommonOptions options) {
        return SparkHadoopUtil.get().newConfiguration(conf("check", options));
    }

    /** Lets tables be looked up in Hive, where this Spark has it and somebody says which one; else in a catalog in memory. */
    private static void chooseCatalog(SparkConf conf) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        boolean isThere = Stream.of(
                        "org/apache/spark/sql/hive/HiveSessionStateBuilder.class",
                        "org/apache/hadoop/hive/conf/HiveConf.class",
                        "hive-site.xml")
                .allMatch(name -> loader.getResource(name) != null);
        if (isThere) {
            conf.setIfMissing("spark.sql.catalogImplementation", "hive");
        } else {
            // Or the first table that is looked up leaves an empty folder spark-warehouse in the working directory.
            conf.setIfMissing(
                    "spark.sql.warehouse.dir",
                    Path.of(System.getProperty("java.io.tmpdir")).toUri().toString());
        }
    }

    static SparkConf conf(String name, CommonOptions options) {
        SparkConf conf = new SparkConf();
        conf.setIfMissing("spark.app.name", name);
        if (options.master != null) {
            conf.setMaster(options.master);
        }
        conf.setIfMissing("spark.master", "local[*]");
        if (conf.get("spark.master").startsWith("local")) {
            // Or a task that runs out of memory ends this process before we can say so.
            conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
        }
        if (conf.get("spark.master").equals("local") || conf.get("spark.master").startsWith("local[")) {
            // Spark takes, and clears, an array of this length to broadcast each job's tasks, some kilobytes: 4 MB were
            // a tenth of a step by jobs. Between processes it is the length of the pieces in which weights travel.
            conf.setIfMissing("spark.broadcast.blockSize", "64k");
        }
        chooseCatalog(conf);
        // The progress of a run is ours to show.
        conf.set("spark.ui.showConsoleProgress", "false");
        // Longer results would take a detour through the block manager: what a job of several runs answers is long.
        conf.setIfMissing("spark.task.maxDirectResultSize", "64m");
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
    private static void awaitExecutors(JavaSparkContext spark, Duration most) {
        if (spark.isLocal()) {
            return;
        }
        long begun = System.nanoTime();
        long settledSince = begun;
        boolean announced = false;
        int known = 0;
        while (known == 0 || System.nanoTime() - settledSince < SETTLED_MILLIS * 1_000_000L) {
            if (spark.sc().isStopped()) {
                throw Complaints.notTaken(spark.master(), null);
            }
            int now = spark.sc().statusTracker().getExecutorInfos().length - 1;
            if (now != known) {
                known = now;
                settledSince = System.nanoTime();
            }
            long waited = System.nanoTime() - begun;
            if (known == 0 && waited > most.toNanos()) {
                throw new InputException("no executor registered with " + spark.master() + " within "
                        + most.toSeconds() + " s; does the cluster have workers, free cores and the memory of "
                        + "spark.executor.memory? (a longer wait: " + EXECUTOR_WAIT + ")");
            }
            if (known == 0 && !announced && waited > UNANNOUNCED_MILLIS * 1_000_000L) {
                LOG.info("waiting at most {} s for executors of {}", most.toSeconds(), spark.master());
                announced = true;
            }
            pause(100);
        }
    }

    /** Waits for a moment. */
    static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for Spark", e);
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
        WRITING.forEach(logger -> Configurator.setLevel(logger, (Level) null));
        if (ours) {
            spark.stop();
        }
    }
}
