package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.Configurations;
import dev.lockstep.InputException;
import dev.lockstep.Settings;
import dev.lockstep.linalg.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the network's part of a configuration becomes, and what is said of mistakes in it. */
class NetworkDesignTest {
    private static NetworkDesign design(String keys) {
        Settings root = Configurations.of("network { " + keys + " }");
        NetworkDesign design = NetworkDesign.read(root.child("network"));
        root.refuseUnknown();
        return design;
    }

    @Test
    void given_first_weights_are_those_of_the_network_whatever_the_seed() {
        NetworkDesign design = design(
                "hidden = [2], activation = tanh, loss = squared-error, init { values = [1, -2, 3e-1, 4, 5, 6, 0.1] }");
        Network network = design.build(1, 1);
        Vector first = design.initialization().draw(network, 7);
        assertThat(first).isEqualTo(Vector.of(1, -2, 0.3, 4, 5, 6, 0.1));
        assertThat(design.initialization().draw(network, 8)).isEqualTo(first);
    }

    @Test
    void another_number_of_first_weights_is_refused_with_their_order() {
        NetworkDesign design = design("hidden = [3], activation = tanh, loss = squared-error, init.values = [1, 2]");
        assertThatThrownBy(() -> design.build(2, 1))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "network.init.values: expected 13 numbers, got 2; the network 2-3-1 takes them in this order: "
                                + "layers.0.weight [3, 2] row by row, layers.0.bias [3], layers.1.weight [1, 3] row by row, "
                                + "layers.1.bias [1]");
        assertThatThrownBy(() -> design("loss = squared-error, bias = false, init.values = []")
                        .build(1, 1))
                .hasMessageContaining("expected 1 numbers, got 0");
    }

    @Test
    void a_configuration_with_its_defaults_written_in_is_read_again() {
        Settings root = Configurations.of("network { loss = squared-error, init { values = [1, 2] } }");
        NetworkDesign.read(root.child("network"));
        Settings resolved = Settings.of(root.resolved());
        assertThat(NetworkDesign.read(resolved.child("network")).initialization())
                .isEqualTo(Initialization.of(Vector.of(1, 2)));
        resolved.refuseUnknown();
    }

    @Test
    void a_landscape_has_a_name_and_a_factor() {
        assertThat(design("loss = landscape, landscape = double-well, factor = 3")
                        .loss())
                .isEqualTo(new Landscape(Surface.DOUBLE_WELL, 3));
        assertThat(design("loss = landscape, landscape = saddle-and-minima").loss())
                .isEqualTo(new Landscape(Surface.SADDLE_AND_MINIMA, 1));
        assertThatThrownBy(
                        () -> design("loss = landscape, landscape = rosenbrock").build(1, 1))
                .isInstanceOf(InputException.class)
                .hasMessage("network: the landscape rosenbrock is one over pairs of outputs, got 1 output; give two "
                        + "target columns, or another even number of them");
    }

    @Test
    void the_middle_of_the_one_sided_loss_is_that_of_the_output() {
        assertThat(design("loss = one-sided-squared-error, output-activation = sigmoid")
                        .loss())
                .isEqualTo(new NumberLoss(NumberLoss.Kind.ONE_SIDED_SQUARED_ERROR, 1, 0.5));
        assertThat(design("loss = one-sided-squared-error, output-activation = tanh")
                        .loss())
                .isEqualTo(new NumberLoss(NumberLoss.Kind.ONE_SIDED_SQUARED_ERROR, 1, 0));
        assertThat(design("loss = squared-error, output-activation = sigmoid").loss())
                .isEqualTo(new NumberLoss(NumberLoss.Kind.SQUARED_ERROR, 1));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "loss = landscape|the key network.landscape is missing|expected one of quartic, cosine",
                "loss = landscape, landscape = saddel|network.landscape = saddel|did you mean saddle?",
                "loss = landscape, landscape = cosine, factor = 0|network.factor = 0|a positive number",
                "loss = huber, landscape = cosine|network.landscape = cosine|loss huber is no landscape",
                "loss = huber, factor = 2|network.factor = 2|set loss = landscape",
                "loss = huber, init { values = [1], from = x }|network.init.values = [1]|give one of name, from, values",
                "loss = huber, init { name = he, from = x }|network.init.from = x|give one of name, from, values",
                "loss = huber, init { values = [1], standard-deviation = 2 }|network.init.standard-deviation = 2|leave this",
                "loss = huber, init { values = [1, x] }|network.init.values = [1,\"x\"]|not a number",
            })
    void a_mistake_is_named_with_its_remedy(String keys, String what, String remedy) {
        assertThatThrownBy(() -> design(keys))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(what)
                .hasMessageContaining(remedy);
    }
}
