package dev.lockstep.distributed;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages as bytes. A transport of Spark's does not know this project's classes (they are in the application's jar, which
 * the executors load later), so only arrays of bytes may travel; what they mean is read here, with our own class loader.
 *
 * <p>Arrays of many numbers, the weights and the gradients, are copied once, as they are; Java's serialization, which
 * would take them number by number, sees the rest.
 *
 * <pre>
 *   int: bytes of the message's object | the object, its long arrays replaced by their places | the long arrays
 * </pre>
 */
final class Wire {
    /** Shorter arrays are left to Java. */
    private static final int LONG = 256;

    private Wire() {}

    /** What stands for a long array: which one of those behind the object, and how long it is. */
    private record Place(boolean isDouble, int from, int length) implements Serializable {
        int bytes() {
            return length * (isDouble ? Double.BYTES : Float.BYTES);
        }
    }

    static byte[] encode(Message message) {
        ByteArrayOutputStream small = new ByteArrayOutputStream(4096);
        try (Writer out = new Writer(small)) {
            out.writeObject(message);
            out.flush();
            byte[] object = small.toByteArray();
            byte[] bytes = new byte[Math.addExact(Integer.BYTES + object.length, out.behind)];
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            buffer.putInt(object.length).put(object);
            for (Object array : out.arrays) {
                if (array instanceof double[] doubles) {
                    buffer.asDoubleBuffer().put(doubles);
                    buffer.position(buffer.position() + doubles.length * Double.BYTES);
                } else {
                    float[] floats = (float[]) array;
                    buffer.asFloatBuffer().put(floats);
                    buffer.position(buffer.position() + floats.length * Float.BYTES);
                }
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Message decode(byte[] bytes) {
        try (Reader in = new Reader(bytes)) {
            return (Message) in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException("a message of " + bytes.length + " bytes cannot be read", e);
        }
    }

    /** Keeps long arrays back. */
    private static final class Writer extends ObjectOutputStream {
        private final List<Object> arrays = new ArrayList<>();
        private int behind;

        Writer(ByteArrayOutputStream out) throws IOException {
            super(out);
            enableReplaceObject(true);
        }

        @Override
        protected Object replaceObject(Object object) {
            Place place;
            if (object instanceof double[] doubles && doubles.length >= LONG) {
                place = new Place(true, behind, doubles.length);
            } else if (object instanceof float[] floats && floats.length >= LONG) {
                place = new Place(false, behind, floats.length);
            } else {
                return object;
            }
            arrays.add(object);
            behind = Math.addExact(behind, place.bytes());
            return place;
        }
    }

    /** Puts long arrays back in their places, and finds classes where this one was found. */
    private static final class Reader extends ObjectInputStream {
        private final byte[] bytes;
        private final int behind;

        Reader(byte[] bytes) throws IOException {
            this(bytes, ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt());
        }

        private Reader(byte[] bytes, int objectBytes) throws IOException {
            super(new ByteArrayInputStream(bytes, Integer.BYTES, objectBytes));
            this.bytes = bytes;
            this.behind = Integer.BYTES + objectBytes;
            enableResolveObject(true);
        }

        @Override
        protected Object resolveObject(Object object) {
            if (!(object instanceof Place place)) {
                return object;
            }
            ByteBuffer source =
                    ByteBuffer.wrap(bytes, behind + place.from(), place.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            if (place.isDouble()) {
                double[] doubles = new double[place.length()];
                source.asDoubleBuffer().get(doubles);
                return doubles;
            }
            float[] floats = new float[place.length()];
            source.asFloatBuffer().get(floats);
            return floats;
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
