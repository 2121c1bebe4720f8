package dev.lockstep.network;

import dev.lockstep.data.Block;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import java.util.List;

/**
 * The first layers of several points of one network, side by side: over a block one product forward and one for all weight
 * gradients, where each point alone would have narrow ones. Other shapes of a product round otherwise, so the bits are not
 * those that a point has alone. Not for use by two threads at once.
 *
 * <pre>
 *   Z  = X transposed([W1; W2; …]) + [b1 b2 …]     [rows, points * outputs]
 *   dW = transposed([D1 D2 …]) X                   [points * outputs, inputs]
 * </pre>
 *
 * <p>What lies between Z and D is each point's own, a {@link Part}'s, and {@link Propagation}'s work.
 */
public final class WideLayer {
    private final Layer layer;
    private final int otherParameters;
    private final Blas blas;
    private final Buffer weights;
    private final Buffer biases;
    private final Buffer z;
    private final Buffer d;
    private int points;

    /**
     * @param network of all points
     * @param precision of features, weights and all buffers
     * @param blas for the products
     * @param capacity most rows a block may have
     * @param mostPoints most points at a time
     */
    public WideLayer(Network network, Precision precision, Blas blas, int capacity, int mostPoints) {
        this.layer = network.layers().get(0);
        this.otherParameters = (int) (network.parameters() - layer.weights());
        this.blas = blas;
        int width = Math.multiplyExact(mostPoints, layer.outputs());
        weights = Buffer.allocate(precision, Math.multiplyExact(width, layer.inputs()));
        biases = Buffer.allocate(precision, width);
        z = Buffer.allocate(precision, Math.multiplyExact(capacity, width));
        d = Buffer.allocate(precision, z.length());
    }

    /**
     * One point's share of the layer.
     *
     * @param whole the layer of all points
     * @param point number of the point
     */
    public record Part(WideLayer whole, int point) {
        /** Takes over this point's z of the block at hand, [rows, outputs]. */
        void takeOutputs(int rows, Buffer y) {
            int width = whole.layer.outputs();
            int from = point * width;
            for (int i = 0; i < rows; i++) {
                y.copy(whole.z, from + i * whole.width(), i * width, width);
            }
        }

        /** Leaves this point's derivatives for z of the block at hand, [rows, outputs]. */
        void leaveDerivatives(int rows, Buffer delta) {
            int width = whole.layer.outputs();
            int from = point * width;
            for (int i = 0; i < rows; i++) {
                whole.d.copy(delta, i * width, from + i * whole.width(), width);
            }
        }

        /** Where parameter 0 would lie in a gradient that holds each point's parameters but for the first weights. */
        int gradientFrom() {
            return point * whole.otherParameters - (int) whole.layer.weights();
        }
    }

    /** Takes over the weights of some points, each the flat parameters. */
    public void begin(List<Buffer> flat) {
        points = flat.size();
        int count = (int) layer.weights();
        for (int i = 0; i < points; i++) {
            weights.copy(flat.get(i), 0, i * count, count);
            if (layer.bias()) {
                biases.copy(flat.get(i), count, i * layer.outputs(), layer.outputs());
            }
        }
    }

    private int width() {
        return points * layer.outputs();
    }

    /** The share of a point. */
    public Part part(int point) {
        return new Part(this, point);
    }

    /** Number of a point's parameters that are not weights of this layer. */
    public int otherParameters() {
        return otherParameters;
    }

    /** Takes the product forward over a block, for all points. */
    public void forward(Block block) {
        if (layer.bias()) {
            z.setEachRow(block.rows(), width(), biases, 0);
        }
        blas.outputs(block.rows(), width(), layer.inputs(), block.features(), weights, 0, z, layer.bias());
    }

    /**
     * Takes the product backward over the block that went forward last, when every part has left its derivatives.
     *
     * @param gradient receives the block's sums, [points, outputs, inputs]
     * @param add whether they are added to what it holds
     */
    public void backward(Block block, Buffer gradient, boolean add) {
        blas.weightGradient(block.rows(), width(), layer.inputs(), d, block.features(), gradient, 0, add);
    }
}
