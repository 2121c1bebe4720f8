package dev.lockstep.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The page as text; {@link ClaimsPageIT} opens it in a browser. */
class ClaimsPageTest {
    @Test
    void the_page_holds_the_charts_as_they_came() throws IOException {
        ObjectNode lecture = Lectures.lecture();
        String page = ClaimsPage.html(lecture);
        String start = "<script type=\"application/json\" id=\"summary\">";
        int from = page.indexOf(start) + start.length();
        assertThat(Json.MAPPER
                        .readTree(page.substring(from, page.indexOf("</script>", from)))
                        .at("/1"))
                .isEqualTo(Json.MAPPER.readTree(Json.line(lecture)).at("/claims/1/charts"));
    }

    @Test
    void text_of_the_claims_is_never_markup() {
        assertThat(ClaimsPage.html(Lectures.lecture()))
                .doesNotContain("<b>second")
                .doesNotContain("<script>alert")
                .contains("&lt;b&gt;second");
    }

    @Test
    void a_claim_that_fits_nowhere_is_refused() {
        ObjectNode partless = Lectures.one();
        ((ObjectNode) partless.at("/claims/0")).put("part", "Q");
        assertThatThrownBy(() -> ClaimsPage.html(partless))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("claim B1: expected a part of [B, C, E, Z], but was \"Q\"");
        ObjectNode undecided = Lectures.one();
        ((ObjectNode) undecided.at("/claims/0")).put("verdict", "perhaps");
        assertThatThrownBy(() -> ClaimsPage.html(undecided)).hasMessageContaining("a verdict of [holds, holds if,");
        ObjectNode untitled = Lectures.one();
        untitled.remove("title");
        assertThatThrownBy(() -> ClaimsPage.html(untitled))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("summary.title");
    }
}
