package dev.lockstep.distributed;

import dev.lockstep.data.Dataset;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Sums;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine of tasks that stay: one Spark job holds the shards, and each list of requests is one exchange with each
 * executor. The same tasks' arithmetic and the same tree as in {@link JobEngine}, so the same bits.
 *
 * <p>Whenever the resident tasks are not there (not yet, not any more, not enough slots, another run has the cluster),
 * jobs answer. A lost task or a silent executor ends a generation: its job is cancelled, an ordinary job answers what was
 * asked and rebuilds the missing shards on the way, and the next request finds a new generation.
 */
public final class ResidentEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger(ResidentEngine.class);
    private static final long HELLO_NANOS = 10_000_000_000L;
    private static final long TICK_MILLIS = 500;
    /** Between looks at how many slots there are, and before a failed start is tried again. */
    private static final long LOOK_NANOS = 3_000_000_000L;

    /** Of Spark's configuration: where executors find the driver's socket; 0 for any free port. */
    private static final String PORT_KEY = "spark.lockstep.exchange.port";

    private static final long MOST_RETRY_NANOS = 30_000_000_000L;
    /** Applications whose slots are held by a run: one at a time. */
    private static final Set<String> LEASED = ConcurrentHashMap.newKeySet();

    private static final AtomicInteger RUNS = new AtomicInteger();

    private final JobEngine jobs;
    private final SparkContext spark;
    private final String run;
    private final String application;
    private final int shards;
    private final Exchange exchange;
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> ticks;
    private final LossListener losses;
    private final List<Shift> shifts = List.of(new Shift(0), new Shift(1));
    private volatile Generation generation;
    private volatile ResidentJob job;
    private int generations;
    private long byJobs;
    private long notBefore = System.nanoTime();
    private long nextLook;
    private int failedStarts;
    private String excuse;
    private int ticksOfOthers;
    private boolean closed;
    private Costs costs = Costs.NONE;

    private ResidentEngine(JobEngine jobs, String run, String application) {
        this.jobs = jobs;
        this.spark = jobs.spark().sc();
        this.run = run;
        this.application = application;
        this.shards = jobs.sets().values().iterator().next().plan().shards();
        this.losses = new LossListener(run, this::current);
        Exchange.Listener listener = (call, replyTo) -> {
            Generation now = generation;
            if (now == null) {
                replyTo.send(new Message.Leave("no generation is at work"));
            } else {
                now.asked(call, replyTo, System.nanoTime());
            }
        };
        this.exchange = spark.isLocal() ? DirectExchange.open(run, listener) : overNetwork(spark, run, listener);
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, run + "-timer");
            thread.setDaemon(true);
            return thread;
        });
        spark.addSparkListener(losses);
        ticks = timer.scheduleAtFixedRate(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * An engine over the same data as another one, which answers whenever this one cannot.
     *
     * @return the other engine itself, with a line in the log, where resident tasks are not to be had
     */
    public static Engine over(JobEngine jobs) {
        String application = jobs.spark().sc().applicationId();
        String why = whyNot(jobs);
        if (why == null && !LEASED.add(application)) {
            why = "another run of this application has them";
        }
        if (why == null) {
            try {
                return new ResidentEngine(jobs, "lockstep-" + RUNS.incrementAndGet(), application);
            } catch (LinkageError | RuntimeException e) {
                LEASED.remove(application);
                why = "this Spark has no transport for them: " + e;
            }
        }
        LOG.warn("no resident tasks, a Spark job answers each request: {}", why);
        return jobs;
    }

    private static Exchange overNetwork(SparkContext spark, String run, Exchange.Listener listener) {
        Exchange rpc = RpcExchange.open(run, listener);
        if (RpcExchange.isGuarded()) {
            LOG.info("the application's messages are authenticated or encrypted: all of them go by Spark's RPC");
            return rpc;
        }
        String host = spark.conf().get("spark.driver.host");
        String bind = spark.conf().get("spark.driver.bindAddress", host);
        return SocketExchange.open(rpc, listener, bind, host, spark.conf().getInt(PORT_KEY, 0));
    }

    private static String whyNot(JobEngine jobs) {
        long bytes = 8L * jobs.setting().network().parameters();
        if (bytes > 1 << 30) {
            return "a gradient of " + (bytes >> 20) + " MB is too large for a message";
        }
        long plans = jobs.sets().values().stream().map(Dataset::plan).distinct().count();
        return plans == 1 ? null : "the sets of rows lie in different shards";
    }

    private Generation current() {
        return generation;
    }

    @Override
    public List<Sums> answer(List<Request> requests) {
        return shifts.get(0).answer(requests);
    }

    @Override
    public int shifts() {
        return shifts.size();
    }

    @Override
    public Engine shift(int index) {
        return shifts.get(index);
    }

    /** One list of requests at a time: what belongs to its last answer. */
    private final class Shift implements Engine {
        private final int index;
        private final List<Buffer> weights = new ArrayList<>();
        private List<Costs> lastCosts = List.of();

        Shift(int index) {
            this.index = index;
        }

        @Override
        public List<Sums> answer(List<Request> requests) {
            Generation now = atWork(requests);
            if (now != null) {
                List<Sums> sums = exchange(now, requests);
                if (sums != null) {
                    return sums;
                }
            }
            return byJobs(now, requests, this);
        }

        private List<Sums> exchange(Generation now, List<Request> requests) {
            Costs.Clock clock = new Costs.Clock();
            List<Question> questions = new ArrayList<>();
            for (Request request : requests) {
                questions.add(Question.of(request, rounded(questions.size(), request.point())));
            }
            clock.encoded();
            Generation.Reports reports;
            try {
                reports = now.exchange(index, questions);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while waiting for resident tasks", e);
            }
            if (reports == null) {
                return null;
            }
            clock.waitedUntil(reports.begun());
            clock.answered(reports.taken());
            List<Sums> sums = new ArrayList<>();
            int senders = 0;
            for (List<Partial> parts : reports.parts()) {
                senders = Math.max(senders, parts.size());
                List<Partial> joined = SumTree.join(shards, parts);
                if (joined.size() != 1 || joined.get(0).to() - joined.get(0).from() != shards) {
                    throw new IllegalStateException("the tasks' sums do not make up the tree of " + shards + " shards");
                }
                sums.add(joined.get(0).sums());
            }
            clock.summed();
            lastCosts = Costs.each(clock, requests, jobs.setting(), reports.members(), senders);
            if (Costs.count(requests)) {
                count(clock, requests, reports.members(), senders);
            }
            return sums;
        }

        /** A point in the executors' precision, in the buffer of the last exchange: whoever still reads that comes too late. */
        private Buffer rounded(int place, Vector point) {
            if (place == weights.size()) {
                weights.add(Buffer.allocate(jobs.setting().precision(), point.size()));
            }
            weights.get(place).store(point);
            return weights.get(place);
        }

        @Override
        public List<Costs> lastCosts() {
            return lastCosts;
        }

        @Override
        public String name() {
            return ResidentEngine.this.name();
        }

        @Override
        public Costs costs() {
            return ResidentEngine.this.costs();
        }

        @Override
        public Map<String, String> kernels() {
            return ResidentEngine.this.kernels();
        }
    }

    /** The generation that is to answer, started if need be; null if jobs are to. */
    private synchronized Generation atWork(List<Request> requests) {
        regroup();
        if (generation == null && System.nanoTime() >= notBefore) {
            start(requests);
        }
        return generation;
    }

    /** @param failed the generation that ended instead of giving an answer, or null */
    private synchronized List<Sums> byJobs(Generation failed, List<Request> requests, Shift shift) {
        if (failed != null && failed == generation) {
            LOG.info("resident tasks end ({}); a Spark job repeats the step", failed.ended());
            stop();
        }
        byJobs++;
        List<Sums> sums = jobs.answer(requests);
        shift.lastCosts = jobs.lastCosts();
        return sums;
    }

    private synchronized void count(Costs.Clock clock, List<Request> requests, int receivers, int senders) {
        costs = costs.plus(clock, requests, jobs.setting(), receivers, senders);
    }

    /** Starts a generation if there are slots for it. */
    private void start(List<Request> requests) {
        try {
            int slots = ResidentJob.slots(spark);
            if (slots < 1 || !ResidentJob.awaitQuiet(spark)) {
                notBefore = System.nanoTime() + LOOK_NANOS;
                return;
            }
            JavaRDD<Holding> holdings = ResidentJob.holdings(jobs.sets(), slots);
            int number = ++generations;
            Generation next = new Generation(run, number, holdings.getNumPartitions(), hello -> {
                jobs.checkKernel(hello.kernel(), hello.host());
                losses.watch(hello.executor());
            });
            generation = next;
            job = ResidentJob.submit(
                    jobs.spark(),
                    holdings,
                    new ResidentTask(run, number, exchange.address(), shards, jobs.setting()),
                    LossListener.group(run, number),
                    Purpose.describeResidents(requests, number));
            if (next.awaitAll(HELLO_NANOS)) {
                failedStarts = 0;
                if (number > 1) {
                    LOG.info("resident tasks are back: {} of them", next.partitions());
                }
                return;
            }
            next.end("not all tasks said hello within " + HELLO_NANOS / 1_000_000_000 + " seconds");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for resident tasks", e);
        }
        String reason = generation.ended();
        stop();
        // What a task's hello revealed (two BLAS kernels, say) is the user's to know: the job that follows says it.
        // A lost executor is back within seconds, what else stands in the way may stay.
        notBefore = System.nanoTime() + Math.min(MOST_RETRY_NANOS, LOOK_NANOS << Math.min(failedStarts++, 8));
        if (!reason.equals(excuse)) {
            excuse = reason;
            LOG.warn("no resident tasks for now, Spark jobs answer: {}", reason);
        }
    }

    /** Ends a generation that has fewer tasks than there are slots by now. */
    private void regroup() {
        Generation now = generation;
        int most = jobs.sets().values().iterator().next().plan().tasks();
        if (now == null || now.partitions() >= most || System.nanoTime() < nextLook) {
            return;
        }
        nextLook = System.nanoTime() + LOOK_NANOS;
        if (ResidentJob.slots(spark) > now.partitions()) {
            now.end("there are more slots now");
            stop();
        }
    }

    private void stop() {
        if (generation != null) {
            generation.end("the run goes on without them");
            generation = null;
        }
        if (job != null) {
            job.cancel();
            job = null;
        }
    }

    private void tick() {
        try {
            Generation now = generation;
            ResidentJob ours = job;
            if (now == null || ours == null) {
                return;
            }
            if (ours.isDone()) {
                now.end("the job of the resident tasks has ended");
            }
            now.tick(System.nanoTime(), Math.min(20_000_000_000L, exchange.patienceNanos() / 3));
            ticksOfOthers = ResidentJob.othersWait(spark, ours) ? ticksOfOthers + 1 : 0;
            if (ticksOfOthers > 1) {
                now.end("other jobs of this application wait for their turn");
            }
        } catch (RuntimeException e) {
            LOG.debug("the timer of resident tasks", e);
        }
    }

    @Override
    public List<Costs> lastCosts() {
        return shifts.get(0).lastCosts();
    }

    /** Who answered most. */
    @Override
    public String name() {
        return costs.answers() >= byJobs ? "resident" : "jobs";
    }

    @Override
    public Costs costs() {
        return name().equals("jobs") ? jobs.costs() : costs;
    }

    @Override
    public Map<String, String> kernels() {
        return jobs.kernels();
    }

    @Override
    public synchronized void close() {
        if (closed) {
            // The application's slots may be another run's by now.
            return;
        }
        closed = true;
        notBefore = Long.MAX_VALUE;
        Generation last = generation;
        generation = null;
        if (last != null) {
            last.end("the run has ended");
        }
        if (job != null) {
            job.awaitEnd();
            job = null;
        }
        ticks.cancel(false);
        timer.shutdownNow();
        spark.removeSparkListener(losses);
        exchange.close();
        LEASED.remove(application);
    }
}
