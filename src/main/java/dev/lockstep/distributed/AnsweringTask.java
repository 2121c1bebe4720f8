package dev.lockstep.distributed;

import dev.lockstep.data.ShardRange;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;

/**
 * What a task of a job does: it answers the questions for its range of shards.
 *
 * <p>A plain class and no lambda: Spark reads the byte code of closures, and of the classes around them, for every job.
 */
final class AnsweringTask extends AbstractFunction2<TaskContext, Iterator<ShardRange>, Object> implements Serializable {
    private static final long serialVersionUID = 1;

    private final ShardTask.Setting setting;
    private final JobTransport transport;

    /** @param transport brings the questions */
    AnsweringTask(ShardTask.Setting setting, JobTransport transport) {
        this.setting = setting;
        this.transport = transport;
    }

    /** Runs a job of these; the answers are in the order of the partitions. */
    static List<ShardTask.Answer> run(SparkContext spark, RDD<ShardRange> ranges, AnsweringTask task) {
        Object[] given = (Object[]) spark.runJob(ranges, task, ClassTag$.MODULE$.apply(Object.class));
        return Arrays.stream(given).map(task.transport::receive).toList();
    }

    @Override
    public Object apply(TaskContext context, Iterator<ShardRange> ranges) {
        String host = SparkEnv.get().blockManager().blockManagerId().host();
        return transport.send(
                ShardTask.answer(ranges.next(), setting, transport.questions(), host), context.taskAttemptId());
    }
}
