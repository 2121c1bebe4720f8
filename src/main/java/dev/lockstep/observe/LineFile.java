package dev.lockstep.observe;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.InputException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A file that grows line by line, others may read meanwhile, and a run that goes on cuts back to its checkpoint. */
final class LineFile implements Closeable {
    private final OutputStream stream;

    private LineFile(OutputStream stream) {
        this.stream = stream;
    }

    /** An empty file; replaces what was there. */
    static LineFile begin(Folder folder, String name) throws IOException {
        return new LineFile(folder.write(name));
    }

    /**
     * A file of which so many lines stay, opened behind them. Cut off at any time, it loses none of these.
     *
     * @throws InputException if there are fewer
     */
    static LineFile resume(Folder folder, String name, long lines) throws IOException {
        String old = name + ".old";
        if (!folder.has(old)) {
            if (!folder.has(name)) {
                throw new InputException(folder + "/" + name + ": is gone, but the checkpoint was written after "
                        + lines + " lines of it");
            }
            folder.rename(name, old);
        }
        OutputStream stream = folder.write(name);
        try (InputStream before = new BufferedInputStream(folder.open(old))) {
            for (long i = 0; i < lines; i++) {
                if (!copyLine(before, stream)) {
                    stream.close();
                    folder.delete(name);
                    folder.rename(old, name);
                    throw new InputException(folder + "/" + name + ": has " + i
                            + " whole lines, but the checkpoint was written after " + lines + "; the file was cut");
                }
            }
        }
        Folder.flush(stream);
        folder.delete(old);
        return new LineFile(stream);
    }

    /** Copies a line with its end; false if there is no whole one. */
    private static boolean copyLine(InputStream from, OutputStream to) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = from.read(); next >= 0; next = from.read()) {
            line.write(next);
            if (next == '\n') {
                line.writeTo(to);
                return true;
            }
        }
        return false;
    }

    /** Adds an object as a line. */
    void append(JsonNode node) {
        append((Json.line(node) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a line, its end included. */
    void append(byte[] line) {
        try {
            stream.write(line);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Brings all lines to where they outlive this process. */
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
