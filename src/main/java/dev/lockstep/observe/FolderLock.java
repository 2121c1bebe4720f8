package dev.lockstep.observe;

import dev.lockstep.InputException;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second process away from a folder that one is at work on, by the operating system's lock on the hidden file
 * {@code .NAME.lock} beside it. The lock ends with its process, however that ends; the file goes when it is given back, and
 * a killed process leaves one that means nothing.
 *
 * <p>Beside the folder and not in it: so it holds before the folder is there, and while it is set aside to be replaced.
 * File systems that are not this machine's own ({@code hdfs://}, {@code s3a://}) have no such lock, and none is taken.
 */
public final class FolderLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FolderLock.class);

    /** Below all other hooks: when they have run, nobody writes any more. */
    private static final int PRIORITY = 0;

    /** Each time somebody took the file away between two calls. */
    private static final int MOST_ATTEMPTS = 100;

    /** Files that this process holds: to close a second channel on one would give its lock back. */
    private static final Set<Path> HELD = new HashSet<>();

    /** Null if there is no lock. */
    private final Path file;

    private final FileChannel channel;

    /** Folders that were made for the file, the nearest first. */
    private final List<Path> made;

    private final Runnable hook = this::giveBack;
    private boolean isHeld;

    private FolderLock(Path file, FileChannel channel, List<Path> made) {
        this.file = file;
        this.channel = channel;
        this.made = made;
        this.isHeld = file != null;
    }

    /**
     * Takes the lock of a folder, which need not exist.
     *
     * @param what it holds, for the complaint: a run, a study
     * @throws InputException if another process has it, or somebody else in this one
     */
    public static FolderLock take(Folder folder, String what) {
        Optional<Path> local = folder.local();
        if (local.isEmpty() || local.get().getParent() == null) {
            return new FolderLock(null, null, List.of());
        }
        Path place = real(local.get());
        Path above = place.getParent();
        List<Path> made = new ArrayList<>();
        for (Path missing = above; missing != null && !Files.exists(missing); missing = missing.getParent()) {
            made.add(missing);
        }
        try {
            for (int i = 0; i < MOST_ATTEMPTS; i++) {
                Files.createDirectories(above);
                Path file = above.toRealPath().resolve("." + place.getFileName() + ".lock");
                Optional<FileChannel> channel = attempt(file, folder, what);
                if (channel.isPresent()) {
                    FolderLock lock = new FolderLock(file, channel.get(), made);
                    lock.atTheEnd();
                    return lock;
                }
            }
        } catch (IOException e) {
            // No place for it, or a file system without locks. Whoever cannot write there will be told so.
            LOG.debug("{}: no lock", folder, e);
        }
        made.forEach(FolderLock::deleteIfEmpty);
        return new FolderLock(null, null, List.of());
    }

    /** Where a link leads. */
    private static Path real(Path place) {
        try {
            return place.toRealPath();
        } catch (IOException e) {
            return place;
        }
    }

    /** The channel that holds the lock; empty if the file was taken away meanwhile. */
    private static Optional<FileChannel> attempt(Path file, Folder folder, String what) throws IOException {
        synchronized (HELD) {
            if (HELD.contains(file)) {
                throw refused(folder, what, "this process itself, with another run or study");
            }
            try {
                Files.createFile(file);
            } catch (FileAlreadyExistsException e) {
                LOG.debug("{} is there", file);
            }
            Object key = key(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
            if (!isLocked(channel)) {
                channel.close();
                throw refused(folder, what, holder(file));
            }
            if (!Objects.equals(key, key(file))) {
                channel.close();
                return Optional.empty();
            }
            HELD.add(file);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(("process " + ProcessHandle.current().pid() + " on " + host() + "\n")
                    .getBytes(StandardCharsets.UTF_8)));
            return Optional.of(channel);
        }
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** What tells a file from another one of the same name. */
    private static Object key(Path file) {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return new Object();
        }
    }

    private static String holder(Path file) {
        try {
            String line = Files.readString(file).strip();
            return line.isEmpty() ? "another process" : line;
        } catch (IOException e) {
            return "another process";
        }
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (IOException e) {
            return "this machine";
        }
    }

    private static InputException refused(Folder folder, String what, String who) {
        return new InputException(folder + ": someone is at work on this " + what + ": " + who
                + "; wait until it has ended, or end it and go on with --resume, or give another output");
    }

    /** A process that is told to stop does not come to its last lines. */
    private void atTheEnd() {
        if (!ShutdownHookManager.get().isShutdownInProgress()) {
            ShutdownHookManager.get().addShutdownHook(hook, PRIORITY);
        }
    }

    /** Gives the lock back, and takes the file away. */
    @Override
    public void close() {
        giveBack();
        if (file != null && !ShutdownHookManager.get().isShutdownInProgress()) {
            ShutdownHookManager.get().removeShutdownHook(hook);
        }
    }

    private void giveBack() {
        synchronized (HELD) {
            if (!isHeld) {
                return;
            }
            isHeld = false;
            try (channel) {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.debug("{} stays", file, e);
            }
            HELD.remove(file);
            made.forEach(FolderLock::deleteIfEmpty);
        }
    }

    private static void deleteIfEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.debug("{} stays", folder, e);
        }
    }
}
