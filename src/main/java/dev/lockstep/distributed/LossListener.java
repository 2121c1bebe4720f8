package dev.lockstep.distributed;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import scala.jdk.javaapi.CollectionConverters;

/** Hears from Spark of lost executors and failed resident tasks, and ends the generation that had them. */
final class LossListener extends SparkListener {
    private final String group;
    private final Supplier<Generation> current;
    private final Set<String> executors = ConcurrentHashMap.newKeySet();
    private volatile Set<Integer> stages = Set.of();

    /** @param group of the jobs of resident tasks */
    LossListener(String group, Supplier<Generation> current) {
        this.group = group;
        this.current = current;
    }

    /** A task lives on this executor. */
    void watch(String executor) {
        executors.add(executor);
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
        if (start.properties() != null && group.equals(start.properties().getProperty("spark.jobGroup.id"))) {
            Set<Integer> ids = ConcurrentHashMap.newKeySet();
            CollectionConverters.asJava(start.stageIds()).forEach(id -> ids.add((Integer) id));
            stages = ids;
        }
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
        Generation generation = current.get();
        if (generation != null && stages.contains(end.stageId()) && !(end.reason() instanceof Success$)) {
            generation.end("a task failed: " + firstLine(end.reason().toString()));
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
