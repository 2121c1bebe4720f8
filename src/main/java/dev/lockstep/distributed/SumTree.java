package dev.lockstep.distributed;

import dev.lockstep.network.Sums;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

    /** Where the node [from, to) of at least two shards splits. */
    static int middle(int from, int to) {
        return from + Integer.highestOneBit(to - from - 1);
    }

    /**
     * The sum of a node of the tree.
     *
     * @param from first shard
     * @param to shard after the last
     * @param width ranges of at most this many shards come as one sum; a power of two
     * @param part gives the sum of the range that begins at a shard; is changed by adding to it
     */
    public static Sums sum(int from, int to, int width, IntFunction<Sums> part) {
        if (to - from <= width) {
            return part.apply(from);
        }
        int middle = middle(from, to);
        Sums left = sum(from, middle, width, part);
        left.add(sum(middle, to, width, part));
        return left;
    }

    /**
     * Adds sums as far as the tree allows.
     *
     * @param shards number of leaves of the whole tree
     * @param parts sums of nodes, none inside another, in any order; are changed
     * @return the largest nodes that the parts make up, in the order of their shards: one if they are all
     */
    static List<Partial> join(int shards, List<Partial> parts) {
        Map<Integer, Partial> byFirst = new HashMap<>();
        parts.forEach(part -> byFirst.put(part.from(), part));
        List<Partial> joined = new ArrayList<>();
        join(0, shards, byFirst, joined);
        return joined;
    }

    /** Appends the largest nodes within [from, to). */
    private static void join(int from, int to, Map<Integer, Partial> byFirst, List<Partial> joined) {
        Partial here = byFirst.get(from);
        if (here != null && here.to() == to) {
            joined.add(here);
            return;
        }
        if (to - from == 1) {
            return;
        }
        int middle = middle(from, to);
        int before = joined.size();
        join(from, middle, byFirst, joined);
        join(middle, to, byFirst, joined);
        if (joined.size() == before + 2) {
            Partial left = joined.get(before);
            Partial right = joined.get(before + 1);
            if (left.from() == from && left.to() == middle && right.from() == middle && right.to() == to) {
                left.sums().add(right.sums());
                joined.remove(before + 1);
                joined.set(before, new Partial(from, to, left.sums()));
            }
        }
    }
}
