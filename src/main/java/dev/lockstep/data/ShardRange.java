package dev.lockstep.data;

import java.io.Serializable;
import java.util.List;

/**
 * The shards that one task hosts: those of an aligned range, in order.
 *
 * @param first number of the first
 * @param shards all of them
 */
public record ShardRange(int first, List<Shard> shards) implements Serializable {}
