package dev.lockstep.distributed;

import dev.lockstep.data.Batch;
import dev.lockstep.data.Shard;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Rows of a batch that several questions of a list want: gathered for the first of them, held for the others, and for those
 * of the next list, which another shift may ask of the same batch. One thread's.
 */
final class HeldRows {
    /** Held of one shard at the most: more would only take a cache that the products need. */
    private static final int MOST_BLOCKS = 4;

    private final Place[] places;
    private final Supplier<Shard.Gathered> buffers;
    private final int blockRows;
    private final Set<Key> shared = new HashSet<>();
    private long savedNanos;

    /** Equal for questions that want the same rows. */
    record Key(Object set, Batch batch) {}

    /** The rows of one shard, which it does not keep alive. */
    private static final class Place {
        private WeakReference<Shard> shard = new WeakReference<>(null);
        private Batch batch;
        private final List<Shard.Gathered> buffers = new ArrayList<>();
        private int used;
        private long nanos;
    }

    /**
     * @param places so many shards at a time
     * @param buffers makes room for a block
     * @param blockRows most rows of one
     */
    HeldRows(int places, Supplier<Shard.Gathered> buffers, int blockRows) {
        this.places = new Place[places];
        this.buffers = buffers;
        this.blockRows = blockRows;
    }

    /** Looks at a list of questions: which batches do several of them want? */
    void begin(List<Question> questions) {
        shared.clear();
        Set<Key> met = new HashSet<>();
        for (Question question : questions) {
            Key key = key(question);
            if (!question.batch().isAll() && !met.add(key)) {
                shared.add(key);
            }
        }
    }

    /**
     * Which questions of a list want gradients over the same rows: at least two, at most {@code most} of them together.
     *
     * @return their indices, group by group
     */
    static List<List<Integer>> groups(List<Question> questions, int most) {
        Map<Key, List<Integer>> byRows = new LinkedHashMap<>();
        for (int i = 0; most > 1 && i < questions.size(); i++) {
            if (questions.get(i).wanted() == Wanted.GRADIENT) {
                byRows.computeIfAbsent(key(questions.get(i)), key -> new ArrayList<>())
                        .add(i);
            }
        }
        List<List<Integer>> groups = new ArrayList<>();
        for (List<Integer> same : byRows.values()) {
            int parts = (same.size() + most - 1) / most;
            for (int part = 0; part < parts; part++) {
                List<Integer> group = same.subList(part * same.size() / parts, (part + 1) * same.size() / parts);
                if (group.size() > 1) {
                    groups.add(group);
                }
            }
        }
        return groups;
    }

    private static Key key(Question question) {
        return new Key(question.set(), question.batch());
    }

    /** Whether the rows of a question are held. */
    boolean holds(Question question, Shard.Visits visits) {
        int rows = visits.to() - visits.from();
        return rows > 0 && rows <= MOST_BLOCKS * blockRows && shared.contains(key(question));
    }

    /** The rows of a question in a shard, block by block. */
    List<Shard.Gathered> rows(Shard shard, Question question, Shard.Visits visits, int index) {
        if (places[index] == null) {
            places[index] = new Place();
        }
        Place place = places[index];
        if (place.shard.refersTo(shard) && question.batch().equals(place.batch)) {
            savedNanos += place.nanos;
            return place.buffers.subList(0, place.used);
        }
        long begun = System.nanoTime();
        place.shard = new WeakReference<>(shard);
        place.batch = question.batch();
        place.used = 0;
        for (int from = visits.from(); from < visits.to(); from += blockRows) {
            if (place.used == place.buffers.size()) {
                place.buffers.add(buffers.get());
            }
            shard.gather(
                    visits.places(), from, Math.min(blockRows, visits.to() - from), place.buffers.get(place.used++));
        }
        place.nanos = System.nanoTime() - begun;
        return place.buffers.subList(0, place.used);
    }

    /** What gathering would have taken since it was asked last, had nothing been held. */
    long savedNanos() {
        long saved = savedNanos;
        savedNanos = 0;
        return saved;
    }
}
