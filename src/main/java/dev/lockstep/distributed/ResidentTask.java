package dev.lockstep.distributed;

import dev.lockstep.linalg.Blas;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/**
 * A task that stays: it holds its shards, says hello, and answers question after question until it is told to leave.
 *
 * @param run which run it belongs to
 * @param generation which generation of the run's resident tasks
 * @param address where the driver's end of the exchange is
 * @param shards number of shards of each set
 * @param setting what all questions have in common
 */
record ResidentTask(String run, int generation, Exchange.Address address, int shards, ShardTask.Setting setting)
        implements Serializable {
    private static final long BEAT_MILLIS = 2000;

    /** The whole life of a task. */
    void stay(Iterator<Holding> partition) throws IOException, InterruptedException {
        List<Holding> holdings = new ArrayList<>();
        partition.forEachRemaining(holdings::add);
        TaskContext context = TaskContext.get();
        Exchange.Line direct = DirectExchange.connect(address);
        // In the driver's own process a task reaches it faster than its neighbour's desk.
        String executor = SparkEnv.get().executorId() + (direct != null ? "/" + context.partitionId() : "");
        try (Exchange.Line line = direct != null ? direct : RpcExchange.connect(address)) {
            Message.Reply reply;
            do {
                reply = line.ask(new Message.Hello(
                        run,
                        generation,
                        executor,
                        context.partitionId(),
                        context.taskAttemptId(),
                        SparkEnv.get().blockManager().blockManagerId().host(),
                        Blas.of(setting.blas()).kernel()));
            } while (reply instanceof Message.Again);
            if (reply instanceof Message.Welcome welcome) {
                sit(welcome, holdings, line, direct != null, executor, context);
            }
        }
    }

    private void sit(
            Message.Welcome welcome,
            List<Holding> holdings,
            Exchange.Line line,
            boolean isDirect,
            String executor,
            TaskContext context)
            throws IOException, InterruptedException {
        Desk desk = Desk.join(run + "/" + generation + "/" + executor, welcome.members());
        try {
            if (!welcome.leads()) {
                follow(holdings, desk, context);
            } else if (isDirect) {
                lead(holdings, desk, line, line, executor, context);
            } else {
                try (Exchange.Line wide = SocketExchange.connect(address, line)) {
                    lead(holdings, desk, line, wide, executor, context);
                }
            }
        } finally {
            desk.quit("a task of this executor left");
        }
    }

    /**
     * @param line for heartbeats
     * @param wide for work and reports
     */
    private void lead(
            List<Holding> holdings,
            Desk desk,
            Exchange.Line line,
            Exchange.Line wide,
            String executor,
            TaskContext context)
            throws IOException, InterruptedException {
        ExecutorService beats = beat(desk, line, executor);
        try {
            Map<Integer, Arrays> arrays = new HashMap<>();
            Exchange.Worker worker = work -> {
                desk.publish(work);
                compute(work, holdings, desk, arrays);
                List<List<Partial>> parts = desk.collect(shards, context::isInterrupted);
                if (parts == null) {
                    throw new IOException(desk.closed());
                }
                return new Message.Report(run, generation, executor, work.step(), parts, desk.taken());
            };
            Message.Report report = new Message.Report(run, generation, executor, 0, null, null);
            while (true) {
                Message.Reply reply = wide.ask(report, worker);
                if (reply instanceof Message.Work work) {
                    report = worker.report(work);
                } else if (reply instanceof Message.Again) {
                    report = report.waiting();
                } else {
                    desk.close("the run needs this task no longer");
                    return;
                }
            }
        } finally {
            beats.shutdownNow();
        }
    }

    private void follow(List<Holding> holdings, Desk desk, TaskContext context) throws InterruptedException {
        Map<Integer, Arrays> arrays = new HashMap<>();
        Message.Work work = desk.await(0, context::isInterrupted);
        while (work != null) {
            compute(work, holdings, desk, arrays);
            work = desk.await(work.step(), context::isInterrupted);
        }
    }

    private void compute(Message.Work work, List<Holding> holdings, Desk desk, Map<Integer, Arrays> arraysByShift) {
        long begun = System.nanoTime();
        Arrays arrays = arraysByShift.computeIfAbsent(work.shift(), shift -> new Arrays());
        arrays.used = 0;
        List<Question> all = work.questions();
        List<List<Partial>> parts = new ArrayList<>();
        all.forEach(question -> parts.add(new ArrayList<>()));
        long[] nanos = new long[all.size()];
        for (Holding holding : holdings) {
            int first = holding.range().first();
            int to = first + holding.range().shards().size();
            List<Integer> ours = IntStream.range(0, all.size())
                    .filter(i -> all.get(i).set() == holding.set())
                    .boxed()
                    .toList();
            if (ours.isEmpty()) {
                continue;
            }
            List<Question> questions = ours.stream().map(all::get).toList();
            ShardTask.Answer answer = ShardTask.answer(holding.range(), setting, questions, "", arrays);
            for (int i = 0; i < ours.size(); i++) {
                parts.get(ours.get(i)).add(new Partial(first, to, answer.sums().get(i)));
                nanos[ours.get(i)] += answer.taken().ofQuestion(i);
            }
        }
        desk.deposit(parts, new Taken(System.nanoTime() - begun, nanos));
    }

    /**
     * The arrays of the last gradients for a shift, for the next ones: the driver has added them up before that shift asks
     * again.
     */
    private static final class Arrays implements IntFunction<double[]> {
        private final List<double[]> made = new ArrayList<>();
        private int used;

        @Override
        public double[] apply(int length) {
            if (used == made.size()) {
                made.add(null);
            }
            if (made.get(used) == null || made.get(used).length != length) {
                made.set(used, new double[length]);
            }
            return made.get(used++);
        }
    }

    /** Tells the driver now and then that this executor is alive, whatever its tasks are at. */
    private ExecutorService beat(Desk desk, Exchange.Line line, String executor) {
        var beats = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "lockstep-beat");
            thread.setDaemon(true);
            return thread;
        });
        var unused = beats.scheduleWithFixedDelay(
                () -> {
                    try {
                        if (line.ask(new Message.Beat(run, generation, executor)) instanceof Message.Leave leave) {
                            desk.close(leave.reason());
                        }
                    } catch (IOException e) {
                        desk.close(e.getMessage());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                BEAT_MILLIS,
                BEAT_MILLIS,
                TimeUnit.MILLISECONDS);
        return beats;
    }
}
