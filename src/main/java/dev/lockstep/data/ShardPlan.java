package dev.lockstep.data;

import java.io.Serializable;

/**
 * How shards are shared out among tasks: a task hosts the shards of one aligned range [i * width, (i + 1) * width), where
 * the width is a power of two, so that the range is a node of the fixed tree of sums and its sum is one number. How wide
 * the ranges are changes who computes, never what.
 *
 * @param shards number of shards, at least 1
 * @param width shards a task hosts (the last may host fewer)
 */
public record ShardPlan(int shards, int width) implements Serializable {
    public ShardPlan {
        if (shards < 1 || width < 1 || Integer.bitCount(width) != 1) {
            throw new IllegalArgumentException(
                    "expected at least one shard and a width that is a power of two, got " + shards + ", " + width);
        }
    }

    /** The plan that needs the least time on so many slots, if all shards take the same; of equals the fewest tasks. */
    public static ShardPlan forSlots(int shards, int slots) {
        ShardPlan best = null;
        long bestTime = Long.MAX_VALUE;
        for (int width = Integer.highestOneBit(shards) * 2; width >= 1; width /= 2) {
            ShardPlan plan = new ShardPlan(shards, width);
            long waves = (plan.tasks() + slots - 1L) / slots;
            long time = waves * Math.min(width, shards);
            if (time < bestTime) {
                best = plan;
                bestTime = time;
            }
        }
        return best;
    }

    /** Number of tasks. */
    public int tasks() {
        return (shards + width - 1) / width;
    }

    /** The task that hosts a shard. */
    public int task(int shard) {
        return shard / width;
    }

    /** The first shard of a task. */
    public int first(int task) {
        return task * width;
    }

    /** Number of shards of a task. */
    public int count(int task) {
        return Math.min(width, shards - first(task));
    }

    /** The shard of a row of a set. */
    public int shard(long row) {
        return (int) (row % shards);
    }

    /** The place of a row in its shard. */
    public long place(long row) {
        return row / shards;
    }

    /** Number of rows of a shard, of a set of so many rows. */
    public long rows(int shard, long rows) {
        return (rows - shard + shards - 1) / shards;
    }
}
