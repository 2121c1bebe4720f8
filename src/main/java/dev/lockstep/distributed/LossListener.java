package dev.lockstep.distributed;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/** Hears from Spark of lost executors and failed resident tasks, and ends the generation that had them. */
final class LossListener extends SparkListener {
    private final String run;
    private final Supplier<Generation> current;
    private final Set<String> executors = ConcurrentHashMap.newKeySet();
    private volatile Job job = new Job("", Set.of());

    /** The last job of resident tasks that Spark has told of, by its group. */
    private record Job(String group, Set<Integer> stages) {}

    /** @param run whose generations' jobs have groups of their own */
    LossListener(String run, Supplier<Generation> current) {
        this.run = run;
        this.current = current;
    }

    /** The group of a generation's job. */
    static String group(String run, int generation) {
        return run + "/" + generation;
    }

    /** A task lives on this executor. */
    void watch(String executor) {
        executors.add(executor);
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
        String group = start.properties() == null ? null : start.properties().getProperty("spark.jobGroup.id");
        if (group != null && group.startsWith(run + "/")) {
            Set<Integer> stages = ConcurrentHashMap.newKeySet();
            CollectionConverters.asJava(start.stageIds()).forEach(id -> stages.add((Integer) id));
            job = new Job(group, stages);
        }
    }

    /** The end of a task that an earlier generation has left behind is often heard of when the next one has begun. */
    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        Generation generation = current.get();
        Job last = job;
        if (generation != null
                && last.group().equals(group(run, generation.number()))
                && last.stages().contains(end.stageId())
                && end.reason() instanceof TaskFailedReason failure) {
            generation.failed(end.taskInfo().taskId(), firstLine(failure.toErrorString()));
        }
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
        Generation generation = current.get();
        if (generation != null && executors.contains(removed.executorId())) {
            generation.lost(removed.executorId(), removed.reason());
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
