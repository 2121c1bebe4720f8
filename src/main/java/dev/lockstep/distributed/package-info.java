/**
 * The objective on Spark: what is asked of the cluster, who answers, and in which order the answers are added.
 *
 * <pre>
 *                                      JobEngine: a broadcast and a job ─────┐
 *   BatchObjective ──► Request, … ──► Engine                                 ├─► ShardTask ──► SumTree ──► Sums, …
 *   point → value,     a list         ResidentEngine: an exchange with ──────┘   a range of    fixed       one for
 *   gradient           of them        each executor, whose tasks stay            shards        order       each request
 * </pre>
 *
 * <p>Training, validation, metrics, curvature: all are {@link dev.lockstep.distributed.Request}s to the one {@link
 * dev.lockstep.distributed.Engine}. Executors add, the driver divides: {@link dev.lockstep.distributed.BatchObjective}
 * takes the mean and adds the penalty, once. {@link dev.lockstep.distributed.SumTree} is why the bits depend neither on the
 * cluster nor on the engine: the arithmetic of a shard is {@link dev.lockstep.distributed.ShardTask}'s in both.
 *
 * <p>Several runs have one engine: {@link dev.lockstep.distributed.SharedEngine} gives each a seat and answers all who wait
 * with one list; many runs go in two shifts, so that tasks which stay are at work for one while the other takes its steps.
 * {@link dev.lockstep.distributed.ShardTask} gathers the rows that several questions want once ({@link
 * dev.lockstep.distributed.HeldRows}) and takes their first layers' gradients together ({@link
 * dev.lockstep.network.FirstLayerSums}); how long each took is {@link dev.lockstep.distributed.Taken}.
 *
 * <p>A job's way to its tasks and back is {@link dev.lockstep.distributed.JobTransport}: packed, or on the heap that driver
 * and tasks share.
 *
 * <p>Tasks that stay, from the driver outwards: {@link dev.lockstep.distributed.ResidentEngine} decides when there are any
 * and falls back on jobs; {@link dev.lockstep.distributed.Generation} is the protocol, and knows no Spark; {@link
 * dev.lockstep.distributed.ResidentJob} is the Spark job, {@link dev.lockstep.distributed.LossListener} hears of its
 * losses; {@link dev.lockstep.distributed.Exchange} is the transport: between processes a socket for what is long ({@link
 * dev.lockstep.distributed.SocketExchange}) and Spark's RPC for the rest ({@link
 * dev.lockstep.distributed.RpcExchange}), both with {@link dev.lockstep.distributed.Wire}'s bytes, and within one a plain
 * call ({@link dev.lockstep.distributed.DirectExchange}); {@link dev.lockstep.distributed.ResidentTask} is the executor's end, and
 * {@link dev.lockstep.distributed.Desk} where an executor's tasks share one exchange. {@link
 * dev.lockstep.distributed.Engines} is what a configuration can ask for, {@link dev.lockstep.distributed.Purpose} what
 * Spark's page says of a job, {@link dev.lockstep.distributed.Costs} where the
 * time went.
 */
package dev.lockstep.distributed;
