package dev.lockstep.data;

import dev.lockstep.InputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/** Files behind a path of a configuration, through Hadoop: a file, a folder, or a glob, on any file system. */
final class Files {
    private Files() {}

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

    /** The number of the line, from 1, that begins at a byte offset. Reads the file up to there. */
    static long line(Path path, Configuration hadoop, long offset) throws IOException {
        long line = 1;
        byte[] buffer = new byte[1 << 16];
        try (InputStream stream = open(path, hadoop, 0)) {
            long left = offset;
            while (left > 0) {
                int count = stream.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (count < 0) {
                    break;
                }
                for (int i = 0; i < count; i++) {
                    if (buffer[i] == '\n') {
                        line++;
                    }
                }
                left -= count;
            }
        }
        return line;
    }
}
