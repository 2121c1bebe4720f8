package dev.lockstep.distributed;

import dev.lockstep.data.ShardRange;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/**
 * What a task of a job does: it answers the questions for its range of shards. Questions and answers travel packed.
 *
 * <p>A plain class and no lambda: Spark reads the byte code of closures, and of the classes around them, for every job.
 */
final class AnsweringTask extends AbstractFunction2<TaskContext, Iterator<ShardRange>, byte[]> implements Serializable {
    private static final long serialVersionUID = 1;

    private final ShardTask.Setting setting;
    private final Broadcast<byte[]> questions;

    /** @param questions a packed list of them */
    AnsweringTask(ShardTask.Setting setting, Broadcast<byte[]> questions) {
        this.setting = setting;
        this.questions = questions;
    }

    /** Runs a job of these; the answers are in the order of the partitions. */
    static List<ShardTask.Answer> run(SparkContext spark, RDD<ShardRange> ranges, AnsweringTask task) {
        byte[][] answers = (byte[][]) spark.runJob(ranges, task, ClassTag$.MODULE$.apply(byte[].class));
        return Arrays.stream(answers)
                .map(answer -> (ShardTask.Answer) Wire.unpack(answer))
                .toList();
    }

    @Override
    public byte[] apply(TaskContext context, Iterator<ShardRange> ranges) {
        List<Question> asked = new ArrayList<>();
        for (Object question : (List<?>) Wire.unpack(questions.value())) {
            asked.add((Question) question);
        }
        String host = SparkEnv.get().blockManager().blockManagerId().host();
        return Wire.pack(ShardTask.answer(ranges.next(), setting, asked, host));
    }
}
