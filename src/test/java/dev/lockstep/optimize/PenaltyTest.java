package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import org.junit.jupiter.api.Test;

class PenaltyTest {
    private static final Vector WEIGHTS = Vector.of(1, 1, 0, 1);
    private static final Vector POINT = Vector.of(3, -4, 12, 0);

    @Test
    void by_hand_with_and_without_biases() {
        Penalty weightsOnly = new Penalty(0.5, 2, false, WEIGHTS);
        assertThat(weightsOnly.value(POINT)).isEqualTo(0.25 * 25 + 2 * 7);
        assertThat(weightsOnly.gradient(POINT)).isEqualTo(Vector.of(3.5, -4, 0, 0));
        Penalty all = new Penalty(0.5, 2, true, WEIGHTS);
        assertThat(all.value(POINT)).isEqualTo(0.25 * 169 + 2 * 19);
        assertThat(all.gradient(POINT)).isEqualTo(Vector.of(3.5, -4, 8, 0));
    }

    @Test
    void the_gradient_is_the_difference_quotient_of_the_value() {
        Penalty penalty = new Penalty(0.3, 0.7, false, WEIGHTS);
        Vector point = Vector.of(0.3, -1.7, 2.5, 0.9);
        for (int i = 0; i < 4; i++) {
            double[] unit = new double[4];
            unit[i] = 1e-5;
            double quotient =
                    (penalty.value(point.plus(Vector.of(unit))) - penalty.value(point.minus(Vector.of(unit)))) / 2e-5;
            assertThat(penalty.gradient(point).get(i)).isCloseTo(quotient, within(1e-9));
        }
    }

    @Test
    void no_penalty_adds_exactly_nothing() {
        Penalty none = new Penalty(0, 0, true, WEIGHTS);
        assertThat(none.isNone()).isTrue();
        assertThat(none.value(Vector.of(Double.MAX_VALUE, 1, 1, 1))).isZero();
        assertThat(none.gradient(POINT)).isEqualTo(Vector.zeros(4));
    }

    @Test
    void a_bias_that_is_not_penalized_may_be_anything() {
        Vector point = Vector.of(1, 1, Double.POSITIVE_INFINITY, 1);
        assertThat(new Penalty(2, 1, false, WEIGHTS).value(point)).isEqualTo(6);
    }

    @Test
    void settings_are_read_and_bad_ones_refused() {
        assertThat(read("")).isEqualTo(new Penalty(0, 0, false, WEIGHTS));
        assertThat(read("penalty { l2 = 1e-4, l1 = 0.5, biases = true }"))
                .isEqualTo(new Penalty(1e-4, 0.5, true, WEIGHTS));
        assertThatThrownBy(() -> read("penalty { l2 = -1 }"))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("penalty.l2 = -1: expected a number of at least 0");
        assertThatThrownBy(() -> read("penalty = 0.1")).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new Penalty(0, Double.NaN, false, WEIGHTS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("penalty.l1 must be a number of at least 0, got NaN");
    }

    private static Penalty read(String text) {
        Settings root = Settings.of(ConfigFactory.parseString(text));
        Penalty penalty = Penalty.read(root, WEIGHTS);
        root.refuseUnknown();
        return penalty;
    }
}
