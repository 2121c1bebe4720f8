package dev.lockstep.distributed;

import dev.lockstep.data.Block;
import dev.lockstep.data.Shard;
import dev.lockstep.data.ShardRange;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import dev.lockstep.network.Network;
import dev.lockstep.network.Propagation;
import dev.lockstep.network.Sums;
import dev.lockstep.network.Tally;
import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

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
            implements Serializable {}

    /**
     * What a task sends back.
     *
     * @param sums one for each question
     * @param kernel of the products that were used
     * @param host where
     * @param nanos that the sums took
     */
    record Answer(List<Sums> sums, String kernel, String host, long nanos) implements Serializable {}

    /** Answers the questions for all shards of a range, each the sum of its node of the tree. */
    static Answer answer(ShardRange range, Setting setting, List<Question> questions, String host) {
        long begun = System.nanoTime();
        Blas blas = Blas.of(setting.blas());
        WorkSpace work = borrow(setting, blas);
        List<Sums> answers = new ArrayList<>();
        for (Question question : questions) {
            answers.add(work.sum(range, question));
        }
        giveBack(work);
        return new Answer(answers, blas.kernel(), host, System.nanoTime() - begun);
    }

    private static synchronized WorkSpace borrow(Setting setting, Blas blas) {
        for (WorkSpace space : IDLE) {
            if (space.setting.equals(setting)) {
                IDLE.remove(space);
                return space;
            }
        }
        return new WorkSpace(setting, blas);
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

        private final Setting setting;
        private final Propagation propagation;
        private final Buffer[] leaves = new Buffer[LEAVES];
        private final List<double[]> scratch = new ArrayList<>();
        private final long[] rowNumbers;
        private Shard.Gathered gathered;

        WorkSpace(Setting setting, Blas blas) {
            this.setting = setting;
            this.propagation = new Propagation(setting.network(), setting.precision(), blas, setting.blockRows());
            this.rowNumbers = new long[setting.blockRows()];
        }

        Sums sum(ShardRange range, Question question) {
            double[] gradient =
                    question.gradient() ? new double[setting.network().parameters()] : null;
            int to = range.first() + range.shards().size();
            return node(range, range.first(), to, question, gradient, 0).withGradient(gradient);
        }

        /** Leaves the gradient of the node [from, to) in {@code gradient} and gives its other sums. */
        private Sums node(ShardRange range, int from, int to, Question question, double[] gradient, int depth) {
            if (to - from <= LEAVES) {
                return leaves(range, from, to, question, gradient);
            }
            int middle = SumTree.middle(from, to);
            Sums left = node(range, from, middle, question, gradient, depth + 1);
            double[] right = gradient == null ? null : scratch(depth);
            left.add(node(range, middle, to, question, right, depth + 1));
            if (gradient != null) {
                Sums.add(gradient, right);
            }
            return left;
        }

        private Sums leaves(ShardRange range, int from, int to, Question question, double[] gradient) {
            Sums sums = SumTree.sum(
                    from, to, 1, shard -> leaf(range.shards().get(shard - range.first()), question, shard - from));
            if (gradient != null) {
                Buffer.sumOfUpToFour(leaves, to - from, gradient);
            }
            return sums;
        }

        private double[] scratch(int depth) {
            while (scratch.size() <= depth) {
                scratch.add(null);
            }
            if (scratch.get(depth) == null) {
                scratch.set(depth, new double[setting.network().parameters()]);
            }
            return scratch.get(depth);
        }

        private Sums leaf(Shard shard, Question question, int place) {
            Sums sums = new Sums(
                    null, question.tally() ? Tally.empty(setting.network().loss(), setting.classesOrTargets()) : null);
            Buffer gradient = null;
            if (question.gradient()) {
                if (leaves[place] == null) {
                    leaves[place] = Buffer.allocate(
                            setting.precision(), setting.network().parameters());
                }
                gradient = leaves[place];
            }
            int blocks = question.batch().isAll()
                    ? sumAll(shard, question, gradient, sums)
                    : sumBatch(shard, question, gradient, sums);
            if (blocks == 0 && gradient != null) {
                gradient.clear(0, gradient.length());
            }
            return sums;
        }

        private int sumAll(Shard shard, Question question, Buffer gradient, Sums sums) {
            int place = 0;
            int blocks = 0;
            for (Block block : shard.blocks()) {
                for (int i = 0; question.dropout() != null && i < block.rows(); i++) {
                    rowNumbers[i] = shard.rowNumber(place + i);
                }
                add(block, rowNumbers, question, gradient, blocks++ == 0, sums);
                place += block.rows();
            }
            return blocks;
        }

        private int sumBatch(Shard shard, Question question, Buffer gradient, Sums sums) {
            Shard.Visits visits = shard.visits(question.batch());
            if (gathered == null) {
                int targets = setting.network().loss().forClasses() ? 0 : setting.classesOrTargets();
                gathered = new Shard.Gathered(
                        setting.precision(),
                        setting.blockRows(),
                        setting.network().inputs(),
                        targets);
            }
            int capacity = setting.blockRows();
            int blocks = 0;
            for (int from = visits.from(); from < visits.to(); from += capacity) {
                shard.gather(visits.places(), from, Math.min(capacity, visits.to() - from), gathered);
                add(gathered.block(), gathered.rowNumbers(), question, gradient, blocks++ == 0, sums);
            }
            return blocks;
        }

        private void add(Block block, long[] numbers, Question question, Buffer gradient, boolean isFirst, Sums sums) {
            if (isFirst) {
                propagation.start(block, question.weights(), question.dropout(), numbers, gradient, sums);
            } else {
                propagation.add(block, question.weights(), question.dropout(), numbers, gradient, sums);
            }
        }
    }
}
