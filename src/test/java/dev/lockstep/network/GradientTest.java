package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.Block;
import dev.lockstep.linalg.Blas;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Backpropagation against central differences, for every activation and every loss. */
class GradientTest {
    private static final int ROWS = 9;
    private static final int INPUTS = 4;
    private static final long[] ROW_NUMBERS = {3, 14, 15, 92, 65, 35, 89, 79, 32};

    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Activation activation : Activation.values()) {
            for (ClassLoss loss : ClassLoss.values()) {
                cases.add(Arguments.of(activation, Activation.IDENTITY, loss, 2, true, 0.0));
            }
            cases.add(Arguments.of(activation, Activation.IDENTITY, ClassLoss.HINGE, 4, true, 0.0));
            cases.add(Arguments.of(activation, Activation.IDENTITY, ClassLoss.PERCEPTRON, 4, true, 0.0));
            cases.add(Arguments.of(activation, Activation.IDENTITY, ClassLoss.CROSS_ENTROPY, 4, false, 0.4));
            for (NumberLoss.Kind kind : NumberLoss.Kind.values()) {
                cases.add(Arguments.of(activation, activation, new NumberLoss(kind, 0.7), 3, true, 0.0));
            }
            cases.add(Arguments.of(
                    activation, Activation.SIGMOID, new NumberLoss(NumberLoss.Kind.SQUARED_ERROR, 1), 2, true, 0.25));
        }
        for (Surface surface : Surface.values()) {
            cases.add(
                    Arguments.of(Activation.SIGMOID, Activation.IDENTITY, new Landscape(surface, 0.01), 2, true, 0.0));
        }
        return cases;
    }

    private static Network network(
            Activation hidden, Activation output, Loss loss, int classesOrTargets, boolean bias, double dropout) {
        return new Network(
                List.of(
                        new Layer(INPUTS, 6, hidden, bias),
                        new Layer(6, 5, hidden, bias),
                        new Layer(5, loss.outputs(classesOrTargets), output, bias)),
                loss,
                dropout);
    }

    private static double[] noise(int length, long key, double scale) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = scale * Mixing.normal(Mixing.mix(key, i));
        }
        return values;
    }

    private static Block block(Loss loss, int classesOrTargets, Precision precision) {
        int[] labels = new int[ROWS];
        double[] weights = new double[ROWS];
        for (int i = 0; i < ROWS; i++) {
            labels[i] = i % classesOrTargets;
            weights[i] = i == 4 ? 0 : 0.5 + i % 3;
        }
        Buffer features = Buffer.of(precision, Vector.wrap(noise(ROWS * INPUTS, 21, 1)));
        return loss.forClasses()
                ? new Block(ROWS, features, labels, null, weights)
                : new Block(ROWS, features, null, noise(ROWS * classesOrTargets, 22, 1), weights);
    }

    private static Vector weights(Network network) {
        return Vector.wrap(noise(network.parameters(), 23, 0.7));
    }

    private static double[] gradient(
            Network network, Block block, Vector weights, Dropout dropout, Precision precision) {
        Buffer gradient = Buffer.allocate(precision, network.parameters());
        propagation(network, precision)
                .add(block, Buffer.of(precision, weights), dropout, ROW_NUMBERS, gradient, new Sums(null, null));
        double[] wide = new double[network.parameters()];
        gradient.widen(wide);
        return wide;
    }

    private static Propagation propagation(Network network, Precision precision) {
        return new Propagation(network, precision, Blas.of(Blas.Kind.JAVA), ROWS);
    }

    private static double loss(Propagation propagation, Block block, double[] weights, Dropout dropout) {
        Sums sums = new Sums(null, null);
        propagation.add(block, Buffer.wrap(weights), dropout, ROW_NUMBERS, null, sums);
        return sums.loss();
    }

    @ParameterizedTest(name = "{0}, output {1}, {2}, {3} classes or targets, bias {4}, dropout {5}")
    @MethodSource("cases")
    void the_gradient_is_that_of_differences(
            Activation hidden, Activation output, Loss loss, int classesOrTargets, boolean bias, double share) {
        Network network = network(hidden, output, loss, classesOrTargets, bias, share);
        Dropout dropout = share > 0 ? new Dropout(77, share) : null;
        Block block = block(loss, classesOrTargets, Precision.FLOAT64);
        Vector weights = weights(network);
        double[] gradient = gradient(network, block, weights, dropout, Precision.FLOAT64);
        Propagation propagation = propagation(network, Precision.FLOAT64);
        double h = 1e-5;
        int kinks = 0;
        for (int i = 0; i < gradient.length; i++) {
            double[] point = weights.toArray();
            double at = loss(propagation, block, point, dropout);
            point[i] += h;
            double ahead = loss(propagation, block, point, dropout);
            point[i] -= 2 * h;
            double behind = loss(propagation, block, point, dropout);
            // Near a kink the two one-sided slopes differ by far more than the curvature explains.
            if (Math.abs((ahead - at) - (at - behind)) / h > 1e-2) {
                kinks++;
                continue;
            }
            double expected = (ahead - behind) / (2 * h);
            assertThat(gradient[i])
                    .as("parameter %s", i)
                    .isCloseTo(
                            expected, org.assertj.core.api.Assertions.within(2e-7 * Math.max(1, Math.abs(expected))));
        }
        assertThat(kinks).as("coordinates left out at kinks").isLessThan(gradient.length / 20);
    }

    @ParameterizedTest(name = "{0}, output {1}, {2}, {3} classes or targets, bias {4}, dropout {5}")
    @MethodSource("cases")
    void float32_is_near_float64(
            Activation hidden, Activation output, Loss loss, int classesOrTargets, boolean bias, double share) {
        Network network = network(hidden, output, loss, classesOrTargets, bias, share);
        Dropout dropout = share > 0 ? new Dropout(77, share) : null;
        Vector weights = weights(network);
        double[] wide = gradient(
                network, block(loss, classesOrTargets, Precision.FLOAT64), weights, dropout, Precision.FLOAT64);
        double[] narrow = gradient(
                network, block(loss, classesOrTargets, Precision.FLOAT32), weights, dropout, Precision.FLOAT32);
        double scale = Vector.of(wide).norm();
        assertThat(Vector.of(narrow).minus(Vector.of(wide)).norm()).isLessThan(5e-6 * scale);
    }
}
