package dev.lockstep.study;

import java.util.List;
import java.util.regex.Pattern;

/** Lines of comma-separated values as RFC 4180 has them, with line feeds. */
final class Csv {
    private static final Pattern SPECIAL = Pattern.compile("[\",\r\n]");

    private Csv() {}

    /** One line, its line feed included. */
    static String line(List<String> cells) {
        return String.join(",", cells.stream().map(Csv::cell).toList()) + "\n";
    }

    private static String cell(String text) {
        return SPECIAL.matcher(text).find() ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }
}
