package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.optimize.CosineDecay;
import dev.lockstep.optimize.GradientDescent;
import dev.lockstep.optimize.Schedule;
import dev.lockstep.optimize.Warmup;
import dev.lockstep.train.StopRules;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What one part of a configuration takes from another: the length of a schedule from the rules of stopping. */
class ScheduleLengthTest {
    private static final String COSINE = "learning-rate { schedule = cosine, initial = 0.1 }\n";

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
            ''                                                            | 20
            stop {}                                                       | 20
            learning-rate.per = epoch                                     | 20
            stop.epochs = 7, learning-rate.per = epoch                    | 7
            stop.epochs = 7                                               | 7
            stop.steps = 7                                                | 7
            stop { epochs = 9, steps = 7 }                                | 7
            stop { epochs = 9, steps = 11 }                               | 9
            stop { steps = 7, minutes = 3 }, learning-rate.per = epoch    | 7
            stop.epochs = 7, batch = 5, learning-rate.per = epoch         | 7
            stop { epochs = 7, minutes = 1, target-loss = 0 }             | 7
            stop.steps = 900, batch = 5                                   | 900
            stop { epochs = 7, steps = 900 }, batch = 5                   | 900
            stop { epochs = 7, steps = 900 }, batch = 5, learning-rate.per = epoch | 7
            batch = 5, learning-rate.per = epoch                          | 20
            stop.epochs = null, learning-rate.per = epoch                 | 20
            stop.epochs = 7, learning-rate.length = 30                    | 30
            stop.minutes = 1, learning-rate.length = 30                   | 30
            """)
    void a_schedule_is_as_long_as_the_run(String more, long length) {
        assertThat(cosine(COSINE + more).length()).isEqualTo(length);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            batch = 5                                        | a number of steps, or per = epoch: with batch = 5 the configuration alone does not tell the run's steps
            batch = 5, stop.epochs = 9                       | a number of steps, or per = epoch: with batch = 5 the configuration alone does not tell the run's steps
            batch = 5, stop.minutes = 9                      | a number of steps, or stop.steps: what stop holds does not tell how long the run is
            stop.minutes = 9                                 | a number of steps, or stop.steps: what stop holds does not tell how long the run is
            stop.minutes = 9, learning-rate.per = epoch      | a number of epochs, or stop.epochs: what stop holds does not tell how long the run is
            batch = 5, stop.steps = 9, learning-rate.per = epoch | a number of epochs, or stop.epochs: what stop holds does not tell how long the run is
            """)
    void a_length_that_is_neither_given_nor_known_is_asked_for(String more, String expected) {
        assertThatThrownBy(() -> read(COSINE + more))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("the key learning-rate.length is missing: expected " + expected);
    }

    static Stream<String> rules() {
        return Arrays.stream(StopRules.class.getRecordComponents())
                .map(rule -> rule.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
    }

    /** The schedule reads the rules by itself: a rule that it does not know would have it take 20 epochs. */
    @ParameterizedTest
    @MethodSource("rules")
    void a_schedule_knows_every_rule_of_stopping(String rule) {
        String text = COSINE + "learning-rate.per = epoch, batch = 5, stop." + rule + " = 3";
        if (rule.equals("epochs")) {
            assertThat(cosine(text).length()).isEqualTo(3);
        } else {
            assertThatThrownBy(() -> read(text))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("the key learning-rate.length is missing: expected a number of epochs");
        }
    }

    @Test
    void without_rules_a_schedule_is_as_long_as_the_rules_say() {
        RunConfiguration run = read(COSINE);
        assertThat(run.stop().epochs()).hasValue(((CosineDecay) schedule(run)).length());
    }

    @Test
    void a_schedule_behind_a_warm_up_is_as_long_as_what_is_left() {
        Warmup warm = (Warmup) schedule(read("learning-rate { schedule = warmup, length = 5, per = epoch, "
                + "then { schedule = cosine, initial = 0.1 } }\nstop.epochs = 12, batch = 5"));
        assertThat(((CosineDecay) warm.then()).length()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            stop.epochs = 0     | stop.epochs = 0: expected a whole number of at least 1
            stop.steps = 1.5    | stop.steps = 1.5: expected a whole number
            stop.epcohs = 9     | unknown key stop.epcohs; did you mean epochs?; known here: epochs, steps, passes, minutes, target-loss, gradient-norm, patience
            stop = 9            | stop = 9: expected an object in braces
            """)
    void a_mistake_in_the_rules_is_told_as_one_of_theirs(String more, String message) {
        assertThatThrownBy(() -> read(COSINE + more))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith(message);
    }

    @Test
    void a_run_that_goes_on_for_more_epochs_keeps_its_rates() {
        for (String rate : List.of(
                COSINE,
                "learning-rate { schedule = one-cycle, max = 0.1, per = epoch }\n",
                "learning-rate { schedule = warmup, length = 2, then { schedule = polynomial, initial = 1 } }\n")) {
            RunConfiguration first = read(rate + "stop.epochs = 9");
            assertThat(first.json()).contains("\"length\":" + (rate.contains("warmup") ? 7 : 9));
            Settings longer = Settings.of(ConfigFactory.parseString(first.json())
                    .withValue("stop.epochs", ConfigValueFactory.fromAnyRef(99)));
            RunConfiguration resumed = RunConfiguration.read(longer, "NAME.conf");
            assertThat(schedule(resumed)).isEqualTo(schedule(first));
            assertThat(resumed.stop().epochs()).hasValue(99);
        }
    }

    private static CosineDecay cosine(String text) {
        return (CosineDecay) schedule(read(text));
    }

    private static Schedule schedule(RunConfiguration run) {
        return ((GradientDescent) run.optimizer()).learningRate();
    }

    private static RunConfiguration read(String text) {
        String rest = "\nnetwork.loss = cross-entropy, optimizer = gradient-descent,"
                + " data.train { format = csv, path = x, label = y }";
        return RunConfiguration.read(Settings.of(ConfigFactory.parseString(text + rest)), "NAME.conf");
    }
}
