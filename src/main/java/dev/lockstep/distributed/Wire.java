package dev.lockstep.distributed;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages as bytes on a channel. A transport of Spark's does not know this project's classes (they are in the
 * application's jar, which the executors load later), so only bytes may travel; what they mean is read here, with our own
 * class loader.
 *
 * <p>Arrays of many numbers, the weights and the gradients, go as they are, through a buffer that stays in the
 * processor's cache; Java's serialization, which would take them number by number, sees the rest.
 *
 * <pre>
 *   int: bytes of the message's object | the object, its long arrays replaced by their lengths | the long arrays
 * </pre>
 */
final class Wire {
    /** Shorter arrays are left to Java. */
    private static final int LONG = 256;

    private static final int CHUNK_BYTES = 1 << 16;

    private final ByteChannel channel;
    private final ByteBuffer in;
    private final ByteBuffer out;

    private Wire(ByteChannel channel, ByteBuffer in, ByteBuffer out) {
        this.channel = channel;
        this.in = in.order(ByteOrder.LITTLE_ENDIAN).limit(0);
        this.out = out.order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Over a channel that blocks; one thread may read while another one writes. */
    static Wire over(ByteChannel channel) {
        return new Wire(channel, ByteBuffer.allocateDirect(CHUNK_BYTES), ByteBuffer.allocateDirect(CHUNK_BYTES));
    }

    /** What stands for a long array. */
    private record Place(boolean isDouble, int length) implements Serializable {}

    /** Waits until a buffer has room for so many bytes, or holds so many. */
    private interface Ready {
        void bytes(int count) throws IOException;
    }

    /** Moves so many numbers between a buffer's place and an array. */
    private interface Move {
        void numbers(int from, int count);
    }

    private static void pass(int length, int width, ByteBuffer buffer, Ready ready, Move move) throws IOException {
        for (int from = 0; from < length; ) {
            ready.bytes(width);
            int count = Math.min(buffer.remaining() / width, length - from);
            move.numbers(from, count);
            buffer.position(buffer.position() + count * width);
            from += count;
        }
    }

    /** Sends a message; returns when the last byte has been handed to the channel. */
    void write(Message message) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        Writer writer = new Writer(bytes);
        writer.writeObject(message);
        writer.flush();
        byte[] object = bytes.toByteArray();
        out.clear().putInt(object.length);
        pass(object.length, 1, out, this::room, (from, count) -> out.slice().put(object, from, count));
        for (Object array : writer.arrays) {
            if (array instanceof double[] doubles) {
                pass(
                        doubles.length,
                        Double.BYTES,
                        out,
                        this::room,
                        (from, count) -> out.asDoubleBuffer().put(doubles, from, count));
            } else {
                float[] floats = (float[]) array;
                pass(
                        floats.length,
                        Float.BYTES,
                        out,
                        this::room,
                        (from, count) -> out.asFloatBuffer().put(floats, from, count));
            }
        }
        send();
    }

    private void room(int bytes) throws IOException {
        if (out.remaining() < bytes) {
            send();
        }
    }

    private void send() throws IOException {
        out.flip();
        while (out.hasRemaining()) {
            channel.write(out);
        }
        out.clear();
    }

    /**
     * Waits for a message.
     *
     * @throws EOFException if the other end has closed the channel
     */
    Message read() throws IOException {
        need(Integer.BYTES);
        byte[] object = new byte[in.getInt()];
        pass(object.length, 1, in, this::need, (from, count) -> in.slice().get(object, from, count));
        Reader reader = new Reader(object);
        Message message;
        try {
            message = (Message) reader.readObject();
        } catch (ClassNotFoundException e) {
            throw new IOException("a message of " + object.length + " bytes cannot be read", e);
        }
        for (Object array : reader.arrays) {
            if (array instanceof double[] doubles) {
                pass(
                        doubles.length,
                        Double.BYTES,
                        in,
                        this::need,
                        (from, count) -> in.asDoubleBuffer().get(doubles, from, count));
            } else {
                float[] floats = (float[]) array;
                pass(
                        floats.length,
                        Float.BYTES,
                        in,
                        this::need,
                        (from, count) -> in.asFloatBuffer().get(floats, from, count));
            }
        }
        return message;
    }

    private void need(int bytes) throws IOException {
        if (in.remaining() >= bytes) {
            return;
        }
        in.compact();
        while (in.position() < bytes) {
            if (channel.read(in) < 0) {
                throw new EOFException("the other end is gone");
            }
        }
        in.flip();
    }

    /** A message as an array of its own. */
    static byte[] encode(Message message) {
        return pack(message);
    }

    /** Anything of many numbers as an array of its own: Java's serialization would take them one by one. */
    static byte[] pack(Serializable content) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
            Writer writer = new Writer(bytes);
            writer.writeObject(content);
            writer.flush();
            long length = Integer.BYTES + (long) bytes.size();
            for (Object array : writer.arrays) {
                length += array instanceof double[] doubles
                        ? (long) doubles.length * Double.BYTES
                        : (long) ((float[]) array).length * Float.BYTES;
            }
            ByteBuffer whole = ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
            whole.putInt(bytes.size()).put(bytes.toByteArray());
            for (Object array : writer.arrays) {
                if (array instanceof double[] doubles) {
                    whole.asDoubleBuffer().put(doubles);
                    whole.position(whole.position() + doubles.length * Double.BYTES);
                } else {
                    float[] floats = (float[]) array;
                    whole.asFloatBuffer().put(floats);
                    whole.position(whole.position() + floats.length * Float.BYTES);
                }
            }
            return whole.array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Message decode(byte[] bytes) {
        return (Message) unpack(bytes);
    }

    /** What was {@link #pack packed}. */
    static Object unpack(byte[] bytes) {
        try {
            ByteBuffer whole = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            byte[] object = new byte[whole.getInt()];
            whole.get(object);
            Reader reader = new Reader(object);
            Object content = reader.readObject();
            for (Object array : reader.arrays) {
                if (array instanceof double[] doubles) {
                    whole.asDoubleBuffer().get(doubles);
                    whole.position(whole.position() + doubles.length * Double.BYTES);
                } else {
                    float[] floats = (float[]) array;
                    whole.asFloatBuffer().get(floats);
                    whole.position(whole.position() + floats.length * Float.BYTES);
                }
            }
            return content;
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            throw new IllegalStateException("a message of " + bytes.length + " bytes cannot be read", e);
        }
    }

    /** Keeps long arrays back. */
    private static final class Writer extends ObjectOutputStream {
        private final List<Object> arrays = new ArrayList<>();

        Writer(ByteArrayOutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            Place place;
            if (object instanceof double[] doubles && doubles.length >= LONG) {
                place = new Place(true, doubles.length);
            } else if (object instanceof float[] floats && floats.length >= LONG) {
                place = new Place(false, floats.length);
            } else {
                return object;
            }
            arrays.add(object);
            return place;
        }
    }

    /** Makes the long arrays, still empty, and finds classes where this one was found. */
    private static final class Reader extends ObjectInputStream {
        private final List<Object> arrays = new ArrayList<>();

        Reader(byte[] object) throws IOException {
            super(new ByteArrayInputStream(object));
            enableResolveObject(true);
        }

        @Override
        protected Object resolveObject(Object object) {
            if (!(object instanceof Place place)) {
                return object;
            }
            Object array = place.isDouble() ? new double[place.length()] : new float[place.length()];
            arrays.add(array);
            return array;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass description) throws IOException, ClassNotFoundException {
            try {
                return Class.forName(description.getName(), false, Wire.class.getClassLoader());
            } catch (ClassNotFoundException e) {
                return super.resolveClass(description);
            }
        }
    }
}
