package dev.lockstep.network;

import dev.lockstep.data.Block;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Nonzeros;
import dev.lockstep.linalg.Precision;
import java.util.ArrayList;
import java.util.List;

/**
 * Forward and backward through a network, a block of rows at a time, in buffers that are allocated once (Rumelhart,
 * Hinton, Williams 1986, doi:10.1038/323533a0). Not for use by two threads at once.
 *
 * <pre>
 *   forward:   z(l) = y(l-1) transposed(W(l)) + b(l),   y(l) = f(z(l)) * mask(l),   y(0) = features
 *   backward:  d(L) = f'(z(L)) * weight * d loss / d y(L),   d(l) = f'(z(l)) * mask(l) * (d(l+1) W(l+1))
 *   sums:      dW(l) += transposed(d(l)) y(l-1),   db(l) += rows of d(l)
 * </pre>
 *
 * <p>All matrices are [rows, width], row by row. The first layer's gradient for its input is never taken.
 */
public final class Propagation {
    private final Network network;
    private final Precision precision;
    private final Blas blas;
    private final int capacity;
    private final List<Stage> stages = new ArrayList<>();
    /** Of each layer; two buffers take turns unless all are to be kept. */
    private final Buffer[] deltas;

    private final double[] outputs;
    private final double[] derivatives;
    private final double[] values;

    /** Of one layer's gradient; null unless it traces. */
    private final Buffer biases;

    /** Derivatives for each layer's y, before they become those for its z; null unless it traces for curvature. */
    private final Buffer[] upstream;

    private Block traced;
    private boolean tracedDropout;

    /** A layer with its place in the flat parameters and its buffers. */
    record Stage(Layer layer, int weightFrom, int biasFrom, Buffer y, Buffer z, Buffer mask, Buffer masked) {
        /** What the activation's derivatives are taken from. */
        Buffer source() {
            return z != null ? z : y;
        }

        /** What the next layer sees. */
        Buffer output(boolean dropout) {
            return dropout && masked != null ? masked : y;
        }
    }

    /** One that can {@link #trace}: it keeps what every layer's gradient is made of. */
    public static Propagation tracing(Network network, Precision precision, Blas blas, int capacity) {
        return new Propagation(network, precision, blas, capacity, true, false);
    }

    /** A tracing one that keeps what second derivatives are made of as well. */
    static Propagation tracingUpstream(Network network, Precision precision, Blas blas, int capacity) {
        return new Propagation(network, precision, blas, capacity, true, true);
    }

    /**
     * @param network what to run
     * @param precision of features, weights and all buffers
     * @param blas for the products
     * @param capacity most rows a block may have, at least 1
     */
    public Propagation(Network network, Precision precision, Blas blas, int capacity) {
        this(network, precision, blas, capacity, false, false);
    }

    private Propagation(Network network, Precision precision, Blas blas, int capacity, boolean traces, boolean curves) {
        this.network = network;
        this.precision = precision;
        this.blas = blas;
        this.capacity = capacity;
        int from = 0;
        int widest = 1;
        int last = network.layers().size() - 1;
        for (int i = 0; i <= last; i++) {
            Layer layer = network.layers().get(i);
            int size = Math.multiplyExact(capacity, layer.outputs());
            boolean drops = i < last && network.dropout() > 0;
            stages.add(new Stage(
                    layer,
                    from,
                    from + (int) layer.weights(),
                    Buffer.allocate(precision, size),
                    layer.activation().needsInput() ? Buffer.allocate(precision, size) : null,
                    drops ? Buffer.allocate(precision, size) : null,
                    drops ? Buffer.allocate(precision, size) : null));
            from += (int) layer.parameters();
            widest = Math.max(widest, layer.outputs());
        }
        deltas = new Buffer[last + 1];
        for (int l = last; l >= 0; l--) {
            int width = traces ? network.layers().get(l).outputs() : widest;
            deltas[l] = !traces && l < last - 1
                    ? deltas[l + 2]
                    : Buffer.allocate(precision, Math.multiplyExact(capacity, width));
        }
        upstream = curves ? new Buffer[last + 1] : null;
        for (int l = 0; curves && l <= last; l++) {
            upstream[l] = Buffer.allocate(
                    precision,
                    Math.multiplyExact(capacity, network.layers().get(l).outputs()));
        }
        biases = traces ? Buffer.allocate(precision, widest) : null;
        outputs = new double[Math.multiplyExact(capacity, network.outputs())];
        derivatives = new double[outputs.length];
        values = new double[capacity];
    }

    /** Most rows a block may have. */
    public int capacity() {
        return capacity;
    }

    /**
     * Runs a block forward, and backward if a gradient is wanted, and adds it to the sums.
     *
     * @param block at most {@link #capacity} rows in this precision
     * @param weights the flat parameters in this precision
     * @param dropout null for none
     * @param rowNumbers numbers of the block's rows in the training set; looked at only with dropout
     * @param gradient receives the block's gradient sum in this precision, added to what it holds; null for none
     * @param sums receives the rest
     */
    public void add(Block block, Buffer weights, Dropout dropout, long[] rowNumbers, Buffer gradient, Sums sums) {
        run(block, weights, dropout, rowNumbers, gradient, true, sums);
    }

    /** As {@link #add}, but the block's gradient sum takes the place of what {@code gradient} holds. */
    public void start(Block block, Buffer weights, Dropout dropout, long[] rowNumbers, Buffer gradient, Sums sums) {
        run(block, weights, dropout, rowNumbers, gradient, false, sums);
    }

    private void run(
            Block block, Buffer weights, Dropout dropout, long[] rowNumbers, Buffer gradient, boolean add, Sums sums) {
        forward(block, weights, dropout, rowNumbers);
        losses(block, gradient != null, sums);
        if (gradient != null) {
            backward(block, weights, dropout != null, gradient, add);
        }
    }

    /**
     * Runs a block forward and backward as {@link #start} does, but leaves its gradient sum to {@link #sumOfGradients}. To
     * be called on a {@link #tracing} propagation only.
     *
     * @param block is kept until then; its arrays must not change meanwhile
     * @throws IllegalStateException if this propagation does not trace
     */
    public void trace(Block block, Buffer weights, Dropout dropout, long[] rowNumbers, Sums sums) {
        if (biases == null) {
            throw new IllegalStateException("only a tracing propagation keeps what a gradient is made of");
        }
        forward(block, weights, dropout, rowNumbers);
        losses(block, true, sums);
        traced = block;
        tracedDropout = dropout != null;
        backward(block, weights, tracedDropout, null, false);
    }

    /** As {@link #trace}, but goes forward only: no derivatives are to be had. */
    void traceForward(Block block, Buffer weights, Dropout dropout, long[] rowNumbers, Sums sums) {
        forward(block, weights, dropout, rowNumbers);
        losses(block, false, sums);
        traced = block;
        tracedDropout = dropout != null;
    }

    /**
     * The gradient sums of one to four traced blocks, each rounded to its precision, added in double precision as
     * {@code (g0 + g1) + (g2 + g3)}: the same bits as by {@link #start} on each. None of them is ever whole in memory.
     *
     * @param traced propagations of the same network, each of which has traced a block
     * @param count number of them
     * @param butFirst whether the first layer's weights are left to {@link FirstLayerSums}
     * @param gradient receives the sum, [parameters]
     */
    public static void sumOfGradients(Propagation[] traced, int count, boolean butFirst, double[] gradient) {
        int[] rows = new int[count];
        Buffer[] d = new Buffer[count];
        Buffer[] x = new Buffer[count];
        Nonzeros[] nonzeros = new Nonzeros[count];
        List<Buffer[]> derivatives = List.<Buffer[]>of(d);
        List<double[]> sum = List.of(gradient);
        for (int l = 0; l < traced[0].stages.size(); l++) {
            Stage stage = traced[0].stages.get(l);
            Layer layer = stage.layer();
            int width = layer.outputs();
            for (int i = 0; i < count; i++) {
                rows[i] = traced[i].traced.rows();
                d[i] = traced[i].deltas[l];
                x[i] = traced[i].input(l);
                nonzeros[i] = traced[i].nonzeros(l);
            }
            if (l > 0 || !butFirst) {
                int from = stage.weightFrom();
                traced[0].blas.sumsOfWeightGradients(
                        count, rows, width, layer.inputs(), derivatives, x, nonzeros, sum, from);
            }
            if (layer.bias()) {
                for (int i = 0; i < count; i++) {
                    x[i] = traced[i].biases;
                    x[i].clear(0, width);
                    d[i].addRowsTo(rows[i], width, x[i], 0);
                }
                Buffer.sumOfUpToFour(x, count, width, gradient, stage.biasFrom());
            }
        }
    }

    int tracedRows() {
        return traced.rows();
    }

    List<Stage> stages() {
        return stages;
    }

    /** Takes the {@link #delta} of the first layer of one that traces, for a buffer of capacity times its outputs. */
    Buffer takeFirstDelta(Buffer other) {
        Buffer taken = deltas[0];
        deltas[0] = other;
        return taken;
    }

    /** Derivatives for the z of a layer of the traced block, weighted, [rows, width]. */
    Buffer delta(int l) {
        return deltas[l];
    }

    /** Derivatives for the y of a layer of the traced block, weighted, [rows, width]. */
    Buffer upstream(int l) {
        return upstream[l];
    }

    /** Outputs of the last block, [rows, outputs]. */
    double[] lastOutputs() {
        return outputs;
    }

    /** What a layer saw of the traced block. */
    Buffer input(int l) {
        return l == 0 ? traced.features() : stages.get(l - 1).output(tracedDropout);
    }

    /** Of {@link #input}; null if they are not known. */
    Nonzeros nonzeros(int l) {
        return l == 0 ? traced.nonzeros() : null;
    }

    /**
     * Runs a block forward without dropout.
     *
     * @return outputs of the last layer, [rows, outputs] at the buffer's start; valid until the next call
     */
    public Buffer outputs(Block block, Buffer weights) {
        forward(block, weights, null, null);
        return stages.get(stages.size() - 1).y();
    }

    private void forward(Block block, Buffer weights, Dropout dropout, long[] rowNumbers) {
        int rows = block.rows();
        if (rows > capacity || block.features().precision() != precision) {
            throw new IllegalArgumentException("expected at most " + capacity + " rows of " + precision + ", got "
                    + rows + " of " + block.features().precision());
        }
        Buffer x = block.features();
        for (int l = 0; l < stages.size(); l++) {
            Stage stage = stages.get(l);
            Layer layer = stage.layer();
            int width = layer.outputs();
            if (layer.bias()) {
                stage.y().setEachRow(rows, width, weights, stage.biasFrom());
            }
            Nonzeros nonzeros = l == 0 ? block.nonzeros() : null;
            blas.outputs(
                    rows, width, layer.inputs(), x, nonzeros, weights, stage.weightFrom(), stage.y(), layer.bias());
            if (stage.z() != null) {
                stage.z().copy(stage.y(), 0, 0, rows * width);
            }
            layer.activation().apply(stage.y(), rows, width, null, 0);
            if (dropout != null && stage.mask() != null) {
                dropout.factors(l, rowNumbers, rows, width, stage.mask());
                stage.masked().copy(stage.y(), 0, 0, rows * width);
                stage.masked().multiply(stage.mask(), rows * width);
            }
            x = stage.output(dropout != null);
        }
    }

    /** Adds the rows' losses and counts; leaves the weighted derivatives for y(L) in the last of the deltas if they are wanted. */
    private void losses(Block block, boolean wanted, Sums sums) {
        int width = network.outputs();
        int count = block.rows() * width;
        stages.get(stages.size() - 1).y().widen(count, outputs);
        int right = network.loss().evaluate(outputs, width, block, derivatives, values);
        sums.count(block, values, right);
        if (sums.tally() != null) {
            sums.tally().count(network.loss(), outputs, width, block);
        }
        if (wanted) {
            if (block.weights() != null) {
                for (int k = 0; k < count; k++) {
                    derivatives[k] *= block.weights()[k / width];
                }
            }
            deltas[deltas.length - 1].narrow(derivatives, count);
        }
    }

    /** Leaves d(l) in deltas[l], and adds to the gradient unless it is null. */
    private void backward(Block block, Buffer weights, boolean dropout, Buffer gradient, boolean add) {
        int rows = block.rows();
        for (int l = stages.size() - 1; l >= 0; l--) {
            Stage stage = stages.get(l);
            Layer layer = stage.layer();
            int width = layer.outputs();
            Buffer d = deltas[l];
            if (dropout && stage.mask() != null) {
                d.multiply(stage.mask(), rows * width);
            }
            if (upstream != null) {
                upstream[l].copy(d, 0, 0, rows * width);
            }
            layer.activation().multiplyByDerivative(d, stage.source(), rows, width);
            if (gradient != null) {
                Buffer x = l == 0 ? block.features() : stages.get(l - 1).output(dropout);
                Nonzeros nonzeros = l == 0 ? block.nonzeros() : null;
                blas.weightGradient(rows, width, layer.inputs(), d, x, nonzeros, gradient, stage.weightFrom(), add);
                if (layer.bias()) {
                    int from = stage.biasFrom();
                    if (!add) {
                        gradient.clear(from, from + width);
                    }
                    d.addRowsTo(rows, width, gradient, from);
                }
            }
            if (l > 0) {
                blas.inputs(rows, width, layer.inputs(), d, weights, stage.weightFrom(), deltas[l - 1]);
            }
        }
    }
}
