package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ClippedObjectiveTest {
    private static final Vector ANYWHERE = Vector.of(0, 0);

    @Test
    void a_long_gradient_is_shortened_and_its_own_norm_is_logged() {
        Evaluation evaluation = new ClippedObjective(Problems.slope(30, -40), 5).evaluate(ANYWHERE);
        assertThat(evaluation.gradient().minus(Vector.of(3, -4)).norm()).isLessThan(1e-15);
        assertThat(evaluation.gradientNorm()).isEqualTo(50);
    }

    @Test
    void a_short_gradient_is_left_alone() {
        Objective slope = Problems.slope(3, -4);
        assertThat(new ClippedObjective(slope, 5).evaluate(ANYWHERE)).isEqualTo(slope.evaluate(ANYWHERE));
        assertThat(new ClippedObjective(slope, 5).dimension()).isEqualTo(2);
    }

    @Test
    void clipping_twice_keeps_the_smaller_norm_and_logs_the_first() {
        Objective twice = new ClippedObjective(new ClippedObjective(Problems.slope(30, -40), 5), 1);
        assertThat(twice.evaluate(ANYWHERE).gradient().norm()).isCloseTo(1, within(1e-15));
        assertThat(twice.evaluate(ANYWHERE).gradientNorm()).isEqualTo(50);
    }

    @Test
    void a_gradient_without_a_finite_norm_stays_visible() {
        Objective clipped = new ClippedObjective(Problems.slope(1, Double.POSITIVE_INFINITY), 5);
        assertThat(clipped.evaluate(ANYWHERE).isFinite()).isFalse();
        assertThat(clipped.evaluate(ANYWHERE).gradient()).isEqualTo(Vector.of(1, Double.POSITIVE_INFINITY));
        assertThat(new ClippedObjective(Problems.slope(Double.NaN, 1), 5)
                        .evaluate(ANYWHERE)
                        .isFinite())
                .isFalse();
    }

    @Test
    void weight_decay_comes_after_clipping() {
        Objective clipped = new ClippedObjective(Problems.slope(0, -40), 4);
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
            public Vector hessianVector(Vector point, Vector direction) {
                return direction.times(7);
            }
        };
        assertThat(new ClippedObjective(curved, 1e-3).hessianVector(ANYWHERE, Vector.of(1, 2)))
                .isEqualTo(Vector.of(7, 14));
        assertThatThrownBy(() -> Problems.slope(1, 2).hessianVector(ANYWHERE, ANYWHERE))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("no Hessian-vector product");
    }

    @Test
    void settings_are_read_and_bad_ones_refused() {
        assertThat(read("clip { norm = 5 }")).hasValue(5);
        assertThat(read("")).isEmpty();
        assertThatThrownBy(() -> read("clip { norm = 0 }"))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("clip.norm = 0: expected a positive number");
        assertThatThrownBy(() -> new ClippedObjective(Problems.slope(1), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("clip.norm must be a positive number, got -1.0");
    }

    private static OptionalDouble read(String text) {
        return ClippedObjective.readNorm(Settings.of(ConfigFactory.parseString(text)));
    }
}
