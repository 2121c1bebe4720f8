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
    void l1_by_proximal_steps_is_in_the_value_and_not_in_the_gradient() {
        Penalty penalty = new Penalty(0.5, 2, Penalty.L1By.PROXIMAL, false, WEIGHTS);
        assertThat(penalty.value(POINT)).isEqualTo(0.25 * 25 + 2 * 7);
        assertThat(penalty.gradient(POINT)).isEqualTo(Vector.of(1.5, -2, 0, 0));
    }

    @Test
    void a_proximal_step_is_a_soft_threshold_on_what_is_penalized() {
        Vector point = Vector.of(3, -4, 12, 0.5);
        Penalty weightsOnly = new Penalty(0.5, 2, Penalty.L1By.PROXIMAL, false, WEIGHTS);
        assertThat(weightsOnly.proximal(point, 0.5)).isEqualTo(Vector.of(2, -3, 12, 0));
        Penalty all = new Penalty(0.5, 2, Penalty.L1By.PROXIMAL, true, WEIGHTS);
        assertThat(all.proximal(point, 1.75)).isEqualTo(Vector.of(0, -0.5, 8.5, 0));
        assertThat(all.proximal(Vector.of(1, -1, -0.0, 1), 0.5)).isEqualTo(Vector.of(0, 0, 0, 0));
        Vector broken = all.proximal(Vector.of(Double.NaN, Double.NEGATIVE_INFINITY, 1, 1), 0.5);
        assertThat(broken.get(0)).isNaN();
        assertThat(broken.get(1)).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    /** What it is said to be the least of: eta l1 |x| + (x - w)^2 / 2, looked at on a grid around. */
    @Test
    void a_proximal_step_minimizes_what_it_is_defined_by() {
        Penalty penalty = new Penalty(0, 0.7, Penalty.L1By.PROXIMAL, true, Vector.of(1));
        for (double w : new double[] {-2, -0.3, -0.1, 0, 0.05, 0.21, 0.22, 1.5}) {
            double got = penalty.proximal(Vector.of(w), 0.3).get(0);
            double least = 0.3 * 0.7 * Math.abs(got) + (got - w) * (got - w) / 2;
            for (int i = -3000; i <= 3000; i++) {
                double x = i / 1000.0;
                assertThat(0.3 * 0.7 * Math.abs(x) + (x - w) * (x - w) / 2).isGreaterThanOrEqualTo(least - 1e-15);
            }
        }
    }

    @Test
    void nothing_left_out_leaves_the_point_itself() {
        assertThat(new Penalty(1, 2, true, WEIGHTS).proximal(POINT, 1)).isSameAs(POINT);
        Penalty proximal = new Penalty(1, 2, Penalty.L1By.PROXIMAL, true, WEIGHTS);
        assertThat(proximal.proximal(POINT, 0)).isSameAs(POINT);
        assertThat(new Penalty(1, 0, Penalty.L1By.PROXIMAL, true, WEIGHTS).proximal(POINT, 1))
                .isSameAs(POINT);
    }

    @Test
    void the_norm_is_that_of_the_least_subgradient() {
        Penalty penalty = new Penalty(0, 2, Penalty.L1By.PROXIMAL, false, Vector.of(1, 1, 1, 1, 0));
        // w > 0: 1 + 2; w < 0: 6 - 2; w = 0: |-1| <= 2 gives 0, 14 - 2 = 12; the bias as it is
        Vector point = Vector.of(5, -5, 0, 0, 1);
        assertThat(penalty.norm(point, Vector.of(1, 6, -1, 14, 84))).isEqualTo(85);
        assertThat(new Penalty(0, 2, false, WEIGHTS).norm(POINT, Vector.of(3, 4, 0, 0)))
                .isEqualTo(5);
        assertThat(penalty.norm(point, Vector.of(1, 6, Double.NaN, 0, 84))).isNaN();
        assertThat(penalty.norm(point, Vector.of(1, 6, Double.NEGATIVE_INFINITY, 0, 84)))
                .isInfinite();
    }

    @Test
    void a_network_gives_its_weights_later() {
        Penalty read = read("penalty { l2 = 1, l1 = 2, l1-by = proximal, biases = true }");
        assertThat(read.on(POINT)).isEqualTo(new Penalty(1, 2, Penalty.L1By.PROXIMAL, true, POINT));
    }

    @Test
    void settings_are_read_and_bad_ones_refused() {
        assertThat(read("")).isEqualTo(new Penalty(0, 0, false, WEIGHTS));
        assertThat(read("penalty { l2 = 1e-4, l1 = 0.5, biases = true }"))
                .isEqualTo(new Penalty(1e-4, 0.5, true, WEIGHTS));
        assertThatThrownBy(() -> read("penalty { l2 = -1 }"))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("penalty.l2 = -1: expected a number of at least 0");
        assertThatThrownBy(() -> read("penalty.l1-by = proximate"))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith(
                        "penalty.l1-by = proximate: expected one of subgradient, proximal; did you mean proximal?");
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
