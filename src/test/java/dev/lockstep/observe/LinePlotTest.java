package dev.lockstep.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.lockstep.observe.LinePlot.Axis;
import dev.lockstep.observe.LinePlot.Form;
import dev.lockstep.observe.LinePlot.Line;
import dev.lockstep.observe.LinePlot.Pen;
import dev.lockstep.observe.LinePlot.Symbol;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class LinePlotTest {
    private static final Color BLUE = new Color(0x0072b2);
    private static final Axis X = Axis.linear("x");
    private static final List<Double> PLACES = List.of(0.0, 1.0, 2.0, 3.0);

    @Test
    void values_apart_by_rounding_alone_are_drawn() {
        List<Double> same = List.of(1e20, Math.nextUp(1e20), 1e20, Math.nextDown(1e20));
        for (Axis y : List.of(Axis.linear("y"), Axis.logarithmic("y"))) {
            LinePlot plot = new LinePlot("t", X, y, List.of(new Line("", PLACES, same, null)));
            assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), plot::png))
                    .isNotEmpty();
        }
    }

    @Test
    void values_at_the_ends_of_a_double_s_range_are_drawn() {
        List<Double> all = List.of(4e-300, 1.0, 2e300, Double.MAX_VALUE);
        Pen dashed = new Pen(BLUE, 1, List.of(3f, 3f), Form.PLAIN);
        for (Axis y : List.of(
                Axis.linear("y"),
                Axis.linear("y").between(0.0, 3.0),
                Axis.logarithmic("y"),
                Axis.logarithmic("y").between(null, 100.0))) {
            LinePlot plot = new LinePlot("t", X, y, List.of(new Line("", PLACES, all, dashed)));
            assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), plot::png))
                    .isNotEmpty();
        }
    }

    @Test
    void what_leaves_at_the_top_has_an_arrow_or_a_cross_there() throws IOException {
        List<Double> growing = List.of(1.0, 10.0, 1e9, 1e35);
        Line line = new Line("", PLACES, growing, new Pen(BLUE, 1, List.of(), Form.PLAIN));
        Line cross = new Line("", List.of(3.0), List.of(1e35), new Pen(BLUE, 0, List.of(), Form.CROSSES));
        Axis y = Axis.logarithmic("y").between(null, 100.0);
        int bare = blue(new LinePlot("t", X, Axis.logarithmic("y"), List.of(line)));
        int arrow = blue(new LinePlot("t", X, y, List.of(line)));
        assertThat(arrow).isGreaterThan(bare + 20);
        // The cross lies at the end of the line, far from where it leaves: both are drawn.
        assertThat(blue(new LinePlot("t", X, y, List.of(line, cross)))).isGreaterThan(arrow + 8);
    }

    @Test
    void symbols_of_a_long_line_keep_a_distance() throws IOException {
        List<Double> many = IntStream.range(0, 2000).mapToObj(i -> (double) i).toList();
        List<Double> flat = many.stream().map(i -> 1.0).toList();
        Pen marked = new Pen(BLUE, 1, List.of(), Form.CIRCLES, Symbol.SQUARE);
        BufferedImage image =
                picture(new LinePlot("t", X, Axis.linear("y"), List.of(new Line("", many, flat, marked))));
        // Between two squares the line alone is blue, at most.
        long thin = IntStream.range(100, 800)
                .filter(x -> IntStream.range(0, image.getHeight())
                                .filter(y -> isBlue(image, x, y))
                                .count()
                        <= 3)
                .count();
        assertThat(thin).isBetween(100L, 500L);
    }

    @Test
    void long_names_of_places_are_not_cut() throws IOException {
        String name = "a name that is as long as those of methods with several settings: 12,345 passes over it";
        TreeMap<Double, String> places = new TreeMap<>(Map.of(0.0, name, -1.0, "b"));
        Line bar = new Line("", List.of(0.0, 5.0), List.of(0.0, 0.0), new Pen(BLUE, 18, List.of(), Form.PLAIN));
        BufferedImage image = picture(new LinePlot("t", X, Axis.of(places), List.of(bar)));
        // The left edge is free.
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < 8; x++) {
                assertThat(image.getRGB(x, y) & 0xffffff).isEqualTo(0xffffff);
            }
        }
    }

    private static BufferedImage picture(LinePlot plot) throws IOException {
        return ImageIO.read(new ByteArrayInputStream(plot.png()));
    }

    /** Blue pixels in the uppermost part of the frame. */
    private static int blue(LinePlot plot) throws IOException {
        BufferedImage image = picture(plot);
        return IntStream.range(0, 55)
                .map(y -> (int) IntStream.range(0, image.getWidth())
                        .filter(x -> isBlue(image, x, y))
                        .count())
                .sum();
    }

    private static boolean isBlue(BufferedImage image, int x, int y) {
        return (image.getRGB(x, y) & 0xffffff) == (BLUE.getRGB() & 0xffffff);
    }
}
