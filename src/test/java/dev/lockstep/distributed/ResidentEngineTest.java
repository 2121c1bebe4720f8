package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.Settings;
import dev.lockstep.SharedSpark;
import dev.lockstep.data.Batch;
import dev.lockstep.data.Dataset;
import dev.lockstep.data.Packing;
import dev.lockstep.data.Preparation;
import dev.lockstep.data.Scan;
import dev.lockstep.data.ShardPlan;
import dev.lockstep.data.Sources;
import dev.lockstep.distributed.Request.RowSet;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Dropout;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.network.Sums;
import dev.lockstep.optimize.Curvature;
import dev.lockstep.optimize.Diagonal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tasks that stay give the bits of jobs, whatever happens to them. */
class ResidentEngineTest {
    private static final int ROWS = 301;
    private static final Network NETWORK = new Network(
            List.of(new Layer(5, 9, Activation.TANH, true), new Layer(9, 3, Activation.IDENTITY, true)),
            ClassLoss.CROSS_ENTROPY,
            0.3);

    private static Scan scan;
    private final List<Dataset> sets = new ArrayList<>();

    @BeforeAll
    static void scan() {
        Settings settings = Settings.of(
                Settings.inline("format=synthetic,generator=blobs,features=5,classes=3,rows=" + ROWS, "--data"));
        scan = Scan.of(SharedSpark.context(), Sources.read(settings), Scan.Rules.strict(true), null);
    }

    @AfterEach
    void release() {
        sets.forEach(Dataset::release);
    }

    private JobEngine jobs(int shards, int width, Precision precision) {
        Packing.Split split = Packing.split(
                SharedSpark.context(),
                scan,
                new Packing.Format(new ShardPlan(shards, width), 16, precision, 1.0),
                60,
                scan.rows() - 60,
                1,
                new Preparation.Wanted(false, true, false, null));
        sets.add(split.training());
        sets.add(split.validation());
        return new JobEngine(
                SharedSpark.context(),
                new JobEngine.Arithmetic(NETWORK, 3, precision, Blas.Kind.NATIVE, 16, false),
                Map.of(RowSet.TRAINING, split.training(), RowSet.VALIDATION, split.validation()));
    }

    private static Vector point(int step) {
        double[] values = new double[NETWORK.parameters()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Mixing.normal(Mixing.mix(step, i));
        }
        return Vector.wrap(values);
    }

    private static List<Request> step(int step) {
        Batch batch = step % 3 == 0 ? Batch.all(241) : new Batch(241, 10L * step, 10L * step + 37, 5, true);
        return List.of(new Request(RowSet.TRAINING, batch, point(step), true, false, Dropout.of(1, step, 0.3)));
    }

    private static void assertSameBits(List<Sums> actual, List<Sums> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).loss()).isEqualTo(expected.get(i).loss());
            assertThat(actual.get(i).rows()).isEqualTo(expected.get(i).rows());
            assertThat(actual.get(i).correct()).isEqualTo(expected.get(i).correct());
            assertThat(actual.get(i).gradient()).isEqualTo(expected.get(i).gradient());
        }
    }

    private static List<Request> withMetrics(int step) {
        List<Request> requests = new ArrayList<>(step(step));
        if (step % 2 == 0) {
            requests.add(Request.mixing(Batch.all(241), point(step + 20), Dropout.of(1, step, 0.3), 0.01));
            List<Vector> directions = List.of(point(step + 30), point(step + 31), point(step + 32));
            requests.add(Request.products(Curvature.HESSIAN, Batch.all(241), point(step), directions, null));
            requests.add(Request.diagonal(Diagonal.HESSIAN, Batch.all(241), point(step), null));
        }
        if (step % 2 == 1) {
            requests.add(Request.metrics(RowSet.VALIDATION, 60, point(step + 50)));
            requests.add(new Request(RowSet.TRAINING, Batch.all(241), point(step + 90), false, true, null));
        }
        return requests;
    }

    /** What jobs answer; to be asked before resident tasks hold the slots. */
    private static List<List<Sums>> expected(JobEngine jobs, int steps) {
        return IntStream.range(0, steps)
                .mapToObj(step -> jobs.answer(withMetrics(step)))
                .toList();
    }

    @ParameterizedTest(name = "{0} shards, {1} a range, {2}")
    @CsvSource({"8,4,FLOAT32", "8,8,FLOAT64", "7,4,FLOAT32", "8,1,FLOAT32", "13,2,FLOAT64", "1,1,FLOAT32"})
    void the_bits_are_those_of_jobs(int shards, int width, Precision precision) {
        JobEngine jobs = jobs(shards, width, precision);
        List<List<Sums>> expected = expected(jobs, 4);
        try (Engine resident = ResidentEngine.over(jobs)) {
            for (int step = 0; step < expected.size(); step++) {
                assertSameBits(resident.answer(withMetrics(step)), expected.get(step));
                assertThat(resident.costs().answers())
                        .as("answered by resident tasks")
                        .isEqualTo(step + 1);
            }
        }
    }

    /** Puts down the tasks that start. */
    private static SparkListener starts(Set<Long> tasks) {
        return new SparkListener() {
            @Override
            public void onTaskStart(SparkListenerTaskStart start) {
                tasks.add(start.taskInfo().taskId());
            }
        };
    }

    /** Each asks on a thread of its own, as fast as it can; a task is killed on the way. */
    @Test
    void two_shifts_at_once_get_the_bits_of_jobs_also_when_a_task_is_lost() throws Exception {
        JobEngine jobs = jobs(8, 4, Precision.FLOAT32);
        int steps = 8;
        List<List<Sums>> expected = expected(jobs, steps);
        Set<Long> tasks = ConcurrentHashMap.newKeySet();
        SparkListener starts = starts(tasks);
        SharedSpark.context().sc().addSparkListener(starts);
        try (Engine resident = ResidentEngine.over(jobs)) {
            assertThat(resident.shifts()).isEqualTo(2);
            assertSameBits(resident.answer(withMetrics(0)), expected.get(0));
            AtomicBoolean killed = new AtomicBoolean();
            AtomicInteger asked = new AtomicInteger(1);
            List<CompletableFuture<Void>> ends = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                Engine shift = resident.shift(i);
                int first = 3 * i;
                ends.add(CompletableFuture.runAsync(() -> {
                    int after = 0;
                    for (int k = 0; after < 3 * steps; k++) {
                        int step = (first + k) % steps;
                        after += killed.get() ? 1 : 0;
                        asked.incrementAndGet();
                        assertSameBits(shift.answer(withMetrics(step)), expected.get(step));
                    }
                }));
            }
            for (int i = 0; i < 1000 && (tasks.isEmpty() || asked.get() < 20); i++) {
                Thread.sleep(10);
            }
            assertThat(SharedSpark.context().sc().killTaskAttempt(Collections.max(tasks), true, "a test"))
                    .isTrue();
            killed.set(true);
            for (CompletableFuture<Void> end : ends) {
                end.get(60, TimeUnit.SECONDS);
            }
            assertThat(resident.costs().answers())
                    .as("jobs answered at least once, resident tasks too")
                    .isBetween(1L, asked.get() - 1L);
        } finally {
            SharedSpark.context().sc().removeSparkListener(starts);
        }
    }

    @Test
    void one_run_of_an_application_has_them_and_gives_them_back() throws Exception {
        JobEngine jobs = jobs(8, 4, Precision.FLOAT32);
        for (int round = 0; round < 2; round++) {
            try (Engine first = ResidentEngine.over(jobs)) {
                assertThat(first.name()).isEqualTo("resident");
                assertThat(ResidentEngine.over(jobs)).isSameAs(jobs);
                first.answer(step(1));
            }
            assertThat(CompletableFuture.supplyAsync(() -> jobs.answer(step(1))).get(10, TimeUnit.SECONDS))
                    .as("the slots are free")
                    .hasSize(1);
        }
    }

    @Test
    void other_jobs_of_the_application_get_their_turn_and_the_tasks_come_back() throws Exception {
        JobEngine jobs = jobs(8, 4, Precision.FLOAT32);
        List<List<Sums>> expected = expected(jobs, 4);
        try (Engine resident = ResidentEngine.over(jobs)) {
            assertSameBits(resident.answer(withMetrics(0)), expected.get(0));
            CompletableFuture<Long> other = CompletableFuture.supplyAsync(
                    () -> SharedSpark.context().parallelize(List.of(1, 2, 3), 3).count());
            assertThat(other.get(20, TimeUnit.SECONDS)).isEqualTo(3);
            for (int step = 1; step < 4; step++) {
                assertSameBits(resident.answer(withMetrics(step)), expected.get(step));
            }
            assertThat(resident.costs().answers()).isGreaterThan(2);
        }
    }

    @Test
    void a_lost_task_costs_a_step_by_job_and_no_bit() throws Exception {
        JobEngine jobs = jobs(8, 4, Precision.FLOAT32);
        List<List<Sums>> expected = expected(jobs, 6);
        Set<Long> tasks = ConcurrentHashMap.newKeySet();
        SparkListener starts = starts(tasks);
        SharedSpark.context().sc().addSparkListener(starts);
        try (Engine resident = ResidentEngine.over(jobs)) {
            for (int step = 0; step < 6; step++) {
                assertSameBits(resident.answer(withMetrics(step)), expected.get(step));
                if (step == 1 || step == 3) {
                    for (int i = 0; i < 1000 && tasks.isEmpty(); i++) {
                        Thread.sleep(10);
                    }
                    long victim = Collections.max(tasks);
                    tasks.clear();
                    assertThat(SharedSpark.context().sc().killTaskAttempt(victim, true, "a test"))
                            .isTrue();
                    Thread.sleep(300);
                }
            }
            assertThat(resident.costs().answers()).isBetween(3L, 5L);
        } finally {
            SharedSpark.context().sc().removeSparkListener(starts);
        }
    }

    @Test
    void measuring_both_changes_no_bit_and_says_which_is_used() {
        JobEngine jobs = jobs(8, 4, Precision.FLOAT32);
        List<List<Sums>> expected = expected(jobs, 8);
        try (Engine engine = Engines.AUTO.over(jobs)) {
            assertThat(engine.name()).isEqualTo("jobs");
            for (int step = 0; step < 8; step++) {
                assertSameBits(engine.answer(withMetrics(step)), expected.get(step));
            }
            assertThat(engine.name()).isEqualTo("resident");
        }
    }

    @Test
    void a_measured_run_gives_its_tasks_back_once() {
        JobEngine jobs = jobs(8, 4, Precision.FLOAT32);
        Engine first = measured(jobs);
        assertThat(ResidentEngine.over(jobs)).as("the first has them").isSameAs(jobs);
        first.close();
        try (Engine second = measured(jobs)) {
            assertThat(second.name()).isEqualTo("resident");
            first.close();
            assertThat(ResidentEngine.over(jobs)).as("the second has them").isSameAs(jobs);
        }
        try (Engine third = ResidentEngine.over(jobs)) {
            assertThat(third).as("nobody has them").isNotSameAs(jobs);
        }
    }

    private static Engine measured(JobEngine jobs) {
        Engine engine = Engines.AUTO.over(jobs);
        for (int step = 0; step < 8; step++) {
            engine.answer(step(step));
        }
        return engine;
    }
}
