package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.lockstep.Settings;
import dev.lockstep.SharedSpark;
import dev.lockstep.data.Batch;
import dev.lockstep.data.Dataset;
import dev.lockstep.data.Packing;
import dev.lockstep.data.Preparation;
import dev.lockstep.data.Scan;
import dev.lockstep.data.ShardPlan;
import dev.lockstep.data.ShardRange;
import dev.lockstep.data.Sources;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A step allocates its answer and nothing that grows with the batch. */
class AllocationTest {
    private static final int ROWS = 40_000;

    @Test
    void a_step_allocates_as_much_for_many_rows_as_for_few() {
        Settings settings = Settings.of(
                Settings.inline("format=synthetic,generator=blobs,features=10,classes=3,rows=" + ROWS, "--data"));
        Scan scan = Scan.of(SharedSpark.context(), Sources.read(settings), Scan.Rules.strict(true), null);
        Dataset set = Packing.whole(
                SharedSpark.context(),
                scan,
                new Packing.Format(new ShardPlan(2, 2), 256, Precision.FLOAT32, 1.0),
                Preparation.NONE);
        ShardRange range = set.ranges().first();
        Network network = new Network(
                List.of(new Layer(10, 20, Activation.RELU, true), new Layer(20, 3, Activation.IDENTITY, true)),
                ClassLoss.CROSS_ENTROPY,
                0);
        ShardTask.Setting setting = new ShardTask.Setting(network, 3, Precision.FLOAT32, Blas.Kind.NATIVE, 256);
        Buffer weights = Buffer.of(Precision.FLOAT32, Vector.filled(network.parameters(), 0.1));
        long most = 8L * network.parameters() + 20_000;
        long few = allocated(range, setting, weights, new Batch(ROWS, 0, 100, 5, true), most);
        assertThat(few).isLessThan(most);
        long many = allocated(range, setting, weights, new Batch(ROWS, 0, ROWS - 1, 5, true), few + 20_000);
        assertThat(many - few).as("bytes for %s rows more", ROWS - 101).isLessThan(20_000);
        set.release();
    }

    /** Both engines compute with {@link ShardTask}; the resident one adds its exchange to this. */
    @ParameterizedTest(name = "{0} shards a task")
    @ValueSource(ints = {1, 2, 4, 8, 16})
    void a_full_batch_allocates_less_than_two_gradients_a_shard(int shards) {
        Settings settings = Settings.of(
                Settings.inline("format=synthetic,generator=blobs,features=200,classes=3,rows=800", "--data"));
        Scan scan = Scan.of(SharedSpark.context(), Sources.read(settings), Scan.Rules.strict(true), null);
        Dataset set = Packing.whole(
                SharedSpark.context(),
                scan,
                new Packing.Format(new ShardPlan(shards, shards), 16, Precision.FLOAT32, 1.0),
                Preparation.NONE);
        Network network = new Network(
                List.of(new Layer(200, 300, Activation.RELU, true), new Layer(300, 3, Activation.IDENTITY, true)),
                ClassLoss.CROSS_ENTROPY,
                0);
        ShardTask.Setting setting = new ShardTask.Setting(network, 3, Precision.FLOAT32, Blas.Kind.NATIVE, 16);
        Buffer weights = Buffer.of(Precision.FLOAT32, Vector.filled(network.parameters(), 0.01));
        long gradient = 8L * network.parameters();
        long bytes = allocated(set.ranges().first(), setting, weights, Batch.all(800), gradient + 40_000);
        assertThat(bytes).isBetween(gradient, gradient + 40_000);
        assertThat((double) bytes / shards).isLessThan(2.0 * gradient);
        set.release();
    }

    /**
     * The least bytes that this thread allocates for one answer. Code on vector registers allocates them until it is
     * compiled, and where much else waits for the compiler that takes hundreds of answers: so it goes on until they are
     * below what is expected, and gives up long after that should have come.
     */
    private static long allocated(
            ShardRange range, ShardTask.Setting setting, Buffer weights, Batch batch, long expected) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 5_000 && least >= expected; i++) {
            List<Question> questions =
                    List.of(new Question(Request.RowSet.TRAINING, batch, weights, true, false, null, null));
            long before = threads.getCurrentThreadAllocatedBytes();
            ShardTask.answer(range, setting, questions, "here");
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }
}
