package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.observe.Json;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slices of losses whose form is known. */
class SliceTest {
    private static final String FOUR = "eigenvalues=[9,4,1,0.25],rotated=true,rows=80";

    @TempDir
    Path folder;

    private void train(String eigenvalues, String more) {
        CommandLineRun run = CommandLineRun.train(folder, """
                data.train { format = synthetic, generator = quadratic, eigenvalues = %s, rotated = true, rows = 80 }
                network { hidden = [], bias = false, loss = squared-error, precision = float64, init = normal }
                optimizer { name = momentum, momentum = 0.5 }
                learning-rate = 0.1
                %s
                """.formatted(eigenvalues, more));
        assertThat(run.exitCode()).as(run.complaints().toString()).isZero();
    }

    private CommandLineRun run(String data, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("curvature", "--model", folder.resolve("run").toString(), "--data", data, "--quiet"));
        arguments.addAll(List.of(more));
        return CommandLineRun.of(arguments.toArray(new String[0]));
    }

    private JsonNode slice(String data, String... more) throws IOException {
        Path file = folder.resolve("slice.json");
        List<String> arguments = new ArrayList<>(List.of("--slice", file.toString(), "--overwrite"));
        arguments.addAll(List.of(more));
        CommandLineRun run = run(data, arguments.toArray(new String[0]));
        assertThat(run.exitCode()).as(run.complaints().toString()).isZero();
        assertThat(run.out()).contains("lambdaMax", "the plane holds", "% of the path's length");
        return Json.MAPPER.readTree(file.toFile());
    }

    /** At the minimum, along eigenvectors: the loss rises by (9 x^2 + 4 y^2) / 2, whatever the eigenvectors are. */
    @Test
    void a_bowl_is_a_bowl_along_its_sharpest_directions() throws IOException {
        train("[9, 4, 1, 0.25]", "stop { steps = 1000 }\n observe.path = 10");
        JsonNode slice = slice(FOUR, "--slice-points", "5", "--slice-range", "2");
        assertThat(slice.at("/eigenvalues/0").asDouble()).isCloseTo(9, within(1e-9));
        assertThat(slice.at("/eigenvalues/1").asDouble()).isCloseTo(4, within(1e-9));
        assertThat(slice.at("/residuals/1").asDouble()).isBetween(0.0, 1e-5);
        double least = slice.get("leastLoss").asDouble();
        for (int row = 0; row < 5; row++) {
            for (int column = 0; column < 5; column++) {
                double x = column - 2;
                double y = row - 2;
                assertThat(slice.at("/x/" + column).asDouble()).isEqualTo(x);
                assertThat(slice.at("/z/" + row + "/" + column).asDouble() - least)
                        .isCloseTo((9 * x * x + 4 * y * y) / 2, within(1e-4));
            }
        }
        assertThat(slice.at("/path/steps")).hasSize(101);
        assertThat(slice.at("/path/distance/0").asDouble()).isPositive();
        assertThat(slice.at("/path/distance/100").asDouble()).isCloseTo(0, within(1e-9));
        assertThat(slice.at("/pathInPlane").asDouble()).isBetween(0.01, 0.99);
    }

    /** Two parameters are a plane: nothing of the path is lost, and the picture has the path's own lengths. */
    @Test
    void the_path_of_two_parameters_lies_in_the_plane() throws IOException {
        train("[9, 1]", "stop { steps = 30 }\n observe.path = 1");
        for (String directions : List.of("sharpest", "path", "random")) {
            JsonNode slice =
                    slice("eigenvalues=[9,1],rotated=true,rows=80", "--directions", directions, "--slice-points", "3");
            assertThat(slice.at("/pathInPlane").asDouble()).as(directions).isCloseTo(1, within(1e-12));
            assertThat(slice.get("directions").asText()).isEqualTo(directions);
            assertThat(slice.at("/path/steps")).hasSize(31);
            double distance = slice.at("/path/distance/0").asDouble();
            assertThat(distance).isCloseTo(0, within(1e-9));
            // The window holds the path.
            assertThat(slice.at("/x/2").asDouble())
                    .isGreaterThan(slice.at("/path/x/0").asDouble());
            assertThat(slice.at("/x/0").asDouble())
                    .isLessThan(slice.at("/path/x/0").asDouble());
        }
        JsonNode shares = slice("eigenvalues=[9,1],rotated=true,rows=80", "--directions", "path", "--slice-points", "3")
                .get("shares");
        assertThat(shares.get(0).asDouble() + shares.get(1).asDouble()).isCloseTo(1, within(1e-12));
        assertThat(shares.get(0).asDouble()).isGreaterThan(shares.get(1).asDouble());
    }

    @Test
    void checkpoints_stand_in_for_a_path_and_a_picture_comes_beside_the_whole_spectrum() throws IOException {
        train("[9, 4, 1, 0.25]", "stop { steps = 4 }\n checkpoint { every-steps = 1, keep = 10 }");
        Path picture = folder.resolve("slice.png");
        CommandLineRun run = run(FOUR, "--slice", picture.toString(), "--slice-points", "9", "--exact", "--json");
        assertThat(run.exitCode()).as(run.complaints().toString()).isZero();
        JsonNode json = Json.MAPPER.readTree(run.out());
        assertThat(json.get("eigenvalues")).hasSize(4);
        assertThat(json.at("/slice/file").asText()).isEqualTo(picture.toString());
        assertThat(json.at("/slice/eigenvalues/1").asDouble()).isCloseTo(4, within(1e-9));
        assertThat(json.at("/slice/pathInPlane").asDouble()).isPositive();
        BufferedImage image = ImageIO.read(picture.toFile());
        assertThat(image.getWidth()).isEqualTo(900);
        run(FOUR, "--slice", picture.toString()).assertRefused("slice.png: exists; add --overwrite");
    }

    @Test
    void mistakes() {
        train("[9, 4, 1, 0.25]", "stop { steps = 1 }\n checkpoint.keep = 0");
        run(FOUR, "--slice", "slice.txt")
                .assertRefused("--slice slice.txt: expected a file that ends with .png or .json");
        run(FOUR, "--slice", "s.png", "--slice-points", "1").assertRefused("--slice-points 1: expected 2 to 1001");
        run(FOUR, "--slice", "s.png", "--slice-range", "0").assertRefused("--slice-range 0.0: expected a positive");
        run(FOUR, "--slice", "s.png", "--directions", "flat")
                .assertRefused("--directions flat: expected one of sharpest, random, path");
        run(FOUR, "--slice", "s.png", "--directions", "path")
                .assertRefused("--directions path: the run has left no path", "observe.path = 1");
        run(FOUR, "--slice-points", "9").assertRefused("--slice-points 9: is of a slice; add --slice FILE.png");
        assertThat(Files.exists(Path.of("s.png"))).isFalse();
    }

    @Test
    void one_parameter_is_no_plane_and_one_step_is_straight() {
        train("[9]", "stop { steps = 3 }");
        run("eigenvalues=[9],rows=80", "--slice", "s.png").assertRefused("--slice: a plane needs two directions");
        Path one = folder.resolve("run");
        assertThat(one).exists();
        CommandLineRun straight = CommandLineRun.train(folder, """
                data.train { format = synthetic, generator = quadratic, eigenvalues = [9, 1], rotated = true, rows = 80 }
                network { hidden = [], bias = false, loss = squared-error, precision = float64, init = normal }
                optimizer = gradient-descent
                learning-rate = 0.1
                stop { steps = 1 }
                observe.path = 1
                """, "--overwrite");
        assertThat(straight.exitCode()).isZero();
        run("eigenvalues=[9,1],rotated=true,rows=80", "--slice", "s.png", "--directions", "path")
                .assertRefused("--directions path: the path is straight");
    }
}
