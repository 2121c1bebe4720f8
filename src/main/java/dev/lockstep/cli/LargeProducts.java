package dev.lockstep.cli;

import dev.lockstep.data.ShardPlan;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Precision;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The matrix products of a full-batch step and nothing else: for each layer that holds at least a twentieth of the
 * parameters the product forward, the weight gradient and, but for the first layer, the input gradient.
 *
 * <p>Every thread works through blocks of its own rows, which lie in memory as a step's do; outputs and derivatives are
 * reused from block to block, as in {@link dev.lockstep.network.Propagation}. No bias, no activation, no loss, no sums of
 * gradients: less than this a step cannot do.
 */
final class LargeProducts implements AutoCloseable {
    private static final double LARGE_SHARE = 0.05;

    private final Network network;
    private final Blas blas;
    private final int blockRows;
    private final long rows;
    private final ExecutorService threads;
    private final List<Worker> workers = new ArrayList<>();

    /**
     * @param plan shares the rows out as a step does
     * @param blockRows most rows of a block
     * @param slots number of threads
     */
    LargeProducts(
            Network network, Precision precision, Blas blas, long rows, ShardPlan plan, int blockRows, int slots) {
        this.network = network;
        this.blas = blas;
        this.blockRows = blockRows;
        this.rows = rows;
        for (int i = 0; i < slots; i++) {
            List<Integer> shards = new ArrayList<>();
            for (int task = i; task < plan.tasks(); task += slots) {
                for (int shard = plan.first(task); shard < plan.first(task) + plan.count(task); shard++) {
                    shards.add((int) plan.rows(shard, rows));
                }
            }
            workers.add(new Worker(precision, shards));
        }
        threads = Executors.newFixedThreadPool(slots, task -> {
            Thread thread = new Thread(task, "products");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs all products once and gives the time that it took. */
    double seconds() {
        long begun = System.nanoTime();
        try {
            for (Future<Void> worker : threads.invokeAll(workers)) {
                worker.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while products were measured", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("the products failed", e);
        }
        return TrainCommand.seconds(begun);
    }

    /** Floating-point operations of all products, an addition and a multiplication being two. */
    double operations() {
        double operations = 0;
        for (int l = 0; l < network.layers().size(); l++) {
            if (isLarge(l)) {
                operations += 2.0 * rows * network.layers().get(l).weights() * (l == 0 ? 2 : 3);
            }
        }
        return operations;
    }

    private boolean isLarge(int layer) {
        return network.layers().get(layer).weights() >= LARGE_SHARE * network.parameters();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private static Buffer noise(Precision precision, int length, long key) {
        Buffer buffer = Buffer.allocate(precision, length);
        for (int i = 0; i < length; i++) {
            buffer.set(i, Mixing.uniform(Mixing.mix(key, i)) - 0.5);
        }
        return buffer;
    }

    /** One thread's rows and buffers. */
    private final class Worker implements Callable<Void> {
        private final List<List<Buffer>> shards = new ArrayList<>();
        private final List<List<Integer>> sizes = new ArrayList<>();
        private final Buffer weights;
        private final Buffer gradient;
        private final List<Buffer> outputs = new ArrayList<>();
        private final List<Buffer> derivatives = new ArrayList<>();
        private final Buffer inputGradient;

        Worker(Precision precision, List<Integer> shardRows) {
            int inputs = network.inputs();
            int capacity = 1;
            for (int all : shardRows) {
                List<Buffer> blocks = new ArrayList<>();
                List<Integer> blockSizes = new ArrayList<>();
                for (int from = 0; from < all; from += blockRows) {
                    int size = Math.min(blockRows, all - from);
                    blocks.add(noise(precision, size * inputs, from));
                    blockSizes.add(size);
                    capacity = Math.max(capacity, size);
                }
                shards.add(blocks);
                sizes.add(blockSizes);
            }
            weights = noise(precision, network.parameters(), 1);
            gradient = Buffer.allocate(precision, network.parameters());
            int widest = inputs;
            for (Layer layer : network.layers()) {
                outputs.add(noise(precision, capacity * layer.outputs(), 2));
                derivatives.add(noise(precision, capacity * layer.outputs(), 3));
                widest = Math.max(widest, layer.outputs());
            }
            inputGradient = Buffer.allocate(precision, capacity * widest);
        }

        @Override
        public Void call() {
            for (int shard = 0; shard < shards.size(); shard++) {
                for (int block = 0; block < shards.get(shard).size(); block++) {
                    run(shards.get(shard).get(block), sizes.get(shard).get(block), block > 0);
                }
            }
            return null;
        }

        private void run(Buffer features, int n, boolean add) {
            int[] weightFrom = new int[network.layers().size()];
            int from = 0;
            Buffer x = features;
            for (int l = 0; l < weightFrom.length; l++) {
                Layer layer = network.layers().get(l);
                weightFrom[l] = from;
                from += (int) layer.parameters();
                if (isLarge(l)) {
                    blas.outputs(n, layer.outputs(), layer.inputs(), x, weights, weightFrom[l], outputs.get(l), false);
                }
                x = outputs.get(l);
            }
            for (int l = weightFrom.length - 1; l >= 0; l--) {
                Layer layer = network.layers().get(l);
                if (isLarge(l)) {
                    Buffer input = l == 0 ? features : outputs.get(l - 1);
                    Buffer d = derivatives.get(l);
                    blas.weightGradient(n, layer.outputs(), layer.inputs(), d, input, gradient, weightFrom[l], add);
                    if (l > 0) {
                        blas.inputs(n, layer.outputs(), layer.inputs(), d, weights, weightFrom[l], inputGradient);
                    }
                }
            }
        }
    }
}
