/**
 * The objective on Spark: what is asked of the cluster, who answers, and in which order the answers are added.
 *
 * <pre>
 *   BatchObjective ──► Request, … ──► Engine ──► one broadcast, one job ──► ShardTask, … ──► SumTree ──► Sums, …
 *   point → value,     list of one    the door    weights to executors       a range of      fixed      one for
 *   gradient           for now        to it all                              shards each     order      each request
 * </pre>
 *
 * <p>Training, validation, metrics: all are {@link dev.lockstep.distributed.Request}s to the one {@link
 * dev.lockstep.distributed.Engine}. Executors add, the driver divides: {@link dev.lockstep.distributed.BatchObjective}
 * takes the mean and adds the penalty, once. {@link dev.lockstep.distributed.SumTree} is why the bits do not depend on the
 * cluster.
 */
package dev.lockstep.distributed;
