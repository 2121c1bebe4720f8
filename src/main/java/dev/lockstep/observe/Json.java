package dev.lockstep.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** JSON as this project writes it: doubles so that parsing gives them back, numbers that are not finite as null. */
public final class Json {
    /** Reads and writes all JSON. */
    public static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private static final ObjectMapper ONE_LINE = new ObjectMapper();

    private Json() {}

    /** Reads one object and nothing after it. */
    private static final ObjectReader STRICT = MAPPER.readerFor(JsonNode.class)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

    /**
     * Reads an object that somebody else may have written.
     *
     * @return null if it is no object
     * @throws IOException if it is no JSON, names a key twice, or goes on after the object
     */
    static JsonNode read(byte[] text) throws IOException {
        JsonNode node = STRICT.readValue(text);
        return node != null && node.isObject() ? node : null;
    }

    /** An empty object. */
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** Puts a number, or null if it is not finite. */
    public static void put(ObjectNode node, String key, double value) {
        if (Double.isFinite(value)) {
            node.put(key, value);
        } else {
            node.putNull(key);
        }
    }

    /** The object on several lines, for a file that people read. */
    public static String pretty(ObjectNode node) {
        return write(MAPPER, node) + "\n";
    }

    /** The object on one line. */
    public static String line(JsonNode node) {
        return write(ONE_LINE, node);
    }

    private static String write(ObjectMapper mapper, JsonNode node) {
        try {
            return mapper.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
