package dev.lockstep.data;

import java.io.Serializable;

/**
 * The rows of one step: those at the places [from, to) of an epoch's order over the whole set. The same rows for every
 * number of shards.
 *
 * @param setRows number of rows of the set
 * @param from first place
 * @param to place after the last
 * @param key decides the epoch's order, a function of seed and epoch
 * @param shuffled whether the order is a permutation by the key; else rows keep the order of their numbers
 */
public record Batch(long setRows, long from, long to, long key, boolean shuffled) implements Serializable {
    public Batch {
        if (from < 0 || from > to || to > setRows) {
            throw new IllegalArgumentException(
                    "expected 0 <= from <= to <= rows, got " + from + ", " + to + ", " + setRows);
        }
    }

    /** All rows of a set, in the order in which the shards hold them. */
    public static Batch all(long setRows) {
        return new Batch(setRows, 0, setRows, 0, false);
    }

    /** Whether these are all rows of the set; then their order does not matter. */
    public boolean isAll() {
        return from == 0 && to == setRows;
    }

    /** Number of rows. */
    public long rows() {
        return to - from;
    }
}
