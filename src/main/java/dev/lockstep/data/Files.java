package dev.lockstep.data;

import dev.lockstep.InputException;
import dev.lockstep.Settings;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** Files behind a path of a configuration, through Hadoop: a file, a folder, or a glob, on any file system. */
final class Files {
    /** How files begin that are plainly no lines of text, and what is to be said of them. */
    private static final Map<String, String> NO_TEXT = Map.of(
            "PAR1", "a Parquet file; set format = parquet",
            "ORC", "an ORC file; set format = orc",
            "PK\u0003\u0004", "a zip archive, which cannot be read; unpack it (gzip can be read)",
            "\u00ff\u00fe", "encoded in UTF-16, which cannot be read; write it in UTF-8",
            "\u00fe\u00ff", "encoded in UTF-16, which cannot be read; write it in UTF-8");

    private static final String GZIP = "\u001f\u008b";

    private Files() {}

    /** The key {@code path}: a path or a list of them. */
    static List<String> paths(Settings settings) {
        List<String> paths = settings.isList("path") ? settings.texts("path") : List.of(settings.text("path"));
        if (paths.isEmpty()) {
            throw settings.wrong("path", "expected a file, a folder, a glob, or a list of them");
        }
        return new ArrayList<>(paths);
    }

    /**
     * The files behind several paths, each once, sorted by path.
     *
     * @throws InputException if there is none behind one of them
     */
    static List<FileStatus> list(List<String> paths, String key, Configuration hadoop) throws IOException {
        Map<String, FileStatus> files = new TreeMap<>();
        for (String path : paths) {
            list(path, key, hadoop).forEach(file -> files.put(file.getPath().toString(), file));
        }
        return List.copyOf(files.values());
    }

    /** Cuts files into slices by bytes; those that cannot be cut are one slice each. */
    static List<Slice> cut(List<FileStatus> files, boolean splittable, Configuration hadoop, Source.Cut cut) {
        long most = cut.bytes(files.stream().mapToLong(FileStatus::getLen).sum());
        List<Slice> slices = new ArrayList<>();
        for (FileStatus file : files) {
            boolean plain = splittable && codec(file.getPath(), hadoop) == null;
            long step = plain ? most : Math.max(1, file.getLen());
            for (long from = 0; from < file.getLen(); from += step) {
                long to = Math.min(file.getLen(), from + step);
                slices.add(new Slice(file.getPath().toString(), from, to, to - from));
            }
        }
        return slices;
    }

    /**
     * The files behind paths that are to hold lines of text.
     *
     * @throws InputException if one is plainly of another kind, by its first bytes or its ending
     */
    static List<FileStatus> text(List<String> paths, String format, Configuration hadoop) throws IOException {
        List<FileStatus> files = list(paths, "path", hadoop);
        for (FileStatus file : files) {
            refuseOther(file.getPath(), format, hadoop);
        }
        return files;
    }

    private static void refuseOther(Path path, String format, Configuration hadoop) throws IOException {
        String head = head(path, hadoop);
        for (Map.Entry<String, String> kind : NO_TEXT.entrySet()) {
            if (head.startsWith(kind.getKey())) {
                throw new InputException(
                        local(path.toString()) + ": format = " + format + ", but the file is " + kind.getValue());
            }
        }
        if (head.startsWith(GZIP) && codec(path, hadoop) == null) {
            throw new InputException(local(path.toString()) + ": format = " + format
                    + ", but the file is gzipped and does not end in .gz; rename it");
        }
        if (path.getName().matches("(?i).*\\.(tar|tgz|tar\\.\\w+)")) {
            throw new InputException(
                    local(path.toString()) + ": a tar archive, which cannot be read; unpack it and give the folder");
        }
    }

    /** The first four bytes of a file, or fewer if it has no more, a sign each. */
    static String head(Path path, Configuration hadoop) throws IOException {
        byte[] head = new byte[4];
        try (FSDataInputStream stream = path.getFileSystem(hadoop).open(path)) {
            int count = stream.readNBytes(head, 0, head.length);
            return new String(head, 0, count, StandardCharsets.ISO_8859_1);
        }
    }

    /** A path of the local file system as people write it. */
    static String local(String path) {
        return path.replaceFirst("^file:/+", "/");
    }

    /**
     * The files, sorted by path. Of a folder all files below it; names that begin with a dot or an underscore are hidden,
     * as everywhere in Spark.
     *
     * @throws InputException if there is none
     */
    static List<FileStatus> list(String path, String key, Configuration hadoop) throws IOException {
        Path pattern;
        FileStatus[] matches;
        FileSystem system;
        try {
            pattern = new Path(path);
            system = fileSystem(pattern, key, hadoop);
            matches = system.globStatus(pattern);
        } catch (IllegalArgumentException e) {
            throw new InputException(path + ": not a path (" + e.getMessage() + "); check " + key, e);
        }
        if (matches == null || matches.length == 0) {
            throw new InputException(path + ": no such file or folder; " + key
                    + " takes a file, a folder or a glob, relative to the working directory");
        }
        List<FileStatus> files = new ArrayList<>();
        for (FileStatus match : matches) {
            collect(system, match, files);
        }
        for (FileStatus file : files) {
            // Hadoop takes the name of its checksum file for a URL, and says so in a stack trace.
            if ("file".equals(file.getPath().toUri().getScheme())
                    && file.getPath().getName().contains(":")) {
                throw new InputException(local(file.getPath().toString())
                        + ": Hadoop reads no local file with a colon in its name; rename it");
            }
        }
        if (files.isEmpty()) {
            throw new InputException(path + ": the folder holds no file; " + key + " takes a folder with data in it");
        }
        files.sort(Comparator.comparing(file -> file.getPath().toString()));
        return files;
    }

    private static FileSystem fileSystem(Path path, String key, Configuration hadoop) {
        try {
            return path.getFileSystem(hadoop);
        } catch (IOException e) {
            throw new InputException(
                    path + ": the file system cannot be reached (" + e.getMessage() + "); check " + key, e);
        }
    }

    private static void collect(FileSystem system, FileStatus status, List<FileStatus> files) throws IOException {
        if (status.isFile()) {
            files.add(status);
            return;
        }
        FileStatus[] children = system.listStatus(
                status.getPath(),
                child -> !child.getName().startsWith(".") && !child.getName().startsWith("_"));
        Arrays.sort(children, Comparator.comparing(child -> child.getPath().toString()));
        for (FileStatus child : children) {
            collect(system, child, files);
        }
    }

    /** The codec of a compressed file by its ending, or null. */
    static CompressionCodec codec(Path path, Configuration hadoop) {
        return new CompressionCodecFactory(hadoop).getCodec(path);
    }

    /** Opens a file, decompressed if its ending says so, at a position of its (decompressed) content. */
    static InputStream open(Path path, Configuration hadoop, long position) throws IOException {
        FSDataInputStream raw = path.getFileSystem(hadoop).open(path);
        CompressionCodec codec = codec(path, hadoop);
        if (codec == null) {
            raw.seek(position);
            return raw;
        }
        InputStream stream = codec.createInputStream(raw);
        try {
            stream.skipNBytes(position);
        } catch (EOFException e) {
            stream.close();
            throw e;
        }
        return stream;
    }

    /**
     * The number of the line, from 1, that begins at a byte offset. Reads the file up to there. A line ends as Hadoop says: with
     * a line feed, a carriage return, or both.
     */
    static long line(Path path, Configuration hadoop, long offset) throws IOException {
        long line = 1;
        int previous = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream stream = open(path, hadoop, 0)) {
            long left = offset;
            while (left > 0) {
                int count = stream.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    break;
                }
                for (int i = 0; i < count; i++) {
                    boolean isSecond = buffer[i] == '\n' && previous == '\r';
                    if ((buffer[i] == '\n' || buffer[i] == '\r') && !isSecond) {
                        line++;
                    }
                    previous = buffer[i];
                }
                left -= count;
            }
        }
        return line;
    }

    /** Where the line at a byte offset of a text file lies, for a person. */
    static String describeLine(String file, long offset, Configuration hadoop) throws IOException {
        return file + ", line " + line(new Path(file), hadoop, offset);
    }
}
