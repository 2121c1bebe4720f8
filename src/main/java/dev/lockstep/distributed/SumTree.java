package dev.lockstep.distributed;

import dev.lockstep.network.Sums;
import java.util.function.IntFunction;

/**
 * The one order in which sums of shards are added: a binary tree whose leaves are the shards, fixed by their number alone.
 *
 * <p>A node over the shards [from, to) splits after the largest power of two of shards that leaves something to the right.
 * So every range [i w, min((i+1) w, S)) with w a power of two is a node, and whoever hosts it may send its sum as one.
 * Floating-point addition does not associate; this is where that is decided, and nowhere else.
 */
public final class SumTree {
    private SumTree() {}

    /**
     * The sum of a node of the tree.
     *
     * @param from first shard
     * @param to shard after the last
     * @param width ranges of at most this many shards come as one sum; a power of two
     * @param part gives the sum of the range that begins at a shard; is changed by adding to it
     */
    public static Sums sum(int from, int to, int width, IntFunction<Sums> part) {
        int count = to - from;
        if (count <= width) {
            return part.apply(from);
        }
        int middle = from + Integer.highestOneBit(count - 1);
        Sums left = sum(from, middle, width, part);
        left.add(sum(middle, to, width, part));
        return left;
    }
}
