package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.observe.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** The end of a study as a terminal shows it: the answer, and a table of methods, best first. */
final class StudyText {
    private StudyText() {}

    static String of(ObjectNode summary, String folder) {
        StringBuilder text = new StringBuilder("\n");
        text.append(summary.path("name").asText())
                .append(": ")
                .append(summary.at("/asked/sentence").asText())
                .append('\n');
        summary.path("answer")
                .forEach(sentence -> text.append(sentence.asText()).append('\n'));
        List<String> header = new ArrayList<>(List.of("method", "best setting", "runs"));
        JsonNode targets = summary.at("/asked/targets");
        targets.forEach(target -> header.add("passes to " + target.path("label").asText()));
        header.add("final loss");
        header.add("diverged or failed");
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode method : summary.path("methods")) {
            List<String> row = new ArrayList<>(List.of(
                    method.path("label").asText(),
                    setting(method.path("bestSetting")),
                    Integer.toString(method.path("runs").size())));
            targets.forEach(target -> row.add(method.path("targets")
                    .path(target.path("id").asText())
                    .path("text")
                    .asText()));
            row.add(number(method.at("/finalLoss/median")));
            row.add(Integer.toString(
                    method.path("diverged").asInt() + method.path("failed").asInt()));
            rows.add(row);
        }
        text.append(Tables.of(header, rows)).append('\n');
        text.append("study folder: ")
                .append(folder)
                .append(", report: ")
                .append(folder)
                .append('/')
                .append(StudyReport.PAGE)
                .append('\n');
        return text.toString();
    }

    private static String setting(JsonNode setting) {
        return String.join(
                ", ",
                StreamSupport.stream(setting.properties().spliterator(), false)
                        .map(entry -> entry.getKey() + " " + entry.getValue().asText())
                        .toList());
    }

    private static String number(JsonNode value) {
        return value.isNumber() ? Tables.number(value.asDouble()) : "none";
    }
}
