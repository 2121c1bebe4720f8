package dev.lockstep.network;

import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Nonzeros;
import dev.lockstep.linalg.Precision;
import java.util.ArrayList;
import java.util.List;

/**
 * The first layer's weight gradients at several points of one network that saw the same rows, taken together: what the
 * products copy of the rows is copied once. Each point has the bits that it has alone. Not for use by two threads at once.
 */
public final class FirstLayerSums {
    /** Derivatives of all points: 4 MB in float32. */
    private static final long MOST_NUMBERS = 1 << 20;

    private final Layer layer;
    private final Precision precision;
    private final Blas blas;
    private final int capacity;
    private final int places;
    private final List<Buffer[]> derivatives = new ArrayList<>();

    /**
     * @param network of all points
     * @param precision of features and derivatives
     * @param blas for the products
     * @param capacity most rows of a block
     * @param places most blocks at a time, at most four
     */
    public FirstLayerSums(Network network, Precision precision, Blas blas, int capacity, int places) {
        this.layer = network.layers().get(0);
        this.precision = precision;
        this.blas = blas;
        this.capacity = capacity;
        this.places = places;
    }

    /** So many points may be taken together, at least 1. */
    public static int mostPoints(Network network, int capacity, int places) {
        long each = (long) places * capacity * network.layers().get(0).outputs();
        return (int) Math.max(1, MOST_NUMBERS / each);
    }

    /**
     * Takes over what a point's propagations left for the first layer.
     *
     * @param traced have each traced a block at that point
     * @param count number of them
     */
    public void take(int point, Propagation[] traced, int count) {
        while (derivatives.size() <= point) {
            Buffer[] some = new Buffer[places];
            for (int i = 0; i < places; i++) {
                some[i] = Buffer.allocate(precision, Math.multiplyExact(capacity, layer.outputs()));
            }
            derivatives.add(some);
        }
        for (int i = 0; i < count; i++) {
            derivatives.get(point)[i] = traced[i].takeFirstDelta(derivatives.get(point)[i]);
        }
    }

    /**
     * The sums over all blocks, for the points that have been taken since the last time.
     *
     * @param traced hold the same blocks as those of all points
     * @param gradients of each point, receive the first layer's weights at their start
     */
    public void sum(Propagation[] traced, int count, List<double[]> gradients) {
        int[] rows = new int[count];
        Buffer[] x = new Buffer[count];
        Nonzeros[] nonzeros = new Nonzeros[count];
        for (int i = 0; i < count; i++) {
            rows[i] = traced[i].tracedRows();
            x[i] = traced[i].input(0);
            nonzeros[i] = traced[i].nonzeros(0);
        }
        List<Buffer[]> d = derivatives.subList(0, gradients.size());
        blas.sumsOfWeightGradients(count, rows, layer.outputs(), layer.inputs(), d, x, nonzeros, gradients, 0);
    }
}
