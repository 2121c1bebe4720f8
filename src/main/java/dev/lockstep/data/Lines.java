package dev.lockstep.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.Charset;
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

    private final Charset charset;

    /** Of a plain file; else null. */
    private final LineRecordReader plain;

    /** Of a compressed file; else null. */
    private final LineReader compressed;

    private final Text buffer = new Text();
    private long position;
    private long next;
    private String text;

    private Lines(Charset charset, LineRecordReader plain, LineReader compressed) {
        this.charset = charset;
        this.plain = plain;
        this.compressed = compressed;
    }

    /** Opens a piece; of a compressed file the piece is all of it. */
    static Lines open(Slice slice, Charset charset, Configuration hadoop) throws IOException {
        Path path = new Path(slice.file());
        if (Files.codec(path, hadoop) != null) {
            return new Lines(charset, null, new LineReader(Files.open(path, hadoop, 0)));
        }
        LineRecordReader lines = new LineRecordReader();
        lines.initialize(
                new FileSplit(path, slice.from(), slice.to() - slice.from(), new String[0]),
                new TaskAttemptContextImpl(hadoop, new TaskAttemptID()));
        return new Lines(charset, lines, null);
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
            int bytes = compressed.readLine(buffer);
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
