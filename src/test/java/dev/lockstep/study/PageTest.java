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
