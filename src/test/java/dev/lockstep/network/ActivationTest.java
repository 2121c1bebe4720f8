package dev.lockstep.network;

import static dev.lockstep.linalg.ElementaryFunctions.expm1;
import static dev.lockstep.linalg.ElementaryFunctions.normalCdf;
import static dev.lockstep.linalg.ElementaryFunctions.normalPdf;
import static dev.lockstep.linalg.ElementaryFunctions.sigmoid;
import static dev.lockstep.linalg.ElementaryFunctions.softplus;
import static dev.lockstep.linalg.ElementaryFunctions.tanh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Mixing;
import dev.lockstep.linalg.Precision;
import dev.lockstep.linalg.Vector;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationTest {
    /** Values of PyTorch's functions, in double precision. */
    @ParameterizedTest
    @CsvSource({
        "RELU, -2, 0, 0",
        "RELU, 0, 0, 0",
        "RELU, 3, 3, 1",
        "LEAKY_RELU, -2, -0.02, 0.01",
        "LEAKY_RELU, 0, 0, 0.01",
        "GELU, 1, 0.8413447460685429, 1.0833154705876864",
        "GELU, -1, -0.15865525393145707, -0.08331547058768629",
        "ELU, -1, -0.6321205588285577, 0.36787944117144233",
        "ELU, 2, 2, 1",
        "SOFTPLUS, 0, 0.6931471805599453, 0.5",
        "TANH, 0.5, 0.46211715726000973, 0.7864477329659274",
        "SIGMOID, 2, 0.8807970779778823, 0.10499358540350662",
        "IDENTITY, -4, -4, 1",
    })
    void values_and_derivatives_are_pytorchs(Activation activation, double z, double value, double slope) {
        for (Precision precision : Precision.values()) {
            double error = precision == Precision.FLOAT32 ? 3e-7 : 1e-15;
            Buffer y = Buffer.of(precision, Vector.of(z));
            activation.apply(y, 1, 1, null, 0);
            assertThat(y.get(0)).isCloseTo(value, within(error));
            Buffer delta = Buffer.of(precision, Vector.of(2));
            Buffer source = activation.needsInput() ? Buffer.of(precision, Vector.of(z)) : y;
            activation.multiplyByDerivative(delta, source, 1, 1);
            assertThat(delta.get(0)).isCloseTo(2 * slope, within(2 * error));
        }
    }

    @ParameterizedTest
    @EnumSource
    void only_the_first_entries_change(Activation activation) {
        for (Precision precision : Precision.values()) {
            Buffer buffer = Buffer.of(precision, Vector.of(-1, -1));
            activation.apply(buffer, 1, 1, null, 0);
            assertThat(buffer.get(1)).isEqualTo(-1);
            Buffer delta = Buffer.of(precision, Vector.of(5, 5));
            activation.multiplyByDerivative(delta, buffer, 1, 1);
            assertThat(delta.get(1)).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_not_a_number_stays_visible(Activation activation) {
        for (Precision precision : Precision.values()) {
            Buffer buffer = Buffer.of(precision, Vector.of(Double.NaN));
            activation.apply(buffer, 1, 1, null, 0);
            assertThat(buffer.get(0)).as(precision.key()).isNaN();
        }
    }

    @ParameterizedTest
    @EnumSource
    void large_arguments_give_finite_values_and_derivatives(Activation activation) {
        for (Precision precision : Precision.values()) {
            for (double z : new double[] {-1e4, -100, 100, 1e4}) {
                Buffer source = Buffer.of(precision, Vector.of(z));
                Buffer y = Buffer.of(precision, Vector.of(z));
                activation.apply(y, 1, 1, null, 0);
                Buffer delta = Buffer.of(precision, Vector.of(1));
                activation.multiplyByDerivative(delta, activation.needsInput() ? source : y, 1, 1);
                assertThat(y.get(0)).isFinite();
                assertThat(delta.get(0)).isBetween(-1e-3, 1.0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void words_and_back(Activation activation) {
        assertThat(Activation.of(activation.key())).isEqualTo(activation);
        assertThat(Activation.keys()).contains(activation.key());
    }

    private static float[] value(Activation activation, float z, float y) {
        return switch (activation) {
            case RELU -> new float[] {Math.max(z, 0f), y > 0 ? 1f : 0f};
            case LEAKY_RELU -> new float[] {z > 0 ? z : 0.01f * z, y > 0 ? 1f : 0.01f};
            case GELU -> new float[] {z * normalCdf(z), normalCdf(z) + z * normalPdf(z)};
            case ELU -> new float[] {z > 0 ? z : expm1(z), y > 0 ? 1f : y + 1f};
            case SOFTPLUS -> new float[] {softplus(z), -expm1(-y)};
            case TANH -> new float[] {tanh(z), 1f - y * y};
            case SIGMOID -> new float[] {sigmoid(z), y * (1f - y)};
            case IDENTITY -> new float[] {z, 1f};
        };
    }

    private static double[] value(Activation activation, double z, double y) {
        return switch (activation) {
            case RELU -> new double[] {Math.max(z, 0.0), y > 0 ? 1.0 : 0.0};
            case LEAKY_RELU -> new double[] {z > 0 ? z : 0.01 * z, y > 0 ? 1.0 : 0.01};
            case GELU -> new double[] {z * normalCdf(z), normalCdf(z) + z * normalPdf(z)};
            case ELU -> new double[] {z > 0 ? z : expm1(z), y > 0 ? 1.0 : y + 1.0};
            case SOFTPLUS -> new double[] {softplus(z), -expm1(-y)};
            case TANH -> new double[] {tanh(z), 1.0 - y * y};
            case SIGMOID -> new double[] {sigmoid(z), y * (1.0 - y)};
            case IDENTITY -> new double[] {z, 1.0};
        };
    }

    private static final double[] EDGES = {
        0,
        -0.0,
        1e-40,
        -1e-40,
        1e-8,
        -1e-8,
        1e-4,
        -1e-4,
        0.3465,
        -0.3466,
        88,
        -88,
        -104,
        1e30,
        -1e30,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        Double.NaN
    };

    private static Vector noise(int size, long key) {
        double[] values = new double[size];
        for (int i = 0; i < size; i++) {
            boolean edge = Math.floorMod(Mixing.mix(key, i), 5) == 0;
            values[i] = edge ? EDGES[i % EDGES.length] : 3 * Mixing.normal(Mixing.mix(key + 1, i));
        }
        return Vector.wrap(values);
    }

    @ParameterizedTest
    @EnumSource
    void whole_matrices_have_the_bits_of_single_numbers(Activation activation) {
        for (Precision precision : Precision.values()) {
            for (int width : new int[] {1, 3, 10, 256, 1_100}) {
                for (int rows : new int[] {1, 9}) {
                    for (boolean bias : new boolean[] {false, true}) {
                        check(activation, precision, rows, width, bias);
                    }
                }
            }
        }
    }

    private static void check(Activation activation, Precision precision, int rows, int width, boolean bias) {
        int count = rows * width;
        Buffer start = Buffer.of(precision, noise(count, 1));
        Buffer y = Buffer.of(precision, noise(count, 1));
        Buffer biases = Buffer.of(precision, noise(width + 2, 3));
        activation.apply(y, rows, width, bias ? biases : null, 2);
        Buffer z = Buffer.of(precision, noise(count, 1));
        if (bias) {
            z.addToEachRow(rows, width, biases, 2);
        }
        Buffer upstream = Buffer.of(precision, noise(count, 5));
        for (int i = 0; i < count; i++) {
            upstream.set(i, Double.isInfinite(upstream.get(i)) ? 7 : upstream.get(i));
        }
        Buffer delta = Buffer.allocate(precision, count);
        delta.copy(upstream, 0, 0, count);
        activation.multiplyByDerivative(delta, activation.needsInput() ? z : y, rows, width);
        for (int i = 0; i < count; i++) {
            double input = bias ? start.get(i) + biases.get(2 + i % width) : start.get(i);
            input = precision == Precision.FLOAT32 ? (float) input : input;
            double[] expected;
            if (precision == Precision.FLOAT32) {
                float[] single = value(activation, (float) input, (float) y.get(i));
                expected = new double[] {single[0], (float) upstream.get(i) * single[1]};
            } else {
                expected = value(activation, input, y.get(i));
                expected[1] *= upstream.get(i);
            }
            double delivered = delta.get(i);
            boolean nan = Double.isNaN(y.get(i)) && activation != Activation.IDENTITY;
            // A zero derivative may have either sign.
            boolean sameDerivative = nan
                    ? Double.isNaN(delivered)
                    : delivered == expected[1] || (Double.isNaN(delivered) && Double.isNaN(expected[1]));
            if (Double.compare(y.get(i), expected[0]) != 0 || !sameDerivative) {
                fail(
                        "%s %s: f = %s, derivative %s * %s = %s",
                        precision, input, y.get(i), upstream.get(i), expected[1], delivered);
            }
        }
    }
}
