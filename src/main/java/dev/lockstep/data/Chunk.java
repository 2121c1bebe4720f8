package dev.lockstep.data;

import dev.lockstep.linalg.Buffer;
import java.io.Serializable;

/**
 * Rows on their way to a shard: they will lie there side by side.
 *
 * @param part training or validation
 * @param shard number of the shard
 * @param firstPlace place of the first row in the shard
 * @param rows number of rows; arrays are exactly that long
 * @param features [rows, inputs]
 * @param labels null where targets are numbers
 * @param targets [rows, outputs]; null where there are classes
 * @param weights null where rows have none
 */
record Chunk(
        int part,
        int shard,
        long firstPlace,
        int rows,
        Buffer features,
        int[] labels,
        double[] targets,
        double[] weights)
        implements Serializable {}
