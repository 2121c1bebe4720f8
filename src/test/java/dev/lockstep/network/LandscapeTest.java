package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.data.Block;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Landscapes at points that others have worked out, and their derivatives against differences. */
class LandscapeTest {
    private static final int WIDTH = 4;
    private static final int ROWS = 2;

    /** Away from the kinks of lessard's second derivative, near the narrow minimum, and at round numbers. */
    private static final double[] OUTPUTS = {0.3, -1.7, 4.55, 1.4, 2.7, -0.2, 5.0, 0.1};

    private static final double[] TARGETS = {0, 0, 0.5, 0, 0, 0, 1, -0.5};

    private static Block block(double[] targets) {
        int rows = targets.length / WIDTH;
        return new Block(rows, Buffer.allocate(Precision.FLOAT64, rows), null, targets, null);
    }

    private static double[] values(Landscape landscape, double... outputs) {
        double[] values = new double[ROWS];
        landscape.evaluate(outputs, WIDTH, block(TARGETS), new double[outputs.length], values);
        return values;
    }

    private static double[] slopes(Landscape landscape, double... outputs) {
        double[] derivatives = new double[outputs.length];
        landscape.evaluate(outputs, WIDTH, block(TARGETS), derivatives, new double[ROWS]);
        return derivatives;
    }

    private static double[] moved(int index, double step) {
        double[] outputs = OUTPUTS.clone();
        outputs[index] += step;
        return outputs;
    }

    /** A difference of fourth order out of the values at one and two steps ahead and behind. */
    private static double difference(double far, double near, double behind, double farBehind, double step) {
        return (8 * (near - behind) - (far - farBehind)) / (12 * step);
    }

    @ParameterizedTest
    @EnumSource
    void derivatives_are_those_of_differences(Surface surface) {
        Landscape landscape = new Landscape(surface, 0.7);
        double[] slopes = slopes(landscape, OUTPUTS);
        double[] diagonal = new double[OUTPUTS.length];
        landscape.curvature(OUTPUTS, WIDTH, block(TARGETS), diagonal);
        double h = 1e-4;
        for (int i = 0; i < OUTPUTS.length; i++) {
            double[][] values = new double[4][];
            double[][] gradients = new double[4][];
            double[] steps = {2 * h, h, -h, -2 * h};
            for (int k = 0; k < 4; k++) {
                values[k] = values(landscape, moved(i, steps[k]));
                gradients[k] = slopes(landscape, moved(i, steps[k]));
            }
            int row = i / WIDTH;
            double slope = difference(values[0][row], values[1][row], values[2][row], values[3][row], h);
            assertThat(slopes[i]).as("slope %s", i).isCloseTo(slope, within(1e-8 * (1 + Math.abs(slope))));
            double[] column = new double[OUTPUTS.length];
            column[i] = 1;
            landscape.curve(OUTPUTS, WIDTH, block(TARGETS), column);
            for (int j = 0; j < OUTPUTS.length; j++) {
                double second = difference(gradients[0][j], gradients[1][j], gradients[2][j], gradients[3][j], h);
                assertThat(column[j])
                        .as("product %s %s", j, i)
                        .isCloseTo(second, within(1e-7 * (1 + Math.abs(second))));
            }
            assertThat(diagonal[i]).isEqualTo(column[i]);
        }
    }

    /** The value, the gradient and the second derivatives of a landscape at a point. */
    private record Known(Surface surface, double[] at, double value, double[] slope, double[] second) {}

    private static Known one(Surface surface, double at, double value, double slope, double second) {
        return new Known(surface, new double[] {at}, value, new double[] {slope}, new double[] {second});
    }

    private static Known two(Surface surface, double x, double y, double value, double[] slope, double[] second) {
        return new Known(surface, new double[] {x, y}, value, slope, second);
    }

    /** By hand; Rosenbrock's numbers are those of every textbook. */
    static List<Arguments> known() {
        List<Known> known = List.of(
                one(Surface.QUARTIC, -2, 4, -8, 12),
                one(Surface.QUARTIC, 0, 0, 0, 0),
                one(Surface.COSINE, 0, 1, 0, -1),
                one(Surface.COSINE, Math.PI, -1, 0, 1),
                one(Surface.COSINE, Math.PI / 3, 0.5, -Math.sqrt(0.75), -0.5),
                one(Surface.DOUBLE_WELL, 1, 0.15, 0.15, 2),
                one(Surface.DOUBLE_WELL, 0, 0.25, 0.15, -1),
                one(Surface.DOUBLE_WELL, -2, 2.25 - 0.3, -6 + 0.15, 11),
                one(Surface.NARROW_AND_WIDE, 0, 0, 0, 0.1),
                one(Surface.NARROW_AND_WIDE, 4, 0.8 - 0.3, 0.4, 30.1),
                one(Surface.NARROW_AND_WIDE, 4.1, 0.8405 - 0.3 / Math.sqrt(Math.E), 0.41 + 3 / Math.sqrt(Math.E), 0.1),
                one(Surface.LESSARD, -1, 12.5, -25, 25),
                one(Surface.LESSARD, 1, 12.5, 25, 1),
                one(Surface.LESSARD, 1.5, 25.125, 25.5, 1),
                one(Surface.LESSARD, 2, 38, 26, 25),
                one(Surface.LESSARD, 3, 76.5, 51, 25),
                two(Surface.ROSENBROCK, 1, 1, 0, new double[] {0, 0}, new double[] {802, -400, 200}),
                two(Surface.ROSENBROCK, -1.2, 1, 24.2, new double[] {-215.6, -88}, new double[] {1330, 480, 200}),
                two(Surface.SADDLE, 2, 10, -3, new double[] {2, -1}, new double[] {1, 0, -0.1}),
                two(Surface.SADDLE_AND_MINIMA, 0, -1, -0.25, new double[] {0, 0}, new double[] {1, 0, 2}),
                two(Surface.SADDLE_AND_MINIMA, 3, 2, 6.5, new double[] {3, 6}, new double[] {1, 0, 11}));
        List<Arguments> arguments = new ArrayList<>();
        known.forEach(k -> arguments.add(Arguments.of(k.surface + " at " + Arrays.toString(k.at), k)));
        return arguments;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("known")
    void values_and_derivatives_are_those_of_others(String name, Known known) {
        double[] jet = new double[known.surface.jetLength()];
        known.surface.jet(known.at, jet);
        double[] expected = new double[jet.length];
        int n = known.at.length;
        expected[0] = known.value;
        System.arraycopy(known.slope, 0, expected, 1, n);
        System.arraycopy(known.second, 0, expected, 1 + n, known.second.length);
        assertThat(jet).as(name).containsExactly(expected, within(1e-12));
    }

    /** z^4 / 4 of z = 1, 0, 2, 0 and of 0, -1, 0, 0, times 2. */
    @Test
    void a_row_is_the_sum_over_its_outputs_minus_its_targets() {
        double[] outputs = {1, 2, 3, 4, 0, -1, 0, 0};
        double[] targets = {0, 2, 1, 4, 0, 0, 0, 0};
        double[] derivatives = new double[8];
        double[] values = new double[2];
        new Landscape(Surface.QUARTIC, 2).evaluate(outputs, WIDTH, block(targets), derivatives, values);
        assertThat(values).containsExactly(8.5, 0.5);
        assertThat(derivatives).containsExactly(2, 0, 16, 0, 0, -2, 0, 0);
    }

    /** The numbers are of the lecture's notes, which have them from a script of their own. */
    @ParameterizedTest(name = "{0}: a minimum at {1}")
    @CsvSource({
        "DOUBLE_WELL, -1.0679, 1e-4",
        "DOUBLE_WELL, 0.9143, 1e-4",
        "NARROW_AND_WIDE, 3.986591, 1e-6",
        "NARROW_AND_WIDE, 0, 0",
        "QUARTIC, 0, 0",
        "LESSARD, 0, 0"
    })
    void minima_are_where_they_are_said_to_be(Surface surface, double at, double accuracy) {
        double[] jet = new double[3];
        surface.jet(new double[] {at}, jet);
        assertThat(Math.abs(jet[1])).isLessThanOrEqualTo(accuracy * jet[2]);
    }

    @Test
    void the_narrow_minimum_has_the_curvature_that_is_said() {
        double[] jet = new double[3];
        Surface.NARROW_AND_WIDE.jet(new double[] {3.986591}, jet);
        assertThat(jet[0]).isCloseTo(0.4973, within(5e-5));
        assertThat(jet[2]).isCloseTo(29.2970, within(5e-4));
    }

    /**
     * The cycle of momentum with alpha = 1/9 and beta = 4/9, by the authors' fractions: 792, -2208, 2592 over 1225.
     */
    @Test
    void momentum_cycles_on_lessards_function() {
        double[] cycle = {792.0 / 1225, -2208.0 / 1225, 2592.0 / 1225};
        for (int k = 0; k < 3; k++) {
            double[] jet = new double[3];
            double w = cycle[(k + 1) % 3];
            Surface.LESSARD.jet(new double[] {w}, jet);
            double next = w - jet[1] / 9 + 4 * (w - cycle[k]) / 9;
            assertThat(next).isCloseTo(cycle[(k + 2) % 3], within(1e-14));
        }
    }

    @Test
    void a_landscape_over_pairs_takes_no_single_output() {
        List<Layer> three = List.of(new Layer(1, 3, Activation.IDENTITY, false));
        assertThatThrownBy(() -> new Network(three, new Landscape(Surface.SADDLE, 1), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the landscape saddle is one over pairs of outputs, got 3 outputs");
        assertThat(new Network(three, new Landscape(Surface.COSINE, 1), 0).parameters())
                .isEqualTo(3);
    }
}
