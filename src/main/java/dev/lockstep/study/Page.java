package dev.lockstep.study;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Json;
import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The report of a study, or of one run, as one HTML file that needs no network: the summary as JSON, and the scripts that
 * draw it. The template writes what never changes while a study runs; the scripts draw the rest, and draw it again from
 * {@code data.json} beside the page as long as the study runs and the page came by HTTP.
 */
public final class Page {
    /** In the order in which they use each other. */
    private static final List<String> SCRIPTS = List.of(
            "format.js",
            "look.js",
            "curves.js",
            "axes.js",
            "charts.js",
            "bars.js",
            "figures.js",
            "plots.js",
            "switches.js",
            "tables.js",
            "downloads.js",
            "page.js");

    private static final String CHARTS = "/META-INF/resources/webjars/echarts/5.5.0/echarts.min.js";
    private static final Configuration TEMPLATES = templates();

    private Page() {}

    /**
     * The page of a summary.
     *
     * @param summary what {@code summary.json} holds
     * @throws IllegalArgumentException if it lacks what every summary has: kind, name, state, what was asked
     */
    public static String html(ObjectNode summary) {
        Map<String, Object> model = Map.of("summary", asMap(summary));
        try {
            return filled("report.ftlh", List.of("report.css"), SCRIPTS, summary, model);
        } catch (TemplateException e) {
            throw new IllegalArgumentException("no summary of a study or a run: " + e.getMessageWithoutStackTop(), e);
        }
    }

    /** What a template reads. */
    static Map<String, Object> asMap(ObjectNode node) {
        return Json.MAPPER.convertValue(node, new TypeReference<Map<String, Object>>() {});
    }

    /**
     * A page as one text.
     *
     * @param template the name of one that calls {@code shell.ftlh}
     * @param styles names of style sheets, in their order
     * @param scripts names of scripts, in the order in which they use each other
     * @param data what the scripts read
     * @param model what the template reads
     * @throws TemplateException if the model lacks something that the template needs
     */
    static String filled(
            String template, List<String> styles, List<String> scripts, JsonNode data, Map<String, Object> model)
            throws TemplateException {
        Map<String, Object> all = new HashMap<>(model);
        all.put("data", embeddable(Json.line(data)));
        all.put("palette", Json.line(Palette.json()));
        all.put("style", joined(styles));
        all.put("charts", resource(CHARTS));
        all.put("script", joined(scripts));
        StringWriter page = new StringWriter();
        try {
            TEMPLATES.getTemplate(template).process(all, page);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page.toString();
    }

    private static String joined(List<String> names) {
        return names.stream().map(Page::resource).collect(Collectors.joining("\n"));
    }

    /** JSON that cannot end the script element around it: a less-than sign stands in texts only, where it has a code. */
    private static String embeddable(String json) {
        return json.replace("<", "\\u003c");
    }

    private static Configuration templates() {
        Configuration templates = new Configuration(Configuration.VERSION_2_3_34);
        templates.setClassForTemplateLoading(Page.class, "");
        templates.setDefaultEncoding(StandardCharsets.UTF_8.name());
        templates.setLocale(Locale.ROOT);
        templates.setLogTemplateExceptions(false);
        return templates;
    }

    private static String resource(String name) {
        try (InputStream stream = Page.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException("the jar lacks " + name + "; build it anew");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
