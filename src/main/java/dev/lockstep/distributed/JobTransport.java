package dev.lockstep.distributed;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;

/**
 * How the questions of one job reach its tasks, and how the answers come back. Between processes both are packed: the
 * questions are broadcast, the answers are the tasks' results. In local mode, where driver and tasks share a heap, both stay
 * where they are and only names of them travel: Spark would copy each answer half a dozen times.
 */
abstract class JobTransport implements Serializable, AutoCloseable {
    private static final long serialVersionUID = 1;

    /** With this, a task's classes are not the driver's, even within one process. */
    private static final String OWN_CLASSES = "spark.executor.userClassPathFirst";

    /** For a job on this cluster; to be closed when it has ended. */
    static JobTransport of(JavaSparkContext spark, List<Question> questions) {
        boolean shareHeap = spark.sc().isLocal() && !spark.sc().conf().getBoolean(OWN_CLASSES, false);
        return shareHeap ? within(questions) : between(spark, questions);
    }

    /** Between processes. */
    static JobTransport between(JavaSparkContext spark, List<Question> questions) {
        return new Between(spark.broadcast(Wire.pack(new ArrayList<>(questions))));
    }

    /** Within one process. */
    static JobTransport within(List<Question> questions) {
        return Within.open(questions);
    }

    /** On a task: what is asked. */
    abstract List<Question> questions();

    /**
     * On a task: sends an answer on its way.
     *
     * @param attempt of the task; no other attempt has this number
     * @return the task's result for Spark
     */
    abstract Serializable send(ShardTask.Answer answer, long attempt);

    /** On the driver: the answer of a task that had this result. */
    abstract ShardTask.Answer receive(Object result);

    @Override
    public abstract void close();

    private static final class Between extends JobTransport {
        private static final long serialVersionUID = 1;

        private final Broadcast<byte[]> packed;

        Between(Broadcast<byte[]> packed) {
            this.packed = packed;
        }

        @Override
        List<Question> questions() {
            List<Question> questions = new ArrayList<>();
            for (Object question : (List<?>) Wire.unpack(packed.value())) {
                questions.add((Question) question);
            }
            return questions;
        }

        @Override
        Serializable send(ShardTask.Answer answer, long attempt) {
            return Wire.pack(answer);
        }

        @Override
        ShardTask.Answer receive(Object result) {
            return (ShardTask.Answer) Wire.unpack((byte[]) result);
        }

        @Override
        public void close() {
            packed.destroy();
        }
    }

    /** A job's number leads a task to the questions, an attempt's number leads the driver to its answer. */
    private static final class Within extends JobTransport {
        private static final long serialVersionUID = 1;

        private static final AtomicLong JOBS = new AtomicLong();
        private static final Map<Long, Within> OPEN = new ConcurrentHashMap<>();

        private final long job;
        private final transient List<Question> questions;
        private final transient Map<Long, ShardTask.Answer> answers;

        private Within(List<Question> questions) {
            this.job = JOBS.incrementAndGet();
            this.questions = List.copyOf(questions);
            this.answers = new ConcurrentHashMap<>();
        }

        static Within open(List<Question> questions) {
            Within opened = new Within(questions);
            OPEN.put(opened.job, opened);
            return opened;
        }

        /** The driver's own; this may be a task's copy. */
        private Within opened() {
            Within opened = OPEN.get(job);
            if (opened == null) {
                throw new IllegalStateException("the job that asks this has ended");
            }
            return opened;
        }

        @Override
        List<Question> questions() {
            return opened().questions;
        }

        @Override
        Serializable send(ShardTask.Answer answer, long attempt) {
            opened().answers.put(attempt, answer);
            return attempt;
        }

        @Override
        ShardTask.Answer receive(Object result) {
            return answers.remove((Long) result);
        }

        /** Answers of attempts that Spark did not count go too. */
        @Override
        public void close() {
            OPEN.remove(job);
        }
    }
}
