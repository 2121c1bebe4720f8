package dev.lockstep.network;

import dev.lockstep.data.Block;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import java.util.List;

/**
 * Products of the sum of the rows' Hessians, or Gauss-Newton matrices, with directions, a block at a time (Pearlmutter
 * 1994, doi:10.1162/neco.1994.6.1.147; Schraudolph 2002, doi:10.1162/08997660260028683). With R{x} the derivative of x
 * along the direction (V, u), beside the quantities of {@link Propagation}, and e(l) = d loss / d y(l):
 *
 * <pre>
 *   forward:   R{z(l)} = R{y(l-1)} transposed(W(l)) + y(l-1) transposed(V(l)) + u(l),   R{y(l)} = f'(z(l)) * mask(l) * R{z(l)}
 *   outputs:   R{e(L)} = weight * H_L R{y(L)}
 *   backward:  R{d(l)} = f'(z(l)) * R{e(l)} + f''(z(l)) * R{z(l)} * e(l)
 *              R{e(l-1)} = R{d(l)} W(l) + d(l) V(l)
 *   sums:      R{dW(l)} += transposed(R{d(l)}) y(l-1) + transposed(d(l)) R{y(l-1)},   R{db(l)} += rows of R{d(l)}
 * </pre>
 *
 * For Gauss-Newton the terms with f'', d(l) V(l) and d(l) R{y(l-1)} are left out. The first layer's R{y(0)} is 0, so where
 * it is the largest a product costs three of its matrix products, a gradient two; the passes forward and backward that
 * all directions share are taken once a block. Not for use by two threads at once.
 */
public final class ROperator {
    private final Network network;
    private final Blas blas;
    private final Propagation base;
    private final Buffer[] rz;
    private final Buffer[] ry;
    private final Buffer[] turns = new Buffer[2];
    private final Buffer scratch;
    private final double[] outputs;

    /**
     * @param network what to run
     * @param precision of features, weights, directions and all buffers
     * @param blas for the products
     * @param capacity most rows a block may have, at least 1
     */
    public ROperator(Network network, Precision precision, Blas blas, int capacity) {
        this.network = network;
        this.blas = blas;
        base = Propagation.tracingUpstream(network, precision, blas, capacity);
        int depth = network.layers().size();
        rz = new Buffer[depth];
        ry = new Buffer[depth];
        int widest = 1;
        for (int l = 0; l < depth; l++) {
            int width = network.layers().get(l).outputs();
            rz[l] = Buffer.allocate(precision, Math.multiplyExact(capacity, width));
            ry[l] = Buffer.allocate(precision, Math.multiplyExact(capacity, width));
            widest = Math.max(widest, width);
        }
        for (int i = 0; i < turns.length; i++) {
            turns[i] = Buffer.allocate(precision, Math.multiplyExact(capacity, widest));
        }
        scratch = Buffer.allocate(precision, Math.multiplyExact(capacity, widest));
        outputs = new double[Math.multiplyExact(capacity, network.outputs())];
    }

    /**
     * Takes a block's products with all directions, and adds its losses to the sums.
     *
     * @param block at most {@code capacity} rows in this precision
     * @param weights the flat parameters in this precision
     * @param dropout null for none
     * @param rowNumbers numbers of the block's rows in the training set; looked at only with dropout
     * @param gaussNewton whether it is that matrix, not the Hessian
     * @param directions flat as the parameters, in this precision
     * @param products receives [directions, parameters]
     * @param add whether they are added to what {@code products} holds, not put in its place
     * @param sums receives the rest
     */
    public void products(
            Block block,
            Buffer weights,
            Dropout dropout,
            long[] rowNumbers,
            boolean gaussNewton,
            List<Buffer> directions,
            Buffer products,
            boolean add,
            Sums sums) {
        if (gaussNewton) {
            base.traceForward(block, weights, dropout, rowNumbers, sums);
        } else {
            base.trace(block, weights, dropout, rowNumbers, sums);
        }
        int parameters = network.parameters();
        for (int k = 0; k < directions.size(); k++) {
            forward(block.rows(), weights, dropout != null, directions.get(k));
            atOutputs(block);
            backward(
                    block.rows(),
                    weights,
                    dropout != null,
                    gaussNewton,
                    directions.get(k),
                    products,
                    k * parameters,
                    add);
        }
    }

    private void forward(int rows, Buffer weights, boolean dropout, Buffer direction) {
        for (int l = 0; l < rz.length; l++) {
            Propagation.Stage stage = base.stages().get(l);
            Layer layer = stage.layer();
            int width = layer.outputs();
            if (layer.bias()) {
                rz[l].setEachRow(rows, width, direction, stage.biasFrom());
            }
            blas.outputs(
                    rows, width, layer.inputs(), base.input(l), direction, stage.weightFrom(), rz[l], layer.bias());
            if (l > 0) {
                blas.outputs(rows, width, layer.inputs(), ry[l - 1], weights, stage.weightFrom(), rz[l], true);
            }
            ry[l].copy(rz[l], 0, 0, rows * width);
            layer.activation().multiplyByDerivative(ry[l], stage.source(), rows, width);
            if (dropout && stage.mask() != null) {
                ry[l].multiply(stage.mask(), rows * width);
            }
        }
    }

    /** Leaves R{e(L)} in the turn of the last layer. */
    private void atOutputs(Block block) {
        int last = rz.length - 1;
        int width = network.outputs();
        int count = block.rows() * width;
        ry[last].widen(count, outputs);
        network.loss().curve(base.lastOutputs(), width, block, outputs);
        if (block.weights() != null) {
            for (int k = 0; k < count; k++) {
                outputs[k] *= block.weights()[k / width];
            }
        }
        turns[last % 2].narrow(outputs, count);
    }

    private void backward(
            int rows,
            Buffer weights,
            boolean dropout,
            boolean gaussNewton,
            Buffer direction,
            Buffer products,
            int from,
            boolean add) {
        for (int l = rz.length - 1; l >= 0; l--) {
            Propagation.Stage stage = base.stages().get(l);
            Layer layer = stage.layer();
            int width = layer.outputs();
            Buffer rd = turns[l % 2];
            if (dropout && stage.mask() != null) {
                rd.multiply(stage.mask(), rows * width);
            }
            layer.activation().multiplyByDerivative(rd, stage.source(), rows, width);
            if (!gaussNewton && layer.activation().isCurved()) {
                scratch.copy(base.upstream(l), 0, 0, rows * width);
                scratch.multiply(rz[l], rows * width);
                layer.activation().multiplyBySecondDerivative(scratch, stage.source(), rows, width);
                rd.add(scratch, rows * width);
            }
            int at = from + stage.weightFrom();
            blas.weightGradient(rows, width, layer.inputs(), rd, base.input(l), products, at, add);
            if (!gaussNewton && l > 0) {
                blas.weightGradient(rows, width, layer.inputs(), base.delta(l), ry[l - 1], products, at, true);
            }
            if (layer.bias()) {
                if (!add) {
                    products.clear(from + stage.biasFrom(), from + stage.biasFrom() + width);
                }
                rd.addRowsTo(rows, width, products, from + stage.biasFrom());
            }
            if (l > 0) {
                Buffer next = turns[(l - 1) % 2];
                blas.inputs(rows, width, layer.inputs(), rd, weights, stage.weightFrom(), next);
                if (!gaussNewton) {
                    blas.inputs(rows, width, layer.inputs(), base.delta(l), direction, stage.weightFrom(), scratch);
                    next.add(scratch, rows * layer.inputs());
                }
            }
        }
    }
}
