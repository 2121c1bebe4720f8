package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Buffer;
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
            activation.apply(y, 1);
            assertThat(y.get(0)).isCloseTo(value, within(error));
            Buffer delta = Buffer.of(precision, Vector.of(2));
            Buffer source = activation.needsInput() ? Buffer.of(precision, Vector.of(z)) : y;
            activation.multiplyByDerivative(delta, source, 1);
            assertThat(delta.get(0)).isCloseTo(2 * slope, within(2 * error));
        }
    }

    @ParameterizedTest
    @EnumSource
    void only_the_first_entries_change(Activation activation) {
        for (Precision precision : Precision.values()) {
            Buffer buffer = Buffer.of(precision, Vector.of(-1, -1));
            activation.apply(buffer, 1);
            assertThat(buffer.get(1)).isEqualTo(-1);
            Buffer delta = Buffer.of(precision, Vector.of(5, 5));
            activation.multiplyByDerivative(delta, buffer, 1);
            assertThat(delta.get(1)).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_not_a_number_stays_visible(Activation activation) {
        for (Precision precision : Precision.values()) {
            Buffer buffer = Buffer.of(precision, Vector.of(Double.NaN));
            activation.apply(buffer, 1);
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
                activation.apply(y, 1);
                Buffer delta = Buffer.of(precision, Vector.of(1));
                activation.multiplyByDerivative(delta, activation.needsInput() ? source : y, 1);
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
}
