package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** The page of claims in a real browser. Skipped where {@link ReportPageIT} is. */
class ClaimsPageIT {
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
    void showLecture() throws IOException {
        browser.width(1280);
        show(Lectures.lecture());
        browser.complaints();
    }

    private static void show(ObjectNode summary) throws IOException {
        Path file = folder.resolve("claims.html");
        Files.writeString(file, ClaimsPage.html(summary));
        // An address with a fragment would only jump in the page that is shown.
        browser.show("about:blank");
        browser.show(file.toUri().toString());
    }

    private static void drawAll() {
        browser.script("dispatchEvent(new Event('beforeprint')); dispatchEvent(new Event('afterprint'))");
    }

    @Test
    void every_chart_is_drawn_and_nothing_complains() throws IOException {
        browser.requests();
        show(Lectures.lecture());
        drawAll();
        List<WebElement> figures = browser.all("figure");
        // Ten claims did not fail: three of them have one chart, the others two.
        assertThat(figures).hasSize(17);
        for (WebElement figure : figures) {
            String title = figure.findElement(By.tagName("h3")).getText();
            if (!title.equals("Nothing")) {
                assertThat(paths(figure)).as(title).hasSizeGreaterThan(2);
            }
        }
        assertThat(browser.find(".nothing").getText()).startsWith("Nothing to draw");
        assertThat(browser.complaints()).isEmpty();
        assertThat(browser.requests()).isEmpty();
    }

    private static List<WebElement> paths(WebElement figure) {
        return figure.findElements(By.cssSelector("svg path"));
    }

    @Test
    void charts_far_below_are_drawn_when_they_come_near() throws IOException {
        show(Lectures.long60());
        assertThat(browser.all("figure svg").size()).isLessThan(8);
        assertThat(browser.all("article")).hasSize(60);
        browser.script("document.querySelectorAll('article figure')[70].scrollIntoView()");
        browser.waitFor(() ->
                !browser.all("figure").get(70).findElements(By.tagName("svg")).isEmpty());
        assertThat(browser.complaints()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {320, 390, 768, 1280})
    void nothing_is_wider_than_the_window(int width) throws IOException {
        browser.width(width);
        show(Lectures.lecture());
        drawAll();
        assertThat(browser.contentWidth()).isEqualTo(browser.windowWidth());
        assertThat(browser.cutTexts()).isEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void the_counts_filter_by_verdict() {
        assertThat(texts("#verdicts button"))
                .containsExactly(
                        "all 12",
                        "✓ holds 4",
                        "◐ holds if 2",
                        "✕ does not hold 2",
                        "! not as expected 2",
                        "⚠ failed 2");
        browser.find("#verdicts [data-verdict='holds if']").sendKeys(Keys.ENTER);
        assertThat(shown("article")).containsExactly("B3", "E9");
        assertThat(browser.find("#shown").getText()).isEqualTo("2 of 12 claims are shown.");
        assertThat(shown("section.part")).hasSize(2);
        assertThat(browser.find("#verdicts [data-verdict='holds if']").getDomAttribute("aria-pressed"))
                .isEqualTo("true");
        browser.find("#verdicts [data-verdict='holds if']").sendKeys(Keys.SPACE);
        assertThat(shown("article")).hasSize(12);
    }

    @Test
    void the_contents_jump_to_a_claim_also_to_one_that_is_filtered_away() {
        assertThat(texts(".contents li:first-child a .id")).containsExactly("B1", "C5", "E9");
        browser.find(".contents a[href='#E9']").sendKeys(Keys.ENTER);
        browser.waitFor(() -> inView("E9"));
        browser.find("#verdicts [data-verdict='failed']").sendKeys(Keys.ENTER);
        assertThat(shown("article")).containsExactly("C6", "E12");
        browser.script("location.hash = '#C7'");
        browser.waitFor(() -> inView("C7"));
        assertThat(shown("article")).hasSize(12);
    }

    private static boolean inView(String id) {
        return Boolean.TRUE.equals(browser.script("const top = document.getElementById('" + id
                + "').getBoundingClientRect().top; return top >= 0 && top < innerHeight / 2"));
    }

    @Test
    void each_claim_says_what_was_measured() {
        String failed = browser.find("#C6").getText();
        assertThat(failed).contains("⚠ failed").contains("study.vary: expected a list");
        assertThat(browser.find("#B3").getText()).contains("Condition: the rate is below 2");
        assertThat(browser.find("#C5 .checks tbody tr:last-child").getText())
                .contains("against the claim")
                .contains("above 1")
                .contains("0.2202")
                .contains("✕ not as expected");
        assertThat(browser.find("#B1 .facts").getText()).startsWith("1 run, 1.3 s");
        assertThat(browser.find("#B1 .facts a").getDomAttribute("href")).isEqualTo("B1/report.html");
    }

    @Test
    void a_unit_is_as_long_on_both_axes_of_a_map() {
        drawAll();
        // The widest ellipse is √10 times as wide as high.
        Object ratio = browser.script("""
                const boxes = [...document.querySelectorAll('#B2 figure:first-child svg path')]
                  .filter(path => path.getAttribute('stroke') === '#a0c92c').map(path => path.getBBox());
                return boxes[0].width / boxes[0].height;""");
        assertThat(((Number) ratio).doubleValue()).isBetween(3.1, 3.22);
        // The boundary goes from (-2, 2) to (2, -2), in a figure that is wider than high.
        Object square = browser.script("""
                const box = document.querySelector('#C5 .plot svg path[stroke-dasharray="7,5"]').getBBox();
                return box.width / box.height;""");
        assertThat(((Number) square).doubleValue()).isBetween(0.98, 1.02);
    }

    @Test
    void bars_are_as_long_as_their_values() {
        drawAll();
        assertThat(browser.find("#B3 .plot").getDomAttribute("aria-label"))
                .startsWith(
                        "Steps to 1e-6. gradient-descent, κ = 10: 63; gradient-descent, κ = 1000: 6,260; momentum,");
        List<Double> linear = bars(2);
        // -0.4 and 1.25, from 0.
        assertThat(linear.get(3) / linear.get(1)).isBetween(3.1, 3.15);
        assertThat(linear.get(0) + linear.get(1)).isBetween(linear.get(2) - 1, linear.get(2) + 1);
        List<Double> logarithmic = bars(1);
        double[] widths = {logarithmic.get(3), logarithmic.get(7), logarithmic.get(9)};
        // 6260, 276 and 34 steps: ln(6260 / 276) / ln(276 / 34).
        assertThat((widths[0] - widths[1]) / (widths[1] - widths[2])).isBetween(1.46, 1.52);
        assertThat(logarithmic.get(0)).isEqualTo(logarithmic.get(8));
    }

    /** Left end and width of each bar of a chart of B3, from the top. */
    private static List<Double> bars(int chart) {
        List<?> numbers = (List<?>) browser.script("""
                return [...document.querySelectorAll('#B3 figure:nth-child(%d) .plot svg path')]
                  .filter(path => path.getAttribute('fill-opacity') === '0.85').map(path => path.getBBox())
                  .flatMap(box => [box.x, box.width]);""".formatted(chart));
        return numbers.stream().map(number -> ((Number) number).doubleValue()).toList();
    }

    @Test
    void a_spike_of_a_dense_line_is_not_thinned_away() {
        drawAll();
        Object heights = browser.script("""
                return Math.max(...[...document.querySelectorAll('#B4 svg path')]
                  .filter(path => path.getAttribute('fill') === 'transparent' && path.getAttribute('d').length > 2000)
                  .map(path => path.getBBox().height));""");
        Object plot = browser.script("return document.querySelector('#B4 .plot').clientHeight - 86");
        // The spike reaches the top and the noise the bottom, with 4 per cent of air at each end.
        assertThat(((Number) heights).doubleValue()).isGreaterThan(0.85 * ((Number) plot).doubleValue());
        assertThat(((Number) browser.script("return document.querySelector('#B4 svg').outerHTML.length")).intValue())
                .isLessThan(200_000);
    }

    @Test
    void two_lines_of_one_course_carry_their_symbols_at_different_places() {
        drawAll();
        List<Double> first = symbols("#0072b2");
        List<Double> second = symbols("#d55e00");
        assertThat(first).hasSizeBetween(4, 7);
        assertThat(second).hasSizeBetween(4, 7);
        for (double place : first) {
            assertThat(second).noneMatch(other -> Math.abs(other - place) < 10);
        }
    }

    /** Where the symbols of a colour stand in the second chart of B2, from the left. */
    private static List<Double> symbols(String colour) {
        List<?> places = (List<?>) browser.script("""
                return [...document.querySelectorAll('#B2 figure:nth-child(2) .plot svg path')]
                  .filter(path => (path.getAttribute('fill') || '').toLowerCase() === '%s').map(path => path.getBoundingClientRect())
                  .filter(box => box.width < 12).map(box => box.x + box.width / 2);""".formatted(colour));
        return places.stream().map(place -> ((Number) place).doubleValue()).toList();
    }

    @Test
    void lines_are_switched_off_in_the_legend_by_keyboard() {
        int all = browser.all("#B1 svg path").size();
        WebElement button = browser.find("#B1 .legend button");
        button.sendKeys(Keys.SPACE);
        assertThat(browser.all("#B1 svg path").size()).isLessThan(all);
        assertThat(browser.driver().switchTo().activeElement().getText()).isEqualTo("0.5 times the best rate");
        browser.driver().switchTo().activeElement().sendKeys(Keys.SPACE);
        assertThat(browser.all("#B1 svg path")).hasSize(all);
    }

    @Test
    void hovering_names_the_point_of_a_path() {
        WebElement plot = browser.find("#B2 .plot");
        browser.script("document.querySelector('#B2 .plot').scrollIntoView({block: 'center'})");
        browser.waitFor(() -> !plot.findElements(By.tagName("svg")).isEmpty());
        new Actions(browser.driver()).moveToElement(plot).perform();
        browser.waitFor(() -> plot.getText().contains(" of 41"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void the_command_is_copied_and_the_configuration_opens() {
        WebElement button = browser.find("#B1 .copy");
        button.sendKeys(Keys.ENTER);
        browser.waitFor(() -> button.getText().equals("copied"));
        browser.find("#B1 summary").sendKeys(Keys.ENTER);
        assertThat(browser.find("#B1 details pre").getText()).contains("<script>alert(1)</script>");
    }

    @Test
    void one_claim_alone_needs_no_contents() throws IOException {
        show(Lectures.one());
        assertThat(browser.all("#overview, #verdicts")).isEmpty();
        assertThat(browser.all("#B1 svg path")).isNotEmpty();
        assertThat(browser.complaints()).isEmpty();
    }

    private static List<String> texts(String selector) {
        return browser.all(selector).stream().map(WebElement::getText).toList();
    }

    private static List<String> shown(String selector) {
        return browser.all(selector).stream()
                .filter(WebElement::isDisplayed)
                .map(element -> String.valueOf(element.getDomAttribute("id")))
                .toList();
    }
}
