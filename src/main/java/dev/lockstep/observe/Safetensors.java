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
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Weights in the safetensors format: 8 bytes length of the header, the header in JSON (name, dtype, shape, place of each
 * tensor), then the numbers, little-endian, row by row. Written as F64; F64 and F32 are read.
 */
public final class Safetensors {
    private static final int PREFIX = Long.BYTES;
    private static final int MOST_HEADER = 100_000_000;

    /**
     * Where a tensor lies.
     *
     * @param from byte after the header
     * @param width bytes of a number
     */
    private record Place(Network.Tensor tensor, int from, int width) {}

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
        return read(name, file, network, true);
    }

    /** The same where numbers that are not finite have a meaning: an optimizer's state. */
    static Vector readAny(String name, byte[] file, Network network) {
        return read(name, file, network, false);
    }

    private static Vector read(String name, byte[] file, Network network, boolean finite) {
        ByteBuffer buffer = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        JsonNode header = header(name, buffer);
        int dataFrom = buffer.position();
        checkNames(name, header, network);
        // Nothing is allocated for a network that the file does not hold.
        List<Place> places = places(name, header, network, file.length - dataFrom);
        double[] values = new double[network.parameters()];
        for (Place place : places) {
            Network.Tensor tensor = place.tensor;
            for (int i = 0; i < tensor.size(); i++) {
                int at = dataFrom + place.from + i * place.width;
                double value = place.width == Double.BYTES ? buffer.getDouble(at) : buffer.getFloat(at);
                if (finite && !Double.isFinite(value)) {
                    throw new InputException(name + ", " + tensor.name() + ": entry " + i + " is " + value
                            + ", expected finite weights");
                }
                values[tensor.from() + i] = value;
            }
        }
        return Vector.wrap(values);
    }

    /** Where the tensors lie after the header: one after the other, in any order, without gaps, up to the end. */
    private static List<Place> places(String name, JsonNode header, Network network, int room) {
        List<Place> places = new ArrayList<>();
        for (Network.Tensor tensor : network.tensors()) {
            JsonNode entry = header.get(tensor.name());
            checkShape(name, tensor, entry);
            places.add(place(name, tensor, entry, room));
        }
        int end = 0;
        for (Place place :
                places.stream().sorted(Comparator.comparingInt(Place::from)).toList()) {
            if (place.from != end) {
                throw new InputException(name + ", " + place.tensor.name() + ": begins at byte " + place.from
                        + ", but what lies before it ends at " + end + "; tensors must not overlap or leave gaps");
            }
            end += place.tensor.size() * place.width;
        }
        if (end != room) {
            throw new InputException(
                    name + ": " + (room - end) + " bytes follow the last tensor; is it two files in one?");
        }
        return places;
    }

    private static Place place(String name, Network.Tensor tensor, JsonNode entry, int room) {
        String dtype = entry.path("dtype").asText();
        int width = dtype.equals("F64") ? Double.BYTES : dtype.equals("F32") ? Float.BYTES : 0;
        if (width == 0) {
            throw new InputException(name + ", " + tensor.name() + ": dtype " + (dtype.isEmpty() ? "is missing" : dtype)
                    + ", expected F64 or F32");
        }
        JsonNode offsets = entry.path("data_offsets");
        long from = offsets.path(0).isIntegralNumber() ? offsets.path(0).asLong(-1) : -1;
        long to = offsets.path(1).isIntegralNumber() ? offsets.path(1).asLong(-1) : -1;
        if (offsets.size() != 2 || from < 0 || from > room || to > room || to - from != (long) tensor.size() * width) {
            throw new InputException(name + ", " + tensor.name() + ": its place " + Json.line(offsets)
                    + " does not fit its shape or the file; is the file cut short?");
        }
        return new Place(tensor, (int) from, width);
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
            JsonNode header = Json.read(json);
            if (header == null) {
                throw notOurs(name, "its header is no JSON object");
            }
            return header;
        } catch (JsonProcessingException e) {
            throw notOurs(
                    name,
                    "its header is not JSON: "
                            + e.getOriginalMessage().lines().findFirst().orElse(""));
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
        entry.path("shape").forEach(size -> shape.add(size.isInt() ? size.asInt() : -1));
        if (!shape.equals(tensor.shape())) {
            throw new InputException(name + ", " + tensor.name() + ": shape "
                    + Json.line(entry.path("shape")).replace(",", ", ")
                    + ", but the network has "
                    + tensor.shape() + "; check network.hidden and the data's width");
        }
    }
}
