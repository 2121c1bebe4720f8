package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.observe.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/**
 * The report in a real browser. Skipped where the machine has no Chromium with its driver: on Debian, {@code apt-get install
 * chromium chromium-driver}, as {@code .ci/run} does.
 */
class ReportPageIT {
    private static Browser browser;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void openBrowser() throws IOException {
        assumeTrue(Browser.isThere(), "no chromium and chromedriver on the path");
        browser = Browser.open(Files.createDirectory(folder.resolve("profile")));
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @BeforeEach
    void showStudy() throws IOException {
        browser.width(1280);
        show(Summaries.study());
        browser.complaints();
    }

    private static void show(ObjectNode summary) throws IOException {
        Path file = folder.resolve("report.html");
        Files.writeString(file, Page.html(summary));
        browser.show(file.toUri().toString());
    }

    @Test
    void every_plot_is_drawn_and_nothing_complains() throws IOException {
        browser.requests();
        show(Summaries.study());
        Set<String> drawn = new TreeSet<>();
        for (WebElement figure : browser.all("figure")) {
            String id = figure.getDomAttribute("id");
            assertThat(browser.all("[id='" + id + "'] svg path")).as(id).hasSizeGreaterThan(2);
            drawn.add(id.replaceFirst("^plot-", "").replace(':', '-'));
            assertThat(browser.find("[id='" + id + "'] .plot").getDomAttribute("aria-label"))
                    .as(id)
                    .isNotEmpty();
        }
        assertThat(drawn).isEqualTo(new TreeSet<>(PageTest.PLOTS));
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).isEmpty();
        assertThat(browser.find("#unreached").getText()).contains("training loss 0.001");
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 390, 768, 1280})
    void nothing_is_wider_than_the_window(int width) throws IOException {
        browser.width(width);
        show(Summaries.study());
        assertThat(browser.contentWidth()).isEqualTo(browser.windowWidth());
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.cutTexts()).isEmpty();
    }

    @Test
    void the_horizontal_axis_changes_for_all_curves() {
        List<String> curves =
                List.of("loss", "gradient-norm", "validation", "rates-of-0", "cosine", "sharpness", "spectrum");
        for (String plot : curves) {
            assertThat(textOf(plot)).as(plot).contains("passes over the training data");
        }
        // 40 steps, 10 an epoch.
        press("#x-steps");
        for (String plot : curves) {
            assertThat(textOf(plot)).as(plot).contains("| steps |").contains("| 30 |");
        }
        // Each of 1 MB and 10 ms.
        press("#x-bytes");
        for (String plot : curves) {
            assertThat(textOf(plot)).as(plot).contains("bytes moved").contains("| 20 MB |");
        }
        press("#x-seconds");
        for (String plot : curves) {
            assertThat(textOf(plot))
                    .as(plot)
                    .contains("training time in seconds")
                    .contains("| 0.2 |");
        }
    }

    @Test
    void the_line_of_a_setting_is_its_median() {
        // The summary's band where it has one: 0.1 + 2.2 exp(-39 / 8) = 0.11680.
        assertThat(label("loss")).contains("adam ends at 0.117;");
        // Else the mean of two seeds, 0.95 and 1.05 times that.
        press("#x-steps");
        assertThat(label("loss")).contains("adam ends at 0.117;");
        browser.find("#runs-of-0").sendKeys(Keys.ENTER);
        browser.find("#run-0-0").sendKeys(Keys.SPACE);
        // The first seed's run is off: 1.05 times that.
        assertThat(label("loss")).contains("adam ends at 0.123;");
    }

    /** As {@code Spread} and {@code Band} have it: 1, 3 and a run that lost are 3; a run that ended keeps its last value. */
    @Test
    void medians_along_runs_are_over_all_seeds_and_what_lost_is_worst() throws IOException {
        assertThat(bands("[[[1, 1], [2, 1]], [[1, 3], [2, 3]], []]", "finished finished diverged", "Infinity"))
                .isEqualTo("{\"median\":[[1,3],[2,3]],\"low\":[],\"high\":[]}");
        assertThat(bands("[[[1, 1], [2, 2]], [[1, 3]]]", "finished finished", "Infinity"))
                .startsWith("{\"median\":[[1,2],")
                .contains("[2,2.5]],\"low\":[[1,1],")
                .endsWith("[2,3]]}");
        assertThat(bands("[[[1, 1], [2, 2]], [[1, 3]]]", "finished running", "Infinity"))
                .as("of a run that goes on nothing is known")
                .contains("[2,2]],\"low\":[[1,1],");
        assertThat(bands("[[[1, 0.9], [2, 0.8]], []]", "finished diverged", "-Infinity"))
                .isEqualTo("{\"median\":[],\"low\":[],\"high\":[]}");
        assertThat(bands("[[[1, 0.9], [2, 0.8]], [], [[1, 0.5], [2, 0.6]]]", "finished failed finished", "-Infinity"))
                .isEqualTo("{\"median\":[[1,0.5],[2,0.6]],\"low\":[],\"high\":[]}");
    }

    private static String bands(String lines, String states, String worst) throws IOException {
        StringBuilder code = new StringBuilder();
        for (String script : List.of("format.js", "curves.js")) {
            try (InputStream in = Page.class.getResourceAsStream(script)) {
                code.append(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        code.append("return JSON.stringify(band(").append(lines).append(", '").append(states);
        code.append("'.split(' ').map(state => ({ state })), ").append(worst).append("));");
        return (String) browser.script(code.toString());
    }

    @Test
    void bars_say_what_targets_took_the_fewest_first() {
        assertThat(browser.find("[id='plot-passes-to-training-loss:0.5'] .plot").getDomAttribute("aria-label"))
                .isEqualTo("Passes to training loss 0.5. rprop: 1; nesterov: 1.25; adam: 1.50");
        assertThat(browser.find("[id='plot-seconds-to-training-loss:0.2'] .plot")
                        .getDomAttribute("aria-label"))
                .isEqualTo(
                        "Seconds to training loss 0.2. nesterov: 0.250, 1 of 2; adam: not reached; rprop: not reached");
    }

    @Test
    void the_vertical_axis_is_logarithmic_until_it_is_made_linear() {
        String loss = paths("loss");
        String gradient = paths("gradient-norm");
        assertThat(textOf("loss"))
                .contains("training loss, log scale")
                .contains("| 0.2 |")
                .contains("| 0.5 |");
        press("#scale-linear");
        assertThat(textOf("loss")).doesNotContain("log scale").contains("| 1.5 |");
        assertThat(textOf("gradient-norm")).doesNotContain("log scale");
        assertThat(paths("loss")).isNotEqualTo(loss);
        assertThat(paths("gradient-norm")).isNotEqualTo(gradient);
    }

    @Test
    void all_runs_are_lines_of_their_own() {
        assertThat(label("loss")).contains("adam ends at").doesNotContain("adam-0.1-seed-1");
        press("#lines-all");
        assertThat(label("loss")).contains("adam-0.1-seed-1 ends at").contains("nesterov-1.0-seed-2 (diverged)");
    }

    @Test
    void methods_and_runs_are_switched_by_keyboard() {
        browser.find("#method-0").sendKeys(Keys.SPACE);
        assertThat(label("loss")).doesNotContain("adam").contains("nesterov");
        assertThat(label("profile-passes")).doesNotContain("adam");
        browser.find("#method-0").sendKeys(Keys.SPACE);
        press("#lines-all");
        browser.find("#runs-of-1").sendKeys(Keys.ENTER);
        browser.find("#run-1-2").sendKeys(Keys.SPACE);
        assertThat(label("loss")).doesNotContain("nesterov-0.1-seed-1").contains("nesterov-0.1-seed-2");
    }

    @Test
    void the_metric_of_the_validation_plot_is_chosen() {
        assertThat(textOf("validation")).contains("validation accuracy").contains("%");
        press("#metric-validationLoss");
        assertThat(textOf("validation")).contains("validation loss").doesNotContain("%");
    }

    @Test
    void hovering_names_the_lines_and_their_values() {
        WebElement plot = browser.find("#plot-loss .plot");
        browser.script("document.getElementById('plot-loss').scrollIntoView({block: 'center'})");
        new Actions(browser.driver()).moveToElement(plot).perform();
        browser.waitFor(() -> plot.getText().contains("(")
                && Summaries.METHODS.stream().allMatch(name -> plot.getText().contains(name)));
    }

    @ParameterizedTest
    @ValueSource(ints = {390, 1280})
    void no_text_of_a_plot_lies_over_another(int width) throws IOException {
        browser.width(width);
        for (ObjectNode summary : List.of(Summaries.study(), Summaries.spoilt())) {
            show(summary);
            assertThat(browser.touchingTexts()).isEmpty();
            assertThat(browser.cutTexts()).isEmpty();
            for (String choice : List.of("#far-log", "#scale-linear", "#x-bytes", "#lines-all", "#range-whole")) {
                press(choice);
                assertThat(browser.touchingTexts()).as(choice).isEmpty();
                assertThat(browser.cutTexts()).as(choice).isEmpty();
            }
            assertThat(browser.complaints()).isEmpty();
        }
    }

    @Test
    void one_run_does_not_flatten_the_others_until_the_whole_is_asked_for() throws IOException {
        show(Summaries.spoilt());
        press("#lines-all");
        // Runs begin at a loss of 2.3; 230 is where plots end.
        for (String plot : List.of("loss", "rates-of-0", "rates-of-1")) {
            assertThat(textOf(plot)).as(plot).doesNotContain("1,000").doesNotContain("1e");
            assertThat(crosses(plot)).as(plot).isPositive();
        }
        assertThat(textOf("loss")).contains("| 100 |");
        assertThat(crosses("final-loss")).isEqualTo(2);
        press("#range-whole");
        for (String plot : List.of("loss", "rates-of-0")) {
            assertThat(textOf(plot)).as(plot).containsPattern("1e3[0-9]");
        }
    }

    @Test
    void values_at_the_ends_of_a_double_s_range_are_drawn() throws IOException {
        ObjectNode summary = Summaries.study();
        ArrayNode loss = (ArrayNode) summary.get("runs").get(0).at("/curve/loss");
        loss.set(2, 1e300);
        loss.set(3, 1e-300);
        show(summary);
        press("#lines-all");
        press("#range-whole");
        assertThat(browser.all("#plot-loss svg path")).hasSizeGreaterThan(2);
        assertThat(browser.touchingTexts()).isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void lengths_that_differ_much_have_a_logarithmic_axis_until_it_is_made_linear() throws IOException {
        assertThat(textOf("loss")).doesNotContain("passes over the training data, log scale");
        show(Summaries.spoilt());
        assertThat(textOf("loss"))
                .contains("passes over the training data, log scale")
                .contains("| 100 |");
        assertThat(browser.find("#far-log").isSelected()).isTrue();
        press("#far-linear");
        assertThat(textOf("loss")).doesNotContain("passes over the training data, log scale");
    }

    @Test
    void arrow_keys_walk_through_a_plot_and_escape_leaves_it() {
        WebElement plot = browser.find("#plot-loss .plot");
        browser.script("document.querySelector('#plot-loss .plot').focus()");
        plot.sendKeys(Keys.ARROW_RIGHT);
        String first = said();
        assertThat(first).startsWith("passes over the training data: 0; ").contains("adam: 2.300 (2.070 to 2.530)");
        plot.sendKeys(Keys.ARROW_RIGHT);
        assertThat(said()).isNotEqualTo(first).contains("passes over the training data: 0.1");
        plot.sendKeys(Keys.HOME);
        assertThat(said()).isEqualTo(first);
        plot.sendKeys(Keys.END);
        assertThat(said()).startsWith("passes over the training data: 3.9; ");
        assertThat(plot.getText()).contains("passes over the training data: 3.9");
        plot.sendKeys(Keys.ESCAPE);
        assertThat(said()).isEmpty();
        assertThat(browser.script("return document.activeElement === document.body"))
                .isEqualTo(true);
        WebElement bars = browser.find("[id='plot-passes-to-training-loss:0.5'] .plot");
        browser.script("document.querySelector(\"[id='plot-passes-to-training-loss:0.5'] .plot\").focus()");
        bars.sendKeys(Keys.ARROW_DOWN, Keys.ARROW_DOWN);
        assertThat(said()).isEqualTo("nesterov; 1.25 passes (1.13 to 1.50); 2 of 2 runs reached it");
        assertThat(browser.all(".plot[tabindex='0']")).hasSameSizeAs(browser.all(".plot"));
        assertThat(browser.complaints()).isEmpty();
    }

    private static String said() {
        return String.valueOf(browser.script("return (document.getElementById('said') || {}).textContent"));
    }

    @Test
    void sharpness_has_the_limits_of_methods_whose_limit_is_known() throws IOException {
        assertThat(label("sharpness")).doesNotContain("limit of");
        ObjectNode summary = Summaries.study();
        Summaries.limit(summary, 1, 25);
        show(summary);
        assertThat(label("sharpness")).contains("limit of nesterov ends at 25").doesNotContain("limit of adam");
    }

    @Test
    void rows_with_long_remarks_are_low() throws IOException {
        show(Summaries.spoilt());
        String height =
                "return Math.max(...[...document.querySelectorAll('#table-runs tbody tr')].map(r => r.offsetHeight))";
        assertThat(((Number) browser.script(height)).intValue()).isLessThan(60);
        browser.script("document.querySelector('#table-runs .remark').focus()");
        assertThat(((Number) browser.script(height)).intValue()).isGreaterThan(60);
    }

    private static long crosses(String plot) {
        // Paths of twelve corners.
        return (Long) browser.script("return [...document.querySelectorAll('#plot-" + plot
                + " svg path')].filter(path => (path.getAttribute('d').match(/L/g) || []).length === 11).length");
    }

    @Test
    void tables_are_sorted_by_their_headers_and_filtered() {
        assertThat(firstRun()).isEqualTo("adam-0.01-seed-1");
        browser.find("#sort-runs-final-loss").sendKeys(Keys.ENTER);
        assertThat(ariaSort("#sort-runs-final-loss")).isEqualTo("ascending");
        assertThat(browser.driver().switchTo().activeElement().getDomAttribute("id"))
                .isEqualTo("sort-runs-final-loss");
        press("#sort-runs-final-loss");
        assertThat(ariaSort("#sort-runs-final-loss")).isEqualTo("descending");
        // rprop's floor is the highest, its second seed above its first; diverged runs have none and stay last.
        assertThat(firstRun()).isEqualTo("rprop-seed-2");
        assertThat(browser.all("#table-runs tbody tr").get(13).getText()).contains("diverged");
        browser.find("#filter").sendKeys("diverged nesterov");
        assertThat(browser.all("#table-runs tbody tr")).hasSize(2);
    }

    @Test
    void one_run_has_a_smaller_page() throws IOException {
        show(Summaries.run());
        assertThat(browser.complaints()).isEmpty();
        for (String section : List.of("#targets", "#rates", "#profiles", "#learning-curve")) {
            assertThat(browser.find(section).isDisplayed()).as(section).isFalse();
        }
        assertThat(browser.all("#methods-table, .methods, #filter")).isEmpty();
        assertThat(browser.all("#plot-loss svg path")).isNotEmpty();
    }

    @Test
    void a_study_that_has_just_begun_has_a_page() throws IOException {
        ObjectNode begun = begun();
        begun.putArray("methods");
        begun.putArray("runs");
        show(begun);
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.find("#state").getText()).isEqualTo("running: 0 of 14 runs ended");
        assertThat(browser.find("#no-plots").isDisplayed()).isTrue();
    }

    @Test
    void a_running_study_is_watched_and_the_switches_stay() throws IOException {
        Map<String, byte[]> files = new ConcurrentHashMap<>();
        files.put("/t/report.html", Page.html(begun()).getBytes(StandardCharsets.UTF_8));
        files.put("/t/data.json", Json.line(begun()).getBytes(StandardCharsets.UTF_8));
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = files.getOrDefault(exchange.getRequestURI().getPath(), new byte[0]);
            exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            browser.show("http://127.0.0.1:" + server.getAddress().getPort() + "/t/report.html");
            press("#x-steps");
            browser.find("#method-2").sendKeys(Keys.SPACE);
            ObjectNode done = Summaries.study();
            done.putArray("answer").add("It is done.");
            files.put("/t/data.json", Json.line(done).getBytes(StandardCharsets.UTF_8));
            browser.waitFor(() -> browser.find("#state").getText().equals("finished"));
            assertThat(browser.find("#answer").getText()).isEqualTo("It is done.");
            assertThat(browser.find("#x-steps").isSelected()).isTrue();
            assertThat(browser.find("#method-2").isSelected()).isFalse();
            assertThat(textOf("loss")).contains("steps");
            assertThat(label("loss")).doesNotContain("rprop");
            assertThat(browser.driver().switchTo().activeElement().getDomAttribute("id"))
                    .isEqualTo("method-2");
            assertThat(browser.complaints()).isEmpty();
        } finally {
            server.stop(0);
        }
    }

    private static ObjectNode begun() {
        ObjectNode summary = Summaries.study();
        summary.put("state", "running").putArray("answer");
        summary.putObject("progress").put("runs", 14).put("ended", 0);
        return summary;
    }

    private static void press(String selector) {
        WebElement element = browser.find(selector);
        browser.script("document.querySelector('" + selector + "').scrollIntoView({block: 'center'})");
        element.click();
    }

    private static String textOf(String plot) {
        return String.valueOf(browser.script("return [...document.querySelectorAll('#plot-" + plot
                + " svg text')].map(text => text.textContent).join(' | ')"));
    }

    private static String paths(String plot) {
        return String.valueOf(browser.script("return [...document.querySelectorAll('#plot-" + plot
                + " svg path')].map(path => path.getAttribute('d')).join(' ')"));
    }

    private static String label(String plot) {
        return browser.find("#plot-" + plot + " .plot").getDomAttribute("aria-label");
    }

    private static String firstRun() {
        return browser.find("#table-runs tbody th").getText();
    }

    private static String ariaSort(String button) {
        return String.valueOf(browser.script(
                "return document.querySelector('" + button + "').closest('th').getAttribute('aria-sort')"));
    }
}
