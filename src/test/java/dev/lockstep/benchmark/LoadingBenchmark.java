package dev.lockstep.benchmark;

import dev.lockstep.Settings;
import dev.lockstep.SharedSpark;
import dev.lockstep.data.Dataset;
import dev.lockstep.data.Packing;
import dev.lockstep.data.Preparation;
import dev.lockstep.data.Scan;
import dev.lockstep.data.ShardPlan;
import dev.lockstep.data.Sources;
import dev.lockstep.linalg.Precision;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reading and packing a Parquet folder (two passes, numbering, standardization, shuffle) beside Spark's own full scan of
 * the same columns: {@code LOCKSTEP_DATA} says where the taxi trips lie.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3)
@Measurement(iterations = 7)
@Fork(1)
public class LoadingBenchmark {
    private static final String[] COLUMNS = {
        "trip_distance", "extra", "mta_tax", "tip_amount", "tolls_amount", "total_amount"
    };
    private static final String LABEL = "fare_amount";

    private final String path = System.getenv("LOCKSTEP_DATA") + "/nyc-green-taxi";

    @Setup
    public void startSpark() {
        SharedSpark.context();
    }

    /** Reads, numbers and packs all trips. */
    @Benchmark
    public long loadAndPack() {
        return load(new Preparation.Wanted(false, false, false, null));
    }

    /** The same with means for missing values and standardization. */
    @Benchmark
    public long loadStandardizeAndPack() {
        return load(new Preparation.Wanted(true, true, false, null));
    }

    private long load(Preparation.Wanted wanted) {
        String source = "format=parquet,missing=mean,label=" + LABEL + ",features=" + Arrays.toString(COLUMNS)
                + ",path=" + path;
        Scan scan = Scan.of(
                SharedSpark.context(),
                Sources.read(Settings.of(Settings.inline(source, "--data"))),
                Scan.Rules.strict(false),
                null);
        Packing.Split split = Packing.split(
                SharedSpark.context(),
                scan,
                new Packing.Format(ShardPlan.forSlots(8, 2), 256, Precision.FLOAT32, 1.0),
                0,
                scan.rows(),
                1,
                wanted);
        Dataset rows = split.training();
        rows.release();
        return rows.rows();
    }

    /** Spark's scan, which touches every cell of the same columns and counts those that are there. */
    @Benchmark
    public long sparkScan() {
        SparkSession session = SparkSession.builder().getOrCreate();
        Column[] counts = Arrays.stream(COLUMNS)
                .map(name -> functions.count(functions.col(name)))
                .toArray(Column[]::new);
        return session.read()
                .parquet(path)
                .agg(functions.count(functions.col(LABEL)), counts)
                .head()
                .getLong(0);
    }

    /** Spark's scan of the same columns as rows of an RDD, counted. */
    @Benchmark
    public long sparkRows() {
        SparkSession session = SparkSession.builder().getOrCreate();
        return session.read().parquet(path).select(LABEL, COLUMNS).rdd().count();
    }
}
