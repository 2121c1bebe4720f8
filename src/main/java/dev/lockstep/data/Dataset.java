package dev.lockstep.data;

import org.apache.spark.api.java.JavaRDD;

/**
 * A set of rows, packed into shards that lie in the executors' memory (or on their disks where memory is short).
 *
 * @param ranges one element a partition, one partition a task of the plan
 * @param plan how shards are shared out among tasks
 * @param rows number of rows
 * @param inputs number of features
 * @param targetColumns number of target columns, 0 where there are classes
 * @param blockRows most rows of a block
 */
public record Dataset(
        JavaRDD<ShardRange> ranges, ShardPlan plan, long rows, int inputs, int targetColumns, int blockRows) {
    /** Gives the memory back. */
    public void release() {
        ranges.unpersist(false);
    }
}
