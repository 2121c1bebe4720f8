package dev.lockstep.distributed;

import dev.lockstep.InputException;
import dev.lockstep.data.Dataset;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Precision;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.network.Sums;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The engine of one Spark job per list of requests: broadcast the weights, let each task sum its range of shards, collect
 * one result a task, add them along the tree. Simple and robust; a lost task is Spark's to repeat, and gives the same bits.
 */
public final class JobEngine implements Engine {
    private static final int MOST_ENTRIES = Integer.MAX_VALUE - 8;

    private final JavaSparkContext spark;
    private final ShardTask.Setting setting;
    private final boolean allowMixedKernels;
    private final Map<Request.RowSet, Dataset> sets = new EnumMap<>(Request.RowSet.class);
    private final Map<String, String> hostByKernel = new TreeMap<>();
    private Costs costs = Costs.NONE;
    private List<Costs> lastCosts = List.of();

    /**
     * What the engine computes with.
     *
     * @param classesOrTargets number of classes, or of target columns
     * @param blockRows most rows of a block, as the data sets were packed
     * @param allowMixedKernels whether executors may have BLAS kernels whose bits differ
     */
    public record Arithmetic(
            Network network,
            int classesOrTargets,
            Precision precision,
            Blas.Kind blas,
            int blockRows,
            boolean allowMixedKernels) {}

    /**
     * An engine over data sets that are packed already.
     *
     * @throws InputException if the answers of one job could not fit on the driver, or a block in an array
     */
    public JobEngine(JavaSparkContext spark, Arithmetic arithmetic, Map<Request.RowSet, Dataset> sets) {
        this(
                spark,
                new ShardTask.Setting(
                        arithmetic.network(),
                        arithmetic.classesOrTargets(),
                        arithmetic.precision(),
                        arithmetic.blas(),
                        arithmetic.blockRows()),
                arithmetic.allowMixedKernels(),
                sets);
        checkBlock(arithmetic);
        sets.values().forEach(this::checkDriver);
    }

    private JobEngine(
            JavaSparkContext spark,
            ShardTask.Setting setting,
            boolean allowMixedKernels,
            Map<Request.RowSet, Dataset> sets) {
        this.spark = spark;
        this.setting = setting;
        this.allowMixedKernels = allowMixedKernels;
        this.sets.putAll(sets);
    }

    private static void checkBlock(Arithmetic arithmetic) {
        int widest = arithmetic.network().inputs();
        for (Layer layer : arithmetic.network().layers()) {
            widest = Math.max(widest, layer.outputs());
        }
        if ((long) widest * arithmetic.blockRows() > MOST_ENTRIES) {
            throw new InputException("block-rows = " + arithmetic.blockRows() + " rows of the width " + widest
                    + " do not fit in an array; set block-rows to at most " + MOST_ENTRIES / widest);
        }
    }

    private void checkDriver(Dataset set) {
        long bytes = Math.multiplyExact(
                8L * setting.network().parameters() + 4096, (long) set.plan().tasks());
        long most = spark.getConf().getSizeAsBytes("spark.driver.maxResultSize", "1g");
        String what = "the gradients of one step, " + set.plan().tasks() + " tasks x "
                + setting.network().parameters() + " parameters, take " + megabytes(bytes);
        if (most > 0 && bytes > most) {
            throw new InputException(what + ", more than spark.driver.maxResultSize of " + megabytes(most)
                    + "; add -- --conf spark.driver.maxResultSize=" + (bytes * 5 / 4 / (1 << 20) + 1) + "m");
        }
        long heap = Runtime.getRuntime().maxMemory();
        if (3 * bytes > heap) {
            throw new InputException(what + ", too much for the driver's memory of " + megabytes(heap)
                    + "; add -- --driver-memory " + (3 * bytes / (1 << 30) + 1) + "g, or set fewer shards");
        }
    }

    private static String megabytes(long bytes) {
        return bytes / (1 << 20) + " MB";
    }

    @Override
    public List<Sums> answer(List<Request> requests) {
        Sums[] answers = new Sums[requests.size()];
        Costs[] each = new Costs[requests.size()];
        for (Request.RowSet set : Request.RowSet.values()) {
            List<Integer> indices = new ArrayList<>();
            for (int i = 0; i < requests.size(); i++) {
                if (requests.get(i).set() == set) {
                    indices.add(i);
                }
            }
            if (!indices.isEmpty()) {
                List<Sums> sums =
                        run(sets.get(set), indices.stream().map(requests::get).toList());
                for (int i = 0; i < sums.size(); i++) {
                    answers[indices.get(i)] = sums.get(i);
                    each[indices.get(i)] = lastCosts.get(i);
                }
            }
        }
        lastCosts = Arrays.asList(each);
        return Arrays.asList(answers);
    }

    private List<Sums> run(Dataset set, List<Request> requests) {
        Costs.Clock clock = new Costs.Clock();
        List<Question> questions = new ArrayList<>();
        requests.forEach(request -> questions.add(Question.of(request, setting.precision())));
        List<ShardTask.Answer> answers;
        try (JobTransport transport = JobTransport.of(spark, questions);
                JobDescription described = new JobDescription(spark, requests)) {
            clock.encoded();
            answers = AnsweringTask.run(spark.sc(), set.ranges().rdd(), new AnsweringTask(setting, transport));
        }
        clock.answered(answers.stream().map(ShardTask.Answer::taken).toList());
        answers.forEach(answer -> checkKernel(answer.kernel(), answer.host()));
        List<Sums> sums = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            int request = i;
            sums.add(SumTree.sum(
                    0,
                    set.plan().shards(),
                    set.plan().width(),
                    shard -> answers.get(set.plan().task(shard)).sums().get(request)));
        }
        clock.summed();
        lastCosts = Costs.each(clock, requests, setting, 1, set.plan().tasks());
        if (Costs.count(requests)) {
            costs = costs.plus(clock, requests, setting, 1, set.plan().tasks());
        }
        return sums;
    }

    /** Remembers who computes with what; two kernels are an error unless they are allowed. */
    synchronized void checkKernel(String kernel, String host) {
        hostByKernel.putIfAbsent(kernel, host);
        if (hostByKernel.size() > 1 && !allowMixedKernels) {
            throw new InputException("executors compute with different BLAS kernels, so their bits differ: "
                    + hostByKernel
                    + "; use machines of one CPU type, or blas = java, or allow-mixed-cpus = true");
        }
    }

    @Override
    public synchronized Map<String, String> kernels() {
        return Map.copyOf(hostByKernel);
    }

    @Override
    public Costs costs() {
        return costs;
    }

    @Override
    public List<Costs> lastCosts() {
        return lastCosts;
    }

    @Override
    public String name() {
        return "jobs";
    }

    ShardTask.Setting setting() {
        return setting;
    }

    JavaSparkContext spark() {
        return spark;
    }

    Map<Request.RowSet, Dataset> sets() {
        return sets;
    }
}
