package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.data.Block;
import dev.lockstep.linalg.Buffer;
import dev.lockstep.linalg.Precision;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Losses of one row, by hand. */
class LossTest {
    private static double[] derivative(ClassLoss loss, int label, double... z) {
        double[] derivative = new double[z.length];
        loss.evaluate(z, label, derivative);
        return derivative;
    }

    private static double value(ClassLoss loss, int label, double... z) {
        return loss.evaluate(z, label, new double[z.length]);
    }

    @Test
    void cross_entropy_of_equal_logits_is_the_logarithm_of_the_classes() {
        assertThat(value(ClassLoss.CROSS_ENTROPY, 2, 5, 5, 5, 5)).isCloseTo(Math.log(4), within(1e-15));
        assertThat(derivative(ClassLoss.CROSS_ENTROPY, 2, 5, 5, 5, 5)).containsExactly(0.25, 0.25, -0.75, 0.25);
    }

    @ParameterizedTest
    @EnumSource(ClassLoss.class)
    void logits_of_ten_thousand_stay_finite(ClassLoss loss) {
        for (double big : new double[] {1e4, -1e4, 1e300, -1e300}) {
            double[] z = loss.outputs(2) == 1 ? new double[] {big} : new double[] {big, -big / 2};
            for (int label = 0; label < 2; label++) {
                double[] derivative = new double[z.length];
                assertThat(loss.evaluate(z, label, derivative)).isFinite().isNotNegative();
                for (double entry : derivative) {
                    assertThat(entry).isBetween(-1.0, 1.0);
                }
            }
        }
        assertThat(value(ClassLoss.CROSS_ENTROPY, 1, 1e4, -1e4)).isEqualTo(2e4);
        assertThat(value(ClassLoss.BINARY_CROSS_ENTROPY, 0, 1e4)).isEqualTo(1e4);
    }

    @Test
    void a_small_loss_keeps_its_digits() {
        // log(1 + e^-40) = e^-40 to 17 digits; 1 + e^-40 is 1 in double precision.
        double expected = 4.248354255291589e-18;
        assertThat(value(ClassLoss.CROSS_ENTROPY, 0, 40, 0)).isCloseTo(expected, within(1e-15 * expected));
        assertThat(derivative(ClassLoss.CROSS_ENTROPY, 0, 40, 0)[0]).isCloseTo(-expected, within(1e-15 * expected));
        assertThat(value(ClassLoss.BINARY_CROSS_ENTROPY, 1, 40)).isCloseTo(expected, within(1e-15 * expected));
    }

    @Test
    void binary_cross_entropy_is_cross_entropy_of_two_logits() {
        for (double z : new double[] {-3, -0.1, 0, 2.5}) {
            for (int label = 0; label < 2; label++) {
                assertThat(value(ClassLoss.BINARY_CROSS_ENTROPY, label, z))
                        .isCloseTo(value(ClassLoss.CROSS_ENTROPY, label, 0, z), within(1e-15));
                assertThat(derivative(ClassLoss.BINARY_CROSS_ENTROPY, label, z)[0])
                        .isCloseTo(derivative(ClassLoss.CROSS_ENTROPY, label, 0, z)[1], within(1e-15));
            }
        }
    }

    @ParameterizedTest(name = "{0}, class {1}, z = {2}: {3}, derivative {4}")
    @CsvSource({
        "HINGE, 1, 0.25, 0.75, -1",
        "HINGE, 1, 1, 0, 0",
        "HINGE, 1, 2, 0, 0",
        "HINGE, 0, 0.25, 1.25, 1",
        "PERCEPTRON, 1, 0.25, 0, 0",
        "PERCEPTRON, 1, -0.5, 0.5, -1",
        "PERCEPTRON, 1, 0, 0, -1",
        "PERCEPTRON, 0, 0, 0, 1",
        "PERCEPTRON, 0, 3, 3, 1",
    })
    void margins_by_hand(ClassLoss loss, int label, double z, double expected, double slope) {
        assertThat(value(loss, label, z)).isEqualTo(expected);
        assertThat(derivative(loss, label, z)).containsExactly(slope);
    }

    @Test
    void more_classes_are_one_against_the_rest() {
        assertThat(value(ClassLoss.HINGE, 1, -2, 0.5, 0)).isEqualTo(0 + 0.5 + 1);
        assertThat(derivative(ClassLoss.HINGE, 1, -2, 0.5, 0)).containsExactly(0, -1, 1);
        assertThat(ClassLoss.HINGE.outputs(2)).isEqualTo(1);
        assertThat(ClassLoss.HINGE.outputs(3)).isEqualTo(3);
    }

    @Test
    void decisions_take_the_first_of_equals_and_the_sign_of_one() {
        assertThat(ClassLoss.CROSS_ENTROPY.decide(new double[] {1, 3, 3})).isEqualTo(1);
        assertThat(ClassLoss.HINGE.decide(new double[] {0.1})).isEqualTo(1);
        assertThat(ClassLoss.HINGE.decide(new double[] {0})).isZero();
    }

    @ParameterizedTest(name = "{0} of residual {1}: {2}, derivative {3}")
    @CsvSource({
        "SQUARED_ERROR, 3, 4.5, 3",
        "ABSOLUTE_ERROR, -3, 3, -1",
        "ABSOLUTE_ERROR, 0, 0, 0",
        "HUBER, 0.5, 0.125, 0.5",
        "HUBER, -3, 4, -2",
        "HUBER, 2, 2, 2",
    })
    void residuals_by_hand(NumberLoss.Kind kind, double residual, double expected, double slope) {
        double[] derivative = new double[1];
        double loss = new NumberLoss(kind, 2).evaluate(new double[] {7 + residual}, new double[] {0, 7}, 1, derivative);
        assertThat(loss).isEqualTo(expected);
        assertThat(derivative[0]).isEqualTo(slope);
    }

    /** On a sigmoid, whose middle is 0.5: 0.9 is reached from below, 0.1 from above. */
    @ParameterizedTest(name = "output {0} for target {1}: {2}, derivative {3}, second derivative {4}")
    @CsvSource({
        "0.5, 0.9, 0.08, -0.4, 1",
        "0.95, 0.9, 0, 0, 0",
        "0.9, 0.9, 0, 0, 0",
        "0.3, 0.1, 0.02, 0.2, 1",
        "0.05, 0.1, 0, 0, 0",
        "0.6, 0.5, 0.005, 0.1, 1",
        "0.4, 0.5, 0, 0, 0"
    })
    void nothing_is_asked_beyond_a_one_sided_target(
            double output, double target, double expected, double slope, double second) {
        NumberLoss loss = new NumberLoss(NumberLoss.Kind.ONE_SIDED_SQUARED_ERROR, 1).on(Activation.SIGMOID);
        double[] derivative = new double[1];
        double value = loss.evaluate(new double[] {output}, new double[] {target}, 0, derivative);
        assertThat(value).isCloseTo(expected, within(1e-15));
        assertThat(derivative[0]).isCloseTo(slope, within(1e-15));
        double[] diagonal = new double[1];
        double[] direction = {3};
        Block row = new Block(1, Buffer.allocate(Precision.FLOAT64, 1), null, new double[] {target}, null);
        loss.curvature(new double[] {output}, 1, row, diagonal);
        loss.curve(new double[] {output}, 1, row, direction);
        assertThat(diagonal).containsExactly(second);
        assertThat(direction).containsExactly(3 * second);
    }

    @Test
    void probabilities_are_those_of_the_loss() {
        assertThat(ClassLoss.CROSS_ENTROPY.probabilities(new double[] {5, 5 + Math.log(3)})[1])
                .isCloseTo(0.75, within(1e-15));
        assertThat(ClassLoss.CROSS_ENTROPY.probabilities(new double[] {-1e4, 1e4}))
                .containsExactly(0, 1);
        // The second class's logit is log(p / (1 - p)).
        assertThat(ClassLoss.BINARY_CROSS_ENTROPY.probabilities(new double[] {Math.log(4)})[0])
                .isCloseTo(0.2, within(1e-15));
        assertThat(ClassLoss.BINARY_CROSS_ENTROPY.probabilities(new double[] {Math.log(4)})[1])
                .isCloseTo(0.8, within(1e-15));
        for (int label = 0; label < 3; label++) {
            double[] z = {0.3, -2, 1.5};
            assertThat(-Math.log(ClassLoss.CROSS_ENTROPY.probabilities(z)[label]))
                    .isCloseTo(value(ClassLoss.CROSS_ENTROPY, label, z), within(1e-14));
        }
        assertThat(ClassLoss.HINGE.probabilities(new double[] {1})).isNull();
    }

    /** Ties, infinities and what is not a number included. */
    @Test
    void rows_are_right_whose_label_is_the_decision() {
        double[] some = {-1, 0, 0.5, 2, 2, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NaN};
        Random random = new Random(3);
        for (ClassLoss loss : ClassLoss.values()) {
            for (int round = 0; round < 1000; round++) {
                int classes = 2 + random.nextInt(4);
                int width = loss.outputs(classes);
                double[] z = new double[3 * width];
                int[] labels = new int[3];
                int right = 0;
                for (int i = 0; i < 3; i++) {
                    for (int j = 0; j < width; j++) {
                        z[i * width + j] = some[random.nextInt(some.length)];
                    }
                    labels[i] = random.nextInt(width == 1 ? 2 : classes);
                    double[] row = Arrays.copyOfRange(z, i * width, (i + 1) * width);
                    right += loss.decide(row) == labels[i] ? 1 : 0;
                }
                assertThat(loss.evaluate(z, 3, width, labels, new double[3 * width], new double[3]))
                        .as("%s: %s of %s", loss, Arrays.toString(labels), Arrays.toString(z))
                        .isEqualTo(right);
            }
        }
    }
}
