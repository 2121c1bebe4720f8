package dev.lockstep.observe;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.InputException;
import dev.lockstep.linalg.Vector;
import dev.lockstep.network.Network;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Weights in the safetensors format: 8 bytes length of the header, the header in JSON (name, dtype, shape, place of each
 * tensor), then the numbers, little-endian, row by row. Written as F64; F64 and F32 are read.
 */
public final class Safetensors {
    private static final int PREFIX = Long.BYTES;
    private static final int MOST_HEADER = 100_000_000;

    private Safetensors() {}

    /** The flat parameters of a network, as a file. */
    public static byte[] write(Network network, Vector parameters) {
        ObjectNode header = Json.object();
        for (Network.Tensor tensor : network.tensors()) {
            ObjectNode entry = header.putObject(tensor.name());
            entry.put("dtype", "F64");
            ArrayNode shape = entry.putArray("shape");
            tensor.shape().forEach(shape::add);
            long from = (long) tensor.from() * Double.BYTES;
            entry.putArray("data_offsets").add(from).add(from + (long) tensor.size() * Double.BYTES);
        }
        StringBuilder text = new StringBuilder(Json.line(header));
        while ((text.length() + PREFIX) % Double.BYTES != 0) {
            text.append(' ');
        }
        byte[] json = text.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(
                        Math.addExact(PREFIX + json.length, Math.multiplyExact(parameters.size(), Double.BYTES)))
                .order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        for (int i = 0; i < parameters.size(); i++) {
            file.putDouble(parameters.get(i));
        }
        return file.array();
    }

    /**
     * The flat parameters of a network out of a file.
     *
     * @param name of the file, for complaints
     * @throws InputException if the file is no such file, or holds other tensors than the network has
     */
    public static Vector read(String name, byte[] file, Network network) {
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        JsonNode header = header(name, buffer);
        int dataFrom = buffer.position();
        checkNames(name, header, network);
        double[] values = new double[network.parameters()];
        for (Network.Tensor tensor : network.tensors()) {
            JsonNode entry = header.get(tensor.name());
            checkShape(name, tensor, entry);
            String dtype = entry.path("dtype").asText();
            int width = dtype.equals("F64") ? Double.BYTES : dtype.equals("F32") ? Float.BYTES : 0;
            if (width == 0) {
                throw new InputException(name + ", " + tensor.name() + ": dtype " + dtype + ", expected F64 or F32");
            }
            long from = entry.path("data_offsets").path(0).asLong(-1);
            long to = entry.path("data_offsets").path(1).asLong(-1);
            long room = (long) file.length - dataFrom;
            if (from < 0 || from > room || to > room || to - from != (long) tensor.size() * width) {
                throw new InputException(name + ", " + tensor.name() + ": its place [" + from + ", " + to
                        + ") does not fit its shape or the file; is the file cut short?");
            }
            for (int i = 0; i < tensor.size(); i++) {
                int at = dataFrom + (int) from + i * width;
                double value = width == Double.BYTES ? buffer.getDouble(at) : buffer.getFloat(at);
                if (!Double.isFinite(value)) {
                    throw new InputException(name + ", " + tensor.name() + ": entry " + i + " is " + value
                            + ", expected finite weights");
                }
                values[tensor.from() + i] = value;
            }
        }
        return Vector.wrap(values);
    }

    private static JsonNode header(String name, ByteBuffer buffer) {
        if (buffer.remaining() < PREFIX) {
            throw notOurs(name, "it is only " + buffer.remaining() + " bytes long");
        }
        long length = buffer.getLong();
        if (length < 2 || length > Math.min(MOST_HEADER, buffer.remaining())) {
            throw notOurs(name, "its header would be " + length + " bytes long");
        }
        byte[] json = new byte[(int) length];
        buffer.get(json);
        try {
            JsonNode header = Json.MAPPER.readTree(json);
            if (header == null || !header.isObject()) {
                throw notOurs(name, "its header is no JSON object");
            }
            return header;
        } catch (JsonProcessingException e) {
            throw notOurs(name, "its header is no JSON");
        } catch (IOException e) {
            throw new InputException(name + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static InputException notOurs(String name, String why) {
        return new InputException(name + ": not a safetensors file: " + why);
    }

    private static void checkNames(String name, JsonNode header, Network network) {
        TreeSet<String> found = new TreeSet<>();
        header.fieldNames().forEachRemaining(found::add);
        found.remove("__metadata__");
        List<String> wanted =
                network.tensors().stream().map(Network.Tensor::name).toList();
        if (!found.equals(new TreeSet<>(wanted))) {
            throw new InputException(
                    name + ": holds " + found + ", but the network " + network.widths() + " has " + wanted);
        }
    }

    private static void checkShape(String name, Network.Tensor tensor, JsonNode entry) {
        List<Integer> shape = new ArrayList<>();
        entry.path("shape").forEach(size -> shape.add(size.asInt()));
        if (!shape.equals(tensor.shape())) {
            throw new InputException(name + ", " + tensor.name() + ": shape " + shape + ", but the network has "
                    + tensor.shape() + "; check network.hidden and the data's width");
        }
    }
}
