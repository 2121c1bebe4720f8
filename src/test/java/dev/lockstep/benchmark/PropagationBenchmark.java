package dev.lockstep.benchmark;

import dev.lockstep.data.Block;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import dev.lockstep.network.Activation;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Network;
import dev.lockstep.network.Propagation;
import dev.lockstep.network.ROperator;
import dev.lockstep.network.Sums;
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

/** Forward and backward of 784-hidden-10 over one block, and a product with the Hessian. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PropagationBenchmark {
    @Param({"RELU", "TANH", "GELU"})
    Activation activation;

    @Param("FLOAT32")
    Precision precision;

    @Param("256")
    int rows;

    @Param({"64", "256"})
    int hidden;

    private Propagation propagation;
    private Block block;
    private Buffer weights;
    private Buffer gradient;
    private ROperator rOperator;
    private Buffer direction;

    @Setup
    public void prepare() {
        Network network = new Network(
                List.of(new Layer(784, hidden, activation, true), new Layer(hidden, 10, Activation.IDENTITY, true)),
                ClassLoss.CROSS_ENTROPY,
                0);
        int[] labels = new int[rows];
        for (int i = 0; i < rows; i++) {
            labels[i] = i % 10;
        }
        block = new Block(rows, Noise.buffer(precision, rows * 784, 1), labels, null, null);
        // As wide as first weights are, so that the units are as saturated as in training.
        weights = Buffer.of(precision, Noise.vector(network.parameters(), 2).times(0.05));
        gradient = Buffer.allocate(precision, network.parameters());
        propagation = new Propagation(network, precision, Blas.of(Blas.Kind.NATIVE), rows);
        rOperator = new ROperator(network, precision, Blas.of(Blas.Kind.NATIVE), rows);
        direction = Buffer.of(precision, Noise.vector(network.parameters(), 3));
    }

    @Benchmark
    public Sums forwardAndBackward() {
        Sums sums = new Sums(null, null);
        propagation.start(block, weights, null, null, gradient, sums);
        return sums;
    }

    @Benchmark
    public Sums hessianTimesADirection() {
        Sums sums = new Sums(null, null);
        rOperator.products(block, weights, null, null, false, List.of(direction), gradient, false, sums);
        return sums;
    }

    @Benchmark
    public Sums gaussNewtonTimesADirection() {
        Sums sums = new Sums(null, null);
        rOperator.products(block, weights, null, null, true, List.of(direction), gradient, false, sums);
        return sums;
    }
}
