package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Json;
import dev.lockstep.observe.LinePlot;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page as text, and the pictures beside it; {@link ReportPageIT} opens the page in a browser. */
class PageTest {
    /** What the made-up study gives, by the names of the page's plots. */
    static final Set<String> PLOTS = Set.of(
            "loss",
            "gradient-norm",
            "validation",
            "passes-to-training-loss-0.5",
            "seconds-to-training-loss-0.5",
            "passes-to-training-loss-0.2",
            "seconds-to-training-loss-0.2",
            "final-loss",
            "rates-of-0",
            "rates-of-1",
            "profile-passes",
            "sign-changes",
            "cosine",
            "step-sizes",
            "sharpness",
            "spectrum",
            "learning-curve");

    @Test
    void the_page_holds_exactly_the_summary() throws IOException {
        ObjectNode summary = Summaries.study();
        String page = Page.html(summary);
        String start = "<script type=\"application/json\" id=\"summary\">";
        int from = page.indexOf(start) + start.length();
        assertThat(Json.MAPPER.readTree(page.substring(from, page.indexOf("</script>", from))))
                .isEqualTo(Json.MAPPER.readTree(Json.line(summary)));
    }

    @Test
    void text_of_the_user_is_never_markup() {
        ObjectNode summary = Summaries.study();
        summary.put("name", "<img src=x onerror=alert(1)>");
        String page = Page.html(summary);
        assertThat(page)
                .doesNotContain("<img src=x")
                .doesNotContain("<b>not bold")
                .contains("&lt;b&gt;not bold");
    }

    @Test
    void a_summary_without_what_each_has_is_refused() {
        ObjectNode nameless = Summaries.study();
        nameless.remove("name");
        assertThatThrownBy(() -> Page.html(nameless))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("summary.name");
    }

    @Test
    void each_plot_is_a_picture_too(@TempDir Path folder) throws IOException {
        Folder plots = Folder.of(folder.toUri().toString(), new Configuration(false));
        Plots.draw(Summaries.study(), plots);
        Set<String> names = new TreeSet<>();
        for (String file : folder.toFile().list()) {
            names.add(file.replaceFirst("\\.png$", ""));
        }
        Set<String> expected = new TreeSet<>(PLOTS);
        // The page shows one metric at a time.
        expected.remove("validation");
        expected.add("validation-accuracy");
        expected.add("validation-loss");
        assertThat(names).isEqualTo(expected);
        // Okabe and Ito's blue, vermilion and bluish green, in this order.
        assertThat(coloursIn(plots.read("loss.png"))).contains(0x0072B2, 0xD55E00, 0x009E73);
        assertThat(coloursIn(plots.read("rates-of-0.png"))).doesNotContain(0xD55E00);
    }

    @Test
    void bands_are_filled_and_where_a_run_diverged_is_a_cross() {
        ObjectNode summary = Summaries.study();
        assertThat(forms(summary, "loss")).contains(LinePlot.Form.AREA).doesNotContain(LinePlot.Form.CROSSES);
        String best = summary.at("/methods/0/best/0").asText();
        summary.get("runs").forEach(run -> {
            if (run.path("name").asText().equals(best)) {
                ((ObjectNode) run).put("state", "diverged");
            }
        });
        summary.putArray("bands");
        for (String name : List.of("loss", "gradient-norm", "validation-loss")) {
            List<LinePlot.Line> crosses = Plots.of(summary).get(name).lines().stream()
                    .filter(line -> line.pen().form() == LinePlot.Form.CROSSES)
                    .toList();
            assertThat(crosses).as(name).hasSize(1);
            LinePlot.Line run = Plots.of(summary).get(name).lines().get(0);
            assertThat(crosses.get(0).x()).containsExactly(run.x().get(run.x().size() - 1));
        }
        assertThat(Plots.of(summary).get("loss").png()).isNotEmpty();
    }

    @Test
    void rates_at_which_runs_diverged_are_in_the_pictures() {
        Map<String, LinePlot> plots = Plots.of(Summaries.spoilt());
        List<LinePlot.Line> crosses = crosses(plots.get("final-loss"));
        assertThat(crosses)
                .hasSize(2)
                .allSatisfy(cross -> assertThat(cross.x().get(0)).isBetween(1e7, 1e9));
        assertThat(forms(Summaries.study(), "final-loss")).contains(LinePlot.Form.AREA);
        LinePlot rates = plots.get("rates-of-0");
        assertThat(rates.lines().stream().map(LinePlot.Line::name)).contains("learning rate 1e8, diverged");
        assertThat(crosses(rates))
                .hasSize(2)
                .allSatisfy(cross -> assertThat(cross.y()).containsExactly(1e35));
        // Runs begin at 2.3 times 0.95 or 1.05; what diverged leaves the picture.
        assertThat(rates.y().max()).isBetween(100.0, 300.0);
        assertThat(rates.png()).isNotEmpty();
    }

    private static List<LinePlot.Line> crosses(LinePlot plot) {
        return plot.lines().stream()
                .filter(line -> line.pen().form() == LinePlot.Form.CROSSES)
                .toList();
    }

    @Test
    void lengths_that_differ_much_have_a_logarithmic_axis() {
        assertThat(Plots.of(Summaries.study()).get("loss").x().logarithmic()).isFalse();
        Map<String, LinePlot> spoilt = Plots.of(Summaries.spoilt());
        assertThat(List.of("loss", "gradient-norm", "rates-of-0", "validation-loss", "sharpness"))
                .allSatisfy(name ->
                        assertThat(spoilt.get(name).x().logarithmic()).as(name).isTrue());
    }

    @Test
    void no_two_methods_look_alike() {
        for (int i = 0; i < 24; i++) {
            for (int k = 0; k < i; k++) {
                LinePlot.Pen one = Palette.pen(i);
                LinePlot.Pen other = Palette.pen(k);
                int same = (one.colour().equals(other.colour()) ? 1 : 0)
                        + (one.dash().equals(other.dash()) ? 1 : 0)
                        + (one.symbol() == other.symbol() ? 1 : 0);
                assertThat(same).as(i + " and " + k).isLessThan(2);
            }
        }
    }

    @Test
    void bars_have_their_names_beside_them() {
        ObjectNode summary = Summaries.study();
        assertThat(Plots.of(summary)
                        .get("passes-to-training-loss-0.5")
                        .y()
                        .places()
                        .values())
                .containsExactly("adam: 1.5", "nesterov: 1.25", "rprop: 1");
    }

    @Test
    void sharpness_has_the_limits_of_methods_whose_limit_is_known() {
        ObjectNode summary = Summaries.study();
        assertThat(limits(summary)).isEmpty();
        Summaries.limit(summary, 1, 25);
        List<LinePlot.Line> limits = limits(summary);
        assertThat(limits).extracting(LinePlot.Line::name).containsExactly("limit of nesterov");
        assertThat(limits.get(0).y()).isNotEmpty().containsOnly(25.0);
    }

    /** As the bars of the page: how many of the runs, and last those that did not get there. */
    @Test
    void bars_say_which_runs_did_not_get_there() {
        ObjectNode summary = Summaries.study();
        String target = summary.at("/asked/targets/0/id").asText();
        String name = "passes-to-" + target.replace(':', '-');
        ObjectNode first = (ObjectNode) summary.at("/methods/0/targets").get(target);
        ObjectNode second = (ObjectNode) summary.at("/methods/1/targets").get(target);
        ObjectNode third = (ObjectNode) summary.at("/methods/2/targets").get(target);
        first.put("reached", 2).put("of", 3);
        second.put("reached", 0).put("of", 3).putObject("passes");
        third.put("reached", 1).put("of", 3).putObject("passes");
        assertThat(Plots.of(summary).get(name).y().places().values())
                .containsExactly("rprop: not reached: 1 of 3", "nesterov: not reached", "adam: 1.5, 2 of 3");
        second.put("open", 3);
        assertThat(Plots.of(summary).get(name).y().places().values()).contains("nesterov: not yet");
    }

    private static List<LinePlot.Line> limits(ObjectNode summary) {
        return Plots.of(summary).get("sharpness").lines().stream()
                .filter(line -> line.name().startsWith("limit of"))
                .toList();
    }

    private static Set<LinePlot.Form> forms(ObjectNode summary, String name) {
        Set<LinePlot.Form> forms = new TreeSet<>();
        Plots.of(summary).get(name).lines().forEach(line -> forms.add(line.pen().form()));
        return forms;
    }

    @Test
    void nothing_is_drawn_of_runs_that_have_not_begun(@TempDir Path folder) {
        ObjectNode summary = Summaries.study();
        summary.get("runs").forEach(run -> {
            ((ObjectNode) run).putObject("curve");
            ((ObjectNode) run).putObject("epochCurve");
        });
        for (String key : new String[] {"bands", "profiles", "learningRates"}) {
            summary.putArray(key);
        }
        summary.remove("learningCurve");
        summary.get("methods").forEach(method -> ((ObjectNode) method).putObject("targets"));
        assertThat(Plots.of(summary)).isEmpty();
    }

    private static Set<Integer> coloursIn(byte[] png) throws IOException {
        BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
        Set<Integer> colours = new TreeSet<>();
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                colours.add(image.getRGB(x, y) & 0xFFFFFF);
            }
        }
        return colours;
    }
}
