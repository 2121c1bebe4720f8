package dev.lockstep.distributed;

import dev.lockstep.data.Batch;
import dev.lockstep.data.ShardPlan;
import dev.lockstep.data.ShardTest;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Network;
import dev.lockstep.optimize.Objective;
import dev.lockstep.optimize.Penalty;
import java.util.List;

/**
 * Networks with three inputs on 25 rows in three shards, in float64 and in this JVM. The rows come from integers, as those
 * of the scripts in {@code src/test/python} do: the same bits there and here.
 */
public final class InMemory {
    /** Number of rows. */
    public static final int ROWS = 25;

    /** Number of features. */
    public static final int INPUTS = 3;

    private InMemory() {}

    /** An engine over the rows; a loss against numbers has two targets, one against classes two classes. */
    public static Engine engine(Network network) {
        double[] draws = draws(1, ROWS * INPUTS);
        double[][] x = new double[ROWS][INPUTS];
        int[] classes = new int[ROWS];
        double[][] targets = new double[ROWS][];
        for (int i = 0; i < ROWS; i++) {
            for (int j = 0; j < INPUTS; j++) {
                x[i][j] = 2 * draws[i * INPUTS + j];
            }
            classes[i] = x[i][0] + x[i][1] * x[i][1] > 0.5 ? 1 : 0;
            targets[i] = new double[] {x[i][0] * x[i][1], x[i][2] + x[i][0] / 2};
        }
        ShardPlan plan = new ShardPlan(3, 1);
        return new MemoryEngine(
                network.loss() instanceof ClassLoss
                        ? ShardTest.shards(x, classes, null, plan, Precision.FLOAT64)
                        : ShardTest.shards(x, targets, plan, Precision.FLOAT64),
                new JobEngine.Arithmetic(network, 2, Precision.FLOAT64, Blas.Kind.JAVA, 4, false));
    }

    /** The mean loss over all rows, with a ridge on the weights. */
    public static Objective objective(Network network, double l2) {
        return new BatchObjective(
                engine(network), 0, Batch.all(ROWS), null, ridge(network, l2), List.of(0, network.parameters()));
    }

    /** A ridge on the weights of a network, none on its biases. */
    public static Penalty ridge(Network network, double l2) {
        boolean[] weights = network.weightMask();
        double[] mask = new double[weights.length];
        for (int i = 0; i < mask.length; i++) {
            mask[i] = weights[i] ? 1 : 0;
        }
        return new Penalty(l2, 0, false, Vector.wrap(mask));
    }

    /** Multiples of 2^-15 in [-1, 1): the upper bits of a linear congruential generator modulo 2^31. */
    public static double[] draws(long seed, int count) {
        double[] draws = new double[count];
        long state = seed;
        for (int i = 0; i < count; i++) {
            state = (1103515245 * state + 12345) & ((1L << 31) - 1);
            draws[i] = (double) (state >> 15) / (1 << 15) - 1;
        }
        return draws;
    }
}
