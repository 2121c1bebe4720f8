package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Activation;
import dev.lockstep.network.Layer;
import dev.lockstep.network.Loss;
import dev.lockstep.network.Network;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.Safetensors;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against Hessians that are known: a generator's, and PyTorch's (torch_curvature.py). */
class CurvatureTest {
    private static final int ROWS = 20;

    @TempDir
    Path folder;

    private CommandLineRun run(String data, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("curvature", "--model", folder.resolve("run").toString(), "--data", data, "--quiet"));
        arguments.addAll(List.of(more));
        return CommandLineRun.of(arguments.toArray(new String[0]));
    }

    private JsonNode curvature(String data, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(more));
        arguments.add("--json");
        CommandLineRun run = run(data, arguments.toArray(new String[0]));
        assertThat(run.complaints()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return Json.MAPPER.readTree(run.out());
    }

    private void train(String configuration) {
        CommandLineRun run = CommandLineRun.train(folder, configuration);
        assertThat(run.exitCode()).as(run.complaints().toString()).isZero();
    }

    private static double[] numbers(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToDouble(JsonNode::asDouble)
                .toArray();
    }

    private void trainQuadratic(String learningRate, String stop) {
        train("""
                data.train { format = synthetic, generator = quadratic, eigenvalues = [9, 4, 1, 0.25], rotated = true, rows = 80 }
                network { hidden = [], bias = false, loss = squared-error, precision = float64, init = zeros }
                optimizer { name = momentum, momentum = 0.5 }
                learning-rate = %s
                penalty.l2 = 0.5
                stop { steps = %s }
                """.formatted(learningRate, stop));
    }

    private static final String QUADRATIC = "eigenvalues=[9,4,1,0.25],rotated=true,rows=80";

    /** Eigenvalues of the data, and the penalty's 0.5 on each. */
    @Test
    void the_generators_eigenvalues_exactly() throws IOException {
        trainQuadratic("0.1", "200");
        JsonNode json = curvature(QUADRATIC, "--exact");
        double[] expected = {0.75, 1.5, 4.5, 9.5};
        double[] found = numbers(json.get("eigenvalues"));
        assertThat(found).hasSize(4);
        for (int i = 0; i < 4; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(1e-9));
        }
        assertThat(json.get("lambdaMax").asDouble()).isCloseTo(9.5, within(1e-9));
        assertThat(json.get("lambdaMin").asDouble()).isCloseTo(0.75, within(1e-9));
        assertThat(json.get("trace").asDouble()).isCloseTo(16.25, within(1e-9));
        assertThat(json.get("negativeEigenvalues").asDouble()).isZero();
        assertThat(Arrays.stream(numbers(json.get("diagonal"))).sum()).isCloseTo(16.25, within(1e-9));
        assertThat(json.get("kind").asText()).isEqualTo("minimum");
        assertThat(json.get("bestLearningRate").asDouble()).isCloseTo(1 / 9.5, within(1e-12));
        JsonNode limits = json.get("stabilityLimit");
        assertThat(limits.get("gradient-descent").asDouble()).isCloseTo(2 / 9.5, within(1e-12));
        assertThat(limits.get("momentum").asDouble()).isCloseTo(3 / 9.5, within(1e-12));
        assertThat(limits.get("nesterov").asDouble()).isCloseTo(1.5 / 9.5, within(1e-12));
        assertThat(json.get("learningRate").asDouble()).isEqualTo(0.1);
        assertThat(json.get("momentum").asDouble()).isEqualTo(0.5);
        assertThat(json.get("conditionNumber").asDouble()).isCloseTo(9.5 / 0.75, within(1e-9));
        assertThat(json.get("conditionNumberOf").asText()).isEqualTo("lambdaMax / lambdaMin");
        assertThat(json.at("/penalty/l2").asDouble()).isEqualTo(0.5);
        // A gradient, a column of the Hessian for each parameter, eleven points along one direction.
        assertThat(json.get("passes").asDouble()).isEqualTo(1 + 4 + 11);
        assertThat(json.get("scans").asInt()).isEqualTo(3);
        assertThat(json.get("seconds").asDouble()).isPositive();
        double[] losses = numbers(json.at("/along/sharpest/losses"));
        double[] parabola = numbers(json.at("/along/sharpest/parabola"));
        for (int i = 0; i < 11; i++) {
            assertThat(losses[i]).isCloseTo(parabola[i], within(1e-9));
        }
        JsonNode summary = CommandLineRun.json(folder.resolve("run/run.json"));
        assertThat(json.get("loss").asDouble())
                .isCloseTo(summary.get("finalLoss").asDouble(), within(1e-12));
    }

    @Test
    void the_sharpness_alone() throws IOException {
        trainQuadratic("0.001", "1");
        JsonNode json = curvature(QUADRATIC, "--quick");
        assertThat(json.get("lambdaMax").asDouble()).isCloseTo(9.5, within(5e-3));
        assertThat(json.get("converged").asBoolean()).isTrue();
        assertThat(json.at("/stabilityLimit/gradient-descent").asDouble()).isCloseTo(2 / 9.5, within(1e-4));
        for (String unknown : List.of("lambdaMin", "trace", "negativeEigenvalues", "kind")) {
            assertThat(json.get(unknown).isNull()).as(unknown).isTrue();
        }
        CommandLineRun both = run(QUADRATIC, "--quick", "--exact");
        assertThat(both.exitCode()).isEqualTo(2);
        assertThat(both.complaints()).singleElement().asString().contains("--quick finds one eigenvalue");
    }

    @Test
    void estimates_of_a_point_that_is_not_critical() throws IOException {
        trainQuadratic("0.001", "1");
        JsonNode json = curvature(QUADRATIC, "--probes", "4", "--steps", "4");
        assertThat(json.get("kind").asText()).isEqualTo("not-critical");
        assertThat(json.get("lambdaMax").asDouble()).isCloseTo(9.5, within(1e-9));
        assertThat(json.get("lambdaMin").asDouble()).isCloseTo(0.75, within(1e-9));
        assertThat(json.get("converged").asBoolean()).isTrue();
        assertThat(json.get("trace").asDouble())
                .isCloseTo(16.25, within(4 * json.get("traceError").asDouble()));
        assertThat(Arrays.stream(numbers(json.at("/density/weights"))).sum()).isCloseTo(1, within(1e-12));
        assertThat(json.has("eigenvalues")).isFalse();
        double threshold = json.at("/thresholds/gradientNorm").asDouble();
        assertThat(json.get("gradientNorm").asDouble()).isGreaterThan(threshold);
        JsonNode wider = curvature(QUADRATIC, "--gradient-tolerance", "2");
        assertThat(wider.get("kind").asText()).isEqualTo("minimum");
        // Half of the rows are half of a pass.
        JsonNode half = curvature(QUADRATIC, "--fraction", "0.5", "--exact");
        assertThat(half.get("rows").asInt()).isEqualTo(40);
        assertThat(half.get("passes").asDouble()).isEqualTo(16 / 2.0);
        // The same numbers twice.
        JsonNode again = curvature(QUADRATIC, "--probes", "4", "--steps", "4");
        assertThat(again.get("density")).isEqualTo(json.get("density"));
        // A linear model's Hessian is its Gauss-Newton matrix.
        JsonNode gaussNewton = curvature(QUADRATIC, "--matrix", "gauss-newton", "--gradient-tolerance", "2");
        assertThat(gaussNewton.get("lambdaMax").asDouble()).isCloseTo(9.5, within(1e-9));
        assertThat(gaussNewton.get("kind").isNull()).isTrue();
    }

    static List<String> torch() throws IOException {
        try (InputStream stream = CurvatureTest.class.getResourceAsStream("torch-curvature.txt")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    /** The same numbers as in torch_curvature.py. */
    private static double[] draws(long seed, int count) {
        double[] numbers = new double[count];
        long state = seed;
        for (int i = 0; i < count; i++) {
            state = (1103515245 * state + 12345) % (1L << 31);
            numbers[i] = (double) (state >> 15) / (1 << 15) - 1;
        }
        return numbers;
    }

    /** Loss, activation and output of the last layer as in the script; a step of 1e-300 leaves the weights as they are. */
    private void trainLike(String activation, String loss, int outputs, double l2) throws IOException {
        StringBuilder csv = new StringBuilder("a,b,c,class,truth,t0,t1\n");
        double[] x = draws(1, 3 * ROWS);
        for (int i = 0; i < ROWS; i++) {
            double a = 2 * x[3 * i];
            double b = 2 * x[3 * i + 1];
            double c = 2 * x[3 * i + 2];
            int label = (a * b > 0 ? 1 : 0) + (c > 0.25 ? 1 : 0);
            csv.append(a + "," + b + "," + c + "," + label + "," + (a + b * b > 0.5 ? 1 : 0) + "," + (a * b) + ","
                    + (c + a / 2) + "\n");
        }
        Files.writeString(folder.resolve("rows.csv"), csv);
        Activation hidden = Activation.of(activation);
        Network network = new Network(
                List.of(
                        new Layer(3, 5, hidden, true),
                        new Layer(5, 4, hidden, true),
                        new Layer(4, outputs, Activation.IDENTITY, true)),
                Loss.of(loss, 1),
                0);
        Files.write(
                folder.resolve("first.safetensors"),
                Safetensors.write(network, Vector.wrap(draws(7, network.parameters()))));
        String label = loss.equals("cross-entropy") ? "class" : loss.equals("squared-error") ? "[t0, t1]" : "truth";
        train("""
                data.train { format = csv, path = "%1$s/rows.csv", features = [a, b, c], label = %2$s }
                network {
                  hidden = [5, 4], activation = %3$s, loss = %4$s, precision = float64
                  init { from = "%1$s/first.safetensors" }
                }
                optimizer = gradient-descent
                learning-rate = 1e-300
                penalty.l2 = %5$s
                stop { steps = 1 }
                """.formatted(folder, label, activation, loss, l2));
    }

    @ParameterizedTest
    @MethodSource("torch")
    void pytorchs_hessian(String line) throws IOException {
        String[] words = line.split(" ");
        trainLike(words[0], words[1], Integer.parseInt(words[2]), Double.parseDouble(words[3]));
        double[] expected =
                Arrays.stream(words).skip(4).mapToDouble(Double::parseDouble).toArray();
        double[] eigenvalues = Arrays.copyOfRange(expected, 2, expected.length);
        double smallest = eigenvalues[0];
        double largest = eigenvalues[eigenvalues.length - 1];
        double trace = Arrays.stream(eigenvalues).sum();
        String data = "path=" + folder.resolve("rows.csv");

        JsonNode exact = curvature(data, "--exact");
        assertThat(exact.get("loss").asDouble()).isCloseTo(expected[0], within(1e-12));
        assertThat(exact.get("gradientNorm").asDouble()).isCloseTo(expected[1], within(1e-12));
        assertThat(exact.get("lambdaMax").asDouble()).isCloseTo(largest, within(1e-12 * largest));
        assertThat(exact.get("lambdaMin").asDouble()).isCloseTo(smallest, within(1e-12 * largest));
        assertThat(exact.get("trace").asDouble()).isCloseTo(trace, within(1e-12 * trace));
        double[] found = numbers(exact.get("eigenvalues"));
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isCloseTo(eigenvalues[i], within(1e-12 * largest));
        }
        assertThat(exact.get("asymmetry").asDouble()).isLessThan(1e-14 * largest);
        long negative =
                Arrays.stream(eigenvalues).filter(e -> e < -1e-6 * largest).count();
        assertThat(exact.get("index").asLong()).isEqualTo(negative);

        JsonNode lanczos = curvature(data);
        assertThat(lanczos.get("lambdaMax").asDouble()).isCloseTo(largest, within(1e-10 * largest));
        assertThat(lanczos.get("lambdaMin").asDouble()).isCloseTo(smallest, within(1e-10 * largest));
        assertThat(lanczos.get("trace").asDouble())
                .isCloseTo(trace, within(4 * lanczos.get("traceError").asDouble()));
        assertThat(lanczos.get("negativeEigenvalues").asDouble())
                .isCloseTo((double) negative / eigenvalues.length, within(0.1));
        double[] layers = new double[3];
        for (int i = 0; i < 3; i++) {
            layers[i] = lanczos.at("/perLayer/" + i + "/lambdaMax").asDouble();
            assertThat(layers[i])
                    .isCloseTo(exact.at("/perLayer/" + i + "/lambdaMax").asDouble(), within(1e-6 * largest));
        }
    }

    /** The column of weights, weights of classes and the penalty belong to the objective: its value is the run's own. */
    @Test
    void rows_are_weighted_as_in_training() throws IOException {
        StringBuilder csv = new StringBuilder("a,b,weight,class\n");
        double[] x = draws(1, 2 * ROWS);
        for (int i = 0; i < ROWS; i++) {
            String label = x[2 * i] + x[2 * i + 1] > 0.4 ? "rare" : "often";
            csv.append(x[2 * i] + "," + x[2 * i + 1] + "," + (1 + i % 3) + "," + label + "\n");
        }
        Files.writeString(folder.resolve("rows.csv"), csv);
        train("""
                data {
                  train { format = csv, path = "%s/rows.csv", label = class, weight = weight }
                  class-weights { rare = 3.5, often = 0.5 }
                  standardize = true
                }
                network { hidden = [3], activation = tanh, loss = cross-entropy, precision = float64 }
                optimizer = gradient-descent
                learning-rate = 0.1
                penalty { l2 = 0.01, l1 = 0.02, biases = true }
                stop { steps = 5 }
                """.formatted(folder));
        JsonNode summary = CommandLineRun.json(folder.resolve("run/run.json"));
        JsonNode json = curvature("path=" + folder.resolve("rows.csv"), "--exact");
        assertThat(json.get("loss").asDouble())
                .isCloseTo(summary.get("finalLoss").asDouble(), within(1e-14));
    }

    @Test
    void tables_and_a_plot_that_is_not_replaced() throws IOException {
        trainQuadratic("0.1", "3");
        Path plot = folder.resolve("spectrum.png");
        CommandLineRun run = run(QUADRATIC, "--plot", plot.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("lambdaMax", "9.50000", "not-critical", "limit of nesterov, momentum 0.5", "layers.0.weight")
                .contains("in use, constant", "along the sharpest direction");
        BufferedImage image = ImageIO.read(plot.toFile());
        assertThat(image.getWidth()).isEqualTo(900);
        run(QUADRATIC, "--plot", plot.toString()).assertRefused("spectrum.png: exists; add --overwrite");
        run(QUADRATIC, "--plot", "spectrum.pdf").assertRefused("--plot spectrum.pdf", "ends with .png");
    }

    @Test
    void mistakes() throws IOException {
        trainQuadratic("0.1", "1");
        run(QUADRATIC, "--fraction", "0").assertRefused("--fraction 0.0: expected a share in (0, 1]");
        run(QUADRATIC, "--fraction", "1.5").assertRefused("--fraction 1.5");
        run(QUADRATIC, "--probes", "0").assertRefused("--probes 0: expected at least 1");
        run(QUADRATIC, "--steps", "0").assertRefused("--steps 0: expected at least 1");
        run(QUADRATIC, "--matrix", "fisher").assertRefused("--matrix fisher: expected one of hessian, gauss-newton");
        run(QUADRATIC, "--precision", "half").assertRefused("--precision half: expected one of float32, float64");
        run(QUADRATIC, "--gradient-tolerance", "0").assertRefused("--gradient-tolerance 0.0");
        Files.delete(folder.resolve("run/run.json"));
        CommandLineRun alone = run(QUADRATIC, "--exact", "--json");
        assertThat(alone.exitCode()).isZero();
        assertThat(alone.complaints()).hasSize(1);
        assertThat(alone.complaints().get(0)).contains("no run.json there", "without a penalty");
        assertThat(Json.MAPPER.readTree(alone.out()).get("lambdaMax").asDouble())
                .isCloseTo(9, within(1e-9));
    }

    @Test
    void too_many_parameters_for_exact_eigenvalues() {
        train("""
                data.train { format = synthetic, generator = blobs, rows = 40, features = 10, classes = 2 }
                network { hidden = [500], activation = tanh, loss = cross-entropy }
                optimizer = gradient-descent
                learning-rate = 0.1
                stop { steps = 1 }
                """);
        run("format=synthetic", "--exact")
                .assertRefused("--exact: the network has 6,502 parameters", "at most 5,000", "leave --exact out");
    }
}
