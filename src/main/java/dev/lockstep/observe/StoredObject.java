package dev.lockstep.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * An object of a JSON file that a program wrote and anybody may have changed: every key is there and holds what it
 * should, or a complaint names file and key.
 *
 * @param place the file and the keys that lead here
 * @param node an object
 */
record StoredObject(String place, JsonNode node) {

    StoredObject child(String key) {
        return object(key, get(key));
    }

    /** A list of objects. */
    List<StoredObject> children(String key) {
        List<StoredObject> children = new ArrayList<>();
        for (JsonNode child : array(key)) {
            children.add(object(key + "[" + children.size() + "]", child));
        }
        return children;
    }

    private StoredObject object(String key, JsonNode value) {
        if (!value.isObject()) {
            throw wrong(key, value, "an object");
        }
        return new StoredObject(place + " " + key, value);
    }

    String text(String key) {
        JsonNode value = get(key);
        if (!value.isTextual()) {
            throw wrong(key, value, "a text");
        }
        return value.asText();
    }

    /** A constant by its word. */
    <T> T constant(String key, List<String> words, Function<String, T> of) {
        String word = text(key);
        if (!words.contains(word)) {
            throw wrong(key, get(key), "one of " + String.join(", ", words));
        }
        return of.apply(word);
    }

    boolean flag(String key) {
        JsonNode value = get(key);
        if (!value.isBoolean()) {
            throw wrong(key, value, "true or false");
        }
        return value.asBoolean();
    }

    /** A whole number of at least 1. */
    int count(String key) {
        JsonNode value = get(key);
        if (!value.isInt() || value.asInt() < 1) {
            throw wrong(key, value, "a whole number of at least 1");
        }
        return value.asInt();
    }

    double number(String key) {
        return number(key, get(key));
    }

    /** A list of numbers of a known length. */
    double[] numbers(String key, int length) {
        JsonNode array = array(key);
        if (array.size() != length) {
            throw new InputException(place + ": " + array.size() + " " + key + ", expected " + length);
        }
        double[] numbers = new double[length];
        for (int i = 0; i < length; i++) {
            numbers[i] = number(key + "[" + i + "]", array.get(i));
        }
        return numbers;
    }

    private double number(String key, JsonNode value) {
        if (!value.isNumber() || !Double.isFinite(value.asDouble())) {
            throw wrong(key, value, "a finite number");
        }
        return value.asDouble();
    }

    /** A list of at least one text. */
    List<String> names(String key) {
        List<String> names = new ArrayList<>();
        for (JsonNode name : array(key)) {
            if (!name.isTextual()) {
                throw wrong(key + "[" + names.size() + "]", name, "a text");
            }
            names.add(name.asText());
        }
        if (names.isEmpty()) {
            throw wrong(key, get(key), "at least one text");
        }
        return names;
    }

    private JsonNode array(String key) {
        JsonNode value = get(key);
        if (!value.isArray()) {
            throw wrong(key, value, "a list");
        }
        return value;
    }

    boolean has(String key) {
        return node.has(key);
    }

    private JsonNode get(String key) {
        JsonNode value = node.get(key);
        if (value == null) {
            throw new InputException(place + ": the key " + key + " is missing");
        }
        return value;
    }

    private InputException wrong(String key, JsonNode value, String expected) {
        String shown = Json.line(value);
        return new InputException(place + ": " + key + " = "
                + (shown.length() > 80 ? shown.substring(0, 77) + "..." : shown) + ", expected " + expected);
    }
}
