package dev.lockstep.data;

import dev.lockstep.linalg.Permutation;
import java.util.Arrays;

/**
 * When an epoch visits the rows of a shard: their places in a permutation of the whole set that every task computes for
 * itself. Computed once an epoch and shard.
 */
final class EpochOrder {
    private final long setRows;
    private final long key;
    private final boolean shuffled;

    /** The epoch's places of the shard's rows, ascending, and the row that each belongs to. */
    private final long[] visits;

    private final int[] rows;
    private long lastUse;

    private EpochOrder(Batch batch, long[] visits, int[] rows) {
        this.setRows = batch.setRows();
        this.key = batch.key();
        this.shuffled = batch.shuffled();
        this.visits = visits;
        this.rows = rows;
    }

    static EpochOrder of(Shard shard, Batch batch) {
        int count = shard.rows();
        Permutation permutation = new Permutation(batch.setRows(), batch.key());
        long[] visits = new long[count];
        for (int place = 0; place < count; place++) {
            long row = shard.rowNumber(place);
            visits[place] = batch.shuffled() ? permutation.at(row) : row;
        }
        long[] sorted = visits.clone();
        Arrays.sort(sorted);
        int[] rows = new int[count];
        for (int place = 0; place < count; place++) {
            rows[Arrays.binarySearch(sorted, visits[place])] = place;
        }
        return new EpochOrder(batch, sorted, rows);
    }

    boolean isOf(Batch batch) {
        return setRows == batch.setRows() && key == batch.key() && shuffled == batch.shuffled();
    }

    void use(long when) {
        lastUse = when;
    }

    long lastUse() {
        return lastUse;
    }

    /** The places of all rows, in the order of the epoch; not to be changed. */
    int[] places() {
        return rows;
    }

    /** The first index into {@link #places} that the epoch visits at a place of its order or later. */
    int indexOf(long visit) {
        int found = Arrays.binarySearch(visits, visit);
        return found >= 0 ? found : -found - 1;
    }
}
