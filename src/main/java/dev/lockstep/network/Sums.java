package dev.lockstep.network;

import dev.lockstep.data.Block;
import dev.lockstep.linalg.Vector;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/**
 * Sums over rows: what executors send and what the fixed tree adds. Nothing in it is a mean.
 *
 * <p>Adding sums of disjoint sets of rows gives the sums of their union; sums over no rows are neutral. Mutable: {@link
 * #add} changes the receiver, and in what order sums are added decides the last bits.
 */
public final class Sums implements Serializable {
    private double loss;
    private double weight;
    private long rows;
    private long correct;
    private final double[] gradient;
    /** One more term of the gradient: added when somebody looks, in the same pass as what he does with it. */
    private transient double[] last;

    private final Tally tally;

    /**
     * Sums over no rows.
     *
     * @param gradient receives the sum of weight * d loss / d parameter; kept, not copied; null for none
     * @param tally receives what metrics count; kept, not copied; null for none
     */
    public Sums(double[] gradient, Tally tally) {
        this.gradient = gradient;
        this.tally = tally;
    }

    /**
     * Counts a block's rows; the gradient is added elsewhere.
     *
     * @param losses of each row
     * @param right rows that are taken for their own class
     */
    void count(Block block, double[] losses, int right) {
        for (int i = 0; i < block.rows(); i++) {
            double rowWeight = block.weight(i);
            loss += rowWeight * losses[i];
            weight += rowWeight;
        }
        rows += block.rows();
        correct += right;
    }

    /** Adds the sums over other rows, entry by entry. The other sums, whose arrays may be kept, must not change any more. */
    public void add(Sums other) {
        loss += other.loss;
        weight += other.weight;
        rows += other.rows;
        correct += other.correct;
        if (gradient != null) {
            settle();
            last = other.gradient();
        }
        if (tally != null) {
            tally.add(other.tally);
        }
    }

    /** Adds the first entries of an array to another's. */
    public static void add(double[] sum, double[] more, int length) {
        for (int i = 0; i < length; i++) {
            sum[i] += more[i];
        }
    }

    /** These sums with the gradient's in an array that is kept, not copied; null for none. */
    public Sums withGradient(double[] sum) {
        Sums sums = new Sums(sum, tally);
        sums.loss = loss;
        sums.weight = weight;
        sums.rows = rows;
        sums.correct = correct;
        return sums;
    }

    /** Sum of weight * loss. */
    public double loss() {
        return loss;
    }

    /** Sum of weights. */
    public double weight() {
        return weight;
    }

    /** Number of rows. */
    public long rows() {
        return rows;
    }

    /** Number of rows that were taken for their own class; 0 where there are no classes. */
    public long correct() {
        return correct;
    }

    /** Sum of weight * d loss / d parameter; the array itself, or null if none was asked for. */
    public double[] gradient() {
        settle();
        return gradient;
    }

    /** The gradient's sum times a factor. */
    public Vector gradientTimes(double factor) {
        return last == null ? Vector.ofTimes(gradient, factor) : Vector.ofSumTimes(gradient, last, factor);
    }

    private void settle() {
        if (last != null) {
            add(gradient, last, gradient.length);
            last = null;
        }
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        settle();
        out.defaultWriteObject();
    }

    /** What metrics count, or null if it was not asked for. */
    public Tally tally() {
        return tally;
    }
}
