package dev.lockstep.distributed;

import dev.lockstep.data.Block;
import dev.lockstep.data.Shard;
import dev.lockstep.data.ShardRange;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import dev.lockstep.network.DiagonalPropagation;
import dev.lockstep.network.Dropout;
import dev.lockstep.network.FirstLayerSums;
import dev.lockstep.network.Network;
import dev.lockstep.network.Propagation;
import dev.lockstep.network.ROperator;
import dev.lockstep.network.Sums;
import dev.lockstep.network.Tally;
import java.io.Serializable;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;

/**
 * What an executor does for a list of questions: sums over the rows of its shards. Buffers are kept from one call to the
 * next; a call allocates its answers and nothing that grows with the rows or with the number of shards.
 */
final class ShardTask {
    /** Work spaces that no task holds at the moment; at most one for each task that ever ran at the same time. */
    private static final Deque<WorkSpace> IDLE = new ArrayDeque<>();

    private static final int MOST_IDLE = 256;

    private ShardTask() {}

    /**
     * What all requests of an engine have in common.
     *
     * @param network what to run
     * @param classesOrTargets number of classes, or of target columns
     * @param precision of weights and features
     * @param blas kind of matrix products
     * @param blockRows most rows of a block
     */
    record Setting(Network network, int classesOrTargets, Precision precision, Blas.Kind blas, int blockRows)
            implements Serializable {
        /** Sums over no rows, without a gradient's array. */
        Sums emptySums(Question question) {
            return new Sums(null, question.tally() ? Tally.empty(network.loss(), classesOrTargets) : null);
        }
    }

    /**
     * What a task sends back.
     *
     * @param sums one for each question
     * @param kernel of the products that were used
     * @param host where
     * @param taken time that the sums took
     */
    record Answer(List<Sums> sums, String kernel, String host, Taken taken) implements Serializable {}

    /** Answers the questions for all shards of a range, each the sum of its node of the tree, in arrays of their own. */
    static Answer answer(ShardRange range, Setting setting, List<Question> questions, String host) {
        return answer(range, setting, questions, host, double[]::new);
    }

    /**
     * Answers the questions for all shards of a range, each the sum of its node of the tree.
     *
     * @param arrays gives an array of a length for what is summed beside the losses
     */
    static Answer answer(
            ShardRange range, Setting setting, List<Question> questions, String host, IntFunction<double[]> arrays) {
        long begun = System.nanoTime();
        Blas blas = Blas.of(setting.blas());
        WorkSpace work = borrow(setting, blas, range);
        List<double[]> sums = new ArrayList<>();
        for (Question question : questions) {
            sums.add(question.length() > 0 ? arrays.apply(question.length()) : null);
        }
        long[] nanos = new long[questions.size()];
        List<Sums> answers = work.sum(range, questions, sums, nanos);
        giveBack(work);
        return new Answer(answers, blas.kernel(), host, new Taken(System.nanoTime() - begun, nanos));
    }

    /** Rather the one that these shards had last: it may hold rows of theirs. */
    private static synchronized WorkSpace borrow(Setting setting, Blas blas, ShardRange range) {
        WorkSpace found = null;
        for (WorkSpace space : IDLE) {
            if (space.setting.equals(setting) && (found == null || space.range.refersTo(range))) {
                found = space;
            }
        }
        if (found == null) {
            found = new WorkSpace(setting, blas);
        }
        IDLE.remove(found);
        found.range = new WeakReference<>(range);
        return found;
    }

    private static synchronized void giveBack(WorkSpace space) {
        IDLE.addFirst(space);
        while (IDLE.size() > Math.min(MOST_IDLE, Runtime.getRuntime().availableProcessors() * 4)) {
            IDLE.removeLast();
        }
    }

    /** Buffers for one task at a time. */
    private static final class WorkSpace {
        /** Gradients of this many shards are added in one pass. */
        private static final int LEAVES = 4;

        /** Blocks of so many rows may be traced. */
        private static final int MOST_TRACED = 512;

        private final Setting setting;
        private final Blas blas;
        private final Blas.Copies copies = new Blas.Copies();
        private final Propagation propagation;
        private final Buffer[] leaves = new Buffer[LEAVES];
        private final List<List<double[]>> scratch = new ArrayList<>();
        private final long[] rowNumbers;
        private Shard.Gathered gathered;
        /** For shards of one block, made when the first one comes. */
        private final Propagation[] tracing = new Propagation[LEAVES];

        private final Shard.Gathered[] traced = new Shard.Gathered[LEAVES];
        /** Made when products are asked for. */
        private ROperator rOperator;
        /** Made when a diagonal is asked for. */
        private DiagonalPropagation diagonals;
        /** Of one row; made when a question goes from row to row. */
        private Buffer rowGradient;
        /** Rows that several questions of the list at hand want. */
        private final HeldRows held;
        /** Made when questions share rows. */
        private FirstLayerSums firstLayers;

        private List<List<Integer>> groups = List.of();
        /** Whose shards it was used for last. */
        private WeakReference<ShardRange> range = new WeakReference<>(null);

        WorkSpace(Setting setting, Blas blas) {
            this.setting = setting;
            this.blas = blas;
            this.propagation = new Propagation(setting.network(), setting.precision(), blas, setting.blockRows());
            this.rowNumbers = new long[setting.blockRows()];
            this.held = new HeldRows(LEAVES, () -> gathered(setting.blockRows()), setting.blockRows());
        }

        /**
         * The sums of a range for each question, in the arrays for their gradients; none where an array is null.
         *
         * @param nanos receives the time of each question
         */
        List<Sums> sum(ShardRange range, List<Question> questions, List<double[]> gradients, long[] nanos) {
            blas.bring(copies);
            try {
                range.shards().forEach(Shard::begin);
                held.begin(questions);
                groups = HeldRows.groups(questions, FirstLayerSums.mostPoints(setting.network(), traceable(), LEAVES));
                int to = range.first() + range.shards().size();
                List<Sums> sums = node(range, range.first(), to, questions, gradients, nanos, 0);
                List<Sums> whole = new ArrayList<>();
                for (int i = 0; i < questions.size(); i++) {
                    whole.add(sums.get(i).withGradient(gradients.get(i)));
                }
                return whole;
            } finally {
                blas.carryOff();
            }
        }

        /** Leaves the gradients of the node [from, to) in {@code gradients} and gives its other sums. */
        private List<Sums> node(
                ShardRange range,
                int from,
                int to,
                List<Question> questions,
                List<double[]> gradients,
                long[] nanos,
                int depth) {
            if (to - from <= LEAVES) {
                List<Sums> sums = new ArrayList<>(Collections.nCopies(questions.size(), null));
                for (List<Integer> group : groups) {
                    leavesTogether(range, from, to, questions, gradients, nanos, group, sums);
                }
                for (int i = 0; i < questions.size(); i++) {
                    if (sums.get(i) == null) {
                        long begun = System.nanoTime();
                        sums.set(i, leaves(range, from, to, questions.get(i), gradients.get(i)));
                        nanos[i] += System.nanoTime() - begun + held.savedNanos();
                    }
                }
                return sums;
            }
            int middle = SumTree.middle(from, to);
            List<Sums> left = node(range, from, middle, questions, gradients, nanos, depth + 1);
            List<double[]> right = scratch(depth, questions);
            List<Sums> more = node(range, middle, to, questions, right, nanos, depth + 1);
            for (int i = 0; i < questions.size(); i++) {
                long begun = System.nanoTime();
                left.get(i).add(more.get(i));
                if (gradients.get(i) != null) {
                    Sums.add(gradients.get(i), right.get(i), questions.get(i).length());
                }
                nanos[i] += System.nanoTime() - begun;
            }
            return left;
        }

        /** The leaves of questions that want gradients over the same rows, unless the shards have more than a block of them. */
        private void leavesTogether(
                ShardRange range,
                int from,
                int to,
                List<Question> questions,
                List<double[]> gradients,
                long[] nanos,
                List<Integer> group,
                List<Sums> sums) {
            List<Shard> shards = range.shards().subList(from - range.first(), to - range.first());
            if (!areTraceable(shards, questions.get(group.get(0)))) {
                return;
            }
            if (firstLayers == null) {
                firstLayers = new FirstLayerSums(setting.network(), setting.precision(), blas, traceable(), LEAVES);
            }
            for (int i = 0; i < group.size(); i++) {
                long begun = System.nanoTime();
                int at = group.get(i);
                sums.set(at, trace(from, shards, questions.get(at)));
                Propagation.sumOfGradients(tracing, shards.size(), true, gradients.get(at));
                firstLayers.take(i, tracing, shards.size());
                nanos[at] += System.nanoTime() - begun + held.savedNanos();
            }
            long begun = System.nanoTime();
            firstLayers.sum(
                    tracing, shards.size(), group.stream().map(gradients::get).toList());
            long each = (System.nanoTime() - begun) / group.size();
            group.forEach(at -> nanos[at] += each);
        }

        private Sums leaves(ShardRange range, int from, int to, Question question, double[] gradient) {
            List<Shard> shards = range.shards().subList(from - range.first(), to - range.first());
            if (question.wanted() == Wanted.GRADIENT && areTraceable(shards, question)) {
                Sums sums = trace(from, shards, question);
                Propagation.sumOfGradients(tracing, to - from, false, gradient);
                return sums;
            }
            Sums sums = SumTree.sum(from, to, 1, shard -> leaf(shards.get(shard - from), question, shard - from));
            if (gradient != null) {
                Buffer.sumOfUpToFour(leaves, to - from, question.length(), gradient, 0);
            }
            return sums;
        }

        /** Most rows of a block that is traced. */
        private int traceable() {
            return Math.min(setting.blockRows(), MOST_TRACED);
        }

        /** Whether the rows of a question are one block in each of the shards. */
        private boolean areTraceable(List<Shard> shards, Question question) {
            for (Shard shard : shards) {
                boolean isOne;
                if (question.batch().isAll()) {
                    isOne = shard.blocks().size() == 1 && shard.rows() <= traceable();
                } else {
                    Shard.Visits visits = shard.visits(question.batch());
                    int rows = visits.to() - visits.from();
                    isOne = rows > 0 && rows <= traceable();
                }
                if (!isOne) {
                    return false;
                }
            }
            return true;
        }

        /** Traces the rows of a question in each shard, with the propagation of its place. */
        private Sums trace(int from, List<Shard> shards, Question question) {
            blas.hold(question.weights());
            try {
                return SumTree.sum(
                        from,
                        from + shards.size(),
                        1,
                        shard -> trace(shards.get(shard - from), question, shard - from));
            } finally {
                blas.release();
            }
        }

        /** As {@link #leaf}, but the gradient is left to be summed with those of the other places. */
        private Sums trace(Shard shard, Question question, int place) {
            if (tracing[place] == null) {
                tracing[place] = Propagation.tracing(setting.network(), setting.precision(), blas, traceable());
            }
            Sums sums = setting.emptySums(question);
            if (question.batch().isAll()) {
                numberRows(shard, 0, shard.rows(), question);
                tracing[place].trace(shard.blocks().get(0), question.weights(), question.dropout(), rowNumbers, sums);
                return sums;
            }
            Shard.Visits visits = shard.visits(question.batch());
            Shard.Gathered rows;
            if (held.holds(question, visits)) {
                rows = held.rows(shard, question, visits, place).get(0);
            } else {
                if (traced[place] == null) {
                    traced[place] = gathered(traceable());
                }
                rows = traced[place];
                shard.gather(visits.places(), visits.from(), visits.to() - visits.from(), rows);
            }
            tracing[place].trace(rows.block(), question.weights(), question.dropout(), rows.rowNumbers(), sums);
            return sums;
        }

        private Shard.Gathered gathered(int capacity) {
            int targets = setting.network().loss().forClasses() ? 0 : setting.classesOrTargets();
            return new Shard.Gathered(
                    setting.precision(), capacity, setting.network().inputs(), targets);
        }

        private void numberRows(Shard shard, int place, int count, Question question) {
            for (int i = 0; question.dropout() != null && i < count; i++) {
                rowNumbers[i] = shard.rowNumber(place + i);
            }
        }

        /** An array for each question's gradient, null for those without. */
        private List<double[]> scratch(int depth, List<Question> questions) {
            while (scratch.size() <= depth) {
                scratch.add(new ArrayList<>());
            }
            List<double[]> arrays = scratch.get(depth);
            List<double[]> wanted = new ArrayList<>();
            for (int i = 0; i < questions.size(); i++) {
                int length = questions.get(i).length();
                if (i == arrays.size()) {
                    arrays.add(null);
                }
                if (length > 0 && (arrays.get(i) == null || arrays.get(i).length < length)) {
                    arrays.set(i, new double[length]);
                }
                wanted.add(length > 0 ? arrays.get(i) : null);
            }
            return wanted;
        }

        private Sums leaf(Shard shard, Question question, int place) {
            Sums sums = setting.emptySums(question);
            Buffer gradient = null;
            if (question.length() > 0) {
                if (leaves[place] == null || leaves[place].length() < question.length()) {
                    leaves[place] = Buffer.allocate(setting.precision(), question.length());
                }
                gradient = leaves[place];
            }
            if (question.wanted() == Wanted.MIXING) {
                return fromRowToRow(shard, question, gradient);
            }
            int blocks = question.batch().isAll()
                    ? sumAll(shard, question, gradient, sums)
                    : sumBatch(shard, question, gradient, sums, place);
            if (blocks == 0 && gradient != null) {
                gradient.clear(0, question.length());
            }
            return sums;
        }

        /** Leaves the weights after a step along each row in turn, times the shard's share, in {@code weights}. */
        private Sums fromRowToRow(Shard shard, Question question, Buffer weights) {
            if (rowGradient == null) {
                rowGradient =
                        Buffer.allocate(setting.precision(), setting.network().parameters());
            }
            Shard.Gathered one = gathered();
            Block row = null;
            Sums visited = setting.emptySums(question);
            boolean moved = false;
            weights.copy(question.weights(), 0, 0, question.length());
            Shard.Visits visits = shard.visits(question.batch());
            for (int visit = visits.from(); visit < visits.to(); visit++) {
                shard.gather(visits.places(), visit, 1, one);
                // The arrays are the same for every row.
                row = row == null ? one.block() : row;
                double weight = row.weight(0);
                if (weight > 0) {
                    propagation.start(row, weights, question.dropout(), one.rowNumbers(), rowGradient, visited);
                    moved |= descend(weights, question.rowRate(), 1.0 / weight);
                }
            }
            double share =
                    (double) (visits.to() - visits.from()) / question.batch().rows();
            for (int i = 0; i < question.length(); i++) {
                weights.set(i, share * weights.get(i));
            }
            return moved ? visited : setting.emptySums(question);
        }

        /** The step of gradient descent on the driver, to the bit if these weights are doubles; whether they moved. */
        private boolean descend(Buffer weights, double rate, double inverseWeight) {
            boolean moved = false;
            for (int i = 0; i < rowGradient.length(); i++) {
                double derivative = rowGradient.get(i);
                if (derivative != 0) {
                    weights.set(i, weights.get(i) - rate * (derivative * inverseWeight));
                    moved = true;
                }
            }
            return moved;
        }

        private Shard.Gathered gathered() {
            if (gathered == null) {
                gathered = gathered(setting.blockRows());
            }
            return gathered;
        }

        private int sumAll(Shard shard, Question question, Buffer gradient, Sums sums) {
            int place = 0;
            int blocks = 0;
            for (Block block : shard.blocks()) {
                numberRows(shard, place, block.rows(), question);
                add(block, rowNumbers, question, gradient, blocks++ == 0, sums);
                place += block.rows();
            }
            return blocks;
        }

        private int sumBatch(Shard shard, Question question, Buffer gradient, Sums sums, int place) {
            Shard.Visits visits = shard.visits(question.batch());
            int capacity = setting.blockRows();
            int blocks = 0;
            if (held.holds(question, visits)) {
                for (Shard.Gathered rows : held.rows(shard, question, visits, place)) {
                    add(rows.block(), rows.rowNumbers(), question, gradient, blocks++ == 0, sums);
                }
                return blocks;
            }
            Shard.Gathered rows = gathered();
            for (int from = visits.from(); from < visits.to(); from += capacity) {
                shard.gather(visits.places(), from, Math.min(capacity, visits.to() - from), rows);
                add(rows.block(), rows.rowNumbers(), question, gradient, blocks++ == 0, sums);
            }
            return blocks;
        }

        private void add(Block block, long[] numbers, Question question, Buffer gradient, boolean isFirst, Sums sums) {
            Buffer weights = question.weights();
            Dropout dropout = question.dropout();
            switch (question.wanted()) {
                case LOSS, GRADIENT, MIXING -> {
                    if (isFirst) {
                        propagation.start(block, weights, dropout, numbers, gradient, sums);
                    } else {
                        propagation.add(block, weights, dropout, numbers, gradient, sums);
                    }
                }
                case HESSIAN_PRODUCTS, GAUSS_NEWTON_PRODUCTS -> {
                    boolean gaussNewton = question.wanted() == Wanted.GAUSS_NEWTON_PRODUCTS;
                    rOperator()
                            .products(
                                    block,
                                    weights,
                                    dropout,
                                    numbers,
                                    gaussNewton,
                                    question.directions(),
                                    gradient,
                                    !isFirst,
                                    sums);
                }
                case HESSIAN_DIAGONAL, GAUSS_NEWTON_DIAGONAL, SQUARED_GRADIENTS ->
                    diagonals()
                            .diagonal(
                                    block,
                                    weights,
                                    dropout,
                                    numbers,
                                    question.wanted().diagonal(),
                                    gradient,
                                    !isFirst,
                                    sums);
            }
        }

        private ROperator rOperator() {
            if (rOperator == null) {
                rOperator = new ROperator(setting.network(), setting.precision(), blas, setting.blockRows());
            }
            return rOperator;
        }

        private DiagonalPropagation diagonals() {
            if (diagonals == null) {
                diagonals = new DiagonalPropagation(setting.network(), setting.precision(), blas, setting.blockRows());
            }
            return diagonals;
        }
    }
}
