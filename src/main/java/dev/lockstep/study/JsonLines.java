package dev.lockstep.study;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.InputException;
import dev.lockstep.observe.Folder;
import dev.lockstep.observe.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The lines of a file that may be growing, each read once; a line counts when its line feed is there.
 *
 * <p>A resumed run cuts its files back to a checkpoint and writes other lines from there. The last line that was
 * read is therefore read again before the next ones: if it is not the same, nothing before it can be trusted.
 */
final class JsonLines {
    private static final int BUFFER = 1 << 16;

    private final Folder folder;
    private final String name;

    /** Behind the last line that was read, in bytes. */
    private long position;

    private byte[] last = new byte[0];

    JsonLines(Folder folder, String name) {
        this.folder = folder;
        this.name = name;
    }

    /** Whether the file still has the last line that was read, where it was. */
    boolean stands() {
        if (last.length == 0) {
            return true;
        }
        Optional<InputStream> opened = folder.openAt(name, position - last.length);
        if (opened.isEmpty()) {
            return false;
        }
        try (InputStream stream = opened.get()) {
            return Arrays.equals(stream.readNBytes(last.length), last);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Begins at the file's first line again. */
    void restart() {
        position = 0;
        last = new byte[0];
    }

    /**
     * Reads the new lines.
     *
     * @throws InputException if a line is no JSON
     */
    void read(Consumer<JsonNode> each) {
        Optional<InputStream> opened = folder.openAt(name, position);
        if (opened.isEmpty()) {
            return;
        }
        try (InputStream stream = new BufferedInputStream(opened.get(), BUFFER)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = stream.read(); next >= 0; next = stream.read()) {
                line.write(next);
                if (next == '\n') {
                    last = line.toByteArray();
                    each.accept(parse(last));
                    position += last.length;
                    line.reset();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode parse(byte[] line) throws IOException {
        try {
            return Json.MAPPER.readTree(line);
        } catch (JsonProcessingException e) {
            throw new InputException(
                    folder + "/" + name + ": the line at byte " + position
                            + " is no JSON; delete the run's folder, so that it is run again",
                    e);
        }
    }
}
