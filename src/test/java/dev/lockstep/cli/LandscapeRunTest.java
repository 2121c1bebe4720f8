package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.linalg.Vector;
import dev.lockstep.observe.SavedModel;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions of the weights on the real engine: where a run begins, and where closed forms say that it goes. */
class LandscapeRunTest {
    @TempDir
    Path folder;

    private Vector trained(String network, String copies, String... more) {
        String configuration = """
                data.train { format = synthetic, generator = points, features = [[1]], targets = [[0]], copies = %s }
                network { bias = false, precision = float64, %s }
                optimizer = gradient-descent
                learning-rate = 0.5
                stop.steps = 10
                """.formatted(copies, network);
        CommandLineRun run = CommandLineRun.train(folder, configuration, more);
        assertThat(run.complaints()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return weights();
    }

    private Vector weights() {
        return SavedModel.load(folder.resolve("run").toString(), new Configuration())
                .weights();
    }

    /** On a saddle gradient descent multiplies x by 1 - eta and y by 1 + 0.1 eta, in each of two pairs for itself. */
    @Test
    void pairs_of_weights_leave_a_saddle_side_by_side() {
        Vector end = trained("loss = landscape, landscape = saddle, init { values = [1, 1e-3, -2, 0.5] }", "4");
        double shrunk = 1.0 / 1024;
        double grown = 1.628894626777442; // 1.05^10
        Vector expected = Vector.of(shrunk, 1e-3 * grown, -2 * shrunk, 0.5 * grown);
        assertThat(end.minus(expected).maxAbs()).isLessThan(1e-15);
    }

    /** On cos w from pi / 3 with eta = 1/2 and factor 2, w + sin w ten times: the error of pi is cubed with each. */
    @Test
    void the_factor_is_on_the_function() {
        Vector end = trained(
                "loss = landscape, landscape = cosine, factor = 2, init { values = [" + Math.PI / 3 + "] }", "1");
        assertThat(end.get(0)).isCloseTo(Math.PI, within(1e-15));
    }

    @Test
    void a_run_from_given_weights_goes_on_to_the_same_bits() {
        String network = "loss = landscape, landscape = rosenbrock, factor = 0.001, init { values = [-1.2, 1] }";
        Vector whole = trained(network, "2");
        trained(network, "2", "--overwrite", "--set", "stop.steps=4");
        CommandLineRun resumed = CommandLineRun.of(
                "train", "--resume", folder.resolve("run").toString(), "--quiet", "--set", "stop.steps=10");
        assertThat(resumed.complaints()).isEmpty();
        assertThat(weights()).isEqualTo(whole);
    }

    @Test
    void too_few_first_weights_are_refused_before_any_step() {
        String configuration = """
                data.train { format = synthetic, generator = points, features = [[1, 2]], targets = [[0]] }
                network { loss = squared-error, init { values = [1, 2] } }
                optimizer = gradient-descent
                learning-rate = 0.5
                """;
        CommandLineRun.train(folder, configuration)
                .assertRefused("network.init.values: expected 3 numbers, got 2", "layers.0.weight [1, 2] row by row");
        assertThat(folder.resolve("run")).doesNotExist();
    }
}
