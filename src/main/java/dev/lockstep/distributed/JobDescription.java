package dev.lockstep.distributed;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/** Tells Spark's page what the jobs of this thread are for, until it is closed. */
final class JobDescription implements AutoCloseable {
    private static final String PROPERTY = "spark.job.description";

    private final JavaSparkContext spark;
    private final String before;

    /** Describes jobs that answer requests; leaves the description alone where no request says what it is for. */
    JobDescription(JavaSparkContext spark, List<Request> requests) {
        this.spark = spark;
        this.before = spark.getLocalProperty(PROPERTY);
        String description = Purpose.describe(requests);
        if (description != null) {
            spark.setLocalProperty(PROPERTY, description);
        }
    }

    @Override
    public void close() {
        spark.setLocalProperty(PROPERTY, before);
    }
}
