package dev.lockstep.network;

import dev.lockstep.data.Block;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;

/**
 * Diagonals, a block at a time: that of the sum of the rows' Hessians in the approximation of Becker and LeCun 1988, which
 * keeps only the diagonal at each layer, or the sum of the rows' squared gradients. Beside the quantities of {@link
 * Propagation}, with e(l) = d loss / d y(l) and squares taken entry by entry:
 *
 * <pre>
 *   outputs:   h(L) = weight * diagonal of H_L
 *   backward:  k(l) = f'(z(l))^2 * h(l) + f''(z(l)) * e(l)          the last term only for the Hessian
 *              h(l-1) = mask(l-1)^2 * (k(l) W(l)^2)
 *   sums:      kW(l) += transposed(k(l)) y(l-1)^2,   kb(l) += rows of k(l)
 *   squares:   sW(l) += transposed(d(l)^2) y(l-1)^2,   sb(l) += rows of d(l)^2
 * </pre>
 *
 * Costs about two gradients. Not for use by two threads at once.
 */
public final class DiagonalPropagation {
    private final Network network;
    private final Blas blas;
    private final Propagation base;
    private final Buffer[] turns = new Buffer[2];
    private final Buffer scratch;
    private final Buffer inputs;
    private final Buffer squaredWeights;
    private final double[] outputs;

    /**
     * @param network what to run
     * @param precision of features, weights and all buffers
     * @param blas for the products
     * @param capacity most rows a block may have, at least 1
     */
    public DiagonalPropagation(Network network, Precision precision, Blas blas, int capacity) {
        this.network = network;
        this.blas = blas;
        base = Propagation.tracingUpstream(network, precision, blas, capacity);
        int widest = network.inputs();
        for (Layer layer : network.layers()) {
            widest = Math.max(widest, layer.outputs());
        }
        int size = Math.multiplyExact(capacity, widest);
        turns[0] = Buffer.allocate(precision, size);
        turns[1] = Buffer.allocate(precision, size);
        scratch = Buffer.allocate(precision, size);
        inputs = Buffer.allocate(precision, size);
        squaredWeights = Buffer.allocate(precision, network.parameters());
        outputs = new double[Math.multiplyExact(capacity, network.outputs())];
    }

    /** Which diagonal. */
    public enum Kind {
        HESSIAN,
        GAUSS_NEWTON,
        SQUARED_GRADIENTS
    }

    /**
     * Takes a block's diagonal, and adds its losses to the sums.
     *
     * @param block at most {@code capacity} rows in this precision
     * @param weights the flat parameters in this precision
     * @param dropout null for none
     * @param rowNumbers numbers of the block's rows in the training set; looked at only with dropout
     * @param diagonal receives it, [parameters]
     * @param add whether it is added to what {@code diagonal} holds, not put in its place
     * @param sums receives the rest
     */
    public void diagonal(
            Block block,
            Buffer weights,
            Dropout dropout,
            long[] rowNumbers,
            Kind kind,
            Buffer diagonal,
            boolean add,
            Sums sums) {
        base.trace(block, weights, dropout, rowNumbers, sums);
        int rows = block.rows();
        squaredWeights.copy(weights, 0, 0, weights.length());
        squaredWeights.multiply(weights, weights.length());
        if (kind != Kind.SQUARED_GRADIENTS) {
            atOutputs(block);
        }
        for (int l = base.stages().size() - 1; l >= 0; l--) {
            Propagation.Stage stage = base.stages().get(l);
            Layer layer = stage.layer();
            int width = layer.outputs();
            Buffer k = turns[l % 2];
            if (kind == Kind.SQUARED_GRADIENTS) {
                k.copy(base.delta(l), 0, 0, rows * width);
                k.multiply(base.delta(l), rows * width);
            } else {
                through(stage, l, rows, dropout != null, kind == Kind.HESSIAN, k);
            }
            inputs.copy(base.input(l), 0, 0, rows * layer.inputs());
            inputs.multiply(base.input(l), rows * layer.inputs());
            blas.weightGradient(rows, width, layer.inputs(), k, inputs, diagonal, stage.weightFrom(), add);
            if (layer.bias()) {
                if (!add) {
                    diagonal.clear(stage.biasFrom(), stage.biasFrom() + width);
                }
                k.addRowsTo(rows, width, diagonal, stage.biasFrom());
            }
            if (l > 0 && kind != Kind.SQUARED_GRADIENTS) {
                blas.inputs(rows, width, layer.inputs(), k, squaredWeights, stage.weightFrom(), turns[(l - 1) % 2]);
            }
        }
    }

    /** Leaves h(L) in the turn of the last layer. */
    private void atOutputs(Block block) {
        int width = network.outputs();
        int count = block.rows() * width;
        network.loss().curvature(base.lastOutputs(), width, block, outputs);
        if (block.weights() != null) {
            for (int k = 0; k < count; k++) {
                outputs[k] *= block.weights()[k / width];
            }
        }
        turns[(base.stages().size() - 1) % 2].narrow(outputs, count);
    }

    /** Makes k(l) of h(l), in place. */
    private void through(Propagation.Stage stage, int l, int rows, boolean dropout, boolean bends, Buffer k) {
        Layer layer = stage.layer();
        int count = rows * layer.outputs();
        if (dropout && stage.mask() != null) {
            k.multiply(stage.mask(), count);
            k.multiply(stage.mask(), count);
        }
        layer.activation().multiplyByDerivative(k, stage.source(), rows, layer.outputs());
        layer.activation().multiplyByDerivative(k, stage.source(), rows, layer.outputs());
        if (bends && layer.activation().isCurved()) {
            scratch.copy(base.upstream(l), 0, 0, count);
            layer.activation().multiplyBySecondDerivative(scratch, stage.source(), rows, layer.outputs());
            k.add(scratch, count);
        }
    }
}
