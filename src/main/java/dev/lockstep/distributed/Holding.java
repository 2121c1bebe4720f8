package dev.lockstep.distributed;

import dev.lockstep.data.ShardRange;
import java.io.Serializable;

/**
 * Shards that a resident task holds.
 *
 * @param set which of the engine's sets of rows they belong to
 * @param range an aligned range of its shards
 */
record Holding(Request.RowSet set, ShardRange range) implements Serializable {}
