package dev.lockstep.benchmark;

import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
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

/** The three products of a layer 784-256, by rows of a block. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ProductsBenchmark {
    private static final int INPUTS = 784;
    private static final int OUTPUTS = 256;

    @Param({"128", "250", "256", "512"})
    int rows;

    @Param("FLOAT32")
    Precision precision;

    @Param({"JAVA", "NATIVE"})
    Blas.Kind kind;

    private Blas blas;
    private Buffer x;
    private Buffer w;
    private Buffer z;
    private Buffer d;
    private Buffer e;
    private Buffer g;

    @Setup
    public void prepare() {
        blas = Blas.of(kind);
        x = Noise.buffer(precision, rows * INPUTS, 1);
        w = Noise.buffer(precision, OUTPUTS * INPUTS, 2);
        d = Noise.buffer(precision, rows * OUTPUTS, 3);
        z = Buffer.allocate(precision, rows * OUTPUTS);
        e = Buffer.allocate(precision, rows * INPUTS);
        g = Buffer.allocate(precision, OUTPUTS * INPUTS);
    }

    @Benchmark
    public Buffer outputs() {
        blas.outputs(rows, OUTPUTS, INPUTS, x, w, 0, z, false);
        return z;
    }

    @Benchmark
    public Buffer inputs() {
        blas.inputs(rows, OUTPUTS, INPUTS, d, w, 0, e);
        return e;
    }

    @Benchmark
    public Buffer weightGradient() {
        blas.weightGradient(rows, OUTPUTS, INPUTS, d, x, g, 0, false);
        return g;
    }
}
