package dev.lockstep.distributed;

import dev.lockstep.data.Shard;
import dev.lockstep.data.ShardRange;
import dev.lockstep.network.Sums;
import java.util.ArrayList;
import java.util.List;

/** An engine over shards in this JVM: the same tasks and the same tree, no Spark. Every set of rows is the same. */
public final class MemoryEngine implements Engine {
    private final List<Shard> shards;
    private final ShardTask.Setting setting;
    private int requests;

    public MemoryEngine(List<Shard> shards, JobEngine.Arithmetic arithmetic) {
        this.shards = shards;
        this.setting = new ShardTask.Setting(
                arithmetic.network(),
                arithmetic.classesOrTargets(),
                arithmetic.precision(),
                arithmetic.blas(),
                arithmetic.blockRows());
    }

    @Override
    public List<Sums> answer(List<Request> asked) {
        List<Sums> answers = new ArrayList<>();
        for (Request request : asked) {
            requests++;
            Question question = Question.of(request, setting.precision());
            answers.add(SumTree.sum(
                    0,
                    shards.size(),
                    1,
                    shard -> ShardTask.answer(
                                    new ShardRange(shard, List.of(shards.get(shard))),
                                    setting,
                                    List.of(question),
                                    "here")
                            .sums()
                            .get(0)));
        }
        return answers;
    }

    /** How many requests were answered. */
    public int requests() {
        return requests;
    }
}
