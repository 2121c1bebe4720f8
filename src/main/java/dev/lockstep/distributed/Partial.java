package dev.lockstep.distributed;

import dev.lockstep.network.Sums;
import java.io.Serializable;

/**
 * The sums of a node of the tree, on their way to the driver.
 *
 * @param from first shard of the node
 * @param to shard after its last
 * @param sums over the rows of these shards
 */
record Partial(int from, int to, Sums sums) implements Serializable {}
