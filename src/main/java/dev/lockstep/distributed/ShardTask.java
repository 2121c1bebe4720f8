package dev.lockstep.distributed;

import dev.lockstep.data.Batch;
import dev.lockstep.data.Block;
import dev.lockstep.data.Shard;
import dev.lockstep.data.ShardRange;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import dev.lockstep.network.Dropout;
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
 * What an executor does for a list of requests: sums over the rows of its shards. Buffers are kept from job to job; a task
 * allocates its answers and nothing that grows with the rows.
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
     * A request as it travels.
     *
     * @param batch which rows
     * @param weights the flat parameters, rounded to the executors' precision
     */
    record Question(Batch batch, Buffer weights, boolean gradient, boolean tally, Dropout dropout)
            implements Serializable {}

    /**
     * What a task sends back.
     *
     * @param sums one for each question
     * @param kernel of the products that were used
     * @param host where
     */
    record Answer(List<Sums> sums, String kernel, String host) implements Serializable {}

    /** Answers the questions for all shards of a range, each the sum of its node of the tree. */
    static Answer answer(ShardRange range, Setting setting, List<Question> questions, String host) {
        Blas blas = Blas.of(setting.blas());
        WorkSpace work = borrow(setting, blas);
        List<Sums> answers = new ArrayList<>();
        for (Question question : questions) {
            int first = range.first();
            answers.add(SumTree.sum(
                    first,
                    first + range.shards().size(),
                    1,
                    shard -> work.sum(range.shards().get(shard - first), question)));
        }
        giveBack(work);
        return new Answer(answers, blas.kernel(), host);
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
        private final Setting setting;
        private final Propagation propagation;
        private final Buffer gradient;
        private Shard.Gathered gathered;

        WorkSpace(Setting setting, Blas blas) {
            this.setting = setting;
            this.propagation = new Propagation(setting.network(), setting.precision(), blas, setting.blockRows());
            this.gradient =
                    Buffer.allocate(setting.precision(), setting.network().parameters());
        }

        Sums sum(Shard shard, Question question) {
            Sums sums = new Sums(
                    question.gradient() ? new double[gradient.length()] : null,
                    question.tally() ? Tally.empty(setting.network().loss(), setting.classesOrTargets()) : null);
            gradient.clear(0, question.gradient() ? gradient.length() : 0);
            if (question.batch().isAll()) {
                sumAll(shard, question, sums);
            } else {
                sumBatch(shard, question, sums);
            }
            if (question.gradient()) {
                gradient.widen(sums.gradient());
            }
            return sums;
        }

        private void sumAll(Shard shard, Question question, Sums sums) {
            int place = 0;
            long[] rowNumbers = question.dropout() == null ? null : new long[setting.blockRows()];
            for (Block block : shard.blocks()) {
                for (int i = 0; rowNumbers != null && i < block.rows(); i++) {
                    rowNumbers[i] = shard.rowNumber(place + i);
                }
                add(block, rowNumbers, question, sums);
                place += block.rows();
            }
        }

        private void sumBatch(Shard shard, Question question, Sums sums) {
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
            for (int from = visits.from(); from < visits.to(); from += capacity) {
                shard.gather(visits.places(), from, Math.min(capacity, visits.to() - from), gathered);
                add(gathered.block(), gathered.rowNumbers(), question, sums);
            }
        }

        private void add(Block block, long[] rowNumbers, Question question, Sums sums) {
            propagation.add(
                    block,
                    question.weights(),
                    question.dropout(),
                    rowNumbers,
                    question.gradient() ? gradient : null,
                    sums);
        }
    }
}
