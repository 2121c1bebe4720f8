package dev.lockstep;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.List;

/** Settings as a command line writes them: {@code key.path=value}, one or several between commas, values unquoted. */
final class Assignments {
    private Assignments() {}

    /** Several assignments between commas; commas inside brackets, braces or quotes do not separate. */
    static Config all(String text, String where) {
        Config config = ConfigFactory.empty(where);
        for (String part : topLevelParts(text)) {
            if (!part.isBlank()) {
                config = one(part.strip(), where).withFallback(config);
            }
        }
        return config;
    }

    /** One {@code key.path=value}. A value that does not start like HOCON's lists, objects and strings is plain text. */
    static Config one(String text, String where) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new InputException(where + " " + text + ": expected key.path=value");
        }
        String key = text.substring(0, equals).strip();
        String value = text.substring(equals + 1).strip();
        try {
            if (value.startsWith("{") || value.startsWith("[") || value.startsWith("\"")) {
                Config parsed = ConfigFactory.parseString(
                        "value = " + value, ConfigParseOptions.defaults().setOriginDescription(where));
                return ConfigFactory.empty(where)
                        .withValue(key, parsed.resolve().getValue("value"));
            }
            return ConfigFactory.empty(where).withValue(key, ConfigValueFactory.fromAnyRef(typed(value), where));
        } catch (ConfigException e) {
            throw new InputException(where + " " + text + ": " + Settings.firstLine(e), e);
        }
    }

    /** A plain whole number or truth value as such, null to take a key away; else the text. */
    static Object typed(String value) {
        if (value.equals("null")) {
            return null;
        }
        if (value.equals("true") || value.equals("false")) {
            return Boolean.valueOf(value);
        }
        return value.matches("-?(0|[1-9]\\d{0,17})") && !value.equals("-0") ? (Object) Long.valueOf(value) : value;
    }

    private static List<String> topLevelParts(String text) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (!quoted && (c == '{' || c == '[')) {
                depth++;
            } else if (!quoted && (c == '}' || c == ']')) {
                depth--;
            } else if (!quoted && depth == 0 && c == ',' && !isQuotedSeparator(text, start, i)) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    /** Whether the comma at i is itself the value of {@code separator=,}. */
    private static boolean isQuotedSeparator(String text, int start, int i) {
        return text.substring(start, i).strip().equals("separator=");
    }
}
