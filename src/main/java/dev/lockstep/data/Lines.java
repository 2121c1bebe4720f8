package dev.lockstep.data;

import dev.lockstep.InputException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.zip.ZipException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.lib.input.FileSplit;
import org.apache.hadoop.mapreduce.lib.input.LineRecordReader;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.hadoop.util.LineReader;

/**
 * The lines of a piece of a text file, with the byte offset of each. A compressed file is one piece; its offsets are those
 * of its content, also where the codec could be cut, since offsets in such a file would not be a row's own.
 */
final class Lines implements Closeable {
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String file;
    private final Charset charset;

    /** Of a plain file; else null. */
    private final LineRecordReader plain;

    /** Of a compressed file; else null. */
    private final LineReader compressed;

    private final Text buffer = new Text();
    private long position;
    private long next;
    private String text;

    private Lines(String file, Charset charset, LineRecordReader plain, LineReader compressed) {
        this.file = file;
        this.charset = charset;
        this.plain = plain;
        this.compressed = compressed;
    }

    /** Opens a piece; of a compressed file the piece is all of it. */
    static Lines open(Slice slice, Charset charset, Configuration hadoop) throws IOException {
        Path path = new Path(slice.file());
        if (Files.codec(path, hadoop) != null) {
            return new Lines(slice.file(), charset, null, new LineReader(decompress(path, hadoop)));
        }
        LineRecordReader lines = new LineRecordReader();
        lines.initialize(
                new FileSplit(path, slice.from(), slice.to() - slice.from(), new String[0]),
                new TaskAttemptContextImpl(hadoop, new TaskAttemptID()));
        return new Lines(slice.file(), charset, lines, null);
    }

    private static InputStream decompress(Path path, Configuration hadoop) throws IOException {
        try {
            return Files.open(path, hadoop, 0);
        } catch (IOException e) {
            throw damaged(path.toString(), e);
        } catch (RuntimeException | UnsatisfiedLinkError e) {
            // Codecs such as Zstandard's are not Java's, and not everywhere.
            throw new InputException(
                    Files.local(path.toString()) + ": cannot be decompressed here (" + e.getMessage()
                            + "); decompress it, or compress it with gzip",
                    e);
        }
    }

    /** Moves to the next line; false if there is none. */
    boolean next() throws IOException {
        Text line = buffer;
        if (plain != null) {
            if (!plain.nextKeyValue()) {
                return false;
            }
            position = plain.getCurrentKey().get();
            line = plain.getCurrentValue();
        } else {
            position = next;
            int bytes = decompressed();
            if (bytes == 0) {
                return false;
            }
            next += bytes;
        }
        text = new String(line.getBytes(), 0, line.getLength(), charset);
        if (position == 0 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
            text = text.substring(1);
        }
        return true;
    }

    /** Reads a line of a compressed file into the buffer; gives its bytes, end included. */
    private int decompressed() throws IOException {
        try {
            return compressed.readLine(buffer);
        } catch (IOException e) {
            throw damaged(file, e);
        }
    }

    /** What a file that cannot be decompressed is to the user; anything else that went wrong may go right another time. */
    private static IOException damaged(String file, IOException e) {
        if (e.getClass() == IOException.class || e instanceof EOFException || e instanceof ZipException) {
            throw new InputException(
                    Files.local(file) + ": cannot be decompressed (" + e.getMessage()
                            + "); is it cut short or damaged, or is its ending another kind's?",
                    e);
        }
        return e;
    }

    /** The byte offset of the line in its file, or in what a compressed file holds. */
    long position() {
        return position;
    }

    /** The line without its end. */
    String text() {
        return text;
    }

    @Override
    public void close() throws IOException {
        if (plain != null) {
            plain.close();
        } else {
            compressed.close();
        }
    }
}
