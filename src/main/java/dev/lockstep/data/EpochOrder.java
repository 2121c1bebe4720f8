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

    /**
     * Sorts the rows by when they are visited. Their visits are spread over the epoch evenly, those of a permutation as
     * those of a shard's rows in a row: each is put about where it belongs, and moves past the few larger ones there.
     */
    static EpochOrder of(Shard shard, Batch batch) {
        int count = shard.rows();
        Permutation permutation = new Permutation(batch.setRows(), batch.key());
        long[] unsorted = new long[count];
        int[] next = new int[count + 1];
        double perVisit = count / (double) batch.setRows();
        for (int place = 0; place < count; place++) {
            long row = shard.rowNumber(place);
            unsorted[place] = batch.shuffled() ? permutation.at(row) : row;
            next[bucket(unsorted[place], perVisit, count) + 1]++;
        }
        for (int i = 0; i < count; i++) {
            next[i + 1] += next[i];
        }
        long[] visits = new long[count];
        int[] rows = new int[count];
        for (int place = 0; place < count; place++) {
            long visit = unsorted[place];
            int at = next[bucket(visit, perVisit, count)]++;
            for (; at > 0 && visits[at - 1] > visit; at--) {
                visits[at] = visits[at - 1];
                rows[at] = rows[at - 1];
            }
            visits[at] = visit;
            rows[at] = place;
        }
        return new EpochOrder(batch, visits, rows);
    }

    /** Never smaller for a later visit. */
    private static int bucket(long visit, double perVisit, int count) {
        return Math.min(count - 1, (int) (visit * perVisit));
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
