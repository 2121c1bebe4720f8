package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.Configurations;
import dev.lockstep.InputException;
import dev.lockstep.optimize.Clipping;
import dev.lockstep.optimize.Penalty;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that are right by themselves, and wrong or right together. */
class RunConfigurationTest {
    private static RunConfiguration read(String more) {
        return RunConfiguration.read(
                Configurations.of(
                        "network.loss = cross-entropy, data.train { format = csv, path = x, label = y }\n" + more),
                "NAME.conf");
    }

    private static void assertRefused(String more, String message) {
        assertThatThrownBy(() -> read(more)).isInstanceOf(InputException.class).hasMessageEndingWith(": " + message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"rprop|", "quickprop|learning-rate = 1", "barzilai-borwein|", "rprop|optimizer.variant = slide"})
    void optimizers_that_compare_gradients_take_mini_batches_only_where_it_is_asked_for(String name, String more) {
        String keys = "optimizer.name = " + name + "\nbatch = 32\n" + (more == null ? "" : more);
        assertRefused(
                keys,
                "batch = 32: " + name + " compares gradients of consecutive steps, which must see the same rows;"
                        + " expected full, or optimizer { name = " + name + ", allow-mini-batch = true }");
        assertThat(read(keys + "\noptimizer.allow-mini-batch = true").batchRows())
                .isEqualTo(OptionalLong.of(32));
        assertThat(read(keys + "\nbatch = full").batchRows()).isEmpty();
        assertThat(read(keys + "\nbatch = full, optimizer.allow-mini-batch = false")
                        .batchRows())
                .isEmpty();
    }

    @Test
    void what_a_plateau_watches_must_be_there() {
        String plateau = "optimizer = momentum, learning-rate { schedule = plateau, initial = 1, monitor = ";
        assertThatThrownBy(() -> read(plateau + "validation-loss }"))
                .isInstanceOf(InputException.class)
                .hasMessageEndingWith("monitor = validation-loss needs a validation set; expected data.validation");
        assertThatThrownBy(() ->
                        read(plateau + "accuracy }\nnetwork.loss = squared-error, data.validation.fraction = 0.1"))
                .hasMessageEndingWith("monitor = accuracy needs classes; expected training-loss or validation-loss");
        assertThat(read(plateau + "accuracy }\ndata.validation.fraction = 0.1").optimizer())
                .isNotNull();
        assertThat(read(plateau + "training-loss }").optimizer()).isNotNull();
    }

    @Test
    void the_key_is_refused_where_it_would_mean_nothing() {
        assertRefused(
                "batch = 32, learning-rate = 1, optimizer { name = polyak, allow-mini-batch = true }",
                "unknown key optimizer.allow-mini-batch; known here: name, minimum");
        assertRefused(
                "optimizer { name = rprop, allow-mini-batch = yes }",
                "optimizer.allow-mini-batch = yes: expected one of true, false");
        assertThat(read("batch = 32, learning-rate = 1, optimizer = polyak").batchRows())
                .isEqualTo(OptionalLong.of(32));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gradient-descent", "momentum", "nesterov"})
    void l1_by_proximal_steps_goes_with_optimizers_that_make_them(String name) {
        Penalty penalty = read("learning-rate = 1, optimizer = " + name + ", penalty { l1 = 1e-3, l1-by = proximal }")
                .penalty();
        assertThat(penalty.l1By()).isEqualTo(Penalty.L1By.PROXIMAL);
        assertThat(penalty.l1()).isEqualTo(1e-3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "optimizer = rprop|rprop",
                "learning-rate = 1, optimizer = polyak|polyak",
                "learning-rate = 1, optimizer { name = momentum, form = outside }|momentum with this form",
                "learning-rate = 1, optimizer { name = nesterov, form = outside }|nesterov with this form"
            })
    void it_is_refused_with_the_others(String keys, String who) {
        assertRefused(
                keys + ", penalty { l1 = 1e-3, l1-by = proximal }",
                "penalty.l1-by = proximal: the optimizer " + who
                        + " makes no proximal steps; expected subgradient, or an"
                        + " optimizer such as gradient-descent, momentum or nesterov");
    }

    @Test
    void a_gradient_is_clipped_in_one_way() {
        assertThat(read("optimizer = rprop, clip.value = 2").clip()).isEqualTo(Clipping.byValue(2));
        assertThat(read("optimizer = rprop").clip()).isEqualTo(Clipping.NONE);
        assertRefused(
                "optimizer = rprop, clip { norm = 1, value = 2 }",
                "clip.value = 2: clip.norm is there too; expected one of both");
    }
}
