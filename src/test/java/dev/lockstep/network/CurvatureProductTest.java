package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Second derivatives against differences of first ones, and Gauss-Newton against its factors. */
class CurvatureProductTest {
    private static final int ROWS = 9;
    private static final int INPUTS = 4;
    private static final long[] ROW_NUMBERS = {3, 14, 15, 92, 65, 35, 89, 79, 32};

    static List<Arguments> cases() {
        List<Arguments> cases = new ArrayList<>();
        for (Activation activation : Activation.values()) {
            for (ClassLoss loss : ClassLoss.values()) {
                cases.add(Arguments.of(network(activation, Activation.IDENTITY, loss, 2, 0), 2));
            }
            cases.add(Arguments.of(network(activation, Activation.IDENTITY, ClassLoss.CROSS_ENTROPY, 4, 0.4), 4));
            for (NumberLoss.Kind kind : NumberLoss.Kind.values()) {
                cases.add(Arguments.of(network(activation, activation, new NumberLoss(kind, 0.7), 3, 0), 3));
            }
        }
        for (Surface surface : Surface.values()) {
            Network network = network(Activation.TANH, Activation.IDENTITY, new Landscape(surface, 0.7), 2, 0);
            cases.add(Arguments.of(network, 2));
        }
        return cases;
    }

    private static Network network(
            Activation hidden, Activation output, Loss loss, int classesOrTargets, double dropout) {
        return new Network(
                List.of(
                        new Layer(INPUTS, 6, hidden, true),
                        new Layer(6, 5, hidden, false),
                        new Layer(5, loss.outputs(classesOrTargets), output, true)),
                loss,
                dropout);
    }

    private static Vector noise(int length, long key, double scale) {
        return Vector.of(length, (values, from, to) -> {
            for (int i = from; i < to; i++) {
                values[i] = scale * Mixing.normal(Mixing.mix(key, i));
            }
        });
    }

    private static Block block(Loss loss, int classesOrTargets, Precision precision, int first, int rows) {
        int[] labels = new int[rows];
        double[] weights = new double[rows];
        double[] targets = new double[rows * classesOrTargets];
        double[] features = new double[rows * INPUTS];
        for (int i = 0; i < rows; i++) {
            int row = first + i;
            labels[i] = row % classesOrTargets;
            weights[i] = row == 4 ? 0 : 0.5 + row % 3;
            for (int j = 0; j < INPUTS; j++) {
                features[i * INPUTS + j] = Mixing.normal(Mixing.mix(21, row * INPUTS + j));
            }
            for (int j = 0; j < classesOrTargets; j++) {
                targets[i * classesOrTargets + j] = Mixing.normal(Mixing.mix(22, row * classesOrTargets + j));
            }
        }
        Buffer buffer = Buffer.of(precision, Vector.wrap(features));
        return loss.forClasses()
                ? new Block(rows, buffer, labels, null, weights)
                : new Block(rows, buffer, null, targets, weights);
    }

    private static Vector point(Network network) {
        return noise(network.parameters(), 23, 0.7);
    }

    private static Dropout dropout(Network network) {
        return network.dropout() > 0 ? new Dropout(5, network.dropout()) : null;
    }

    private static Vector vector(Buffer buffer, int from, int length) {
        double[] values = new double[length];
        for (int i = 0; i < length; i++) {
            values[i] = buffer.get(from + i);
        }
        return Vector.wrap(values);
    }

    private static Vector gradient(Network network, Block block, Vector point) {
        Buffer gradient = Buffer.allocate(Precision.FLOAT64, network.parameters());
        new Propagation(network, Precision.FLOAT64, Blas.of(Blas.Kind.JAVA), ROWS)
                .start(
                        block,
                        Buffer.of(Precision.FLOAT64, point),
                        dropout(network),
                        ROW_NUMBERS,
                        gradient,
                        new Sums(null, null));
        return vector(gradient, 0, network.parameters());
    }

    /** Products of one call with several directions. */
    private static List<Vector> products(
            Network network, Block block, boolean gaussNewton, Precision precision, Vector... directions) {
        Buffer products = Buffer.allocate(precision, directions.length * network.parameters());
        List<Buffer> rounded = new ArrayList<>();
        for (Vector direction : directions) {
            rounded.add(Buffer.of(precision, direction));
        }
        new ROperator(network, precision, Blas.of(Blas.Kind.JAVA), ROWS)
                .products(
                        block,
                        Buffer.of(precision, point(network)),
                        dropout(network),
                        ROW_NUMBERS,
                        gaussNewton,
                        rounded,
                        products,
                        false,
                        new Sums(null, null));
        List<Vector> vectors = new ArrayList<>();
        for (int k = 0; k < directions.length; k++) {
            vectors.add(vector(products, k * network.parameters(), network.parameters()));
        }
        return vectors;
    }

    /** Differences of fourth order: their error is that of a step to the power of 4. */
    private static Vector difference(Network network, Block block, Vector direction) {
        double h = 1e-3;
        Vector point = point(network);
        Vector near = gradient(network, block, point.plus(h, direction))
                .minus(gradient(network, block, point.plus(-h, direction)));
        Vector far = gradient(network, block, point.plus(2 * h, direction))
                .minus(gradient(network, block, point.plus(-2 * h, direction)));
        return near.combined(8 / (12 * h), -1 / (12 * h), far);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void the_products_are_differences_of_gradients_and_symmetric(Network network, int classesOrTargets) {
        Block block = block(network.loss(), classesOrTargets, Precision.FLOAT64, 0, ROWS);
        Vector u = noise(network.parameters(), 31, 1);
        Vector v = noise(network.parameters(), 32, 1);
        List<Vector> both = products(network, block, false, Precision.FLOAT64, u, v);
        double scale = both.get(1).norm() + both.get(0).norm();
        assertThat(u.dot(both.get(1)) - v.dot(both.get(0))).isCloseTo(0, within(1e-12 * (1 + scale * u.norm())));
        // A step must not reach a kink: the numbers were drawn so that none does.
        Vector small = v.times(0.1);
        assertThat(difference(network, block, small)
                        .minus(both.get(1).times(0.1))
                        .norm())
                .isLessThan(2e-8 * (1 + scale));
        assertThat(products(network, block, false, Precision.FLOAT64, v).get(0)).isEqualTo(both.get(1));
        Block rounded = block(network.loss(), classesOrTargets, Precision.FLOAT32, 0, ROWS);
        Vector single = products(network, rounded, false, Precision.FLOAT32, v).get(0);
        assertThat(single.minus(both.get(1)).norm()).isLessThan(1e-5 * (1 + scale));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void gauss_newton_is_made_of_its_factors(Network network, int classesOrTargets) {
        Vector v = noise(network.parameters(), 33, 1);
        double[] expected = new double[network.parameters()];
        for (int row = 0; row < ROWS; row++) {
            addRow(network, classesOrTargets, row, v, expected);
        }
        Block block = block(network.loss(), classesOrTargets, Precision.FLOAT64, 0, ROWS);
        Vector actual = products(network, block, true, Precision.FLOAT64, v).get(0);
        Vector sum = Vector.wrap(expected);
        if (network.dropout() == 0) {
            assertThat(actual.minus(sum).norm()).isLessThan(1e-6 * (1 + sum.norm()));
        }
        assertThat(actual.dot(v)).isGreaterThanOrEqualTo(-1e-12);
    }

    /** Adds weight * transposed(J) H_L J v of a row; J by differences of outputs, H_L by differences of the loss. */
    private static void addRow(Network network, int classesOrTargets, int row, Vector v, double[] sum) {
        Block block = block(network.loss(), classesOrTargets, Precision.FLOAT64, row, 1);
        Propagation propagation = new Propagation(network, Precision.FLOAT64, Blas.of(Blas.Kind.JAVA), ROWS);
        Vector point = point(network);
        double h = 1e-5;
        int width = network.outputs();
        double[][] jacobian = new double[network.parameters()][];
        for (int i = 0; i < jacobian.length; i++) {
            int at = i;
            Vector e = Vector.of(jacobian.length, (values, from, to) -> {
                for (int k = from; k < to; k++) {
                    values[k] = k == at ? h : 0;
                }
            });
            Vector up = vector(propagation.outputs(block, Buffer.of(Precision.FLOAT64, point.plus(e))), 0, width);
            Vector down = vector(propagation.outputs(block, Buffer.of(Precision.FLOAT64, point.minus(e))), 0, width);
            jacobian[i] = up.minus(down).times(0.5 / h).toArray();
        }
        double[] outputs = vector(propagation.outputs(block, Buffer.of(Precision.FLOAT64, point)), 0, width)
                .toArray();
        double[] jv = new double[width];
        for (int i = 0; i < jacobian.length; i++) {
            for (int j = 0; j < width; j++) {
                jv[j] += jacobian[i][j] * v.get(i);
            }
        }
        double[] up = new double[width];
        double[] down = new double[width];
        double[] value = new double[1];
        double[] shifted = new double[width];
        double small = 1e-6;
        for (int j = 0; j < width; j++) {
            shifted[j] = outputs[j] + small * jv[j];
        }
        network.loss().evaluate(shifted, width, block, up, value);
        for (int j = 0; j < width; j++) {
            shifted[j] = outputs[j] - small * jv[j];
        }
        network.loss().evaluate(shifted, width, block, down, value);
        for (int i = 0; i < jacobian.length; i++) {
            for (int j = 0; j < width; j++) {
                sum[i] += block.weight(0) * jacobian[i][j] * (up[j] - down[j]) / (2 * small);
            }
        }
    }

    private static Vector diagonal(Network network, Block block, DiagonalPropagation.Kind kind) {
        Buffer diagonal = Buffer.allocate(Precision.FLOAT64, network.parameters());
        new DiagonalPropagation(network, Precision.FLOAT64, Blas.of(Blas.Kind.JAVA), ROWS)
                .diagonal(
                        block,
                        Buffer.of(Precision.FLOAT64, point(network)),
                        dropout(network),
                        ROW_NUMBERS,
                        kind,
                        diagonal,
                        false,
                        new Sums(null, null));
        return vector(diagonal, 0, network.parameters());
    }

    private static Vector unit(int size, int at) {
        return Vector.of(size, (values, from, to) -> {
            for (int i = from; i < to; i++) {
                values[i] = i == at ? 1 : 0;
            }
        });
    }

    @ParameterizedTest
    @EnumSource(Activation.class)
    void the_diagonal_is_exact_where_each_layer_above_has_one_unit(Activation activation) {
        for (Loss loss : List.of(ClassLoss.BINARY_CROSS_ENTROPY, new NumberLoss(NumberLoss.Kind.SQUARED_ERROR, 1))) {
            int classesOrTargets = loss.forClasses() ? 2 : 1;
            Network network = new Network(
                    List.of(new Layer(INPUTS, 6, activation, true), new Layer(6, 1, Activation.IDENTITY, true)),
                    loss,
                    0);
            Block block = block(loss, classesOrTargets, Precision.FLOAT64, 0, ROWS);
            for (boolean gaussNewton : new boolean[] {false, true}) {
                Vector actual = diagonal(
                        network,
                        block,
                        gaussNewton ? DiagonalPropagation.Kind.GAUSS_NEWTON : DiagonalPropagation.Kind.HESSIAN);
                for (int i = 0; i < network.parameters(); i++) {
                    double expected = products(
                                    network, block, gaussNewton, Precision.FLOAT64, unit(network.parameters(), i))
                            .get(0)
                            .get(i);
                    assertThat(actual.get(i)).isCloseTo(expected, within(1e-13 * (1 + Math.abs(expected))));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void squared_gradients_are_those_of_the_rows(Network network, int classesOrTargets) {
        if (network.dropout() > 0) {
            return;
        }
        double[] expected = new double[network.parameters()];
        for (int row = 0; row < ROWS; row++) {
            Vector g = gradient(
                    network, block(network.loss(), classesOrTargets, Precision.FLOAT64, row, 1), point(network));
            for (int i = 0; i < expected.length; i++) {
                expected[i] += g.get(i) * g.get(i);
            }
        }
        Block block = block(network.loss(), classesOrTargets, Precision.FLOAT64, 0, ROWS);
        Vector actual = diagonal(network, block, DiagonalPropagation.Kind.SQUARED_GRADIENTS);
        Vector sum = Vector.wrap(expected);
        assertThat(actual.minus(sum).norm()).isLessThan(1e-13 * (1 + sum.norm()));
    }
}
