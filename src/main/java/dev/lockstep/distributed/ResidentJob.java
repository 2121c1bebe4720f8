package dev.lockstep.distributed;

import dev.lockstep.data.Dataset;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** The Spark job whose tasks stay. */
final class ResidentJob {
    private static final List<String> GROUP_PROPERTIES =
            List.of("spark.jobGroup.id", "spark.job.description", "spark.job.interruptOnCancel");
    private static final long PATIENCE_SECONDS = 5;
    private static final int QUIET_LOOKS = 50;
    private static final long QUIET_MILLIS = 10;

    private final JavaFutureAction<Void> future;

    private ResidentJob(JavaFutureAction<Void> future) {
        this.future = future;
    }

    /** How many tasks can run at the same time now. */
    static int slots(SparkContext spark) {
        return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
    }

    /** All sets' shards, side by side, in at most so many partitions. */
    static JavaRDD<Holding> holdings(Map<Request.RowSet, Dataset> sets, int slots) {
        JavaRDD<Holding> all = null;
        for (Map.Entry<Request.RowSet, Dataset> set : sets.entrySet()) {
            Request.RowSet name = set.getKey();
            JavaRDD<Holding> one = set.getValue().ranges().map(range -> new Holding(name, range));
            all = all == null ? one : all.zipPartitions(one, ResidentJob::both);
        }
        return PlacedHoldings.of(all.getNumPartitions() <= slots ? all : all.coalesce(slots));
    }

    private static Iterator<Holding> both(Iterator<Holding> first, Iterator<Holding> second) {
        List<Holding> holdings = new ArrayList<>();
        first.forEachRemaining(holdings::add);
        second.forEachRemaining(holdings::add);
        return holdings.iterator();
    }

    /** Submits the job and returns at once. Its tasks are interrupted when it is cancelled. */
    static ResidentJob submit(
            JavaSparkContext spark, JavaRDD<Holding> holdings, ResidentTask task, String group, String description) {
        List<String> before =
                GROUP_PROPERTIES.stream().map(spark::getLocalProperty).toList();
        try {
            spark.setJobGroup(group, description, true);
            return new ResidentJob(holdings.foreachPartitionAsync(task::stay));
        } finally {
            for (int i = 0; i < before.size(); i++) {
                spark.setLocalProperty(GROUP_PROPERTIES.get(i), before.get(i));
            }
        }
    }

    /** Whether jobs other than this one are active; null for none. */
    static boolean othersWait(SparkContext spark, ResidentJob ours) {
        for (int id : spark.statusTracker().getActiveJobIds()) {
            if (ours == null || !ours.future.jobIds().contains(id)) {
                return true;
            }
        }
        return false;
    }

    /** Waits until no job is active, for a moment only: Spark hears late that a job has ended. */
    static boolean awaitQuiet(SparkContext spark) throws InterruptedException {
        for (int i = 0; i < QUIET_LOOKS; i++) {
            if (!othersWait(spark, null)) {
                return true;
            }
            Thread.sleep(QUIET_MILLIS);
        }
        return false;
    }

    boolean isDone() {
        return future.isDone();
    }

    void cancel() {
        future.cancel(true);
    }

    /** Waits until the tasks have left; cancels the job if they do not. */
    void awaitEnd() {
        try {
            future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException | CancellationException e) {
            future.cancel(true);
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
        }
    }
}
