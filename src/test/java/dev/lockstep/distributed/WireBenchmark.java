package dev.lockstep.distributed;

import dev.lockstep.data.Batch;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.network.Sums;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Messages of a step as bytes, there and back: weights in float32 on their way out, a gradient's sums on their way in. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class WireBenchmark {
    /** Those of 784-256-10. */
    @Param("203530")
    int parameters;

    private Message work;
    private Message report;
    private byte[] workBytes;
    private byte[] reportBytes;

    @Setup
    public void prepare() {
        float[] weights = new float[parameters];
        double[] gradient = new double[parameters];
        for (int i = 0; i < parameters; i++) {
            weights[i] = (float) Mixing.normal(i);
            gradient[i] = Mixing.normal(Mixing.mix(1, i));
        }
        Question question = new Question(
                Request.RowSet.TRAINING,
                Batch.all(60_000),
                Buffer.wrap(weights),
                Wanted.GRADIENT,
                new ArrayList<>(),
                false,
                null,
                null);
        work = new Message.Work(1, 0, List.of(question));
        Partial partial = new Partial(0, 8, new Sums(gradient, null));
        report = new Message.Report("run", 1, "0", 1, List.of(List.of(partial)), List.of(Taken.of(1), Taken.of(2)));
        workBytes = Wire.encode(work);
        reportBytes = Wire.encode(report);
    }

    @Benchmark
    public byte[] encodeWeights() {
        return Wire.encode(work);
    }

    @Benchmark
    public Object decodeWeights() {
        return Wire.decode(workBytes);
    }

    @Benchmark
    public byte[] encodeSums() {
        return Wire.encode(report);
    }

    @Benchmark
    public Object decodeSums() {
        return Wire.decode(reportBytes);
    }
}
