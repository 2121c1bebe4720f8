package dev.lockstep.distributed;

import dev.lockstep.data.Batch;
import dev.lockstep.data.Block;
import dev.lockstep.data.Shard;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.network.Propagation;
import dev.lockstep.network.Sums;
import dev.lockstep.network.WideLayer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gradients at several points over the same rows, where not every product needs the shape that it has alone: the points'
 * first layers share one product forward and one backward. The bits depend on the questions of the list and on the
 * shard's rows, not on which shards are summed together. One thread's.
 *
 * <p>Where it pays (measured, see decision 19): first layers of few units. A shard that has few rows of the batch is left
 * to each question, with the bits that it gets alone.
 */
final class WideSums {
    /** Units side by side: wider products are no faster. */
    private static final int MOST_UNITS = 512;

    /** Layers of more units make products that are as fast alone. */
    private static final int MOST_OWN_UNITS = 64;

    /** Parameters of all points side by side: 4 MB in float32, and five times that is held. */
    private static final int MOST_PARAMETERS = 1 << 20;

    private final ShardTask.Setting setting;
    private final Propagation propagation;
    private final Shard.Gathered gathered;
    private final WideLayer layer;
    private final int firstWeights;
    private final Buffer[] first;
    private final Buffer[] others;

    /** What a question gets of a shard alone. */
    interface Alone {
        /** Leaves the gradient in the buffer of the shard's place, from its first number on, and gives the other sums. */
        Sums sums(Shard shard, Question question, int place);

        /** The buffer of a place. */
        Buffer gradient(int place);
    }

    /**
     * @param propagation of the setting
     * @param gathered room for a block
     * @param places most shards at a time
     */
    WideSums(ShardTask.Setting setting, Propagation propagation, Shard.Gathered gathered, int places) {
        this.setting = setting;
        this.propagation = propagation;
        this.gathered = gathered;
        int most = mostPoints(setting.network());
        layer = new WideLayer(
                setting.network(), setting.precision(), Blas.of(setting.blas()), setting.blockRows(), most);
        firstWeights = (int) setting.network().layers().get(0).weights();
        first = new Buffer[places];
        others = new Buffer[places];
        for (int place = 0; place < places; place++) {
            first[place] = Buffer.allocate(setting.precision(), Math.multiplyExact(most, firstWeights));
            others[place] = Buffer.allocate(setting.precision(), Math.multiplyExact(most, layer.otherParameters()));
        }
    }

    private static int mostPoints(Network network) {
        Layer layer = network.layers().get(0);
        boolean pays = layer.outputs() <= MOST_OWN_UNITS && layer.outputs() <= 2 * layer.inputs();
        return pays ? Math.max(1, Math.min(MOST_UNITS / layer.outputs(), MOST_PARAMETERS / network.parameters())) : 1;
    }

    /**
     * Which questions of a list share products: those for a gradient over the same rows, at least two, as many as are wide
     * enough.
     *
     * @return their indices, group by group
     */
    static List<List<Integer>> groups(ShardTask.Setting setting, List<Question> questions) {
        int most = setting.exact() ? 1 : mostPoints(setting.network());
        if (most == 1) {
            return List.of();
        }
        Map<HeldRows.Key, List<Integer>> byRows = new LinkedHashMap<>();
        for (int i = 0; i < questions.size(); i++) {
            if (questions.get(i).wanted() == Wanted.GRADIENT) {
                byRows.computeIfAbsent(HeldRows.key(questions.get(i)), key -> new ArrayList<>())
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

    /**
     * The sums of one to four shards for each question of a group.
     *
     * @param from number of the first shard
     * @param gradients receive the gradients' sums
     */
    List<Sums> sum(int from, List<Shard> shards, List<Question> questions, List<double[]> gradients, Alone alone) {
        layer.begin(questions.stream().map(Question::weights).toList());
        List<List<Sums>> byShard = new ArrayList<>();
        for (int place = 0; place < shards.size(); place++) {
            Shard shard = shards.get(place);
            int rows = rows(shard, questions.get(0).batch());
            byShard.add(
                    rows <= Blas.FEW_ROWS ? alone(shard, questions, place, alone) : together(shard, questions, place));
        }
        List<Sums> sums = new ArrayList<>();
        for (int i = 0; i < questions.size(); i++) {
            int point = i;
            sums.add(SumTree.sum(
                    from,
                    from + shards.size(),
                    1,
                    shard -> byShard.get(shard - from).get(point)));
            double[] gradient = gradients.get(i);
            Buffer.sumOfUpToFour(first, shards.size(), i * firstWeights, firstWeights, gradient, 0);
            int count = layer.otherParameters();
            Buffer.sumOfUpToFour(others, shards.size(), i * count, count, gradient, firstWeights);
        }
        return sums;
    }

    /** Number of a batch's rows in a shard. */
    static int rows(Shard shard, Batch batch) {
        if (batch.isAll()) {
            return shard.rows();
        }
        Shard.Visits visits = shard.visits(batch);
        return visits.to() - visits.from();
    }

    private List<Sums> alone(Shard shard, List<Question> questions, int place, Alone alone) {
        List<Sums> sums = new ArrayList<>();
        int count = layer.otherParameters();
        for (int i = 0; i < questions.size(); i++) {
            sums.add(alone.sums(shard, questions.get(i), place));
            first[place].copy(alone.gradient(place), 0, i * firstWeights, firstWeights);
            others[place].copy(alone.gradient(place), firstWeights, i * count, count);
        }
        return sums;
    }

    private List<Sums> together(Shard shard, List<Question> questions, int place) {
        List<Sums> sums = new ArrayList<>();
        questions.forEach(question -> sums.add(setting.emptySums(question)));
        Batch batch = questions.get(0).batch();
        if (batch.isAll()) {
            long[] numbers = gathered.rowNumbers();
            int from = 0;
            for (Block block : shard.blocks()) {
                for (int i = 0; i < block.rows(); i++) {
                    numbers[i] = shard.rowNumber(from + i);
                }
                add(block, numbers, questions, place, from > 0, sums);
                from += block.rows();
            }
            return sums;
        }
        Shard.Visits visits = shard.visits(batch);
        int capacity = setting.blockRows();
        for (int from = visits.from(); from < visits.to(); from += capacity) {
            shard.gather(visits.places(), from, Math.min(capacity, visits.to() - from), gathered);
            add(gathered.block(), gathered.rowNumbers(), questions, place, from > visits.from(), sums);
        }
        return sums;
    }

    private void add(
            Block block, long[] rowNumbers, List<Question> questions, int place, boolean add, List<Sums> sums) {
        layer.forward(block);
        for (int i = 0; i < questions.size(); i++) {
            Question question = questions.get(i);
            propagation.between(
                    block,
                    question.weights(),
                    question.dropout(),
                    rowNumbers,
                    layer.part(i),
                    others[place],
                    add,
                    sums.get(i));
        }
        layer.backward(block, first[place], add);
    }
}
