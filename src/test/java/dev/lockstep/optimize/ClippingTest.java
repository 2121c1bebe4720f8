package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ClippingTest {
    private static final Vector ANYWHERE = Vector.of(0, 0);

    @Test
    void a_long_gradient_is_shortened_and_its_own_norm_is_logged() {
        Evaluation evaluation = Clipping.byNorm(5).over(Problems.slope(30, -40)).evaluate(ANYWHERE);
        assertThat(evaluation.gradient().minus(Vector.of(3, -4)).norm()).isLessThan(1e-15);
        assertThat(evaluation.gradientNorm()).isEqualTo(50);
    }

    @Test
    void a_short_gradient_is_left_alone() {
        Objective slope = Problems.slope(3, -4);
        assertThat(Clipping.byNorm(5).over(slope).evaluate(ANYWHERE)).isEqualTo(slope.evaluate(ANYWHERE));
        assertThat(Clipping.byNorm(5).over(slope).dimension()).isEqualTo(2);
    }

    @Test
    void clipping_twice_keeps_the_smaller_norm_and_logs_the_first() {
        Objective twice = Clipping.byNorm(1).over(Clipping.byNorm(5).over(Problems.slope(30, -40)));
        assertThat(twice.evaluate(ANYWHERE).gradient().norm()).isCloseTo(1, within(1e-15));
        assertThat(twice.evaluate(ANYWHERE).gradientNorm()).isEqualTo(50);
    }

    @Test
    void a_gradient_without_a_finite_norm_stays_visible() {
        Objective clipped = Clipping.byNorm(5).over(Problems.slope(1, Double.POSITIVE_INFINITY));
        assertThat(clipped.evaluate(ANYWHERE).isFinite()).isFalse();
        assertThat(clipped.evaluate(ANYWHERE).gradient()).isEqualTo(Vector.of(1, Double.POSITIVE_INFINITY));
        assertThat(Clipping.byNorm(5)
                        .over(Problems.slope(Double.NaN, 1))
                        .evaluate(ANYWHERE)
                        .isFinite())
                .isFalse();
    }

    @Test
    void weight_decay_comes_after_clipping() {
        Objective clipped = Clipping.byNorm(4).over(Problems.slope(0, -40));
        Vector end = Trajectory.end(new GradientDescent(new ConstantRate(0.5), 1), clipped, Vector.of(8, 8), 1);
        assertThat(end).isEqualTo(Vector.of(4, 6));
    }

    @Test
    void hessian_products_are_the_objectives_own() {
        Objective curved = new Objective() {
            @Override
            public int dimension() {
                return 2;
            }

            @Override
            public Evaluation evaluate(Vector point) {
                return new Evaluation(0, point);
            }

            @Override
            public List<Vector> products(Curvature matrix, Vector point, List<Vector> directions) {
                return directions.stream().map(direction -> direction.times(7)).toList();
            }
        };
        assertThat(Clipping.byNorm(1e-3).over(curved).hessianVector(ANYWHERE, Vector.of(1, 2)))
                .isEqualTo(Vector.of(7, 14));
        assertThatThrownBy(() -> Problems.slope(1, 2).hessianVector(ANYWHERE, ANYWHERE))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("no curvature products");
    }

    /** PyTorch 1.13's clip_grad_value_ is Tensor.clamp_(-v, v). */
    @Test
    void entries_are_clamped_one_by_one() {
        Objective slope = Problems.slope(30, -40, 0.5, -0.25, 2, -2, -0.0);
        Evaluation evaluation = Clipping.byValue(2).over(slope).evaluate(Vector.zeros(7));
        assertThat(evaluation.gradient()).isEqualTo(Vector.of(2, -2, 0.5, -0.25, 2, -2, -0.0));
        assertThat(evaluation.gradientNorm()).isEqualTo(slope.evaluate(ANYWHERE).gradientNorm());
    }

    @Test
    void an_entry_that_is_not_finite_is_not_clamped_away() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            Evaluation evaluation =
                    Clipping.byValue(2).over(Problems.slope(30, bad)).evaluate(ANYWHERE);
            assertThat(evaluation.gradient()).isEqualTo(Vector.of(30, bad));
            assertThat(evaluation.isFinite()).isFalse();
        }
    }

    @Test
    void nothing_to_clip_by_leaves_the_objective_itself() {
        Objective slope = Problems.slope(3, -4);
        assertThat(Clipping.NONE.over(slope)).isSameAs(slope);
    }

    @Test
    void proximal_steps_are_the_objectives_own() {
        Objective inner =
                Problems.penalized(Problems.quadratic(1, 1), new Penalty(0, 1, Penalty.L1By.PROXIMAL, true, ANYWHERE));
        Objective clipped = Clipping.byValue(1e-3).over(inner);
        assertThat(clipped.proximal(Vector.of(3, -0.5), 1)).isEqualTo(Vector.of(2, 0));
    }

    @Test
    void settings_are_read_and_bad_ones_refused() {
        assertThat(read("clip { norm = 5 }")).isEqualTo(Clipping.byNorm(5));
        assertThat(read("clip { value = 2 }")).isEqualTo(Clipping.byValue(2));
        assertThat(read("")).isEqualTo(Clipping.NONE);
        assertRefused("clip { norm = 0 }", "clip.norm = 0: expected a positive number");
        assertRefused("clip { value = -1 }", "clip.value = -1: expected a positive number");
        assertRefused("clip { norm = 1, value = 2 }", "clip.value = 2: clip.norm is there too; expected one of both");
        assertRefused("clip { }", "the key clip.norm is missing");
        assertThatThrownBy(() -> Clipping.byNorm(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("clip.norm must be a positive number, got -1.0");
        assertThatThrownBy(() -> Clipping.byValue(Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("clip.value must be a positive number, got NaN");
        assertThatThrownBy(() -> new Clipping(OptionalDouble.of(1), OptionalDouble.of(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("clip.norm and clip.value exclude each other, got 1.0 and 2.0");
    }

    private static void assertRefused(String text, String message) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(InputException.class).hasMessageEndingWith(message);
    }

    private static Clipping read(String text) {
        Settings root = Settings.of(ConfigFactory.parseString(text));
        Clipping clipping = Clipping.read(root);
        root.refuseUnknown();
        return clipping;
    }
}
