package dev.lockstep.network;

import dev.lockstep.data.Block;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The loss of one row, on the outputs of the last layer. A part of its own: it knows no layer, and no layer knows it.
 *
 * <p>Rows are evaluated in double precision, whatever the precision of the layers; the weighted sum over rows is taken by
 * {@link Propagation}, the mean by the driver.
 */
public sealed interface Loss extends Serializable permits ClassLoss, NumberLoss, Landscape, RandomQuadratic {
    /** The word in a configuration. */
    String key();

    /** Whether the labels are classes; else they are numbers. */
    boolean forClasses();

    /**
     * How many outputs the last layer has.
     *
     * @param classesOrTargets number of classes, or number of target columns
     */
    int outputs(int classesOrTargets);

    /**
     * The losses of a block's rows.
     *
     * @param outputs of the last layer, [rows, width]
     * @param block labels or targets of the rows; its features are not looked at
     * @param derivatives receives the loss's derivative for each output, [rows, width]
     * @param values receives the loss of each row, unweighted
     * @return rows that are taken for their own class; 0 where there are no classes
     */
    int evaluate(double[] outputs, int width, Block block, double[] derivatives, double[] values);

    /**
     * The products of each row's H_L, the Hessian of its loss for the outputs, with a direction; kinks do not count.
     *
     * @param outputs of the last layer, [rows, width]
     * @param block labels or targets of the rows
     * @param directions [rows, width]; receives the products
     */
    void curve(double[] outputs, int width, Block block, double[] directions);

    /**
     * The diagonal of each row's H_L.
     *
     * @param outputs of the last layer, [rows, width]
     * @param block labels or targets of the rows
     * @param diagonal receives it, [rows, width]
     */
    void curvature(double[] outputs, int width, Block block, double[] diagonal);

    /** The same loss on outputs of an activation; most do not look at it. */
    default Loss on(Activation output) {
        return this;
    }

    /** The words of all losses. */
    static List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (ClassLoss loss : ClassLoss.values()) {
            keys.add(loss.key());
        }
        for (NumberLoss.Kind kind : NumberLoss.Kind.values()) {
            keys.add(kind.key());
        }
        keys.add(Landscape.KEY);
        keys.add(RandomQuadratic.KEY);
        return keys;
    }

    /**
     * The loss of a word; landscapes, which take more than a word, are made as they are.
     *
     * @param delta Huber's delta; the others do not look at it
     */
    static Loss of(String key, double delta) {
        for (ClassLoss loss : ClassLoss.values()) {
            if (loss.key().equals(key)) {
                return loss;
            }
        }
        for (NumberLoss.Kind kind : NumberLoss.Kind.values()) {
            if (kind.key().equals(key)) {
                return new NumberLoss(kind, delta);
            }
        }
        throw new IllegalArgumentException("expected one of " + keys() + ", got " + key);
    }
}
