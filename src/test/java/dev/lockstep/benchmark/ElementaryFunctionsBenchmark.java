package dev.lockstep.benchmark;

import dev.lockstep.linalg.ElementaryFunctions;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Elementary functions over an array; the time is that of one element, the copy that restores the arguments included.
 * The forms on vector registers start after 2^24 elements, which the first iteration of the warm-up passes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class ElementaryFunctionsBenchmark {
    private static final int LENGTH = 1 << 16;

    /** A function over an array. */
    public enum Function {
        EXP,
        LOG,
        TANH,
        SIGMOID,
        SOFTPLUS,
        NORMAL_CDF
    }

    @Param
    Function function;

    private float[] floats;
    private double[] doubles;
    private float[] floatArguments;
    private double[] doubleArguments;

    @Setup
    public void prepare() {
        floatArguments = Noise.floats(LENGTH, 1);
        doubleArguments = Noise.doubles(LENGTH, 2);
        if (function == Function.LOG) {
            for (int i = 0; i < LENGTH; i++) {
                floatArguments[i] = Math.abs(floatArguments[i]);
                doubleArguments[i] = Math.abs(doubleArguments[i]);
            }
        }
        floats = new float[LENGTH];
        doubles = new double[LENGTH];
    }

    @Benchmark
    @OperationsPerInvocation(LENGTH)
    public float[] float32() {
        System.arraycopy(floatArguments, 0, floats, 0, LENGTH);
        switch (function) {
            case EXP -> ElementaryFunctions.exp(floats, 0, LENGTH);
            case LOG -> ElementaryFunctions.log(floats, 0, LENGTH);
            case TANH -> ElementaryFunctions.tanh(floats, 0, LENGTH);
            case SIGMOID -> ElementaryFunctions.sigmoid(floats, 0, LENGTH);
            case SOFTPLUS -> ElementaryFunctions.softplus(floats, 0, LENGTH);
            case NORMAL_CDF -> ElementaryFunctions.normalCdf(floats, 0, LENGTH);
        }
        return floats;
    }

    @Benchmark
    @OperationsPerInvocation(LENGTH)
    public double[] float64() {
        System.arraycopy(doubleArguments, 0, doubles, 0, LENGTH);
        switch (function) {
            case EXP -> ElementaryFunctions.exp(doubles, 0, LENGTH);
            case LOG -> ElementaryFunctions.log(doubles, 0, LENGTH);
            case TANH -> ElementaryFunctions.tanh(doubles, 0, LENGTH);
            case SIGMOID -> ElementaryFunctions.sigmoid(doubles, 0, LENGTH);
            case SOFTPLUS -> ElementaryFunctions.softplus(doubles, 0, LENGTH);
            case NORMAL_CDF -> ElementaryFunctions.normalCdf(doubles, 0, LENGTH);
        }
        return doubles;
    }
}
