package dev.lockstep.optimize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.util.List;
import java.util.OptionalLong;
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
        assertThat(read("optimizer = adagrad, learning-rate = 0.1")).isEqualTo(new Adagrad(rate, 0, 0, 1e-10, 0));
        assertThat(read("optimizer = adadelta")).isEqualTo(new Adadelta(new ConstantRate(1), 0.9, 1e-6, 0));
        assertThat(read("optimizer = rmsprop, learning-rate = 0.1"))
                .isEqualTo(new RmsProp(rate, 0.99, 1e-8, false, 0, 0));
        assertThat(read("optimizer = adam, learning-rate = 0.1")).isEqualTo(new Adam(rate, 0.9, 0.999, 1e-8, false, 0));
        assertThat(read("optimizer = adamw, learning-rate = 0.1"))
                .isEqualTo(new AdamW(rate, 0.9, 0.999, 1e-8, false, 0.01));
        assertThat(read("optimizer = nadam, learning-rate = 0.1"))
                .isEqualTo(new NAdam(rate, 0.9, 0.999, 1e-8, 0.004, 0, false));
        assertThat(read("optimizer = radam, learning-rate = 0.1"))
                .isEqualTo(new RAdam(rate, 0.9, 0.999, 1e-8, 0, false));
        assertThat(read("optimizer = adamax, learning-rate = 0.1")).isEqualTo(new Adamax(rate, 0.9, 0.999, 1e-8, 0));
        assertThat(read("optimizer = asgd, learning-rate = 0.1")).isEqualTo(new Asgd(rate, 1e-4, 0.75, 1_000_000, 0));
        assertThat(read("optimizer = perceptron, learning-rate = 1"))
                .isEqualTo(new Perceptron(new ConstantRate(1), Perceptron.Variant.ROSENBLATT));
        assertThat(read("optimizer = rprop"))
                .isEqualTo(new Rprop(Rprop.Variant.IRPROP_MINUS, 0.01, 1e-6, 50, 1.2, 0.5));
        assertThat(read("optimizer = quickprop, learning-rate = 0.1"))
                .isEqualTo(new QuickProp(rate, 1.75, 0, QuickProp.Variant.SAFEGUARDED));
        assertThat(read("optimizer = barzilai-borwein"))
                .isEqualTo(new BarzilaiBorwein(BarzilaiBorwein.Variant.LONG, 1e-3, 1e10));
        assertThat(read("optimizer = polyak, learning-rate = 0.1")).isEqualTo(new Polyak(rate, 0));
        assertThat(read("optimizer = lbfgs")).isEqualTo(new Lbfgs(new ConstantRate(1), 100, StrongWolfe.of(0.9)));
        assertThat(read("optimizer = conjugate-gradient"))
                .isEqualTo(new ConjugateGradient(
                        new ConstantRate(1), ConjugateGradient.Variant.POLAK_RIBIERE, 0, StrongWolfe.of(0.1)));
        assertThat(read("optimizer { name = momentum, form = outside }, learning-rate = 0.1"))
                .isEqualTo(new Momentum(rate, 0.9, 0, false, Momentum.Form.OUTSIDE, 0));
    }

    @Test
    void defaults_that_pytorch_has_not_are_the_papers() {
        Schedule rate = new ConstantRate(0.1);
        assertThat(read("optimizer = lion, learning-rate = 0.1")).isEqualTo(new Lion(rate, 0.9, 0.99, 0));
        assertThat(read("optimizer = lars, learning-rate = 0.1")).isEqualTo(new Lars(rate, 0.9, 0.001, 0));
        assertThat(read("optimizer = lamb, learning-rate = 0.1")).isEqualTo(new Lamb(rate, 0.9, 0.999, 1e-6, 0));
    }

    @Test
    void every_key_of_the_adaptive_ones_arrives() {
        Schedule rate = new ConstantRate(2);
        assertThat(adaptive("adagrad, learning-rate-decay = 0.1, initial-accumulator = 0.2, epsilon = 0.3"))
                .isEqualTo(new Adagrad(rate, 0.1, 0.2, 0.3, 0.5));
        assertThat(adaptive("adadelta, decay = 0.1, epsilon = 0.2")).isEqualTo(new Adadelta(rate, 0.1, 0.2, 0.5));
        assertThat(adaptive("rmsprop, decay = 0.1, epsilon = 0.2, centered = true, momentum = 0.3"))
                .isEqualTo(new RmsProp(rate, 0.1, 0.2, true, 0.3, 0.5));
        assertThat(adaptive("adam, beta1 = 0.1, beta2 = 0.2, epsilon = 0.3, amsgrad = true"))
                .isEqualTo(new Adam(rate, 0.1, 0.2, 0.3, true, 0.5));
        assertThat(adaptive("adamw, beta1 = 0.1, beta2 = 0.2, epsilon = 0.3, amsgrad = true"))
                .isEqualTo(new AdamW(rate, 0.1, 0.2, 0.3, true, 0.5));
        assertThat(adaptive("nadam, beta1 = 0.1, beta2 = 0.2, epsilon = 0.3, momentum-decay = 0.4,"
                        + " decoupled-weight-decay = true"))
                .isEqualTo(new NAdam(rate, 0.1, 0.2, 0.3, 0.4, 0.5, true));
        assertThat(adaptive("radam, beta1 = 0.1, beta2 = 0.2, epsilon = 0.3, decoupled-weight-decay = true"))
                .isEqualTo(new RAdam(rate, 0.1, 0.2, 0.3, 0.5, true));
        assertThat(adaptive("adamax, beta1 = 0.1, beta2 = 0.2, epsilon = 0.3"))
                .isEqualTo(new Adamax(rate, 0.1, 0.2, 0.3, 0.5));
        assertThat(adaptive("asgd, lambda = 0.1, alpha = 0.2, start = 3")).isEqualTo(new Asgd(rate, 0.1, 0.2, 3, 0.5));
        assertThat(adaptive("lion, beta1 = 0.1, beta2 = 0.2")).isEqualTo(new Lion(rate, 0.1, 0.2, 0.5));
        assertThat(adaptive("lars, momentum = 0.1, trust = 0.2")).isEqualTo(new Lars(rate, 0.1, 0.2, 0.5));
        assertThat(adaptive("lamb, beta1 = 0.1, beta2 = 0.2, epsilon = 0.3"))
                .isEqualTo(new Lamb(rate, 0.1, 0.2, 0.3, 0.5));
    }

    private static Optimizer<?> adaptive(String keys) {
        return read("learning-rate = 2, optimizer { weight-decay = 0.5, name = " + keys + " }");
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
        assertThat(read("optimizer { name = momentum, momentum = 0.5, weight-decay = 1, decoupled-weight-decay = true,"
                        + " form = outside, dampening = 0.25 }, learning-rate = 2"))
                .isEqualTo(new Momentum(new ConstantRate(2), 0.5, 1, true, Momentum.Form.OUTSIDE, 0.25));
        assertThat(read("optimizer { name = nesterov, momentum = 0.5, weight-decay = 1, decoupled-weight-decay = true,"
                        + " form = outside, dampening = 0 }, learning-rate = 2"))
                .isEqualTo(new Nesterov(new ConstantRate(2), 0.5, 1, true, Momentum.Form.OUTSIDE));
        assertThat(read("optimizer { name = gradient-descent, weight-decay = 1, decoupled-weight-decay = true },"
                        + " learning-rate = 2"))
                .isEqualTo(new GradientDescent(new ConstantRate(2), 1, true));
        assertThat(read("optimizer { name = quickprop, growth = 2, weight-decay = 1e-4, variant = slide },"
                        + " learning-rate = 2"))
                .isEqualTo(new QuickProp(new ConstantRate(2), 2, 1e-4, QuickProp.Variant.SLIDE));
        assertThat(read("optimizer { name = barzilai-borwein, variant = short, initial-step = 2, max-step = 3 }"))
                .isEqualTo(new BarzilaiBorwein(BarzilaiBorwein.Variant.SHORT, 2, 3));
        assertThat(
                        read(
                                "optimizer { name = polyak, minimum = -0.5 }, learning-rate { schedule = linear, initial = 2 }"))
                .isEqualTo(new Polyak(new LinearDecay(2, Per.STEP), -0.5));
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
    void every_key_of_a_line_search_arrives() {
        assertThat(read("learning-rate = 0.5, optimizer { name = lbfgs, history = 7, line-search = strong-wolfe,"
                        + " sufficient-decrease = 0.1, curvature = 0.2, min-bracket = 0, max-trials = 3 }"))
                .isEqualTo(new Lbfgs(new ConstantRate(0.5), 7, new StrongWolfe(0.1, 0.2, 0, 3)));
        Backtracking backtracking = new Backtracking(0.1, 0.2, 3, 4);
        String numbers = " sufficient-decrease = 0.1, contraction = 0.2, trials-per-scan = 3, max-trials = 4 }";
        assertThat(read("optimizer { name = lbfgs, line-search = backtracking," + numbers))
                .isEqualTo(new Lbfgs(new ConstantRate(1), 100, backtracking));
        assertThat(read("optimizer { name = lbfgs, line-search = none }"))
                .isEqualTo(new Lbfgs(new ConstantRate(1), 100, new FixedStep()));
        for (ConjugateGradient.Variant variant : ConjugateGradient.Variant.values()) {
            assertThat(read("optimizer { name = conjugate-gradient, restart = 9, variant = " + variant.key()
                            + ", line-search = exact," + numbers))
                    .isEqualTo(new ConjugateGradient(new ConstantRate(1), variant, 9, new ExactStep(backtracking)));
        }
    }

    @Test
    void learning_rates_are_numbers_or_schedules() {
        assertThat(rate("0.5")).isEqualTo(new ConstantRate(0.5));
        assertThat(rate("{ schedule = constant, initial = 0.5, per = epoch }")).isEqualTo(new ConstantRate(0.5));
        assertThat(rate("{ schedule = linear, initial = 0.5 }")).isEqualTo(new LinearDecay(0.5, Per.STEP));
        assertThat(rate("{ schedule = linear, initial = 0.5, decay = 0.02, per = epoch }"))
                .isEqualTo(new LinearDecay(0.5, 0.02, Per.EPOCH));
        assertThat(rate("{ schedule = quadratic, initial = 0.5, per = epoch }"))
                .isEqualTo(new QuadraticDecay(0.5, Per.EPOCH));
        assertThat(rate("{ schedule = exponential, initial = 0.5, decay = 0.05, per = step }"))
                .isEqualTo(new ExponentialDecay(0.5, 0.05, Per.STEP));
        assertThat(rate("{ schedule = step, initial = 0.5, every = 30 }"))
                .isEqualTo(new StepDecay(0.5, 0.1, 30, Per.STEP));
        assertThat(rate("{ schedule = step, initial = 0.5, every = 30, factor = 0.2, per = epoch }"))
                .isEqualTo(new StepDecay(0.5, 0.2, 30, Per.EPOCH));
        assertThat(rate("{ schedule = multi-step, initial = 0.5, milestones = [3, 9] }"))
                .isEqualTo(new MultiStepDecay(0.5, 0.1, List.of(3L, 9L), Per.STEP));
        assertThat(rate("{ schedule = multi-step, initial = 0.5, milestones = 7, factor = 1, per = epoch }"))
                .isEqualTo(new MultiStepDecay(0.5, 1, List.of(7L), Per.EPOCH));
        assertThat(rate("{ schedule = cosine, initial = 0.5, length = 9 }"))
                .isEqualTo(new CosineDecay(0.5, 0, 9, OptionalLong.empty(), Per.STEP));
        assertThat(
                        rate(
                                "{ schedule = cosine, initial = 0.5, final = 0.1, length = 9, restart-factor = 2, per = epoch }"))
                .isEqualTo(new CosineDecay(0.5, 0.1, 9, OptionalLong.of(2), Per.EPOCH));
        assertThat(rate("{ schedule = polynomial, initial = 0.5, length = 9 }"))
                .isEqualTo(new PolynomialDecay(0.5, 0, 1, 9, Per.STEP));
        assertThat(rate("{ schedule = polynomial, initial = 0.5, final = 0.1, power = 2, length = 9, per = epoch }"))
                .isEqualTo(new PolynomialDecay(0.5, 0.1, 2, 9, Per.EPOCH));
        assertThat(rate("{ schedule = one-cycle, max = 0.5, length = 9 }"))
                .isEqualTo(new OneCycle(0.5, 9, 0.3, 25, 1e4, Anneal.COSINE, false, true, 0.85, 0.95, Per.STEP));
        assertThat(rate(
                        "{ schedule = one-cycle, max = 0.5, length = 9, rise = 0.4, start-divisor = 2, final-divisor = 3,"
                                + " anneal = linear, three-phase = true, cycle-momentum = false, base-momentum = 0.1,"
                                + " max-momentum = 0.2, per = epoch }"))
                .isEqualTo(new OneCycle(0.5, 9, 0.4, 2, 3, Anneal.LINEAR, true, false, 0.1, 0.2, Per.EPOCH));
        assertThat(rate("{ schedule = plateau, initial = 0.5 }"))
                .isEqualTo(new Plateau(0.5, 0.1, 10, 1e-4, 0, 0, Plateau.Monitor.TRAINING_LOSS));
        assertThat(rate("{ schedule = plateau, initial = 0.5, factor = 0.5, patience = 0, threshold = 0, cooldown = 2,"
                        + " minimum = 0.1, monitor = accuracy }"))
                .isEqualTo(new Plateau(0.5, 0.5, 0, 0, 2, 0.1, Plateau.Monitor.ACCURACY));
        assertThat(rate("{ schedule = warmup, length = 500, then = 0.1 }"))
                .isEqualTo(new Warmup(500, 0, new ConstantRate(0.1), Per.STEP));
        assertThat(Schedules.names())
                .containsExactly(
                        "constant",
                        "linear",
                        "quadratic",
                        "exponential",
                        "step",
                        "multi-step",
                        "cosine",
                        "polynomial",
                        "one-cycle",
                        "plateau",
                        "warmup");
    }

    @Test
    void what_follows_a_warm_up_counts_what_it_counts() {
        assertThat(rate("{ schedule = warmup, length = 5, from = 0.5, per = epoch,"
                        + " then { schedule = linear, initial = 0.1 } }"))
                .isEqualTo(new Warmup(5, 0.5, new LinearDecay(0.1, Per.EPOCH), Per.EPOCH));
        assertThat(rate("{ schedule = warmup, length = 5, then { schedule = plateau, initial = 0.1 } }"))
                .isEqualTo(new Warmup(
                        5, 0, new Plateau(0.1, 0.1, 10, 1e-4, 0, 0, Plateau.Monitor.TRAINING_LOSS), Per.STEP));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            learning-rate = 0.1                            | the key optimizer is missing: expected one of {names}
            optimizer { momentum = 0.9 }                   | the key optimizer.name is missing: expected one of {names}
            optimizer = nestorov                           | optimizer.name = nestorov: expected one of {names}; did you mean nesterov?
            optimizer { name = lbfgs, history = 0 }        | optimizer.history = 0: expected a whole number of at least 1
            optimizer { name = lbfgs, line-search = wolfe } | optimizer.line-search = wolfe: expected one of strong-wolfe, backtracking, exact, none
            optimizer { name = lbfgs, curvature = 1 }      | optimizer.curvature = 1: expected a number in (0, 1)
            optimizer { name = lbfgs, sufficient-decrease = 0.3, curvature = 0.2 } | optimizer.curvature = 0.2: expected at least sufficient-decrease = 0.3
            optimizer { name = lbfgs, sufficient-decrease = 0.5 } | optimizer.sufficient-decrease = 0.5: expected a number in (0, 0.5)
            optimizer { name = lbfgs, min-bracket = -1 }   | optimizer.min-bracket = -1: expected a number of at least 0
            optimizer { name = lbfgs, max-trials = 0 }     | optimizer.max-trials = 0: expected a whole number of at least 1
            optimizer { name = lbfgs, line-search = backtracking, contraction = 1 } | optimizer.contraction = 1: expected a number in (0, 1)
            optimizer { name = lbfgs, line-search = exact, trials-per-scan = 0 } | optimizer.trials-per-scan = 0: expected a whole number of at least 1
            optimizer { name = conjugate-gradient, restart = -1 } | optimizer.restart = -1: expected a whole number of at least 0
            optimizer { name = conjugate-gradient, line-search = none, curvature = 0.1 } | unknown key optimizer.curvature; known here: name, variant, restart, line-search
            optimizer = momentum                           | the key learning-rate is missing: expected a positive number, or a schedule such as { schedule = linear, initial = 0.1 }
            optimizer = rprop, learning-rate = 0.1         | learning-rate = 0.1: rprop has no learning rate; remove it, and set optimizer.initial-step instead
            optimizer = momentum, learning-rate = 0        | learning-rate = 0: expected a positive number
            optimizer = momentum, learning-rate = -0.1     | learning-rate = -0.1: expected a positive number
            optimizer = momentum, learning-rate = Infinity | learning-rate = Infinity: expected a finite number
            optimizer = momentum, learning-rate = fast     | learning-rate = fast is not a number
            optimizer = momentum, learning-rate = [1, 2]   | learning-rate = [1,2]: expected one value
            optimizer { name = momentum, momentum = 1 }, learning-rate = 1      | optimizer.momentum = 1: expected a number in [0, 1)
            optimizer { name = nesterov, momentum = -0.1 }, learning-rate = 1   | optimizer.momentum = -0.1: expected a number in [0, 1)
            optimizer { name = momentum, weight-decay = -1 }, learning-rate = 1 | optimizer.weight-decay = -1: expected a number of at least 0
            optimizer { name = momentum, dampening = 0.5 }, learning-rate = 1   | optimizer.dampening = 0.5: only form = outside has dampening; expected 0, or that form
            optimizer { name = momentum, dampening = 1, form = outside }, learning-rate = 1 | optimizer.dampening = 1: expected a number in [0, 1)
            optimizer { name = nesterov, dampening = 0.5, form = outside }, learning-rate = 1 | optimizer.dampening = 0.5: nesterov has no dampening, as in PyTorch; expected 0, or name = momentum
            optimizer { name = nesterov, form = outsied }, learning-rate = 1    | optimizer.form = outsied: expected one of inside, outside; did you mean outside?
            optimizer { name = gradient-descent, decoupled-weight-decay = yes }, learning-rate = 1 | optimizer.decoupled-weight-decay = yes: expected one of true, false
            optimizer = quickprop                          | the key learning-rate is missing: expected a positive number, or a schedule such as { schedule = linear, initial = 0.1 }
            optimizer { name = quickprop, growth = 0 }, learning-rate = 1       | optimizer.growth = 0: expected a positive number
            optimizer { name = quickprop, variant = safe }, learning-rate = 1   | optimizer.variant = safe: expected one of safeguarded, slide
            optimizer = barzilai-borwein, learning-rate = 1 | learning-rate = 1: barzilai-borwein has no learning rate; remove it, and set optimizer.initial-step instead
            optimizer { name = barzilai-borwein, max-step = 0 } | optimizer.max-step = 0: expected a positive number
            optimizer { name = barzilai-borwein, variant = longer } | optimizer.variant = longer: expected one of long, short; did you mean long?
            optimizer = polyak                             | the key learning-rate is missing: expected a positive number, or a schedule such as { schedule = linear, initial = 0.1 }
            optimizer { name = polyak, minimum = Infinity }, learning-rate = 1  | optimizer.minimum = Infinity: expected a finite number
            optimizer = adam                               | the key learning-rate is missing: expected a positive number, or a schedule such as { schedule = linear, initial = 0.1 }
            optimizer { name = adam, beta2 = 1 }, learning-rate = 1             | optimizer.beta2 = 1: expected a number in [0, 1)
            optimizer { name = adam, epsilon = 0 }, learning-rate = 1           | optimizer.epsilon = 0: expected a positive number
            optimizer { name = asgd, start = -1 }, learning-rate = 1            | optimizer.start = -1: expected a whole number of at least 0
            optimizer = perceptron                         | the key learning-rate is missing: expected a positive number, or a schedule such as { schedule = linear, initial = 0.1 }
            optimizer { name = perceptron, variant = pockets }, learning-rate = 1 | optimizer.variant = pockets: expected one of rosenblatt, pocket, averaged, mixing; did you mean pocket?
            optimizer { name = rprop, increase = 1 }       | optimizer.increase = 1: expected a number above 1
            optimizer { name = rprop, decrease = 1 }       | optimizer.decrease = 1: expected a number in (0, 1)
            optimizer { name = rprop, initial-step = 0 }   | optimizer.initial-step = 0: expected a positive number
            optimizer { name = rprop, min-step = -1 }      | optimizer.min-step = -1: expected a number of at least 0
            optimizer { name = rprop, min-step = 60 }      | optimizer.min-step = 60: expected min-step <= max-step, got 60.0 > 50.0
            optimizer { name = rprop, max-step = 1e-7 }    | optimizer.max-step = 1.0E-7: expected min-step <= max-step, got 1.0E-6 > 1.0E-7
            optimizer { name = rprop, variant = irprop-pls }  | optimizer.variant = irprop-pls: expected one of irprop-minus, irprop-plus, rprop-minus, rprop-plus, slide, slide-literal; did you mean irprop-plus?
            optimizer = momentum, learning-rate { initial = 0.1 }                                | the key learning-rate.schedule is missing: expected one of constant, linear, quadratic, exponential, step, multi-step, cosine, polynomial, one-cycle, plateau, warmup
            optimizer = momentum, learning-rate { schedule = linaer, initial = 0.1 }             | learning-rate.schedule = linaer: expected one of constant, linear, quadratic, exponential, step, multi-step, cosine, polynomial, one-cycle, plateau, warmup; did you mean linear?
            optimizer = momentum, learning-rate { schedule = linear }                            | the key learning-rate.initial is missing
            optimizer = momentum, learning-rate { schedule = linear, initial = 0 }               | learning-rate.initial = 0: expected a positive number
            optimizer = momentum, learning-rate { schedule = linear, initial = 1, per = batch }  | learning-rate.per = batch: expected one of step, epoch
            optimizer = momentum, learning-rate { schedule = exponential, initial = 1 }          | the key learning-rate.decay is missing
            optimizer = momentum, learning-rate { schedule = exponential, initial = 1, decay = -1 } | learning-rate.decay = -1: expected a number of at least 0
            optimizer { name = momentum, momentun = 0.5 }, learning-rate = 1                     | unknown key optimizer.momentun; did you mean momentum?; known here: name, momentum, weight-decay, decoupled-weight-decay, form, dampening
            optimizer = momentum, learning-rate { schedule = step, initial = 1 } | the key learning-rate.every is missing
            optimizer = momentum, learning-rate { schedule = step, initial = 1, every = 0 } | learning-rate.every = 0: expected a whole number of at least 1
            optimizer = momentum, learning-rate { schedule = step, initial = 1, every = 1.5 } | learning-rate.every = 1.5: expected a whole number
            optimizer = momentum, learning-rate { schedule = step, initial = 1, every = 1, factor = 0 } | learning-rate.factor = 0: expected a number in (0, 1]
            optimizer = momentum, learning-rate { schedule = step, initial = 1, every = 1, factor = 1.1 } | learning-rate.factor = 1.1: expected a number in (0, 1]
            optimizer = momentum, learning-rate { schedule = multi-step, initial = 1 } | the key learning-rate.milestones is missing: expected whole numbers of at least 1 that ascend, such as [30, 60, 80]
            optimizer = momentum, learning-rate { schedule = multi-step, initial = 1, milestones = [] } | learning-rate.milestones = []: expected whole numbers of at least 1 that ascend, such as [30, 60, 80]
            optimizer = momentum, learning-rate { schedule = multi-step, initial = 1, milestones = [0, 3] } | learning-rate.milestones = [0,3]: expected whole numbers of at least 1 that ascend, such as [30, 60, 80]
            optimizer = momentum, learning-rate { schedule = multi-step, initial = 1, milestones = [5, 3] } | learning-rate.milestones = [5,3]: expected whole numbers of at least 1 that ascend, such as [30, 60, 80]
            optimizer = momentum, learning-rate { schedule = multi-step, initial = 1, milestones = [3, 3] } | learning-rate.milestones = [3,3]: expected whole numbers of at least 1 that ascend, such as [30, 60, 80]
            optimizer = momentum, learning-rate { schedule = multi-step, initial = 1, milestones = [2.5] } | learning-rate.milestones = [2.5]: expected whole numbers of at least 1 that ascend, such as [30, 60, 80]
            optimizer = momentum, learning-rate { schedule = cosine, initial = 1, final = -1 } | learning-rate.final = -1: expected a number of at least 0
            optimizer = momentum, learning-rate { schedule = cosine, initial = 1, length = 0 } | learning-rate.length = 0: expected a whole number of at least 1
            optimizer = momentum, learning-rate { schedule = cosine, initial = 1, length = 5, restart-factor = 0 } | learning-rate.restart-factor = 0: expected a whole number of at least 1
            optimizer = momentum, learning-rate { schedule = cosine, initial = 1, length = 5, restart-factor = 1.5 } | learning-rate.restart-factor = 1.5: expected a whole number
            optimizer = momentum, learning-rate { schedule = cosine, initial = 1, restart-factor = 2, per = epoch } | the key learning-rate.length is missing: expected the number of epochs before the first restart
            optimizer = momentum, learning-rate { schedule = polynomial, initial = 1, power = 0 } | learning-rate.power = 0: expected a positive number
            optimizer = momentum, learning-rate { schedule = one-cycle } | the key learning-rate.max is missing
            optimizer = momentum, learning-rate { schedule = one-cycle, max = 1, rise = 1.1 } | learning-rate.rise = 1.1: expected a number in [0, 1]
            optimizer = momentum, learning-rate { schedule = one-cycle, max = 1, rise = 0.6, three-phase = true } | learning-rate.rise = 0.6: expected at most 0.5 with three-phase, as it falls as long as it rises
            optimizer = momentum, learning-rate { schedule = one-cycle, max = 1, start-divisor = 0.5 } | learning-rate.start-divisor = 0.5: expected a number of at least 1
            optimizer = momentum, learning-rate { schedule = one-cycle, max = 1, final-divisor = 0 } | learning-rate.final-divisor = 0: expected a number of at least 1
            optimizer = momentum, learning-rate { schedule = one-cycle, max = 1, anneal = cos } | learning-rate.anneal = cos: expected one of cosine, linear
            optimizer = momentum, learning-rate { schedule = one-cycle, max = 1, three-phase = 1 } | learning-rate.three-phase = 1: expected one of true, false
            optimizer = momentum, learning-rate { schedule = one-cycle, max = 1, max-momentum = 1 } | learning-rate.max-momentum = 1: expected a number in [0, 1)
            optimizer = momentum, learning-rate { schedule = one-cycle, max = 1, base-momentum = 0.99 } | learning-rate.base-momentum = 0.99: expected base-momentum <= max-momentum, got 0.99 > 0.95
            optimizer = momentum, learning-rate { schedule = one-cycle, max = 1, max-momentum = 0.5 } | learning-rate.max-momentum = 0.5: expected base-momentum <= max-momentum, got 0.85 > 0.5
            optimizer = momentum, learning-rate { schedule = one-cycle, initial = 1 } | the key learning-rate.max is missing
            optimizer = momentum, learning-rate { schedule = plateau, initial = 1, factor = 1 } | learning-rate.factor = 1: expected a number in (0, 1)
            optimizer = momentum, learning-rate { schedule = plateau, initial = 1, patience = -1 } | learning-rate.patience = -1: expected a whole number of at least 0
            optimizer = momentum, learning-rate { schedule = plateau, initial = 1, threshold = 1 } | learning-rate.threshold = 1: expected a number in [0, 1)
            optimizer = momentum, learning-rate { schedule = plateau, initial = 1, cooldown = 0.5 } | learning-rate.cooldown = 0.5: expected a whole number
            optimizer = momentum, learning-rate { schedule = plateau, initial = 1, minimum = 2 } | learning-rate.minimum = 2: expected minimum <= initial, got 2.0 > 1.0
            optimizer = momentum, learning-rate { schedule = plateau, initial = 1, monitor = loss } | learning-rate.monitor = loss: expected one of training-loss, validation-loss, accuracy
            optimizer = momentum, learning-rate { schedule = warmup, then = 1 } | the key learning-rate.length is missing
            optimizer = momentum, learning-rate { schedule = warmup, length = 5 } | the key learning-rate.then is missing: expected a positive number, or a schedule such as { schedule = linear, initial = 0.1 }
            optimizer = momentum, learning-rate { schedule = warmup, length = 5, from = 1, then = 1 } | learning-rate.from = 1: expected a number in [0, 1)
            optimizer = momentum, learning-rate { schedule = warmup, length = 5, then = 0 } | learning-rate.then = 0: expected a positive number
            optimizer = momentum, learning-rate { schedule = warmup, length = 5, then { schedule = linear, initial = 0 } } | learning-rate.then.initial = 0: expected a positive number
            optimizer = momentum, learning-rate { schedule = warmup, length = 5, then { schedule = linear, initial = 1, per = epoch } } | learning-rate.then.per = epoch: expected step, which is what the warm-up in front counts
            optimizer = momentum, learning-rate { schedule = warmup, length = 5, per = epoch, then { schedule = cosine, initial = 1, per = step } } | learning-rate.then.per = step: expected epoch, which is what the warm-up in front counts
            optimizer = momentum, learning-rate { schedule = warmup, length = 5, then { schedule = warmup, length = 5, then = 1 } } | learning-rate.then.schedule = warmup: expected another schedule behind a warm-up
            optimizer = momentum, learning-rate { schedule = warmup, length = 20, then { schedule = cosine, initial = 1 } } | the key learning-rate.then.length is missing: expected a number of steps, or a shorter warm-up: it leaves nothing of the run's 20
            optimizer { name = rprop, initial-stpe = 0.5 } | unknown key optimizer.initial-stpe; did you mean initial-step?; known here: name, variant, min-step, max-step, initial-step, increase, decrease
            optimizer = momentum, learning-rate { schedule = linear, initial = 1, decay = -1 } | learning-rate.decay = -1: expected a number of at least 0
            optimizer = momentum, learning-rate { schedule = quadratic, initial = 1, decay = 2 } | unknown key learning-rate.decay; known here: schedule, initial, per
            """)
    void a_complaint_says_where_what_and_what_is_expected(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("run.conf")
                .hasMessageEndingWith(": " + message.replace("{names}", String.join(", ", Optimizers.names())));
    }

    @Test
    void an_unknown_name_has_no_answer_about_its_learning_rate() {
        assertThatThrownBy(() -> Optimizers.takesLearningRate("adamant"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("adamant", "gradient-descent");
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
