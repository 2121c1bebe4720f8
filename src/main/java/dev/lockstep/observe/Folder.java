package dev.lockstep.observe;

import dev.lockstep.InputException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.Syncable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder on any of Hadoop's file systems. */
public final class Folder {
    private static final Logger LOG = LoggerFactory.getLogger(Folder.class);
    private static final String PROBE = "_writable";

    private final Path path;
    private final FileSystem system;

    /** Folders above this one that {@link #create} made for it, the nearest first. */
    private List<Path> made = List.of();

    private Folder(Path path, FileSystem system) {
        this.path = path;
        this.system = system;
    }

    /** The folder at a path, which need not exist. */
    public static Folder of(String path, Configuration hadoop) {
        try {
            Path folder = new Path(path);
            FileSystem system = folder.getFileSystem(hadoop);
            // Local files need no checksum files beside them.
            system.setWriteChecksum(false);
            return new Folder(folder, system);
        } catch (IOException | IllegalArgumentException e) {
            throw new InputException(path + ": no path of a file system that can be reached: " + e.getMessage(), e);
        }
    }

    /** The folder below this one. */
    public Folder child(String name) {
        return new Folder(new Path(path, name), system);
    }

    /** The folder in which this one is; empty at the root. */
    public Optional<Folder> above() {
        Path known = path.toString().contains("/") ? path : system.makeQualified(path);
        return Optional.ofNullable(known.getParent()).map(parent -> new Folder(parent, system));
    }

    /** The last part of the path. */
    public String name() {
        return path.getName();
    }

    /** Where it is on this machine; empty on a file system that is not the machine's own. */
    Optional<java.nio.file.Path> local() {
        return system.getUri().getScheme().equals("file")
                ? Optional.of(
                        java.nio.file.Path.of(system.makeQualified(path).toUri().getPath())
                                .normalize())
                : Optional.empty();
    }

    public boolean exists() {
        return exists(path);
    }

    public boolean has(String name) {
        return exists(new Path(path, name));
    }

    private boolean exists(Path which) {
        try {
            return system.exists(which);
        } catch (IOException e) {
            throw new InputException(which + ": cannot be looked at: " + firstLine(e), e);
        }
    }

    /** Makes the folder and those above it. */
    public void create() {
        made = missing().stream().skip(1).toList();
        try {
            if (!system.mkdirs(path)) {
                throw new InputException(path + ": the folder cannot be made: no permission, or no place for files");
            }
        } catch (IOException e) {
            throw new InputException(path + ": the folder cannot be made: " + firstLine(e), e);
        }
    }

    /**
     * Makes the folder and takes it away again, and the new ones above it; where it exists, a file in it.
     *
     * @throws InputException if that cannot be done
     */
    public void checkWritable() {
        Deque<Path> missing = missing();
        try {
            if (missing.isEmpty()) {
                write(PROBE).close();
                missing.add(new Path(path, PROBE));
            } else {
                create();
            }
        } catch (IOException e) {
            throw new InputException(path + ": nothing can be written there: " + firstLine(e), e);
        } finally {
            missing.forEach(this::deleteIfEmpty);
        }
    }

    /** The folder and those above it, as far as they are not there yet. */
    private Deque<Path> missing() {
        Deque<Path> missing = new ArrayDeque<>();
        for (Path above = path; above != null && !exists(above); above = above.getParent()) {
            missing.addLast(above);
        }
        return missing;
    }

    private void deleteIfEmpty(Path made) {
        try {
            system.delete(made, false);
        } catch (IOException e) {
            LOG.debug("{} stays", made, e);
        }
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** Moves the folder to a hidden place beside its own, in which nothing is kept, and gives it there. */
    public Folder setAside() {
        Folder aside = new Folder(new Path(path.getParent(), "." + path.getName() + ".replaced"), system);
        aside.delete();
        moveTo(aside);
        return aside;
    }

    /** The names of what is in the folder, in no order. */
    List<String> names() {
        try {
            return Arrays.stream(system.listStatus(path))
                    .map(status -> status.getPath().getName())
                    .toList();
        } catch (IOException e) {
            throw new InputException(path + ": cannot be listed: " + firstLine(e), e);
        }
    }

    /** Gives a file of this folder another name, under which nothing may be. */
    void rename(String name, String other) {
        try {
            if (!system.rename(new Path(path, name), new Path(path, other))) {
                throw new InputException(path + ": " + name + " cannot be renamed to " + other);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes a file of this folder, if it is there. */
    void delete(String name) {
        try {
            system.delete(new Path(path, name), false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a file of this folder. */
    InputStream open(String name) throws IOException {
        return system.open(new Path(path, name));
    }

    /**
     * Opens a file of this folder from a position on, as for one that is still being written.
     *
     * @param position in bytes, at least 0; behind the file's end there is nothing to read
     * @return empty if there is no such file, or if its file system knows that it ends before
     */
    public Optional<InputStream> openAt(String name, long position) {
        Path file = new Path(path, name);
        try {
            FSDataInputStream stream = system.open(file);
            try {
                stream.seek(position);
                return Optional.of(stream);
            } catch (EOFException e) {
                stream.close();
                return Optional.empty();
            }
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + firstLine(e), e);
        }
    }

    /** Brings what was written to a stream of this folder to where it outlives this process. */
    static void flush(OutputStream stream) throws IOException {
        if (stream instanceof Syncable syncable) {
            syncable.hflush();
        } else {
            stream.flush();
        }
    }

    /** Moves the folder to where nothing is. */
    public void moveTo(Folder target) {
        try {
            if (!system.rename(path, target.path)) {
                throw new InputException(path + ": cannot be moved to " + target.path + "; give another output");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the folder and all that is in it. */
    public void delete() {
        try {
            system.delete(path, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes the folder with all that is in it, and what {@link #create} made above it where nothing else is. */
    public void discard() {
        delete();
        made.forEach(this::deleteIfEmpty);
    }

    /** Opens a file of this folder for writing; replaces what was there. */
    public OutputStream write(String name) throws IOException {
        return system.create(new Path(path, name), true);
    }

    /** Writes a file of this folder. */
    public void write(String name, byte[] content) {
        try (OutputStream stream = write(name)) {
            stream.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a text file of this folder. */
    public void write(String name, String text) {
        write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** The content of a file of this folder. */
    public byte[] read(String name) {
        Path file = new Path(path, name);
        try (InputStream stream = system.open(file)) {
            return stream.readAllBytes();
        } catch (FileNotFoundException e) {
            throw new InputException(file + ": no such file", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
