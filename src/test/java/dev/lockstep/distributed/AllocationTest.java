package dev.lockstep.distributed;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.lockstep.Settings;
import dev.lockstep.SharedSpark;
import dev.lockstep.data.Batch;
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
import java.io.BufferedReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A step allocates its answer and nothing that grows with the batch: in a JVM that does nothing but train. In one that ran
 * hundreds of other tests before, the compiler leaves one vector register of the exponential function on the heap: 64
 * bytes for four outputs of the last layer.
 */
class AllocationTest {
    private static final int ROWS = 40_000;

    /** Bytes by what was done. */
    private static final Map<String, Long> BYTES = new HashMap<>();

    @BeforeAll
    static void measure() throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.add("-Dlog4j2.configurationFile=" + System.getProperty("log4j2.configurationFile"));
        command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path")));
        command.add(AllocationTest.class.getName());
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader lines = process.inputReader()) {
            lines.lines().filter(line -> line.startsWith("bytes ")).forEach(line -> {
                String[] words = line.split(" ", -1);
                BYTES.put(words[1], Long.parseLong(words[2]));
            });
        }
        assertThat(process.waitFor()).isZero();
    }

    /** Measures all that the tests look at. */
    public static void main(String[] arguments) {
        Network network = network(10, 20);
        ShardTask.Setting setting = new ShardTask.Setting(network, 3, Precision.FLOAT32, Blas.Kind.NATIVE, 256);
        Buffer weights = Buffer.of(Precision.FLOAT32, Vector.filled(network.parameters(), 0.1));
        ShardRange range = range(10, ROWS, 2, 256);
        say("few", range, setting, weights, new Batch(ROWS, 0, 100, 5, true));
        say("many", range, setting, weights, new Batch(ROWS, 0, ROWS - 1, 5, true));
        Network wide = network(200, 300);
        Buffer wideWeights = Buffer.of(Precision.FLOAT32, Vector.filled(wide.parameters(), 0.01));
        ShardTask.Setting small = new ShardTask.Setting(wide, 3, Precision.FLOAT32, Blas.Kind.NATIVE, 16);
        for (int shards : new int[] {1, 2, 4, 8, 16}) {
            say("full" + shards, range(200, 800, shards, 16), small, wideWeights, Batch.all(800));
        }
    }

    private static Network network(int inputs, int hidden) {
        return new Network(
                List.of(
                        new Layer(inputs, hidden, Activation.RELU, true),
                        new Layer(hidden, 3, Activation.IDENTITY, true)),
                ClassLoss.CROSS_ENTROPY,
                0);
    }

    private static ShardRange range(int features, int rows, int shards, int blockRows) {
        Settings settings = Settings.of(Settings.inline(
                "format=synthetic,generator=blobs,classes=3,features=" + features + ",rows=" + rows, "--data"));
        Scan scan = Scan.of(SharedSpark.context(), Sources.read(settings), Scan.Rules.strict(true), null);
        return Packing.whole(
                        SharedSpark.context(),
                        scan,
                        new Packing.Format(new ShardPlan(shards, shards), blockRows, Precision.FLOAT32, 1.0),
                        Preparation.NONE)
                .ranges()
                .first();
    }

    /**
     * The least bytes that this thread allocates for one answer, once a good many answers in a row did not go below it.
     * Before it is compiled, code on vector registers allocates them.
     */
    private static void say(String what, ShardRange range, ShardTask.Setting setting, Buffer weights, Batch batch) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int since = 0; since < 60; since++) {
            List<Question> questions = List.of(new Question(
                    Request.RowSet.TRAINING, batch, weights, Wanted.GRADIENT, new ArrayList<>(), false, null, null));
            long before = threads.getCurrentThreadAllocatedBytes();
            ShardTask.answer(range, setting, questions, "here");
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            since = bytes < least ? 0 : since;
            least = Math.min(least, bytes);
        }
        System.out.println("bytes " + what + " " + least);
    }

    @Test
    void a_step_allocates_as_much_for_many_rows_as_for_few() {
        assertThat(BYTES.get("many") - BYTES.get("few"))
                .as("bytes for %s rows more", ROWS - 101)
                .isLessThan(20_000);
        assertThat(BYTES.get("few")).isLessThan(8L * network(10, 20).parameters() + 20_000);
    }

    /** Both engines compute with {@link ShardTask}; the resident one adds its exchange to this. */
    @ParameterizedTest(name = "{0} shards a task")
    @ValueSource(ints = {1, 2, 4, 8, 16})
    void a_full_batch_allocates_less_than_two_gradients_a_shard(int shards) {
        long bytes = BYTES.get("full" + shards);
        long gradient = 8L * network(200, 300).parameters();
        assertThat(bytes).isBetween(gradient, gradient + 40_000);
        assertThat((double) bytes / shards).isLessThan(2.0 * gradient);
    }
}
