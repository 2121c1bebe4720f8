package dev.lockstep;

import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** The one local Spark application of all tests in this JVM; it ends with the JVM. */
public final class SharedSpark {
    private static final JavaSparkContext CONTEXT = start();

    private SharedSpark() {}

    public static JavaSparkContext context() {
        return CONTEXT;
    }

    private static JavaSparkContext start() {
        SparkConf conf = new SparkConf()
                .setAppName("tests")
                .setMaster("local[2]")
                .set("spark.ui.enabled", "false")
                // Where no table is ever saved.
                .set(
                        "spark.sql.warehouse.dir",
                        Path.of(System.getProperty("java.io.tmpdir")).toUri().toString())
                .set("spark.ui.showConsoleProgress", "false")
                .set("spark.driver.host", "127.0.0.1");
        JavaSparkContext context = new JavaSparkContext(conf);
        Runtime.getRuntime().addShutdownHook(new Thread(context::close));
        return context;
    }
}
