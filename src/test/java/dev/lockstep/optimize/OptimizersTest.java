package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From a configuration to an optimizer, and what is said when that does not work. */
class OptimizersTest {
    @Test
    void defaults_are_pytorchs_but_for_momentum() {
        Schedule rate = new ConstantRate(0.1);
        assertThat(read("optimizer = gradient-descent, learning-rate = 0.1")).isEqualTo(new GradientDescent(rate, 0));
        assertThat(read("optimizer = momentum, learning-rate = 0.1")).isEqualTo(new Momentum(rate, 0.9, 0));
        assertThat(read("optimizer = nesterov, learning-rate = 0.1")).isEqualTo(new Nesterov(rate, 0.9, 0));
        assertThat(read("optimizer = perceptron, learning-rate = 1"))
                .isEqualTo(new Perceptron(new ConstantRate(1), Perceptron.Variant.ROSENBLATT));
        assertThat(read("optimizer = rprop"))
                .isEqualTo(new Rprop(Rprop.Variant.IRPROP_MINUS, 0.01, 1e-6, 50, 1.2, 0.5));
    }

    @Test
    void every_key_arrives() {
        assertThat(read("optimizer { name = momentum, momentum = 0.5, weight-decay = 1e-4 }, learning-rate = 2"))
                .isEqualTo(new Momentum(new ConstantRate(2), 0.5, 1e-4));
        assertThat(read("optimizer { name = nesterov, momentum = 0, weight-decay = 1e-4 }, learning-rate = 2"))
                .isEqualTo(new Nesterov(new ConstantRate(2), 0, 1e-4));
        assertThat(read("optimizer { name = gradient-descent, weight-decay = 1e-4 }, learning-rate = 2"))
                .isEqualTo(new GradientDescent(new ConstantRate(2), 1e-4));
        assertThat(read(
                        "optimizer { name = rprop, variant = rprop-plus, initial-step = 0.2, min-step = 0, max-step = 3,"
                                + " increase = 1.5, decrease = 0.4 }"))
                .isEqualTo(new Rprop(Rprop.Variant.RPROP_PLUS, 0.2, 0, 3, 1.5, 0.4));
        for (Perceptron.Variant variant : Perceptron.Variant.values()) {
            assertThat(read("optimizer { name = perceptron, variant = " + variant.key() + " }, learning-rate = 0.5"))
                    .isEqualTo(new Perceptron(new ConstantRate(0.5), variant));
        }
        for (Rprop.Variant variant : Rprop.Variant.values()) {
            assertThat(read("optimizer { name = rprop, variant = " + variant.key() + " }"))
                    .isEqualTo(Rprop.of(variant));
        }
    }

    @Test
    void learning_rates_are_numbers_or_schedules() {
        assertThat(rate("0.5")).isEqualTo(new ConstantRate(0.5));
        assertThat(rate("{ schedule = constant, initial = 0.5, per = epoch }")).isEqualTo(new ConstantRate(0.5));
        assertThat(rate("{ schedule = linear, initial = 0.5 }")).isEqualTo(new LinearDecay(0.5, Per.STEP));
        assertThat(rate("{ schedule = quadratic, initial = 0.5, per = epoch }"))
                .isEqualTo(new QuadraticDecay(0.5, Per.EPOCH));
        assertThat(rate("{ schedule = exponential, initial = 0.5, decay = 0.05, per = step }"))
                .isEqualTo(new ExponentialDecay(0.5, 0.05, Per.STEP));
        assertThat(Schedules.names()).containsExactly("constant", "linear", "quadratic", "exponential", "plateau");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            learning-rate = 0.1                            | optimizer = nothing: expected one of gradient-descent, momentum, nesterov, adadelta, perceptron, rprop
            optimizer { momentum = 0.9 }                   | optimizer.name = nothing: expected one of gradient-descent, momentum, nesterov, adadelta, perceptron, rprop
            optimizer = nestorov                           | optimizer.name = nestorov: expected one of gradient-descent, momentum, nesterov, adadelta, perceptron, rprop; did you mean nesterov?
            optimizer { name = adam }                      | optimizer.name = adam: adam is not available in this version; available: gradient-descent, momentum, nesterov, adadelta, perceptron, rprop
            optimizer = momentum                           | learning-rate = nothing: expected a positive number, or a schedule such as { schedule = linear, initial = 0.1 }
            optimizer = rprop, learning-rate = 0.1         | learning-rate = 0.1: rprop has no learning rate; remove it, and set optimizer.initial-step instead
            optimizer = momentum, learning-rate = 0        | learning-rate = 0: expected a positive number
            optimizer = momentum, learning-rate = -0.1     | learning-rate = -0.1: expected a positive number
            optimizer = momentum, learning-rate = Infinity | learning-rate = Infinity: expected a finite number
            optimizer = momentum, learning-rate = fast     | learning-rate = fast is not a number
            optimizer = momentum, learning-rate = [1, 2]   | learning-rate = [1,2]: expected one value
            optimizer { name = momentum, momentum = 1 }, learning-rate = 1      | optimizer.momentum = 1: expected a number in [0, 1)
            optimizer { name = nesterov, momentum = -0.1 }, learning-rate = 1   | optimizer.momentum = -0.1: expected a number in [0, 1)
            optimizer { name = momentum, weight-decay = -1 }, learning-rate = 1 | optimizer.weight-decay = -1: expected a number of at least 0
            optimizer = perceptron                         | learning-rate = nothing: expected a positive number, or a schedule such as { schedule = linear, initial = 0.1 }
            optimizer { name = perceptron, variant = pockets }, learning-rate = 1 | optimizer.variant = pockets: expected one of rosenblatt, pocket, averaged, mixing; did you mean pocket?
            optimizer { name = rprop, increase = 1 }       | optimizer.increase = 1: expected a number above 1
            optimizer { name = rprop, decrease = 1 }       | optimizer.decrease = 1: expected a number in (0, 1)
            optimizer { name = rprop, initial-step = 0 }   | optimizer.initial-step = 0: expected a positive number
            optimizer { name = rprop, min-step = -1 }      | optimizer.min-step = -1: expected a number of at least 0
            optimizer { name = rprop, min-step = 60 }      | optimizer.min-step = 60: expected min-step <= max-step, got 60.0 > 50.0
            optimizer { name = rprop, max-step = 1e-7 }    | optimizer.max-step = 1.0E-7: expected min-step <= max-step, got 1.0E-6 > 1.0E-7
            optimizer { name = rprop, variant = irprop-pls }  | optimizer.variant = irprop-pls: expected one of irprop-minus, irprop-plus, rprop-minus, rprop-plus; did you mean irprop-plus?
            optimizer = momentum, learning-rate { initial = 0.1 }                                | learning-rate.schedule = nothing: expected one of constant, linear, quadratic, exponential, plateau
            optimizer = momentum, learning-rate { schedule = cosine, initial = 0.1 }             | learning-rate.schedule = cosine: cosine is not available in this version; available: constant, linear, quadratic, exponential, plateau
            optimizer = momentum, learning-rate { schedule = linaer, initial = 0.1 }             | learning-rate.schedule = linaer: expected one of constant, linear, quadratic, exponential, plateau; did you mean linear?
            optimizer = momentum, learning-rate { schedule = linear }                            | the key learning-rate.initial is missing
            optimizer = momentum, learning-rate { schedule = linear, initial = 0 }               | learning-rate.initial = 0: expected a positive number
            optimizer = momentum, learning-rate { schedule = linear, initial = 1, per = batch }  | learning-rate.per = batch: expected one of step, epoch
            optimizer = momentum, learning-rate { schedule = exponential, initial = 1 }          | the key learning-rate.decay is missing
            optimizer = momentum, learning-rate { schedule = exponential, initial = 1, decay = -1 } | learning-rate.decay = -1: expected a number of at least 0
            optimizer { name = momentum, momentun = 0.5 }, learning-rate = 1                     | unknown key optimizer.momentun; did you mean momentum?; known here: name, momentum, weight-decay
            optimizer { name = rprop, initial-stpe = 0.5 } | unknown key optimizer.initial-stpe; did you mean initial-step?; known here: name, variant, min-step, max-step, initial-step, increase, decrease
            optimizer = momentum, learning-rate { schedule = linear, initial = 1, decay = 2 }    | unknown key learning-rate.decay; did you mean per?; known here: schedule, initial, per
            """)
    void a_complaint_says_where_what_and_what_is_expected(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("run.conf")
                .hasMessageEndingWith(": " + message);
    }

    @Test
    void an_unknown_name_has_no_answer_about_its_learning_rate() {
        assertThatThrownBy(() -> Optimizers.takesLearningRate("adam"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("adam", "gradient-descent");
    }

    private static Object rate(String text) {
        return ((GradientDescent) read("optimizer = gradient-descent, learning-rate = " + text)).learningRate();
    }

    private static Optimizer<?> read(String text) {
        Settings root = Settings.of(
                ConfigFactory.parseString(text, ConfigParseOptions.defaults().setOriginDescription("run.conf")));
        Optimizer<?> optimizer = Optimizers.read(root);
        root.refuseUnknown();
        return optimizer;
    }
}
