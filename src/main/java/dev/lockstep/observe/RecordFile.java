package dev.lockstep.observe;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * Records one after the other, as TensorFlow frames them, all numbers little-endian:
 *
 * <pre>
 *   length (8 bytes), check sum of these (4), content (length bytes), check sum of these (4)
 *   check sum = ((c &gt;&gt;&gt; 15) | (c &lt;&lt; 17)) + 0xa282ead8,   c = CRC-32C
 * </pre>
 *
 * The check sum is turned and shifted because that of bytes that hold their own check sum is always the same.
 */
final class RecordFile implements Closeable {
    private static final int MASK = 0xa282ead8;

    private final OutputStream stream;

    /** Records into a stream, which is closed with this. */
    RecordFile(OutputStream stream) {
        this.stream = stream;
    }

    /** Writes one record. */
    void write(byte[] content) {
        ByteBuffer record = ByteBuffer.allocate(Long.BYTES + Integer.BYTES + content.length + Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(content.length);
        record.putInt(checkSum(record.array(), Long.BYTES));
        record.put(content);
        record.putInt(checkSum(content, content.length));
        try {
            stream.write(record.array());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int checkSum(byte[] content, int length) {
        CRC32C sum = new CRC32C();
        sum.update(content, 0, length);
        return Integer.rotateRight((int) sum.getValue(), 15) + MASK;
    }

    /** Brings what was written to where it outlives this process. */
    void flush() {
        try {
            Folder.flush(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
