package dev.lockstep.distributed;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.io.UncheckedIOException;

/**
 * Messages as bytes. A transport of Spark's does not know this project's classes (they are in the application's jar, which
 * the executors load later), so only arrays of bytes may travel; what they mean is read here, with our own class loader.
 */
final class Wire {
    private static final int SMALL = 8 << 10;

    private Wire() {}

    static byte[] encode(Message message) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(SMALL + aboutBytes(message));
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(message);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Message decode(byte[] bytes) {
        try (ObjectInputStream in = new OurClasses(bytes)) {
            return (Message) in.readObject();
        } catch (IOException | ClassNotFoundException e) {
            throw new IllegalStateException("a message of " + bytes.length + " bytes cannot be read", e);
        }
    }

    /** So that the array of bytes need not grow, which would copy it. */
    private static int aboutBytes(Message message) {
        long bytes = 0;
        if (message instanceof Message.Report report && report.parts() != null) {
            for (var parts : report.parts()) {
                for (Partial part : parts) {
                    double[] gradient = part.sums().gradient();
                    bytes += SMALL + (gradient == null ? 0 : 8L * gradient.length);
                }
            }
        } else if (message instanceof Message.Work work) {
            for (Question question : work.questions()) {
                bytes += SMALL
                        + (long) question.weights().length()
                                * question.weights().precision().bytes();
            }
        }
        return (int) Math.min(bytes, 1 << 30);
    }

    /** Finds classes where this one was found. */
    private static final class OurClasses extends ObjectInputStream {
        OurClasses(byte[] bytes) throws IOException {
            super(new ByteArrayInputStream(bytes));
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
