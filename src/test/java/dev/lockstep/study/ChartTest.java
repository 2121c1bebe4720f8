package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Json;
import dev.lockstep.study.Chart.Axis;
import dev.lockstep.study.Chart.ContourLevel;
import dev.lockstep.study.Chart.Layer;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChartTest {
    private static final Axis X = Axis.linear("x");
    private static final int BLUE = 0x0072B2;
    private static final int VERMILION = 0xD55E00;

    @TempDir
    private Path folder;

    @Test
    void a_chart_is_json_with_null_where_a_line_has_a_gap() throws IOException {
        Layer line = Layer.line("w", List.of(0.0, 1.0, 2.0, 3.0), Arrays.asList(1.0, null, Double.NaN, 0.25))
                .dashed()
                .emphasized();
        Chart chart = new Chart("Title", "Note", X, new Axis("y", true, 0.5, null), false, List.of(line));
        assertThat(parsed(chart)).isEqualTo(Json.MAPPER.readTree("""
                {"title": "Title", "note": "Note", "x": {"label": "x", "log": false, "min": null, "max": null},
                 "y": {"label": "y", "log": true, "min": 0.5, "max": null}, "equal": false,
                 "layers": [{"kind": "line", "name": "w", "style": "dashed", "emphasis": true,
                             "points": [[0, 1], null, null, [3, 0.25]]}]}"""));
    }

    @Test
    void bars_have_categories_and_contours_have_levels() throws IOException {
        Chart bars = new Chart(
                "t", null, X, X, false, List.of(Layer.bars("n", List.of("a", "b"), Arrays.asList(2.0, null))));
        assertThat(parsed(bars).at("/layers/0/points").toString()).isEqualTo("[[\"a\",2],[\"b\",null]]");
        assertThat(parsed(bars).has("note")).isFalse();
        Layer contours =
                Layer.contours("f", List.of(new ContourLevel(0.5, List.<double[][]>of(new double[][] {{0, 1}, {1, 0.5}
                }))));
        assertThat(parsed(new Chart("t", "", X, X, true, List.of(contours)))
                        .at("/layers/0")
                        .toString())
                .isEqualTo(
                        "{\"kind\":\"contours\",\"name\":\"f\",\"levels\":[{\"value\":0.5,\"lines\":[[[0,1],[1,0.5]]]}]}");
    }

    private static JsonNode parsed(Chart chart) throws IOException {
        return Json.MAPPER.readTree(Json.line(chart.toJson()));
    }

    @Test
    void what_cannot_be_drawn_is_refused() {
        assertThatThrownBy(() -> new Axis("loss", true, 0.0, null))
                .hasMessage("axis \"loss\": expected a finite limit above 0, but was 0.0");
        assertThatThrownBy(() -> new Axis("loss", false, 2.0, 1.0)).hasMessageContaining("min below max");
        assertThatThrownBy(() -> Layer.line("w", List.of(1.0), List.of())).hasMessageContaining("as many values");
        assertThatThrownBy(() -> new Chart("t", null, X, Axis.logarithmic("y"), true, List.of()))
                .hasMessageContaining("two linear axes");
        Layer bars = Layer.bars("b", List.of("a"), List.of(1.0));
        Layer line = Layer.line("w", List.of(1.0), List.of(1.0));
        assertThatThrownBy(() -> new Chart("t", null, X, X, false, List.of(bars, line)))
                .hasMessageContaining("categories in every layer");
    }

    @Test
    void a_unit_is_as_long_on_both_axes_of_a_picture() throws IOException {
        // The square's corners are marked and nothing else is blue: it must be as wide as high.
        Layer square = Layer.points("", List.of(0.0, 1.0, 1.0, 0.0), List.of(0.0, 0.0, 1.0, 1.0));
        Layer far = Layer.line("", List.of(-3.0, 3.0), List.of(0.5, 0.5));
        int[] box = boxOf(picture(new Chart("t", null, X, X, true, List.of(square, far))), BLUE);
        assertThat((double) box[0]).isBetween(box[1] - 3.0, box[1] + 3.0);
        int[] free = boxOf(picture(new Chart("t", null, X, X, false, List.of(square, far))), BLUE);
        assertThat(free[1]).isGreaterThan(2 * free[0]);
    }

    @Test
    void a_gap_stays_white_in_a_picture() throws IOException {
        Layer whole = Layer.line("", List.of(0.0, 1.0, 2.0, 3.0), List.of(1.0, 1.0, 1.0, 1.0));
        Layer broken = Layer.line("", List.of(0.0, 1.0, 1.5, 2.0, 3.0), Arrays.asList(1.0, 1.0, null, 1.0, 1.0));
        int all = count(picture(new Chart("t", null, X, X, false, List.of(whole))), BLUE);
        int two = count(picture(new Chart("t", null, X, X, false, List.of(broken))), BLUE);
        assertThat((double) two / all).isBetween(0.6, 0.7);
    }

    @Test
    void limits_of_an_axis_hold_in_a_picture() throws IOException {
        Layer line = Layer.line("", List.of(0.0, 1.0), List.of(0.0, 1.0));
        BufferedImage whole = picture(new Chart("t", null, X, X, false, List.of(line)));
        BufferedImage half = picture(new Chart("t", null, X, new Axis("y", false, 0.0, 2.0), false, List.of(line)));
        assertThat((double) boxOf(half, BLUE)[1] / boxOf(whole, BLUE)[1]).isBetween(0.4, 0.6);
    }

    @Test
    void each_kind_of_layer_is_drawn() throws IOException {
        Layer contours =
                Layer.contours("f", List.of(new ContourLevel(0.5, List.<double[][]>of(new double[][] {{0, 1}, {1, 0.5}
                }))));
        Layer points = Layer.points("p", List.of(0.5), List.of(0.5));
        BufferedImage plane = picture(new Chart("t", null, X, X, true, List.of(contours)));
        // A thin line is blended with the white around it; all else is grey.
        assertThat(coloured(plane)).isPositive();
        assertThat(count(picture(new Chart("t", null, X, X, true, List.of(contours, points))), BLUE))
                .isPositive();
        List<String> names = List.of("a", "b");
        BufferedImage bars = picture(new Chart(
                "t",
                null,
                X,
                Axis.logarithmic("steps"),
                false,
                List.of(
                        Layer.bars("measured", names, List.of(10.0, 1000.0)),
                        Layer.pointsBesideBars("theory", names, List.of(20.0, 500.0)))));
        assertThat(count(bars, BLUE)).isGreaterThan(count(bars, VERMILION)).isPositive();
        assertThat(count(bars, VERMILION)).isPositive();
        // The longer bar goes through almost all of the plot, which the legend leaves more than half of the width.
        assertThat(boxOf(bars, BLUE)[0]).isGreaterThan(400);
    }

    @Test
    void a_chart_without_points_has_no_picture() {
        Chart zeros = new Chart(
                "t", null, X, Axis.logarithmic("y"), false, List.of(Layer.line("", List.of(1.0), List.of(0.0))));
        ChartPicture.draw(zeros, folder(), "zeros.png");
        assertThat(folder().has("zeros.png")).isFalse();
    }

    private Folder folder() {
        return Folder.of(folder.toUri().toString(), new Configuration(false));
    }

    private BufferedImage picture(Chart chart) throws IOException {
        ChartPicture.draw(chart, folder(), "chart.png");
        return ImageIO.read(new ByteArrayInputStream(folder().read("chart.png")));
    }

    private static int count(BufferedImage image, int colour) {
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                count += (image.getRGB(x, y) & 0xFFFFFF) == colour ? 1 : 0;
            }
        }
        return count;
    }

    private static int coloured(BufferedImage image) {
        int count = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                Color colour = new Color(image.getRGB(x, y));
                count += colour.getRed() == colour.getGreen() && colour.getGreen() == colour.getBlue() ? 0 : 1;
            }
        }
        return count;
    }

    /** Width and height of what has a colour, in pixels. */
    private static int[] boxOf(BufferedImage image, int colour) {
        int[] least = {Integer.MAX_VALUE, Integer.MAX_VALUE};
        int[] most = {-1, -1};
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                if ((image.getRGB(x, y) & 0xFFFFFF) == colour) {
                    least[0] = Math.min(least[0], x);
                    least[1] = Math.min(least[1], y);
                    most[0] = Math.max(most[0], x);
                    most[1] = Math.max(most[1], y);
                }
            }
        }
        return new int[] {most[0] - least[0], most[1] - least[1]};
    }
}
