package dev.lockstep.benchmark;

import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
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

/** What a step costs beside its products: sums of shards' gradients, and the vectors of the driver. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DriverBenchmark {
    private static final int MOST_LEAVES = 4;

    /** Those of 784-256-10. */
    @Param("203530")
    int parameters;

    private Buffer[] leaves;
    private double[] sum;
    private Vector first;
    private Vector second;

    @Setup
    public void prepare() {
        leaves = new Buffer[MOST_LEAVES];
        for (int i = 0; i < MOST_LEAVES; i++) {
            leaves[i] = Noise.buffer(Precision.FLOAT32, parameters, i);
        }
        sum = new double[parameters];
        first = Noise.vector(parameters, 5);
        second = Noise.vector(parameters, 6);
    }

    @Benchmark
    public double[] sumOfUpToFour() {
        Buffer.sumOfUpToFour(leaves, MOST_LEAVES, parameters, sum, 0);
        return sum;
    }

    @Benchmark
    public Vector combined() {
        return first.combined(0.9, -0.1, second);
    }

    @Benchmark
    public double dot() {
        return first.dot(second);
    }
}
