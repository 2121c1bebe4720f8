package dev.lockstep.cli;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricFilter;
import com.codahale.metrics.MetricRegistry;
import dev.lockstep.network.Sums;
import dev.lockstep.observe.Metrics;
import dev.lockstep.train.EpochRecord;
import dev.lockstep.train.StepRecord;
import dev.lockstep.train.TrainingListener;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.MetricsSystem;
import org.apache.spark.metrics.source.Source;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Where a run stands, as gauges of Spark's metrics system: {@code lockstep.RUN.loss} and so on, NaN where there is
 * nothing. Whatever sinks the application has get them; Spark's Prometheus servlet is one.
 *
 * <p>All runs of an application share one source, for Spark takes a source away with all whose names begin alike.
 */
final class RunGauges implements TrainingListener, AutoCloseable {
    private static final String SOURCE = "lockstep";

    private final MetricRegistry registry;
    private final String run;
    private final Function<Sums, Metrics> measure;
    private final AtomicLong rows = new AtomicLong();
    private volatile StepRecord step;
    private volatile Map<String, Double> validation = Map.of();

    private record RunSource(MetricRegistry metricRegistry) implements Source {
        @Override
        public String sourceName() {
            return SOURCE;
        }
    }

    private RunGauges(MetricRegistry registry, String run, Function<Sums, Metrics> measure) {
        this.registry = registry;
        this.run = run;
        this.measure = measure;
    }

    /**
     * Registers gauges with the application that is at work.
     *
     * @param name of the run; letters and digits stay, and a number is added if another run has the same by then
     * @param measure makes validation metrics of sums
     * @param secondsBefore of training, before the first step that this process takes
     */
    static RunGauges register(String name, Function<Sums, Metrics> measure, double secondsBefore) {
        // One at a time: another run may be about to add the source, or the same name.
        synchronized (RunGauges.class) {
            MetricRegistry registry = registry(SparkEnv.get().metricsSystem());
            RunGauges gauges = new RunGauges(registry, free(registry, name), measure);
            gauges.add("epoch", StepRecord::epoch);
            gauges.add("step", StepRecord::step);
            gauges.add("loss", StepRecord::loss);
            gauges.add("gradient_norm", StepRecord::gradientNorm);
            gauges.add("learning_rate", s -> s.learningRate().orElse(Double.NaN));
            gauges.add("rows_per_second", s -> gauges.rows.get() / Math.max(1e-9, s.seconds() - secondsBefore));
            return gauges;
        }
    }

    private static MetricRegistry registry(MetricsSystem system) {
        for (Source known : CollectionConverters.asJava(system.getSourcesByName(SOURCE))) {
            if (known instanceof RunSource) {
                return known.metricRegistry();
            }
        }
        RunSource source = new RunSource(new MetricRegistry());
        // What is added to its registry later, Spark's own learns of.
        system.registerSource(source);
        return source.metricRegistry();
    }

    private static String free(MetricRegistry registry, String name) {
        String plain = name.replaceAll("[^A-Za-z0-9]+", "_");
        String free = plain;
        for (int i = 2; registry.getNames().contains(free + ".step"); i++) {
            free = plain + "_" + i;
        }
        return free;
    }

    private void add(String name, ToDoubleFunction<StepRecord> value) {
        Gauge<Double> gauge = () -> step == null ? Double.NaN : value.applyAsDouble(step);
        registry.register(run + "." + name, gauge);
    }

    @Override
    public void step(StepRecord taken) {
        rows.addAndGet(taken.rows());
        step = taken;
    }

    @Override
    public void epoch(EpochRecord epoch) {
        if (epoch.validation() == null) {
            return;
        }
        Metrics metrics = measure.apply(epoch.validation());
        Map<String, Double> now = new TreeMap<>(metrics.values());
        now.put("loss", metrics.loss());
        boolean first = validation.isEmpty();
        validation = now;
        if (first) {
            now.keySet().forEach(name -> add("validation_" + name, s -> validation.get(name)));
        }
    }

    @Override
    public void close() {
        registry.removeMatching(MetricFilter.startsWith(run + "."));
    }
}
