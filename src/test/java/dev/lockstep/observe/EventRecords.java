package dev.lockstep.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/** Reads event files by hand: frames, check sums and the wire format of protocol buffers. Knows nothing of who wrote them. */
public final class EventRecords {
    /** CRC-32C of every byte: the reversed polynomial 0x82f63b78, bit by bit. */
    private static final int[] CRC = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int value = i;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) == 0 ? value >>> 1 : (value >>> 1) ^ 0x82f63b78;
            }
            CRC[i] = value;
        }
    }

    private EventRecords() {}

    /**
     * One event.
     *
     * @param version of the file, or null
     * @param start whether it says that a session starts
     * @param values by tag
     */
    public record Read(double wallTime, long step, String version, boolean start, Map<String, Float> values) {}

    static int crc(byte[] bytes) {
        int crc = -1;
        for (byte b : bytes) {
            crc = CRC[(crc ^ b) & 0xff] ^ (crc >>> 8);
        }
        return ~crc;
    }

    private static void check(byte[] bytes, int masked) {
        int crc = crc(bytes);
        assertThat(masked).as("check sum").isEqualTo(((crc >>> 15) | (crc << 17)) + 0xa282ead8);
    }

    /** All events of a file, in order. */
    public static List<Read> read(Path file) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            List<Read> events = new ArrayList<>();
            while (bytes.hasRemaining()) {
                byte[] length = new byte[8];
                bytes.get(length);
                check(length, bytes.getInt());
                byte[] content = new byte[Math.toIntExact(bytes.getLong(bytes.position() - 12))];
                bytes.get(content);
                check(content, bytes.getInt());
                events.add(event(content));
            }
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What TensorBoard would show of a folder: by tag and step, later files without what they say does not count. */
    public static Map<String, SortedMap<Long, Float>> shown(Path folder) throws IOException {
        Map<String, SortedMap<Long, Float>> shown = new LinkedHashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                for (Read event : read(file)) {
                    if (event.start()) {
                        shown.values()
                                .forEach(series -> series.tailMap(event.step()).clear());
                    }
                    event.values().forEach((tag, value) -> {
                        Float twice =
                                shown.computeIfAbsent(tag, t -> new TreeMap<>()).put(event.step(), value);
                        assertThat(twice)
                                .as("%s of step %d twice", tag, event.step())
                                .isNull();
                    });
                }
            }
        }
        return shown;
    }

    private static Read event(byte[] content) {
        double[] wallTime = {0};
        long[] step = {0};
        String[] version = {null};
        boolean[] start = {false};
        Map<String, Float> values = new LinkedHashMap<>();
        fields(content, (field, value) -> {
            switch (field) {
                case 1 -> wallTime[0] = Double.longBitsToDouble((long) value);
                case 2 -> step[0] = (long) value;
                case 3 -> version[0] = new String((byte[]) value, StandardCharsets.UTF_8);
                case 5 -> fields((byte[]) value, (one, number) -> put(values, (byte[]) number));
                case 7 -> fields((byte[]) value, (one, status) -> start[0] = one == 1 && (long) status == 1);
                default -> throw new AssertionError("an event has no field " + field);
            }
        });
        return new Read(wallTime[0], step[0], version[0], start[0], values);
    }

    private static void put(Map<String, Float> values, byte[] content) {
        String[] tag = {null};
        float[] number = {Float.NaN};
        int[] fields = {0};
        fields(content, (field, value) -> {
            fields[0]++;
            if (field == 1) {
                tag[0] = new String((byte[]) value, StandardCharsets.UTF_8);
            } else {
                assertThat(field).isEqualTo(2);
                number[0] = Float.intBitsToFloat((int) (long) value);
            }
        });
        assertThat(fields[0]).as("a value of 0 is written, too").isEqualTo(2);
        values.put(tag[0], number[0]);
    }

    /** Calls back with the number of each field, and its bytes or its bits. */
    private static void fields(byte[] message, BiConsumer<Integer, Object> each) {
        ByteBuffer bytes = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            long key = varint(bytes);
            Object value = switch ((int) (key & 7)) {
                case 0 -> varint(bytes);
                case 1 -> bytes.getLong();
                case 2 -> {
                    byte[] inner = new byte[(int) varint(bytes)];
                    bytes.get(inner);
                    yield inner;
                }
                case 5 -> (long) bytes.getInt();
                default -> throw new AssertionError("wire type " + (key & 7));
            };
            each.accept((int) (key >>> 3), value);
        }
    }

    private static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }
}
