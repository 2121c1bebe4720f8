package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.Configurations;
import dev.lockstep.InputException;
import dev.lockstep.network.ClassLoss;
import dev.lockstep.network.Loss;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetsTest {
    private static Targets read(String text, boolean hasValidation, String loss) {
        return Targets.read(Configurations.of(text), hasValidation, Loss.of(loss, 1));
    }

    @Test
    void lists_and_single_numbers_are_read() {
        Targets targets =
                read("targets { validation-accuracy = 0.97, training-loss = [0.3, 1e-3] }", true, "cross-entropy");
        assertThat(targets.all().stream().map(Target::id))
                .containsExactly("training-loss:0.3", "training-loss:0.001", "validation-accuracy:0.97");
        assertThat(targets.all().get(2).label()).isEqualTo("validation accuracy 0.97");
        assertThat(Targets.read(Configurations.of("a = 1"), false, ClassLoss.HINGE)
                        .all())
                .isEmpty();
    }

    @Test
    void less_is_better_but_for_accuracy_f1_and_r2() {
        assertThat(new Target("validation-accuracy", 0.9).reachedBy(0.91)).isTrue();
        assertThat(new Target("validation-macroF1", 0.9).better(0.8, 0.7)).isEqualTo(0.8);
        assertThat(new Target("validation-r2", 0.9).reachedBy(0.89)).isFalse();
        assertThat(new Target("validation-rmse", 2).reachedBy(2)).isTrue();
        assertThat(new Target("training-loss", 0.1).better(0.8, Double.NaN)).isEqualTo(0.8);
        assertThat(new Target("validation-errors", 3).better(8, 7)).isEqualTo(7);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "validation-accuracy = 1.5|true|cross-entropy|above 0 and at most 1",
                "validation-accuracy = 0|true|cross-entropy|above 0 and at most 1",
                "validation-macroF1 = 97|true|hinge|above 0 and at most 1",
                "validation-r2 = 1.01|true|squared-error|at most 1",
                "validation-errors = 1.5|true|cross-entropy|whole number",
                "validation-rmse = 0|true|squared-error|positive",
                "training-loss = 0|true|cross-entropy|always above 0",
                "training-loss = [0.1, -1]|true|squared-error|never below 0",
                "validation-loss = -0.1|true|perceptron|never below 0",
                "gradient-norm = 0|true|perceptron|positive",
                "validation-loss = 0.1|false|cross-entropy|no validation set",
                "validation-accuracy = 0.9|true|squared-error|one for numbers",
                "validation-rmse = 0.9|true|cross-entropy|one for classes",
                "training-loss = [0.1, 0.10]|true|cross-entropy|twice",
                "training-los = 0.1|true|cross-entropy|did you mean training-loss?",
                "training-loss = low|true|cross-entropy|not a number",
            })
    void what_nobody_can_reach_is_refused_in_one_line(String target, boolean validation, String loss, String why) {
        assertThatThrownBy(() -> read("targets { " + target + " }", validation, loss))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(why)
                .hasMessageContaining("targets." + target.replaceAll(" =.*", ""))
                .hasMessageNotContaining("\n");
    }

    @Test
    void a_loss_that_can_be_zero_may_have_the_target_zero() {
        assertThat(read("targets { training-loss = 0 }", false, "perceptron").all())
                .hasSize(1);
    }
}
